"""The lean path of data services: bare ASGI under /data/."""

from collections.abc import Awaitable, Callable, MutableMapping
from typing import Any

import orjson

from haina.compute import Engine
from haina.kernel.errors import UNAVAILABLE
from haina.kernel.platform import Platform


class DataServices:
    """Answers calls of data services."""

    def __init__(self, platform: Platform, engine: Engine) -> None:
        self._platform = platform
        self._engine = engine

    async def __call__(
        self,
        scope: MutableMapping[str, Any],
        receive: Callable[[], Awaitable[Any]],
        send: Callable[[Any], Awaitable[None]],
    ) -> None:
        del scope, receive
        body = orjson.dumps({"error": UNAVAILABLE().as_dict()})
        await send(
            {
                "type": "http.response.start",
                "status": 503,
                "headers": [(b"content-type", b"application/json")],
            }
        )
        await send({"type": "http.response.body", "body": body})
