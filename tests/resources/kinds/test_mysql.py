"""MySQL and MariaDB, against a real server: every type trap, one snapshot, watermarks."""

import re
import threading
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from haina.kernel.errors import HainaError
from haina.resources.collect import kinds
from haina.resources.collect.kinds.databases.drivers.dialect import Statement
from haina.resources.collect.kinds.databases.mysql.connection import MysqlConnection
from haina.resources.collect.kinds.databases.mysql.session import opened
from tests.resources.kinds.reading import found, whole
from tests.support.mariadb import MariaServer

Make = Callable[..., dict[str, Any]]
My = tuple[dict[str, Any], Callable[..., Any]]


@pytest.fixture
def my(mariadb: Make, mariadb_server: MariaServer) -> My:
    """A connection block to an empty database, and a way to run statements in it."""
    block = mariadb()

    def run(sql: str, *rows: Any) -> list[Any]:
        return mariadb_server.run(sql, *rows, database=block["database"])

    return block, run


def test_chinook_value_by_value(
    chinook: Path, my: My, mariadb_server: MariaServer, context: kinds.ReadContext, tmp_path: Path
) -> None:
    block, run = my
    script = (chinook / "Chinook_MySql.sql").read_text("utf-8-sig")
    local = tmp_path / "chinook.sql"
    local.write_text(re.sub(r"(?im)^(drop database|create database|use) .*$", "", script), "utf-8")
    mariadb_server.script(local, block["database"])
    tables = found("mysql", block, context)
    assert len(tables) == 11
    types = {column.lake_type for table in tables.values() for column in table.columns}
    assert types == {"integer", "text", "decimal(10,2)", "timestamp_ntz"}
    total = 0
    for name, table in tables.items():
        assert table.key
        read = whole("mysql", block, table, context)
        read.assert_accounted()
        assert read.rejects == []
        expected = run(f"select * from `{name}`")
        assert sorted(read.rows) == sorted(expected)
        total += len(expected)
    assert total == 15_607


_HARD = """
create table hard (
  id bigint unsigned primary key, t1 tinyint(1), tu tinyint unsigned, iu int unsigned, ib bigint,
  zf int(8) zerofill, zd decimal(8,2) zerofill, d65 decimal(65,30), d38 decimal(38,10), y year,
  b1 bit(1), b9 bit(9), b64 bit(64), e enum('a','B','中,''文'), s set('x','y'), js json,
  bl blob, vb varbinary(9), bb binary(4), tm time(3), dt datetime(6), ts timestamp(6) null, d date,
  f float, fd float(7,3), g double, gm geometry, l1 varchar(20) character set latin1,
  gb varchar(20) character set gbk, u32 varchar(9) character set utf32,
  gc int generated always as (t1 + 1) virtual, `中``文` text, u uuid, ip inet6, c char(5),
  inv int invisible, mt mediumtext
) comment '难'
"""
_ROW = """
insert into hard set id = 18446744073709551615, t1 = 2, tu = 255, iu = 4294967295,
  ib = -9223372036854775808, zf = 42, zd = 1.5,
  d65 = 12345678901234567890123456789012345.123456789012345678901234567890,
  d38 = -1234567890123456789012345678.0123456789, y = 1901, b1 = b'1', b9 = b'100000001',
  b64 = x'ffffffffffffffff', e = '中,''文', s = 'y,x', js = '{"a" : [1, "中"]}', bl = x'00ff27',
  vb = '', bb = 'ab', tm = '-838:59:58.999', dt = '9999-12-31 23:59:59.999999',
  ts = '2038-01-19 03:14:07.999999', d = '0001-01-01', f = 16777217, fd = 0.1, g = 1e-308 / 3,
  gm = st_geomfromtext('POINT(117.05 39.38)', 4490), l1 = 'é€', gb = '武清区', u32 = '𠮷',
  `中``文` = '𠮷😀''"\\\\\n', u = '00000000-0000-0000-0000-00000000000a', ip = '::1', c = 'ab  ',
  inv = 7, mt = repeat('长', 30000)
"""
_EXPECTED = {
    "id": Decimal(18446744073709551615), "t1": 2, "tu": 255, "iu": 4294967295, "ib": -(2**63),
    "zf": 42, "zd": Decimal("1.50"),
    "d65": "12345678901234567890123456789012345.123456789012345678901234567890",
    "d38": Decimal("-1234567890123456789012345678.0123456789"), "y": 1901, "b1": True,
    "b9": "100000001", "b64": "1" * 64, "e": "中,'文", "s": "x,y", "js": '{"a" : [1, "中"]}',
    "bl": b"\x00\xff'", "vb": b"", "bb": b"ab\0\0", "tm": "-838:59:58.999",
    "dt": datetime(9999, 12, 31, 23, 59, 59, 999999),
    "ts": datetime(2038, 1, 19, 3, 14, 7, 999999, UTC), "d": date(1, 1, 1), "f": 16777216.0,
    "fd": 0.10000000149011612, "g": 1e-308 / 3, "gm": "SRID=4490;POINT(117.05 39.38)",
    "l1": "é€", "gb": "武清区", "u32": "𠮷", "gc": 3, "中`文": "𠮷😀'\"\\\n",
    "u": "00000000-0000-0000-0000-00000000000a", "ip": "::1", "c": "ab", "inv": 7,
    "mt": "长" * 30000,
}  # fmt: skip


