"""The one way to write a dataset (design §4, What is true).

files → Delta commit that carries job, step and inputs, with the step as application transaction
and no retries → fsync → strong checks → one database transaction that moves the pointer.
A step whose commit is already in the log is adopted, unless the machine was started anew since (of
a commit that nobody acknowledged a power cut may have kept half); what is refused is undone; one
whose version is current already is left as it is.
"""

import os
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sqlalchemy.engine import Connection

from haina.compute.lake import queries
from haina.compute.lake.contracts import Version, WriteMode, Written, too_late
from haina.compute.lake.datasets import find_dataset, path_of
from haina.compute.lake.durable import commit_actions, fold, fsync_commit
from haina.compute.lake.recovery import boot, first_come, opened, undo
from haina.kernel import clock, outbox
from haina.kernel.database import forbid_transaction
from haina.kernel.errors import HainaError
from haina.kernel.jobs import JobContext
from haina.kernel.jobs.context import StepHandle

if TYPE_CHECKING:
    import pyarrow as pa
    from deltalake import CommitProperties, DeltaTable, WriterProperties

Publish = Callable[[Connection, Version], None]
"""Further rows of the transaction that moves the pointer: lineage, results, quarantine."""

_CHECKPOINT_EVERY = 20
# What a write holds is what waits in it: the packed pages of a row group, and batches on their way
# to the files, of which the lake's library would keep ten. Rows a group: what engines read at once,
# and fewer of a wide table.
_GROUP_ROWS = 122_880
_GROUP_CELLS = 1_000_000
# A dictionary pays where values repeat; of a column where they do not it is given up early, before
# it has cost a third of the time of a load and as much memory.
_DICTIONARY_BYTES = 32 * 1024
os.environ.setdefault("DELTARS_WRITER_BATCH_CHANNEL_SIZE", "1")


@dataclass(frozen=True)
class Draft:
    """What to write. `reader` is called only if the step's commit is not in the log yet.

    `check` runs after the commit is durable and before anyone can read it; raising refuses it.
    `upon`: the version that the rows were computed from, where they replace it: the write is late
    when another has become current since.
    """

    dataset: str
    mode: WriteMode
    reader: "Callable[[], pa.RecordBatchReader]"
    inputs: Sequence[tuple[str, int]] = ()
    merge_key: Sequence[str] = ()
    check: Callable[[Written], dict[str, Any]] | None = None
    publish: Publish | None = None
    notes: dict[str, str] = field(default_factory=dict)
    upon: int | None = None


def write(context: JobContext, step: str, handle: StepHandle, draft: Draft) -> Version:
    """Write one version and make it current. Raises HainaError(lake_conflict) when another writer
    was faster, and whatever `draft.check` raises."""
    forbid_transaction("a write to the lake")
    path = path_of(context.platform, draft.dataset)
    with context.platform.database.read() as connection:
        pointer = find_dataset(connection, draft.dataset).current_version
        earlier = queries.versions_by(connection, draft.dataset, context.job.id)
    published = _published(context, path, step, earlier)
    if published is not None:
        handle.rows_out = _rows_added(commit_actions(path, published.version))
        return published
    if draft.upon not in (None, pointer):
        raise too_late(draft.dataset)
    with first_come(draft.dataset):
        table, found = _open(context, draft.dataset, step, pointer)
        checks = None if found is None else _adopted(context, table, path, pointer, found, draft)
        if found is None or checks is None:
            found = _commit(context, table, path, step, draft)
            checks = _checked(draft, found)
    written = found
    version = Version(
        draft.dataset,
        written.version,
        context.job.id,
        written.rows,
        written.bytes,
        tuple(draft.inputs),
        written.schema,
        checks,
        clock.now(),
    )
    handle.rows_out = written.rows_added
    with context.transaction() as connection:
        _publish(context, connection, pointer, version, draft)
        context.finish_step(connection, step, handle)
    _maybe_checkpoint(context, path, written.version)
    return version


def _published(
    context: JobContext, path: Path, step: str, earlier: Sequence[Version]
) -> Version | None:
    """What an earlier attempt at this step made current, and was ended before it could say so: to
    write it once more would append its rows twice."""
    for version in earlier:
        notes = _notes_of(commit_actions(path, version.version))
        if notes.get("haina.step") == _transaction(context, step):
            return version
    return None


def _checked(draft: Draft, written: Written) -> dict[str, Any]:
    return draft.check(written) if draft.check is not None else {}


