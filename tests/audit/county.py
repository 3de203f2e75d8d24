"""The demonstration on a small county: applied, worked on by processes of its own."""

from pathlib import Path

from haina import packs
from haina.app.progress import request_loads
from haina.kernel.platform import Platform
from tests.crash.test_killed import is_quiet
from tests.support.installation import new_platform
from tests.support.processes import Process, environment, kill_group, start, wait_until

PACK = Path(__file__).parents[2] / "packs" / "wuqing"
SETTINGS = {"lease_seconds": 2.0, "worker_slots": 2}
# Looks, a twentieth of a second apart: longer than the sweep that finds what became stale.
_SETTLED = 130


def applied(home: Path, template: Path, sources: Path, pack: Path = PACK) -> Platform:
    """The pack applied and all loads asked for; nobody works yet."""
    platform = new_platform(home, template=template, source_files=(sources,))
    packs.apply(platform, pack, "test")
    with platform.database.write() as connection:
        # An hour that strikes during one run and not during another would make them differ.
        connection.exec_driver_sql("DELETE FROM schedule")
    request_loads(platform, cause="测试")
    return platform


def surroundings(platform: Platform, **more: object) -> dict[str, str]:
    """The environment of its processes."""
    roots = ",".join(str(one) for one in platform.settings.file_roots)
    return environment(platform.settings.home, source_files=roots, **{**SETTINGS, **more})


def worker(platform: Platform, log: Path, extra: dict[str, str] | None = None) -> Process:
    return start("haina.app.worker", {**surroundings(platform), **(extra or {})}, log)


def worker_at_work(platform: Platform, log: Path, extra: dict[str, str] | None = None) -> Process:
    """One that has taken up a job. However slow the machine: a job whose worker is killed again and
    again before it gets anywhere is given up, and rightly so."""
    before = _taken(platform)
    process = worker(platform, log, extra)
    wait_until(lambda: _taken(platform) > before or is_quiet(platform), 60, "a job to be taken up")
    return process


def is_up(platform: Platform, pid: int) -> bool:
    """Has this worker begun to look for work?"""
    with platform.database.read() as connection:
        sql = f"SELECT count(*) FROM worker WHERE pid = {int(pid)}"
        return bool(connection.exec_driver_sql(sql).scalar_one())


def _taken(platform: Platform) -> int:
    """How often jobs were taken up so far."""
    with platform.database.read() as connection:
        return int(connection.exec_driver_sql("SELECT count(*) FROM run").scalar_one())


def settle(platform: Platform, patience: float = 600) -> None:
    """Wait until nothing is left to do."""
    quiet: list[bool] = []

    def settled() -> bool:
        quiet.append(is_quiet(platform))
        return quiet[-_SETTLED:] == [True] * _SETTLED

    wait_until(settled, patience, "the rest of the work")


def finish(platform: Platform, log: Path, patience: float = 600) -> None:
    """A worker of its own until nothing is left."""
    process = worker(platform, log)
    try:
        settle(platform, patience)
    finally:
        kill_group(process)
