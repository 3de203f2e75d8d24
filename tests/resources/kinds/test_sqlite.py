"""SQLite: every storage class under every declaration, exactly or not at all."""

import math
import sqlite3
from contextlib import closing
from dataclasses import replace
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given
from hypothesis import settings as examples
from hypothesis import strategies as st

from haina.kernel.errors import HainaError
from haina.resources.collect import kinds
from tests.resources.kinds.reading import Whole, found, whole


def make(path: Path, *statements: str, rows: list[tuple[Any, ...]] | None = None) -> dict[str, str]:
    with closing(sqlite3.connect(path)) as database:
        for statement in statements:
            database.execute(statement)
        if rows:
            marks = ", ".join("?" * len(rows[0]))
            database.executemany(f"insert into t values ({marks})", rows)
        database.commit()
    return {"path": path.name}


def test_chinook_value_by_value(chinook: Path, files: Path, context: kinds.ReadContext) -> None:
    (files / "chinook.db").write_bytes((chinook / "Chinook_Sqlite.sqlite").read_bytes())
    block = {"path": "chinook.db"}
    tables = found("sqlite", block, context)
    assert len(tables) == 11
    total = 0
    with closing(sqlite3.connect(files / "chinook.db")) as raw:
        for name, table in tables.items():
            read = whole("sqlite", block, table, context)
            read.assert_accounted()
            assert table.key
            expected = raw.execute(f'select * from "{name}"').fetchall()
            assert read.rows == [_as_lake(table, row) for row in expected]
            total += len(expected)
    assert total == 15_607


def _as_lake(table: kinds.SourceTable, row: tuple[Any, ...]) -> tuple[Any, ...]:
    return tuple(
        Decimal(repr(value)).quantize(Decimal("0.01"))
        if column.lake_type == "decimal(10,2)" and value is not None
        else value
        for column, value in zip(table.columns, row, strict=True)
    )


def test_hard_values_intact(files: Path, context: kinds.ReadContext) -> None:
    rows = [
        (1, 2**63 - 1, 0.1, "", b"", 1),
        (2, -(2**63), math.nextafter(1.0, 2.0), "𠮷\n\"'", b"\x00\xff", 0),
        (3, 2**53 + 1, 1e308, " a ", None, None),
        (4, None, 5e-324, None, b"x", 1),
        (5, 0, math.inf, "NULL", b"\xd6\xd0", 1),
    ]
    block = make(
        files / "a.db",
        "create table t(id integer primary key, i bigint, r double, s varchar(9), b blob, o bool)",
        rows=rows,
    )
    read = whole("sqlite", block, "t", context)
    expected = [(*row[:5], None if row[5] is None else bool(row[5])) for row in rows]
    assert read.rows == expected
    read.assert_accounted()


def test_what_does_not_fit_is_set_aside_alone(files: Path, context: kinds.ReadContext) -> None:
    rows = [
        (1, 1, 1.5, "a", b"b", 1.25, 1),
        (2, "abc", 1.5, "a", b"b", 1.25, 1),
        (3, 1.5, 1.5, "a", b"b", 1.25, 1),
        (4, 1, "x", "a", b"b", 1.25, 1),
        (5, 1, 1.5, b"\xff", b"b", 1.25, 1),
        (6, 1, 1.5, "a", "text", 1.25, 1),
        (7, 1, 1.5, "a", b"b", 1.255, 1),
        (8, 1, 1.5, "a", b"b", 1e9, 1),
        (9, 1, 1.5, "a", b"b", "n/a", 1),
        (10, 1, 1.5, "a", b"b", 1.25, 2),
        (11, 1, 1.5, "a\x00b", b"b", 1.25, 1),
        (12, 1, 1.5, "a", b"b", 0.1 + 0.2, 1),
        (13, 1, 1.5, "a", b"b", 7, 0),
    ]
    block = make(
        files / "a.db",
        "create table t(id integer primary key, i int, r real, s text, b blob,"
        " n decimal(6,2), o bool)",
        rows=rows,
    )
    read = whole("sqlite", block, "t", context)
    assert [row[0] for row in read.rows] == [1, 13]
    assert [(one.column, one.reason) for one in read.rejects] == [
        ("i", "not_integer"), ("i", "not_integer"), ("r", "not_double"), ("s", "not_text"),
        ("b", "not_binary"), ("n", "out_of_range"), ("n", "out_of_range"), ("n", "not_decimal"),
        ("o", "not_boolean"), ("s", "nul"), ("n", "out_of_range"),
    ]  # fmt: skip
    assert '"i": "abc"' in read.rejects[0].raw
    assert '"s": "\\xff"' in read.rejects[3].raw
    assert '"n": "1.255"' in read.rejects[5].raw
    read.assert_accounted()


