"""A large table in slices: the worker killed, the source's server killed; what was read stays."""

import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from haina.kernel import jobs
from haina.kernel.jobs import Step
from haina.kernel.platform import Platform
from haina.resources import collect
from haina.resources.collect.slices import folder_of
from tests.resources.collect.loading import apply, content, loads
from tests.support import mariadb
from tests.support.installation import new_platform
from tests.support.processes import environment, kill_group, start, wait_until

pytestmark = [pytest.mark.crash, pytest.mark.slow]

ROWS, SLICE = 24_000, 2_000
SOURCE = """\
name: s
title: 系统
agency: ju
kind: mysql
connection: {host: 127.0.0.1, port: %d, database: big, user: root}
rows_per_second: 8000
tables:
  - name: t
    from: t
    title: 大表
    key: [K]
    slice_by: K
    slice_rows: %d
    columns:
      K: {item: k, title: 键}
      V: {item: v, title: 值}
"""


@pytest.fixture
def server() -> Iterator[mariadb.MariaServer]:
    """One of its own: it will be killed."""
    programs = mariadb.programs()
    if programs is None:
        pytest.skip("no MariaDB server (mariadbd) on this machine: scripts/machine installs it")
    with mariadb.running_server(programs) as made:
        made.run("create database big character set utf8mb4")
        made.run(
            "create table t (K int primary key, V varchar(20));\n"
            f"insert into t select seq * 3, concat('v', seq) from seq_1_to_{ROWS};\n",
            database="big",
        )
        made.run("flush tables")
        yield made


@pytest.fixture
def platform(tmp_path: Path, sqlite_template: Path, server: mariadb.MariaServer) -> Platform:
    made = new_platform(
        tmp_path / "home", template=sqlite_template, source_networks=("127.0.0.0/8",)
    )
    apply(made, tmp_path / "pack", SOURCE % (server.port, SLICE))
    return made


def request(platform: Platform) -> str:
    with platform.database.write() as connection:
        job = collect.request_load(connection, collect.find_table(connection, "t"), "测试")
    assert job is not None
    return job


def slices_done(platform: Platform, job: str) -> dict[str, Step]:
    with platform.database.read() as connection:
        steps = jobs.steps_of(connection, job)
    return {one.name: one for one in steps if one.name != "load" and one.state == "done"}


def ended(platform: Platform, job: str) -> bool:
    with platform.database.read() as connection:
        return jobs.get_job(connection, job).state in ("done", "failed")


def assert_whole(platform: Platform, job: str) -> None:
    with platform.database.read() as connection:
        found = jobs.get_job(connection, job)
    assert found.state == "done", found.error
    assert content(platform) == {number * 3: f"v{number}" for number in range(1, ROWS + 1)}
    [load] = loads(platform, "t")
    assert (load.rows, load.source_rows, load.agrees) == (ROWS, ROWS, True)
    assert load.slices == ROWS // SLICE
    assert not folder_of(platform, job).exists(), "nothing is left lying"


def test_a_killed_worker_leaves_its_slices_to_the_next(platform: Platform, tmp_path: Path) -> None:
    env = environment(
        platform.settings.home, source_networks="127.0.0.0/8", lease_seconds=1.2, worker_slots=1
    )
    job = request(platform)
    kept: dict[str, Step] = {}
    for wanted in (3, 7):
        worker = start("haina.app.worker", env, tmp_path / "log")
        wait_until(lambda: len(slices_done(platform, job)) >= wanted, 60, f"{wanted} slices")
        kill_group(worker)
        now = slices_done(platform, job)
        assert all(now[name] == step for name, step in kept.items()), "read once and for all"
        kept = now
        assert not ended(platform, job)
    worker = start("haina.app.worker", env, tmp_path / "log")
    try:
        wait_until(lambda: ended(platform, job), 60, "the rest")
    finally:
        kill_group(worker)
    now = slices_done(platform, job)
    assert all(now[name] == step for name, step in kept.items())
    assert_whole(platform, job)
    platform.close()


def test_a_killed_source_is_read_on_from_where_it_stopped(
    platform: Platform, server: mariadb.MariaServer, tmp_path: Path
) -> None:
    env = environment(
        platform.settings.home, source_networks="127.0.0.0/8", lease_seconds=5, worker_slots=1
    )
    job = request(platform)
    worker = start("haina.app.worker", env, tmp_path / "log")
    again = None
    try:
        wait_until(lambda: len(slices_done(platform, job)) >= 3, 60, "three slices")
        server.kill()
        kept = slices_done(platform, job)

        def failed_once() -> bool:
            with platform.database.read() as connection:
                return any(run.state == "failed" for run in jobs.runs_of(connection, job))

        wait_until(failed_once, 60, "the failure")
        with platform.database.read() as connection:
            [error, *_] = [run.error for run in jobs.runs_of(connection, job) if run.error]
        assert error is not None
        assert error["code"].startswith("source_"), error
        again = subprocess.Popen(server.process.args, stdin=subprocess.DEVNULL)
        wait_until(lambda: ended(platform, job), 90, "the rest")
    finally:
        kill_group(worker)
        if again is not None:
            again.kill()
            again.wait()
    now = slices_done(platform, job)
    assert all(now[name] == step for name, step in kept.items())
    assert_whole(platform, job)
    platform.close()
