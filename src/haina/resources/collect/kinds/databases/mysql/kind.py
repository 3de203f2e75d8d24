"""MySQL, MariaDB and what speaks their protocol as a source: one snapshot a reading."""

from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager
from typing import Any

from haina.resources.collect.kinds.contracts import (
    KeyRange,
    ReadContext,
    Reading,
    SourceTable,
    Watermark,
)
from haina.resources.collect.kinds.databases.drivers import reading
from haina.resources.collect.kinds.databases.drivers.dialect import Found
from haina.resources.collect.kinds.databases.drivers.query import Query
from haina.resources.collect.kinds.databases.mysql import catalogue, types
from haina.resources.collect.kinds.databases.mysql.connection import MysqlConnection
from haina.resources.collect.kinds.databases.mysql.select import DIALECT, quoted
from haina.resources.collect.kinds.databases.mysql.session import MysqlSession, opened
from haina.resources.collect.kinds.errors import NO_TABLE
from haina.resources.collect.kinds.rows.sieving import Selection


class MysqlKind:
    """See `Kind`."""

    name = "mysql"
    title = "MySQL / MariaDB 数据库"
    connection = MysqlConnection

    def test(self, connection: MysqlConnection, context: ReadContext) -> None:
        with opened(connection, context):
            pass

    def discover(self, connection: MysqlConnection, context: ReadContext) -> list[SourceTable]:
        with opened(connection, context) as session:
            return [one.source_table(types.lake_type) for one in _tables(session)]

    @contextmanager
    def read(
        self,
        connection: MysqlConnection,
        table: SourceTable,
        *,
        context: ReadContext,
        columns: Sequence[str] | None = None,
        since: Watermark | None = None,
        part: KeyRange | None = None,
    ) -> Iterator[Reading]:
        selection = Selection.of(table, columns)
        with opened(connection, context) as session:
            query = Query(DIALECT, quoted(table.name), _found(session, table.name), since, part)
            with closing(reading.SessionReading(session, table, selection, query, context)) as made:
                yield made

    def slices(
        self,
        connection: Any,
        table: SourceTable,
        column: str,
        *,
        context: ReadContext,
        rows: int,
    ) -> list[KeyRange]:
        with opened(connection, context) as session:
            query = Query(DIALECT, quoted(table.name), _found(session, table.name))
            return reading.slices(session, query, column, rows)

    def type_rows(self) -> list[tuple[str, str, str]]:
        return types.TYPE_ROWS


def _tables(session: MysqlSession, table: str | None = None) -> list[Found]:
    rows = session.rows(catalogue.columns(table))
    is_mariadb = "mariadb" in session.version.lower()
    json = session.rows(catalogue.json_columns()) if is_mariadb else []
    return catalogue.tables(rows, json)


def _found(session: MysqlSession, table: str) -> Found:
    """The catalogue compares names without regard to case; tables are told apart by it."""
    for one in _tables(session, table) if table else []:
        if one.name == table:
            return one
    raise NO_TABLE(f"数据源里没有表“{table}”", field="table")
