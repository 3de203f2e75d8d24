"""Doing what is due, in this thread, until nothing is left."""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pyarrow as pa

from haina.app.bootstrap import event_handlers, job_kinds, open_engine
from haina.app.progress import request_loads
from haina.compute import Engine, lake
from haina.kernel import jobs, outbox
from haina.kernel.jobs import Job, Runner
from haina.kernel.platform import Platform
from haina.resources.libraries import request_stale
from haina.services.gateway import request_copies

# What differs between two runs of the same work.
_ORIGIN = ("_run", "_loaded_at", "_seq")


@contextmanager
def engine_of(platform: Platform) -> Iterator[Engine]:
    engine = open_engine(platform, warm=1)
    try:
        yield engine
    finally:
        engine.close()


def run_all(platform: Platform, *, load: bool = True, patience: float = 60.0) -> list[Job]:
    """Collect everything (unless told not to) and do all that follows; the jobs, oldest first."""
    if load:
        request_loads(platform, cause="测试")
    with engine_of(platform) as engine:
        runner = Runner(platform, job_kinds(engine), slots=1)
        clerk = outbox.Dispatcher(platform, event_handlers())
        end = time.monotonic() + patience
        while _step(platform, runner, clerk):
            assert time.monotonic() < end, "work is still left"
    with platform.database.read() as connection:
        return jobs.list_jobs(connection, limit=10_000).jobs[::-1]


def _step(platform: Platform, runner: Runner, clerk: outbox.Dispatcher) -> bool:
    """One piece of work; False when none is left."""
    if runner.run_next() or clerk.run_once():
        return True
    if request_stale(platform) or request_copies(platform):
        return True
    with platform.database.read() as connection:
        waits = bool(jobs.active_jobs(connection)) or outbox.waiting(connection)
    if waits:
        time.sleep(0.05)
    return waits


def rows_of(platform: Platform, dataset: str, version: int | None = None) -> list[tuple[Any, ...]]:
    """The content of a dataset, sorted, without where it came from."""
    table = table_of(platform, dataset, version)
    names = sorted(name for name in table.column_names if name not in _ORIGIN)
    rows = zip(*(table.column(name).to_pylist() for name in names), strict=True)
    return sorted((tuple(row) for row in rows), key=repr)


def table_of(platform: Platform, dataset: str, version: int | None = None) -> pa.Table:
    """What a reader of the current (or a past) version is given."""
    from deltalake import DeltaTable

    with platform.database.read() as connection:
        pinned = (
            lake.current(platform, connection, [dataset])[0]
            if version is None
            else lake.pinned(platform, connection, dataset, version)
        )
    return DeltaTable(pinned.path, version=pinned.version).to_pyarrow_table()


def everything(platform: Platform) -> dict[str, list[tuple[Any, ...]]]:
    """The content of all datasets that have any."""
    with platform.database.read() as connection:
        names = [one.name for one in lake.datasets(connection) if one.current_version is not None]
    return {name: rows_of(platform, name) for name in names}