def test_every_hard_type(my: My, context: kinds.ReadContext) -> None:
    block, run = my
    run(_HARD)
    run("set time_zone = '+00:00';\n" + _ROW)
    run("insert into hard(id) values (2)")
    read = whole("mysql", block, "hard", context)
    empty = {**dict.fromkeys(_EXPECTED), "id": Decimal(2)}
    assert sorted(read.table.to_pylist(), key=lambda row: -row["id"]) == [_EXPECTED, empty]
    read.assert_accounted()
    types = {column.name: column.lake_type for column in read.source.columns}
    assert (types["id"], types["zd"]) == ("decimal(20,0)", "decimal(8,2)")
    assert (types["js"], types["b1"], types["ts"]) == ("json", "boolean", "timestamp")
    assert {types[name] for name in ("d65", "tm", "gm", "b9", "u")} == {"text"}
    assert read.source.comment == "难"


def test_what_does_not_fit_is_set_aside_alone(my: My, context: kinds.ReadContext) -> None:
    block, run = my
    run(
        "set sql_mode = '';\n"
        "create table t(id int primary key, d date, dt datetime(3), ts timestamp null, s text,"
        " gb varchar(9) character set gbk);\n"
        "insert into t(id, d) values (1, '2024-02-29'), (2, '0000-00-00'), (3, '2024-00-15'),"
        " (4, '2024-05-00'), (5, '0000-01-01'), (6, '9999-12-31');\n"
        "insert into t(id, dt) values (7, '0000-00-00'), (8, '2024-00-00 10:00'),"
        " (9, '1000-01-01 00:00:00.001');\n"
        "insert into t(id, ts) values (10, 0), (11, '1970-01-02');\n"
        "insert into t(id, s) values (12, 'a\\0b'), (13, '');\n"
        "insert into t(id, gb) values (14, '中'), (15, x'a2a0')"
    )
    read = whole("mysql", block, "t", context)
    assert read.table["id"].to_pylist() == [1, 6, 9, 11, 13, 14]
    reasons = [(one.column, one.reason) for one in read.rejects]
    assert reasons == [
        *[("d", "not_date")] * 4, *[("dt", "not_timestamp")] * 2, ("ts", "not_timestamp"),
        ("s", "nul"), ("gb", "encoding"),
    ]  # fmt: skip
    assert '"d": "2024-00-15"' in read.rejects[1].raw
    assert "\\xff\\xa2\\xa0" in read.rejects[-1].raw
    read.assert_accounted()


