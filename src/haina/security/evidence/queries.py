"""All SQL on the evidence chain."""

from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection, Row

from haina.security.evidence.tables import evidence_table

# Any number will do, as long as nothing else takes the same advisory lock.
_CHAIN_LOCK = 20250801

# Built once: most acts of a busy platform write one.
_LAST = (
    sa.select(evidence_table.c.seq, evidence_table.c.digest)
    .order_by(evidence_table.c.seq.desc())
    .limit(1)
)
_INSERT = evidence_table.insert()


def last(connection: Connection) -> tuple[int, str] | None:
    """The head of the chain, locked until the transaction ends."""
    if connection.dialect.name == "postgresql":
        connection.execute(sa.text("SELECT pg_advisory_xact_lock(:key)"), {"key": _CHAIN_LOCK})
    row = connection.execute(_LAST).first()
    return None if row is None else (row.seq, row.digest)


def insert(connection: Connection, values: dict[str, Any]) -> None:
    connection.execute(_INSERT, values)


def page(connection: Connection, *, after: int, limit: int) -> list[Row[Any]]:
    query = (
        sa.select(evidence_table)
        .where(evidence_table.c.seq > after)
        .order_by(evidence_table.c.seq)
        .limit(limit)
    )
    return list(connection.execute(query))
