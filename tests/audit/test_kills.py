"""kill -9 at random moments of everything that writes, on a county of 2,000 persons."""

import os
import random
import signal
import time
from collections import Counter
from pathlib import Path

import pytest

from haina.app.progress import request_loads
from haina.kernel.platform import Platform
from tests.app.support_http import Prepared
from tests.audit import county
from tests.audit.conftest import Tell
from tests.audit.site import People, Promises, broken_promises, healthy, serve
from tests.audit.state import State, acts_of, differences, state_of, tables_of
from tests.crash.test_killed import is_quiet, nothing_is_wrong
from tests.crash.test_supervisor import _alive, _children
from tests.support.installation import new_platform
from tests.support.processes import free_port, kill_group, start, wait_until

pytestmark = [pytest.mark.audit, pytest.mark.timeout(1500)]

WORKER_KILLS = 20
PACK_KILLS = 20
SERVER_KILLS = 15
SUPERVISOR_KILLS = 5


@pytest.mark.parametrize("piece", range(6))
def test_worker(
    piece: int, calm: State, sources: Path, sqlite_template: Path, tmp_path: Path,
    chance: random.Random, record_property: Tell,
) -> None:  # fmt: skip
    """采集、标准化、检核、加工、服务副本中,任意时刻 kill -9 工作进程。"""
    kills, homes = 0, 0
    while kills < WORKER_KILLS:
        homes += 1
        home = tmp_path / f"home{homes}"
        platform = county.applied(home, sqlite_template, sources)
        while kills < WORKER_KILLS and not is_quiet(platform):
            worker = county.worker_at_work(platform, tmp_path / "worker.log")
            time.sleep(chance.uniform(0.0, 2.1))
            kill_group(worker)
            kills += 1
        county.finish(platform, tmp_path / "worker.log")
        assert differences(calm, state_of(platform)) == {}
        nothing_is_wrong(platform)
        platform.close()
    record_property("kill -9", kills)
    record_property("安装", homes)


@pytest.mark.parametrize("piece", range(2))
def test_apply(
    piece: int, sources: Path, sqlite_template: Path, tmp_path: Path,
    chance: random.Random, record_property: Tell,
) -> None:  # fmt: skip
    """应用包的任意时刻 kill -9:要么没有发生,要么全部发生。"""
    fresh = new_platform(tmp_path / "whole", template=sqlite_template, source_files=(sources,))
    before = tables_of(fresh)
    began = time.monotonic()
    _apply(fresh, tmp_path)
    spent, after = time.monotonic() - began, tables_of(fresh)
    fresh.close()
    ends = Counter[str]()
    for turn in range(PACK_KILLS):
        home = tmp_path / f"home{turn}"
        platform = new_platform(home, template=sqlite_template, source_files=(sources,))
        # The second half is the one that writes.
        _apply(platform, tmp_path, chance.uniform(spent * 0.3, spent))
        found = tables_of(platform)
        assert found in (before, after), differences(after, found)
        ends["全部" if found == after else "没有"] += 1
        if turn % 5 == 0:
            _apply(platform, tmp_path)
            assert differences(after, tables_of(platform)) == {}
        platform.close()
    record_property("kill -9", PACK_KILLS)
    assert sum(acts_of_pack(after)) == 1


def acts_of_pack(state: State) -> list[int]:
    return [count for (_, act, _), count in state["evidence"].items() if act == "pack.apply"]


def _apply(platform: Platform, folder: Path, until: float | None = None) -> None:
    """`haina apply` of a person, who may lose patience."""
    process = start("haina", county.surroundings(platform), folder / "apply.log",
                    "apply", str(county.PACK))  # fmt: skip
    if until is None:
        assert process.wait(300) == 0, (folder / "apply.log").read_text()[-1000:]
        return
    time.sleep(until)
    kill_group(process)


@pytest.mark.parametrize("piece", range(2))
def test_server(
    piece: int, prepared: Prepared, tmp_path: Path, chance: random.Random, record_property: Tell
) -> None:
    """页面与接口写入(密钥、定义、报送、调用)中 kill -9 服务:凡已答复的都在,没有半截的。"""
    platform = prepared.copy(tmp_path / "home")
    before, promises, port = acts_of(platform), Promises(), free_port()
    people = People(prepared, promises)
    for _turn in range(SERVER_KILLS):
        server = serve(platform, port, tmp_path / "server.log")
        people.start(port)
        time.sleep(chance.uniform(0.2, 1.5))
        kill_group(server)
        people.stop()
        assert broken_promises(platform, promises, before) == []
    assert all(promises.kept[name] for name in ("key", "edit", "delivery", "call")), promises.kept
    platform.close()
    record_property("kill -9", SERVER_KILLS)
    record_property("已答复的写入", sum(promises.kept.values()))


@pytest.mark.parametrize("piece", range(2))
def test_supervisor(
    piece: int, prepared: Prepared, tmp_path: Path, chance: random.Random, record_property: Tell
) -> None:
    """kill -9 守护进程(haina up),写入与采集都在进行:不留孤儿进程,再启动后一切接着做完。"""
    platform = prepared.copy(tmp_path / "home")
    before, promises, port = acts_of(platform), Promises(), free_port()
    people = People(prepared, promises)
    environment = county.surroundings(platform, port=port, web=tmp_path)
    for _turn in range(SUPERVISOR_KILLS):
        up = start("haina", environment, tmp_path / "up.log", "up")
        wait_until(lambda: healthy(port), 120, "the start")
        people.start(port)
        request_loads(platform, cause="测试")
        time.sleep(chance.uniform(0.3, 4.0))
        children = _children(up.pid)
        os.kill(up.pid, signal.SIGKILL)
        up.wait(10)
        wait_until(lambda: not any(map(_alive, children)), 90, "the end of the children")
        people.stop()
        assert broken_promises(platform, promises, before) == []
    county.finish(platform, tmp_path / "worker.log")
    nothing_is_wrong(platform)
    platform.close()
    record_property("kill -9", SUPERVISOR_KILLS)
    record_property("已答复的写入", sum(promises.kept.values()))
