"""HTTP APIs as a source: declared tables, read page by page."""

from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager
from datetime import datetime, timedelta, timezone
from typing import TYPE_CHECKING

from haina.kernel.errors import HainaError
from haina.resources.collect.kinds.contracts import (
    KeyRange,
    ReadContext,
    Reading,
    SourceColumn,
    SourceTable,
    Watermark,
)
from haina.resources.collect.kinds.errors import BAD_CONNECTION, NO_TABLE
from haina.resources.collect.kinds.remote.http.connection import HttpConnection, HttpTable, Since
from haina.resources.collect.kinds.rows.sieving import Selection

if TYPE_CHECKING:
    from haina.resources.collect.kinds.remote.http.client import Client

_TYPE_ROWS = [
    ("JSON 字符串", "text", "原样;含 NUL 或残缺代理对的行隔离"),
    ("JSON 数", "text", "按原文的数字保存,不经浮点;columns 里可声明 integer、decimal(p,s) 等"),
    ("JSON true、false", "text", "写成 true、false;可声明 boolean"),
    ("JSON 对象、数组", "json", "第一页里出现过嵌套的字段;其中的数按原文"),
    ("JSON null、optional 里缺的键", "NULL", "不在 optional 里的键若缺,该行隔离;整页都缺则拒收"),
    ("JSON lines 的一行", "同 JSON", "一行坏则整页拒收"),
    ("CSV 的字段", "text", "与 CSV 文件同"),
    ("XML", "不支持", "请对方改给 JSON,或落成文件后采集"),
]


class HttpKind:
    """See `Kind`."""

    name = "http"
    title = "HTTP 接口"
    connection = HttpConnection

    def test(self, connection: HttpConnection, context: ReadContext) -> None:
        with _client(connection, context) as client:
            for table in connection.tables.values():
                _columns(client, connection, table, context, declared=False)

    def discover(self, connection: HttpConnection, context: ReadContext) -> list[SourceTable]:
        """A table that cannot be read says why, and hides no other; when none can, that is raised.

        Tables whose columns are declared are not asked for."""
        with _client(connection, context) as client:
            found = [
                _table(client, connection, name, context) for name in sorted(connection.tables)
            ]
        broken = [one for one in found if isinstance(one, HainaError)]
        if len(broken) == len(found):
            raise broken[0]
        return [
            SourceTable(name, (), (), f"不可读:{one.message}")
            if isinstance(one, HainaError)
            else one
            for name, one in zip(sorted(connection.tables), found, strict=True)
        ]

    @contextmanager
    def read(
        self,
        connection: HttpConnection,
        table: SourceTable,
        *,
        context: ReadContext,
        columns: Sequence[str] | None = None,
        since: Watermark | None = None,
        part: KeyRange | None = None,
    ) -> Iterator[Reading]:
        from haina.resources.collect.kinds.remote.http.paging import Walk
        from haina.resources.collect.kinds.remote.http.reading import HttpReading

        assert part is None, "answers are not split"
        declared = _declared(connection, table.name)
        selection = Selection.of(table, columns, *([since.column] if since else []))
        walk = Walk(connection.url, declared, _since(declared.since, since))
        with (
            _client(connection, context) as client,
            closing(HttpReading(client, walk, declared, selection, since, context)) as reading,
        ):
            yield reading

    def slices(
        self,
        connection: HttpConnection,
        table: SourceTable,
        column: str,
        *,
        context: ReadContext,
        rows: int,
    ) -> list[KeyRange]:
        return []

    def type_rows(self) -> list[tuple[str, str, str]]:
        return _TYPE_ROWS


@contextmanager
def _client(connection: HttpConnection, context: ReadContext) -> "Iterator[Client]":
    from haina.resources.collect.kinds.remote.http.client import Client

    with closing(Client(connection, context)) as client:
        yield client


def _declared(connection: HttpConnection, name: str) -> HttpTable:
    if name not in connection.tables:
        raise NO_TABLE(f"连接里没有声明表“{name}”", field="tables")
    return connection.tables[name]


def _table(
    client: "Client", connection: HttpConnection, name: str, context: ReadContext
) -> SourceTable | HainaError:
    try:
        columns, total = _columns(client, connection, connection.tables[name], context)
    except HainaError as broken:
        return broken
    return SourceTable(name, columns, (), None, total)


def _columns(
    client: "Client",
    connection: HttpConnection,
    table: HttpTable,
    context: ReadContext,
    *,
    declared: bool = True,
) -> tuple[tuple[SourceColumn, ...], int | None]:
    """Columns and, where it was asked, the stated total."""
    from haina.resources.collect.kinds.remote.http.paging import Walk
    from haina.resources.collect.kinds.remote.http.reading import first_columns

    said = tuple(SourceColumn(name, "声明", type_) for name, type_ in table.columns.items())
    if said and declared:
        return said, None
    walk = Walk(connection.url, table, {})
    columns, total = first_columns(client, walk, table, context)
    names = {column.name for column in columns}
    missing = tuple(
        SourceColumn(name, "可缺", "text") for name in table.optional if name not in names
    )
    return (said or columns + missing), total


def _since(declared: Since | None, since: Watermark | None) -> dict[str, str]:
    """The parameter that asks for new rows only; none when the server cannot be asked."""
    if declared is None or since is None or since.value is None or since.column != declared.column:
        return {}
    return {declared.param: _moment(declared, since.value)}


def _moment(declared: Since, value: str) -> str:
    """A watermark as the server wants it; parts of a second are cut, so that none is missed."""
    if declared.format == "text":
        return value
    sign, hours, minutes = declared.zone[0], declared.zone[1:3], declared.zone[4:6]
    offset = timedelta(hours=int(hours), minutes=int(minutes)) * (-1 if sign == "-" else 1)
    zone = timezone(offset)
    try:
        moment = datetime.fromisoformat(value)
    except ValueError:
        raise BAD_CONNECTION(f"增量起点“{value}”不是日期时间", field="since.format") from None
    moment = moment.astimezone(zone) if moment.tzinfo else moment.replace(tzinfo=zone)
    if declared.format in ("epoch", "epoch_ms"):
        return str(int(moment.timestamp() // 1) * (1000 if declared.format == "epoch_ms" else 1))
    return moment.strftime(declared.format)
