"""Schedules: cron on the wall clock of China, intervals, and what was missed."""

from datetime import UTC, datetime, timedelta

import pytest

from haina.kernel import clock
from haina.kernel.errors import HainaError
from haina.kernel.jobs import (
    ScheduleInput,
    due_schedules,
    list_jobs,
    put_schedule,
    remove_schedule,
    schedules,
)
from haina.kernel.jobs.schedules import next_time
from haina.kernel.jobs.tables import schedule_table
from haina.kernel.platform import Platform


@pytest.mark.parametrize(
    ("rule", "after", "then"),
    [
        # 18:29 UTC is 02:29 of the next day in China.
        ("30 2 * * *", datetime(2026, 3, 1, 18, 29, tzinfo=UTC), datetime(2026, 3, 1, 18, 30, tzinfo=UTC)),
        ("30 2 * * *", datetime(2026, 3, 1, 18, 30, tzinfo=UTC), datetime(2026, 3, 2, 18, 30, tzinfo=UTC)),
        ("0 0 1 1 *", datetime(2026, 6, 1, tzinfo=UTC), datetime(2026, 12, 31, 16, 0, tzinfo=UTC)),
        ("every 15m", datetime(2026, 6, 1, tzinfo=UTC), datetime(2026, 6, 1, 0, 15, tzinfo=UTC)),
        ("every 2d", datetime(2026, 6, 1, tzinfo=UTC), datetime(2026, 6, 3, tzinfo=UTC)),
    ],
)  # fmt: skip
def test_next_time(rule: str, after: datetime, then: datetime) -> None:
    assert next_time(rule, after) == then


@pytest.mark.parametrize(
    "rule", ["", "x", "61 * * * *", "* * * *", "* * * * * *", "every 0m", "every m", "0 0 30 2 *"]
)
def test_nonsense_is_refused(rule: str) -> None:
    with pytest.raises(HainaError) as refused:
        next_time(rule, clock.now())
    assert refused.value.code == "bad_schedule"


def _put(platform: Platform, rule: str, name: str = "s") -> None:
    with platform.database.write() as connection:
        put_schedule(connection, ScheduleInput(name, "test", "试", rule, {"a": 1}, subject="x"))


def _long_ago(platform: Platform) -> None:
    with platform.database.write() as connection:
        connection.execute(schedule_table.update().values(next_at=clock.now() - timedelta(days=9)))


def test_what_was_missed_is_made_up_for_once(any_platform: Platform) -> None:
    _put(any_platform, "every 1h")
    assert due_schedules(any_platform.database) == 0
    _long_ago(any_platform)
    assert due_schedules(any_platform.database) == 1
    assert due_schedules(any_platform.database) == 0
    with any_platform.database.read() as connection:
        (job,) = list_jobs(connection).jobs
        (row,) = schedules(connection)
    assert (job.kind, job.payload, job.subject) == ("test", {"a": 1}, "x")
    assert "every 1h" in job.cause
    assert row["next_at"] > clock.now()
    assert row["last_at"] <= clock.now()


def test_a_schedule_waits_for_its_own_last_job(any_platform: Platform) -> None:
    _put(any_platform, "every 1h")
    for _ in range(2):
        _long_ago(any_platform)
        due_schedules(any_platform.database)
    with any_platform.database.read() as connection:
        assert len(list_jobs(connection).jobs) == 1


def test_an_unchanged_rule_keeps_its_next_moment(any_platform: Platform) -> None:
    _put(any_platform, "every 1h")
    _long_ago(any_platform)
    _put(any_platform, "every 1h")
    with any_platform.database.read() as connection:
        assert schedules(connection)[0]["next_at"] < clock.now()
    _put(any_platform, "every 2h")
    with any_platform.database.read() as connection:
        assert schedules(connection)[0]["next_at"] > clock.now()
    with any_platform.database.write() as connection:
        remove_schedule(connection, "s")
    with any_platform.database.read() as connection:
        assert schedules(connection) == []
