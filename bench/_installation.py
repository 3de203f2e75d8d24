"""An installation that a bench fills and works off, by the same doors as people do."""

import time
from collections.abc import Collection, Iterator
from contextlib import contextmanager
from pathlib import Path

from deltalake import DeltaTable

from haina import packs
from haina.app.bootstrap import open_installation
from haina.app.progress import request_loads
from haina.compute import lake
from haina.kernel import jobs, outbox
from haina.kernel.jobs import Job
from haina.kernel.platform import Platform
from haina.kernel.settings import load
from haina.resources.libraries.stale import request_build
from tests.support.processes import environment, kill_group, start

_LOOK_SECONDS = 0.02
_SETTLE_SECONDS = 0.2
_ENDED = ("done", "failed", "cancelled")


@contextmanager
def installed(home: Path, pack: Path) -> Iterator[Platform]:
    """A fresh installation with a pack applied."""
    platform = open_installation(load(home=home))
    try:
        packs.apply(platform, pack, "bench")
        yield platform
    finally:
        platform.close()


@contextmanager
def worker(home: Path) -> Iterator[int]:
    """A worker process as `haina worker` starts it; its pid."""
    process = start("haina", environment(home), home / "worker.log", "worker")
    try:
        yield process.pid
    finally:
        process.terminate()
        process.wait(30)
        kill_group(process)


def collect(platform: Platform) -> None:
    """Load every table, and wait until all that follows is done too."""
    batch, _queued = request_loads(platform, cause="bench")
    settle(platform)
    with platform.database.read() as connection:
        all_done(jobs.list_jobs(connection, batch=batch, limit=500).jobs)


def build(platform: Platform, datasets: Collection[str]) -> list[Job]:
    """Make these anew, as when a person asks for each; the jobs, ended."""
    with platform.database.write() as connection:
        asked = [request_build(connection, one, "bench", "bench") for one in datasets]
    return all_done([_ended(platform, one) for one in asked if one is not None])


def _ended(platform: Platform, job: str) -> Job:
    """Looks at one job at a time: to ask for all of them would take a share of the two cores."""
    while True:
        with platform.database.read() as connection:
            found = jobs.get_job(connection, job)
        if found.state in _ENDED:
            return found
        time.sleep(_LOOK_SECONDS)


def settle(platform: Platform, quiet: float = 1.0) -> None:
    """Wait until nothing has been queued, running or due for a while."""
    since = time.monotonic()
    while time.monotonic() - since < quiet:
        with platform.database.read() as connection:
            if jobs.active_jobs(connection) or outbox.waiting(connection):
                since = time.monotonic()
        time.sleep(_SETTLE_SECONDS)


def all_done(found: list[Job]) -> list[Job]:
    """A bench of work that failed measures nothing."""
    failed = [job for job in found if job.state != "done"]
    if failed:
        raise SystemExit("\n".join(f"{job.title}:{job.error}" for job in failed))
    return found


def files_of(platform: Platform, dataset: str) -> list[str]:
    """The Parquet files of the current version."""
    with platform.database.read() as connection:
        [pinned] = lake.current(platform, connection, [dataset])
    return list(DeltaTable(pinned.path, version=pinned.version).file_uris())
