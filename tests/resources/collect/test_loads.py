"""Loads: reconciled with the source, incremental by a watermark, bad rows set aside."""

import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest
from pydantic import BaseModel

from haina.compute import lake
from haina.kernel import jobs
from haina.kernel.platform import Platform
from haina.resources import collect
from haina.resources.collect import kinds
from haina.resources.collect.arrivals import Failure, with_failures
from tests.resources.collect.loading import apply, error_of, load, loads
from tests.support.running import table_of

CSV = """\
name: s
title: 系统
agency: ju
kind: csv
connection: {path: t.csv}
tables:
  - name: t
    from: t
    title: 表
    key: [K]
    columns:
      K: {item: k, title: 键}
      V: {item: v, title: 值}
"""

SQLITE = """\
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
    mode: incremental
    watermark: M
    columns:
      K: {item: k, title: 键}
      V: {item: v, title: 值}
      M: {item: m, title: 更新}
"""


@pytest.fixture
def files(platform: Platform) -> Path:
    folder = platform.settings.home / "files"
    folder.mkdir()
    return folder


def content(platform: Platform) -> dict[Any, Any]:
    """K → V of what lies in `ods.t`; each key once."""
    table = table_of(platform, "ods.t")
    keys = table.column("K").to_pylist()
    assert len(set(keys)) == len(keys)
    return dict(zip(keys, table.column("V").to_pylist(), strict=True))


def quarantined(platform: Platform) -> list[collect.Quarantined]:
    with platform.database.read() as connection:
        return collect.quarantine_page(connection)


def pointer(platform: Platform) -> int | None:
    with platform.database.read() as connection:
        return lake.find_dataset(connection, "ods.t").current_version


# Reconciliation


class Block(BaseModel):
    pass


class Lying:
    """A kind whose source says other figures than it gives rows."""

    name, title, connection = "lying", "说谎", Block

    def __init__(self, control: kinds.Control) -> None:
        self.said = control

    def test(self, connection: Any, context: kinds.ReadContext) -> None: ...

    def discover(self, connection: Any, context: kinds.ReadContext) -> list[kinds.SourceTable]:
        columns = tuple(kinds.SourceColumn(name, "text", "string") for name in ("K", "V"))
        return [kinds.SourceTable("t", columns, ("K",))]

    @contextmanager
    def read(self, *_: Any, **__: Any) -> Iterator["Lying"]:
        yield self

    schema = pa.schema([("K", pa.string()), ("V", pa.string())])
    rejects: list[kinds.Reject] = []
    remarks: list[str] = []

    def batches(self) -> Iterator[pa.RecordBatch]:
        yield pa.RecordBatch.from_pylist(
            [{"K": "1", "V": "a"}, {"K": "2", "V": "b"}], schema=self.schema
        )

    def control(self) -> kinds.Control:
        return self.said

    def type_rows(self) -> list[tuple[str, str, str]]:
        return []


TRUE_HASH = kinds.key_hash_of(Lying(kinds.Control(2, "")).batches(), ["K"])


def lie(
    platform: Platform, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, rows: int, key: str
) -> None:
    monkeypatch.setitem(kinds._KINDS, "lying", Lying(kinds.Control(rows, key)))
    block = CSV.replace("kind: csv", "kind: lying").replace("{path: t.csv}", "{}")
    apply(platform, tmp_path / "pack", block)


@pytest.mark.parametrize(("rows", "key"), [(3, TRUE_HASH), (1, TRUE_HASH), (2, "0" * 16)])
def test_rows_that_do_not_agree_with_the_source_are_read_by_nobody(
    platform: Platform, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, rows: int, key: str
) -> None:
    lie(platform, tmp_path, monkeypatch, rows, key)
    job = load(platform, "t")
    assert error_of(job) == "not_reconciled"
    assert job.error is not None
    assert job.error["details"]["source_rows"] == rows
    assert job.error["details"]["rows"] == 2
    assert pointer(platform) is None
    assert loads(platform, "t") == []


