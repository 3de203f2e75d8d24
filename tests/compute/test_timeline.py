"""The timeline of runs: nothing overlaps, nothing is lost, and the answer stays small."""

import re
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import sqlalchemy as sa
from hypothesis import given
from hypothesis import strategies as st

from haina.compute.timeline import CELLS, blocks_of, packed, timeline
from haina.kernel import clock
from haina.kernel.errors import HainaError
from haina.kernel.ids import new_id
from haina.kernel.jobs import Bar, JobFilter, reading_queries
from haina.kernel.jobs.tables import job_table
from haina.kernel.platform import Platform

START = datetime(2026, 3, 1, tzinfo=UTC)
NOW = START + timedelta(hours=1)
CELL = timedelta(hours=1) / CELLS
MANY = 10_000


def bar(start: float, length: float | None, state: str = "done", rows: int | None = None) -> Bar:
    begun = START + timedelta(seconds=start)
    end = None if length is None else begun + timedelta(seconds=length)
    return Bar(f"{start}", "k", "t", state, begun, end, rows)  # type: ignore[arg-type]


spans = st.lists(
    st.tuples(st.floats(0, 3500), st.one_of(st.none(), st.floats(0, 900))), max_size=60
)


@given(spans)
def test_every_job_is_in_one_block_and_lanes_are_few(
    found: list[tuple[float, float | None]],
) -> None:
    bars = sorted((bar(*one) for one in found), key=lambda one: one.started_at)
    lanes = packed(blocks_of(bars, CELL, NOW), NOW)
    assert sum(block.count for lane in lanes for block in lane) == len(bars)
    assert len(lanes) <= 4
    for lane in lanes[:3]:
        ends = [block.ended_at or NOW for block in lane]
        assert (
            all(end <= lane[n + 1].started_at for n, end in enumerate(ends[:-1])) or len(lanes) == 4
        )


def test_short_neighbours_are_one_block_and_a_failure_shows() -> None:
    bars = [bar(0, 1, rows=5), bar(2, 1, "failed"), bar(4, 1, rows=7), bar(600, 1)]
    first, second = blocks_of(bars, CELL, NOW)
    assert (first.count, first.failed, first.state, first.rows, first.job) == (
        3, 1, "failed", 12, None,
    )  # fmt: skip
    assert (second.count, second.job) == (1, "600")


def test_long_ones_stand_alone_and_one_that_runs_has_no_end() -> None:
    found = blocks_of([bar(0, 300), bar(10, 300), bar(3000, None, "running")], CELL, NOW)
    assert [block.count for block in found] == [1, 1, 1]
    assert found[2].ended_at is None
    assert [len(lane) for lane in packed(found, NOW)] == [2, 1]


def fill(platform: Platform, count: int) -> datetime:
    """Jobs of a busy day, two at a time; the moment of the first."""
    first = clock.now() - timedelta(hours=20)
    rows = []
    for n in range(count):
        begun = first + timedelta(seconds=7 * (n // 2))
        rows.append(
            {
                "id": new_id(),
                "kind": ("collect.load", "libraries.conform", "libraries.build")[n % 3],
                "title": f"作业 {n}",
                "payload": {},
                "state": "failed" if n % 500 == 0 else "done",
                "cause": "测试",
                "subject": f"std.t{n % 40}",
                "priority": 1,
                "due_at": begun,
                "attempts": 1,
                "max_attempts": 3,
                "fence": 1,
                "cancel_requested": False,
                "created_at": begun,
                "started_at": begun,
                "ended_at": begun + timedelta(seconds=5),
                "result": {"rows_out": 2},
            }
        )
    with platform.database.write() as connection:
        connection.execute(job_table.insert(), rows)
    return first


def test_ten_thousand_runs_are_a_bounded_answer(any_platform: Platform) -> None:
    fill(any_platform, MANY)
    now = clock.now()
    with any_platform.database.read() as connection:
        found = timeline(connection, JobFilter(since=now - timedelta(days=1), until=now))
        zoomed = timeline(
            connection,
            JobFilter(
                since=now - timedelta(hours=20),
                until=now - timedelta(hours=20) + timedelta(seconds=60),
            ),
        )
        cut = timeline(connection, JobFilter(since=now - timedelta(days=1), until=now), most=100)
    blocks = [block for row in found.rows for lane in row.lanes for block in lane]
    assert sum(block.count for block in blocks) == MANY
    assert sum(row.failed for row in found.rows) == MANY / 500
    assert sum(block.rows or 0 for block in blocks) == 2 * MANY
    assert len(blocks) < 3 * CELLS
    assert all(block.job for row in zoomed.rows for lane in row.lanes for block in lane)
    assert cut.truncated
    assert not found.truncated


def test_the_window_is_found_by_an_index(platform: Platform) -> None:
    """The database reads what ended in the window, never the whole table."""
    fill(platform, 2000)
    with platform.database.write() as connection:
        connection.execute(sa.text("ANALYZE"))
        seen: list[tuple[str, Any]] = []

        def listen(_c: object, _cursor: object, text: str, told: object, *_: object) -> None:
            seen.append((text, told))

        sa.event.listen(connection, "before_cursor_execute", listen)
        since = clock.now() - timedelta(hours=17)
        wanted = JobFilter(since=since, until=since + timedelta(minutes=1))
        reading_queries.bars_of(connection, wanted, 1000)
        sa.event.remove(connection, "before_cursor_execute", listen)
        assert len(seen) == 2
        for (text, told), index in zip(
            seen, ("ix_job_ended", "ix_job_state|ix_job_claim"), strict=True
        ):
            plan = str(connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {text}", told).fetchall())
            assert re.search(index, plan), plan


def test_filters_narrow_lists_and_timelines_alike(any_platform: Platform) -> None:
    first = fill(any_platform, 300)
    now = clock.now()
    day: dict[str, Any] = {"since": now - timedelta(days=1), "until": now}
    with any_platform.database.read() as connection:
        kinds = timeline(connection, JobFilter(kind="libraries.build", **day)).rows
        text = reading_queries.find_jobs(connection, JobFilter(text="作业 29"), limit=200).jobs
        odd = reading_queries.find_jobs(connection, JobFilter(text="100%_"), limit=10).jobs
        owned = reading_queries.find_jobs(connection, JobFilter(subjects=("std.t1",)), limit=99)
        early = JobFilter(since=first, until=first + timedelta(seconds=8))
        window = reading_queries.find_jobs(connection, early, limit=99).jobs
    assert [row.kind for row in kinds] == ["libraries.build"]
    assert {job.title for job in text} == {"作业 29"} | {f"作业 29{n}" for n in range(10)}
    assert odd == []
    assert {job.subject for job in owned.jobs} == {"std.t1"}
    assert {job.title for job in window} == {f"作业 {n}" for n in range(4)}


def test_a_window_that_ends_before_it_starts_is_refused(any_platform: Platform) -> None:
    with any_platform.database.read() as connection, pytest.raises(HainaError) as refused:
        timeline(connection, JobFilter(since=NOW, until=START))
    assert refused.value.code == "bad_input"
