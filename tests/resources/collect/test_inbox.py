"""Watched folders and front-end databases: batches taken once, checked against statements."""

import json
import os
import sqlite3
import time
from contextlib import closing
from pathlib import Path

import pytest

from haina.kernel.jobs import NewJob, enqueue, list_jobs
from haina.kernel.platform import Platform
from haina.resources import collect
from tests.resources.collect.loading import (
    apply,
    content,
    error_of,
    job_of,
    load,
    loads,
    run_all,
    run_next,
)

INBOX = """\
name: s
title: 收件夹
agency: ju
kind: csv
connection: {path: box}
inbox: true
tables:
  - name: t
    from: 人口
    title: 人口
    key: [K]
    write: append
    columns:
      K: {item: k, title: 键}
      V: {item: v, title: 值}
  - name: u
    from: 单位
    title: 单位
    key: [K]
    files: "*法人*.csv"
    columns:
      K: {item: k, title: 键}
"""


@pytest.fixture
def box(platform: Platform, tmp_path: Path) -> Path:
    folder = platform.settings.home / "files" / "box"
    folder.mkdir(parents=True)
    apply(platform, tmp_path / "pack", INBOX)
    return folder


def lay(path: Path, text: str, *, age: float = 60.0) -> None:
    path.write_text(text, encoding="utf-8")
    os.utime(path, (time.time() - age, time.time() - age))


def watch(platform: Platform) -> dict[str, object]:
    """One look into the folder, and all that follows; what the look found."""
    with platform.database.write() as connection:
        job = enqueue(
            connection, NewJob(collect.LOAD_SOURCE, "看一看", {"source": "s"}, priority=1)
        )
    assert job is not None
    run_all(platform)
    found = job_of(platform, job)
    assert found.state == "done", found.error
    return found.result or {}


def states(platform: Platform) -> dict[str, str]:
    with platform.database.read() as connection:
        found = collect.list_deliveries(connection, source="s")
    return {one.file.split("|")[0]: one.state for one in found}


def test_each_new_file_is_a_batch_and_comes_once(platform: Platform, box: Path) -> None:
    lay(box / "人口_202601.csv", "K,V\n1,a\n")
    lay(box / "2026法人库.csv", "K\nx\n")
    assert watch(platform)["received"] == 2
    assert content(platform) == {"1": "a"}
    assert watch(platform)["received"] == 0
    lay(box / "人口_202602.csv", "K,V\n2,b\n")
    assert watch(platform)["received"] == 1
    assert content(platform) == {"1": "a", "2": "b"}
    assert [one.mode for one in loads(platform, "t")] == ["delivery", "delivery"]
    assert sorted(one.name for one in box.iterdir()) == [
        "2026法人库.csv", "人口_202601.csv", "人口_202602.csv",
    ], "nothing of the agency's folder is touched"  # fmt: skip


def test_a_file_that_may_still_grow_waits(platform: Platform, box: Path) -> None:
    lay(box / "人口.csv", "K,V\n1,", age=0.0)
    assert watch(platform)["received"] == 0
    lay(box / "人口.csv", "K,V\n1,a\n")
    assert watch(platform)["received"] == 1
    assert content(platform) == {"1": "a"}


def test_the_same_content_under_another_name_is_not_taken_twice(
    platform: Platform, box: Path
) -> None:
    lay(box / "人口1.csv", "K,V\n1,a\n")
    watch(platform)
    lay(box / "人口2.csv", "K,V\n1,a\n")
    watch(platform)
    assert states(platform) == {"人口1.csv": "loaded", "人口2.csv": "duplicate"}
    assert content(platform) == {"1": "a"}


def test_strangers_are_told(platform: Platform, box: Path) -> None:
    lay(box / "说明.csv", "随便\n")
    (box / ".hidden.csv").write_text("x")
    assert watch(platform) == {"received": 0, "unknown": ["说明.csv"]}


def test_a_statement_beside_the_file(platform: Platform, box: Path) -> None:
    lay(box / "人口1.csv", "K,V\n1,10\n2,32.5\n")
    lay(box / "人口1.csv.statement.json", json.dumps(
        {"number": "2026-01", "rows": 2, "sums": {"V": "42.50"}}))  # fmt: skip
    lay(box / "人口2.csv", "K,V\n3,1\n")
    lay(box / "人口2.csv.statement.json", json.dumps({"rows": 1, "sums": {"V": 2}}))
    lay(box / "人口3.csv", "K,V\n4,1\n")
    lay(box / "人口3.csv.statement.json", "not json")
    watch(platform)
    assert states(platform) == {"人口1.csv": "loaded", "人口2.csv": "refused"}
    with platform.database.read() as connection:
        by = {one.file.split("|")[0]: one for one in collect.list_deliveries(connection)}
    assert by["人口1.csv"].number == "2026-01"
    assert "合计应为 2" in str(by["人口2.csv"].message)
    [load] = loads(platform, "t")
    assert load.statement is not None
    assert load.statement["agrees"] is True
    assert content(platform) == {"1": "10", "2": "32.5"}


