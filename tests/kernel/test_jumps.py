"""What a clock that jumped leaves behind, and a disk that comes back."""

import errno
import os
from datetime import datetime, timedelta

import pytest
import sqlalchemy as sa

from haina.kernel import clock, jobs, outbox
from haina.kernel.jobs import Job, JobContext, JobKind, NewJob, Runner, ScheduleInput
from haina.kernel.jobs.tables import job_table, schedule_table
from haina.kernel.outbox import event_table
from haina.kernel.platform import Platform

HOUR = timedelta(hours=1)
LEASE = timedelta(seconds=30)


def put(platform: Platform, **more: object) -> str:
    with platform.database.write() as connection:
        job = jobs.enqueue(connection, NewJob("test", "t"))
        assert job is not None
        connection.execute(
            job_table.update().where(job_table.c.id == job).values(title="作业", **more)
        )
    return job


def get(platform: Platform, job: str) -> Job:
    with platform.database.read() as connection:
        return jobs.get_job(connection, job)


def runner(platform: Platform, handler: object) -> Runner:
    return Runner(platform, [JobKind("test", "试", handler)], slots=1)  # type: ignore[arg-type]


def test_a_lease_from_the_future_ends_like_any_other(any_platform: Platform) -> None:
    later = clock.now() + HOUR
    job = put(any_platform, state="running", owner="dead", lease_until=later, attempts=1)
    assert jobs.after_jump(any_platform.database, LEASE) == 1
    with any_platform.database.read() as connection:
        row = connection.execute(sa.select(job_table.c.lease_until)).one()
    assert row.lease_until <= clock.now() + LEASE
    assert jobs.after_jump(any_platform.database, LEASE) == 0
    assert get(any_platform, job).state == "running"


def test_work_from_the_future_is_due_now(any_platform: Platform) -> None:
    later = clock.now() + HOUR
    fresh = put(any_platform, created_at=later, due_at=later)
    asked = put(any_platform, due_at=later)  # somebody wants it in an hour
    assert jobs.after_jump(any_platform.database, LEASE) == 1
    assert get(any_platform, fresh).due_at <= clock.now()
    assert get(any_platform, asked).due_at == later


def test_a_retry_that_was_planned_in_the_future_is_due_now(any_platform: Platform) -> None:
    def fails(_context: JobContext) -> dict[str, object]:
        raise ValueError

    job = put(any_platform, created_at=clock.now() - HOUR)
    assert runner(any_platform, fails).run_next()
    later = clock.now() + HOUR
    with any_platform.database.write() as connection:
        connection.execute(job_table.update().values(due_at=later))
        connection.exec_driver_sql("UPDATE run SET ended_at = '2999-01-01T00:00:00.000000Z'")
    assert jobs.after_jump(any_platform.database, LEASE) == 1
    assert get(any_platform, job).due_at <= clock.now()


@pytest.mark.parametrize(("rule", "moved"), [("every 5m", True), ("30 2 * * *", False)])
def test_schedules(any_platform: Platform, rule: str, moved: bool) -> None:
    """Intervals start anew; an hour that comes twice starts its work once."""
    later = clock.now() + HOUR
    with any_platform.database.write() as connection:
        jobs.put_schedule(connection, ScheduleInput("s", "test", "t", rule))
        connection.execute(schedule_table.update().values(next_at=later + HOUR))
    jobs.after_jump(any_platform.database, LEASE)
    with any_platform.database.read() as connection:
        [found] = jobs.schedules(connection)
    assert (found["next_at"] <= clock.now() + timedelta(minutes=5)) == moved


def test_events(any_platform: Platform) -> None:
    later = clock.now() + HOUR
    with any_platform.database.write() as connection:
        outbox.publish(connection, "e", {})
        connection.execute(event_table.update().values(due_at=later, created_at=later))
    assert outbox.after_jump(any_platform) == 1
    assert outbox.Dispatcher(any_platform, {}).run_once() == 1
    assert outbox.after_jump(any_platform) == 0


def test_a_worker_does_not_take_over_from_itself(any_platform: Platform) -> None:
    """When the clock jumps ahead, every lease seems to have ended."""
    seen: list[bool] = []

    def handler(_context: JobContext) -> dict[str, object]:
        with any_platform.database.write() as connection:
            connection.execute(job_table.update().values(lease_until=clock.now() - HOUR))
        seen.append(mine.run_next())
        return {}

    mine = runner(any_platform, handler)
    job = put(any_platform)
    assert mine.run_next()
    assert (seen, get(any_platform, job).state, get(any_platform, job).attempts) == (
        [False],
        "done",
        1,
    )


def test_a_job_waits_for_its_disk(any_platform: Platform) -> None:
    """However long that lasts: no try is counted, and the reason stands on the job."""
    broken = [True]

    def handler(_context: JobContext) -> dict[str, object]:
        if broken[0]:
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
        return {}

    job, mine = put(any_platform, max_attempts=1), runner(any_platform, handler)
    for _ in range(4):
        with any_platform.database.write() as connection:
            connection.execute(job_table.update().values(due_at=clock.now()))
        assert mine.run_next()
        found = get(any_platform, job)
        assert (found.state, found.attempts, (found.error or {})["code"]) == (
            "queued",
            0,
            "disk_full",
        )
        assert _soon(found.due_at)
    broken[0] = False
    with any_platform.database.write() as connection:
        connection.execute(job_table.update().values(due_at=clock.now()))
    assert mine.run_next()
    assert (get(any_platform, job).state, get(any_platform, job).error) == ("done", None)


def _soon(moment: datetime) -> bool:
    return clock.now() < moment <= clock.now() + timedelta(minutes=1)
