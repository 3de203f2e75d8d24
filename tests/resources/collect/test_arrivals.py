"""到数: which batch is owed, by when, and whether it is here; by the clock on the wall in China."""

from dataclasses import replace
from datetime import UTC, datetime, time, timedelta
from typing import Any, get_args

import pytest
from hypothesis import given
from hypothesis import strategies as st

from haina.kernel import clock
from haina.resources.collect import Load, Source, Table
from haina.resources.collect.arrivals import _arrival, period_of
from haina.resources.specs import Cycle, TableSpec

CYCLES = [cycle for cycle in get_args(Cycle) if cycle != "irregular"]
MOMENTS = st.datetimes(datetime(2000, 1, 1), datetime(2100, 1, 1), timezones=st.just(UTC))
TIMES = st.times().map(lambda t: f"{t.hour:02}:{t.minute:02}")


def at(text: str) -> datetime:
    """A moment on a wall clock in China."""
    return datetime.fromisoformat(text).replace(tzinfo=clock.SHANGHAI)


@pytest.mark.parametrize(
    ("cycle", "moment", "start"),
    [
        ("daily", "2026-03-05 00:00", "2026-03-05"),
        ("daily", "2026-03-05 23:59:59.999999", "2026-03-05"),
        ("realtime", "2026-03-05 12:00", "2026-03-05"),
        ("weekly", "2026-03-02 00:00", "2026-03-02"),  # a Monday
        ("weekly", "2026-03-08 23:59:59", "2026-03-02"),
        ("weekly", "2026-03-01 23:59:59", "2026-02-23"),
        ("weekly", "2027-01-01 00:00", "2026-12-28"),
        ("monthly", "2026-03-01 00:00", "2026-03-01"),
        ("monthly", "2028-02-29 23:59:59", "2028-02-01"),
        ("quarterly", "2026-03-31 23:59:59", "2026-01-01"),
        ("quarterly", "2026-04-01 00:00", "2026-04-01"),
        ("quarterly", "2026-12-31 23:59:59", "2026-10-01"),
        ("quarterly", "2026-05-31 10:00", "2026-04-01"),
        ("yearly", "2026-12-31 23:59:59", "2026-01-01"),
        ("yearly", "2027-01-01 00:00", "2027-01-01"),
    ],
)
def test_where_a_period_starts(cycle: Cycle, moment: str, start: str) -> None:
    found = period_of(cycle, "08:30", at(moment))
    assert found == (at(start), at(f"{start} 08:30"))


@pytest.mark.parametrize("cycle", CYCLES)
def test_midnight_is_that_of_china(cycle: Cycle) -> None:
    """16:00 UTC of New Year's Eve is New Year's Day in China."""
    before = period_of(cycle, "08:00", datetime(2025, 12, 31, 15, 59, 59, tzinfo=UTC))
    after = period_of(cycle, "08:00", datetime(2025, 12, 31, 16, 0, 0, tzinfo=UTC))
    if cycle == "weekly":  # the first of 2026 is a Thursday
        assert before == after
    else:
        assert before is not None
        assert after is not None
        assert before[0] < after[0] == at("2026-01-01")


def test_without_a_cycle_nothing_is_owed() -> None:
    assert period_of("irregular", "08:00", clock.now()) is None


@given(st.sampled_from(CYCLES), TIMES, MOMENTS)
def test_a_moment_lies_in_its_period_and_the_batch_is_due_on_its_first_day(
    cycle: Cycle, due: str, moment: datetime
) -> None:
    found = period_of(cycle, due, moment)
    assert found is not None
    start, due_at = found
    assert start <= moment
    assert clock.local(start).time() == time()
    assert clock.local(due_at).date() == clock.local(start).date()
    assert clock.local(due_at).time() == time.fromisoformat(due)
    assert period_of(cycle, due, start) == found


@given(st.sampled_from(CYCLES), MOMENTS)
def test_the_moment_before_a_period_lies_in_the_one_before(cycle: Cycle, moment: datetime) -> None:
    found = period_of(cycle, "08:00", moment)
    assert found is not None
    before = period_of(cycle, "08:00", found[0] - timedelta(microseconds=1))
    assert before is not None
    assert before[0] < found[0]