def _adopted(
    context: JobContext,
    table: "DeltaTable | None",
    path: Path,
    pointer: int | None,
    found: Written,
    draft: Draft,
) -> dict[str, Any] | None:
    """The checks of a commit to adopt; None when they refuse it. Then it is undone, for a retry
    must look at its sources anew and not be refused for ever by what it once wrote."""
    try:
        return _checked(draft, found)
    except HainaError:
        context.check()
        with context.transaction():
            pass  # only the present holder may undo
        assert table is not None
        undo(table, path, pointer)
        return None


def _publish(
    context: JobContext,
    connection: Connection,
    pointer: int | None,
    version: Version,
    draft: Draft,
) -> None:
    if not queries.move_pointer(connection, draft.dataset, pointer, version):
        raise too_late(draft.dataset)
    if draft.publish is not None:
        draft.publish(connection, version)
    outbox.publish(
        connection,
        "version.published",
        {
            "dataset": draft.dataset,
            "version": version.version,
            "job": context.job.id,
            "batch": context.job.batch,
        },
    )


def _open(
    context: JobContext, dataset: str, step: str, pointer: int | None
) -> "tuple[DeltaTable | None, Written | None]":
    """The table, brought back to its pointer, or the commit of this step to adopt."""
    from deltalake.exceptions import DeltaError

    path = path_of(context.platform, dataset)
    table = opened(path, pointer)
    if table is None or table.version() == (-1 if pointer is None else pointer):
        return table, None
    notes = _notes_of(commit_actions(path, table.version()))
    if notes == {"haina.step": _transaction(context, step), "haina.boot": boot()}:
        fsync_commit(path, table.version())
        return table, _written(table, path)
    try:
        undo(table, path, pointer)
    except DeltaError as error:
        # Others have moved the pointer since it was read, and the files of ours are swept.
        if _pointer(context, dataset) != pointer:
            raise too_late(dataset) from error
        raise
    return table, None


def _pointer(context: JobContext, dataset: str) -> int | None:
    with context.platform.database.read() as connection:
        return find_dataset(connection, dataset).current_version


def _commit(
    context: JobContext, table: "DeltaTable | None", path: Path, step: str, draft: Draft
) -> Written:
    reader, broken = _watched(draft.reader())
    context.check()
    try:
        table = _write_files(context, table, path, step, draft, reader)
    except Exception:
        if broken:  # the lake's writer only knows that its input broke; this is why
            raise broken[0] from None
        raise
    fsync_commit(path, table.version())
    return _written(table, path)


def _watched(
    reader: "pa.RecordBatchReader",
) -> "tuple[pa.RecordBatchReader, list[Exception]]":
    """The same rows, and the exception that ended them, if one did."""
    import pyarrow as pa

    broken: list[Exception] = []

    def batches() -> "Iterator[pa.RecordBatch]":
        try:
            yield from reader
        except Exception as error:
            broken.append(error)
            raise

    return pa.RecordBatchReader.from_batches(reader.schema, batches()), broken


def _write_files(
    context: JobContext,
    table: "DeltaTable | None",
    path: Path,
    step: str,
    draft: Draft,
    reader: "pa.RecordBatchReader",
) -> "DeltaTable":
    """The table at the version that was written: never looked up again, for by now another writer
    may have added to it."""
    from deltalake import CommitProperties, Transaction, WriterProperties, write_deltalake

    name = _transaction(context, step)
    properties = CommitProperties(
        custom_metadata={
            "haina.step": name,
            "haina.fence": str(context.job.fence),
            "haina.boot": boot(),
            **draft.notes,
        },
        max_commit_retries=0,
        app_transactions=[Transaction(name, context.job.fence)],
    )
    writer = WriterProperties(
        compression="ZSTD",
        max_row_group_size=_group_rows(len(reader.schema)),
        dictionary_page_size_limit=_DICTIONARY_BYTES,
    )
    if table is None:
        table = _create(path, reader)
    if draft.mode.by_key:
        before, schema = table.version(), reader.schema
        _merge(table, reader, draft, properties, writer)
        if table.version() > before:
            return table
        # A merge of no rows commits nothing, but a load that brought nothing is news too: an
        # empty append carries its transaction.
        draft = replace(draft, mode=WriteMode.APPEND)
        reader = schema.empty_table().to_reader()
    overwrite = draft.mode is WriteMode.REPLACE
    write_deltalake(
        table,
        reader,
        mode="overwrite" if overwrite else "append",
        schema_mode="overwrite" if overwrite else "merge",
        commit_properties=properties,
        writer_properties=writer,
    )
    return table


