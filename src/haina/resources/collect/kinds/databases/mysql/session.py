"""One connection to a MySQL server inside one snapshot.

The driver (PyMySQL) speaks the login and sends statements; the rows of a table are read from its
socket by `wire`. No file of ours is ever given: LOCAL INFILE is not among the client's
capabilities, and a server that asks all the same gets an error.
"""

import socket
import ssl
from collections.abc import Callable, Generator, Iterator
from contextlib import ExitStack, closing, contextmanager, suppress
from typing import TYPE_CHECKING, Any

from haina.resources.collect.kinds.contracts import ReadContext
from haina.resources.collect.kinds.databases.drivers.dialect import Statement
from haina.resources.collect.kinds.databases.mysql import wire
from haina.resources.collect.kinds.databases.mysql.connection import MysqlConnection
from haina.resources.collect.kinds.databases.mysql.errors import (
    UnsafePasswordError,
    code_of,
    translated,
)
from haina.resources.collect.kinds.files.paths import resolve
from haina.resources.collect.networks import check_host

if TYPE_CHECKING:
    import pyarrow as pa

_CONNECT_SECONDS = 10.0
_CANCEL_SECONDS = 3.0
_QUERY = 3  # COM_QUERY
_RECEIVE_BYTES = 1024 * 1024
_UNKNOWN_VARIABLE = 1193
# How values are written whatever the server's defaults; no limit of rows or time of the server's
# own, for a reading may be long and the lake may be slow to take it.
_SESSION = (
    "set session sql_mode = ''",
    "set session time_zone = '+00:00'",
    "set session sql_select_limit = 18446744073709551615",
    "set session net_write_timeout = 3600",
    "set session wait_timeout = 28800",
    "set session lock_wait_timeout = 10",
    "set session max_statement_time = 0",  # MariaDB
    "set session max_execution_time = 0",  # MySQL
    "set session transaction isolation level repeatable read",
    "start transaction with consistent snapshot, read only",
)
# Ways of login that would send the password as it is.
_CLEAR = ("mysql_clear_password", "dialog", "mysql_old_password")


class MysqlSession:
    """See `Session`. `again` opens another connection, to cancel what this one does."""

    def __init__(self, opened: Any, secret: str, again: Callable[[], Any]) -> None:
        self._opened = opened
        self._secret = secret
        self._again = again

    def stream(self, statement: Statement, rows: int) -> "Generator[list[pa.Array], None, None]":
        with translated(self._secret):
            columns = self._sent(statement)
            yield from wire.chunks(self._receive, columns, rows)

    def row(self, statement: Statement) -> tuple[str | None, ...] | None:
        found = self.rows(statement)
        return found[0] if found else None

    def rows(self, statement: Statement) -> list[tuple[str | None, ...]]:
        """All rows of a small answer."""
        with translated(self._secret), self._opened.cursor() as cursor:
            cursor.execute(statement.sql)
            return [tuple(map(_decoded, row)) for row in cursor.fetchall()]

    def cancel(self) -> None:
        """Ask the server to stop the query, then hang up: it may have stopped by itself."""
        with suppress(Exception), closing(self._again()) as other:
            other.query(f"kill query {self._opened.thread_id()}")
        with suppress(OSError):
            self._opened._sock.shutdown(socket.SHUT_RDWR)

    @property
    def version(self) -> str:
        """What the server calls itself."""
        return str(self._opened.server_version)

    def _sent(self, statement: Statement) -> int:
        """Send a query and read the head of its answer: the number of columns."""
        from pymysql.connections import MySQLResult

        self._opened._execute_command(_QUERY, statement.sql)
        head = MySQLResult(self._opened)
        head.init_unbuffered_query()
        head.unbuffered_active = False  # the rows are ours to read
        return int(head.field_count)

    def _receive(self) -> bytes:
        received: bytes = self._opened._rfile.read1(_RECEIVE_BYTES)
        return received