def test_zero_dates_can_be_kept_as_text(my: My, context: kinds.ReadContext) -> None:
    block, run = my
    run(
        "set sql_mode = '';\ncreate table t(id int primary key, d date, b bit(4));\n"
        "insert into t values (1, '0000-00-00', 5)"
    )
    table = found("mysql", block, context)["t"]
    changed = {"d": "text", "b": "integer"}
    columns = tuple(
        replace(one, lake_type=changed.get(one.name, one.lake_type)) for one in table.columns
    )
    read = whole("mysql", block, replace(table, columns=columns), context)
    assert read.rows == [(1, "0000-00-00", 5)]


@pytest.mark.parametrize(
    "key",
    ["bigint", "int(5) zerofill", "bigint unsigned", "varchar(20)", "char(4)", "decimal(8,2)",
     "date", "datetime(3)", "timestamp(6)", "varbinary(9)", "double", "bit(1)", "time(1)",
     "enum('x','Y')", "varchar(20) character set gbk", "varchar(20) character set latin1", "year"],
)  # fmt: skip
def test_the_server_and_the_lake_agree_on_keys(
    key: str, my: My, context: kinds.ReadContext
) -> None:
    values = {
        "bigint": "1, -9223372036854775808", "int(5) zerofill": "1, 77",
        "bigint unsigned": "0, 18446744073709551615", "varchar(20)": "'', '甲\x1f乙𠮷'",
        "char(4)": "'a', 'ab  '", "decimal(8,2)": "-0.5, 12", "date": "'2024-01-02', '0001-01-01'",
        "datetime(3)": "'2024-01-02 03:04:05.120', '2024-01-02'",
        "timestamp(6)": "'2024-01-02 03:04:05.12', '2024-01-03'", "varbinary(9)": "x'ff00', ''",
        "double": "0.1, 1e300", "bit(1)": "b'0', b'1'", "time(1)": "'-1:00:00.5', '99:00:00'",
        "enum('x','Y')": "'x', 'Y'", "varchar(20) character set gbk": "'中', 'b'",
        "varchar(20) character set latin1": "'é', 'f'", "year": "1999, 2024",
    }[key]  # fmt: skip
    block, run = my
    run(f"create table t(v int, k {key} not null, primary key (k, v))")
    for value in values.split(", "):
        run(f"insert into t(v, k) values (1, {value})")
    read = whole("mysql", block, "t", context)
    assert read.source.key == ("k", "v")
    assert (read.control.rows, read.rejects) == (2, [])
    read.assert_accounted()
    assert int(read.control.key_hash, 16) > 0


def test_what_the_catalogue_says(my: My, context: kinds.ReadContext) -> None:
    block, run = my
    run(
        "create table `人``口` (b int not null comment '乙', a varchar(9) character set latin1,"
        " primary key (a, b)) comment '人口表'"
    )
    run("insert into `人``口` select seq, seq from seq_1_to_100;\nanalyze table `人``口`")
    run("create view v as select a from `人``口`")
    run(
        "create table part1 (k int) partition by hash (k) partitions 2;\ninsert into part1 values (3)"
    )
    tables = found("mysql", block, context)
    assert list(tables) == ["part1", "v", "人`口"]
    people = tables["人`口"]
    assert (people.key, people.comment) == (("a", "b"), "人口表")
    assert people.estimated_rows == 100
    assert tables["v"].estimated_rows is None
    assert tables["v"].comment is None
    assert [(one.name, one.source_type, one.comment, one.nullable) for one in people.columns] == [
        ("b", "int(11)", "乙", False), ("a", "varchar(9)", None, False)
    ]  # fmt: skip
    whole("mysql", block, people, context).assert_accounted()
    assert whole("mysql", block, "part1", context).rows == [(3,)]
    assert whole("mysql", block, "v", context).control.rows == 100
    assert whole("mysql", block, people, context, columns=["b"]).control.key_hash


