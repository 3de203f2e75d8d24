"""Drift: new, lost, retyped and renamed columns, by policy, told before anything depends on them."""

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from haina.kernel.errors import HainaError
from haina.kernel.platform import Platform
from haina.resources.collect import drift
from haina.resources.collect.drift import DriftRecord
from tests.resources.collect.loading import apply, content, error_of, load, table
from tests.support.running import table_of

SOURCE = """\
name: s
title: 系统
agency: ju
kind: sqlite
connection: {path: t.db}
tables:
  - name: t
    from: t
    title: 表
    key: [K]
    %s
    columns:
      K: {item: k, title: 键}
      V: {item: v, title: 值}
      N: {item: n, title: 数, optional: true}
"""


@pytest.fixture
def database(platform: Platform) -> Path:
    files = platform.settings.home / "files"
    files.mkdir()
    remake(files / "t.db", "K INTEGER PRIMARY KEY, V TEXT, N INTEGER", (1, "a", 5), (2, "b", 6))
    return files / "t.db"


def remake(path: Path, columns: str, *rows: tuple[object, ...]) -> None:
    with closing(sqlite3.connect(path)) as source:
        source.execute("DROP TABLE IF EXISTS t")
        source.execute(f"CREATE TABLE t ({columns})")
        for row in rows:
            source.execute(f"INSERT INTO t VALUES ({', '.join('?' * len(row))})", row)
        source.commit()


def start(platform: Platform, tmp_path: Path, policy: str) -> None:
    apply(platform, tmp_path / "pack", SOURCE % policy)
    assert load(platform, "t").state == "done"
    assert noted(platform) == []


def noted(platform: Platform) -> list[DriftRecord]:
    with platform.database.read() as connection:
        return drift.drift_of(connection, "t")


def changes(platform: Platform) -> list[tuple[str, str, str]]:
    return sorted((one.change, one.column, one.state) for one in noted(platform))


# Evolve


def test_a_new_column_comes_into_ods(platform: Platform, tmp_path: Path, database: Path) -> None:
    start(platform, tmp_path, "drift: evolve")
    remake(database, "K INTEGER PRIMARY KEY, V TEXT, N INTEGER, W TEXT", (1, "a", 5, "w"))
    assert load(platform, "t").state == "done"
    assert table_of(platform, "ods.t").column("W").to_pylist() == ["w"]
    assert changes(platform) == [("new", "W", "noted")]
    assert "W" in noted(platform)[0].advice
    assert load(platform, "t").state == "done"
    assert table_of(platform, "ods.t").column("W").to_pylist() == ["w"]
    assert len(noted(platform)) == 1, "told once"


def test_a_column_that_was_never_chosen_is_not_taken(
    platform: Platform, tmp_path: Path, database: Path
) -> None:
    remake(database, "K INTEGER PRIMARY KEY, V TEXT, N INTEGER, SECRET TEXT", (1, "a", 5, "s"))
    start(platform, tmp_path, "drift: evolve")
    load(platform, "t")
    assert "SECRET" not in table_of(platform, "ods.t").schema.names


@pytest.mark.parametrize("way", ["write: upsert", "mode: compare"])
def test_a_new_column_comes_into_ods_by_merges_too(
    platform: Platform, tmp_path: Path, database: Path, way: str
) -> None:
    start(platform, tmp_path, way)
    columns = "K INTEGER PRIMARY KEY, V TEXT, N INTEGER, W TEXT"
    remake(database, columns, (1, "a", 5, "w"), (2, "b", 6, None), (3, "c", 7, "x"))
    assert load(platform, "t").state == "done"
    assert content(platform, "V", "W") == {1: ("a", "w"), 2: ("b", None), 3: ("c", "x")}
    remake(database, columns, (1, "a", 5, "w2"), (2, "b", 6, None), (3, "c", 7, "x"))
    assert load(platform, "t").state == "done"
    assert content(platform, "V", "W") == {1: ("a", "w2"), 2: ("b", None), 3: ("c", "x")}


def test_an_optional_column_that_is_lost_is_null(
    platform: Platform, tmp_path: Path, database: Path
) -> None:
    start(platform, tmp_path, "drift: evolve")
    remake(database, "K INTEGER PRIMARY KEY, V TEXT", (1, "a"), (3, "c"))
    assert load(platform, "t").state == "done"
    assert content(platform, "V", "N") == {1: ("a", None), 3: ("c", None)}
    assert changes(platform) == [("lost", "N", "noted")]
    assert load(platform, "t").state == "done"
    assert len(noted(platform)) == 1, "told once"
    remake(database, "K INTEGER PRIMARY KEY, V TEXT, N INTEGER", (1, "a", 9))
    assert load(platform, "t").state == "done"
    assert content(platform, "V", "N") == {1: ("a", 9)}


def test_a_declared_column_that_is_lost_stops_the_load(
    platform: Platform, tmp_path: Path, database: Path
) -> None:
    """NULLs in its place would be counted by everything downstream."""
    start(platform, tmp_path, "drift: evolve")
    remake(database, "K INTEGER PRIMARY KEY, N INTEGER", (1, 5))
    assert error_of(load(platform, "t")) == "source_column_gone"
    assert content(platform) == {1: "a", 2: "b"}
    assert changes(platform) == [("lost", "V", "noted")]


