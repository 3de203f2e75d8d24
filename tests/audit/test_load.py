"""More than the server can do, and for long: it says no in time, recovers, and does not grow."""

import asyncio
import statistics
import time
from pathlib import Path

import pytest

from bench._harness import pss_mb
from haina.security.access.guard import COOKIE
from tests.app.support_http import Prepared
from tests.audit.conftest import Tell
from tests.audit.load import Ask, Callers, Outcome
from tests.audit.site import serve
from tests.support.packs import id_number
from tests.support.processes import free_port, kill_group

OVERLOAD_SECONDS = 60
SOAK_SECONDS = 1200
RECOVERY_SECONDS = 30
_LOOKS = 40
_GROWTH = 1.08

pytestmark = pytest.mark.timeout(1800)


def asks_of(prepared: Prepared) -> list[Ask]:
    """What pages and applications ask, in the mixture of a working day."""
    page = f"Cookie: {COOKIE}={prepared.tokens['operator']}"
    program = f"Authorization: Bearer {prepared.key}"
    pages = ["/api/session", "/api/catalogue/entries?limit=50", "/api/runs?limit=50", "/api/services",
             "/api/sources", "/api/catalogue/entries/std.person"]  # fmt: skip
    calls = [f"/data/person_card?id_number={id_number(place)}" for place in range(1, 13)]
    return [*(Ask(path, page) for path in pages), *(Ask(path, program) for path in calls)]


@pytest.mark.audit
def test_overload(prepared: Prepared, tmp_path: Path, record_property: Tell) -> None:
    """三倍于能力的请求一分钟:只有 200、429、503(带 Retry-After),半分钟内恢复。"""
    refused = overload(prepared, tmp_path, OVERLOAD_SECONDS)
    record_property("答复", sum(refused.statuses.values()))
    record_property("请稍后再来", refused.statuses[429] + refused.statuses[503])


def overload(prepared: Prepared, folder: Path, seconds: float) -> Outcome:
    """What came of it."""
    platform, port = prepared.copy(folder / "home"), free_port()
    server = serve(platform, port, folder / "server.log")
    try:
        return asyncio.run(_overload(port, asks_of(prepared), seconds))
    finally:
        kill_group(server)
        platform.close()


async def _overload(port: int, asks: list[Ask], seconds: float) -> Outcome:
    callers = Callers(port, asks)
    await callers.closed(4, 2)
    able = await callers.closed(32, 10)
    assert set(able.statuses) <= {200, 429}, able.statuses
    assert able.lost == {}
    capacity = sum(able.statuses.values()) / 10
    flood = await callers.at_rate(3 * capacity, seconds)
    assert set(flood.statuses) <= {200, 429, 503}, flood.statuses
    assert (flood.rude, flood.lost) == (0, {})
    assert flood.statuses[503], "it was never overloaded"
    await callers.close()
    await _recovered(Callers(port, asks), able)
    return flood


async def _recovered(callers: Callers, able: Outcome) -> None:
    """Answered as before, half as fast at worst, before the time is up."""
    end = time.monotonic() + RECOVERY_SECONDS
    while True:
        again = await callers.closed(8, 2)
        if not again.statuses[503] and again.quantile(0.5) < 2 * able.quantile(0.5):
            break
        assert time.monotonic() < end, "it does not recover"
    await callers.close()


@pytest.mark.audit
def test_soak(prepared: Prepared, tmp_path: Path, record_property: Tell) -> None:
    """三成负荷二十分钟:内存与打开的文件不增长,没有一次失败。"""
    outcome, first, last = soak(prepared, tmp_path, SOAK_SECONDS)
    record_property("答复", sum(outcome.statuses.values()))
    record_property("开始 MB", round(first))
    record_property("结束 MB", round(last))


def soak(prepared: Prepared, folder: Path, seconds: float) -> tuple[Outcome, float, float]:
    """What came of it; MB of the server in the first and in the last quarter."""
    platform, port = prepared.copy(folder / "home"), free_port()
    server = serve(platform, port, folder / "server.log")
    try:
        found, memory, handles = asyncio.run(_soak(port, asks_of(prepared), seconds, server.pid))
    finally:
        kill_group(server)
        platform.close()
    quarter = len(memory) // 4
    first, last = statistics.median(memory[:quarter]), statistics.median(memory[-quarter:])
    assert last < first * _GROWTH, f"memory grew: {memory}"
    assert max(handles[-quarter:]) <= max(handles[:quarter]) + 8, f"handles grew: {handles}"
    return found, first, last


async def _soak(
    port: int, asks: list[Ask], seconds: float, pid: int
) -> tuple[Outcome, list[float], list[int]]:
    callers = Callers(port, asks)
    able = await callers.closed(16, 5)
    rate = 0.3 * sum(able.statuses.values()) / 5
    await callers.at_rate(rate, seconds / 10)  # caches and pools fill: that is no growth
    work = asyncio.create_task(callers.at_rate(rate, seconds))
    memory, handles = [], []
    for _ in range(_LOOKS):
        await asyncio.sleep(seconds / _LOOKS)
        memory.append(pss_mb(pid))
        handles.append(sum(1 for _ in Path(f"/proc/{pid}/fd").iterdir()))
    found = await work
    await callers.close()
    assert set(found.statuses) <= {200, 429}, found.statuses
    assert found.lost == {}
    return found, memory, handles