def test_watermark(my: My, context: kinds.ReadContext) -> None:
    block, run = my
    run("create table t(id bigint unsigned primary key, at datetime(6), ts timestamp(3) null, d date,"
        " s varchar(9), n decimal(20,2), f double)")  # fmt: skip
    run(
        "set time_zone = '+00:00', sql_mode = '';\n"
        "insert into t select 9223372036854775800 + seq, '2024-01-01' + interval seq microsecond,"
        " '2024-01-01' + interval seq second, '2024-01-01' + interval seq day, lpad(seq, 3, '0'),"
        " seq / 8.0 + 100000000000000000, seq / 10 from seq_1_to_10;\n"
        "insert into t(id, d) values (1, '2025-00-15'), (2, null)"
    )
    top = 9223372036854775800
    for column, value, highest in (
        ("id", str(top + 8), str(top + 10)),
        ("at", "2024-01-01 00:00:00.000008", "2024-01-01 00:00:00.000010"),
        ("ts", "2024-01-01 00:00:08.000", "2024-01-01 00:00:10.000"),
        ("d", "2024-01-09", "2024-01-11"), ("s", "008", "010"), ("f", "0.8", "1"),
        ("n", "100000000000000001.00", "100000000000000001.25"),
    ):  # fmt: skip
        since = kinds.Watermark(column, value)
        read = whole("mysql", block, "t", context, since=since, columns=["id"])
        # The partial date is above the watermark, and is read: only as a watermark it is no use.
        partial = [Decimal(1)] if column == "d" else []
        assert [row[0] for row in read.rows] == [*partial, top + 9, top + 10], column
        assert read.control.watermark == highest
        read.assert_accounted()
    first = whole("mysql", block, "t", context, since=kinds.Watermark("at"))
    assert first.control.rows == 12
    again = kinds.Watermark("at", first.control.watermark)
    nothing = whole("mysql", block, "t", context, since=again)
    assert (nothing.rows, nothing.control.watermark) == ([], first.control.watermark)


@pytest.mark.parametrize(("column", "value"), [("i", "abc"), ("d", "x"), ("i", "1 or 1=1")])
def test_a_watermark_of_the_wrong_type_is_refused(
    column: str, value: str, my: My, context: kinds.ReadContext
) -> None:
    block, run = my
    run("create table t(i int, d date);\ninsert into t values (1, '2024-01-01')")
    with pytest.raises(HainaError) as refused:
        whole("mysql", block, "t", context, since=kinds.Watermark(column, value))
    assert refused.value.code == "bad_connection"


def test_a_hostile_watermark_is_a_value(my: My, context: kinds.ReadContext) -> None:
    block, run = my
    run("create table t(s varchar(99));\ninsert into t values ('a'), ('z')")
    for hostile in ("x' or 1=1; drop table t; -- ", "x\\' or 1=1 #", "x\udcff"):
        read = whole("mysql", block, "t", context, since=kinds.Watermark("s", hostile))
        assert read.rows == [("z",)]


def test_one_snapshot_for_rows_and_control(my: My, context: kinds.ReadContext) -> None:
    block, run = my
    run("create table t(id int primary key);\ninsert into t select seq from seq_1_to_5000")
    kind = kinds.get("mysql")
    table = found("mysql", block, context)["t"]
    since = kinds.Watermark("id")
    with kind.read(kind.connection(**block), table, context=context, since=since) as reading:
        run("insert into t select seq from seq_5001_to_6000;\ndelete from t where id < 100")
        rows = list(reading.batches())
        run("delete from t where id > 4000")
        control = reading.control()
    assert sum(batch.num_rows for batch in rows) == control.rows == 5000
    assert kinds.key_hash_of(rows, table.key) == control.key_hash
    assert control.watermark == "5000"


@pytest.mark.parametrize(
    "make", ["table t(id int primary key, v int) engine = MyISAM", "view t as select * from below"]
)
@pytest.mark.parametrize(
    ("change", "since"),
    [("insert into {} values (9999, 1)", "v"), ("update {} set v = 9999 where id = 7", "v"),
     ("delete from {} where id = 7", "v"), ("insert into {} values (9999, 1)", None),
     ("delete from {} where id = 7", None)],
)  # fmt: skip
def test_without_a_snapshot_a_change_is_noticed(
    make: str, change: str, since: str | None, my: My, context: kinds.ReadContext
) -> None:
    block, run = my
    run("create table below(id int primary key, v int) engine = MyISAM")
    run(f"create {make}")
    base = "t" if make.startswith("table") else "below"
    run(f"insert into {base} select seq, seq from seq_1_to_2000")
    kind = kinds.get("mysql")
    table = found("mysql", block, context)["t"]
    small = replace(context, batch_rows=100)
    mark = kinds.Watermark(since) if since else None
    with kind.read(kind.connection(**block), table, context=small, since=mark) as reading:
        list(reading.batches())
        run(change.format(base))
        with pytest.raises(HainaError) as changed:
            reading.control()
    assert changed.value.code == "source_changed"
    quiet = whole("mysql", block, "t", context, since=mark)
    assert quiet.control.rows == quiet.table.num_rows


