"""PostgreSQL and its family as a source: one snapshot a reading, the address pinned."""

from collections.abc import Iterator, Sequence
from contextlib import AbstractContextManager, ExitStack, closing, contextmanager
from dataclasses import replace
from functools import partial
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field, SecretStr

from haina.resources.collect.kinds.contracts import (
    KeyRange,
    ReadContext,
    Reading,
    SourceTable,
    Watermark,
)
from haina.resources.collect.kinds.databases.bounds import ranges
from haina.resources.collect.kinds.databases.postgresql import types as postgresql_types
from haina.resources.collect.kinds.databases.postgresql.catalogue import (
    COLUMNS_SQL,
    SCHEMA_SQL,
    catalogue_type,
    tables,
)
from haina.resources.collect.kinds.databases.postgresql.errors import translated
from haina.resources.collect.kinds.databases.postgresql.reading import PostgresqlReading
from haina.resources.collect.kinds.databases.postgresql.select import SET_BOUND_SQL, Query
from haina.resources.collect.kinds.errors import NO_DATABASE, NO_TABLE
from haina.resources.collect.kinds.rows.sieving import Selection
from haina.resources.collect.networks import check_host

# How values are written as text, whatever the server's defaults; no time limit of the server's
# own, for a reading may be long; and no compiling of queries over the catalogue, which costs more
# than they do.
_SESSION_SQL = """
select set_config('datestyle', 'ISO, YMD', true), set_config('timezone', 'UTC', true),
       set_config('intervalstyle', 'postgres', true), set_config('bytea_output', 'hex', true),
       set_config('extra_float_digits', '1', true), set_config('statement_timeout', '0', true),
       set_config('lock_timeout', '10s', true), set_config('jit', 'off', true)
"""
_CONNECT_SECONDS = "10"

SslMode = Literal["disable", "allow", "prefer", "require", "verify-ca", "verify-full"]


class PostgresqlConnection(BaseModel):
    """A database of a server; tables of one schema."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    host: str = Field(min_length=1, description="主机名或地址")
    port: int = Field(5432, ge=1, le=65535, description="端口")
    database: str = Field(min_length=1, description="库名")
    user: str = Field(min_length=1, description="用户名")
    password: SecretStr = Field(SecretStr(""), description="口令")
    schema_name: str = Field("public", min_length=1, alias="schema", description="模式名")
    sslmode: SslMode = Field("prefer", description="加密方式;verify-full 最稳妥")


class PostgresqlKind:
    """See `Kind`."""

    name = "postgresql"
    title = "PostgreSQL 数据库"
    connection = PostgresqlConnection

    def test(self, connection: PostgresqlConnection, context: ReadContext) -> None:
        with _opened(connection, context) as opened, _translated(connection):
            _check_schema(opened, connection.schema_name)

    def discover(self, connection: PostgresqlConnection, context: ReadContext) -> list[SourceTable]:
        with _opened(connection, context) as opened, _translated(connection):
            _check_schema(opened, connection.schema_name)
            return tables(_rows(opened, COLUMNS_SQL, connection.schema_name, ""))

    @contextmanager
    def read(
        self,
        connection: PostgresqlConnection,
        table: SourceTable,
        *,
        context: ReadContext,
        columns: Sequence[str] | None = None,
        since: Watermark | None = None,
        part: KeyRange | None = None,
    ) -> Iterator[Reading]:
        selection = Selection.of(table, columns)
        with _opened(connection, context) as opened:
            with _translated(connection):
                query = _query(opened, connection.schema_name, table.name)
                query = replace(query, since=since, part=part)
                for name, value in query.bounds:
                    _rows(opened, SET_BOUND_SQL, name, value)
            guard = partial(_translated, connection)
            reading = PostgresqlReading(opened, table, selection, query, context, guard)
            with closing(reading):
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
        with _opened(connection, context) as opened, _translated(connection):
            query = _query(opened, connection.schema_name, table.name)
            sql = query.cuts_sql(column, max(rows, 1))
            if sql is None:
                return []
            cuts = [str(next(iter(row.values()))) for row in _rows(opened, sql)]
            return ranges(column, cuts[1:])  # below the lowest value there is nothing but NULL

    def type_rows(self) -> list[tuple[str, str, str]]:
        return postgresql_types.TYPE_ROWS


def _translated(connection: PostgresqlConnection) -> AbstractContextManager[None]:
    return translated(connection.password.get_secret_value())


@contextmanager
def _opened(connection: PostgresqlConnection, context: ReadContext) -> Iterator[Any]:
    """A connection inside one read-only snapshot."""
    from adbc_driver_postgresql import dbapi

    conninfo = _conninfo(connection, check_host(connection.host, connection.port, context.settings))
    with ExitStack() as stack:
        with _translated(connection):
            opened = stack.enter_context(dbapi.connect(conninfo, autocommit=False))
            cursor = stack.enter_context(opened.cursor())
            cursor.execute("set transaction isolation level repeatable read, read only")
            cursor.execute(_SESSION_SQL)
            cursor.fetchall()
        yield opened


def _conninfo(connection: PostgresqlConnection, address: str) -> str:
    """libpq's keyword form. `hostaddr` is where it connects; `host` only names the certificate."""
    parts = {
        "host": connection.host.strip("[]"),
        "hostaddr": address,
        "port": str(connection.port),
        "dbname": connection.database,
        "user": connection.user,
        "password": connection.password.get_secret_value(),
        "sslmode": connection.sslmode,
        "connect_timeout": _CONNECT_SECONDS,
        "application_name": "haina",
        "client_encoding": "UTF8",
        # The secrets of the platform's own account are not for sources: a file that cannot be.
        "passfile": "/dev/null/none",
        "gssencmode": "disable",
    }
    return " ".join(f"{name}={_escaped(value)}" for name, value in parts.items())


def _escaped(value: str) -> str:
    escaped = value.replace("\\", "\\\\").replace("'", "\\'")
    return f"'{escaped}'"


def _rows(opened: Any, sql: str, *parameters: str) -> list[dict[str, Any]]:
    with opened.cursor() as cursor:
        cursor.execute(sql, parameters)
        rows: list[dict[str, Any]] = cursor.fetch_arrow_table().to_pylist()
        return rows


def _check_schema(opened: Any, schema: str) -> None:
    if not next(iter(_rows(opened, SCHEMA_SQL, schema)[0].values())):
        raise NO_DATABASE(f"库里没有模式“{schema}”", field="schema")


def _query(opened: Any, schema: str, table: str) -> Query:
    rows = _rows(opened, COLUMNS_SQL, schema, table) if table else []
    if not rows:
        raise NO_TABLE(f"数据源里没有表“{table}”", field="table")
    return Query(schema, table, {row["column_name"]: catalogue_type(row) for row in rows})
