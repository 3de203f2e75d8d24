"""One load after the other, in this thread."""

from pathlib import Path
from typing import Any

from haina import packs
from haina.kernel import jobs
from haina.kernel.jobs import Job, JobKind, Runner
from haina.kernel.platform import Platform
from haina.resources import collect
from haina.resources.collect import Load
from tests.support.running import table_of

KINDS = [
    JobKind(collect.LOAD, "采集", collect.load_table),
    JobKind(collect.LOAD_SOURCE, "采集数据源", collect.load_source),
    JobKind(collect.MEND, "重送", collect.mend_rows),
]


def apply(platform: Platform, folder: Path, source: str) -> None:
    """A pack of one source (YAML)."""
    (folder / "sources").mkdir(parents=True, exist_ok=True)
    (folder / "pack.yaml").write_text("name: p\ntitle: 包\n")
    (folder / "organizations.yaml").write_text("- {code: ju, title: 局}\n")
    (folder / "sources/s.yaml").write_text(source, encoding="utf-8")
    packs.apply(platform, folder, "test")


def load(platform: Platform, table: str) -> Job:
    """One attempt at a load; the job after it."""
    with platform.database.write() as connection:
        job = collect.request_load(connection, collect.find_table(connection, table), "测试")
    assert job is not None
    run_next(platform)
    return job_of(platform, job)


def run_next(platform: Platform) -> bool:
    """Execute the next job that is due; whether there was one."""
    return Runner(platform, KINDS, slots=1).run_next()


def run_all(platform: Platform) -> None:
    while run_next(platform):
        pass


def job_of(platform: Platform, job: str) -> Job:
    with platform.database.read() as connection:
        return jobs.get_job(connection, job)


def loads(platform: Platform, table: str) -> list[Load]:
    """Newest first."""
    with platform.database.read() as connection:
        return collect.loads_of(connection, table)


def table(platform: Platform, name: str = "t") -> collect.Table:
    with platform.database.read() as connection:
        return collect.find_table(connection, name)


def quarantined(platform: Platform, state: str = "open") -> list[collect.Quarantined]:
    with platform.database.read() as connection:
        return collect.quarantine_page(connection, state=state)


def content(platform: Platform, *columns: str) -> dict[Any, Any]:
    """K → V (or a tuple of columns) of what lies in `ods.t`; each key once."""
    found = table_of(platform, "ods.t")
    keys = found.column("K").to_pylist()
    assert len(set(keys)) == len(keys)
    wanted = [found.column(name).to_pylist() for name in columns or ("V",)]
    values = zip(*wanted, strict=True) if columns else wanted[0]
    return dict(zip(keys, values, strict=True))


def error_of(job: Job) -> str:
    return str((job.error or {})["code"])
