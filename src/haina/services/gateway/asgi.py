"""The lean path of data services: bare ASGI under /data/<service>.

GET with parameters in the address, or POST with a JSON object (for what should not stand in
addresses). `Authorization: Bearer hk_…`. Every call is metered before it is answered.
"""

import asyncio
import time
from collections.abc import Awaitable, Callable, MutableMapping
from typing import Any
from urllib.parse import parse_qsl

import orjson

from haina.compute import Engine
from haina.kernel.disk import disk_error
from haina.kernel.errors import (
    BAD_INPUT,
    FORBIDDEN,
    INTERNAL,
    NOT_FOUND,
    UNAUTHENTICATED,
    UNAVAILABLE,
    HainaError,
)
from haina.kernel.platform import Platform
from haina.services.gateway import queries
from haina.services.gateway.answering import Reply, answer_point, answer_scan
from haina.services.gateway.contracts import ServiceSpec
from haina.services.gateway.limits import Limiter
from haina.services.gateway.metering import Meter, call_of
from haina.services.gateway.registry import list_services
from haina.services.gateway.serving import Copies, has_copy
from haina.services.gateway.subjects import application_subject

Scope = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Any]]
Send = Callable[[Any], Awaitable[None]]

_HEADERS = (
    (b"content-type", b"application/json; charset=utf-8"),
    (b"cache-control", b"no-store"),
    (b"x-content-type-options", b"nosniff"),
)
_LOOK_SECONDS = 1.0
_MOST_BODY = 64 * 1024
_MOST_SCANS = 4
_MOST_WAITING_SCANS = 32


class Caller:
    """A living key: who calls and what it may."""

    __slots__ = ("id", "person", "services", "subject")

    def __init__(self, key_id: str, agency: str | None, services: list[str]) -> None:
        self.id = key_id
        self.subject = application_subject(key_id, agency)
        self.person = self.subject.person
        self.services = frozenset(services)


class DataServices:
    """Answers calls of data services. What it knows of keys, services and copies is looked up
    again once a second, so a key that is disabled ends within that time."""

    def __init__(self, platform: Platform, engine: Engine) -> None:
        self._platform = platform
        self._engine = engine
        self._meter = Meter(platform)
        self._limiter = Limiter()
        self._copies = Copies(platform)
        self._services: dict[str, ServiceSpec] = {}
        self._callers: dict[str, Caller] = {}
        self._known_keys: dict[str, str] = {}
        self._looked = 0.0
        self._looking = asyncio.Lock()
        self._scans = asyncio.Semaphore(_MOST_SCANS)
        self._scanning = 0

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        started = time.perf_counter_ns()
        name, person, rows = scope["path"].removeprefix("/data/"), "", 0
        try:
            if time.monotonic() - self._looked >= _LOOK_SECONDS:
                await self._look()
            caller = self._caller(scope)
            person = caller.person
            reply = await self._answer(name, caller, scope, receive)
            status, body, rows = 200, reply.body, reply.rows
        except HainaError as error:
            status, body = error.status, orjson.dumps({"error": error.as_dict()})
        except Exception as error:  # noqa: BLE001 — a caller learns only that it was us
            found = disk_error(error) or INTERNAL()
            status, body = found.status, orjson.dumps({"error": found.as_dict()})
        status, body = await self._metered(name, person, status, body, rows, started)
        await _send(send, status, body)

    async def _metered(
        self, name: str, person: str, status: int, body: bytes, rows: int, started: int
    ) -> tuple[int, bytes]:
        """No answer without its record. Strangers are turned away without one: else anybody could
        fill the disk."""
        if not person or name not in self._services:
            return status, body
        spent = (time.perf_counter_ns() - started) // 1000
        try:
            await self._meter.note(call_of(name, person, status, rows, spent))
        except Exception:  # noqa: BLE001 — fails closed
            return 503, orjson.dumps({"error": INTERNAL("调用无法记录,故不予答复").as_dict()})
        return status, body

    async def _look(self) -> None:
        async with self._looking:
            if time.monotonic() - self._looked >= _LOOK_SECONDS:
                await asyncio.to_thread(self._look_now)
                self._looked = time.monotonic()

    def _look_now(self) -> None:
        with self._platform.database.read() as connection:
            services = {one.spec.name: one.spec for one in list_services(connection)}
            callers = {
                row.digest: Caller(row.id, row.agency, row.services)
                for row in queries.living_keys(connection)
            }
        self._copies.refresh()
        self._services, self._callers = services, callers
        self._known_keys = {}

    def _caller(self, scope: Scope) -> Caller:
        key = _key_of(scope)
        digest = self._known_keys.get(key)
        if digest is None:
            digest = self._platform.secrets.fingerprint(key)
            if digest in self._callers:
                self._known_keys[key] = digest
        caller = self._callers.get(digest)
        if caller is None:
            raise UNAUTHENTICATED("密钥无效或已停用", hint="请向平台管理员申请新的密钥。")
        return caller

    async def _answer(self, name: str, caller: Caller, scope: Scope, receive: Receive) -> Reply:
        spec = self._services.get(name)
        if spec is None:
            raise NOT_FOUND(f"没有数据服务 {name}", field="service")
        if name not in caller.services:
            raise FORBIDDEN(f"这个密钥不能调用 {name}", hint="请平台管理员把该服务加入密钥。")
        self._limiter.take(caller.person, name, spec.per_minute)
        given = await _parameters(scope, receive)
        if has_copy(spec):
            return answer_point(spec, self._copies, given)
        return await self._scan(spec, caller, given)

    async def _scan(self, spec: ServiceSpec, caller: Caller, given: dict[str, str]) -> Reply:
        """A few at a time; who would wait too long is told at once."""
        if self._scanning >= _MOST_SCANS + _MOST_WAITING_SCANS:
            raise UNAVAILABLE("同时进行的计算太多", hint="请按 Retry-After 稍后再试。")
        self._scanning += 1
        try:
            async with self._scans:
                return await asyncio.to_thread(
                    answer_scan, spec, self._engine, caller.subject, given
                )
        finally:
            self._scanning -= 1


