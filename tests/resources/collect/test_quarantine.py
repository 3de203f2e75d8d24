"""Quarantine: budget, mending in a grid and by file, sending again, reconciliation at zero."""

from pathlib import Path

import pytest

from haina.kernel.errors import HainaError
from haina.kernel.platform import Platform
from haina.resources import collect
from haina.resources.collect import Mend
from haina.resources.collect.quarantine import as_csv, from_csv
from tests.resources.collect.loading import (
    apply,
    content,
    error_of,
    load,
    loads,
    quarantined,
    run_all,
    table,
)

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
"""


@pytest.fixture
def files(platform: Platform) -> Path:
    folder = platform.settings.home / "files"
    folder.mkdir()
    return folder


def fill(path: Path, rows: list[tuple[object, object]]) -> None:
    import sqlite3
    from contextlib import closing

    with closing(sqlite3.connect(path)) as source:
        source.execute("DROP TABLE IF EXISTS t")
        source.execute("CREATE TABLE t (K INTEGER PRIMARY KEY, V INTEGER)")
        source.executemany("INSERT INTO t VALUES (?, ?)", rows)
        source.commit()


def start(platform: Platform, tmp_path: Path, files: Path, way: str = "") -> None:
    fill(files / "t.db", [(1, 10), (2, "二十"), (3, 30), (4, "四十")])
    apply(platform, tmp_path / "pack", SOURCE % way)
    assert load(platform, "t").state == "done"
    assert content(platform) == {1: 10, 3: 30}


def mend(platform: Platform, *mends: Mend) -> None:
    with platform.database.write() as connection:
        found = collect.find_table(connection, "t")
        assert collect.resend(connection, "zhang", found, mends) is not None
    run_all(platform)


def ids(platform: Platform) -> dict[str, int]:
    """V → number of its open row."""
    return {str((row.values or {})["V"]): row.id for row in quarantined(platform)}


def outstanding(platform: Platform) -> int:
    """What the source has and nobody has decided about."""
    with platform.database.read() as connection:
        return collect.reconciliation(connection, "t").outstanding


def test_mended_rows_go_in_and_the_reconciliation_is_zero(
    platform: Platform, tmp_path: Path, files: Path
) -> None:
    start(platform, tmp_path, files)
    assert outstanding(platform) == 2
    open_ = ids(platform)
    mend(platform, Mend(open_["二十"], {"V": "20"}))
    assert content(platform) == {1: 10, 2: 20, 3: 30}
    assert outstanding(platform) == 1
    mend(platform, Mend(open_["四十"], {"V": "40"}))
    assert content(platform) == {1: 10, 2: 20, 3: 30, 4: 40}
    assert quarantined(platform) == []
    assert outstanding(platform) == 0
    assert [(one.mode, one.rows, one.agrees) for one in loads(platform, "t")] == [
        ("mend", 1, True),
        ("mend", 1, True),
        ("full", 2, True),
    ]
    assert {row.decided_by for row in quarantined(platform, "mended")} == {"zhang"}


@pytest.mark.parametrize("way", ["", "write: upsert", "mode: compare"])
def test_a_row_mended_once_is_mended_again_by_itself(
    platform: Platform, tmp_path: Path, files: Path, way: str
) -> None:
    start(platform, tmp_path, files, way)
    mend(platform, Mend(ids(platform)["二十"], {"V": "20"}))
    assert load(platform, "t").state == "done"
    assert content(platform) == {1: 10, 2: 20, 3: 30}
    newest = loads(platform, "t")[0]
    assert (newest.rows, newest.rejected, newest.mended, newest.source_rows) == (3, 1, 1, 4)
    assert outstanding(platform) == 1
    fill(files / "t.db", [(1, 10), (2, "贰拾"), (3, 30)])  # other words: a new question
    load(platform, "t")
    assert ids(platform).keys() == {"贰拾"} | ({"四十"} if way == "write: upsert" else set())


def test_what_is_still_bad_comes_back_with_its_new_reason(
    platform: Platform, tmp_path: Path, files: Path
) -> None:
    start(platform, tmp_path, files)
    row = ids(platform)["二十"]
    mend(platform, Mend(row, {"V": "twenty"}))
    again = next(one for one in quarantined(platform) if one.id == row)
    assert (again.state, again.reason, again.mended) == (
        "open",
        "not_integer",
        {"K": "2", "V": "twenty"},
    )
    assert content(platform) == {1: 10, 3: 30}
    mend(platform, Mend(row, {"V": "20"}))
    assert content(platform) == {1: 10, 2: 20, 3: 30}


def test_rows_may_be_put_away(platform: Platform, tmp_path: Path, files: Path) -> None:
    start(platform, tmp_path, files)
    with platform.database.write() as connection:
        found = collect.find_table(connection, "t")
        collect.dismiss(connection, "zhang", found, list(ids(platform).values()))
    assert outstanding(platform) == 0
    assert load(platform, "t").state == "done"
    assert quarantined(platform) == [], "put away stays put away"
    assert outstanding(platform) == 0


def test_mending_by_file(platform: Platform, tmp_path: Path, files: Path) -> None:
    start(platform, tmp_path, files)
    text = as_csv(table(platform), quarantined(platform))
    assert text.startswith("\ufeff隔离编号,隔离原因,K,V")
    back = text.replace("二十", "20").replace("四十", "40")
    mend(platform, *from_csv(table(platform), back.encode("gb18030")))
    assert content(platform) == {1: 10, 2: 20, 3: 30, 4: 40}
    assert outstanding(platform) == 0


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (b"K,V\n1,2\n", "隔离编号"),
        ("隔离编号,V\nx,2\n".encode(), "第 2 行"),
        ("隔离编号,V\n1,2\n".encode() + b"\xff\xff\xff", "编码"),
    ],
)
def test_a_file_that_is_none_of_ours(
    platform: Platform, tmp_path: Path, files: Path, data: bytes, words: str
) -> None:
    start(platform, tmp_path, files)
    with pytest.raises(HainaError) as refused:
        from_csv(table(platform), data)
    assert words in refused.value.message


def test_cells_of_the_file_are_no_formulas(platform: Platform, tmp_path: Path, files: Path) -> None:
    fill(files / "t.db", [(1, "=HYPERLINK(1)"), (2, 1), (3, 1), (4, 1), (5, 1), (6, 1)])
    apply(platform, tmp_path / "pack", SOURCE % "")
    load(platform, "t")
    text = as_csv(table(platform), quarantined(platform))
    assert "'=HYPERLINK" in text
    [one] = from_csv(table(platform), text.encode())
    assert one.values["V"] == "=HYPERLINK(1)"


@pytest.mark.parametrize(
    ("number", "values", "code"),
    [
        (99_999, {"V": "1"}, "not_found"),
        (0, {"X": "1"}, "bad_input"),
        (0, {"K": None}, "bad_input"),
    ],
)
def test_a_mend_that_cannot_be(
    platform: Platform, tmp_path: Path, files: Path, number: int, values: dict[str, str | None],
    code: str,
) -> None:  # fmt: skip
    start(platform, tmp_path, files)
    row = number or ids(platform)["二十"]
    with pytest.raises(HainaError) as refused:
        mend(platform, Mend(row, values))
    assert refused.value.code == code
    assert len(quarantined(platform)) == 2


def test_a_row_is_mended_once(platform: Platform, tmp_path: Path, files: Path) -> None:
    start(platform, tmp_path, files)
    row = ids(platform)["二十"]
    mend(platform, Mend(row, {"V": "20"}))
    with pytest.raises(HainaError) as refused:
        mend(platform, Mend(row, {"V": "21"}))
    assert refused.value.code == "conflict"


# Lines at the end of a sheet that are no rows

SHEET = """\
name: s
title: 系统
agency: ju
kind: workbook
connection: {path: t.xlsx}
tables:
  - name: t
    from: t
    title: 表
    key: [K]
    footers: %s
    columns:
      K: {item: k, title: 键}
      V: {item: v, title: 值}
