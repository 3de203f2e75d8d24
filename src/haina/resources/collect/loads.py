"""A load: rows of a source table into `ods`, reconciled with the source before anyone reads them.

While the source's snapshot is open its control (count, hash of keys, watermark) and the bad rows
are written down, just before the lake commits; so an attempt that dies after the commit can be
taken over without asking the source again.
"""

from contextlib import ExitStack
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sqlalchemy.engine import Connection

from haina.compute import lake
from haina.kernel import clock
from haina.kernel.errors import kind
from haina.kernel.jobs import JobContext, NewJob, enqueue
from haina.kernel.jobs.context import StepHandle
from haina.resources.collect import kinds, queries
from haina.resources.collect.sources import (
    Source,
    Table,
    find_source,
    find_table,
    list_tables,
    open_connection,
)
from haina.resources.collect.stream import RUN, LoadStream

if TYPE_CHECKING:
    import pyarrow as pa

LOAD = "collect.load"
LOAD_SOURCE = "collect.load_source"

NOT_RECONCILED = kind(
    "not_reconciled",
    502,
    "入湖的行与数据源对不上",
    "数据源可能正在变动;稍后重试,仍不符请查看对账。",
)
COLUMN_GONE = kind(
    "source_column_gone", 422, "数据源少了声明过的列", "请与部门核对表结构,再修改该表的声明。"
)


def request_load(
    connection: Connection, table: Table, cause: str, *, batch: str | None = None
) -> str | None:
    """Queue a load in the caller's transaction; None when one already waits."""
    return enqueue(
        connection,
        NewJob(
            LOAD,
            f"采集 {table.spec.title}",
            {"table": table.name},
            cause=cause,
            lock=f"dataset:{table.spec.ods}",
            dedupe=f"{LOAD}:{table.name}",
            subject=table.spec.ods,
            batch=batch,
            priority=50,
        ),
    )


def load_source(context: JobContext) -> dict[str, Any]:
    """The job of a source's schedule: payload {source}; queues a load of each of its tables."""
    with context.transaction() as connection:
        tables = list_tables(connection, context.payload["source"])
        jobs = [
            request_load(connection, table, context.job.cause, batch=context.job.batch)
            for table in tables
        ]
    return {"loads": sum(job is not None for job in jobs)}


def load_table(context: JobContext) -> dict[str, Any]:
    """The job: payload {table}. Its result counts rows, bad rows, and says the version."""
    with context.platform.database.read() as connection:
        table = find_table(connection, context.payload["table"])
        source = find_source(connection, table.source)
    with context.step("load") as handle:
        return _Load(context, source, table, handle).run()


