"""The ways of a load: overlap, append, comparison, pace and hours."""

import sqlite3
import time
from contextlib import closing
from datetime import datetime
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from haina.kernel import clock
from haina.kernel.errors import HainaError
from haina.kernel.platform import Platform
from haina.resources.collect.pace import Pace, opens_at
from haina.resources.collect.watermarks import less
from tests.resources.collect.loading import apply, content, error_of, load, loads

SOURCE = """\
name: s
title: 系统
agency: ju
kind: sqlite
connection: {path: t.db}
%s
tables:
  - name: t
    from: t
    title: 表
    key: [K]
    %s
    columns:
      K: {item: k, title: 键}
      V: {item: v, title: 值}
      M: {item: m, title: 更新}
"""
ROWS = [(1, "a", "2026-01-01"), (2, "b", "2026-01-02"), (3, "c", "2026-01-03")]


@pytest.fixture
def database(platform: Platform) -> Path:
    files = platform.settings.home / "files"
    files.mkdir()
    change(files / "t.db", "CREATE TABLE t (K INTEGER PRIMARY KEY, V TEXT, M TEXT)")
    put(files / "t.db", *ROWS)
    return files / "t.db"


def change(path: Path, *statements: str) -> None:
    with closing(sqlite3.connect(path)) as source:
        for statement in statements:
            source.execute(statement)
        source.commit()


def put(path: Path, *rows: tuple[int, str, str]) -> None:
    with closing(sqlite3.connect(path)) as source:
        source.executemany("INSERT OR REPLACE INTO t VALUES (?, ?, ?)", rows)
        source.commit()


def start(platform: Platform, tmp_path: Path, way: str, source: str = "") -> None:
    apply(platform, tmp_path / "pack", SOURCE % (source, way))
    assert load(platform, "t").state == "done"


# Overlap


def test_late_rows_come_in_by_the_overlap(
    platform: Platform, tmp_path: Path, database: Path
) -> None:
    start(platform, tmp_path, "mode: incremental\n    watermark: M\n    overlap: 2d")
    put(database, (4, "late", "2026-01-02"), (3, "c2", "2026-01-03"))
    assert load(platform, "t").state == "done"
    assert content(platform) == {1: "a", 2: "b", 3: "c2", 4: "late"}
    newest = loads(platform, "t")[0]
    assert (newest.rows, newest.source_rows, newest.agrees) == (3, 3, True)
    assert newest.watermark_to == "2026-01-03"


def test_without_overlap_they_do_not(platform: Platform, tmp_path: Path, database: Path) -> None:
    start(platform, tmp_path, "mode: incremental\n    watermark: M")
    put(database, (4, "late", "2026-01-02"))
    load(platform, "t")
    assert 4 not in content(platform)


def test_append_takes_each_key_once(platform: Platform, tmp_path: Path, database: Path) -> None:
    """What lies in the lake is never changed, however often a row comes again."""
    way = "mode: incremental\n    watermark: M\n    overlap: 3d\n    write: append"
    start(platform, tmp_path, way)
    put(database, (2, "changed", "2026-01-02"), (4, "d", "2026-01-04"))
    assert load(platform, "t").state == "done"
    assert content(platform) == {1: "a", 2: "b", 3: "c", 4: "d"}
    newest = loads(platform, "t")[0]
    assert (newest.rows, newest.source_rows, newest.agrees) == (4, 4, True)
    assert newest.changes["inserted"] == 1
    assert load(platform, "t").state == "done"  # nothing new: agrees all the same


def test_upsert_of_full_reads_deletes_nothing(
    platform: Platform, tmp_path: Path, database: Path
) -> None:
    start(platform, tmp_path, "write: upsert")
    change(database, "DELETE FROM t WHERE K = 1", "UPDATE t SET V = 'z' WHERE K = 2")
    load(platform, "t")
    assert content(platform) == {1: "a", 2: "z", 3: "c"}


@pytest.mark.parametrize(
    ("mark", "overlap", "moved"),
    [
        ("2026-03-01 00:30:00", "1h", "2026-02-28 23:30:00"),
        ("2026-03-01T00:30:00.5", "30m", "2026-03-01 00:00:00.500000"),
        ("2026-03-01 08:00:00+08", "2d", "2026-02-27 08:00:00+08"),
        ("2026-03-01", "1d", "2026-02-28"),
        ("2026-03-01", "6h", "2026-02-27"),
        ("1000", "10", "990"),
        ("10.50", "1", "9.50"),
    ],
)
def test_a_watermark_less_its_overlap(mark: str, overlap: str, moved: str) -> None:
    assert less(mark, overlap) == moved


@pytest.mark.parametrize(("mark", "overlap"), [("abc", "2d"), ("2026-01-01", "5"), ("77", "2d")])
def test_an_overlap_that_does_not_fit_its_column(mark: str, overlap: str) -> None:
    with pytest.raises(HainaError) as refused:
        less(mark, overlap)
    assert refused.value.code == "bad_overlap"


@given(st.datetimes(datetime(1900, 1, 1), datetime(2900, 1, 1)), st.integers(1, 10_000))
def test_the_overlap_never_moves_a_mark_forward(moment: datetime, minutes: int) -> None:
    assert less(str(moment), f"{minutes}m") < str(moment)


# Comparison


