"""All SQL on quarantined rows."""

from collections.abc import Iterable, Sequence
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection, Row

from haina.resources.collect.tables import quarantine_table as q


def clear(connection: Connection, job: str) -> None:
    """What an attempt of this job that died had written down."""
    connection.execute(q.delete().where(q.c.job == job))


def add(connection: Connection, rows: list[dict[str, Any]]) -> None:
    if rows:
        connection.execute(q.insert(), rows)


def publish(connection: Connection, table: str, job: str, *, replaces: bool) -> None:
    """Show the bad rows of a load that was published; a full load supersedes older ones."""
    if replaces:
        waiting = q.c.state.in_(("open", "refused"))
        connection.execute(
            q.update().where(q.c.table == table, waiting, q.c.job != job).values(state="superseded")
        )
    connection.execute(
        q.update().where(q.c.job == job, q.c.state == "pending").values(state="open")
    )


def hashes_of(connection: Connection, job: str) -> list[str | None]:
    """Key hashes of the rows that this load did not take as they came."""
    return list(connection.execute(sa.select(q.c.key_hash).where(q.c.job == job)).scalars())


def of_job(connection: Connection, job: str) -> list[Row[Any]]:
    return list(connection.execute(sa.select(q).where(q.c.job == job).order_by(q.c.id)))


def page(
    connection: Connection,
    *,
    table: str | None,
    state: str,
    reason: str | None,
    before: int | None,
    limit: int,
) -> list[Row[Any]]:
    query = sa.select(q).where(q.c.state == state)
    if table is not None:
        query = query.where(q.c.table == table)
    if reason is not None:
        query = query.where(q.c.reason == reason)
    if before is not None:
        query = query.where(q.c.id < before)
    return list(connection.execute(query.order_by(q.c.id.desc()).limit(limit)))


def some(connection: Connection, table: str, ids: Sequence[int]) -> list[Row[Any]]:
    query = sa.select(q).where(q.c.table == table, q.c.id.in_(list(ids)))
    return list(connection.execute(query.order_by(q.c.id)))


def resent(connection: Connection, table: str) -> list[Row[Any]]:
    query = sa.select(q).where(q.c.table == table, q.c.state == "resent")
    return list(connection.execute(query.order_by(q.c.id)))


def set_state(connection: Connection, ids: Iterable[int], state: str, **values: Any) -> None:
    connection.execute(q.update().where(q.c.id.in_(list(ids))).values(state=state, **values))


def decide(
    connection: Connection, row: int, state: str, actor: str, mended: dict[str, Any] | None
) -> None:
    connection.execute(
        q.update().where(q.c.id == row).values(state=state, decided_by=actor, mended=mended)
    )


def still_bad(connection: Connection, row: int, now: Row[Any]) -> None:
    """Open again, for the reason that it is bad now."""
    connection.execute(
        q.update()
        .where(q.c.id == row)
        .values(state="open", column=now.column, reason=now.reason, message=now.message)
    )


def known_mends(
    connection: Connection, table: str, digests: Iterable[str]
) -> dict[str, dict[str, Any]]:
    """Raw digest → the values that people put in its place, the newest."""
    query = (
        sa.select(q.c.raw_digest, q.c.mended)
        .where(
            q.c.table == table,
            q.c.state == "mended",
            q.c.raw_digest.in_(list(digests)),
        )
        .order_by(q.c.id)
    )
    return {row.raw_digest: row.mended for row in connection.execute(query) if row.mended}


def dismissed(connection: Connection, table: str, digests: Iterable[str]) -> set[str]:
    query = sa.select(q.c.raw_digest).where(
        q.c.table == table, q.c.state == "dismissed", q.c.raw_digest.in_(list(digests))
    )
    return set(connection.execute(query).scalars())


def counts(connection: Connection, table: str | None = None) -> dict[str, dict[str, int]]:
    """Table → state → rows."""
    query = sa.select(q.c.table, q.c.state, sa.func.count()).group_by(q.c.table, q.c.state)
    if table is not None:
        query = query.where(q.c.table == table)
    found: dict[str, dict[str, int]] = {}
    for name, state, count in connection.execute(query):
        found.setdefault(name, {})[state] = count
    return found


def states_of_jobs(connection: Connection, jobs: Sequence[str]) -> dict[str, int]:
    """State → rows that these loads set aside, repeated keys apart: their last row is in."""
    query = (
        sa.select(q.c.state, sa.func.count())
        .where(q.c.job.in_(list(jobs)), q.c.reason != "superseded")
        .group_by(q.c.state)
    )
    return {row[0]: row[1] for row in connection.execute(query)}


def reasons(connection: Connection, table: str) -> dict[str, int]:
    query = (
        sa.select(q.c.reason, sa.func.count())
        .where(q.c.table == table, q.c.state == "open")
        .group_by(q.c.reason)
    )
    return {row[0]: row[1] for row in connection.execute(query)}
