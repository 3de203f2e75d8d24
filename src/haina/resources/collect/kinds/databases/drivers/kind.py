"""A kind of source behind a driver that follows the DB-API and is brought by who needs it."""

import importlib
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, closing, contextmanager, suppress
from dataclasses import dataclass
from functools import partial
from types import ModuleType
from typing import Any

from pydantic import BaseModel, ConfigDict, Field, SecretStr

from haina.resources.collect.kinds.contracts import (
    KeyRange,
    ReadContext,
    Reading,
    SourceTable,
    Watermark,
)
from haina.resources.collect.kinds.databases.drivers import catalogue, reading
from haina.resources.collect.kinds.databases.drivers.dialect import Dialect, Found, Statement
from haina.resources.collect.kinds.databases.drivers.errors import Words, missing, translated
from haina.resources.collect.kinds.databases.drivers.query import Query
from haina.resources.collect.kinds.databases.drivers.session import DbApiSession
from haina.resources.collect.kinds.errors import NO_DATABASE, NO_TABLE
from haina.resources.collect.kinds.rows.sieving import Selection
from haina.resources.collect.networks import check_host


class DriverConnection(BaseModel):
    """A schema of a database of a server."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    host: str = Field(min_length=1, description="主机名或地址")
    port: int = Field(ge=1, le=65535, description="端口")
    user: str = Field(min_length=1, description="用户名")
    password: SecretStr = Field(SecretStr(""), description="口令")
    schema_name: str = Field("", alias="schema", description="模式名;不填用用户名")

    @property
    def schema_or_user(self) -> str:
        """The schema whose tables are meant."""
        return self.schema_name or self.user


@dataclass(frozen=True)
class Driver:
    """All that is particular to one database.

    - `module` is imported when a source is first used, out of `package` of the package index.
    - `connect` opens a connection to the address that was checked.
    - `begin` starts a read-only transaction; whether all its statements see one state.
    - `catalogue` is the SQL of the schema's columns (or one table's), as `catalogue.FIELDS`.
    """

    name: str
    title: str
    module: str
    package: str
    connection: type[DriverConnection]
    dialect: Dialect
    words: Words
    connect: Callable[[ModuleType, Any, str, ReadContext], Any]
    begin: Callable[[DbApiSession], bool]
    catalogue: Callable[[str, str | None], Statement]
    type_rows: list[tuple[str, str, str]]


class DriverKind:
    """See `Kind`."""

    def __init__(self, driver: Driver) -> None:
        self._driver = driver
        self.name = driver.name
        self.title = driver.title
        self.module = driver.module
        self.package = driver.package
        self.connection: type[BaseModel] = driver.connection

    def test(self, connection: DriverConnection, context: ReadContext) -> None:
        with self._opened(connection, context) as (session, steady):
            self._tables(session, steady, connection)

    def discover(self, connection: DriverConnection, context: ReadContext) -> list[SourceTable]:
        with self._opened(connection, context) as (session, steady):
            found = self._tables(session, steady, connection)
            return [one.source_table(self._driver.dialect.lake_type) for one in found]

    @contextmanager
    def read(
        self,
        connection: DriverConnection,
        table: SourceTable,
        *,
        context: ReadContext,
        columns: Sequence[str] | None = None,
        since: Watermark | None = None,
        part: KeyRange | None = None,
    ) -> Iterator[Reading]:
        selection = Selection.of(table, columns)
        with self._opened(connection, context) as (session, steady):
            query = self._query(session, steady, connection, table.name, since, part)
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
        with self._opened(connection, context) as (session, steady):
            query = self._query(session, steady, connection, table.name, None, None)
            return reading.slices(session, query, column, rows)

    def type_rows(self) -> list[tuple[str, str, str]]:
        return self._driver.type_rows

    def _query(
        self,
        session: DbApiSession,
        steady: bool,
        connection: DriverConnection,
        table: str,
        since: Watermark | None,
        part: KeyRange | None,
    ) -> Query:
        for one in self._tables(session, steady, connection, table) if table else []:
            if one.name == table:
                quoted = self._driver.dialect.quoted
                path = f"{quoted(connection.schema_or_user)}.{quoted(table)}"
                return Query(self._driver.dialect, path, one, since, part)
        raise NO_TABLE(f"数据源里没有表“{table}”", field="table")

    def _tables(
        self,
        session: DbApiSession,
        steady: bool,
        connection: DriverConnection,
        table: str | None = None,
    ) -> list[Found]:
        statement = self._driver.catalogue(connection.schema_or_user, table)
        found = catalogue.tables(session.rows(statement), steady=steady)
        if table is None and not found:
            raise NO_DATABASE(
                f"模式“{connection.schema_or_user}”里没有可读的表",
                field="schema",
                hint="请核对模式名(区分大小写),并请对方授予 SELECT 权限。",
            )
        return found

    @contextmanager
    def _opened(
        self, connection: DriverConnection, context: ReadContext
    ) -> Iterator[tuple[DbApiSession, bool]]:
        """A session inside its transaction, and whether that is a snapshot."""
        module = _imported(self._driver)
        address = check_host(connection.host, connection.port, context.settings)
        secret = connection.password.get_secret_value()
        guard = partial(translated, module, self._driver.words, secret)
        with ExitStack() as stack:
            with guard():
                opened = self._driver.connect(module, connection, address, context)
            stack.callback(_closed, opened)
            session = DbApiSession(opened, guard)
            yield session, self._driver.begin(session)


def _imported(driver: Driver) -> ModuleType:
    """Raises HainaError(no_database_driver)."""
    try:
        return importlib.import_module(driver.module)
    except ImportError:
        raise missing(driver.title, driver.package) from None


def _closed(opened: Any) -> None:
    with suppress(Exception):  # it may have been cut off
        opened.rollback()
    with suppress(Exception):
        opened.close()
