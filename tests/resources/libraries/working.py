"""Work done one kind at a time, so that what follows can be looked at."""

from dataclasses import dataclass
from pathlib import Path

from haina import packs
from haina.app.bootstrap import job_kinds
from haina.app.progress import request_loads
from haina.compute import Engine, lake
from haina.kernel import jobs
from haina.kernel.jobs import Job, Runner
from haina.kernel.platform import Platform
from haina.resources.libraries import request_stale


@dataclass(frozen=True)
class Work:
    platform: Platform
    engine: Engine
    folder: Path

    def apply(self) -> None:
        packs.apply(self.platform, self.folder, "test")

    def change(self, path: str, old: str, new: str) -> None:
        """Change a file of the pack, and apply it."""
        file = self.folder / path
        assert old in file.read_text()
        file.write_text(file.read_text().replace(old, new))
        self.apply()

    def load(self, only: str | None = None) -> None:
        request_loads(self.platform, only=only, cause="测试")
        self.do()

    def do(self) -> list[Job]:
        """What is queued, and nothing that follows from it; the jobs done."""
        waiting = {job.id for job in self.waiting()}
        runner = Runner(self.platform, job_kinds(self.engine), slots=1)
        for _ in waiting:
            assert runner.run_next()
        with self.platform.database.read() as connection:
            return [jobs.get_job(connection, one) for one in sorted(waiting)]

    def all(self) -> None:
        """Everything that follows, wave by wave."""
        while request_stale(self.platform):
            self.do()

    def due(self) -> list[str]:
        """Queue what is due; the datasets it is for."""
        request_stale(self.platform)
        return sorted(job.subject or "" for job in self.waiting())

    def waiting(self) -> list[Job]:
        with self.platform.database.read() as connection:
            return jobs.active_jobs(connection)

    def version(self, dataset: str) -> int | None:
        with self.platform.database.read() as connection:
            return lake.find_dataset(connection, dataset).current_version

    def last(self, dataset: str) -> Job:
        with self.platform.database.read() as connection:
            return jobs.list_jobs(connection, subject=dataset, limit=1).jobs[0]
