"""A worker that is stopped past its lease and wakes up late: its writes are refused."""

import signal
import sqlite3
import time
from pathlib import Path

import pytest

from haina import packs
from haina.app.progress import request_loads
from haina.compute import lake
from haina.kernel import jobs
from haina.kernel.platform import Platform
from tests.conftest import MakePack
from tests.support.installation import new_platform
from tests.support.packs import id_number, write_sources
from tests.support.processes import Process, environment, kill_group, start, wait_until
from tests.support.running import rows_of, run_all

pytestmark = [pytest.mark.crash, pytest.mark.slow]

LEASE = 2


@pytest.fixture
def paused(tmp_path: Path, sqlite_template: Path, tiny_pack: MakePack) -> Platform:
    files = write_sources(tmp_path / "files", 4)
    # Big enough for a load to be caught in the middle.
    connection = sqlite3.connect(files / "db.sqlite")
    rows = ((str(n), id_number(n), str(n)) for n in range(10, 400_000))
    connection.executemany("INSERT INTO aid VALUES (?, ?, ?)", rows)
    connection.commit()
    connection.close()
    platform = new_platform(tmp_path / "home", template=sqlite_template, source_files=(files,))
    packs.apply(platform, tiny_pack(tmp_path / "pack"), "test")
    return platform


@pytest.mark.parametrize(
    "late",
    [
        0.0,
        pytest.param(0.25, marks=pytest.mark.audit),
        0.5,
        pytest.param(1.0, marks=pytest.mark.audit),
    ],
)
def test_late_writes_of_a_paused_worker_are_refused(
    paused: Platform, tmp_path: Path, late: float
) -> None:
    """工作进程停住超过租约、又醒来:别人已接管,它迟到的写入被拒绝。"""
    env = environment(
        paused.settings.home,
        source_files=paused.settings.source_files[0],
        lease_seconds=LEASE,
        worker_slots=1,
    )
    request_loads(paused, only="aid", cause="测试")

    def job() -> jobs.Job:
        with paused.database.read() as connection:
            return jobs.list_jobs(connection, kind="collect.load").jobs[0]

    first = start("haina.app.worker", env, tmp_path / "first.log")
    second = None
    try:
        wait_until(lambda: job().state == "running", 20, "the start")
        time.sleep(late)
        _stop_outside_a_transaction(paused, first)
        ended = job().state == "done"
        second = start("haina.app.worker", env, tmp_path / "second.log")
        wait_until(lambda: job().state == "done", 30, "the take-over")
        with paused.database.read() as connection:
            version = lake.find_dataset(connection, "ods.aid").current_version
            runs = jobs.runs_of(connection, job().id)
        assert ended or [run.state for run in runs] == ["failed", "done"]
        kill_group(first, signal.SIGCONT)
        time.sleep(3)
        assert first.poll() is None
        with paused.database.read() as connection:
            assert lake.find_dataset(connection, "ods.aid").current_version == version
            assert len(lake.versions(connection, "ods.aid")) == 1
            assert jobs.runs_of(connection, job().id) == runs
        assert job().result == {**(job().result or {}), "rows": 399_992, "agrees": True}
    finally:
        for process in (first, second):
            if process is not None:
                kill_group(process, signal.SIGCONT)
                kill_group(process)
    # What the late one may have left in the log is undone by the next write.
    run_all(paused)
    assert len(rows_of(paused, "ods.aid")) == 399_992
    paused.close()


def _stop_outside_a_transaction(platform: Platform, process: Process) -> None:
    """With the lock in its hand nobody could take over (nor would anything be late)."""
    for _ in range(100):
        kill_group(process, signal.SIGSTOP)
        if _lock_is_free(platform):
            return
        kill_group(process, signal.SIGCONT)
        time.sleep(0.02)
    raise AssertionError("never outside a transaction")


def _lock_is_free(platform: Platform) -> bool:
    import fcntl

    with (platform.settings.home / "platform.lock").open("r+") as handle:
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return False
    return True