def _key_of(scope: Scope) -> str:
    for header, value in scope["headers"]:
        if header == b"authorization" and value[:7].lower() == b"bearer ":
            return str(value[7:].decode("latin-1").strip())
    raise UNAUTHENTICATED(
        "缺少密钥", field="Authorization", hint="请求头写 Authorization: Bearer hk_…。"
    )


async def _parameters(scope: Scope, receive: Receive) -> dict[str, str]:
    try:
        pairs = parse_qsl(
            scope["query_string"].decode(), keep_blank_values=True, max_num_fields=100
        )
    except ValueError:
        raise BAD_INPUT("地址中的参数写法不对") from None
    given = dict(pairs)
    if scope["method"] == "POST":
        given |= _object(await _body(receive))
    elif scope["method"] not in ("GET", "HEAD"):
        raise BAD_INPUT("请用 GET 或 POST", field="method")
    return given


async def _body(receive: Receive) -> bytes:
    parts: list[bytes] = []
    size = 0
    while True:
        message = await receive()
        size += len(message.get("body", b""))
        if size > _MOST_BODY:
            raise BAD_INPUT(f"请求内容超过 {_MOST_BODY // 1024} KB")
        parts.append(message.get("body", b""))
        if not message.get("more_body"):
            return b"".join(parts)


def _object(body: bytes) -> dict[str, str]:
    try:
        value = orjson.loads(body or b"{}")
    except orjson.JSONDecodeError:
        raise BAD_INPUT("请求内容不是合法的 JSON") from None
    if not isinstance(value, dict) or any(isinstance(one, (dict, list)) for one in value.values()):
        raise BAD_INPUT("请求内容应是「参数: 值」的 JSON 对象")
    return {str(name): "" if one is None else str(one) for name, one in value.items()}


async def _send(send: Send, status: int, body: bytes) -> None:
    headers = [*_HEADERS, (b"content-length", str(len(body)).encode())]
    if status in (429, 503):
        headers.append((b"retry-after", b"5"))
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body", "body": body})
