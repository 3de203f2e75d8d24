"""Schedules: cron in Asia/Shanghai, or an interval; due ones become jobs."""

import re
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from haina.kernel import clock
from haina.kernel.database import Database
from haina.kernel.errors import kind
from haina.kernel.jobs import queries
from haina.kernel.jobs.contracts import Cause, NewJob
from haina.kernel.jobs.tables import schedule_table

BAD_SCHEDULE = kind(
    "bad_schedule", 422, "时间表写法有误", "如「30 2 * * *」(cron)或「every 15m」。"
)

_INTERVAL = re.compile(r"^every ([1-9]\d{0,4})([smhd])$")
_UNITS = {"s": "seconds", "m": "minutes", "h": "hours", "d": "days"}


@dataclass(frozen=True)
class ScheduleInput:
    name: str
    kind: str
    title: str
    rule: str
    payload: dict[str, Any] = field(default_factory=dict)
    lock: str | None = None
    subject: str | None = None


def next_time(rule: str, after: datetime) -> datetime:
    """The first moment of the rule after a moment. Raises HainaError(bad_schedule)."""
    interval = _INTERVAL.match(rule)
    if interval:
        return after + timedelta(**{_UNITS[interval[2]]: int(interval[1])})
    from croniter import CroniterBadCronError, CroniterBadDateError, croniter

    try:
        if len(rule.split()) != 5:
            raise CroniterBadCronError(rule)
        found = croniter(rule, clock.local(after)).get_next(datetime)
    except (CroniterBadCronError, CroniterBadDateError, ValueError, KeyError):
        raise BAD_SCHEDULE(f"看不懂的时间表「{rule}」", field="schedule") from None
    assert isinstance(found, datetime)
    return found


def check_schedule(rule: str) -> None:
    """Raises HainaError(bad_schedule)."""
    next_time(rule, clock.now())


def put_schedule(connection: Connection, new: ScheduleInput) -> None:
    """Create or change; an unchanged rule keeps its next moment."""
    old = connection.execute(
        sa.select(schedule_table).where(schedule_table.c.name == new.name)
    ).first()
    keep = old is not None and old.rule == new.rule
    values = {
        "kind": new.kind,
        "title": new.title,
        "payload": new.payload,
        "rule": new.rule,
        "lock_key": new.lock,
        "subject": new.subject,
        "next_at": old.next_at if keep and old else next_time(new.rule, clock.now()),
    }
    if old is None:
        connection.execute(schedule_table.insert().values(name=new.name, **values))
    else:
        connection.execute(
            schedule_table.update().where(schedule_table.c.name == new.name).values(**values)
        )


def remove_schedule(connection: Connection, name: str) -> None:
    connection.execute(schedule_table.delete().where(schedule_table.c.name == name))


def schedules(connection: Connection) -> list[dict[str, Any]]:
    query = sa.select(schedule_table).order_by(schedule_table.c.name)
    return [dict(row._mapping) for row in connection.execute(query)]


def due_schedules(database: Database) -> int:
    """Turn due schedules into jobs. What was missed while nothing ran is made up for once."""
    moment = clock.now()
    due = sa.select(schedule_table).where(schedule_table.c.next_at <= moment)
    with database.read() as connection:
        if connection.execute(due.limit(1)).first() is None:
            return 0
    with database.write() as connection:
        rows = list(connection.execute(due.with_for_update(skip_locked=True)))
        for row in rows:
            queries.enqueue(
                connection,
                NewJob(
                    row.kind,
                    row.title,
                    row.payload,
                    cause=f"到了时间表「{row.rule}」的时刻",
                    lock=row.lock_key,
                    dedupe=f"schedule:{row.name}",
                    subject=row.subject,
                    causes=(Cause("schedule", row.name),),
                ),
            )
            connection.execute(
                schedule_table.update()
                .where(schedule_table.c.name == row.name)
                .values(last_at=moment, next_at=next_time(row.rule, moment))
            )
    return len(rows)