"""


def sheet(path: Path, total: int) -> None:
    from openpyxl import Workbook

    book = Workbook()
    assert book.active is not None
    for row in (["K", "V"], ["1", 10], ["2", total - 10], ["合计", total], ["填表人:钱七", None]):
        book.active.append(row)
    book.save(path)


@pytest.mark.parametrize(("choice", "waiting", "away"), [("ask", 2, 0), ("leave", 0, 2)])
def test_footers_wait_or_are_known_to_be_none_and_are_counted_either_way(
    platform: Platform, tmp_path: Path, files: Path, choice: str, waiting: int, away: int
) -> None:
    for total in (30, 40):  # of the next month: other words, the same choice
        sheet(files / "t.xlsx", total)
        apply(platform, tmp_path / "pack", SHEET % choice)
        assert load(platform, "t").state == "done"
        assert outstanding(platform) == waiting
        with platform.database.read() as connection:
            found = collect.reconciliation(connection, "t")
        assert (found.source_rows, found.in_lake, found.dismissed) == (4, 2, away)
        assert loads(platform, "t")[0].rejected == 2
    kept = quarantined(platform, "dismissed")
    assert [one.decided_by for one in kept] == ["接入时的选择"] * len(kept)
    assert ("合计\t40" in [one.raw for one in kept]) is (choice == "leave")


# The error budget


def test_a_source_that_is_mostly_wrong_is_not_taken(
    platform: Platform, tmp_path: Path, files: Path
) -> None:
    start(platform, tmp_path, files)
    fill(files / "t.db", [(number, number if number % 3 else "坏") for number in range(1, 91)])
    job = load(platform, "t")
    assert (job.state, error_of(job)) == ("failed", "too_many_bad_rows")
    assert job.error is not None
    assert "30 行" in job.error["message"]
    assert content(platform) == {1: 10, 3: 30}, "what was there is still there"
    assert len(quarantined(platform, "refused")) == 30, "and what was wrong can be looked at"
    assert len(quarantined(platform)) == 2


def test_the_budget_is_the_tables_own(platform: Platform, tmp_path: Path, files: Path) -> None:
    start(platform, tmp_path, files, "bad_share: 0.5")
    fill(files / "t.db", [(number, number if number % 3 else "坏") for number in range(1, 91)])
    assert load(platform, "t").state == "done"
    assert len(quarantined(platform)) == 30
    assert outstanding(platform) == 30
