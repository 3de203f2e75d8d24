"""Quality over time and by rule: how it went, what fails most, and which runs brought it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy.engine import Connection

from haina.compute import ISSUES, Engine, lake
from haina.compute.lake.contracts import Pinned
from haina.compute.system import read_as_system
from haina.kernel import clock
from haina.kernel.errors import BAD_INPUT, HainaError
from haina.kernel.sql import literal, quote_name
from haina.resources.libraries import queries

MOST_ROWS = 5_000_000
"""Of a table with more rows it is not searched which run brought which."""


@dataclass(frozen=True)
class RuleGrade:
    """A rule of one dataset in its newest check. `before`: how many failed in the check before;
    None when there was none."""

    dataset: str
    version: int
    rule: str
    title: str
    dimension: str
    strong: bool
    total: int
    failed: int
    before: int | None


@dataclass(frozen=True)
class DimensionGrade:
    """Newest checks by dimension: rules, those that fail, and the values that they fail."""

    dimension: str
    rules: int
    rules_failed: int
    failed: int


@dataclass(frozen=True)
class RulePage:
    rules: list[RuleGrade]
    next_after: str | None


@dataclass(frozen=True)
class DayGrade:
    """All datasets at the end of a day (of China), each as its newest check then said."""

    day: date
    datasets: int
    total: int
    failed_rows: int


@dataclass(frozen=True)
class VersionGrade:
    """One check. With a rule asked for, `failed` counts what fails it (None: it was no rule then);
    else the rows that fail any."""

    version: int
    at: datetime
    job: str
    total: int
    failed: int | None
    rules: int
    rules_failed: int


@dataclass(frozen=True)
class Bringer:
    """The run that brought rows, and how many of the failing ones came with it."""

    run: str
    loaded_at: str | None
    rows: int


@dataclass(frozen=True)
class Bringers:
    """`why`: why they cannot be told, when they cannot."""

    runs: list[Bringer]
    why: str | None


@dataclass(frozen=True)
class RuleFilter:
    agency: str | None = None
    dataset: str | None = None
    dimension: str | None = None
    text: str = ""


def dimensions(connection: Connection, agency: str | None = None) -> list[DimensionGrade]:
    """The worst first."""
    names = lake.names_of(connection, agency) if agency else None
    rows = queries.by_dimension(connection, names)
    found = [DimensionGrade(**row._mapping) for row in rows]
    return sorted(found, key=lambda one: (-one.rules_failed, one.dimension))


def failing_rules(
    connection: Connection, wanted: RuleFilter, after: str | None = None, limit: int = 50
) -> RulePage:
    """Rules that fail anything in the newest check of their dataset, most failures first."""
    names = lake.names_of(connection, wanted.agency) if wanted.agency else None
    if wanted.dataset:
        names = [wanted.dataset] if names is None or wanted.dataset in names else []
    rows = queries.failing(
        connection, names, wanted.dimension, wanted.text.split(), _place(after), limit + 1
    )
    found = [RuleGrade(**row._mapping) for row in rows]
    last = found[limit - 1] if len(found) > limit else None
    return RulePage(found[:limit], f"{last.failed}|{last.dataset}|{last.rule}" if last else None)


def _place(after: str | None) -> tuple[int, str, str] | None:
    if after is None:
        return None
    failed, _, rest = after.partition("|")
    dataset, _, rule = rest.partition("|")
    if not failed.isdecimal() or len(failed) > 18 or not rule:
        raise BAD_INPUT("after 不是上一页给的", field="after")
    return int(failed), dataset, rule


def by_day(connection: Connection, days: int, agency: str | None = None) -> list[DayGrade]:
    """The last `days` days, today last; days before the first check are left out."""
    names = frozenset(lake.names_of(connection, agency)) if agency else None
    today = clock.local(clock.now()).date()
    first = today - timedelta(days=days - 1)
    known: dict[str, tuple[int, int]] = {}
    checks: dict[date, dict[str, tuple[int, int]]] = {}
    for row in queries.summaries_until_now(connection, clock.now() - timedelta(days=days + 1)):
        if names is not None and row.dataset not in names:
            continue
        day = clock.local(row.at).date()
        place = known if day < first else checks.setdefault(day, {})
        place[row.dataset] = (row.total, row.failed_rows)
    return _carried([first + timedelta(days=n) for n in range(days)], known, checks)


def _carried(
    days: Sequence[date],
    known: dict[str, tuple[int, int]],
    checks: dict[date, dict[str, tuple[int, int]]],
) -> list[DayGrade]:
    found = []
    for day in days:
        known |= checks.get(day, {})
        if known:
            totals = [sum(part) for part in zip(*known.values(), strict=True)]
            found.append(DayGrade(day, len(known), *totals))
    return found


def by_version(
    connection: Connection, dataset: str, rule: str | None, limit: int
) -> list[VersionGrade]:
    """The newest checks of a dataset, the oldest of them first."""
    rows = queries.summaries_of(connection, dataset, limit)
    failed = None if rule is None else queries.failed_of(connection, dataset, rule)
    return [
        VersionGrade(
            row.version,
            row.at,
            row.job,
            row.total,
            row.failed_rows if failed is None else failed.get(row.version),
            row.rules,
            row.rules_failed,
        )
        for row in reversed(rows)
    ]


def bringers(engine: Engine, table: str, rule: str) -> Bringers:
    """The runs that brought the rows of `std.<table>` that fail a rule, by how many."""
    names = [f"std.{table}", f"ods.{table}"]
    with engine.platform.database.read() as connection:
        std = lake.find_dataset(connection, names[0])
        raw = lake.find_dataset(connection, names[1])
        if max(std.rows or 0, raw.rows or 0) > MOST_ROWS:
            return Bringers([], f"行数超过 {MOST_ROWS:,},不逐行查找")
        try:
            pinned = _made_from(engine, connection, std)
        except HainaError as error:
            return Bringers([], error.message)
    memory = engine.platform.settings.query_memory_mb
    with read_as_system(engine, f"查问题的来源 {table}", pinned, memory_mb=memory) as session:
        rows = session.rows(_bringers_sql(names, rule)).rows
    return Bringers([_bringer(row) for row in rows], None)


def _made_from(engine: Engine, connection: Connection, std: lake.Dataset) -> list[Pinned]:
    """The standard table and the very version of the raw one that it was made from."""
    made = lake.current(engine.platform, connection, [std.name])[0]
    version = lake.find_version(connection, std.name, std.content_version or made.version)
    raw = f"ods.{std.name.split('.', 1)[1]}"
    number = dict(version.inputs).get(raw) if version else None
    if number is None:
        return [made, lake.current(engine.platform, connection, [raw])[0]]
    return [made, lake.pinned(engine.platform, connection, raw, number)]


def _bringers_sql(names: Sequence[str], rule: str) -> str:
    std, raw = (quote_name(name) for name in names)
    return (
        "SELECT r._run, max(r._loaded_at), count(*) "
        f"FROM {std} AS s JOIN {raw} AS r ON s._seq = r._seq "
        f"WHERE list_contains(string_split(s.{ISSUES}, ';'), {literal(rule)}) "
        "GROUP BY r._run ORDER BY 3 DESC, 1 DESC LIMIT 20"
    )


def _bringer(row: Sequence[Any]) -> Bringer:
    return Bringer(str(row[0]), row[1], int(row[2]))
