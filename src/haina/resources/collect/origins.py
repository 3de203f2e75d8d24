"""Where the rows of a load come from: the source itself, a delivered file, or mended rows."""

from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from typing import Any, Protocol

from haina.kernel.errors import NOT_FOUND
from haina.kernel.jobs import JobContext
from haina.resources.collect import deliveries, kinds, quarantine_queries
from haina.resources.collect.drift import COLUMN_GONE
from haina.resources.collect.pace import Pace
from haina.resources.collect.slices import Cut, sliced
from haina.resources.collect.sources import Source, Table, open_connection
from haina.resources.collect.statements import Statement, statement_of

_CHUNK = 2_000


class Origin(Protocol):
    """`mode` is what the load is called: full, incremental, compare, delivery, mend."""

    mode: str
    words: str

    def found(self) -> kinds.SourceTable:
        """The table as it is there now. Raises HainaError(source_column_gone)."""

    def read(self, table: kinds.SourceTable) -> AbstractContextManager[kinds.Reading]:
        """All columns of `table`."""

    def stated(self) -> Statement | None:
        """What the agency says of this batch."""


class SourceOrigin:
    """The source, asked by us."""

    def __init__(
        self, context: JobContext, source: Source, table: Table, since: kinds.Watermark | None
    ) -> None:
        self.mode: str = table.spec.mode if since is None or since.value else "full"
        self.words = f"从「{source.title}」读取 {table.spec.from_}"
        self._context = context
        self._source = source
        self._table = table
        self._since = since
        self._kind = kinds.get(source.kind)
        self._connection = open_connection(context.platform, source)
        settings = context.platform.settings
        self._pace = Pace(source.rows_per_second, context.check)
        rows = self._pace.batch_rows or kinds.BATCH_ROWS
        self._read_context = kinds.ReadContext(settings, batch_rows=rows)

    def found(self) -> kinds.SourceTable:
        tables = self._kind.discover(self._connection, self._read_context)
        return the_table(tables, self._table.spec.from_, self._source.title)

    @contextmanager
    def read(self, table: kinds.SourceTable) -> Iterator[kinds.Reading]:
        spec = self._table.spec
        if spec.slice_by and (self._since is None or self._since.value is None):
            cut = Cut(
                self._kind,
                self._connection,
                table,
                self._read_context,
                spec.slice_by,
                spec.slice_rows,
                self._pace,
                self._source.window,
                self._since,
            )
            ranges = sliced(self._context, cut)
            if ranges is not None:
                yield ranges
                return
        with self._kind.read(
            self._connection, table, context=self._read_context, since=self._since
        ) as reading:
            yield Paced(reading, self._pace)

    def stated(self) -> Statement | None:
        """From the table of a front-end database in which the agency states its batches."""
        if self._source.statements is None:
            return None
        tables = self._kind.discover(self._connection, self._read_context)
        wanted = self._source.statements
        found = the_table(tables, wanted, self._source.title)
        with self._kind.read(self._connection, found, context=self._read_context) as reading:
            rows = [row for batch in reading.batches() for row in batch.to_pylist()]
        return newest_statement(rows, self._table)


class DeliveryOrigin:
    """A file that the agency handed in; only its own folder can be read."""

    mode = "delivery"

    def __init__(
        self, context: JobContext, source: Source, table: Table, delivery: deliveries.Delivery
    ) -> None:
        self.words = f"读取批次 {delivery.number}({delivery.file.rpartition('/')[2]})"
        self._table = table
        self._delivery = delivery
        self._title = source.title
        path = deliveries.path_of(context.platform, delivery)
        self._kind = kinds.get(delivery.kind)
        settings = context.platform.settings.model_copy(update={"source_files": (path.parent,)})
        self._read_context = kinds.ReadContext(settings)
        block = format_block(source, delivery.kind)
        self._connection = self._kind.connection.model_validate({**block, "path": str(path)})

    def found(self) -> kinds.SourceTable:
        tables = self._kind.discover(self._connection, self._read_context)
        sheet = self._table.spec.from_.partition("#")[2]
        if len(tables) == 1 and not sheet:
            return tables_readable(tables[0], self._title)
        named = (one for one in tables if one.name == self._table.spec.from_)
        sheets = (one for one in tables if sheet and one.name.endswith(f"#{sheet}"))
        wanted = next(named, None) or next(sheets, None)
        if wanted is None:
            names = "、".join(one.name.partition("#")[2] or one.name for one in tables[:10])
            raise COLUMN_GONE(
                f"报送的文件里有多张表({names}),不知取哪一张",
                field="from",
                hint="请在 from 后写 #工作表名,如 人口#Sheet1。",
            )
        return tables_readable(wanted, self._title)

    def read(self, table: kinds.SourceTable) -> AbstractContextManager[kinds.Reading]:
        return self._kind.read(self._connection, table, context=self._read_context)

    def stated(self) -> Statement | None:
        return deliveries.stated(self._delivery, self._table)


