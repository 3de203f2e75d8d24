"""Brings the platform database to the present schema (Alembic).

A change of tables: change tables.py, then `python -m haina.app.migrate "what changed"` writes the
next file of migrations/versions; a test fails until it is there.
"""

import fcntl
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from haina.kernel.platform import Platform

if TYPE_CHECKING:
    from alembic.config import Config

_FOLDER = Path(__file__).parent / "migrations"


def migrate(platform: Platform) -> None:
    """Create or upgrade; safe to call from several processes at once."""
    with platform.database.read() as connection:
        if revision_of(connection) == head():
            return  # the usual start does not even import Alembic
    lock = _one_at_a_time(platform.settings.home / "migrate.lock")
    with lock, platform.database.write() as connection:
        _upgrade(connection)


def head() -> str:
    """The newest revision: files are named by number."""
    return max(path.stem.split("_")[0] for path in (_FOLDER / "versions").glob("[0-9]*.py"))


def revision_of(connection: Connection) -> str | None:
    """The revision that a database is at; None when it is empty."""
    if not sa.inspect(connection).has_table("alembic_version"):
        return None
    found = connection.execute(sa.text("SELECT version_num FROM alembic_version")).scalar()
    return None if found is None else str(found)


def config(connection: Connection) -> "Config":
    from alembic.config import Config

    found = Config()
    found.set_main_option("script_location", str(_FOLDER))
    found.attributes["connection"] = connection
    return found


def _upgrade(connection: Connection) -> None:
    from alembic import command

    command.upgrade(config(connection), "head")


@contextmanager
def _one_at_a_time(path: Path) -> Iterator[None]:
    with path.open("w") as handle:
        fcntl.flock(handle, fcntl.LOCK_EX)
        yield


def _write_next(message: str) -> None:
    """Compare the tables with what the migrations make, and write the difference."""
    from alembic import command

    import haina.app.bootstrap  # noqa: F401 — registers all tables

    engine = sa.create_engine("sqlite://")
    with engine.begin() as connection:
        if list((_FOLDER / "versions").glob("[0-9]*.py")):
            _upgrade(connection)
        number = f"{int(head()) + 1:04d}" if revision_of(connection) else "0001"
        command.revision(config(connection), message, autogenerate=True, rev_id=number)


if __name__ == "__main__":
    _write_next(" ".join(sys.argv[1:]) or "change")