def test_rows_that_agree_are_current(
    platform: Platform, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    lie(platform, tmp_path, monkeypatch, 2, TRUE_HASH)
    assert load(platform, "t").state == "done"
    assert content(platform) == {"1": "a", "2": "b"}


def test_after_a_refusal_the_version_before_is_still_read_and_the_next_is_right(
    platform: Platform, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    lie(platform, tmp_path, monkeypatch, 2, TRUE_HASH)
    load(platform, "t")
    before = pointer(platform)
    liar = kinds.get("lying")
    monkeypatch.setattr(liar, "said", kinds.Control(99, TRUE_HASH))
    refused = load(platform, "t")
    assert error_of(refused) == "not_reconciled"
    assert pointer(platform) == before
    with platform.database.write() as connection:
        jobs.cancel(connection, refused.id)  # rather than wait until it is tried again
    monkeypatch.setattr(liar, "said", kinds.Control(2, TRUE_HASH))
    assert load(platform, "t").state == "done"
    assert content(platform) == {"1": "a", "2": "b"}


def test_the_reconciliation_is_kept(platform: Platform, tmp_path: Path, files: Path) -> None:
    (files / "t.csv").write_text("K,V\n1,a\n2,b\n3\n")
    apply(platform, tmp_path / "pack", CSV)
    load(platform, "t")
    [found] = loads(platform, "t")
    assert (found.rows, found.rejected, found.source_rows, found.agrees) == (2, 1, 3, True)


# Sources that changed


@pytest.mark.parametrize(
    ("text", "words"), [("K,W\n1,a\n", "V"), ("A,B\n1,a\n", "K、V"), ("", "t")]
)
def test_a_column_that_is_gone_is_named(
    platform: Platform, tmp_path: Path, files: Path, text: str, words: str
) -> None:
    (files / "t.csv").write_text("K,V\n1,a\n")
    apply(platform, tmp_path / "pack", CSV)
    load(platform, "t")
    (files / "t.csv").write_text(text)
    job = load(platform, "t")
    assert job.state == "failed"
    assert error_of(job) == "source_column_gone"
    assert job.error is not None
    assert words in job.error["message"]
    assert content(platform) == {"1": "a"}


def test_a_file_that_is_gone(platform: Platform, tmp_path: Path, files: Path) -> None:
    (files / "t.csv").write_text("K,V\n1,a\n")
    apply(platform, tmp_path / "pack", CSV)
    (files / "t.csv").unlink()
    job = load(platform, "t")
    assert job.error is not None
    assert "t.csv" in job.error["message"] or "t" in job.error["message"]
    assert pointer(platform) is None


def test_new_columns_and_another_order_do_no_harm(
    platform: Platform, tmp_path: Path, files: Path
) -> None:
    (files / "t.csv").write_text("K,V\n1,a\n")
    apply(platform, tmp_path / "pack", CSV)
    load(platform, "t")
    (files / "t.csv").write_text("NEW,V,K\nx,b,1\n")
    assert load(platform, "t").state == "done"
    assert content(platform) == {"1": "b"}


def test_a_full_load_replaces_everything(platform: Platform, tmp_path: Path, files: Path) -> None:
    (files / "t.csv").write_text("K,V\n1,a\n2,b\n")
    apply(platform, tmp_path / "pack", CSV)
    load(platform, "t")
    (files / "t.csv").write_text("K,V\n2,c\n")
    load(platform, "t")
    assert content(platform) == {"2": "c"}


# Incremental loads


@pytest.fixture
def database(platform: Platform, tmp_path: Path, files: Path) -> Path:
    """A SQLite source with three rows, loaded once."""
    change(files / "t.db", "CREATE TABLE t (K INTEGER PRIMARY KEY, V TEXT, M TEXT)",
           "INSERT INTO t VALUES (1, 'a', '2026-01-01'), (2, 'b', '2026-01-02'), "
           "(3, 'c', '2026-01-03')")  # fmt: skip
    apply(platform, tmp_path / "pack", SQLITE)
    assert load(platform, "t").state == "done"
    return files / "t.db"


def change(path: Path, *statements: str) -> None:
    with closing(sqlite3.connect(path)) as source:
        for statement in statements:
            source.execute(statement)
        source.commit()


def test_the_first_load_takes_everything_and_notes_the_watermark(
    platform: Platform, database: Path
) -> None:
    [found] = loads(platform, "t")
    assert (found.mode, found.rows) == ("full", 3)
    assert (found.watermark_from, found.watermark_to) == (None, "2026-01-03")
    assert content(platform) == {1: "a", 2: "b", 3: "c"}


def test_new_and_changed_rows_are_merged_by_key(platform: Platform, database: Path) -> None:
    change(database, "INSERT INTO t VALUES (4, 'd', '2026-01-04')",
           "UPDATE t SET V = 'B', M = '2026-01-05' WHERE K = 2")  # fmt: skip
    assert load(platform, "t").state == "done"
    assert content(platform) == {1: "a", 2: "B", 3: "c", 4: "d"}
    newest = loads(platform, "t")[0]
    assert (newest.mode, newest.rows, newest.source_rows) == ("incremental", 2, 2)
    assert (newest.watermark_from, newest.watermark_to) == ("2026-01-03", "2026-01-05")


def test_only_rows_above_the_watermark_are_read(platform: Platform, database: Path) -> None:
    change(database, "UPDATE t SET V = 'silent' WHERE K = 1",
           "UPDATE t SET V = 'C', M = '2026-01-09' WHERE K = 3")  # fmt: skip
    load(platform, "t")
    assert content(platform) == {1: "a", 2: "b", 3: "C"}


def test_no_new_rows_is_news_too(platform: Platform, database: Path) -> None:
    before = pointer(platform)
    assert load(platform, "t").state == "done"
    newest = loads(platform, "t")[0]
    assert (newest.rows, newest.source_rows, newest.agrees) == (0, 0, True)
    assert newest.watermark_to == "2026-01-03"
    assert content(platform) == {1: "a", 2: "b", 3: "c"}
    assert pointer(platform) != before


def test_increments_come_one_after_the_other(platform: Platform, database: Path) -> None:
    for day in range(4, 8):
        change(database, f"INSERT INTO t VALUES ({day}, 'v{day}', '2026-01-0{day}')")
        assert load(platform, "t").state == "done"
    assert len(content(platform)) == 7
    assert [one.rows for one in loads(platform, "t")] == [1, 1, 1, 1, 3]


# Rows set aside


def test_bad_rows_are_kept_with_their_line_reason_and_text(
    platform: Platform, tmp_path: Path, files: Path
) -> None:
    (files / "t.csv").write_text("K,V\n1,a\n2\n3,c\n4,d,e\n")
    apply(platform, tmp_path / "pack", CSV)
    assert load(platform, "t").state == "done"
    assert content(platform) == {"1": "a", "3": "c"}
    found = sorted(quarantined(platform), key=lambda one: one.line or 0)
    assert [(one.line, one.raw) for one in found] == [(3, "2"), (5, "4,d,e")]
    assert all(one.table == "t" and one.message and one.state == "open" for one in found)


def test_the_next_full_load_supersedes_what_was_set_aside(
    platform: Platform, tmp_path: Path, files: Path
) -> None:
    (files / "t.csv").write_text("K,V\n1,a\n2\n")
    apply(platform, tmp_path / "pack", CSV)
    load(platform, "t")
    (files / "t.csv").write_text("K,V\n1,a\n2,b\n3\n4\n")
    load(platform, "t")
    assert sorted(one.raw for one in quarantined(platform)) == ["3", "4"]
    (files / "t.csv").write_text("K,V\n1,a\n")
    load(platform, "t")
    assert quarantined(platform) == []


def test_a_load_that_is_refused_sets_nothing_aside(
    platform: Platform, tmp_path: Path, files: Path
) -> None:
    (files / "t.csv").write_text("K,V\n1,a\n2\n")
    apply(platform, tmp_path / "pack", CSV)
    load(platform, "t")
    (files / "t.csv").write_text("K,W\n1,a\n9\n")
    load(platform, "t")
    assert [one.raw for one in quarantined(platform)] == ["2"]


def test_an_arrival_says_why_its_batch_was_not_taken_until_one_is(
    platform: Platform, tmp_path: Path, files: Path
) -> None:
    (files / "t.csv").write_text("K,V\n1,a\n")
    apply(platform, tmp_path / "pack", CSV)
    load(platform, "t")
    assert why_not(platform) is None
    (files / "t.csv").write_text("K,W\n1,a\n")
    refused = load(platform, "t")
    told = why_not(platform)
    assert told is not None
    assert refused.error is not None
    assert (told.job, told.message) == (refused.id, refused.error["message"])
    assert told.hint == refused.error["hint"]
    (files / "t.csv").write_text("K,V\n1,b\n")
    load(platform, "t")
    assert why_not(platform) is None


def why_not(platform: Platform) -> Failure | None:
    with platform.database.read() as connection:
        [one] = with_failures(connection, collect.arrivals(connection))
    return one.failure


def test_pages_of_quarantine_give_every_row_once(
    platform: Platform, tmp_path: Path, files: Path
) -> None:
    (files / "t.csv").write_text("K,V\n" + "\n".join(str(n) for n in range(7)) + "\n")
    apply(platform, tmp_path / "pack", CSV)
    load(platform, "t")
    seen: list[str] = []
    before: int | None = None
    with platform.database.read() as connection:
        while page := collect.quarantine_page(connection, table="t", before=before, limit=3):
            seen += [one.raw for one in page]
            before = page[-1].id
    assert sorted(seen) == [str(n) for n in range(7)]