@contextmanager
def opened(connection: MysqlConnection, context: ReadContext) -> Iterator[MysqlSession]:
    """A session inside one read-only snapshot."""
    address = check_host(connection.host, connection.port, context.settings)
    tls = _tls(connection, context)
    secret = connection.password.get_secret_value()
    with ExitStack() as stack:
        with translated(secret):
            made = _connected(connection, address, tls, _CONNECT_SECONDS)
            stack.callback(_closed, made)
            _prepared(made)
        yield MysqlSession(
            made, secret, lambda: _connected(connection, address, tls, _CANCEL_SECONDS)
        )


def _connected(
    connection: MysqlConnection, address: str, tls: ssl.SSLContext | None, seconds: float
) -> Any:
    """A connection to this very address; `prefer` takes an unencrypted one when TLS fails."""
    try:
        return _login(connection, address, connection.sslmode != "disable", tls, seconds)
    except Exception as failed:
        if connection.sslmode != "prefer" or not _is_of_tls(failed):
            raise
    return _login(connection, address, False, None, seconds)


def _login(
    connection: MysqlConnection,
    address: str,
    encrypted: bool,
    tls: ssl.SSLContext | None,
    seconds: float,
) -> Any:
    """`encrypted` without `tls`: if the server can, and whoever it is."""
    from pymysql.connections import Connection

    link = socket.create_connection((address, connection.port), seconds)
    made = Connection(
        host=connection.host.strip("[]"),  # names the certificate; the socket is connected
        port=connection.port,
        user=connection.user,
        password=connection.password.get_secret_value().encode(),
        database=connection.database,
        charset="utf8mb4",
        use_unicode=False,
        conv={},
        autocommit=None,
        local_infile=False,
        auth_plugin_map=dict.fromkeys(_CLEAR, _NoClearPassword),
        ssl=tls,
        ssl_disabled=not encrypted,
        program_name="haina",
        read_timeout=seconds,
        defer_connect=True,
    )
    try:
        link.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        link.setsockopt(socket.SOL_SOCKET, socket.SO_KEEPALIVE, 1)
        made.connect(link)
        _without_timeout(made)
    except BaseException:
        link.close()
        raise
    return made


def _without_timeout(made: Any) -> None:
    """The login was bounded in time; a table may take hours."""
    made._read_timeout = None
    made._current_timeout = None
    made._sock.settimeout(None)


def _is_of_tls(failed: Exception) -> bool:
    original = getattr(failed, "original_exception", failed)
    return isinstance(original, ssl.SSLError)


def _prepared(made: Any) -> None:
    from pymysql import MySQLError

    for statement in _SESSION:
        try:
            made.query(statement)
        except MySQLError as refused:
            if code_of(refused) != _UNKNOWN_VARIABLE:
                raise


def _closed(made: Any) -> None:
    with suppress(Exception):  # it may be closed, or cut off in the middle of rows
        made.close()


def _tls(connection: MysqlConnection, context: ReadContext) -> ssl.SSLContext | None:
    if connection.sslmode in ("disable", "prefer"):
        return None
    ca = resolve(connection.ca_file, context.settings) if connection.ca_file else None
    made = ssl.create_default_context(cafile=str(ca) if ca else None)
    made.check_hostname = connection.sslmode == "verify-full"
    if connection.sslmode == "require":
        made.verify_mode = ssl.CERT_NONE
    else:
        # Certificates that MySQL makes for itself do not pass what Python 3.13 newly asks.
        made.verify_flags &= ~ssl.VERIFY_X509_STRICT
    return made


class _NoClearPassword:
    """Answers a server that wants the password itself: only where nobody can listen."""

    def __init__(self, opened: Any) -> None:
        self._opened = opened

    def authenticate(self, packet: Any) -> Any:
        if not self._opened._secure:
            raise UnsafePasswordError
        self._opened.write_packet(self._opened.password + b"\0")
        answer = self._opened._read_packet()
        answer.check_error()
        return answer


def _decoded(raw: bytes | None) -> str | None:
    return None if raw is None else raw.decode("utf-8", "surrogateescape")
