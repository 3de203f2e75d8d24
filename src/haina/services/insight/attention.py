"""What someone should look at, the weightiest first, and whom to call about it."""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Literal

from sqlalchemy.engine import Connection

from haina.kernel import jobs
from haina.kernel.jobs import Job
from haina.resources.collect import Arrival

_POOR_QUALITY = 0.95
_MOST_FAILED = 200

Kind = Literal["late", "short", "quality", "failed_run", "quarantine"]


@dataclass(frozen=True)
class Attention:
    """One matter that someone should look at, since when, and which agency to call about it (None:
    the platform's own people); `link` is an address of the pages."""

    kind: Kind
    weight: int
    title: str
    agency: str | None
    link: str
    since: datetime | None = None
    agency_title: str = ""
    contact: str = ""


@dataclass(frozen=True)
class Call:
    """One agency (None: the platform's own people), its contact, how many matters there are of
    each kind, and the weightiest of them."""

    agency: str | None
    title: str
    contact: str
    count: int
    kinds: dict[Kind, int]
    worst: Attention


@dataclass(frozen=True)
class Unit:
    """What is known of an agency when its matters are told."""

    title: str
    short: str
    contact: str
    quality: float | None
    failed_rows: int
    fresh_at: datetime | None


def matters(
    connection: Connection,
    came: Sequence[Arrival],
    units: dict[str, Unit],
    bad: dict[str, int],
    moment: datetime,
) -> list[Attention]:
    """The weightiest first: what is missing, what failed, what is wrong. `bad`: quarantined rows
    by table."""
    found = [_of_arrival(one) for one in came if one.state in ("late", "short")]
    found += _of_quality(units)
    found += _of_runs(connection, came, moment)
    found += _of_quarantine(came, bad)
    found.sort(key=lambda one: -one.weight)
    return [_with_agency(one, units.get(one.agency or "")) for one in found]


def calls_of(found: Sequence[Attention]) -> list[Call]:
    """One call an agency: by its weightiest matter, then by how many there are."""
    kept: dict[str, list[Attention]] = {}
    for one in found:
        kept.setdefault(one.agency or "", []).append(one)
    calls = [_call(of) for of in kept.values()]
    return sorted(calls, key=lambda one: (-one.worst.weight, -one.count))


def _call(of: Sequence[Attention]) -> Call:
    """What concerns one agency, the weightiest first, as one call."""
    worst, kinds = of[0], Counter(one.kind for one in of)
    return Call(worst.agency, worst.agency_title, worst.contact, len(of), dict(kinds), worst)


def _with_agency(one: Attention, unit: Unit | None) -> Attention:
    if unit is None:
        return one
    return replace(one, agency_title=unit.title, contact=unit.contact)


def _of_quality(units: dict[str, Unit]) -> Iterator[Attention]:
    for code, one in units.items():
        if one.quality is not None and one.quality < _POOR_QUALITY:
            yield Attention(
                "quality",
                int(10_000 * (1 - one.quality)),
                f"{one.short}:{one.failed_rows:,} 行有质量问题",
                code,
                f"/catalogue?agency={code}",
                one.fresh_at,
            )


def _of_runs(
    connection: Connection, came: Sequence[Arrival], moment: datetime
) -> Iterator[Attention]:
    """What failed within a day and has not gone well since, told once, by its newest run."""
    failed = jobs.list_jobs(connection, state="failed", limit=_MOST_FAILED).jobs
    day = [one for one in failed if one.ended_at and one.ended_at > moment - timedelta(days=1)]
    well = jobs.last_done(connection, {one.subject for one in day if one.subject})
    seen: set[tuple[str, str]] = set()
    for job in day:
        what = (job.kind, job.subject or job.title)
        if what not in seen and well.get(what, "") < job.id:
            title, link = f"运行失败:{_without_batch(job.title)}", f"/runs/{job.id}"
            yield Attention("failed_run", 5000, title, _agency_of(job, came), link, job.ended_at)
        seen.add(what)


def _without_batch(title: str) -> str:
    """Of a batch whom to call about it wants the table, not the number."""
    return title.partition(" 批次 ")[0]


def _agency_of(job: Job, came: Sequence[Arrival]) -> str | None:
    """Whose source a job reads; None for what the platform makes of several."""
    source, table = job.payload.get("source"), job.payload.get("table")
    return next((one.agency for one in came if one.source == source or one.table == table), None)


def _of_quarantine(came: Sequence[Arrival], bad: dict[str, int]) -> Iterator[Attention]:
    for one in came:
        if count := bad.get(one.table):
            yield Attention(
                "quarantine",
                count,
                f"{one.title}:{count:,} 行隔离待处理",
                one.agency,
                f"/sources/{one.source}/quarantine/{one.table}",
                one.arrived_at,
            )


def _of_arrival(one: Arrival) -> Attention:
    if one.state == "late":
        title, link = f"{one.title}:应到未到", f"/catalogue/std.{one.table}"
        return Attention("late", 9000, title, one.agency, link, one.due_at)
    title = f"{one.title}:仅到 {one.rows:,} 行,上次 {one.rows_before:,} 行"
    link = f"/catalogue/std.{one.table}"
    return Attention("short", 7000, title, one.agency, link, one.arrived_at)
