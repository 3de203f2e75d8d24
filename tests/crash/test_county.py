"""The whole demonstration, at 2,000 persons, with its worker killed at twenty random moments.

Out of `make test` for its length: `make audit`.
"""

import random
import time
from datetime import datetime
from pathlib import Path

import pytest

from haina import packs
from haina.app.progress import request_loads
from haina.kernel.clock import SHANGHAI
from haina.kernel.platform import Platform
from simulation.__main__ import generate
from tests.crash.test_killed import is_quiet, nothing_is_wrong
from tests.simulation.divisions import write_divisions
from tests.support.installation import new_platform
from tests.support.processes import environment, kill_group, start, wait_until
from tests.support.running import everything

pytestmark = pytest.mark.audit

PERSONS = 2000
KILLS = 20
PACK = Path(__file__).resolve().parents[2] / "packs" / "wuqing"
SETTINGS = {"lease_seconds": 2.0, "worker_slots": 2}


def _county(root: Path) -> Path:
    """Source systems of a small county, with a small register of divisions."""
    (root / "divisions").mkdir(parents=True)
    divisions = write_divisions(root / "divisions" / "data.sqlite")
    generate(root / "sources", divisions, PERSONS, 20260801, datetime.now(SHANGHAI).date())
    return root


def _finish(platform: Platform, log: Path, patience: float) -> None:
    """A worker of its own until nothing is left."""
    env = environment(
        platform.settings.home, source_files=platform.settings.source_files[0], **SETTINGS
    )
    worker = start("haina.app.worker", env, log)
    quiet: list[bool] = []

    def settled() -> bool:
        quiet.append(is_quiet(platform))
        return quiet[-30:] == [True] * 30

    try:
        wait_until(settled, patience, "the rest of the work")
    finally:
        kill_group(worker)


@pytest.mark.timeout(900)
def test_twenty_kills_of_the_demonstration(tmp_path: Path, sqlite_template: Path) -> None:
    files = _county(tmp_path / "county")
    made = {}
    for name in ("calm", "killed"):
        made[name] = new_platform(tmp_path / name, template=sqlite_template, source_files=(files,))
        packs.apply(made[name], PACK, "test")
        request_loads(made[name], cause="测试")
    _finish(made["calm"], tmp_path / "calm.log", 300)

    killed = made["killed"]
    env = environment(killed.settings.home, source_files=files, **SETTINGS)
    chance = random.Random(time.time_ns())
    for _turn in range(KILLS):
        worker = start("haina.app.worker", env, tmp_path / "killed.log")
        time.sleep(chance.uniform(1.0, 5.0))
        kill_group(worker)
    _finish(killed, tmp_path / "killed.log", 400)

    wanted, found = everything(made["calm"]), everything(killed)
    assert sorted(found) == sorted(wanted)
    assert [name for name in wanted if found[name] != wanted[name]] == []
    nothing_is_wrong(killed)
    for platform in made.values():
        platform.close()
