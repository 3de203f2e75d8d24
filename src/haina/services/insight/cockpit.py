"""What the cockpit says of the platform itself: agencies, arrivals, quality, freshness, runs."""

from collections import Counter
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy.engine import Connection

from haina.catalogue.inventory import count_entries
from haina.compute import lake
from haina.coordination.organizations import Organization, list_organizations
from haina.kernel import clock, jobs
from haina.resources import collect, libraries
from haina.resources.collect import Arrival
from haina.resources.libraries import CheckSummary
from haina.services.gateway import list_services
from haina.services.insight.attention import Attention, Call, Unit, calls_of, matters

_SHOWN = 12


@dataclass(frozen=True)
class AgencyState:
    """`quality`: part of the checked rows that fail no rule; `fresh_at`: newest arrival, `newest`
    its table. `rows_today`: of the newest batches that came since midnight; `hours`: of those that
    came within 24 hours, by the hour, the oldest first. `contact`: whom to call."""

    code: str
    title: str
    short: str
    tables: int
    arrived: int
    late: int
    rows: int
    quality: float | None
    checked_rows: int
    failed_rows: int
    fresh_at: datetime | None
    newest: str | None
    rows_today: int
    hours: list[int]
    contact: str


@dataclass(frozen=True)
class Overview:
    """`attention`: the weightiest of the `attention_count` matters; `calls`: all of them by whom
    to call about them."""

    at: datetime
    agencies: list[AgencyState]
    datasets: dict[str, int]
    rows: dict[str, int]
    entries: int
    services: int
    sources: int
    tables: int
    arrivals: dict[str, int]
    runs_today: dict[str, int]
    quarantined: int
    attention: list[Attention]
    attention_count: int
    calls: list[Call]


def overview(connection: Connection) -> Overview:
    """Everything at one moment, from one view of the platform database."""
    moment = clock.now()
    came = collect.arrivals(connection, moment)
    checked = libraries.summaries(connection)
    found = [one for one in lake.heads(connection) if one.current_version is not None]
    bad = collect.quarantined_rows(connection)
    agencies = _agencies(connection, came, checked, moment)
    units = {
        one.code: Unit(
            one.title, one.short, one.contact, one.quality, one.failed_rows, one.fresh_at
        )
        for one in agencies
    }
    waits = matters(connection, came, units, bad, moment)
    rows: Counter[str] = Counter()
    for one in found:
        rows[one.zone] += one.rows or 0
    return Overview(
        moment,
        agencies,
        dict(Counter(one.zone for one in found)),
        dict(rows),
        count_entries(connection),
        len(list_services(connection)),
        len(collect.list_sources(connection)),
        len(came),
        dict(Counter(a.state for a in came)),
        jobs.count_by_state(connection, since=_midnight(moment)),
        sum(bad.values()),
        waits[:_SHOWN],
        len(waits),
        calls_of(waits),
    )


def _agencies(
    connection: Connection, came: list[Arrival], checked: list[CheckSummary], moment: datetime
) -> list[AgencyState]:
    owner = {one.table: one.agency for one in came}
    return [
        _agency(
            unit,
            moment,
            [one for one in came if one.agency == unit.code],
            [one for one in checked if owner.get(one.dataset.removeprefix("ods.")) == unit.code],
        )
        for unit in list_organizations(connection)
        if unit.kind == "agency"
    ]


def _agency(
    unit: Organization, moment: datetime, came: list[Arrival], checked: list[CheckSummary]
) -> AgencyState:
    total = sum(one.total for one in checked)
    failed = sum(one.failed_rows for one in checked)
    newest = max(((at, one.title) for one in came if (at := one.arrived_at)), default=None)
    midnight = _midnight(moment)
    return AgencyState(
        unit.code,
        unit.title,
        unit.short,
        len(came),
        sum(one.state in ("arrived", "short") for one in came),
        sum(one.state == "late" for one in came),
        sum(one.rows or 0 for one in came),
        1 - failed / total if total else None,
        total,
        failed,
        newest and newest[0],
        newest and newest[1],
        sum(one.rows or 0 for one in came if one.arrived_at and one.arrived_at >= midnight),
        _by_hour(came, moment),
        unit.contact,
    )


def _by_hour(came: list[Arrival], moment: datetime) -> list[int]:
    """Rows of the newest batches by the hour of their arrival, the last 24 hours."""
    hours = [0] * 24
    for one in came:
        past = None if one.arrived_at is None else (moment - one.arrived_at) // timedelta(hours=1)
        if past is not None and 0 <= past < len(hours):
            hours[-1 - past] += one.rows or 0
    return hours


def _midnight(moment: datetime) -> datetime:
    return clock.local(moment).replace(hour=0, minute=0, second=0, microsecond=0)