def test_invalid_utf8_in_text(files: Path, context: kinds.ReadContext) -> None:
    block = make(
        files / "a.db",
        "create table t(id integer primary key, s text)",
        "insert into t values (1, '好'), (2, cast(x'd6d061' as text)), (3, '中')",
    )
    read = whole("sqlite", block, "t", context)
    assert read.rows == [(1, "好"), (3, "中")]
    assert [(one.reason, one.raw) for one in read.rejects] == [
        ("encoding", '{"id": "2", "s": "\\xd6\\xd0a"}')
    ]
    read.assert_accounted()


def test_loose_columns_become_text(files: Path, context: kinds.ReadContext) -> None:
    values: list[Any] = [5, 5.0, 0.1, "x", "2024-01-02", 2**60, 1e22]
    block = make(
        files / "a.db", "create table t(a, d datetime)", rows=[(value, value) for value in values]
    )
    read = whole("sqlite", block, "t", context)
    assert [row[0] for row in read.rows] == [
        "5", "5.0", "0.1", "x", "2024-01-02", "1152921504606846976", "1e+22"
    ]  # fmt: skip
    assert [column.lake_type for column in read.source.columns] == ["text", "text"]


def test_a_caller_may_ask_for_dates(files: Path, context: kinds.ReadContext) -> None:
    block = make(
        files / "a.db",
        "create table t(d date)",
        rows=[("2024-02-29",), ("2023-02-29",), (None,), ("2024/1/2",), (20240102,)],
    )
    (column,) = found("sqlite", block, context)["t"].columns
    asked = kinds.SourceTable("t", (replace(column, lake_type="date"),))
    read = whole("sqlite", block, asked, context)
    assert [str(row[0]) for row in read.rows] == ["2024-02-29", "None"]
    assert [one.reason for one in read.rejects] == ["out_of_range", "not_date", "not_date"]


def test_names_keys_views_and_order(files: Path, context: kinds.ReadContext) -> None:
    block = make(
        files / "库.db",
        'create table "人口 ""表"""("姓 名" text, "a""b" int, "select" int,'
        ' primary key("select", "姓 名")) without rowid',
        'insert into "人口 ""表""" values (\'乙\', 1, 2), (\'甲\', 3, 1)',
        'create view v as select "a""b" + 1 as x, \'y\' as y from "人口 ""表"""',
        "create table g(a int, b int generated always as (a * 2) stored, c int as (a) virtual)",
        "insert into g(a) values (1)",
    )
    tables = found("sqlite", block, context)
    assert list(tables) == ["g", "v", '人口 "表"']
    people = tables['人口 "表"']
    assert people.key == ("select", "姓 名")
    read = whole("sqlite", block, people, context, columns=['a"b'])
    assert read.rows == [(3,), (1,)]
    both = whole("sqlite", block, people, context)
    both.assert_accounted()
    assert both.control == read.control
    assert whole("sqlite", block, "v", context).rows == [("4", "y"), ("2", "y")]
    assert whole("sqlite", block, "g", context).rows == [(1, 2, 1)]


def test_watermark(files: Path, context: kinds.ReadContext) -> None:
    rows = [(n, f"2024-01-{n:02} 00:00:00", n / 8) for n in range(1, 11)]
    block = make(
        files / "a.db",
        "create table t(id integer primary key, at datetime, r real)",
        rows=[*rows, (11, None, None)],
    )
    for column, value, highest in (
        ("id", "9", "11"), ("at", "2024-01-08 00:00:00", "2024-01-10 00:00:00"),
        ("r", "1.0", "1.25"),
    ):  # fmt: skip
        read = whole("sqlite", block, "t", context, since=kinds.Watermark(column, value))
        assert [row[0] for row in read.rows] == ([10, 11] if column == "id" else [9, 10])
        assert read.control.watermark == highest
        read.assert_accounted()
    first = whole("sqlite", block, "t", context, since=kinds.Watermark("at"))
    assert (first.control.rows, first.control.watermark) == (11, "2024-01-10 00:00:00")
    again = whole(
        "sqlite", block, "t", context, since=kinds.Watermark("at", first.control.watermark)
    )
    assert (again.rows, again.control.watermark) == ([], "2024-01-10 00:00:00")


def test_a_bad_value_does_not_raise_the_watermark(files: Path, context: kinds.ReadContext) -> None:
    block = make(files / "a.db", "create table t(i int)", rows=[(1,), ("zzz",), (7,)])
    read = whole("sqlite", block, "t", context, since=kinds.Watermark("i", "1"))
    assert (read.rows, read.control.watermark, read.control.rows) == ([(7,)], "7", 2)


