"""What is too much at once is turned away, and nothing else is."""

import asyncio
import json
from typing import Any

import pytest

from haina.app.admission import Admission, Receive, Scope, Send

HTTP: Scope = {"type": "http", "path": "/"}


class Gate:
    """An application that answers when it is let; `streams`: it begins its answer at once."""

    def __init__(self, *, streams: bool = False, breaks: bool = False) -> None:
        self.open = asyncio.Event()
        self._streams, self._breaks = streams, breaks

    async def __call__(self, _scope: Scope, _receive: Receive, send: Send) -> None:
        if self._streams:
            await send({"type": "http.response.start", "status": 200, "headers": []})
        await self.open.wait()
        if self._breaks:
            raise RuntimeError("broken")
        if not self._streams:
            await send({"type": "http.response.start", "status": 200, "headers": []})
        await send({"type": "http.response.body", "body": b"done"})


class Visitor:
    """One request, under way."""

    def __init__(self, app: Admission, scope: Scope = HTTP) -> None:
        self.sent: list[dict[str, Any]] = []
        self.task = asyncio.create_task(self._go(app, scope))

    async def _go(self, app: Admission, scope: Scope) -> None:
        async def receive() -> dict[str, Any]:
            return {"type": "http.request", "body": b""}

        async def send(message: dict[str, Any]) -> None:
            self.sent.append(message)

        await app(scope, receive, send)

    @property
    def status(self) -> int | None:
        return self.sent[0]["status"] if self.sent else None


@pytest.mark.parametrize("streams", [True, False])
def test_one_too_many_is_told_to_come_back(streams: bool) -> None:
    async def walk() -> None:
        gate = Gate()
        app = Admission(gate, 2, streams=streams)
        first = [Visitor(app), Visitor(app)]
        await asyncio.sleep(0)
        late = Visitor(app)
        await late.task
        assert late.status == 503
        assert dict(late.sent[0]["headers"])[b"retry-after"].isdigit()
        assert json.loads(late.sent[1]["body"])["error"]["code"] == "too_busy"
        gate.open.set()
        await asyncio.gather(*(one.task for one in first))
        assert [one.status for one in first] == [200, 200]
        again = Visitor(app)
        await again.task
        assert (again.status, app.inside) == (200, 0)

    asyncio.run(walk())


def test_a_stream_that_stays_open_takes_no_place() -> None:
    async def walk() -> None:
        gate = Gate(streams=True)
        app = Admission(gate, 1, streams=True)
        streams = [Visitor(app)]
        await asyncio.sleep(0)
        streams.append(Visitor(app))
        await asyncio.sleep(0)
        assert [one.status for one in streams] == [200, 200]
        gate.open.set()
        await asyncio.gather(*(one.task for one in streams))
        assert app.inside == 0

    asyncio.run(walk())


@pytest.mark.parametrize("streams", [True, False])
@pytest.mark.parametrize("end", ["breaks", "leaves"])
def test_who_fails_or_goes_away_gives_the_place_back(end: str, streams: bool) -> None:
    async def walk() -> None:
        gate = Gate(breaks=end == "breaks")
        app = Admission(gate, 1, streams=streams)
        one = Visitor(app)
        await asyncio.sleep(0)
        assert app.inside == 1
        one.task.cancel() if end == "leaves" else gate.open.set()
        with pytest.raises((RuntimeError, asyncio.CancelledError)):
            await one.task
        assert app.inside == 0

    asyncio.run(walk())


def test_what_is_no_request_is_passed_on() -> None:
    async def walk() -> None:
        gate = Gate()
        gate.open.set()
        await Visitor(Admission(gate, 0, streams=True), {"type": "lifespan"}).task

    asyncio.run(walk())
