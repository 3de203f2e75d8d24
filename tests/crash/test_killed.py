"""Workers killed at any moment: nothing is lost, nothing is doubled, everything ends."""

import random
import time
from collections import Counter
from collections.abc import Callable
from pathlib import Path

import pytest

from haina import packs
from haina.app.progress import request_loads
from haina.compute import lake
from haina.kernel import jobs, outbox
from haina.kernel.platform import Platform
from haina.resources import collect
from haina.security import evidence
from tests.conftest import MakePack
from tests.support.installation import new_platform
from tests.support.packs import write_sources
from tests.support.processes import environment, kill_group, start, wait_until
from tests.support.running import everything, run_all

pytestmark = [pytest.mark.crash, pytest.mark.slow]

PEOPLE = 6000
KILLS = 20
# Looks, a twentieth of a second apart: longer than the sweep that finds what became stale.
SETTLED = 160
SETTINGS = {"lease_seconds": 1.2, "worker_slots": 2}


@pytest.fixture
def applied(
    tmp_path: Path, sqlite_template: Path, tiny_pack: MakePack
) -> Callable[[str], Platform]:
    """Makes an installation with the tiny pack applied, over the same sources."""
    files = write_sources(tmp_path / "files", PEOPLE)
    folder = tiny_pack(tmp_path / "pack")

    def make(name: str) -> Platform:
        platform = new_platform(tmp_path / name, template=sqlite_template, source_files=(files,))
        packs.apply(platform, folder, "test")
        return platform

    return make


def is_quiet(platform: Platform) -> bool:
    with platform.database.read() as connection:
        return not jobs.active_jobs(connection) and not outbox.waiting(connection)


def test_twenty_kills_change_nothing(applied: Callable[[str], Platform], tmp_path: Path) -> None:
    calm = applied("calm")
    run_all(calm)
    wanted = everything(calm)
    calm.close()

    platform = applied("killed")
    env = environment(
        platform.settings.home, source_files=platform.settings.source_files[0], **SETTINGS
    )
    log = tmp_path / "worker.log"
    chance = random.Random(20260801)
    request_loads(platform, cause="测试")
    for turn in range(KILLS):
        worker = start("haina.app.worker", env, log)
        # Half of the kills fall into the first work after the start, the rest anywhere.
        time.sleep(chance.uniform(0.8, 2.0) if turn % 2 else chance.uniform(0.8, 3.5))
        kill_group(worker)
        if is_quiet(platform):
            request_loads(platform, cause="再来一次")
    worker = start("haina.app.worker", env, log)
    try:
        quiet: list[bool] = []

        def settled() -> bool:
            quiet.append(is_quiet(platform))
            return quiet[-SETTLED:] == [True] * SETTLED

        wait_until(settled, 90, "the rest of the work")
    finally:
        kill_group(worker)

    assert everything(platform) == wanted
    nothing_is_wrong(platform)
    platform.close()


def nothing_is_wrong(platform: Platform) -> None:
    with platform.database.read() as connection:
        assert evidence.verify(connection).whole
        assert outbox.stuck(connection) == []
        found = jobs.list_jobs(connection, limit=10_000).jobs
        for job in found:
            assert job.state in ("done", "failed"), job
            runs = jobs.runs_of(connection, job.id)
            assert sum(run.state == "done" for run in runs) == (job.state == "done")
            assert all(run.ended_at for run in runs)
        # A job may die with its workers three times over; what it owed is then made by another.
        failed = [job for job in found if job.state == "failed"]
        assert {job.error and job.error["code"] for job in failed} <= {"internal"}, failed
        for dataset in lake.datasets(connection):
            assert lake.has_version(platform, dataset)
            versions = lake.versions(connection, dataset.name)
            made = Counter(version.job for version in versions)
            assert max(made.values()) == 1, made
        for table in collect.list_tables(connection):
            loads = collect.loads_of(connection, table.name)
            assert max(Counter(load.job for load in loads).values()) == 1
            assert all(load.agrees for load in loads)
