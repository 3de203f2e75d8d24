"""Calls of a served installation at a rate that does not wait for the answers.

A closed loop of callers slows down with the server and never overloads it; here each call has its
moment, and who is answered late is answered late.
"""

import asyncio
import random
import time
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field

_PATIENCE = 60.0
_IDLE_SECONDS = 20.0  # the server waits thirty for the next request of a connection


@dataclass(frozen=True)
class Ask:
    """A GET request, ready to be sent."""

    path: str
    header: str

    def bytes_(self, host: str) -> bytes:
        return (
            f"GET {self.path} HTTP/1.1\r\nHost: {host}\r\n{self.header}\r\n"
            "Connection: keep-alive\r\n\r\n"
        ).encode()


@dataclass
class Outcome:
    """`statuses` of the answers; `rude`: of refusals, those that do not say when to come back;
    `lost`: calls without an answer; `seconds` of each that was answered with 200."""

    statuses: Counter[int] = field(default_factory=Counter)
    rude: int = 0
    lost: Counter[str] = field(default_factory=Counter)
    seconds: list[float] = field(default_factory=list)

    def quantile(self, part: float) -> float:
        found = sorted(self.seconds)
        return found[min(len(found) - 1, int(len(found) * part))] if found else float("inf")


class Callers:
    """Connections to one server, opened as they are needed and kept."""

    def __init__(self, port: int, asks: Sequence[Ask], seed: int = 1) -> None:
        self._port, self._chance = port, random.Random(seed)
        self._asks = [one.bytes_(f"127.0.0.1:{port}") for one in asks]
        self._idle: list[tuple[float, asyncio.StreamReader, asyncio.StreamWriter]] = []

    async def closed(self, callers: int, seconds: float) -> Outcome:
        """So many who ask again as soon as they are answered: what the server can do."""
        found, end = Outcome(), time.monotonic() + seconds

        async def ask() -> None:
            while time.monotonic() < end:
                await self._ask(found)

        await asyncio.gather(*(ask() for _ in range(callers)))
        return found

    async def at_rate(self, rate: float, seconds: float) -> Outcome:
        """`rate` calls a second, whatever becomes of them."""
        found, began = Outcome(), time.monotonic()
        under_way: set[asyncio.Task[None]] = set()
        sent = 0
        while (passed := time.monotonic() - began) < seconds:
            for _ in range(int(passed * rate) - sent):
                task = asyncio.create_task(self._ask(found))
                under_way.add(task)
                task.add_done_callback(under_way.discard)
                sent += 1
            await asyncio.sleep(0.005)
        await asyncio.gather(*under_way)
        return found

    async def close(self) -> None:
        writers = [writer for _, _, writer in self._idle]
        self._idle.clear()
        for writer in writers:
            writer.close()
        await asyncio.gather(*(one.wait_closed() for one in writers), return_exceptions=True)

    async def _ask(self, found: Outcome) -> None:
        began = time.monotonic()
        try:
            status, head = await asyncio.wait_for(self._exchange(), _PATIENCE)
        except (OSError, TimeoutError, asyncio.IncompleteReadError) as error:
            found.lost[type(error).__name__] += 1
            return
        found.statuses[status] += 1
        if status == 200:
            found.seconds.append(time.monotonic() - began)
        elif status in (429, 503) and b"retry-after:" not in head.lower():
            found.rude += 1

    async def _exchange(self) -> tuple[int, bytes]:
        reader, writer = self._lately_used() or await self._opened()
        try:
            writer.write(self._chance.choice(self._asks))
            head = await reader.readuntil(b"\r\n\r\n")
            await reader.readexactly(_length(head))
        except BaseException:
            writer.close()
            raise
        self._idle.append((time.monotonic(), reader, writer))
        return int(head.split(b" ", 2)[1]), head

    def _lately_used(self) -> tuple[asyncio.StreamReader, asyncio.StreamWriter] | None:
        """As any client does, it leaves alone what the server is about to close as idle."""
        while self._idle:
            used, reader, writer = self._idle.pop()
            if time.monotonic() - used < _IDLE_SECONDS:
                return reader, writer
            writer.close()
        return None

    async def _opened(self) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
        return await asyncio.open_connection("127.0.0.1", self._port)


def _length(head: bytes) -> int:
    for line in head.split(b"\r\n"):
        if line.lower().startswith(b"content-length:"):
            return int(line.split(b":")[1])
    raise OSError("an answer without a length")