def _group_rows(columns: int) -> int:
    return max(1, min(_GROUP_ROWS, _GROUP_CELLS // max(1, columns)))


def _merge(
    table: "DeltaTable",
    reader: "pa.RecordBatchReader",
    draft: Draft,
    properties: "CommitProperties",
    writer: "WriterProperties",
) -> None:
    """One commit that merges by key. For COMPARE, columns that start with `_` say where a row came
    from and are no part of what is compared."""
    merger = table.merge(
        reader,
        _on(draft.merge_key),
        source_alias="s",
        target_alias="t",
        commit_properties=properties,
        writer_properties=writer,
        merge_schema=True,
    )
    if draft.mode is WriteMode.MERGE:
        merger = merger.when_matched_update_all()
    if draft.mode is WriteMode.COMPARE:
        known = {field.name for field in table.schema().fields}
        differs = _differs([name for name in reader.schema.names if name in known], draft.merge_key)
        merger = merger.when_matched_update_all(predicate=differs)
        merger = merger.when_not_matched_by_source_delete()
    merger.when_not_matched_insert_all().execute()


def _differs(columns: Sequence[str], key: Sequence[str]) -> str:
    compared = [name for name in columns if name not in key and not name.startswith("_")]
    # Parenthesised: the lake's parser binds OR closer than IS DISTINCT FROM.
    parts = [f'(s."{name}" IS DISTINCT FROM t."{name}")' for name in compared]
    return " OR ".join(parts) or "false"


def _create(path: Path, reader: "pa.RecordBatchReader") -> "DeltaTable":
    from deltalake import DeltaTable

    table = DeltaTable.create(
        str(path),
        schema=reader.schema,
        mode="ignore",
        configuration={
            "delta.logRetentionDuration": "interval 3650 days",
            "delta.enableExpiredLogCleanup": "false",
        },
    )
    fsync_commit(path, 0)
    return table


def _on(key: Sequence[str]) -> str:
    return " AND ".join(f't."{name}" = s."{name}"' for name in key)


def _written(table: "DeltaTable", path: Path) -> Written:
    version = table.version()
    actions = commit_actions(path, version)
    added = _rows_added(actions)
    total, size = _totals(table)
    fields = table.schema().fields
    schema = tuple(
        (field.name, str(field.type.type) if hasattr(field.type, "type") else str(field.type))
        for field in fields
    )
    return Written(version, added, total, size, schema, _changes_of(actions))


def _changes_of(actions: list[dict[str, Any]]) -> dict[str, int]:
    found: dict[str, Any] = next(
        (action["commitInfo"] for action in actions if "commitInfo" in action), {}
    )
    metrics = found.get("operationMetrics") or {}
    names = {name: f"num_target_rows_{name}" for name in ("inserted", "updated", "deleted")}
    return {name: int(metrics[key]) for name, key in names.items() if key in metrics}


def _totals(table: "DeltaTable") -> tuple[int, int]:
    import pyarrow as pa

    actions = pa.table(table.get_add_actions(flatten=True))
    rows = sum(value or 0 for value in actions.column("num_records").to_pylist())
    return rows, sum(actions.column("size_bytes").to_pylist())


def _rows_added(actions: list[dict[str, Any]]) -> int:
    return sum(json_rows(action["add"]) for action in actions if "add" in action)


def json_rows(add: dict[str, Any]) -> int:
    """The rows of an `add` action, from its statistics."""
    import json

    stats = add.get("stats")
    return int(json.loads(stats).get("numRecords", 0)) if stats else 0


def _transaction(context: JobContext, step: str) -> str:
    return f"{context.job.id}:{step}"


def _notes_of(actions: list[dict[str, Any]]) -> dict[str, str]:
    """Which step wrote a commit, on which start of the machine."""
    for action in actions:
        if "commitInfo" in action:
            found = action["commitInfo"]
            return {name: str(found.get(name)) for name in ("haina.step", "haina.boot")}
    return {}


def _maybe_checkpoint(context: JobContext, path: Path, version: int) -> None:
    """Log entries are folded now and then, so that opening a table stays cheap. The version is
    published already: what goes wrong here is no failure of its job."""
    if version and version % _CHECKPOINT_EVERY == 0:
        try:
            fold(path)
        except Exception as error:  # noqa: BLE001 — the twentieth version from now folds again
            context.log(f"湖表日志没有折叠({error}),不影响数据", "warning")
