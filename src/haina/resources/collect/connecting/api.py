"""Connecting a source, step by step: kinds, a file, a test that looks at what is there, rows."""

from dataclasses import dataclass
from typing import Annotated, Any

from fastapi import APIRouter, Query, Request
from fastapi.concurrency import run_in_threadpool
from pydantic import BaseModel, Field

from haina.kernel import clock, pinyin
from haina.kernel.errors import HainaError
from haina.kernel.platform import Platform
from haina.resources.collect import kinds
from haina.resources.collect.connecting import drafts, probing
from haina.resources.collect.connecting.drafts import Draft, Upload
from haina.resources.collect.connecting.judging import standards_of
from haina.resources.collect.connecting.naming import aliases_of, code_name, free_name
from haina.resources.collect.connecting.proposing import (
    ProposedColumn,
    ProposedTable,
    propose_all,
    propose_columns,
)
from haina.resources.collect.connecting.ways import ConnectKind, Way, connect_kinds, kind_of_file
from haina.resources.collect.delivery_api import received
from haina.resources.collect.sources import source_names, table_names
from haina.security import evidence
from haina.security.access import Permission, Subject
from haina.security.access.guard import guard
from haina.standards.elements import ElementSpec, load_standards

router = APIRouter(prefix="/api/connect", tags=["接入"])
Steerer = Annotated[Subject, guard(Permission.SOURCES_STEER)]


class Attempt(BaseModel):
    """What was typed. `draft`: the attempt before, whose file and secrets are used again."""

    way: Way
    kind: str = Field(max_length=30)
    connection: dict[str, Any] = {}
    draft: str | None = Field(None, max_length=20)


class Wanted(BaseModel):
    """`bound`: column → the element that it is to be held to."""

    table: str = Field(min_length=1, max_length=500)
    rows: int = Field(30, ge=1, le=100)
    bound: dict[str, str] = Field({}, max_length=2_000)


@dataclass(frozen=True)
class ElementView:
    """`aliases`: what else people call it; `initials`: of its title and aliases, as typed."""

    name: str
    title: str
    grade: int
    aliases: tuple[str, ...]
    initials: str


@dataclass(frozen=True)
class UploadView:
    file: str
    bytes: int


@dataclass(frozen=True)
class DraftView:
    """`connection` without secrets; `secrets`: the names of those that are kept. `tables` None
    before the connection was tried; `more`: tables that are not listed. `made`: what it became."""

    id: str
    way: Way
    kind: str
    kind_title: str
    connection: dict[str, Any]
    secrets: list[str]
    upload: UploadView | None
    name: str
    title: str
    tables: list[ProposedTable] | None
    more: int
    made: dict[str, Any] | None


@dataclass(frozen=True)
class Verdict:
    """How the rows that were read stand to the element of a column: `failed` of `rows` do not fit;
    `reasons`: what is wrong → rows; `examples`: a few such values."""

    column: str
    element: str
    title: str
    rows: int
    failed: int
    reasons: dict[str, int]
    examples: list[str]


@dataclass(frozen=True)
class Seen:
    """Some rows as text, and rows among them that would be set aside: {line, column, message}.
    `proposed`: the columns anew, by the values that were seen now."""

    columns: list[str]
    rows: list[list[str | None]]
    rejects: list[dict[str, Any]]
    verdicts: list[Verdict]
    proposed: list[ProposedColumn]


@router.get("/kinds", operation_id="connect_kinds")
def get_kinds(_subject: Steerer) -> list[ConnectKind]:
    """能接入的种类,各有哪些连接参数、缺什么驱动。"""
    return connect_kinds()


@router.get("/elements", operation_id="connect_elements")
def get_elements(request: Request, _subject: Steerer) -> list[ElementView]:
    """列可以绑定的数据元。"""
    with request.app.state.platform.database.read() as connection:
        known = load_standards(connection).elements.values()
    return [_element(one) for one in known]


def _element(one: ElementSpec) -> ElementView:
    aliases = aliases_of(one)
    spelt = dict.fromkeys(pinyin.initials(text) for text in (one.title, *aliases))
    return ElementView(one.name, one.title, one.grade, aliases, " ".join(filter(None, spelt)))


@router.post("/files", operation_id="connect_file")
async def post_file(
    request: Request,
    subject: Steerer,
    file: Annotated[str, Query(min_length=1, max_length=200, description="文件名")],
    way: Annotated[Way, Query()] = "upload",
) -> DraftView:
    """交一个文件来接入(请求体即文件);还不读它。"""
    platform: Platform = request.app.state.platform
    await run_in_threadpool(drafts.sweep_drafts, platform)
    kept = await received(request, file)
    upload = Upload(kept.delivery, kept.path.name, kept.bytes, kept.digest)
    kind = "push" if way == "push" else kind_of_file(upload.file) or "csv"

    def written() -> DraftView:
        draft = Draft(
            kept.delivery, subject.person, "push" if way == "push" else "upload",
            kind, {}, {}, upload, None, None, clock.now(),
        )  # fmt: skip
        with platform.database.write() as connection:
            drafts.keep(connection, draft, None)
            evidence.append(
                connection, subject.person, "source.upload", f"draft:{draft.id}",
                {"file": upload.file, "bytes": upload.bytes, "sha256": upload.digest},
            )  # fmt: skip
        return _view(platform, draft)

    return await run_in_threadpool(written)


