"""Deliveries, for pages and for programs: upload, push, receipts, alarms."""

import json
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Annotated, Any, TypeVar

from fastapi import APIRouter, Header, Query, Request
from fastapi.concurrency import run_in_threadpool
from pydantic import BaseModel, Field

from haina.kernel.errors import BAD_INPUT, FORBIDDEN
from haina.resources.collect import alarms, deliveries, push
from haina.resources.collect.deliveries import Delivery, Intake, Kept
from haina.resources.collect.quarantine_api import owns
from haina.resources.collect.sources import find_source, find_table
from haina.security.access import Permission, Role, Subject
from haina.security.access.guard import guard

router = APIRouter(prefix="/api/deliveries", tags=["报送"])
push_router = APIRouter(prefix="/push", tags=["推送"])
Reader = Annotated[Subject, guard(Permission.SOURCES_READ)]
Tender = Annotated[Subject, guard(Permission.SOURCES_TEND)]
Steerer = Annotated[Subject, guard(Permission.SOURCES_STEER)]
T = TypeVar("T")

_SUFFIX = {
    "text/csv": ".csv",
    "application/json": ".json",
    "application/x-ndjson": ".jsonl",
    "application/jsonl": ".jsonl",
}


@dataclass(frozen=True)
class Receipt:
    """回执: what was received, its SHA-256, and what became of it so far."""

    id: str
    number: str
    table: str
    bytes: int
    sha256: str
    state: str
    message: str | None
    rows: int | None
    rejected: int | None
    received_at: datetime


class NewPushKey(BaseModel):
    source: str = Field(max_length=60)
    title: str = Field(min_length=1, max_length=100)


@dataclass(frozen=True)
class MadePushKey:
    """`key` is shown this once."""

    id: str
    key: str


@router.get("", operation_id="list_deliveries")
def get_deliveries(
    request: Request,
    _subject: Reader,
    table: Annotated[str | None, Query(max_length=60)] = None,
    source: Annotated[str | None, Query(max_length=60)] = None,
    limit: Annotated[int, Query(ge=1, le=500)] = 100,
) -> list[Delivery]:
    """各批报送,新的在前。"""
    with request.app.state.platform.database.read() as connection:
        return deliveries.list_deliveries(connection, table=table, source=source, limit=limit)


@router.get("/alarms", operation_id="list_alarms")
def get_alarms(request: Request, _subject: Reader) -> list[alarms.Alarm]:
    """未解除的到数告警。"""
    with request.app.state.platform.database.read() as connection:
        return alarms.list_alarms(connection)


@router.post("/alarms/{alarm}/seen", operation_id="see_alarm", status_code=204)
def post_seen(request: Request, subject: Tender, alarm: int) -> None:
    """记下谁已知道这条告警。"""
    with request.app.state.platform.database.write() as connection:
        alarms.see(connection, subject.person, alarm)


@router.get("/keys/{source}", operation_id="list_push_keys")
def get_keys(request: Request, _subject: Steerer, source: str) -> list[push.PushKey]:
    """一个数据源的推送密钥(不含密钥本身)。"""
    with request.app.state.platform.database.read() as connection:
        return push.push_keys(connection, source)


@router.post("/keys", operation_id="add_push_key")
def post_key(request: Request, subject: Steerer, body: NewPushKey) -> MadePushKey:
    """新的推送密钥;只在这里显示一次。"""
    platform = request.app.state.platform
    with platform.database.read() as connection:
        deliveries.check_taker(find_source(connection, body.source))
    return MadePushKey(*push.add_push_key(platform, subject.person, body.source, body.title))


@router.delete("/keys/{key}", operation_id="disable_push_key", status_code=204)
def delete_key(request: Request, subject: Steerer, key: str) -> None:
    """停用一个推送密钥。"""
    push.disable_push_key(request.app.state.platform, subject.person, key)


@router.post("/{table}", operation_id="upload_delivery")
async def post_upload(
    request: Request,
    subject: Tender,
    table: str,
    file: Annotated[str, Query(min_length=1, max_length=200, description="文件名")],
    number: Annotated[str | None, Query(max_length=100, description="批次号")] = None,
    rows: Annotated[int | None, Query(ge=0, description="对账单:行数")] = None,
) -> Delivery:
    """在页面上交一批文件(请求体即文件)。"""
    await run_in_threadpool(_may_hand_in, request, subject, table)
    kept = await received(request, file)
    statement = None if rows is None else {"number": number, "rows": rows}
    return await _on_disk(
        kept,
        lambda: _write_down(
            request, table, kept, via="upload", actor=subject.person,
            number=number, statement=statement,
        ),
    )  # fmt: skip


