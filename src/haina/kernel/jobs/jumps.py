"""A clock that was set back: work whose moment now lies far in the future does not wait for it.

What was written before the jump looks as if it came from the future. A lease that nobody renews
would hold its job for as long as the clock jumped, and what was due at once would wait as long.
"""

from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from haina.kernel import clock
from haina.kernel.database import Database
from haina.kernel.jobs.schedules import next_time
from haina.kernel.jobs.tables import job_table, run_table, schedule_table

# Clocks of honest machines differ by less.
_TOLERANCE = timedelta(minutes=1)


def after_jump(database: Database, lease: timedelta) -> int:
    """Bring back what came from the future; how much. The usual answer, 0, costs one look."""
    with database.read() as connection:
        looks = (_leases(lease), _waiting())
        found = any(connection.execute(look.limit(1)).first() for look in looks)
        if not found and not _schedules(connection):
            return 0
    with database.write() as connection:
        return _shorten(connection, lease) + _wake(connection) + _plan(connection)


def _leases(lease: timedelta) -> sa.Select[Any]:
    """Leases longer than any that is given."""
    return sa.select(job_table.c.id).where(
        job_table.c.state == "running", job_table.c.lease_until > clock.now() + 2 * lease
    )


def _waiting() -> sa.Select[Any]:
    """Jobs that were added, or ran last, in the future, and are not due yet."""
    edge = clock.now() + _TOLERANCE
    ran = sa.exists().where(run_table.c.job_id == job_table.c.id, run_table.c.ended_at > edge)
    return sa.select(job_table.c.id).where(
        job_table.c.state == "queued",
        job_table.c.due_at > clock.now(),
        sa.or_(job_table.c.created_at > edge, ran),
    )


def _schedules(connection: Connection) -> dict[str, datetime]:
    """Intervals whose next moment is further away than they are long, and their right one. A rule
    with hours (cron) keeps its next one: an hour that comes twice must not start its work twice."""
    moment, table = clock.now(), schedule_table.c
    query = sa.select(table.name, table.rule, table.next_at).where(
        table.next_at > moment + _TOLERANCE, table.rule.like("every %")
    )
    right = {row: next_time(row.rule, moment) for row in connection.execute(query)}
    return {row.name: soon for row, soon in right.items() if row.next_at > soon + _TOLERANCE}


def _shorten(connection: Connection, lease: timedelta) -> int:
    """Who lives renews; whose worker is gone ends with this lease."""
    return _set(connection, _leases(lease), lease_until=clock.now() + lease)


def _wake(connection: Connection) -> int:
    return _set(connection, _waiting(), due_at=clock.now())


def _set(connection: Connection, which: sa.Select[Any], **values: datetime) -> int:
    ids = [row.id for row in connection.execute(which)]
    connection.execute(job_table.update().where(job_table.c.id.in_(ids)).values(**values))
    return len(ids)


def _plan(connection: Connection) -> int:
    found = _schedules(connection)
    for name, moment in found.items():
        connection.execute(
            schedule_table.update().where(schedule_table.c.name == name).values(next_at=moment)
        )
    return len(found)
