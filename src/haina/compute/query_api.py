"""Queries of people, for pages: asked, called back, exported, and what may be asked about."""

import json
from dataclasses import dataclass
from typing import Annotated, Any

from fastapi import APIRouter, Path, Query, Request, Response
from fastapi.responses import StreamingResponse
from pydantic import BaseModel, Field

from haina.compute import lake
from haina.compute.api import Answer
from haina.compute.door import ISSUES, Engine
from haina.compute.exporting import csv_of
from haina.compute.lake import Dataset, DatasetHead
from haina.security.access import (
    Mask,
    ObjectFacts,
    Permission,
    Purpose,
    Subject,
    decide,
    object_facts,
)
from haina.security.access.guard import guard

router = APIRouter(prefix="/api/datasets", tags=["算力设施"])
Asker = Annotated[Subject, guard(Permission.DATA_QUERY)]
Ticket = Annotated[str, Field(pattern=r"^[\w-]+$", max_length=40)]
_MOST_ROWS = 10_000
_MOST_NAMES = 60


class SqlQuestion(BaseModel):
    """`ticket`: a word of the asker's own, to call the question back with."""

    sql: str = Field(max_length=200_000)
    rows: int = Field(1000, ge=1, le=_MOST_ROWS)
    ticket: Ticket | None = None


class SqlExport(BaseModel):
    sql: str = Field(max_length=200_000)


@dataclass(frozen=True)
class Cancelled:
    """`stopped`: there was something to stop."""

    stopped: bool


@dataclass(frozen=True)
class AskableColumn:
    name: str
    title: str
    type: str
    masked: bool


@dataclass(frozen=True)
class Askable:
    """A dataset that the asker may query. `columns` only where it was asked for by name."""

    name: str
    title: str
    rows: int | None
    columns: list[AskableColumn]


@router.post("/query", operation_id="query", response_model=Answer)
def post_query(request: Request, body: SqlQuestion, subject: Asker) -> Response:
    """只读 SQL,在沙箱里计算;敏感项按权限脱敏。"""
    engine: Engine = request.app.state.engine
    page = engine.read(subject, Purpose.QUERY, body.sql, rows=body.rows, ticket=body.ticket)
    # Millions of cells: they come as plain JSON from the sandbox, to be checked no second time.
    whole = {"columns": page.columns, "rows": page.rows, "truncated": page.truncated}
    return Response(json.dumps(whole, ensure_ascii=False), media_type="application/json")


@router.post("/query/{ticket}/cancel", operation_id="cancel_query")
def post_cancel(
    request: Request, ticket: Annotated[str, Path(max_length=40)], subject: Asker
) -> Cancelled:
    """停下自己正在计算的查询。"""
    engine: Engine = request.app.state.engine
    return Cancelled(engine.cancel(subject, ticket))


@router.post("/query.csv", operation_id="export_query", response_class=StreamingResponse)
def post_export(request: Request, body: SqlExport, subject: Asker) -> StreamingResponse:
    """同一个查询的结果作为 CSV(UTF-8,带 BOM);脱敏与查询相同,记入存证。"""
    engine: Engine = request.app.state.engine
    page = engine.read(subject, Purpose.QUERY, body.sql, rows=_MOST_ROWS, act="data.export")
    headers = {
        "Content-Disposition": 'attachment; filename="query.csv"',
        "X-Truncated": "1" if page.truncated else "0",
    }
    return StreamingResponse(csv_of(page), media_type="text/csv; charset=utf-8", headers=headers)


@router.get("/askable", operation_id="askable")
def get_askable(
    request: Request,
    subject: Asker,
    names: Annotated[
        str, Query(max_length=6000, description="逗号分隔;给出时连同列,空为全部的名称")
    ] = "",
) -> list[Askable]:
    """自己可以查询的数据集;按名称问时给出列,以及哪些列会被脱敏。"""
    wanted = {name for name in names.split(",") if name}
    with request.app.state.platform.database.read() as connection:
        found = [
            one
            for one in lake.heads(connection)
            if one.current_version is not None and (not wanted or one.name in wanted)
        ]
        if wanted:
            found = found[:_MOST_NAMES]
        facts = object_facts(connection, [one.name for one in found])
        return [
            _askable(connection, subject, one, facts[one.name], columns=bool(wanted))
            for one in found
            if one.name in facts and decide(subject, facts[one.name], Purpose.QUERY).allowed
        ]


def _askable(
    connection: Any, subject: Subject, head: DatasetHead, facts: ObjectFacts, *, columns: bool
) -> Askable:
    found = []
    if columns:
        found = _columns(connection, subject, lake.find_dataset(connection, head.name), facts)
    return Askable(head.name, head.title, head.rows, found)


def _columns(
    connection: Any, subject: Subject, dataset: Dataset, facts: ObjectFacts
) -> list[AskableColumn]:
    masks = decide(subject, facts, Purpose.QUERY).masks
    newest = lake.find_version(connection, dataset.name, dataset.current_version or 0)
    titles = {item.name: item.title for item in dataset.items}
    return [
        AskableColumn(
            name, titles.get(name, name), kind, masks.get(name, Mask.NONE) is not Mask.NONE
        )
        for name, kind in (newest.schema if newest else ())
        if not name.startswith("_") or name == ISSUES
    ]
