"""A load: rows of a source table into `ods`, reconciled with the source before anyone reads them.

While the source's snapshot is open its control (count, hash of keys, watermark) and the bad rows
are written down, just before the lake commits; so an attempt that dies after the commit can be
taken over without asking the source again.
"""

from collections.abc import Sequence
from contextlib import ExitStack
from dataclasses import asdict
from typing import TYPE_CHECKING, Any

from sqlalchemy.engine import Connection

from haina.compute import lake
from haina.kernel import clock
from haina.kernel.errors import HainaError
from haina.kernel.jobs import JobContext, Postponed
from haina.kernel.jobs.context import StepHandle
from haina.resources.collect import (
    deliveries,
    delivery_queries,
    drift,
    kinds,
    quarantine_queries,
    queries,
    slices,
)
from haina.resources.collect.kinds.errors import TOO_MANY_BAD_ROWS
from haina.resources.collect.mending import Mender
from haina.resources.collect.origins import DeliveryOrigin, MendOrigin, Origin, SourceOrigin
from haina.resources.collect.pace import opens_at
from haina.resources.collect.quarantine import records
from haina.resources.collect.reconciling import Noted, in_lake, reconcile
from haina.resources.collect.requests import request_load
from haina.resources.collect.sources import Source, Table, find_source, find_table, list_tables
from haina.resources.collect.statements import Statement, Sums
from haina.resources.collect.stream import LoadStream
from haina.resources.collect.watermarks import less

if TYPE_CHECKING:
    import pyarrow as pa

# Of a load that was refused as a whole, so many bad rows are kept to be looked at.
_SHOWN_BAD = 200


def load_source(context: JobContext) -> dict[str, Any]:
    """The job of a source's schedule: payload {source}; queues a load of each of its tables, or
    takes in what lies in its inbox."""
    from haina.resources.collect.inbox import take_in

    with context.platform.database.read() as connection:
        source = find_source(connection, context.payload["source"])
    if source.inbox:
        return take_in(context, source)
    with context.transaction() as connection:
        tables = list_tables(connection, source.name)
        jobs = [
            request_load(connection, table, context.job.cause, batch=context.job.batch)
            for table in tables
        ]
    return {"loads": sum(job is not None for job in jobs)}


def load_table(context: JobContext) -> dict[str, Any]:
    """The job: payload {table} or {table, delivery}. Its result counts rows, bad rows, and says
    the version."""
    source, table = _subject(context)
    delivery = context.payload.get("delivery")
    try:
        return _Load(context, source, table, _origin(context, source, table)).run()
    except HainaError as error:
        if delivery is not None and error.status < 500:
            _refuse_delivery(context, delivery, error)
        raise


def mend_rows(context: JobContext) -> dict[str, Any]:
    """The job: payload {table}; takes the mended rows of its quarantine in."""
    source, table = _subject(context)
    origin = MendOrigin(context, table)
    if not origin.rows and context.done_step("load") is None:
        return {"rows": 0}
    try:
        return _Load(context, source, table, origin).run()
    except HainaError as error:
        if error.status < 500:
            _take_back(context, [row.id for row in origin.rows])
        raise


def _take_back(context: JobContext, rows: Sequence[int]) -> None:
    """Mended rows whose load was refused wait for their steward again."""
    with context.transaction() as connection:
        quarantine_queries.set_state(connection, rows, "open")


def _subject(context: JobContext) -> tuple[Source, Table]:
    with context.platform.database.read() as connection:
        table = find_table(connection, context.payload["table"])
        return find_source(connection, table.source), table


def _origin(context: JobContext, source: Source, table: Table) -> Origin:
    wanted = context.payload.get("delivery")
    if wanted is not None:
        with context.platform.database.read() as connection:
            delivery = deliveries.find_delivery(connection, wanted)
        return DeliveryOrigin(context, source, table, delivery)
    opening = opens_at(source.window, clock.now())
    if opening is not None:
        raise Postponed(
            opening, f"不在数据源允许的时段({source.window})内,{opening:%m-%d %H:%M} 再读"
        )
    return SourceOrigin(context, source, table, _since(table))


def _since(table: Table) -> kinds.Watermark | None:
    spec = table.spec
    if spec.mode != "incremental" or spec.watermark is None:
        return None
    mark = table.watermark
    return kinds.Watermark(spec.watermark, less(mark, spec.overlap) if mark else None)


def _refuse_delivery(context: JobContext, delivery: str, error: HainaError) -> None:
    with context.transaction() as connection:
        delivery_queries.change(
            connection, delivery, state="refused", message=error.message, job=context.job.id
        )