def test_a_renamed_column_is_proposed(platform: Platform, tmp_path: Path, database: Path) -> None:
    start(platform, tmp_path, "drift: evolve")
    remake(database, "K INTEGER PRIMARY KEY, V_NEW TEXT, N INTEGER", (1, "a", 5))
    job = load(platform, "t")
    assert error_of(job) == "source_column_gone"
    assert job.error is not None
    assert "V_NEW" in job.error["message"]
    assert ("renamed", "V", "noted") in changes(platform)
    [renamed] = [one for one in noted(platform) if one.change == "renamed"]
    assert (renamed.was, renamed.now) == ("V", "V_NEW")


def test_a_retyped_column_of_a_replaced_table_takes_its_new_type(
    platform: Platform, tmp_path: Path, database: Path
) -> None:
    start(platform, tmp_path, "drift: evolve")
    remake(database, "K INTEGER PRIMARY KEY, V TEXT, N TEXT", (1, "a", "five"))
    assert load(platform, "t").state == "done"
    assert content(platform, "N") == {1: ("five",)}
    assert changes(platform) == [("retyped", "N", "noted")]
    assert (noted(platform)[0].was, noted(platform)[0].now) == ("INTEGER", "TEXT")


def test_a_retyped_column_of_a_kept_table_keeps_its_type_and_sets_misfits_aside(
    platform: Platform, tmp_path: Path, database: Path
) -> None:
    start(platform, tmp_path, "write: upsert")
    remake(database, "K INTEGER PRIMARY KEY, V TEXT, N TEXT", (1, "a", "7"), (2, "b", "six"))
    assert load(platform, "t").state == "done"
    assert content(platform, "N") == {1: (7,), 2: (6,)}
    from tests.resources.collect.loading import quarantined

    [bad] = quarantined(platform)
    assert (bad.column, bad.reason) == ("N", "not_integer")


# Freeze


@pytest.mark.parametrize(
    ("columns", "row", "change"),
    [
        ("K INTEGER PRIMARY KEY, V TEXT, N INTEGER, W TEXT", (1, "z", 5, "w"), "new"),
        ("K INTEGER PRIMARY KEY, V TEXT", (1, "z"), "lost"),
        ("K INTEGER PRIMARY KEY, V TEXT, N TEXT", (1, "z", "5"), "retyped"),
    ],
)
def test_frozen_any_change_waits_for_the_steward(
    platform: Platform,
    tmp_path: Path,
    database: Path,
    columns: str,
    row: tuple[object, ...],
    change: str,
) -> None:
    start(platform, tmp_path, "drift: freeze")
    remake(database, columns, row)
    for _ in range(2):
        job = load(platform, "t")
        assert (job.state, error_of(job)) == ("failed", "source_drifted")
        assert content(platform) == {1: "a", 2: "b"}
        assert {(one.change, one.state) for one in noted(platform)} == {(change, "open")}
    with platform.database.write() as connection:
        assert drift.accept(connection, "zhang", "t") == 1
    assert load(platform, "t").state == "done"
    assert content(platform) == {1: "z"}
    assert {(one.state, one.decided_by) for one in noted(platform)} == {("accepted", "zhang")}
    if change == "new":
        assert "W" not in table_of(platform, "ods.t").schema.names, "confirmed is not declared"


@pytest.mark.parametrize(
    "way", ["write: upsert", "mode: incremental\n    watermark: K\n    write: append"]
)
def test_confirming_a_change_loses_nothing_that_was_there(
    platform: Platform, tmp_path: Path, database: Path, way: str
) -> None:
    start(platform, tmp_path, f"{way}\n    drift: freeze")
    remake(database, "K INTEGER PRIMARY KEY, V TEXT, N INTEGER, W TEXT", (3, "c", 7, "w"))
    assert error_of(load(platform, "t")) == "source_drifted"
    with platform.database.write() as connection:
        drift.accept(connection, "zhang", "t")
    assert load(platform, "t").state == "done"
    assert content(platform) == {1: "a", 2: "b", 3: "c"}


def test_only_what_was_confirmed_is_let_in(
    platform: Platform, tmp_path: Path, database: Path
) -> None:
    start(platform, tmp_path, "drift: freeze")
    remake(database, "K INTEGER PRIMARY KEY, V TEXT, N INTEGER, W TEXT", (1, "z", 5, "w"))
    load(platform, "t")
    with platform.database.write() as connection:
        drift.accept(connection, "zhang", "t")
    remake(
        database, "K INTEGER PRIMARY KEY, V TEXT, N INTEGER, W TEXT, X TEXT", (1, "z", 5, "", "")
    )
    assert error_of(load(platform, "t")) == "source_drifted"
    assert content(platform) == {1: "a", 2: "b"}


def test_there_must_be_something_to_accept(
    platform: Platform, tmp_path: Path, database: Path
) -> None:
    start(platform, tmp_path, "drift: freeze")
    with pytest.raises(HainaError) as refused, platform.database.write() as connection:
        drift.accept(connection, "zhang", "t")
    assert refused.value.code == "conflict"


def test_the_shape_says_what_is_kept(platform: Platform, tmp_path: Path, database: Path) -> None:
    start(platform, tmp_path, "drift: evolve")
    shape = table(platform).shape
    assert shape is not None
    assert shape["N"] == {"type": "INTEGER", "lake": "integer"}
