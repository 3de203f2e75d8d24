"""A constant answer from bare ASGI on the server that serves the platform: the most that a gateway
on it could reach. `python -m bench._constant PORT`."""

import asyncio
import sys
from typing import Any

_BODY = b'{"rows":[{"no":"1","name":"\xe5\xbc\xa0*","sex":"1","birth_date":"1951-02-02"}]}'
_HEADERS = [
    (b"content-type", b"application/json; charset=utf-8"),
    (b"content-length", str(len(_BODY)).encode()),
    (b"cache-control", b"no-store"),
    (b"x-content-type-options", b"nosniff"),
]


async def _answer(scope: Any, _receive: Any, send: Any) -> None:
    if scope["type"] == "http":
        await send({"type": "http.response.start", "status": 200, "headers": _HEADERS})
        await send({"type": "http.response.body", "body": _BODY})


async def _serve(port: int) -> None:
    from granian.constants import Interfaces
    from granian.server.embed import Server

    await Server(
        _answer,
        address="127.0.0.1",
        port=port,
        interface=Interfaces.ASGI,
        backlog=1_024,
        backpressure=4_096,
        log_access=False,
    ).serve()


if __name__ == "__main__":
    asyncio.run(_serve(int(sys.argv[1])))