class MendOrigin:
    """Rows that people mended, by the column types that the lake keeps."""

    mode = "mend"
    words = "读取修正后的隔离行"

    def __init__(self, context: JobContext, table: Table) -> None:
        self._table = table
        self._read_context = kinds.ReadContext(context.platform.settings)
        with context.platform.database.read() as connection:
            self.rows = quarantine_queries.resent(connection, table.name)

    def found(self) -> kinds.SourceTable:
        return lake_table(self._table)

    @contextmanager
    def read(self, table: kinds.SourceTable) -> Iterator[kinds.Reading]:
        values = [row.mended for row in self.rows]
        chunks = (values[start : start + _CHUNK] for start in range(0, len(values), _CHUNK))
        yield kinds.text_rows(chunks, table, self._read_context)

    def stated(self) -> Statement | None:
        return None


class Paced:
    """A reading that keeps a pace."""

    def __init__(self, reading: kinds.Reading, pace: Pace) -> None:
        self._reading = reading
        self._pace = pace
        self.schema = reading.schema

    @property
    def rejects(self) -> list[kinds.Reject]:
        return self._reading.rejects

    @property
    def remarks(self) -> list[str]:
        return self._reading.remarks

    def batches(self) -> Iterator[Any]:
        for batch in self._reading.batches():
            yield batch
            self._pace.took(batch.num_rows)

    def control(self) -> kinds.Control:
        return self._reading.control()


def the_table(tables: list[kinds.SourceTable], name: str, source: str) -> kinds.SourceTable:
    found = next((one for one in tables if one.name == name), None)
    if found is None:
        raise COLUMN_GONE(f"数据源「{source}」中没有表 {name}", field=name)
    return tables_readable(found, source)


def tables_readable(found: kinds.SourceTable, source: str) -> kinds.SourceTable:
    if not found.columns:
        raise COLUMN_GONE(
            f"读不懂「{source}」的 {found.name}:{found.comment or '没有列'}", field=found.name
        )
    return found


def lake_table(table: Table) -> kinds.SourceTable:
    """The table as its last load left it in the lake; text where nothing was loaded yet."""
    shape = table.shape or {}
    columns = tuple(
        kinds.SourceColumn(name, "text", str(shape.get(name, {}).get("lake", "text")))
        for name in table.spec.columns
    )
    return kinds.SourceTable(table.spec.from_, columns, table.spec.key)


def format_block(source: Source, kind: str) -> dict[str, Any]:
    """The options by which a source's files are read, without their path."""
    if source.kind == kind:
        block = dict(source.connection)
    else:
        block = dict(source.connection.get("options") or {})
    return {name: value for name, value in block.items() if name != "path"}


def newest_statement(rows: list[dict[str, Any]], table: Table) -> Statement:
    """The newest line of this table. Columns (any case): table_name, batch_no, row_count,
    control_sums (JSON), stated_at. Raises HainaError(not_found, bad_input)."""
    import json

    lines = [{key.lower(): value for key, value in row.items()} for row in rows]
    mine = [line for line in lines if str(line.get("table_name")) == table.spec.from_]
    if not mine:
        raise NOT_FOUND(
            f"对账单里没有表 {table.spec.from_} 的批次",
            field="statements",
            hint="请部门在对账表里登记这一批(table_name、batch_no、row_count)。",
        )
    last = max(mine, key=lambda line: (str(line.get("stated_at") or ""), str(line.get("batch_no"))))
    sums = last.get("control_sums")
    found = statement_of(
        {
            "number": last.get("batch_no"),
            "rows": None if last.get("row_count") is None else int(last["row_count"]),
            "sums": json.loads(sums) if isinstance(sums, str) and sums.strip() else {},
        },
        table.spec,
    )
    assert found is not None
    return found