@router.post("/tests", operation_id="connect_test")
def post_test(request: Request, subject: Steerer, body: Attempt) -> DraftView:
    """试一次连接,并看里面有哪些表;至多一分钟。口令随即加密,不再显示。"""
    platform: Platform = request.app.state.platform
    drafts.sweep_drafts(platform)
    before = None if body.draft is None else _mine(platform, subject, body.draft)
    draft = drafts.start(
        platform, subject.person, body.way, body.kind, body.connection, before=before
    )
    try:
        found = probing.find_tables(platform, draft)
    except HainaError as error:
        _log(platform, subject, draft, {"outcome": error.code})
        raise
    with platform.database.write() as connection:
        drafts.keep(connection, draft, found)
        evidence.append(
            connection, subject.person, "source.test", f"draft:{draft.id}",
            {**_where(draft), "outcome": "reachable", "tables": len(found["tables"])},
        )  # fmt: skip
    return get_draft(request, subject, draft.id)


@router.get("/drafts/{draft}", operation_id="connect_draft")
def get_draft(request: Request, subject: Steerer, draft: str) -> DraftView:
    """自己正在接入的一个数据源:找到的表和建议的声明。"""
    platform: Platform = request.app.state.platform
    return _view(platform, _mine(platform, subject, draft))


@router.delete("/drafts/{draft}", operation_id="connect_forget", status_code=204)
def delete_draft(request: Request, subject: Steerer, draft: str) -> None:
    """不接入了:填写的和交来的都不留。"""
    platform: Platform = request.app.state.platform
    drafts.forget_draft(platform, _mine(platform, subject, draft))


@router.post("/drafts/{draft}/rows", operation_id="connect_rows")
def post_rows(request: Request, subject: Steerer, draft: str, body: Wanted) -> Seen:
    """看一张表的前若干行(不留存;看了谁的什么,记入存证)。"""
    platform: Platform = request.app.state.platform
    mine = _mine(platform, subject, draft)
    _log(platform, subject, mine, {"table": body.table, "rows": body.rows}, act="source.preview")
    with platform.database.read() as connection:
        standards = load_standards(connection)
    bound = standards_of(body.bound, standards)
    found = probing.find_rows(platform, mine, body.table, body.rows, bound)
    looks = found.pop("looks")
    drafts.remember_looks(platform, mine, body.table, looks)
    verdicts = [Verdict(**one) for one in found.pop("verdicts")]
    proposed = propose_columns(_columns_of(mine, body.table), looks, standards)
    return Seen(**found, verdicts=verdicts, proposed=proposed)


def _columns_of(draft: Draft, table: str) -> list[dict[str, Any]]:
    """The columns of a table as the probe said them."""
    tables = (draft.found or {}).get("tables", ())
    return next((list(one["columns"]) for one in tables if one["name"] == table), [])


def _mine(platform: Platform, subject: Subject, draft: str) -> Draft:
    with platform.database.read() as connection:
        return drafts.draft_of(connection, draft, subject.person)


def _log(
    platform: Platform,
    subject: Subject,
    draft: Draft,
    details: dict[str, Any],
    *,
    act: str = "source.test",
) -> None:
    with platform.database.write() as connection:
        evidence.append(
            connection, subject.person, act, f"draft:{draft.id}", {**_where(draft), **details}
        )


def _where(draft: Draft) -> dict[str, Any]:
    """What of a connection evidence may hold: where it leads."""
    shown = {name: draft.connection.get(name) for name in ("host", "port", "database", "path")}
    shown["url"] = draft.connection.get("url")
    if draft.upload is not None:
        shown["file"] = draft.upload.file
    return {"kind": draft.kind, **{name: value for name, value in shown.items() if value}}


def _view(platform: Platform, draft: Draft) -> DraftView:
    tables = None
    with platform.database.read() as connection:
        if draft.found is not None:
            tables = propose_all(
                draft.found["tables"], load_standards(connection),
                taken=table_names(connection), folder=draft.way == "folder",
            )  # fmt: skip
        title = _title(draft)
        name = free_name(code_name(title, draft.kind), source_names(connection))
    file = draft.upload
    upload = None if file is None else UploadView(file.file, file.bytes)
    return DraftView(
        draft.id, draft.way, draft.kind, kinds.get(draft.kind).title, dict(draft.connection),
        sorted(draft.secrets), upload, name, title, tables,
        (draft.found or {}).get("more", 0), None if draft.made is None else dict(draft.made),
    )  # fmt: skip


def _title(draft: Draft) -> str:
    """What the source may be called until someone says better."""
    if draft.upload is not None:
        return draft.upload.file.rpartition(".")[0] or draft.upload.file
    said = (draft.connection.get(name) for name in ("database", "service", "path", "host", "url"))
    found = str(next(filter(None, said), kinds.get(draft.kind).title))
    return found.rstrip("/").rpartition("/")[2].rpartition(".")[0] or found
