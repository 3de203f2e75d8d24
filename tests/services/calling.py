"""Calls of data services through the real ASGI callable, without sockets."""

import asyncio
import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlencode

import sqlalchemy as sa

from haina.compute import Engine
from haina.kernel.platform import Platform
from haina.services.gateway.asgi import DataServices
from haina.services.gateway.tables import call_table


@dataclass(frozen=True)
class Answer:
    status: int
    headers: dict[str, str]
    body: Any

    @property
    def rows(self) -> list[dict[str, Any]]:
        found: list[dict[str, Any]] = self.body["rows"]
        return found

    @property
    def code(self) -> str:
        return str(self.body["error"]["code"])


@dataclass
class Client:
    """An application with a key. `at_start` is called when the first byte of an answer is sent."""

    services: DataServices
    key: str | None
    runner: "asyncio.Runner"
    at_start: Callable[[], None] = field(default=lambda: None)

    def get(self, service: str, /, **parameters: Any) -> Answer:
        return self.ask("GET", service, urlencode(parameters))

    def post(self, name: str, body: Any, *, query: str = "") -> Answer:
        raw = body if isinstance(body, bytes) else json.dumps(body).encode()
        return self.ask("POST", name, query, raw)

    def ask(
        self,
        method: str,
        name: str,
        query: str | bytes = "",
        body: bytes = b"",
        headers: Mapping[str, str] | None = None,
    ) -> Answer:
        return self.runner.run(self.answer(method, name, query, body, headers))

    async def answer(
        self,
        method: str,
        name: str,
        query: str | bytes = "",
        body: bytes = b"",
        headers: Mapping[str, str] | None = None,
    ) -> Answer:
        if headers is None:
            headers = {"authorization": f"Bearer {self.key}"} if self.key else {}
        scope = {
            "type": "http",
            "method": method,
            "path": f"/data/{name}",
            "query_string": query.encode() if isinstance(query, str) else query,
            "headers": [(k.encode(), v.encode("latin-1")) for k, v in headers.items()],
        }
        parts = [body[at : at + 4096] for at in range(0, len(body), 4096)] or [b""]
        sent: list[dict[str, Any]] = []

        async def receive() -> dict[str, Any]:
            part = parts.pop(0)
            return {"type": "http.request", "body": part, "more_body": bool(parts)}

        async def send(message: dict[str, Any]) -> None:
            if message["type"] == "http.response.start":
                self.at_start()
            sent.append(message)

        await self.services(scope, receive, send)
        start, rest = sent[0], b"".join(one["body"] for one in sent[1:])
        found = {key.decode(): value.decode() for key, value in start["headers"]}
        return Answer(start["status"], found, json.loads(rest))


def client_of(platform: Platform, engine: Engine, key: str, runner: "asyncio.Runner") -> Client:
    return Client(DataServices(platform, engine), key, runner)


def calls(platform: Platform) -> list[Any]:
    """The record of calls, oldest first."""
    with platform.database.read() as connection:
        return list(connection.execute(sa.select(call_table).order_by(call_table.c.id)))
