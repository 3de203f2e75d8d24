"""What the cockpit says of the platform itself: agencies, arrivals, quality, freshness, runs."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Literal

from sqlalchemy.engine import Connection

from haina.catalogue.inventory import count_entries
from haina.compute import lake
from haina.coordination.organizations import Organization, list_organizations
from haina.kernel import clock, jobs
from haina.kernel.jobs import Job
from haina.resources import collect, libraries
from haina.resources.collect import Arrival
from haina.resources.libraries import CheckSummary
from haina.services.gateway import list_services

_POOR_QUALITY = 0.95
_ATTENTION = 12


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
class Attention:
    """One matter that someone should look at, since when, and which agency to call about it (None:
    the platform's own people); `link` is an address of the pages."""

    kind: Literal["late", "short", "quality", "failed_run", "quarantine"]
    weight: int
    title: str
    agency: str | None
    link: str
    since: datetime | None = None
    agency_title: str = ""
    contact: str = ""


@dataclass(frozen=True)
class Overview:
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


def overview(connection: Connection) -> Overview:
    """Everything at one moment, from one view of the platform database."""
    moment = clock.now()
    came = collect.arrivals(connection, moment)
    checked = libraries.summaries(connection)
    found = [one for one in lake.datasets(connection) if one.current_version is not None]
    bad = collect.quarantined_rows(connection)
    agencies = _agencies(connection, came, checked, moment)
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
        _attention(connection, came, agencies, bad, moment),
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


def _attention(
    connection: Connection,
    came: list[Arrival],
    agencies: list[AgencyState],
    bad: dict[str, int],
    moment: datetime,
) -> list[Attention]:
    """The weightiest first: what is missing, what failed, what is wrong."""
    found = [_of_arrival(one) for one in came if one.state in ("late", "short")]
    found += [
        Attention(
            "quality",
            int(10_000 * (1 - one.quality)),
            f"{one.short}:{one.failed_rows:,} 行有质量问题",
            one.code,
            f"/catalogue?agency={one.code}",
            one.fresh_at,
        )
        for one in agencies
        if one.quality is not None and one.quality < _POOR_QUALITY
    ]
    found += [
        Attention(
            "failed_run",
            5000,
            f"运行失败:{job.title}",
            _agency_of(job, came),
            f"/runs/{job.id}",
            job.ended_at,
        )
        for job in _newest_of_each(jobs.list_jobs(connection, state="failed", limit=50).jobs)
        if job.ended_at is not None and job.ended_at > moment - timedelta(days=1)
    ]
    owed = {one.table: one for one in came}
    found += [
        Attention(
            "quarantine",
            count,
            f"{owed[table].title}:{count:,} 行隔离待处理",
            owed[table].agency,
            f"/sources/{owed[table].source}/quarantine/{table}",
            owed[table].arrived_at,
        )
        for table, count in bad.items()
        if table in owed
    ]
    known = {one.code: one for one in agencies}
    return [
        _with_agency(one, known.get(one.agency or ""))
        for one in sorted(found, key=lambda one: -one.weight)[:_ATTENTION]
    ]


def _with_agency(one: Attention, agency: AgencyState | None) -> Attention:
    if agency is None:
        return one
    return replace(one, agency_title=agency.title, contact=agency.contact)


def _agency_of(job: Job, came: list[Arrival]) -> str | None:
    """Whose source a job reads; None for what the platform makes of several."""
    source, table = job.payload.get("source"), job.payload.get("table")
    return next((one.agency for one in came if one.source == source or one.table == table), None)


def _newest_of_each(failed: Sequence[Job]) -> list[Job]:
    """What failed again and again is told once, by its newest run."""
    newest: dict[str, Job] = {}
    for job in failed:
        newest.setdefault(job.title, job)
    return list(newest.values())[:5]


def _of_arrival(one: Arrival) -> Attention:
    if one.state == "late":
        return Attention(
            "late",
            9000,
            f"{one.title}:应到未到",
            one.agency,
            f"/catalogue/std.{one.table}",
            one.due_at,
        )
    return Attention(
        "short",
        7000,
        f"{one.title}:仅到 {one.rows:,} 行,上次 {one.rows_before:,} 行",
        one.agency,
        f"/catalogue/std.{one.table}",
        one.arrived_at,
    )
