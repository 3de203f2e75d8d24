"""到数: which batch each agency owed, by when, and how much of it came."""

from dataclasses import dataclass, replace
from datetime import datetime, time, timedelta
from typing import Literal

from sqlalchemy.engine import Connection

from haina.kernel import clock, jobs
from haina.kernel.jobs import Job
from haina.resources.collect.deliveries import LOAD
from haina.resources.collect.requests import LOAD_SOURCE
from haina.resources.collect.sources import (
    Load,
    Source,
    Table,
    last_loads,
    list_sources,
    list_tables,
)
from haina.resources.specs import Cycle

State = Literal["arrived", "short", "waiting", "late", "unplanned"]

_SHORT = 0.8  # less than this part of the last batch is worth a look


@dataclass(frozen=True)
class Failure:
    """Why the newest attempt at a table brought nothing, in the words of its run."""

    at: datetime
    message: str
    hint: str
    job: str


@dataclass(frozen=True)
class Arrival:
    """`state`: arrived in this period; short (far fewer rows than last time); waiting (not yet
    due); late (due and not here); unplanned (no fixed cycle). `failure`: see `with_failures`."""

    agency: str
    source: str
    table: str
    title: str
    cycle: str
    due_at: datetime | None
    arrived_at: datetime | None
    rows: int | None
    rows_before: int | None
    rejected: int | None
    state: State
    failure: Failure | None = None


def arrivals(connection: Connection, moment: datetime | None = None) -> list[Arrival]:
    """Every table that an agency owes, at a moment (now)."""
    moment = moment or clock.now()
    sources = {source.name: source for source in list_sources(connection)}
    loads = last_loads(connection)
    return [
        _arrival(sources[table.source], table, loads.get(table.name, []), moment)
        for table in list_tables(connection)
        if table.source in sources
    ]


def with_failures(connection: Connection, came: list[Arrival]) -> list[Arrival]:
    """The same, each with why its newest batch was not taken, if it was not."""
    loads = jobs.newest_by_subject(connection, LOAD)
    looks = jobs.newest_by_subject(connection, LOAD_SOURCE)

    def failure(one: Arrival) -> Failure | None:
        known = (loads.get(f"ods.{one.table}"), looks.get(f"source:{one.source}"))
        found = [_failure(job) for job in known if job is not None and _brought_nothing(job)]
        after = [each for each in found if one.arrived_at is None or each.at > one.arrived_at]
        return max(after, key=lambda each: each.at, default=None)

    return [replace(one, failure=failure(one)) for one in came]


def _brought_nothing(job: Job) -> bool:
    """It failed, or did and waits to be tried again."""
    return job.state == "failed" or (job.state == "queued" and job.error is not None)


def _failure(job: Job) -> Failure:
    error, at = job.error or {}, job.ended_at or job.started_at or job.created_at
    said = str(error.get("message") or job.message or "没有说明原因")
    return Failure(at, said, str(error.get("hint") or ""), job.id)


def _arrival(source: Source, table: Table, loads: list[Load], moment: datetime) -> Arrival:
    last = loads[0] if loads else None
    before = loads[1] if len(loads) > 1 else None
    period = period_of(table.spec.cycle, table.spec.due, moment)
    return Arrival(
        source.agency,
        source.name,
        table.name,
        table.spec.title,
        table.spec.cycle,
        _due(period, last, table.since),
        last.at if last else None,
        last.rows if last else None,
        before.rows if before else None,
        last.rejected if last else None,
        _state(period, last, before, table.since, moment),
    )


def _due(
    period: tuple[datetime, datetime] | None, last: Load | None, since: datetime
) -> datetime | None:
    """When the batch is (or was) due; None without a cycle, and for a table that was registered
    after the hour and owes its first batch only in the next period."""
    if period is None or (last is None and since > period[1]):
        return None
    return period[1]


def _state(
    period: tuple[datetime, datetime] | None,
    last: Load | None,
    before: Load | None,
    since: datetime,
    moment: datetime,
) -> State:
    if period is None:
        return "unplanned" if last is None else "arrived"
    start, due = period
    if last is not None and last.at >= start:
        full = last.mode == "full" and before is not None
        return "short" if full and before and last.rows < before.rows * _SHORT else "arrived"
    # A table that was registered after the hour owes its first batch in the next period.
    return "waiting" if moment < due or since > due else "late"


def period_of(cycle: Cycle, due: str, moment: datetime) -> tuple[datetime, datetime] | None:
    """Start of the running period and when its batch is due; None without a fixed cycle.

    A period starts at midnight (of the day, Monday, first of month, quarter, year) in China; its
    batch is due on its first day at `due`.
    """
    today = clock.local(moment).date()
    if cycle in ("daily", "realtime"):
        first = today
    elif cycle == "weekly":
        first = today - timedelta(days=today.weekday())
    elif cycle == "monthly":
        first = today.replace(day=1)
    elif cycle == "quarterly":
        first = today.replace(month=today.month - (today.month - 1) % 3, day=1)
    elif cycle == "yearly":
        first = today.replace(month=1, day=1)
    else:
        return None
    start = datetime.combine(first, time(), clock.SHANGHAI)
    return start, datetime.combine(first, time.fromisoformat(due), clock.SHANGHAI)
