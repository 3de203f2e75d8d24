"""A disk that fails while a worker writes: at each place, at the nth call, with each error.

A fault is never the end: the run says what is wrong, nothing is lost or doubled, and when the disk
is well again the work goes on without a hand.
"""

import errno
import random
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from haina import packs
from haina.app.progress import request_loads
from haina.kernel import jobs
from haina.kernel.disk import DISK_KINDS
from haina.kernel.platform import Platform
from tests.audit import county
from tests.audit.conftest import Tell
from tests.audit.shim import Op, Shim
from tests.audit.state import State, differences, state_of
from tests.conftest import MakePack
from tests.crash.test_killed import is_quiet, nothing_is_wrong
from tests.support.installation import new_platform
from tests.support.packs import write_sources
from tests.support.processes import kill_group, wait_until

pytestmark = [pytest.mark.audit, pytest.mark.timeout(1200)]

PEOPLE = 300
SITES: dict[str, tuple[Op, str]] = {
    "platform-write": ("write", "platform.db-wal\n"),
    "platform-fsync": ("sync", "platform.db-wal\n"),
    "lake-write": ("write", ".parquet"),
    "lake-fsync": ("sync", ".parquet"),
    "log-write": ("write", "_delta_log/"),
    "log-fsync": ("sync", "_delta_log"),
    "copy-write": ("write", "/serving/"),
    "copy-fsync": ("sync", "/serving"),
}
ERRORS: dict[Op, tuple[int, ...]] = {
    "write": (errno.EIO, errno.ENOSPC, errno.EROFS),
    "sync": (errno.EIO, errno.ENOSPC),
    "open": (errno.EROFS, errno.EMFILE),
}
ROUNDS = 12


def small(home: Path, template: Path, folder: Path, make: MakePack) -> Platform:
    """The tiny pack applied over a few hundred people."""
    files = folder / "files"
    if not files.exists():
        write_sources(files, PEOPLE)
    platform = new_platform(home, template=template, source_files=(files,))
    packs.apply(platform, make(folder / "pack"), "test")
    return platform


def wanted_of(template: Path, folder: Path, make: MakePack) -> State:
    """What undisturbed work makes of it."""
    platform = small(folder / "calm", template, folder, make)
    request_loads(platform, cause="测试")
    county.finish(platform, folder / "calm.log")
    found = state_of(platform)
    platform.close()
    return found


def as_sets(state: State) -> State:
    """Loads that were asked for again say the same again."""
    return {
        **state,
        **{name: set(state[name]) for name in ("loads", "quarantine") if name in state},
    }


@contextmanager
def working(platform: Platform, log: Path, extra: dict[str, str]) -> Iterator[None]:
    process = county.worker(platform, log, extra)
    try:
        wait_until(lambda: county.is_up(platform, process.pid), 60, "the start of the worker")
        yield
        assert process.poll() is None, "the worker did not survive"
    finally:
        kill_group(process)


def soon_quiet(platform: Platform) -> None:
    quiet: list[bool] = []

    def settled() -> bool:
        quiet.append(is_quiet(platform))
        return quiet[-20:] == [True] * 20

    wait_until(settled, 180, "the rest of the work")


def errors_of(platform: Platform) -> set[str]:
    """The codes that runs ended with."""
    with platform.database.read() as connection:
        found = jobs.list_jobs(connection, limit=10_000).jobs
        return {
            str(run.error["code"])
            for job in found
            for run in jobs.runs_of(connection, job.id)
            if run.error
        }


@pytest.mark.parametrize("site", SITES)
def test_fault(
    site: str, sqlite_template: Path, tmp_path: Path, tiny_pack: MakePack, shim: Shim,
    chance: random.Random, record_property: Tell,
) -> None:  # fmt: skip
    """各写入处第 n 次写、fsync 返回 EIO、ENOSPC、EROFS:说明原因,不坏,不丢,修好后自行做完。"""
    op, path = SITES[site]
    wanted = wanted_of(sqlite_template, tmp_path, tiny_pack)
    platform = small(tmp_path / "home", sqlite_template, tmp_path, tiny_pack)
    struck = 0
    with working(platform, tmp_path / "worker.log", shim.environment):
        for turn in range(ROUNDS):
            error = ERRORS[op][turn % len(ERRORS[op])]
            # A copy is made durable in three steps, and made anew but once.
            skips = (0, 0, 1, 2) if site == "copy-fsync" else (0, 0, 1, 2, 5, 9)
            shim.fail(op, error, path, skip=chance.choice(skips),
                      count=chance.choice((1, 1, 3, 10)))  # fmt: skip
            # A copy is made anew only of new data.
            if site.startswith("copy"):
                write_sources(tmp_path / "files", PEOPLE + turn + 1)
            request_loads(platform, cause="测试")
            _wait_for_a_hit(shim, platform)
            struck += shim.hits > 0
            shim.heal()
            soon_quiet(platform)
        write_sources(tmp_path / "files", PEOPLE)
        request_loads(platform, cause="测试")
        county.settle(platform)
    found = state_of(platform)
    if site.startswith("copy"):
        for state in (wanted, found):
            state.pop("loads")  # their history tells of the rows in between
    assert differences(as_sets(wanted), as_sets(found)) == {}
    assert struck >= ROUNDS / 2, "the faults did not meet the work"
    assert _says_why(site, platform)
    nothing_is_wrong(platform)
    platform.close()
    record_property("故障", struck)


def _wait_for_a_hit(shim: Shim, platform: Platform) -> None:
    """Until the fault struck, and its consequences were felt; or until no work was left for it."""
    end = time.monotonic() + 20
    while not shim.hits and time.monotonic() < end and not is_quiet(platform):
        time.sleep(0.05)
    time.sleep(0.3)


def _says_why(site: str, platform: Platform) -> bool:
    """A run that failed says so by its code. (Where the platform's own database fails, there is
    nowhere to say it; the run is taken over.)"""
    codes = errors_of(platform)
    allowed = {kind.code for kind in DISK_KINDS} | {"lease_lost"}
    assert codes <= allowed, codes
    return site.startswith("platform") or bool(codes & {kind.code for kind in DISK_KINDS})
