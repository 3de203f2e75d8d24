"""Rows of the platform database as lines of JSON, the same on SQLite and PostgreSQL."""

import base64
import json
from collections.abc import Iterable, Iterator
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from haina.kernel.database import UtcTime

_BATCH = 1000


def lines_of(connection: Connection, table: sa.Table) -> Iterator[str]:
    """Each row, in the order of the primary key."""
    order = list(table.primary_key.columns) or list(table.columns)
    asked = connection.execution_options(yield_per=_BATCH).execute(
        sa.select(table).order_by(*order)
    )
    for row in asked:
        told = {name: _plain(value) for name, value in row._mapping.items()}
        yield json.dumps(told, ensure_ascii=False, sort_keys=True, separators=(",", ":"))


def _plain(value: Any) -> Any:
    if isinstance(value, datetime):
        return value.isoformat()
    if isinstance(value, bytes):
        return base64.b64encode(value).decode()
    return value


def put_lines(connection: Connection, table: sa.Table, lines: Iterable[str]) -> int:
    """Insert what `lines_of` told; how many."""
    batch: list[dict[str, Any]] = []
    count = 0
    for line in lines:
        batch.append(_row(table, json.loads(line)))
        count += 1
        if len(batch) == _BATCH:
            connection.execute(table.insert(), batch)
            batch = []
    if batch:
        connection.execute(table.insert(), batch)
    return count


def _row(table: sa.Table, told: dict[str, Any]) -> dict[str, Any]:
    return {name: _typed(table.columns[name].type, value) for name, value in told.items()}


def _typed(column: Any, value: Any) -> Any:
    if value is None:
        return None  # of JSON too: nothing tells its null from none at all
    if isinstance(column, UtcTime):
        return datetime.fromisoformat(value)
    return base64.b64decode(value) if isinstance(column, sa.LargeBinary) else value


def move_counters(connection: Connection, tables: Iterable[sa.Table]) -> None:
    """PostgreSQL counts on from the largest number that came in."""
    if connection.dialect.name != "postgresql":
        return
    for table in tables:
        column = table.autoincrement_column
        if column is not None and isinstance(column.type, sa.Integer):
            named = sa.func.pg_get_serial_sequence(table.name, column.name)
            most = sa.select(sa.func.max(column)).scalar_subquery()
            connection.execute(sa.select(sa.func.setval(named, most)).where(named.is_not(None)))