@push_router.post(
    "/{table}", operation_id="push", openapi_extra={"x-public": "推送密钥"}, status_code=202
)
async def post_push(
    request: Request,
    table: str,
    authorization: Annotated[str | None, Header(max_length=200)] = None,
    haina_batch: Annotated[str | None, Header(max_length=100, description="批次号")] = None,
    haina_statement: Annotated[
        str | None, Header(max_length=8_000, description="对账单,JSON:{rows, sums}")
    ] = None,
) -> Receipt:
    """推送一批:请求体为 JSON 数组、JSON 行或 CSV;同一批次号、同一内容可放心重发。"""
    key = await run_in_threadpool(push.pusher, request.app.state.platform, authorization)
    suffix = _suffix(request.headers.get("content-type"))
    if not haina_batch:
        raise BAD_INPUT("请在请求头 Haina-Batch 写明批次号", field="Haina-Batch")
    statement = _statement(haina_statement)
    await run_in_threadpool(_may_push, request, key, table)
    kept = await received(request, f"{table}{suffix}")
    found = await _on_disk(
        kept,
        lambda: _write_down(
            request, table, kept, via="push", actor=f"push_key:{key.id}",
            number=haina_batch, statement=statement,
        ),
    )  # fmt: skip
    return _receipt(found)


@push_router.get(
    "/receipts/{delivery}", operation_id="push_receipt", openapi_extra={"x-public": "推送密钥"}
)
def get_receipt(
    request: Request,
    delivery: str,
    authorization: Annotated[str | None, Header(max_length=200)] = None,
) -> Receipt:
    """一批推送的回执。"""
    platform = request.app.state.platform
    key = push.pusher(platform, authorization)
    with platform.database.read() as connection:
        found = deliveries.find_delivery(connection, delivery)
    if found.source != key.source:
        raise FORBIDDEN("这一批不属于你的数据源", field="delivery")
    return _receipt(found)


async def received(request: Request, name: str) -> Kept:
    """The request's body on disk, bounded, without holding it in memory."""
    intake = await run_in_threadpool(Intake, request.app.state.platform, name)
    try:
        async for block in request.stream():
            if block:
                await run_in_threadpool(intake.write, block)
        return await run_in_threadpool(intake.done)
    except BaseException:
        intake.drop()
        raise


async def _on_disk(kept: Kept, write_down: Callable[[], T]) -> T:
    """Write a delivery down; a file that could not be is not left behind."""
    try:
        return await run_in_threadpool(write_down)
    except BaseException:
        deliveries.forget(kept)
        raise


def _write_down(request: Request, table: str, kept: Kept, **how: Any) -> Delivery:
    with request.app.state.platform.database.write() as connection:
        found = find_table(connection, table)
        return deliveries.receive(
            connection, find_source(connection, found.source), found, kept, **how
        )


def _may_hand_in(request: Request, subject: Subject, table: str) -> None:
    """The agency's steward, or an operator for it."""
    with request.app.state.platform.database.read() as connection:
        source = find_source(connection, find_table(connection, table).source)
    deliveries.check_taker(source)
    if Role.OPERATOR not in subject.roles and not owns(subject, source.agency):
        raise FORBIDDEN("只能为自己的部门报送", field="table")


def _may_push(request: Request, key: push.PushKey, table: str) -> None:
    with request.app.state.platform.database.read() as connection:
        source = find_source(connection, find_table(connection, table).source)
    if source.name != key.source:
        raise FORBIDDEN(f"这个推送密钥不能推送表 {table}", field="table")
    deliveries.check_taker(source)


def _suffix(content_type: str | None) -> str:
    kind = (content_type or "").partition(";")[0].strip().lower()
    if kind not in _SUFFIX:
        raise BAD_INPUT(
            f"不收这种内容类型“{kind or '未写明'}”",
            field="Content-Type",
            hint=f"可用:{'、'.join(_SUFFIX)}。",
        )
    return _SUFFIX[kind]


def _statement(text: str | None) -> dict[str, Any] | None:
    if text is None:
        return None
    try:
        found = json.loads(text)
    except ValueError:
        found = None
    if not isinstance(found, dict):
        raise BAD_INPUT("请求头 Haina-Statement 须为 JSON 对象", field="Haina-Statement")
    return found


def _receipt(found: Delivery) -> Receipt:
    return Receipt(
        found.id,
        found.number,
        found.table,
        found.bytes,
        found.digest,
        found.state,
        found.message,
        found.rows,
        found.rejected,
        found.received_at,
    )
