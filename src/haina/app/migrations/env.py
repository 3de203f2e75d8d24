"""Alembic's entry: migrates over the connection that app.migrate hands in."""

from typing import Any, Literal

import sqlalchemy as sa
from alembic import context

from haina.kernel.database import UtcTime, metadata


def render(kind: str, value: Any, _context: Any) -> str | Literal[False]:
    """Our own types as plain ones: a migration must not depend on today's code."""
    if kind == "type" and isinstance(value, UtcTime):
        return 'sa.DateTime(timezone=True).with_variant(sa.String(27), "sqlite")'
    if kind == "type" and isinstance(value, sa.JSON):
        return 'sa.JSON().with_variant(postgresql.JSONB(), "postgresql")'
    return False


connection = context.config.attributes["connection"]
context.configure(
    connection=connection, target_metadata=metadata, render_as_batch=True, render_item=render
)
with context.begin_transaction():
    context.run_migrations()