def test_one_snapshot_for_rows_and_control(files: Path, context: kinds.ReadContext) -> None:
    path = files / "a.db"
    block = make(
        path,
        "pragma journal_mode = wal",
        "create table t(id integer primary key)",
        rows=[(n,) for n in range(5000)],
    )
    kind = kinds.get("sqlite")
    connection = kind.connection.model_validate(block)
    table = found("sqlite", block, context)["t"]
    small = replace(context, batch_rows=1000)
    with (
        closing(sqlite3.connect(path)) as writer,
        kind.read(connection, table, context=small) as reading,
    ):
        batches = reading.batches()
        seen = next(batches).num_rows
        writer.execute("insert into t select id + 100000 from t")
        writer.commit()
        seen += sum(batch.num_rows for batch in batches)
        assert (seen, reading.control().rows) == (5000, 5000)
    assert whole("sqlite", block, table, context).control.rows == 10_000


def test_the_source_is_never_written(files: Path, context: kinds.ReadContext) -> None:
    path = files / "a.db"
    block = make(path, "create table t(a int)", rows=[(1,)])
    before = path.read_bytes(), path.stat().st_mtime_ns
    whole("sqlite", block, "t", context)
    assert (path.read_bytes(), path.stat().st_mtime_ns) == before
    assert [one.name for one in files.iterdir()] == ["a.db"]


def test_preview_stops_early(files: Path, context: kinds.ReadContext) -> None:
    block = make(files / "a.db", "create table t(a int)", rows=[(n,) for n in range(50_000)])
    kind = kinds.get("sqlite")
    connection = kind.connection.model_validate(block)
    table = found("sqlite", block, context)["t"]
    rows, rejects, _ = kinds.preview(kind, connection, table, 3, context=context)
    assert (rows.to_pylist(), rejects) == ([{"a": 0}, {"a": 1}, {"a": 2}], [])


def test_too_many_bad_rows(files: Path, context: kinds.ReadContext) -> None:
    block = make(files / "a.db", "create table t(a int)", rows=[("x",)] * 11)
    assert len(whole("sqlite", block, "t", replace(context, max_rejects=11)).rejects) == 11
    with pytest.raises(HainaError) as stopped:
        whole("sqlite", block, "t", replace(context, max_rejects=10))
    assert stopped.value.code == "too_many_bad_rows"
    assert stopped.value.details == {"reasons": {"not_integer": 10}}


def test_wide_tables(files: Path, context: kinds.ReadContext) -> None:
    columns = ", ".join(f"c{number} int" for number in range(600))
    block = make(files / "a.db", f"create table t({columns})", rows=[(1,) * 600, ("x",) * 600])
    read = whole("sqlite", block, "t", context)
    assert (read.table.num_rows, len(read.rejects)) == (1, 1)


@pytest.mark.parametrize(
    ("path", "code"),
    [
        ("../outside.db", "file_refused"), ("/etc/passwd", "file_refused"),
        ("link.db", "file_refused"), ("gone.db", "file_missing"), ("text.db", "file_broken"),
        (".", "file_missing"), ("a\x00b", "file_missing"),
    ],
)  # fmt: skip
def test_paths(path: str, code: str, files: Path, context: kinds.ReadContext) -> None:
    make(files.parent / "outside.db", "create table t(a)")
    (files / "link.db").symlink_to(files.parent / "outside.db")
    (files / "text.db").write_text("not a database, but long enough to have a header" * 20)
    kind = kinds.get("sqlite")
    with pytest.raises(HainaError) as refused:
        kind.test(kind.connection.model_validate({"path": path}), context)
    assert refused.value.code == code


def test_a_table_that_went_away(files: Path, context: kinds.ReadContext) -> None:
    block = make(files / "a.db", "create table t(a)")
    gone = kinds.SourceTable("gone", (kinds.SourceColumn("a", "INT", "integer"),))
    with pytest.raises(HainaError) as missing:
        whole("sqlite", block, gone, context)
    assert missing.value.code == "source_no_table"


_TEXT = st.text(
    st.characters(codec="utf-8", exclude_characters="\0"), max_size=12
) | st.sampled_from(["𠮷", '"', "'", "\n", "\r\n", ",", "", '中文,"\n'])
_ROW = st.tuples(
    st.none() | st.integers(-(2**63), 2**63 - 1),
    st.none() | st.floats(allow_nan=False),
    st.none() | _TEXT,
    st.none() | st.binary(max_size=12),
    st.none() | st.decimals(-9999, 9999, places=2),
)


@given(rows=st.lists(_ROW, max_size=30))
@examples(
    max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
def test_any_table_reads_back_equal(
    rows: list[tuple[Any, ...]], files: Path, context: kinds.ReadContext
) -> None:
    (files / "p.db").unlink(missing_ok=True)
    block = make(
        files / "p.db",
        "create table t(i integer, r real, s text, b blob, n numeric(6,2))",
        rows=[(*row[:4], None if row[4] is None else str(row[4])) for row in rows],
    )
    read: Whole = whole("sqlite", block, "t", context)
    assert read.rejects == []
    assert read.rows == rows
    assert read.control.rows == len(rows)
