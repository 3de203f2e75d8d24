"""The migrations make the tables that the code declares, on both platform databases."""

from typing import Any

from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext

from haina.app.migrate import head, migrate, revision_of
from haina.kernel.database import UtcTime, metadata
from haina.kernel.platform import Platform


def _same_type(_context: Any, _found: Any, column: Any, _kind: Any, _type: Any) -> bool | None:
    """Our own types stand for plain ones."""
    return False if isinstance(column.type, UtcTime) else None


def test_migrations_make_the_declared_tables(any_platform: Platform) -> None:
    with any_platform.database.read() as connection:
        assert revision_of(connection) == head()
        context = MigrationContext.configure(
            connection,
            opts={"compare_type": _same_type, "target_metadata": metadata},
        )
        assert compare_metadata(context, metadata) == []


def test_migrating_twice_is_once(any_platform: Platform) -> None:
    migrate(any_platform)
    migrate(any_platform)
    with any_platform.database.read() as connection:
        assert revision_of(connection) == head()
