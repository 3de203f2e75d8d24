"""Quarantine and drift, for pages: look, mend, send again, put away, confirm."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Annotated, Literal

from fastapi import APIRouter, Query, Request, Response
from pydantic import BaseModel, Field
from sqlalchemy.engine import Connection

from haina.kernel.errors import FORBIDDEN
from haina.resources.collect import drift, quarantine_queries, queries
from haina.resources.collect.quarantine import (
    Mend,
    Quarantined,
    as_csv,
    dismiss,
    from_csv,
    quarantine_page,
    quarantined_rows,
    resend,
    with_guesses,
)
from haina.resources.collect.sources import (
    Table,
    find_source,
    find_table,
    list_sources,
    list_tables,
)
from haina.security.access import Permission, Role, Subject
from haina.security.access.guard import guard
from haina.standards.elements import load_standards

router = APIRouter(prefix="/api/quarantine", tags=["归集"])
Reader = Annotated[Subject, guard(Permission.SOURCES_READ)]
Tender = Annotated[Subject, guard(Permission.SOURCES_TEND)]
State = Literal["open", "resent", "mended", "dismissed", "superseded", "refused"]
Short = Annotated[str | None, Query(max_length=100)]

_LONG_NUMBER = re.compile(r"[0-9０-９Xx]{6,}")
_WORDS = re.compile(r"[\u3400-\u9fff\U00020000-\U0003ffff]{2,}")
_MOST_BYTES = 32 * 1024 * 1024


class MendIn(BaseModel):
    """`values`: column → text, null for an empty value; columns left out keep what they were."""

    id: int
    values: dict[str, str | None] = Field(max_length=2_000)


class Mends(BaseModel):
    rows: list[MendIn] = Field(min_length=1, max_length=1_000)


class Chosen(BaseModel):
    rows: list[int] = Field(min_length=1, max_length=10_000)


@dataclass(frozen=True)
class Sent:
    """`job` is None when one that will take these rows waits already."""

    rows: int
    job: str | None


@dataclass(frozen=True)
class QuarantineSummary:
    """Of one table: rows by state, open rows by reason, and the columns that can be mended.
    `mine`: whether the reader may mend them."""

    table: str
    title: str
    states: dict[str, int]
    reasons: dict[str, int]
    columns: list[str]
    key: list[str]
    mine: bool


@dataclass(frozen=True)
class Waiting:
    """A table on which people have something to decide: `quarantined` open rows, `drifted` changes
    of its columns that wait for confirmation."""

    table: str
    title: str
    source: str
    agency: str
    quarantined: int
    drifted: int


@router.get("", operation_id="quarantine")
def get_quarantine(
    request: Request,
    subject: Reader,
    table: Short = None,
    state: State = "open",
    reason: Short = None,
    before: int | None = None,
    limit: Annotated[int, Query(ge=1, le=200)] = 50,
) -> list[Quarantined]:
    """隔离的行:第几行、哪一列、为什么、原文(只有数据所属部门的专员看到全文)。"""
    with request.app.state.platform.database.read() as connection:
        rows = quarantine_page(
            connection, table=table, state=state, reason=reason, before=before, limit=limit
        )
        sources = {source.name: source for source in list_sources(connection)}
        tables = {one.name: one for one in list_tables(connection)}
        standards = load_standards(connection)
    found: list[Quarantined] = []
    for row in rows:
        of = tables.get(row.table)
        source = sources.get(of.source) if of else None
        if of is None or source is None or not owns(subject, source.agency):
            found.append(_veiled_row(row))
        else:
            found += with_guesses([row], of, source, standards)
    return found


@router.get("/waiting", operation_id="waiting_tables")
def get_waiting(request: Request, subject: Reader) -> list[Waiting]:
    """各表待处理的隔离行和待确认的结构变化,只列有的;部门的人只看到本部门的。"""
    with request.app.state.platform.database.read() as connection:
        bad, drifted = quarantined_rows(connection), queries.count_open_drift(connection)
        owners = {source.name: source.agency for source in list_sources(connection)}
        tables = [one for one in list_tables(connection) if one.name in bad.keys() | drifted.keys()]
    return [
        Waiting(
            one.name,
            one.spec.title,
            one.source,
            owners[one.source],
            bad.get(one.name, 0),
            drifted.get(one.name, 0),
        )
        for one in tables
        if one.source in owners and _concerns(subject, owners[one.source])
    ]


def _concerns(subject: Subject, agency: str) -> bool:
    """An operator looks after all agencies, everybody else after one."""
    return Role.OPERATOR in subject.roles or subject.agency == agency


@router.get("/{table}", operation_id="quarantine_summary")
def get_summary(request: Request, subject: Reader, table: str) -> QuarantineSummary:
    """一张表的隔离情况。"""
    with request.app.state.platform.database.read() as connection:
        found = find_table(connection, table)
        states = quarantine_queries.counts(connection, table).get(table, {})
        reasons = quarantine_queries.reasons(connection, table)
        mine = owns(subject, find_source(connection, found.source).agency)
    spec = found.spec
    states.pop("pending", None)
    return QuarantineSummary(
        table, spec.title, states, reasons, list(spec.columns), list(spec.key), mine
    )


@router.get("/{table}/file", operation_id="quarantine_file", response_class=Response)
def get_file(request: Request, subject: Tender, table: str) -> Response:
    """待修正的行,存成可用表格软件修改的 CSV;改好后从同一页传回。"""
    with request.app.state.platform.database.read() as connection:
        found = _mine(connection, subject, table)
        rows = quarantine_page(connection, table=table, limit=10_000)
        source = find_source(connection, found.source)
        rows = with_guesses(rows, found, source, load_standards(connection))
    return Response(
        as_csv(found, rows),
        media_type="text/csv; charset=utf-8",
        headers={"Content-Disposition": f'attachment; filename="quarantine-{table}.csv"'},
    )


@router.post("/{table}/mend", operation_id="mend_rows")
def post_mend(request: Request, subject: Tender, table: str, body: Mends) -> Sent:
    """把修正后的行重新送入,与数据源的行走同一条路。"""
    mends = [Mend(one.id, one.values) for one in body.rows]
    return _sent(request, subject, table, mends)


@router.post("/{table}/file", operation_id="mend_file")
async def post_file(request: Request, subject: Tender, table: str) -> Sent:
    """传回修改好的 CSV(请求体即文件)。"""
    from fastapi.concurrency import run_in_threadpool

    data = b""
    async for block in request.stream():
        data += block
        if len(data) > _MOST_BYTES:
            raise FORBIDDEN("文件超过 32 MB", field="file", hint="请分几次传回。")
    return await run_in_threadpool(_mended_file, request, subject, table, data)


@router.post("/{table}/dismiss", operation_id="dismiss_rows")
def post_dismiss(request: Request, subject: Tender, table: str, body: Chosen) -> Sent:
    """不再要的行:留在记录里,不入湖。"""
    with request.app.state.platform.database.write() as connection:
        found = _mine(connection, subject, table)
        return Sent(dismiss(connection, subject.person, found, body.rows), None)


@router.get("/{table}/drift", operation_id="table_drift")
def get_drift(request: Request, _subject: Reader, table: str) -> list[drift.DriftRecord]:
    """数据源的列变化,新的在前。"""
    with request.app.state.platform.database.read() as connection:
        find_table(connection, table)
        return drift.drift_of(connection, table)


@router.post("/{table}/drift/accept", operation_id="accept_drift")
def post_accept(request: Request, subject: Tender, table: str) -> dict[str, int]:
    """确认数据源的新结构;下次采集即按新结构。"""
    with request.app.state.platform.database.write() as connection:
        _tended(connection, subject, table)
        return {"accepted": drift.accept(connection, subject.person, table)}


def _mended_file(request: Request, subject: Subject, table: str, data: bytes) -> Sent:
    with request.app.state.platform.database.read() as connection:
        found = _mine(connection, subject, table)
    return _sent(request, subject, table, from_csv(found, data))


def _sent(request: Request, subject: Subject, table: str, mends: Sequence[Mend]) -> Sent:
    with request.app.state.platform.database.write() as connection:
        found = _mine(connection, subject, table)
        return Sent(len(mends), resend(connection, subject.person, found, mends))


def _mine(connection: Connection, subject: Subject, table: str) -> Table:
    """Only those who may see the raw rows may mend them. Raises HainaError(forbidden)."""
    found = find_table(connection, table)
    if not owns(subject, find_source(connection, found.source).agency):
        raise FORBIDDEN(
            "只有数据所属部门的数据专员能修正隔离的行",
            hint="请部门的专员登录后修正;平台管理员看到的原文是遮蔽过的。",
        )
    return found


def _tended(connection: Connection, subject: Subject, table: str) -> Table:
    """The agency's steward, or an operator."""
    found = find_table(connection, table)
    if Role.OPERATOR not in subject.roles:
        return _mine(connection, subject, table)
    return found


def owns(subject: Subject, agency: str | None) -> bool:
    return Role.STEWARD in subject.roles and subject.agency is not None and subject.agency == agency


def _veiled_row(row: Quarantined) -> Quarantined:
    return replace(
        row,
        raw=veiled(row.raw),
        values=_veiled_values(row.values),
        mended=_veiled_values(row.mended),
    )


def _veiled_values(values: dict[str, str | None] | None) -> dict[str, str | None] | None:
    if values is None:
        return None
    return {name: None if text is None else veiled(text) for name, text in values.items()}


def veiled(raw: str) -> str:
    """A bad row as others may see it: long numbers and words in Chinese keep their ends only. No
    binding tells what stands where in a row that could not be read, so all of it is veiled."""
    text = _LONG_NUMBER.sub(lambda m: f"{m[0][:3]}{'*' * (len(m[0]) - 5)}{m[0][-2:]}", raw)
    return _WORDS.sub(lambda m: m[0][0] + "*" * (len(m[0]) - 1), text)
