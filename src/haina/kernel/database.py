"""The platform database: one schema on SQLite (embedded) and PostgreSQL.

On SQLite every write transaction and every checkpoint, in any process, holds one flock on
`platform.lock`: versions before 3.51.3 can corrupt a WAL when a checkpoint races a commit. Hence
also no automatic checkpoints, and connections that are closed only under the lock (the last one
to close would checkpoint). Readers take no lock.
"""

import fcntl
import json
import os
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.engine import Connection, Dialect, Engine
from sqlalchemy.types import TypeDecorator, TypeEngine

metadata = sa.MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "fk": "fk_%(table_name)s_%(column_0_N_name)s",
        "pk": "pk_%(table_name)s",
    }
)

_in_transaction: ContextVar[bool] = ContextVar("in_transaction", default=False)


class UtcTime(TypeDecorator[datetime]):
    """A moment with its zone. SQLite has no such type: there it is sortable ISO text in UTC."""

    impl = sa.String(27)
    cache_ok = True

    def load_dialect_impl(self, dialect: Dialect) -> TypeEngine[Any]:
        if dialect.name == "sqlite":
            return dialect.type_descriptor(sa.String(27))
        return dialect.type_descriptor(sa.DateTime(timezone=True))

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> Any:
        if value is None or dialect.name != "sqlite":
            return value
        return utc_text(value)

    def process_result_value(self, value: Any, dialect: Dialect) -> datetime | None:
        if value is None or dialect.name != "sqlite":
            return None if value is None else value.astimezone(UTC)
        return datetime.fromisoformat(str(value).replace("Z", "+00:00"))


def utc_text(moment: datetime) -> str:
    """A moment as sortable text of 27 characters. Raises ValueError for one without a zone."""
    if moment.tzinfo is None:
        raise ValueError("a moment without a zone cannot be stored")
    return moment.astimezone(UTC).replace(tzinfo=None).isoformat(timespec="microseconds") + "Z"


Json = sa.JSON().with_variant(JSONB(), "postgresql")


def in_transaction() -> bool:
    """True inside `write()`: lake, engine and network calls refuse to run there."""
    return _in_transaction.get()


def forbid_transaction(what: str) -> None:
    """Guard of slow or external work: a transaction must never wait for it (design §4)."""
    if in_transaction():
        raise RuntimeError(f"{what} inside a transaction of the platform database")


class Database:
    """The door to the platform database."""

    def __init__(self, url: str, lock_path: Path) -> None:
        self.url = url
        self.is_sqlite = url.startswith("sqlite")
        self._lock_path = lock_path
        self._thread_lock = threading.Lock()
        if self.is_sqlite:
            lock_path.parent.mkdir(parents=True, exist_ok=True)
        self.engine = _sqlite_engine(url) if self.is_sqlite else _postgres_engine(url)

    @contextmanager
    def read(self) -> Iterator[Connection]:
        """A connection with one consistent view; nothing written in it is kept."""
        with self.engine.connect() as connection:
            try:
                yield connection
            finally:
                connection.rollback()

    @contextmanager
    def snapshot(self) -> Iterator[Connection]:
        """As `read`, and one view however many statements are asked on PostgreSQL too."""
        with self.engine.connect() as plain:
            level = {} if self.is_sqlite else {"isolation_level": "REPEATABLE READ"}
            connection = plain.execution_options(**level)
            try:
                yield connection
            finally:
                connection.rollback()

    @contextmanager
    def write(self) -> Iterator[Connection]:
        """One transaction: committed when the block ends, undone when it raises."""
        if in_transaction():
            raise RuntimeError("a transaction inside a transaction")
        with self._exclusive(), self.engine.connect() as connection:
            token = _in_transaction.set(True)
            try:
                with connection.execution_options(haina_write=True).begin():
                    yield connection
            finally:
                _in_transaction.reset(token)

    def checkpoint(self) -> None:
        """Fold the WAL into the database file (SQLite only)."""
        if not self.is_sqlite:
            return
        with self._exclusive(), self.engine.connect() as connection:
            raw = connection.connection.dbapi_connection
            assert raw is not None
            # No waiting for readers: all writers would wait with us. The next one folds the rest.
            raw.execute("PRAGMA busy_timeout=0")
            try:
                raw.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchall()
            finally:
                raw.execute("PRAGMA busy_timeout=10000")

    def close(self) -> None:
        with self._exclusive():
            self.engine.dispose()

    @contextmanager
    def _exclusive(self) -> Iterator[None]:
        if not self.is_sqlite:
            yield
            return
        with self._thread_lock:
            handle = os.open(self._lock_path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
            try:
                fcntl.flock(handle, fcntl.LOCK_EX)
                yield
            finally:
                os.close(handle)


def _dumps(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))


def _sqlite_engine(url: str) -> Engine:
    engine = sa.create_engine(
        url,
        json_serializer=_dumps,
        hide_parameters=True,
        pool_size=64,
        max_overflow=0,
        pool_timeout=30,
    )

    @sa.event.listens_for(engine, "connect")
    def _prepare(raw: Any, _record: Any) -> None:
        raw.isolation_level = None  # we say BEGIN ourselves, below
        for pragma in (
            "journal_mode=WAL",
            "synchronous=FULL",
            "wal_autocheckpoint=0",
            "foreign_keys=ON",
            "busy_timeout=10000",
            "temp_store=MEMORY",
        ):
            raw.execute(f"PRAGMA {pragma}")

    @sa.event.listens_for(engine, "begin")
    def _begin(connection: Connection) -> None:
        writes = connection.get_execution_options().get("haina_write")
        connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")

    return engine


def _postgres_engine(url: str) -> Engine:
    return sa.create_engine(
        url,
        json_serializer=_dumps,
        hide_parameters=True,
        pool_size=16,
        max_overflow=8,
        pool_pre_ping=True,
    )
