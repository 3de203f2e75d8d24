"""A session over any driver that follows the DB-API (PEP 249): text columns out of fetchmany."""

from collections.abc import Callable, Generator, Sequence
from contextlib import AbstractContextManager, closing, suppress
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from haina.resources.collect.kinds.databases.drivers.dialect import Statement
from haina.resources.collect.kinds.errors import SOURCE_FAILED

if TYPE_CHECKING:
    import pyarrow as pa

_FETCH_ROWS = 5_000


class DbApiSession:
    """See `Session`. `guard` translates the driver's errors; it stands around each use of it."""

    def __init__(self, opened: Any, guard: Callable[[], AbstractContextManager[None]]) -> None:
        self._opened = opened
        self._guard = guard

    def stream(self, statement: Statement, rows: int) -> "Generator[list[pa.Array], None, None]":
        with self._guard(), closing(self._opened.cursor()) as cursor:
            cursor.arraysize = min(rows, _FETCH_ROWS)
            _execute(cursor, statement)
            while found := cursor.fetchmany(cursor.arraysize):
                yield [text_array(column) for column in zip(*found, strict=True)]

    def row(self, statement: Statement) -> tuple[str | None, ...] | None:
        with self._guard(), closing(self._opened.cursor()) as cursor:
            _execute(cursor, statement)
            found = cursor.fetchone()
            return None if found is None else tuple(map(_shown, found))

    def rows(self, statement: Statement) -> list[tuple[str | None, ...]]:
        """All rows of a small answer."""
        with self._guard(), closing(self._opened.cursor()) as cursor:
            _execute(cursor, statement)
            return [tuple(map(_shown, row)) for row in cursor.fetchall()]

    def run(self, sql: str) -> None:
        """A statement without rows."""
        with self._guard(), closing(self._opened.cursor()) as cursor:
            cursor.execute(sql)

    def cancel(self) -> None:
        """Ask the driver to stop, where it can; a batch that is under way comes to its end."""
        stop = getattr(self._opened, "cancel", None)
        with suppress(Exception):
            if callable(stop):
                stop()


def _execute(cursor: Any, statement: Statement) -> None:
    """Without values the driver must not look for places to put them."""
    if statement.values:
        cursor.execute(statement.sql, statement.values)
    else:
        cursor.execute(statement.sql)


def text_array(values: Sequence[Any]) -> "pa.Array":
    """Values of one column as a string array of bytes that nobody has checked.

    Text and bytes as they are, numbers of Python in their exact form. Raises
    HainaError(source_failed) for anything else: its text would be a guess.
    """
    import pyarrow as pa
    import pyarrow.compute as pc

    raw = pa.array([_bytes(value) for value in values], pa.binary())
    return pc.cast(raw, options=pc.CastOptions(pa.string(), allow_invalid_utf8=True))


def _bytes(value: Any) -> bytes | None:
    if value is None or isinstance(value, bytes):
        return value
    if isinstance(value, bytearray | memoryview):
        return bytes(value)
    return _exact(value).encode("utf-8", "surrogatepass")


def _exact(value: Any) -> str:
    """A value of Python as text that can be read back to it."""
    if isinstance(value, str):
        return value
    if isinstance(value, bool | int):
        return str(int(value))
    if isinstance(value, float):
        return repr(value)
    if isinstance(value, Decimal):
        return f"{value:f}"
    raise SOURCE_FAILED(
        f"驱动交回了不认识的值({type(value).__name__})", hint="请在采集声明中去掉这个字段。"
    )


def _shown(value: Any) -> str | None:
    if isinstance(value, bytes):
        return value.decode("utf-8", "surrogateescape")
    return None if value is None else _exact(value)