def test_a_comparison_finds_insertions_updates_and_deletions(
    platform: Platform, tmp_path: Path, database: Path
) -> None:
    start(platform, tmp_path, "mode: compare")
    before = content(platform, "V", "_run")
    change(database, "DELETE FROM t WHERE K = 1", "UPDATE t SET V = 'z' WHERE K = 2")
    put(database, (4, "d", "2026-01-04"))
    assert load(platform, "t").state == "done"
    after = content(platform, "V", "_run")
    assert {key: value for key, (value, _) in after.items()} == {2: "z", 3: "c", 4: "d"}
    assert after[3][1] == before[3][1], "a row alike keeps where it came from"
    assert after[2][1] != before[2][1]
    newest = loads(platform, "t")[0]
    assert newest.changes == {"inserted": 1, "updated": 1, "deleted": 1}
    assert (newest.rows, newest.source_rows, newest.agrees) == (3, 3, True)
    assert load(platform, "t").state == "done"
    assert loads(platform, "t")[0].changes == {}


def test_a_comparison_with_an_empty_source_deletes_all(
    platform: Platform, tmp_path: Path, database: Path
) -> None:
    start(platform, tmp_path, "mode: compare")
    change(database, "DELETE FROM t")
    job = load(platform, "t")
    assert job.state == "done", job.error
    assert content(platform) == {}


# Gentle with sources


def test_outside_its_hours_a_source_is_left_alone(
    platform: Platform, tmp_path: Path, database: Path
) -> None:
    here = clock.local(clock.now())
    closed = f"{(here.hour + 2) % 24:02d}:00-{(here.hour + 3) % 24:02d}:00"
    apply(platform, tmp_path / "pack", SOURCE % (f'window: "{closed}"', ""))
    job = load(platform, "t")
    assert (job.state, job.attempts, job.error) == ("queued", 0, None)
    assert clock.local(job.due_at).hour == (here.hour + 2) % 24
    assert loads(platform, "t") == []


@pytest.mark.parametrize(
    ("window", "now", "opens"),
    [
        ("08:00-18:00", "2026-03-02 12:00", None),
        ("08:00-18:00", "2026-03-02 18:00", "2026-03-03 08:00"),
        ("08:00-18:00", "2026-03-02 07:59", "2026-03-02 08:00"),
        ("22:00-06:00", "2026-03-02 23:00", None),
        ("22:00-06:00", "2026-03-02 05:59", None),
        ("22:00-06:00", "2026-03-02 06:00", "2026-03-02 22:00"),
    ],
)
def test_when_a_window_opens(window: str, now: str, opens: str | None) -> None:
    moment = datetime.fromisoformat(now).replace(tzinfo=clock.SHANGHAI)
    found = opens_at(window, moment)
    assert (None if found is None else f"{clock.local(found):%Y-%m-%d %H:%M}") == opens


def test_a_pace_is_kept_on_average() -> None:
    looked = []
    pace = Pace(1_000, lambda: looked.append(1))
    begin = time.monotonic()
    for _ in range(4):
        pace.took(100)
    assert time.monotonic() - begin >= 0.4
    assert looked
    assert (pace.batch_rows, Pace(None, lambda: None).batch_rows) == (1_000, None)


def test_a_paced_load_is_whole(platform: Platform, tmp_path: Path, database: Path) -> None:
    put(database, *((number, "x", "2026-01-01") for number in range(10, 300)))
    begin = time.monotonic()
    start(platform, tmp_path, "", "rows_per_second: 300")
    assert time.monotonic() - begin >= 0.9
    assert len(content(platform)) == 293


# Slices


def test_slices_of_a_first_increment_know_its_highest_mark(
    platform: Platform, tmp_path: Path, database: Path
) -> None:
    """Marks are numbers here: 9 is below 3000, though not as text."""
    change(database, "DELETE FROM t")
    put(database, *((number, "x", "2026-01-01") for number in range(1, 3_001)))
    way = "mode: incremental\n    watermark: K\n    slice_by: K\n    slice_rows: 1000"
    start(platform, tmp_path, way)
    [first] = loads(platform, "t")
    assert (first.slices, first.rows, first.watermark_to) == (3, 3_000, "3000")
    put(database, (3_001, "new", "2026-01-01"))
    assert load(platform, "t").state == "done"
    assert loads(platform, "t")[0].rows == 1
    assert len(content(platform)) == 3_001


# Declarations that contradict themselves


@pytest.mark.parametrize(
    ("way", "words"),
    [
        ("mode: incremental\n    watermark: M\n    write: replace", "丢掉以前的行"),
        ("overlap: 2d", "overlap"),
        ("mode: compare\n    write: append", "compare"),
        ("slice_by: Z", "Z"),
    ],
)
def test_a_way_that_contradicts_itself(
    platform: Platform, tmp_path: Path, database: Path, way: str, words: str
) -> None:
    with pytest.raises(HainaError) as refused:
        apply(platform, tmp_path / "pack", SOURCE % ("", way))
    assert words in str(refused.value.as_dict())


def test_an_unfit_overlap_is_told_at_the_load(
    platform: Platform, tmp_path: Path, database: Path
) -> None:
    start(platform, tmp_path, "mode: incremental\n    watermark: M\n    overlap: 1000")
    assert error_of(load(platform, "t")) == "bad_overlap"
