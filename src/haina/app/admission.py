"""How much the server takes on at once. What is more is turned away before it costs anything: a
caller who is told to come back is served sooner than one who waits in a line without end."""

from collections.abc import Awaitable, Callable, MutableMapping
from typing import Any

import orjson

from haina.kernel.errors import kind

TOO_BUSY = kind("too_busy", 503, "平台正忙,这次请求没有受理", "请按 Retry-After 稍后再试。")

Scope = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Any]]
Send = Callable[[Any], Awaitable[None]]
App = Callable[[Scope, Receive, Send], Awaitable[None]]

_RETRY_SECONDS = b"5"


class Admission:
    """An ASGI application that has at most `most` requests of another at work or waiting.

    A request counts until its answer ends; where it `streams`, until its answer begins: a stream
    that stays open is no work that queues.
    """

    def __init__(self, app: App, most: int, *, streams: bool) -> None:
        self._app = app
        self._most = most
        self._streams = streams
        self.inside = 0

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
        elif self.inside >= self._most:
            await _turn_away(send)
        elif self._streams:
            await self._admit_stream(scope, receive, send)
        else:
            self.inside += 1
            try:
                await self._app(scope, receive, send)
            finally:
                self.inside -= 1

    async def _admit_stream(self, scope: Scope, receive: Receive, send: Send) -> None:
        self.inside += 1
        counted = True

        def leave() -> None:
            nonlocal counted
            self.inside -= counted
            counted = False

        async def noticed(message: Any) -> None:
            leave()
            await send(message)

        try:
            await self._app(scope, receive, noticed)
        finally:
            leave()


async def _turn_away(send: Send) -> None:
    body = orjson.dumps({"error": TOO_BUSY().as_dict()})
    headers = [
        (b"content-type", b"application/json; charset=utf-8"),
        (b"content-length", str(len(body)).encode()),
        (b"cache-control", b"no-store"),
        (b"retry-after", _RETRY_SECONDS),
    ]
    await send({"type": "http.response.start", "status": 503, "headers": headers})
    await send({"type": "http.response.body", "body": body})
