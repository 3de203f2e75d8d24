"""Data services, for pages: documentation, try-it, keys, usage."""

import json
import time
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Annotated, Any

from fastapi import APIRouter, Request
from pydantic import BaseModel, Field

from haina.compute import Engine, lake
from haina.kernel import clock
from haina.kernel.errors import HainaError
from haina.kernel.platform import Platform
from haina.security.access import Permission, Subject
from haina.security.access.guard import guard
from haina.services.gateway import queries
from haina.services.gateway.answering import answer_point, answer_scan
from haina.services.gateway.contracts import ServiceSpec
from haina.services.gateway.describe import openapi_of, parameters_of
from haina.services.gateway.keys import Key, add_key, disable_key, list_keys
from haina.services.gateway.metering import call_of, write_calls
from haina.services.gateway.registry import Service, find_service, list_services
from haina.services.gateway.serving import Copies, has_copy
from haina.services.gateway.usage import ServiceUsage, Window, usage_of

router = APIRouter(prefix="/api/services", tags=["数据服务"])
Reader = Annotated[Subject, guard(Permission.SERVICES_READ)]
Caller = Annotated[Subject, guard(Permission.SERVICES_CALL)]
Steerer = Annotated[Subject, guard(Permission.SERVICES_STEER)]


class NewKey(BaseModel):
    title: str = Field(min_length=1, max_length=100)
    services: list[str] = Field(min_length=1, max_length=500)
    agency: str | None = Field(None, max_length=60)


class MadeKey(BaseModel):
    """`key` is shown this once."""

    id: str
    key: str


class Trial(BaseModel):
    parameters: dict[str, str] = Field(default_factory=dict, max_length=100)


class TrialAnswer(BaseModel):
    status: int
    body: Any
    milliseconds: float


@dataclass(frozen=True)
class Parameter:
    name: str
    title: str
    needed: bool


@dataclass(frozen=True)
class Usage:
    """Over the last seven days."""

    calls: int
    failed: int
    mean_milliseconds: float | None
    last_at: datetime | None


@dataclass(frozen=True)
class ServiceDetail:
    """`copy_version`: the dataset version that point reads are answered from."""

    spec: ServiceSpec
    pack: str | None
    parameters: list[Parameter]
    titles: dict[str, str]
    usage: Usage
    copy_version: int | None


@router.get("", operation_id="list_services")
def get_services(request: Request, _subject: Reader) -> list[Service]:
    """全部数据服务。"""
    with request.app.state.platform.database.read() as connection:
        return list_services(connection)


@router.get("/openapi.json", operation_id="services_openapi")
def get_openapi(request: Request, _subject: Reader) -> dict[str, Any]:
    """全部数据服务的 OpenAPI 文档。"""
    with request.app.state.platform.database.read() as connection:
        known = {one.name: one for one in lake.datasets(connection)}
        return openapi_of(
            [(one.spec, known.get(one.spec.dataset)) for one in list_services(connection)]
        )


@router.get("/keys/all", operation_id="list_keys")
def get_keys(request: Request, _subject: Steerer) -> list[Key]:
    """全部应用密钥(不含密钥本身)。"""
    with request.app.state.platform.database.read() as connection:
        return list_keys(connection)


@router.post("/keys", operation_id="add_key")
def post_key(request: Request, subject: Steerer, body: NewKey) -> MadeKey:
    """新的应用密钥;只在这里显示一次。"""
    key_id, key = add_key(
        request.app.state.platform, subject.person, body.title, body.services, body.agency
    )
    return MadeKey(id=key_id, key=key)


@router.delete("/keys/{key_id}", operation_id="disable_key", status_code=204)
def delete_key(request: Request, subject: Steerer, key_id: str) -> None:
    """停用一个应用密钥。"""
    disable_key(request.app.state.platform, subject.person, key_id)


@router.get("/{name}", operation_id="find_service")
def get_service(request: Request, _subject: Reader, name: str) -> ServiceDetail:
    """一个数据服务的说明与用量。"""
    with request.app.state.platform.database.read() as connection:
        service = find_service(connection, name)
        dataset = lake.find_dataset(connection, service.spec.dataset)
        used = queries.usage(connection, name, clock.now() - timedelta(days=7))
        copy = queries.copies(connection).get(name)
    titles = {item.name: item.title for item in dataset.items}
    usage = Usage(
        used.calls, used.failed, float(used.mean) / 1000 if used.mean else None, used.last
    )
    parameters = [
        Parameter(name, titles.get(name, name), needed)
        for name, needed in parameters_of(service.spec)
    ]
    return ServiceDetail(
        service.spec, service.pack, parameters, titles, usage, copy.version if copy else None
    )


@router.get("/{name}/usage", operation_id="service_usage")
def get_usage(request: Request, subject: Reader, name: str, window: Window = "day") -> ServiceUsage:
    """一个数据服务的用量与用时:近 24 小时按小时,近 7 天或 30 天按天。"""
    with request.app.state.platform.database.read() as connection:
        find_service(connection, name)
        steers = subject.may(Permission.SERVICES_STEER)
        return usage_of(connection, name, window, with_callers=steers)


@router.post("/{name}/try", operation_id="try_service")
def post_try(request: Request, subject: Caller, name: str, body: Trial) -> TrialAnswer:
    """以登录者的身份真实调用一次,照样记录。"""
    platform: Platform = request.app.state.platform
    with platform.database.read() as connection:
        spec = find_service(connection, name).spec
    started = time.perf_counter_ns()
    rows = 0
    try:
        reply = _answer(request, subject, spec, body.parameters)
        status, answer, rows = 200, json.loads(reply.body), reply.rows
    except HainaError as error:
        status, answer = error.status, {"error": error.as_dict()}
    spent = (time.perf_counter_ns() - started) // 1000
    write_calls(platform, [call_of(name, subject.person, status, rows, spent)])
    return TrialAnswer(status=status, body=answer, milliseconds=spent / 1000)


def _answer(request: Request, subject: Subject, spec: ServiceSpec, given: dict[str, str]) -> Any:
    engine: Engine = request.app.state.engine
    given = {name: value for name, value in given.items() if value.strip()}
    if not has_copy(spec):
        return answer_scan(spec, engine, subject, given)
    copies = Copies(engine.platform)
    copies.refresh()
    return answer_point(spec, copies, given)
