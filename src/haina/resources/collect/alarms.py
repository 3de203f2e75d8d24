"""Alarms: what an agency owes and has not brought. Raised once, cleared by itself when it comes."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy.engine import Connection

from haina.kernel import clock, outbox
from haina.kernel.errors import NOT_FOUND
from haina.kernel.jobs import JobContext
from haina.resources.collect import delivery_queries as queries
from haina.resources.collect.arrivals import Arrival, arrivals

WATCH_ARRIVALS = "collect.watch_arrivals"

_REASONS = ("late", "short")


@dataclass(frozen=True)
class Alarm:
    """`reason`: late (due and not here) or short (far fewer rows than last time)."""

    id: int
    reason: str
    table: str
    agency: str
    message: str
    raised_at: datetime
    cleared_at: datetime | None
    seen_by: str | None


def watch_arrivals(context: JobContext) -> dict[str, Any]:
    """The job: compare what is owed with what is here; tells others by `arrival.alarm`."""
    with context.transaction() as connection:
        raised, cleared = compare(connection, clock.now())
    return {"raised": raised, "cleared": cleared}


def compare(connection: Connection, moment: datetime) -> tuple[int, int]:
    """Raise and clear alarms as of a moment; how many of each."""
    due = {(one.state, one.table): one for one in arrivals(connection, moment)
           if one.state in _REASONS}  # fmt: skip
    known = {(one.reason, one.table): one for one in list_alarms(connection, limit=10_000)}
    fresh = [one for key, one in due.items() if key not in known]
    gone = [one for key, one in known.items() if key not in due]
    for arrival in fresh:
        _raise(connection, arrival, moment)
    for alarm in gone:
        queries.clear_alarm(connection, alarm.id, moment)
    return len(fresh), len(gone)


def _raise(connection: Connection, arrival: Arrival, moment: datetime) -> None:
    message = _message(arrival)
    queries.raise_alarm(
        connection,
        {
            "reason": arrival.state,
            "table": arrival.table,
            "agency": arrival.agency,
            "message": message,
            "raised_at": moment,
        },
    )
    outbox.publish(
        connection,
        "arrival.alarm",
        {"table": arrival.table, "agency": arrival.agency, "message": message},
    )


def _message(arrival: Arrival) -> str:
    if arrival.state == "short":
        return f"「{arrival.title}」本批 {arrival.rows:,} 行,上批 {arrival.rows_before:,} 行,偏少"
    due = clock.local(arrival.due_at) if arrival.due_at else None
    return f"「{arrival.title}」应于 {due:%m-%d %H:%M} 前到数,尚未到"


def list_alarms(connection: Connection, limit: int = 500) -> list[Alarm]:
    """Those that stand, newest first."""
    return [Alarm(**row._mapping) for row in queries.open_alarms(connection, limit)]


def see(connection: Connection, person: str, alarm: int) -> None:
    """Someone has taken note. Raises HainaError(not_found)."""
    if not queries.see_alarm(connection, alarm, person):
        raise NOT_FOUND(f"没有第 {alarm} 号告警,或已解除", field="alarm")