def request(platform: Platform, *, batch: str | None = None) -> list[str]:
    """Ask for each table of the source, as a run of everything does; the jobs that were queued."""
    with platform.database.write() as connection:
        asked = [
            collect.request_load(connection, table, "测试", batch=batch)
            for table in collect.list_tables(connection, "s")
        ]
    return [job for job in asked if job is not None]


def test_to_load_a_table_of_an_inbox_is_to_look_into_it(platform: Platform, box: Path) -> None:
    lay(box / "人口_202601.csv", "K,V\n1,a\n")
    lay(box / "2026法人库.csv", "K\nx\n")
    [look] = request(platform, batch="b1")
    assert request(platform, batch="b1") == [], "one look waits already"
    run_all(platform)
    assert content(platform) == {"1": "a"}
    with platform.database.read() as connection:
        found = list_jobs(connection, batch="b1").jobs
    assert {job.id for job in found} > {look}
    assert sorted(job.kind for job in found) == [collect.LOAD, collect.LOAD, collect.LOAD_SOURCE]
    assert {(job.state, job.batch) for job in found} == {("done", "b1")}
    assert job_of(platform, look).cause == "测试"


def test_a_look_that_nobody_follows_names_no_batch(platform: Platform, box: Path) -> None:
    lay(box / "人口_202601.csv", "K,V\n1,a\n")
    watch(platform)
    [load] = loads(platform, "t")
    assert job_of(platform, load.job).batch is None


def test_what_is_pushed_is_not_fetched(platform: Platform, tmp_path: Path) -> None:
    pushed = INBOX.replace("kind: csv", "kind: push").replace("{path: box}", "{}")
    apply(platform, tmp_path / "pack", pushed.replace("inbox: true\n", ""))
    assert request(platform) == []
    assert not run_next(platform)


# 前置库

FRONT = """\
name: s
title: 前置库
agency: ju
kind: sqlite
connection: {path: front.db}
placement: front
statements: batch_log
tables:
  - name: t
    from: t
    title: 表
    key: [K]
    columns:
      K: {item: k, title: 键}
      V: {item: v, title: 值}
"""


@pytest.fixture
def front(platform: Platform, tmp_path: Path) -> Path:
    files = platform.settings.home / "files"
    files.mkdir()
    with closing(sqlite3.connect(files / "front.db")) as source:
        source.executescript(
            "CREATE TABLE t (K INTEGER PRIMARY KEY, V INTEGER);"
            "INSERT INTO t VALUES (1, 10), (2, 20);"
            "CREATE TABLE batch_log (TABLE_NAME TEXT, BATCH_NO TEXT, ROW_COUNT INTEGER,"
            " CONTROL_SUMS TEXT, STATED_AT TEXT);"
        )
    apply(platform, tmp_path / "pack", FRONT)
    return files / "front.db"


def state_batch(path: Path, number: str, rows: int, sums: str = "") -> None:
    with closing(sqlite3.connect(path)) as source:
        values = ("t", number, rows, sums, f"2026-01-{int(number):02d}")
        source.execute("INSERT INTO batch_log VALUES (?, ?, ?, ?, ?)", values)
        source.commit()


def test_a_front_end_database_is_taken_as_stated(platform: Platform, front: Path) -> None:
    state_batch(front, "1", 99)
    state_batch(front, "2", 2, '{"V": 30}')
    assert load(platform, "t").state == "done"
    assert content(platform) == {1: 10, 2: 20}
    statement = loads(platform, "t")[0].statement
    assert statement is not None
    assert (statement["number"], statement["agrees"]) == ("2", True)


@pytest.mark.parametrize(
    ("rows", "sums", "words"), [(3, "", "3 行"), (2, '{"V": 31}', "合计应为 31")]
)
def test_a_batch_that_is_not_as_stated_changes_nothing(
    platform: Platform, front: Path, rows: int, sums: str, words: str
) -> None:
    state_batch(front, "1", 2)
    load(platform, "t")
    with closing(sqlite3.connect(front)) as source:
        source.execute("UPDATE t SET V = V + 1")
        source.commit()
    state_batch(front, "2", rows, sums)
    job = load(platform, "t")
    assert (job.state, error_of(job)) == ("failed", "not_as_stated")
    assert job.error is not None
    assert words in job.error["message"]
    assert content(platform) == {1: 10, 2: 20}


def test_a_batch_without_its_statement_waits(platform: Platform, front: Path) -> None:
    job = load(platform, "t")
    assert error_of(job) == "not_found"
    assert "对账" in str((job.error or {})["message"])


# What killed processes leave


def test_what_dead_processes_left_is_swept(platform: Platform) -> None:
    home = platform.settings.home
    dead, alive = home / "spool" / "4194999", home / "spool" / str(os.getpid())
    orphan = home / "staging" / "no-such-job"
    with platform.database.write() as connection:
        waiting = enqueue(connection, NewJob(collect.LOAD, "等着", {"table": "t"}))
    kept = home / "staging" / str(waiting)
    for folder in (dead, alive, orphan, kept):
        folder.mkdir(parents=True)
        (folder / "x").write_text("x")
    collect.sweep(platform)
    assert [one.exists() for one in (dead, alive, orphan, kept)] == [False, True, False, True]
