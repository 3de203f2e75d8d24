"""Compaction and retention: never what a pointer, a running job or a grant names."""

from datetime import timedelta

from haina.compute.lake import queries
from haina.compute.lake.contracts import Version, WriteMode
from haina.compute.lake.datasets import find_dataset, path_of, versions
from haina.compute.lake.durable import fsync_commit
from haina.compute.lake.writer import Draft, write
from haina.kernel import clock
from haina.kernel.database import forbid_transaction
from haina.kernel.jobs import JobContext

__all__ = ["compact", "sweep"]


def compact(context: JobContext, dataset: str, smallest_gain: int = 8) -> Version | None:
    """Rewrite many small files as few; a version of its own with the same rows. None if there is
    little to gain."""
    from deltalake import DeltaTable

    forbid_transaction("a compaction")
    with context.platform.database.read() as connection:
        found = find_dataset(connection, dataset)
    if found.current_version is None:
        return None
    path = path_of(context.platform, dataset)
    table = DeltaTable(str(path), version=found.current_version)
    if len(table.file_uris()) < smallest_gain:
        return None
    inputs = versions_inputs(context, dataset)
    with context.step("compact") as handle:
        return write(
            context,
            "compact",
            handle,
            Draft(dataset, WriteMode.REPLACE, lambda: _rows(table), inputs=inputs),
        )


def _rows(table: object) -> object:
    import pyarrow as pa

    dataset = table.to_pyarrow_dataset()  # type: ignore[attr-defined]
    return pa.RecordBatchReader.from_batches(dataset.schema, dataset.to_batches())


def versions_inputs(context: JobContext, dataset: str) -> tuple[tuple[str, int], ...]:
    with context.platform.database.read() as connection:
        return versions(connection, dataset, limit=1)[0].inputs


def sweep(context: JobContext, dataset: str, named: set[int]) -> int:
    """Remove files that only versions past retention need; the number of files removed.

    `named`: versions that running jobs or grants hold. The pointer's version always stays.
    """
    from deltalake import DeltaTable

    forbid_transaction("a sweep")
    edge = clock.now() - timedelta(days=context.platform.settings.retention_days)
    with context.platform.database.read() as connection:
        found = find_dataset(connection, dataset)
        kept = {
            one.version
            for one in versions(connection, dataset, limit=10_000)
            if one.at is not None and one.at >= edge
        }
    if found.current_version is None:
        return 0
    kept |= named | {found.current_version}
    with context.transaction() as connection:
        queries.mark_swept(connection, dataset, sorted(kept))
    path = path_of(context.platform, dataset)
    table = DeltaTable(str(path))
    gone = table.vacuum(
        retention_hours=0,
        dry_run=False,
        enforce_retention_duration=False,
        keep_versions=sorted(kept),
    )
    table.update_incremental()
    fsync_commit(path, table.version())
    return len(gone)