class _Load:
    """One attempt at a load."""

    def __init__(self, context: JobContext, source: Source, table: Table, origin: Origin) -> None:
        self.context = context
        self.source = source
        self.table = table
        self.spec = table.spec
        self.origin = origin
        self.moment = clock.now()
        self.handle = StepHandle()
        self.stream: LoadStream | None = None
        self.shape: dict[str, Any] = dict(table.shape or {})

    def run(self) -> dict[str, Any]:
        taken: kinds.SourceTable | None = None
        if self._noted() is None:
            taken = self._examined()
        with self.context.step("load") as self.handle, ExitStack() as stack:
            mode = self._mode(taken)
            draft = lake.Draft(
                self.spec.ods,
                mode,
                lambda: self._read(stack, taken or self._examined(), mode),
                merge_key=self.spec.key,
                check=lambda written: self._reconcile(written, mode),
                publish=self._publish,
            )
            version = lake.write(self.context, "load", self.handle, draft)
        slices.clear(self.context.platform, self.context.job.id)
        found = version.checks
        self.context.log(f"入湖 {found['rows']:,} 行,隔离 {found['rejected']:,} 行,对账相符")
        return {"version": version.version, **found}

    def _mode(self, taken: kinds.SourceTable | None) -> lake.WriteMode:
        """How rows get in. Columns that a comparison does not know yet make it a replacement."""
        way, first = self.spec.way, self._is_first()
        if self.origin.mode == "mend":
            return lake.WriteMode.MERGE
        if way == "replace" or (first and way != "append"):
            return lake.WriteMode.REPLACE
        if way == "compare":
            known = set(self.table.shape or {})
            new = taken is not None and any(one.name not in known for one in taken.columns)
            return lake.WriteMode.REPLACE if new else lake.WriteMode.COMPARE
        if way == "append":
            again = self.spec.mode == "incremental" and self.origin.mode != "delivery"
            return lake.WriteMode.INSERT if again and not first else lake.WriteMode.APPEND
        return lake.WriteMode.MERGE

    def _is_first(self) -> bool:
        """Nothing lies in the lake yet: only then may rows of other batches not be missed."""
        with self.context.platform.database.read() as connection:
            return lake.find_dataset(connection, self.spec.ods).current_version is None

    def _examined(self) -> kinds.SourceTable:
        """Look at the columns first, and write down what changed before anything depends on it."""
        found = self.origin.found()
        if self.origin.mode == "mend":
            return found
        shape = self.table.shape
        changes = drift.fresh(drift.differences(shape, found), shape)
        frozen = self.spec.drift == "freeze" and bool(self._unconfirmed(changes))
        if frozen or (changes and self.spec.drift == "evolve"):
            self._note_drift(changes, "open" if frozen else "noted")
        taken = drift.read_as(self.spec, shape, found)
        if frozen:
            words = ";".join(one.advice for one in changes[:5])
            raise drift.DRIFTED(f"表 {self.spec.from_} 的列变了:{words}", field=self.spec.from_)
        self.shape = drift.shape_of(self.spec, shape, found, taken)
        return taken

    def _unconfirmed(self, changes: Sequence[drift.Drift]) -> list[drift.Drift]:
        """Without the very changes that the steward has confirmed."""
        with self.context.platform.database.read() as connection:
            confirmed = queries.confirmed_drift(connection, self.table.name)
        return [one for one in changes if (one.change, one.column, one.now) not in confirmed]

    def _note_drift(self, changes: Sequence[drift.Drift], state: str) -> None:
        for one in changes:
            self.context.log(one.advice, "warning")
        with self.context.transaction() as connection:
            drift.note(
                connection, self.table.name, self.context.job.id, self.moment, changes, state
            )

    def _read(
        self, stack: ExitStack, taken: kinds.SourceTable, mode: lake.WriteMode
    ) -> "pa.RecordBatchReader":
        self.context.log(self.origin.words)
        stated = self.origin.stated()
        reading = stack.enter_context(self.origin.read(taken))
        mender = Mender(self.context.platform, self.spec, taken)
        self.stream = LoadStream(
            self.context,
            reading,
            self.moment,
            self._source_words(),
            lambda: self._note(reading, stated, mender),
            expected=taken.estimated_rows,
            key=self.spec.key,
            once=mode.by_key,
            hashed=mode is lake.WriteMode.INSERT,
            bad_share=1.0 if self.origin.mode == "mend" else self.spec.bad_share,
            sums=Sums(stated),
            mend=None if self.origin.mode == "mend" else mender.again,
            missing=self._missing(taken),
        )
        return self._remembering(reading)

    def _remembering(self, reading: kinds.Reading) -> "pa.RecordBatchReader":
        """Bad rows of a load that is refused for their number are kept to be looked at."""
        import pyarrow as pa

        assert self.stream is not None
        reader = self.stream.reader()

        def batches() -> Any:
            try:
                yield from reader
            except HainaError as error:
                if error.kind is TOO_MANY_BAD_ROWS:
                    self._keep_refused(reading.rejects)
                raise

        return pa.RecordBatchReader.from_batches(reader.schema, batches())

    def _keep_refused(self, rejects: Sequence[kinds.Reject]) -> None:
        job = self.context.job.id
        with self.context.transaction() as connection:
            quarantine_queries.clear(connection, job)
            quarantine_queries.add(
                connection,
                records(self.table.name, job, self.moment, rejects[:_SHOWN_BAD], "refused"),
            )

    def _source_words(self) -> str:
        delivery = self.context.payload.get("delivery")
        return f"{self.source.name}#{delivery}" if delivery else self.source.name

    def _missing(self, taken: kinds.SourceTable) -> "list[pa.Field]":
        """Optional columns that the source lacks now."""
        import pyarrow as pa

        there = {column.name for column in taken.columns}
        known = self.table.shape or {}
        return [
            pa.field(name, kinds.lake_type(str(known.get(name, {}).get("lake", "text"))).arrow)
            for name in self.spec.columns
            if name not in there
        ]

    def _note(self, reading: kinds.Reading, stated: Statement | None, mender: Mender) -> None:
        """At the end of the source's rows, before the lake commits."""
        assert self.stream is not None
        control, job = reading.control(), self.context.job.id
        for remark in reading.remarks:
            self.context.log(remark, "warning")
        rejects = [*reading.rejects, *self.stream.superseded]
        rows = mender.records(rejects, job, self.moment)
        noted = Noted(
            control=control,
            at=self.moment.isoformat(),
            streamed=self.stream.rows,
            streamed_hash=self.stream.key_hash,
            mended=self.stream.mended,
            mended_hash=self.stream.mended_hash,
            statement=None if stated is None else asdict(stated),
            sums={name: str(total) for name, total in self.stream.sums.found.items()},
            shape=self.shape,
            slices=getattr(reading, "count", 0),
        )
        self.handle.output = asdict(noted)
        with self.context.transaction() as connection:
            quarantine_queries.clear(connection, job)
            quarantine_queries.add(connection, rows)
            self.context.finish_step(connection, "load", self.handle, "running")

    def _noted(self) -> Noted | None:
        """What was written down at the end of the source's rows, by this attempt or an earlier."""
        from haina.kernel.jobs import steps_of

        output = self.handle.output
        if output is None:
            with self.context.platform.database.read() as connection:
                steps = {step.name: step for step in steps_of(connection, self.context.job.id)}
            output = steps["load"].output if "load" in steps else None
        return Noted.of(output) if output else None

    def _reconcile(self, written: lake.Written, mode: lake.WriteMode) -> dict[str, Any]:
        noted = self._noted()
        assert noted is not None
        self.handle.output = asdict(noted)
        with self.context.platform.database.read() as connection:
            hashes = quarantine_queries.hashes_of(connection, self.context.job.id)
        found = in_lake(self.context, self.spec, written, mode)
        return reconcile(self.table, noted, written, mode, found, hashes)

    def _publish(self, connection: Connection, version: lake.Version) -> None:
        noted = self._noted()
        assert noted is not None
        found, job = version.checks, self.context.job.id
        whole = self.origin.mode in ("full", "compare") and self.spec.way in ("replace", "compare")
        quarantine_queries.publish(connection, self.table.name, job, replaces=whole)
        queries.insert_load(connection, self._load_row(version, noted))
        self.handle.rows_in, self.handle.rows_out = found["source_rows"], found["rows"]
        if self.origin.mode == "mend":
            self._settle_mended(connection)
            return
        queries.set_shape(connection, self.table.name, noted.shape)
        if self.spec.mode == "incremental" and self.origin.mode != "delivery":
            queries.set_watermark(connection, self.table.name, noted.control.watermark)
        if "delivery" in self.context.payload:
            delivery_queries.change(
                connection,
                self.context.payload["delivery"],
                state="loaded",
                message=None,
                job=job,
                rows=found["rows"],
                rejected=found["rejected"],
            )

    def _load_row(self, version: lake.Version, noted: Noted) -> dict[str, Any]:
        kept = ("rows", "rejected", "source_rows", "source_hash", "lake_hash", "agrees",
                "mended", "changes", "statement")  # fmt: skip
        return {
            "job": self.context.job.id,
            "table": self.table.name,
            "version": version.version,
            "mode": self.origin.mode,
            "at": self.moment,
            "watermark_from": self.table.watermark,
            "watermark_to": noted.control.watermark,
            "slices": noted.slices,
            "delivery": self.context.payload.get("delivery"),
            **{name: version.checks[name] for name in kept},
        }

    def _settle_mended(self, connection: Connection) -> None:
        """Rows that were good this time are mended; those that are still bad say why now."""
        assert isinstance(self.origin, MendOrigin)
        again = quarantine_queries.of_job(connection, self.context.job.id)
        bad = {row.line: row for row in again}
        for place, row in enumerate(self.origin.rows, 1):
            if place in bad:
                quarantine_queries.still_bad(connection, row.id, bad[place])
            else:
                quarantine_queries.set_state(connection, [row.id], "mended")
        quarantine_queries.clear(connection, self.context.job.id)
