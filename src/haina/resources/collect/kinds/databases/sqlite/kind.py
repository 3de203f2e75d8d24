"""SQLite files as a source: opened read-only, one read transaction a reading."""

import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, closing, contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import quote

from pydantic import BaseModel, ConfigDict, Field

from haina.resources.collect.kinds.contracts import (
    KeyRange,
    ReadContext,
    Reading,
    SourceColumn,
    SourceTable,
    Watermark,
)
from haina.resources.collect.kinds.databases.bounds import ranges
from haina.resources.collect.kinds.databases.sqlite import types as sqlite_types
from haina.resources.collect.kinds.databases.sqlite.errors import translated
from haina.resources.collect.kinds.databases.sqlite.reading import SqliteReading
from haina.resources.collect.kinds.databases.sqlite.select import cuts_sql, quoted
from haina.resources.collect.kinds.errors import FILE_MISSING
from haina.resources.collect.kinds.files.paths import resolve
from haina.resources.collect.kinds.rows.sieving import Selection

_BUSY_SECONDS = 10.0
_TABLES_SQL = """
select name, type, wr from pragma_table_list
where schema = 'main' and type in ('table', 'view', 'virtual') and substr(name, 1, 7) <> 'sqlite_'
order by name
"""


class SqliteConnection(BaseModel):
    """A database file below one of the roots of the settings."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    path: str = Field(min_length=1, description="数据库文件的路径,相对于允许读取的目录")


class SqliteKind:
    """See `Kind`."""

    name = "sqlite"
    title = "SQLite 数据库文件"
    connection = SqliteConnection

    def test(self, connection: SqliteConnection, context: ReadContext) -> None:
        with _catalogue(connection, context) as database:
            database.execute("select 1 from sqlite_schema").fetchone()

    def discover(self, connection: SqliteConnection, context: ReadContext) -> list[SourceTable]:
        with _catalogue(connection, context) as database:
            return [_table(database, *row) for row in database.execute(_TABLES_SQL).fetchall()]

    @contextmanager
    def read(
        self,
        connection: SqliteConnection,
        table: SourceTable,
        *,
        context: ReadContext,
        columns: Sequence[str] | None = None,
        since: Watermark | None = None,
        part: KeyRange | None = None,
    ) -> Iterator[Reading]:
        selection = Selection.of(table, columns)
        with (
            _opened(connection, context) as opened,
            closing(SqliteReading(opened, table, selection, since, context, part)) as reading,
        ):
            yield reading

    def slices(
        self,
        connection: Any,
        table: SourceTable,
        column: str,
        *,
        context: ReadContext,
        rows: int,
    ) -> list[KeyRange]:
        sql = cuts_sql(table.name, column, table.column(column).source_type, max(rows, 1))
        if sql is None:
            return []
        with _catalogue(connection, context) as database:
            database.text_factory = bytes
            cuts = [_bound(row[0]) for row in database.execute(sql)]
        return ranges(column, [one for one in cuts[1:] if one is not None])

    def type_rows(self) -> list[tuple[str, str, str]]:
        return sqlite_types.TYPE_ROWS


@contextmanager
def _catalogue(connection: SqliteConnection, context: ReadContext) -> Iterator[sqlite3.Connection]:
    """The standard library's driver: enough for the catalogue, and light."""
    uri = _uri(connection, context)
    with (
        translated(),
        closing(sqlite3.connect(uri, uri=True, timeout=_BUSY_SECONDS)) as database,
    ):
        yield database


@contextmanager
def _opened(connection: SqliteConnection, context: ReadContext) -> Iterator[Any]:
    """An ADBC connection; its first SELECT begins the one read transaction of the reading."""
    from adbc_driver_sqlite import dbapi

    with ExitStack() as stack:
        with translated():
            opened = stack.enter_context(dbapi.connect(_uri(connection, context), autocommit=False))
        yield opened


def _uri(connection: SqliteConnection, context: ReadContext) -> str:
    path = resolve(connection.path, context.settings)
    if not path.is_file():
        raise FILE_MISSING(f"“{connection.path}”不是文件", field="path")
    return f"file:{quote(str(path))}?mode=ro{'&immutable=1' if _needs_immutable(path) else ''}"


def _needs_immutable(path: Path) -> bool:
    """A WAL database in a folder where we may not write opens only as immutable.

    Safe only when no -wal file lies beside it: then nobody has it open, all is in the file.
    """
    import os

    wal = path.with_name(path.name + "-wal")
    with path.open("rb") as file:
        is_wal = file.read(20)[18:20] == b"\x02\x02"
    return is_wal and not wal.exists() and not os.access(path.parent, os.W_OK)


def _table(database: sqlite3.Connection, name: str, kind: str, without_rowid: int) -> SourceTable:
    found = database.execute(
        'select name, type, "notnull", pk from pragma_table_xinfo(?) where hidden in (0, 2, 3)'
        " order by cid",
        (name,),
    ).fetchall()
    columns = tuple(
        SourceColumn(column, declared, sqlite_types.lake_type_of(declared), not (notnull or pk))
        for column, declared, notnull, pk in found
    )
    key = tuple(row[0] for row in sorted((row for row in found if row[3]), key=lambda row: row[3]))
    estimate = _estimate(database, name) if kind == "table" and not without_rowid else None
    return SourceTable(name, columns, key, None, estimate)


def _bound(value: float | bytes) -> str | None:
    """A value as a bound; None when it cannot be written as one."""
    if not isinstance(value, bytes):
        return repr(value)
    try:
        text = value.decode("utf-8")
    except UnicodeDecodeError:
        return None
    return None if "\0" in text else text


def _estimate(database: sqlite3.Connection, name: str) -> int | None:
    """The highest rowid: a look-up, where a count would read the whole table."""
    try:
        (highest,) = database.execute(f"select max(rowid) from {quoted(name)}").fetchone()
    except sqlite3.Error:
        return None
    return int(highest) if isinstance(highest, int) and highest > 0 else 0