SOURCE = Source(
    "s", "系统", "gongan", "csv", {}, {}, "file", False, None, None, None, None, "p", False
)
LOAD = Load("j", "t", 1, "full", at("2026-03-05 07:00"), 100, 0, 100, "", "", True, None, None)


def table(cycle: str = "daily", since: str = "2026-01-01 00:00") -> Table:
    spec: dict[str, Any] = {
        "name": "t", "from": "t", "title": "表", "key": ["a"], "cycle": cycle, "due": "08:00",
        "columns": {"a": {"item": "a", "title": "甲"}},
    }  # fmt: skip
    return Table("t", "s", TableSpec.model_validate(spec), None, at(since))


def state(moment: str, *loads: Load, cycle: str = "daily", since: str = "2026-01-01 00:00") -> str:
    return _arrival(SOURCE, table(cycle, since), list(loads), at(moment)).state


@pytest.mark.parametrize(
    ("moment", "expected"),
    [
        ("2026-03-05 23:59", "arrived"),
        ("2026-03-06 00:00", "waiting"),
        ("2026-03-06 07:59:59", "waiting"),
        ("2026-03-06 08:00", "late"),
        ("2026-03-09 00:00", "waiting"),
    ],
)
def test_a_daily_batch_around_its_hour(moment: str, expected: str) -> None:
    assert state(moment, LOAD) == expected


@pytest.mark.parametrize(
    ("cycle", "moment", "expected"),
    [
        ("weekly", "2026-03-08 23:59", "arrived"),
        ("weekly", "2026-03-09 07:59", "waiting"),
        ("weekly", "2026-03-09 08:00", "late"),
        ("monthly", "2026-03-31 23:59", "arrived"),
        ("monthly", "2026-04-01 07:59", "waiting"),
        ("monthly", "2026-04-30 12:00", "late"),
        ("quarterly", "2026-03-31 23:59", "arrived"),
        ("quarterly", "2026-04-01 08:00", "late"),
        ("yearly", "2026-12-31 23:59", "arrived"),
        ("yearly", "2027-01-01 00:00", "waiting"),
        ("yearly", "2027-01-01 08:00", "late"),
        ("irregular", "2030-01-01 00:00", "arrived"),
    ],
)
def test_longer_cycles_around_their_edges(cycle: str, moment: str, expected: str) -> None:
    assert state(moment, LOAD, cycle=cycle) == expected


def test_a_batch_at_the_first_moment_of_the_period_counts() -> None:
    first = replace(LOAD, at=at("2026-03-06 00:00"))
    assert state("2026-03-06 12:00", first) == "arrived"


def test_nothing_ever_came() -> None:
    assert state("2026-03-06 07:00") == "waiting"
    assert state("2026-03-06 09:00") == "late"
    assert state("2026-03-06 09:00", cycle="irregular") == "unplanned"


def test_a_table_registered_after_the_hour_owes_its_first_batch_next_time() -> None:
    since = "2026-03-06 08:00:01"
    assert state("2026-03-06 20:00", since=since) == "waiting"
    assert state("2026-03-07 08:00", since=since) == "late"


@pytest.mark.parametrize(("rows", "expected"), [(80, "arrived"), (79, "short"), (0, "short")])
def test_far_fewer_rows_than_the_batch_before(rows: int, expected: str) -> None:
    small = replace(LOAD, rows=rows)
    assert state("2026-03-05 12:00", small, LOAD) == expected


def test_a_small_increment_is_not_short() -> None:
    small = replace(LOAD, rows=1, mode="incremental")
    assert state("2026-03-05 12:00", small, LOAD) == "arrived"


def test_the_first_batch_is_never_short() -> None:
    assert state("2026-03-05 12:00", replace(LOAD, rows=0)) == "arrived"


def test_an_arrival_tells_both_batches() -> None:
    found = _arrival(SOURCE, table(), [replace(LOAD, rejected=3), LOAD], at("2026-03-05 12:00"))
    assert (found.rows, found.rows_before, found.rejected) == (100, 100, 3)
    assert (found.agency, found.due_at) == ("gongan", at("2026-03-05 08:00"))