class _Load:
    """One attempt at a load."""

    def __init__(
        self, context: JobContext, source: Source, table: Table, handle: StepHandle
    ) -> None:
        self.context = context
        self.source = source
        self.table = table
        self.spec = table.spec
        self.handle = handle
        self.moment = clock.now()
        self.incremental = self.spec.mode == "incremental" and table.watermark is not None

    def run(self) -> dict[str, Any]:
        with ExitStack() as stack:
            draft = lake.Draft(
                self.spec.ods,
                self._mode(),
                lambda: self._read(stack),
                merge_key=self.spec.key,
                check=self._reconcile,
                publish=self._publish,
            )
            version = lake.write(self.context, "load", self.handle, draft)
        load = version.checks
        self.context.log(f"入湖 {load['rows']:,} 行,隔离 {load['rejected']:,} 行,对账相符")
        return {"version": version.version, **load}

    def _mode(self) -> lake.WriteMode:
        return lake.WriteMode.MERGE if self.incremental else lake.WriteMode.REPLACE

    def _read(self, stack: ExitStack) -> "pa.RecordBatchReader":
        kind_ = kinds.get(self.source.kind)
        connection = open_connection(self.context.platform, self.source)
        context = kinds.ReadContext(self.context.platform.settings)
        table = self._source_table(kind_, connection, context)
        since = None
        if self.spec.mode == "incremental" and self.spec.watermark:
            since = kinds.Watermark(self.spec.watermark, self.table.watermark)
        reading = stack.enter_context(
            kind_.read(
                connection, table, context=context, columns=list(self.spec.columns), since=since
            )
        )
        self.context.log(f"从「{self.source.title}」读取 {self.spec.from_}")
        new = LoadStream(
            self.context,
            reading,
            self.moment,
            lambda: self._note(reading, new),
            table.estimated_rows,
            self.spec.key if self.incremental else (),
        )
        return new.reader()

    def _source_table(
        self, kind_: kinds.Kind, connection: Any, context: kinds.ReadContext
    ) -> kinds.SourceTable:
        found = next(
            (one for one in kind_.discover(connection, context) if one.name == self.spec.from_),
            None,
        )
        if found is None:
            raise COLUMN_GONE(
                f"数据源「{self.source.title}」中没有表 {self.spec.from_}", field=self.spec.from_
            )
        if not found.columns:
            raise COLUMN_GONE(
                f"读不懂 {self.spec.from_}:{found.comment or '没有列'}", field=self.spec.from_
            )
        lost = [name for name in self.spec.columns if name not in {c.name for c in found.columns}]
        if lost:
            raise COLUMN_GONE(f"表 {self.spec.from_} 少了列:{'、'.join(lost)}", field=lost[0])
        return kinds.SourceTable(
            found.name, found.columns, self.spec.key, found.comment, found.estimated_rows
        )

    def _note(self, reading: kinds.Reading, stream: LoadStream) -> None:
        """At the end of the source's rows, before the lake commits."""
        control = reading.control()
        job = self.context.job.id
        rows = [
            {
                **asdict(reject),
                "table": self.table.name,
                "job": job,
                "state": "pending",
                "at": self.moment,
            }
            for reject in [*reading.rejects, *stream.superseded]
        ]
        self.handle.output = {"control": asdict(control), "at": self.moment.isoformat()}
        with self.context.transaction() as connection:
            queries.clear_quarantine(connection, job)
            queries.add_quarantine(connection, rows)
            self.context.finish_step(connection, "load", self.handle, "running")

    def _control(self) -> kinds.Control:
        output = self.handle.output or self._noted()
        return kinds.Control(**output["control"])

    def _noted(self) -> dict[str, Any]:
        """What an earlier attempt wrote down, when its commit is adopted."""
        from haina.kernel.jobs import steps_of

        with self.context.platform.database.read() as connection:
            steps = {step.name: step for step in steps_of(connection, self.context.job.id)}
        self.handle.output = steps["load"].output or {}
        return self.handle.output

    def _reconcile(self, written: lake.Written) -> dict[str, Any]:
        """Count and hash what lies in the lake against what the source said of its snapshot."""
        control = self._control()
        with self.context.platform.database.read() as connection:
            rejected = queries.hashes_of(connection, self.context.job.id)
        rows, lake_hash = self._in_lake(written.version)
        both = kinds.add_hashes(lake_hash, *rejected)
        readable = all(one is not None for one in rejected)
        agrees = rows + len(rejected) == control.rows and (
            both == control.key_hash or not readable or not control.key_hash
        )
        found: dict[str, Any] = {
            "rows": rows,
            "rejected": len(rejected),
            "source_rows": control.rows,
            "source_hash": control.key_hash,
            "lake_hash": both,
            "agrees": agrees,
        }
        if not agrees:
            raise NOT_RECONCILED(
                f"数据源说有 {control.rows:,} 行,入湖 {rows:,} 行、隔离 {len(rejected):,} 行;"
                "行数或主键校验不符",
                field=self.table.name,
                **found,
            )
        return found

    def _in_lake(self, version: int) -> tuple[int, str]:
        path = lake.path_of(self.context.platform, self.spec.ods)
        counted = _Counter()
        batches = counted.through(_added(path, version, list(self.spec.key), self.context.job.id))
        found = kinds.key_hash_of(batches, list(self.spec.key))
        return counted.rows, found

    def _publish(self, connection: Connection, version: lake.Version) -> None:
        control = self._control()
        found = version.checks
        queries.open_quarantine(
            connection, self.table.name, self.context.job.id, replaces=not self.incremental
        )
        queries.insert_load(
            connection,
            {
                "job": self.context.job.id,
                "table": self.table.name,
                "version": version.version,
                "mode": "incremental" if self.incremental else "full",
                "at": self.moment,
                "watermark_from": self.table.watermark,
                "watermark_to": control.watermark,
                **found,
            },
        )
        self.handle.rows_in, self.handle.rows_out = found["source_rows"], found["rows"]
        if self.spec.mode == "incremental":
            queries.set_watermark(connection, self.table.name, control.watermark)


class _Counter:
    def __init__(self) -> None:
        self.rows = 0

    def through(self, batches: Any) -> Any:
        for batch in batches:
            self.rows += batch.num_rows
            yield batch


def _added(path: Path, version: int, key: list[str], run: str) -> Any:
    """The key columns of the rows that this run brought, from the files that its commit added
    (a merge also rewrites older rows into them, and writes text as views, which Arrow's functions
    do not all know)."""
    from urllib.parse import unquote

    import pyarrow.compute as pc
    import pyarrow.parquet as pq

    for action in lake.commit_actions(path, version):
        if "add" in action:
            with pq.ParquetFile(path / unquote(action["add"]["path"])) as file:
                for viewed in file.iter_batches(columns=[*key, RUN]):
                    batch = viewed.cast(_without_views(viewed.schema))
                    yield batch.filter(pc.equal(batch.column(RUN), run))


def _without_views(schema: "pa.Schema") -> "pa.Schema":
    import pyarrow as pa

    plain = {pa.string_view(): pa.string(), pa.binary_view(): pa.binary()}
    return pa.schema([field.with_type(plain.get(field.type, field.type)) for field in schema])
