"""How a service is used: calls and their times by the hour or the day, errors, who calls."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Literal

from sqlalchemy.engine import Connection, Row

from haina.kernel import clock
from haina.services.gateway import queries

Window = Literal["day", "week", "month"]

_CALLERS = 20
_DAYS = {"week": 7, "month": 30}


@dataclass(frozen=True)
class UsageSlice:
    """An hour or a day: `p50` and `p95` in milliseconds, None without a call."""

    at: datetime
    calls: int
    failed: int
    p50: float | None
    p95: float | None


@dataclass(frozen=True)
class StatusCount:
    status: int
    calls: int


@dataclass(frozen=True)
class CallerUsage:
    """`title`: what the key is for; a person who tried the service has no key."""

    caller: str
    title: str
    by_key: bool
    calls: int
    failed: int
    last_at: datetime


@dataclass(frozen=True)
class ServiceUsage:
    """Since `since`; `slices` without a gap, the newest (unfinished) last; `p50`, `p95` over all.
    `callers`: None for those who may not see who calls."""

    window: Window
    since: datetime
    calls: int
    failed: int
    p50: float | None
    p95: float | None
    slices: list[UsageSlice]
    statuses: list[StatusCount]
    callers: list[CallerUsage] | None


def usage_of(
    connection: Connection, service: str, window: Window, *, with_callers: bool
) -> ServiceUsage:
    """By the hour over a day, by the day over a week or a month."""
    edges = edges_of(window, clock.now())
    rows = {row.slice: row for row in queries.calls_by_slice(connection, service, edges)}
    whole = queries.calls_by_slice(connection, service, [edges[0], edges[-1]])
    over = whole[0] if whole else None
    statuses = queries.calls_by_status(connection, service, edges[0])
    return ServiceUsage(
        window,
        edges[0],
        over.calls if over else 0,
        int(over.failed) if over else 0,
        _milliseconds(over and over.p50),
        _milliseconds(over and over.p95),
        [_slice(at, rows.get(place)) for place, at in enumerate(edges[:-1])],
        [StatusCount(row.status, row.calls) for row in statuses],
        _callers(connection, service, edges[0]) if with_callers else None,
    )


def edges_of(window: Window, moment: datetime) -> list[datetime]:
    """The bounds of the slices: 24 hours, or 7 or 30 days of the platform's zone, with today."""
    local = clock.local(moment)
    if window == "day":
        last = local.replace(minute=0, second=0, microsecond=0) + timedelta(hours=1)
        return [last - timedelta(hours=back) for back in range(24, -1, -1)]
    last = local.replace(hour=0, minute=0, second=0, microsecond=0) + timedelta(days=1)
    return [last - timedelta(days=back) for back in range(_DAYS[window], -1, -1)]


def _slice(at: datetime, row: Row[Any] | None) -> UsageSlice:
    if row is None:
        return UsageSlice(at, 0, 0, None, None)
    return UsageSlice(
        at, row.calls, int(row.failed), _milliseconds(row.p50), _milliseconds(row.p95)
    )


def _milliseconds(microseconds: int | None) -> float | None:
    return None if microseconds is None else int(microseconds) / 1000


def _callers(connection: Connection, service: str, since: datetime) -> list[CallerUsage]:
    return [
        CallerUsage(
            row.caller,
            row.key_title or row.caller,
            row.caller.startswith("app:"),
            row.calls,
            int(row.failed),
            row.last,
        )
        for row in queries.calls_by_caller(connection, service, since, _CALLERS)
    ]
