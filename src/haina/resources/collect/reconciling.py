"""Reconciliation: what lies in the lake against what the source said of the same rows."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import unquote

from haina.compute import lake
from haina.kernel.errors import kind
from haina.kernel.jobs import JobContext
from haina.resources.collect import kinds
from haina.resources.collect.sources import Table
from haina.resources.collect.statements import Statement, compare, refuse
from haina.resources.collect.stream import RUN
from haina.resources.specs import TableSpec

if TYPE_CHECKING:
    import pyarrow as pa

NOT_RECONCILED = kind(
    "not_reconciled",
    502,
    "入湖的行与数据源对不上",
    "数据源可能正在变动;稍后重试,仍不符请查看对账。",
)


@dataclass(frozen=True)
class Noted:
    """What was written down when the source's rows had ended and its snapshot was still open.

    `streamed`: rows that went to the lake, `mended` of them put by people in the place of bad
    ones; each with the hash of its keys.
    """

    control: kinds.Control
    at: str
    streamed: int
    streamed_hash: str
    mended: int
    mended_hash: str
    statement: dict[str, Any] | None = None
    sums: dict[str, str] = field(default_factory=dict)
    shape: dict[str, Any] = field(default_factory=dict)
    slices: int = 0

    @classmethod
    def of(cls, output: dict[str, Any]) -> "Noted":
        return cls(**{**output, "control": kinds.Control(**output["control"])})


@dataclass(frozen=True)
class InLake:
    rows: int
    key_hash: str


def in_lake(
    context: JobContext, spec: TableSpec, written: lake.Written, mode: lake.WriteMode
) -> InLake:
    """Count and hash by reading back: the rows of this run, or all rows after a comparison."""
    path = lake.path_of(context.platform, spec.ods)
    run = None if mode is lake.WriteMode.COMPARE else context.job.id
    counted = _Counter()
    batches = counted.through(_keys(path, written.version, list(spec.key), run))
    key_hash = kinds.key_hash_of(batches, list(spec.key))
    return InLake(counted.rows, key_hash)


def reconcile(
    table: Table,
    noted: Noted,
    written: lake.Written,
    mode: lake.WriteMode,
    found: InLake,
    hashes: Sequence[str | None],
) -> dict[str, Any]:
    """The result that is kept. Raises HainaError(not_reconciled, not_as_stated)."""
    control = noted.control
    rejected = len(hashes) - noted.mended
    in_hand = found
    arrived = True
    if mode is lake.WriteMode.INSERT:
        # Keys that lay there already were left alone: what went in is compared with the source,
        # and the lake with what the merge says it inserted.
        in_hand = InLake(noted.streamed, noted.streamed_hash)
        arrived = found.rows == written.changes.get("inserted", 0)
    both = kinds.add_hashes(kinds.minus_hash(in_hand.key_hash, noted.mended_hash), *hashes)
    readable = all(one is not None for one in hashes)
    agrees = (
        arrived
        and in_hand.rows + rejected == control.rows
        and (both == control.key_hash or not readable or not control.key_hash)
    )
    stated = None if noted.statement is None else Statement(**noted.statement)
    statement = compare(stated, control.rows, rejected, noted.sums)
    result: dict[str, Any] = {
        "rows": in_hand.rows,
        "rejected": rejected,
        "mended": noted.mended,
        "source_rows": control.rows,
        "source_hash": control.key_hash,
        "lake_hash": both,
        "changes": written.changes,
        "statement": statement,
        "agrees": agrees,
    }
    if not agrees:
        raise NOT_RECONCILED(
            f"数据源说有 {control.rows:,} 行,入湖 {in_hand.rows:,} 行、隔离 {rejected:,} 行;"
            "行数或主键校验不符",
            field=table.name,
            **result,
        )
    refuse(statement)
    return result


class _Counter:
    def __init__(self) -> None:
        self.rows = 0

    def through(self, batches: "Iterator[pa.RecordBatch]") -> "Iterator[pa.RecordBatch]":
        for batch in batches:
            self.rows += batch.num_rows
            yield batch


def _keys(path: Path, version: int, key: list[str], run: str | None) -> "Iterator[pa.RecordBatch]":
    """The key columns of the rows that a run brought, from the files that its commit added (a
    merge also rewrites older rows into them, and writes text as views, which Arrow's functions do
    not all know); without a run, of all rows of the version."""
    import pyarrow.compute as pc
    import pyarrow.parquet as pq

    for name in _files(path, version, added=run is not None):
        with pq.ParquetFile(name) as file:
            for viewed in file.iter_batches(columns=[*key, *([RUN] if run else [])]):
                batch = viewed.cast(_without_views(viewed.schema))
                yield batch.filter(pc.equal(batch.column(RUN), run)) if run else batch


def _files(path: Path, version: int, *, added: bool) -> list[Path]:
    if added:
        actions = lake.commit_actions(path, version)
        return [path / unquote(one["add"]["path"]) for one in actions if "add" in one]
    return [path / name for name in lake.file_names(path, version)]


def _without_views(schema: "pa.Schema") -> "pa.Schema":
    import pyarrow as pa

    plain = {pa.string_view(): pa.string(), pa.binary_view(): pa.binary()}
    return pa.schema([pa.field(one.name, plain.get(one.type, one.type)) for one in schema])
