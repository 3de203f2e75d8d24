"""One load after the other, in this thread."""

from pathlib import Path

from haina import packs
from haina.kernel import jobs
from haina.kernel.jobs import Job, JobKind, Runner
from haina.kernel.platform import Platform
from haina.resources import collect
from haina.resources.collect import Load


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
    Runner(platform, [JobKind(collect.LOAD, "采集", collect.load_table)], slots=1).run_next()
    with platform.database.read() as connection:
        return jobs.get_job(connection, job)


def loads(platform: Platform, table: str) -> list[Load]:
    """Newest first."""
    with platform.database.read() as connection:
        return collect.loads_of(connection, table)


def error_of(job: Job) -> str:
    return str((job.error or {})["code"])