def test_a_change_of_the_table_itself_is_noticed(my: My, context: kinds.ReadContext) -> None:
    block, run = my
    run("create table t(id int primary key);\ninsert into t values (1)")
    kind = kinds.get("mysql")
    table = found("mysql", block, context)["t"]
    with kind.read(kind.connection(**block), table, context=context) as reading:
        run("alter table t add column v int, algorithm = copy")
        with pytest.raises(HainaError) as changed:
            list(reading.batches())
    assert changed.value.code == "source_changed"


def test_preview_stops_the_server(
    my: My, mariadb_server: MariaServer, context: kinds.ReadContext
) -> None:
    block, run = my
    run("create table t as select seq, repeat('x', 100) as s from seq_1_to_400000")
    kind = kinds.get("mysql")
    table = found("mysql", block, context)["t"]
    rows = kinds.preview(kind, kind.connection(**block), table, 5, context=context).rows
    assert rows.num_rows == 5
    _assert_idle(mariadb_server)


def test_cancelling_stops_a_query_that_sends_nothing(
    my: My, mariadb_server: MariaServer, context: kinds.ReadContext
) -> None:
    block, _ = my
    endless = Statement("select count(*) from seq_1_to_100000000 a, seq_1_to_100000000 b")
    with opened(MysqlConnection(**block), context) as session:
        timer = threading.Timer(0.3, session.cancel)
        timer.start()
        with pytest.raises(HainaError):
            list(session.stream(endless, 1))
        timer.join()
    _assert_idle(mariadb_server)


def _assert_idle(server: MariaServer) -> None:
    """No query is left but the one that asks."""
    left = "select count(*) from information_schema.processlist where command = 'Query'"
    for _ in range(50):
        if server.run(left) == [(1,)]:
            return
        threading.Event().wait(0.1)
    pytest.fail("the server still works for a reading that ended")


def test_tables_and_columns_that_went_away(my: My, context: kinds.ReadContext) -> None:
    block, run = my
    run("create table t(a int)")
    table = found("mysql", block, context)["t"]
    run("alter table t change a b int")
    for gone in (table, replace(table, name="gone"), replace(table, name="T")):
        with pytest.raises(HainaError) as missing:
            whole("mysql", block, gone, context)
        assert missing.value.code == "source_no_table"


def test_a_view_that_fails_half_way_is_not_the_end(my: My, context: kinds.ReadContext) -> None:
    block, run = my
    run("create table t(n int, j text);\ninsert into t select seq, '[1]' from seq_1_to_100000")
    run("create function f(x int) returns int begin if x = 90000 then signal sqlstate '45000'"
        " set message_text = '坏'; end if; return x; end")  # fmt: skip
    run("create view v as select f(n) as n, repeat('x', 100) as s from t")
    table = found("mysql", block, context)["v"]
    with pytest.raises(HainaError) as broken:
        whole("mysql", block, table, context)
    assert broken.value.code == "source_failed"
    assert "坏" in broken.value.message


def test_a_large_value_through_the_server(my: My, context: kinds.ReadContext) -> None:
    block, run = my
    run("create table t(id int primary key, a longtext, b longtext, c int);\n"
        "insert into t values (1, repeat('长', 5000000), repeat('b', 9000000), 7), (2, '', 'c', 8)")  # fmt: skip
    read = whole("mysql", block, "t", context)
    assert [(len(row[1]), len(row[2]), row[3]) for row in read.rows] == [
        (5_000_000, 9_000_000, 7), (0, 1, 8)
    ]  # fmt: skip
    read.assert_accounted()
