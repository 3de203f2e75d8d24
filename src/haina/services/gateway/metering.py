"""Calls are written down before they are answered, many in one transaction (group commit)."""

import asyncio
import hashlib

from haina.kernel import clock
from haina.kernel.platform import Platform
from haina.security import evidence
from haina.services.gateway import queries
from haina.services.gateway.contracts import Call

_ENOUGH = 64


class Meter:
    """Collects calls while a transaction is under way and writes them with the next one."""

    def __init__(self, platform: Platform) -> None:
        self._platform = platform
        self._waiting: list[tuple[Call, asyncio.Future[None]]] = []
        self._writer: asyncio.Task[None] | None = None

    async def note(self, call: Call) -> None:
        """Return when the call is durable. Raises when it cannot be written: then there must be
        no answer."""
        done: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._waiting.append((call, done))
        if self._writer is None or self._writer.done():
            self._writer = asyncio.create_task(self._write())
        await done

    async def _gather(self) -> None:
        """A commit costs as much for one call as for a hundred, so it waits while every turn of the
        loop still brings one: on a quiet server that is one turn, on a busy one a few milliseconds.
        Not for all that may come: the loop works on the next calls while these are written.
        """
        seen = 0
        while seen < len(self._waiting) < _ENOUGH:
            seen = len(self._waiting)
            await asyncio.sleep(0)

    async def _write(self) -> None:
        while self._waiting:
            await self._gather()
            batch, self._waiting = self._waiting, []
            try:
                await asyncio.to_thread(write_calls, self._platform, [call for call, _ in batch])
            except Exception as error:  # noqa: BLE001 — every caller of the batch is told
                for _, done in batch:
                    if not done.done():
                        done.set_exception(error)
            else:
                for _, done in batch:
                    if not done.done():
                        done.set_result(None)


def write_calls(platform: Platform, calls: list[Call]) -> None:
    """The calls, and one record of evidence over all of them."""
    text = "\n".join(
        f"{call.at.isoformat()} {call.service} {call.caller} {call.status} {call.rows}"
        for call in calls
    )
    with platform.database.write() as connection:
        queries.insert_calls(connection, calls)
        evidence.append(
            connection,
            "gateway",
            "service.calls",
            f"{len(calls)} calls",
            {"count": len(calls), "digest": hashlib.new("sm3", text.encode()).hexdigest()},
        )


def call_of(service: str, caller: str, status: int, rows: int, microseconds: int) -> Call:
    return Call(clock.now(), service, caller, status, rows, microseconds)
