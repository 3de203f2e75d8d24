"""A clock that jumps while processes run: back an hour, ahead an hour, back a day."""

import random
import time
from datetime import timedelta
from pathlib import Path

import pytest

from haina.app.progress import request_loads
from haina.compute import lake
from haina.kernel import clock, jobs
from haina.kernel.jobs import ScheduleInput, put_schedule
from haina.kernel.platform import Platform
from haina.resources import collect
from haina.security import evidence
from tests.app.support_http import PASSWORD, Prepared
from tests.audit import county
from tests.audit.conftest import Tell
from tests.audit.shim import Shim
from tests.audit.site import client, served
from tests.audit.state import State, differences, state_of
from tests.audit.test_faults import as_sets, small, soon_quiet, wanted_of, working
from tests.conftest import MakePack
from tests.crash.test_killed import nothing_is_wrong
from tests.support.packs import write_sources
from tests.support.processes import kill_group, wait_until

pytestmark = [pytest.mark.audit, pytest.mark.timeout(900)]

HOUR = 3600.0
JUMPS = (-HOUR, HOUR, -24 * HOUR, 6 * HOUR)
"""Each jump is off the true time, so the steps between them go both ways."""


@pytest.fixture
def wanted(sqlite_template: Path, tmp_path: Path, tiny_pack: MakePack) -> State:
    return wanted_of(sqlite_template, tmp_path, tiny_pack)


def test_jumps_while_working(
    wanted: State, sqlite_template: Path, tmp_path: Path, tiny_pack: MakePack, shim: Shim,
    chance: random.Random, record_property: Tell,
) -> None:  # fmt: skip
    """作业中时钟向后、向前跳一小时到一天:租约、时间表、版本次序、存证次序都对,结果逐行相同。"""
    platform = small(tmp_path / "home", sqlite_template, tmp_path, tiny_pack)
    with platform.database.write() as connection:
        put_schedule(connection, ScheduleInput("often", collect.WATCH_ARRIVALS, "常", "every 3s"))
    with working(platform, tmp_path / "worker.log", shim.environment):
        for turn, jump in enumerate(JUMPS * 2):
            write_sources(tmp_path / "files", 300 + turn)
            request_loads(platform, cause="测试")
            time.sleep(chance.uniform(0.2, 2.0))
            shim.jump(jump)
            beats = _ended(platform)
            wait_until(lambda: _ended(platform) > beats, 60, "a run of the schedule")
            soon_quiet_but_schedule(platform)
        shim.jump(0)
        write_sources(tmp_path / "files", 300)
        request_loads(platform, cause="测试")
        soon_quiet_but_schedule(platform)
        with platform.database.write() as connection:
            jobs.remove_schedule(connection, "often")
        soon_quiet(platform)
    assert differences(_without_schedules(wanted), _without_schedules(state_of(platform))) == {}
    _in_order(platform)
    nothing_is_wrong(platform)
    platform.close()
    record_property("跳跃", 2 * len(JUMPS) + 1)


def _without_schedules(state: State) -> State:
    """Nor the history of loads, which tells of the rows in between."""
    return {**as_sets(state), "schedules": None, "loads": None}


def _ended(platform: Platform) -> int:
    with platform.database.read() as connection:
        found = jobs.list_jobs(connection, kind=collect.WATCH_ARRIVALS, limit=10_000).jobs
    return sum(job.state == "done" and "常" in job.title for job in found)


def soon_quiet_but_schedule(platform: Platform) -> None:
    quiet: list[bool] = []

    def settled() -> bool:
        with platform.database.read() as connection:
            active = [one for one in jobs.active_jobs(connection) if "常" not in one.title]
        quiet.append(not active)
        return quiet[-20:] == [True] * 20

    wait_until(settled, 180, "the rest of the work")


def _in_order(platform: Platform) -> None:
    """Versions and evidence follow each other by number, whatever the clock said."""
    with platform.database.read() as connection:
        assert evidence.verify(connection).whole
        for dataset in lake.datasets(connection):
            numbers = [one.version for one in lake.versions(connection, dataset.name)]
            assert numbers == sorted(numbers, reverse=True)
            assert dataset.current_version == numbers[0]


def test_killed_before_the_clock_goes_back(
    wanted: State, sqlite_template: Path, tmp_path: Path, tiny_pack: MakePack, shim: Shim,
    chance: random.Random, record_property: Tell,
) -> None:  # fmt: skip
    """工作进程被杀后时钟拨回一小时:它的租约不会再占一小时,别的工作进程随即接管。"""
    platform = small(tmp_path / "home", sqlite_template, tmp_path, tiny_pack)
    for _turn in range(5):
        shim.jump(0)
        request_loads(platform, cause="测试")
        first = county.worker(platform, tmp_path / "worker.log", shim.environment)
        wait_until(lambda: _running(platform), 60, "the start")
        time.sleep(chance.uniform(0.0, 0.3))
        kill_group(first)
        shim.jump(-HOUR)
        with working(platform, tmp_path / "worker.log", shim.environment):
            soon_quiet(platform)
        _bring_back(platform)
    assert differences(as_sets(wanted), as_sets(state_of(platform))) == {}
    nothing_is_wrong(platform)
    platform.close()
    record_property("拨回", 5)


def _running(platform: Platform) -> bool:
    with platform.database.read() as connection:
        return any(job.state == "running" for job in jobs.active_jobs(connection))


def _bring_back(platform: Platform) -> None:
    assert not _running(platform)


def test_sessions_and_locks(
    prepared: Prepared, tmp_path: Path, shim: Shim, record_property: Tell
) -> None:
    """时钟跳动不延长登录、不延长锁定;向前跳过期即失效。"""
    platform = prepared.copy(tmp_path / "home")
    for _try in range(5):
        _sign_in(platform, "a_leader", "wrong")
    with working(platform, tmp_path / "worker.log", shim.environment):
        with served(platform, tmp_path / "server.log", shim.environment) as port:
            shim.jump(-24 * HOUR)
            wait_until(lambda: _longest(platform) < timedelta(hours=9 - 24), 60, "shorter sessions")
            with client(port, prepared) as web:
                assert web.get("/api/session").status_code == 200
                assert _sign_in_over(web, "a_leader") == "account_locked"
                shim.jump(-24 * HOUR + 8 * HOUR + 60)
                assert web.get("/api/session").status_code == 401
                assert _sign_in_over(web, "a_leader") == "ok"
    acts_in_order(platform)
    platform.close()
    record_property("跳跃", 2)


def acts_in_order(platform: Platform) -> None:
    with platform.database.read() as connection:
        assert evidence.verify(connection).whole


def _sign_in(platform: Platform, name: str, password: str) -> None:
    from haina.kernel.errors import HainaError
    from haina.security.access import sign_in

    with pytest.raises(HainaError):
        sign_in(platform, name, password)


def _sign_in_over(web: object, name: str) -> str:
    import httpx

    assert isinstance(web, httpx.Client)
    body = {"name": name, "password": PASSWORD}
    answer = httpx.post(f"{web.base_url}/api/session", json=body, trust_env=False, timeout=60)
    return "ok" if answer.is_success else str(answer.json()["error"]["code"])


def _longest(platform: Platform) -> timedelta:
    """How far ahead of the true time the last session ends."""
    from datetime import datetime

    with platform.database.read() as connection:
        found = connection.exec_driver_sql("SELECT max(expires_at) FROM session").scalar()
    return datetime.fromisoformat(str(found).replace("Z", "+00:00")) - clock.now()
