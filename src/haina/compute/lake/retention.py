"""Compaction and retention: never what a pointer, a running job or a grant names."""

from collections.abc import Callable
from datetime import timedelta
from functools import partial
from typing import TYPE_CHECKING, Any

from sqlalchemy.engine import Connection

from haina.compute.lake import queries
from haina.compute.lake.contracts import LAKE_CONFLICT, Version, WriteMode
from haina.compute.lake.datasets import datasets, find_dataset, path_of, versions
from haina.compute.lake.durable import fsync_commit
from haina.compute.lake.recovery import first_come
from haina.compute.lake.writer import Draft, write
from haina.kernel import clock
from haina.kernel.database import forbid_transaction
from haina.kernel.errors import HainaError
from haina.kernel.jobs import JobContext, active_jobs

if TYPE_CHECKING:
    import pyarrow as pa
    from deltalake import DeltaTable


# What the lake's writer begins a new file at.
_FULL_BYTES = 100 * 1024 * 1024


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
    if _small_files(table) < smallest_gain:
        return None
    with context.platform.database.read() as connection:
        old = versions(connection, dataset, limit=1)[0]
    checks = {**old.checks, "same_as": found.content_version}
    step = f"compact {dataset}"
    with context.step(step) as handle:
        return write(
            context,
            step,
            handle,
            Draft(
                dataset,
                WriteMode.REPLACE,
                lambda: _rows(table),
                inputs=old.inputs,
                check=lambda _written: checks,
                upon=found.current_version,
            ),
        )


def _small_files(table: "DeltaTable") -> int:
    """Files that one file could hold together. A large table has many that are full: to write
    those again, every night, would gain nothing."""
    sizes = table.get_add_actions(flatten=True)["size_bytes"].to_pylist()
    return sum(size < _FULL_BYTES // 2 for size in sizes)


def _rows(table: "DeltaTable") -> "pa.RecordBatchReader":
    import pyarrow as pa

    dataset = table.to_pyarrow_dataset()
    return pa.RecordBatchReader.from_batches(dataset.schema, dataset.to_batches())


def sweep(context: JobContext, dataset: str, named: set[int]) -> int:
    """Remove files that only versions past retention need; the number of files removed.

    `named`: versions that running jobs or grants hold. The pointer's version always stays.
    """
    from deltalake import DeltaTable

    forbid_transaction("a sweep")
    # The table before the books: what another writer takes out of it from now on is not looked at.
    path = path_of(context.platform, dataset)
    table = DeltaTable(str(path)) if DeltaTable.is_deltatable(str(path)) else None
    edge = clock.now() - timedelta(days=context.platform.settings.retention_days)
    with context.platform.database.read() as connection:
        found = find_dataset(connection, dataset)
        kept = {
            one.version
            for one in versions(connection, dataset, limit=10_000)
            if one.at is not None and one.at >= edge
        }
    if table is None or found.current_version is None:
        return 0
    kept |= named | {found.current_version}
    with context.transaction() as connection:
        queries.mark_swept(connection, dataset, sorted(kept))
    with first_come(dataset):
        gone = table.vacuum(
            retention_hours=0,
            dry_run=False,
            enforce_retention_duration=False,
            keep_versions=sorted(kept),
        )
    table.update_incremental()
    fsync_commit(path, table.version())
    return len(gone)


def tidy(context: JobContext) -> dict[str, Any]:
    """The nightly job: compact what is in many pieces, remove what is past retention."""
    with context.platform.database.read() as connection:
        names = [one.name for one in datasets(connection) if one.current_version is not None]
        named = _in_use(connection)
    compacted = removed = 0
    for place, name in enumerate(names):
        context.progress(place / len(names), name)
        compacted += _alone(partial(_compacted, context, name))
        removed += _alone(partial(sweep, context, name, named.get(name, set())))
    return {"datasets": len(names), "compacted": compacted, "files_removed": removed}


def _compacted(context: JobContext, dataset: str) -> bool:
    return compact(context, dataset) is not None


def _alone(act: Callable[[], int]) -> int:
    """What came of it; 0 when another writer is at it: it will be tried again tomorrow."""
    try:
        return act()
    except HainaError as error:
        if error.kind is not LAKE_CONFLICT:
            raise
        return 0


def _in_use(connection: Connection) -> dict[str, set[int]]:
    """The versions that waiting and running jobs were given to read."""
    named: dict[str, set[int]] = {}
    for job in active_jobs(connection):
        for dataset, version in (job.payload.get("inputs") or {}).items():
            named.setdefault(dataset, set()).add(version)
    return named
