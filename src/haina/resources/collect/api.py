"""Sources, loads, quarantine and arrivals, for pages."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Annotated, Any

from fastapi import APIRouter, Query, Request

from haina.resources.collect.arrivals import Arrival, arrivals
from haina.resources.collect.loads import request_load
from haina.resources.collect.sources import (
    Load,
    Quarantined,
    Source,
    Table,
    find_source,
    find_table,
    last_loads,
    list_sources,
    list_tables,
    loads_of,
    quarantine_page,
    quarantined_rows,
)
from haina.security import evidence
from haina.security.access import Permission, Role, Subject, guard

router = APIRouter(prefix="/api/sources", tags=["归集"])
Reader = Annotated[Subject, guard(Permission.SOURCES_READ)]
Steerer = Annotated[Subject, guard(Permission.SOURCES_STEER)]
Short = Annotated[str | None, Query(max_length=100)]

_LONG_NUMBER = re.compile(r"[0-9０-９Xx]{6,}")
_WORDS = re.compile(r"[\u3400-\u9fff\U00020000-\U0003ffff]{2,}")


@dataclass(frozen=True)
class SourceView:
    """A source as people see it: never with its secrets."""

    name: str
    title: str
    agency: str
    kind: str
    connection: Mapping[str, Any]
    schedule: str | None
    pack: str | None
    tables: int


@dataclass(frozen=True)
class TableView:
    name: str
    source: str
    title: str
    from_: str
    mode: str
    cycle: str
    watermark: str | None
    quarantined: int
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
        return [_view(source, counts.get(source.name, 0)) for source in list_sources(connection)]


@router.get("/arrivals", operation_id="arrivals")
def get_arrivals(
    request: Request, _subject: Annotated[Subject, guard(Permission.CATALOGUE_READ)]
) -> list[Arrival]:
    """到数:各部门各表应到、实到、缺少。"""
    with request.app.state.platform.database.read() as connection:
        return arrivals(connection)


@router.get("/quarantine", operation_id="quarantine")
def get_quarantine(
    request: Request,
    subject: Reader,
    table: Short = None,
    before: int | None = None,
    limit: Annotated[int, Query(ge=1, le=200)] = 50,
) -> list[Quarantined]:
    """隔离的行:第几行、哪一列、为什么、原文(只有数据所属部门的专员看到全文)。"""
    with request.app.state.platform.database.read() as connection:
        rows = quarantine_page(connection, table=table, before=before, limit=limit)
        owners = {source.name: source.agency for source in list_sources(connection)}
        agency = {one.name: owners.get(one.source) for one in list_tables(connection)}
    return [
        row if _owns(subject, agency.get(row.table)) else replace(row, raw=veiled(row.raw))
        for row in rows
    ]


@router.get("/{name}", operation_id="source_detail")
def get_source(request: Request, _subject: Reader, name: str) -> SourceDetail:
    """一个数据源及其表的最近一次到数与对账。"""
    with request.app.state.platform.database.read() as connection:
        source = find_source(connection, name)
        tables = list_tables(connection, name)
        loads, bad = last_loads(connection), quarantined_rows(connection)
    views = [_table(table, loads.get(table.name, []), bad.get(table.name, 0)) for table in tables]
    return SourceDetail(_view(source, len(tables)), views)


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


def _owns(subject: Subject, agency: str | None) -> bool:
    return Role.STEWARD in subject.roles and subject.agency == agency


def veiled(raw: str) -> str:
    """A bad row as others may see it: long numbers and words in Chinese keep their ends only. No
    binding tells what stands where in a row that could not be read, so all of it is veiled."""
    text = _LONG_NUMBER.sub(lambda m: f"{m[0][:3]}{'*' * (len(m[0]) - 5)}{m[0][-2:]}", raw)
    return _WORDS.sub(lambda m: m[0][0] + "*" * (len(m[0]) - 1), text)


def _view(source: Source, tables: int) -> SourceView:
    return SourceView(
        source.name,
        source.title,
        source.agency,
        source.kind,
        source.connection,
        source.schedule,
        source.pack,
        tables,
    )


def _table(table: Table, loads: list[Load], bad: int) -> TableView:
    spec = table.spec
    return TableView(
        table.name,
        table.source,
        spec.title,
        spec.from_,
        spec.mode,
        spec.cycle,
        table.watermark,
        bad,
        loads[0] if loads else None,
    )
