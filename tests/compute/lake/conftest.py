"""A dataset to write, and the hands to write it with."""

from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import pyarrow as pa
import pytest

from haina.compute import lake
from haina.compute.lake import Draft, Version, WriteMode
from haina.kernel.jobs import JobContext, NewJob, enqueue, queries
from haina.kernel.platform import Platform

NAME = "ods.thing"


def reader_of(rows: dict[str, list[Any]]) -> "pa.RecordBatchReader":
    return pa.table(rows).to_reader()


@dataclass
class Lake:
    """Writes to one dataset as jobs do; counts how often a source was asked."""

    platform: Platform
    asked: int = 0

    def job(self, worker: str = "w") -> JobContext:
        """A new job, claimed."""
        with self.platform.database.write() as connection:
            enqueue(connection, NewJob("test", "t"))
        return self.claim(worker)

    def claim(self, worker: str) -> JobContext:
        lease = timedelta(seconds=30)
        found = queries.claim(self.platform.database, worker, lease, ["test"])
        assert found is not None
        return JobContext(self.platform, found[0], found[1], worker)

    def finish(self, context: JobContext) -> None:
        with self.platform.database.write() as connection:
            queries.finish(connection, context.job, context.worker, context.run_id, "done")

    def again(self, context: JobContext, worker: str = "w2") -> JobContext:
        """The same job, taken over by another worker."""
        from haina.kernel.jobs.tables import job_table

        with self.platform.database.write() as connection:
            connection.execute(
                job_table.update()
                .where(job_table.c.id == context.job.id)
                .values(lease_until=context.job.created_at - timedelta(days=1))
            )
        taken = self.claim(worker)
        assert taken.job.id == context.job.id
        return taken

    def draft(self, rows: dict[str, list[Any]], mode: WriteMode, **more: Any) -> Draft:
        def reader() -> "pa.RecordBatchReader":
            self.asked += 1
            return reader_of(rows)

        return Draft(NAME, mode, reader, **more)

    def write(
        self,
        rows: dict[str, list[Any]],
        mode: WriteMode = WriteMode.REPLACE,
        *,
        context: JobContext | None = None,
        **more: Any,
    ) -> Version:
        context = context or self.job()
        with context.step("write") as handle:
            return lake.write(context, "write", handle, self.draft(rows, mode, **more))

    @property
    def pointer(self) -> int | None:
        with self.platform.database.read() as connection:
            return lake.find_dataset(connection, NAME).current_version

    @property
    def log(self) -> int:
        """The newest version of the Delta log."""
        return max(int(path.stem) for path in (self.path / "_delta_log").glob("*.json"))

    @property
    def path(self) -> Any:
        return self.platform.settings.lake_root / "ods" / "thing"

    def rows(self, version: int | None = None) -> list[dict[str, Any]]:
        from tests.support.running import table_of

        found = table_of(self.platform, NAME, version).to_pylist()
        return sorted(found, key=repr)


def things(*ids: int, word: str = "x") -> dict[str, list[Any]]:
    return {"id": list(ids), "word": [f"{word}{n}" for n in ids]}


def _declared(platform: Platform) -> Lake:
    with platform.database.write() as connection:
        lake.declare(connection, lake.DatasetSpec(NAME, "东西", "gongan", "collect", key=("id",)))
    return Lake(platform)


@pytest.fixture
def thing(platform: Platform) -> Lake:
    return _declared(platform)


@pytest.fixture
def any_thing(any_platform: Platform) -> Lake:
    """On both platform databases."""
    return _declared(any_platform)
