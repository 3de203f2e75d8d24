"""What the web server serves: the platform's application and the lean path of data services.

It imports no engine: what must be computed is computed in sandboxes.
"""

import asyncio
import gc
import signal
from collections.abc import Callable
from typing import Any

from haina.app.admission import Admission, Receive, Scope, Send
from haina.app.bootstrap import open_engine, open_installation
from haina.app.http import create_app
from haina.app.supervisor import orphaned
from haina.app.web import web_folder
from haina.kernel.settings import Settings
from haina.services.gateway.asgi import DataServices

# A page's request holds a thread while it is answered, of which there are 40; a call of a data
# service holds next to nothing, but waits for its record.
_MOST_PAGES = 200
_MOST_CALLS = 1_000
# Browsers keep half a dozen connections each; the server's own limit of 128 would lock people out.
_MOST_CONNECTIONS = 4_096


class Site:
    """`/data/…` goes the lean way, everything else to the platform's application; each takes on so
    much at once, so that a rush of calls leaves room for the people who look into it."""

    def __init__(self, app: Any, data: DataServices) -> None:
        self._app = Admission(app, _MOST_PAGES, streams=True)
        self._data = Admission(data, _MOST_CALLS, streams=False)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http" and scope["path"].startswith("/data/"):
            await self._data(scope, receive, send)
        else:
            await self._app(scope, receive, send)


async def serve(settings: Settings) -> None:
    """Serve until SIGTERM or SIGINT; streams are told to end before the server stops."""
    from granian.constants import Interfaces
    from granian.server.embed import Server

    platform = open_installation(settings)
    engine = open_engine(platform, warm=1)
    app = create_app(platform, engine, web_folder())
    server = Server(
        Site(app, DataServices(platform, engine)),
        address=settings.host,
        port=settings.port,
        interface=Interfaces.ASGI,
        backlog=1_024,
        backpressure=_MOST_CONNECTIONS,
        log_access=False,
    )
    gc.freeze()  # what is loaded stays: to look through it for garbage would hold up every answer
    loop = asyncio.get_running_loop()

    def stop() -> None:
        app.state.stopping.set()
        server.stop()

    for name in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(name, stop)
    watcher = asyncio.create_task(_follow_parent(stop))
    try:
        await server.serve()
    finally:
        watcher.cancel()
        engine.close()
        platform.close()


async def _follow_parent(stop: Callable[[], None]) -> None:
    """A server whose supervisor was killed does not live on."""
    while not orphaned():
        await asyncio.sleep(1.0)
    stop()
