"""Sources, loads, quarantine and arrivals, for pages."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Annotated, Any

from fastapi import APIRouter, Query, Request
from sqlalchemy.engine import Connection

from haina.kernel.jobs import schedules
from haina.resources.collect import kinds, queries
from haina.resources.collect.arrivals import Arrival, arrivals, with_failures
from haina.resources.collect.quarantine import (
    Reconciliation,
    quarantined_rows,
    reconciliation,
)
from haina.resources.collect.requests import request_load
from haina.resources.collect.sources import (
    Load,
    Source,
    Table,
    fetches,
    find_source,
    find_table,
    last_loads,
    list_sources,
    list_tables,
    loads_of,
)
from haina.resources.specs import Placement
from haina.security import evidence
from haina.security.access import Permission, Subject
from haina.security.access.guard import guard

router = APIRouter(prefix="/api/sources", tags=["归集"])
Reader = Annotated[Subject, guard(Permission.SOURCES_READ)]
Steerer = Annotated[Subject, guard(Permission.SOURCES_STEER)]
Short = Annotated[str | None, Query(max_length=100)]


@dataclass(frozen=True)
class SourceView:
    """A source as people see it: never with its secrets. `fetches`: whether the platform asks it,
    or waits for what is handed in; `next_at`: when it does so next."""

    name: str
    title: str
    agency: str
    kind: str
    kind_title: str
    connection: Mapping[str, Any]
    placement: Placement
    inbox: bool
    window: str | None
    rows_per_second: int | None
    schedule: str | None
    pack: str | None
    fetches: bool
    next_at: datetime | None
    tables: int


@dataclass(frozen=True)
class TableView:
    """`drifted`: changes of columns that wait for the steward; `balance`: see `Reconciliation`."""

    name: str
    source: str
    title: str
    from_: str
    mode: str
    way: str
    drift: str
    cycle: str
    watermark: str | None
    quarantined: int
    drifted: int
    balance: Reconciliation
    last: Load | None


@dataclass(frozen=True)
class SourceDetail:
    source: SourceView
    tables: list[TableView]


@router.get("", operation_id="list_sources")
def get_sources(request: Request, _subject: Reader) -> list[SourceView]:
    """全部数据源。"""
    with request.app.state.platform.database.read() as connection:
        counts: dict[str, int] = {}
        for table in list_tables(connection):
            counts[table.source] = counts.get(table.source, 0) + 1
        plans = _plans(connection)
        return [
            _view(source, counts.get(source.name, 0), plans.get(source.name))
            for source in list_sources(connection)
        ]


@router.get("/arrivals", operation_id="arrivals")
def get_arrivals(
    request: Request, _subject: Annotated[Subject, guard(Permission.CATALOGUE_READ)]
) -> list[Arrival]:
    """到数:各部门各表应到、实到、缺少;最近一批没收成的,为什么。"""
    with request.app.state.platform.database.read() as connection:
        return with_failures(connection, arrivals(connection))


@router.get("/{name}", operation_id="source_detail")
def get_source(request: Request, _subject: Reader, name: str) -> SourceDetail:
    """一个数据源及其表的最近一次到数与对账。"""
    with request.app.state.platform.database.read() as connection:
        plans = _plans(connection)
        source = find_source(connection, name)
        tables = list_tables(connection, name)
        loads, bad = last_loads(connection), quarantined_rows(connection)
        drifted = queries.count_open_drift(connection)
        balances = {table.name: reconciliation(connection, table.name) for table in tables}
    views = [
        _table(
            table,
            loads.get(table.name, []),
            bad.get(table.name, 0),
            drifted.get(table.name, 0),
            balances[table.name],
        )
        for table in tables
    ]
    return SourceDetail(_view(source, len(tables), plans.get(name)), views)


@router.get("/tables/{table}/loads", operation_id="table_loads")
def get_loads(request: Request, _subject: Reader, table: str) -> list[Load]:
    """一张表历次到数与对账,新的在前。"""
    with request.app.state.platform.database.read() as connection:
        return loads_of(connection, table)


@router.post("/tables/{table}/load", operation_id="load_table")
def post_load(request: Request, subject: Steerer, table: str) -> dict[str, str | None]:
    """现在就采集这张表;已有一次在等则不再添加(job 为空)。"""
    with request.app.state.platform.database.write() as connection:
        found = find_table(connection, table)
        job = request_load(connection, found, f"{subject.title or subject.person} 手动采集")
        evidence.append(connection, subject.person, "load.request", f"table:{table}")
    return {"job": job}


def _plans(connection: Connection) -> dict[str, datetime]:
    """When each source is read next."""
    found = ((one["name"].removeprefix("source:"), one) for one in schedules(connection))
    return {name: one["next_at"] for name, one in found if one["name"] != name}


def _view(source: Source, tables: int, next_at: datetime | None) -> SourceView:
    return SourceView(
        source.name,
        source.title,
        source.agency,
        source.kind,
        kinds.get(source.kind).title,
        source.connection,
        source.placement,
        source.inbox,
        source.window,
        source.rows_per_second,
        source.schedule,
        source.pack,
        fetches(source),
        next_at,
        tables,
    )


def _table(
    table: Table, loads: list[Load], bad: int, drifted: int, balance: Reconciliation
) -> TableView:
    spec = table.spec
    return TableView(
        table.name,
        table.source,
        spec.title,
        spec.from_,
        spec.mode,
        spec.way,
        spec.drift,
        spec.cycle,
        table.watermark,
        bad,
        drifted,
        balance,
        loads[0] if loads else None,
    )
