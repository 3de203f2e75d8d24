"""MySQL and MariaDB, against a real server: every type trap, one snapshot, errors in words."""

import re
import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import closing, suppress
from dataclasses import replace
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import pymysql
import pytest

from haina.kernel.errors import HainaError
from haina.resources.collect import kinds
from haina.resources.collect.kinds.databases.mysql import wire
from tests.resources.kinds.reading import found, whole
from tests.support.mariadb import MariaServer, programs, running_server

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


@pytest.mark.parametrize("make", ["table t(id int primary key, v int) engine = MyISAM",
                                  "view t as select * from below"])  # fmt: skip
@pytest.mark.parametrize("change", ["insert into {} values (9999, 1)", "update {} set v = 9999 where id = 7",
                                    "delete from {} where id = 7"])  # fmt: skip
def test_without_a_snapshot_a_change_is_noticed(
    make: str, change: str, my: My, context: kinds.ReadContext
) -> None:
    block, run = my
    run("create table below(id int primary key, v int) engine = MyISAM")
    run(f"create {make}")
    base = "t" if make.startswith("table") else "below"
    run(f"insert into {base} select seq, seq from seq_1_to_2000")
    kind = kinds.get("mysql")
    table = found("mysql", block, context)["t"]
    small = replace(context, batch_rows=100)
    since = kinds.Watermark("v")
    with kind.read(kind.connection(**block), table, context=small, since=since) as reading:
        batches = reading.batches()
        next(batches)
        list(batches)
        run(change.format(base))
        with pytest.raises(HainaError) as changed:
            reading.control()
    assert changed.value.code == "source_changed"
    quiet = whole("mysql", block, "t", context, since=since)
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
    run("create view slow as select a.seq, repeat('x', 100) as s from seq_1_to_30000 a,"
        " seq_1_to_30000 b")  # fmt: skip
    kind = kinds.get("mysql")
    table = replace(found("mysql", block, context)["slow"])
    connection = kind.connection(**block)
    run("create table t as select * from slow limit 400000")
    rows, _ = kinds.preview(
        kind, connection, found("mysql", block, context)["t"], 5, context=context
    )
    assert rows.num_rows == 5
    with pytest.raises(StopIteration):
        _read_in_thread_and_cancel(kind, connection, table, context)
    left = "select count(*) from information_schema.processlist where command = 'Query'"
    for _ in range(50):
        if mariadb_server.run(left) == [(1,)]:
            return
        threading.Event().wait(0.1)
    pytest.fail("the server still works for a reading that ended")


def _read_in_thread_and_cancel(
    kind: kinds.Kind, connection: Any, table: kinds.SourceTable, context: kinds.ReadContext
) -> None:
    """A view has its control taken first, which here takes minutes: hang up in the middle."""
    from haina.resources.collect.kinds.databases.drivers.dialect import Statement
    from haina.resources.collect.kinds.databases.mysql.session import opened

    with opened(connection, context) as session:
        thread = threading.Timer(0.3, session.cancel)
        thread.start()
        try:
            next(session.stream(Statement("select count(*) from slow"), 1))
        except HainaError:
            raise StopIteration from None
        finally:
            thread.join()


def _fails(block: dict[str, Any], context: kinds.ReadContext, **change: Any) -> HainaError:
    kind = kinds.get("mysql")
    with pytest.raises(HainaError) as failed:
        kind.test(kind.connection(**{**block, **change}), context)
    assert failed.value.hint
    return failed.value


@pytest.fixture
def account(mariadb_server: MariaServer) -> Iterator[str]:
    """An account with a password and no rights."""
    mariadb_server.run("create or replace user asked identified by 'right'")
    yield "asked"
    mariadb_server.run("drop user asked")


def test_errors_in_words(my: My, account: str, context: kinds.ReadContext) -> None:
    block, run = my
    wrong = _fails(block, context, user=account, password="s3cret-wrong")
    assert wrong.code == "source_login_refused"
    assert "s3cret" not in str(wrong.as_dict())
    assert _fails(block, context, user="nobody-here").code == "source_login_refused"
    assert _fails(block, context, database="nope").code == "source_no_database"
    no_right = _fails(block, context, user=account, password="right")
    assert no_right.code == "source_no_database"
    assert "无权" in no_right.message
    refused = _fails(block, context, sslmode="require")
    assert refused.code == "source_unreachable"
    assert "加密" in refused.message
    with socket.socket() as closed:
        closed.bind(("127.0.0.1", 0))
        assert _fails(block, context, port=closed.getsockname()[1]).code == "source_unreachable"


def test_an_account_that_may_read_one_table(
    my: My, account: str, context: kinds.ReadContext
) -> None:
    block, run = my
    run("create table public(a int primary key, b int);\ncreate table secret(a int primary key)")
    run("create table partly(a int primary key, b int, c int);\ninsert into public values (1, 2)")
    everything = found("mysql", block, context)
    run(f"grant select on public to {account};\ngrant select (a, c) on partly to {account}")
    mine = {**block, "user": account, "password": "right"}
    tables = found("mysql", mine, context)
    assert {name: [one.name for one in table.columns] for name, table in tables.items()} == {
        "public": ["a", "b"], "partly": ["a", "c"],
    }  # fmt: skip
    assert tables["public"].key == ("a",)
    assert whole("mysql", mine, "public", context).rows == [(1, 2)]
    assert whole("mysql", mine, "partly", context).rows == []
    for name, code in (("secret", "source_no_table"), ("partly", "source_no_table")):
        with pytest.raises(HainaError) as refused:
            whole("mysql", mine, everything[name], context)
        assert refused.value.code == code


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
    query = replace(table)
    with pytest.raises(HainaError) as broken:
        whole("mysql", block, query, context)
    assert broken.value.code == "source_failed"
    assert "坏" in broken.value.message


def test_a_silent_server_is_a_timeout(
    context: kinds.ReadContext, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(
        "haina.resources.collect.kinds.databases.mysql.session._CONNECT_SECONDS", 0.5
    )
    with socket.create_server(("127.0.0.1", 0)) as silent:
        block = {"host": "127.0.0.1", "port": silent.getsockname()[1], "database": "d", "user": "u"}
        error = _fails(block, context, password="s3cret")
    assert error.code == "source_unreachable"


def test_the_network_is_checked_first(context: kinds.ReadContext) -> None:
    closed = replace(context, settings=context.settings.model_copy(update={"source_networks": ()}))
    assert (
        _fails({"host": "localhost", "database": "d", "user": "u"}, closed).code == "host_refused"
    )


def test_the_address_checked_is_the_one_connected_to(
    my: My, context: kinds.ReadContext, monkeypatch: pytest.MonkeyPatch
) -> None:
    block, _ = my
    asked: list[str] = []
    monkeypatch.setattr(
        "haina.resources.collect.kinds.databases.mysql.session.check_host",
        lambda host, port, settings: asked.append(host) or "127.0.0.1",
    )
    kind = kinds.get("mysql")
    kind.test(kind.connection(**{**block, "host": "name.that.resolves.nowhere.invalid"}), context)
    assert asked == ["name.that.resolves.nowhere.invalid"]


def test_secrets_do_not_show() -> None:
    connection = kinds.get("mysql").connection(host="h", database="d", user="u", password="s3cret")
    assert "s3cret" not in repr(connection) + connection.model_dump_json()


@pytest.mark.parametrize("password", ["a b", "it's", "back\\slash", "口令", ""])
def test_any_password(
    password: str, my: My, mariadb_server: MariaServer, context: kinds.ReadContext
) -> None:
    block, _ = my
    with closing(mariadb_server.connected()) as connection, connection.cursor() as cursor:
        cursor.execute("create or replace user any_one identified by %s", (password,))
        cursor.execute(f"grant all on {block['database']}.* to any_one")
    kind = kinds.get("mysql")
    kind.test(kind.connection(**{**block, "user": "any_one", "password": password}), context)


def test_a_server_killed_in_mid_read(context: kinds.ReadContext) -> None:
    binaries = programs()
    assert binaries is not None
    with running_server(binaries) as server:
        name = server.create()
        server.run("create table t(id int primary key, s varchar(200));\n"
                   "insert into t select seq, repeat('x', 200) from seq_1_to_300000",
                   database=name)  # fmt: skip
        block = {"host": "127.0.0.1", "port": server.port, "database": name, "user": "root"}
        kind = kinds.get("mysql")
        table = found("mysql", block, context)["t"]
        with kind.read(kind.connection(**block), table, context=context) as reading:
            batches = reading.batches()
            next(batches)
            server.kill()
            with pytest.raises(HainaError) as lost:
                list(batches)
    assert lost.value.code == "source_unreachable"


@pytest.fixture(scope="module")
def tls(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[MariaServer, Path]]:
    """A server with a certificate for db.agency.example, and its CA."""
    from tests.support.certificates import issue

    folder = tmp_path_factory.mktemp("tls")
    folder.chmod(0o755)
    ca = issue(folder, "db.agency.example")
    binaries = programs()
    assert binaries is not None
    options = [
        f"--ssl-ca={ca}",
        f"--ssl-cert={folder}/server.pem",
        f"--ssl-key={folder}/server.key",
    ]
    with running_server(binaries, *options) as server:
        yield server, ca


def test_tls(
    tls: tuple[MariaServer, Path], context: kinds.ReadContext, files: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    server, ca = tls
    (files / "ca.pem").write_bytes(ca.read_bytes())
    server.run("create or replace user safe identified by 'pass' require ssl;\n"
               "grant all on *.* to safe")  # fmt: skip
    monkeypatch.setattr(
        "haina.resources.collect.kinds.databases.mysql.session.check_host",
        lambda host, port, settings: "127.0.0.1",
    )
    block = {"host": "db.agency.example", "port": server.port, "database": "mysql", "user": "safe",
             "password": "pass"}  # fmt: skip
    kind = kinds.get("mysql")
    for good in (
        {"sslmode": "prefer"}, {"sslmode": "require"}, {"sslmode": "verify-ca", "ca_file": "ca.pem"},
        {"sslmode": "verify-full", "ca_file": "ca.pem"},
        {"host": "other.example", "sslmode": "verify-ca", "ca_file": "ca.pem"},
    ):  # fmt: skip
        kind.test(kind.connection(**{**block, **good}), context)
    for bad in (
        {"sslmode": "verify-full"}, {"sslmode": "verify-ca"},
        {"host": "other.example", "sslmode": "verify-full", "ca_file": "ca.pem"},
    ):  # fmt: skip
        assert _fails(block, context, **bad).code == "source_unreachable"
    assert _fails(block, context, sslmode="disable").code == "source_login_refused"
    read = whole("mysql", {**block, "sslmode": "require"}, "help_topic", context)
    assert read.table.num_rows == read.control.rows > 500


# A server of our own, to be hostile with.

_GREETING = (
    b"\x0a8.0.36\0\x01\0\0\0" + b"12345678\0" + b"\xff\xf7\x2d\x02\0\xff\xc1\x15" + b"\0" * 10
    + b"123456789012\0mysql_native_password\0"
)  # fmt: skip
_OK = b"\0\0\0\x02\0\0\0"


class FakeServer:
    """Says `login` after the client's answer, then `answers` in turn, then OK for all else."""

    def __init__(self, *answers: bytes, login: bytes = _OK) -> None:
        self.heard: list[bytes] = []
        self._answers = list(answers)
        self._login = login
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.port = self._listener.getsockname()[1]
        self._thread = threading.Thread(target=self._serve, daemon=True)
        self._thread.start()

    def close(self) -> None:
        self._listener.close()
        self._thread.join(5)

    def _serve(self) -> None:
        with suppress(OSError):
            link, _ = self._listener.accept()
            with link, link.makefile("rb") as stream:
                link.settimeout(0.5)
                self._say(link, 0, _GREETING)
                self._hear(stream)
                self._say(link, 2, self._login)
                while packet := self._hear(stream):
                    said = self._answer(packet)
                    self._say(link, 1, said)

    def _answer(self, packet: bytes) -> bytes:
        chatter = (b"\x03SET", b"\x03set", b"\x03start")
        return _OK if packet.startswith(chatter) or not self._answers else self._answers.pop(0)

    def _hear(self, stream: Any) -> bytes:
        head = stream.read(4)
        body = stream.read(int.from_bytes(head[:3], "little")) if len(head) == 4 else b""
        self.heard.append(body)
        return body

    @staticmethod
    def _say(link: socket.socket, number: int, payload: bytes) -> None:
        link.sendall(len(payload).to_bytes(3, "little") + bytes([number]) + payload)


def test_a_server_that_asks_for_a_file_gets_none(
    tmp_path: Path, context: kinds.ReadContext
) -> None:
    secret = tmp_path / "secret"
    secret.write_text("not for you")
    for reads in (False, True):
        server = FakeServer(b"\xfb" + str(secret).encode())
        block = {"host": "127.0.0.1", "port": server.port, "database": "d", "user": "u"}
        kind = kinds.get("mysql")
        connection = kind.connection(**block, sslmode="disable")
        with pytest.raises(HainaError) as refused:
            if reads:
                _stream(connection, context)
            else:
                kind.discover(connection, context)
        server.close()
        assert refused.value.code == "source_failed"
        assert not any(b"not for you" in packet for packet in server.heard)
        capabilities = int.from_bytes(server.heard[0][:4], "little")
        assert not capabilities & pymysql.constants.CLIENT.LOCAL_FILES


def _stream(connection: Any, context: kinds.ReadContext) -> None:
    from haina.resources.collect.kinds.databases.drivers.dialect import Statement
    from haina.resources.collect.kinds.databases.mysql.session import opened

    with opened(connection, context) as session:
        list(session.stream(Statement("select 1"), 10))


@pytest.mark.parametrize("way", [b"mysql_clear_password", b"dialog", b"mysql_old_password"])
def test_a_password_is_never_sent_in_clear(way: bytes, context: kinds.ReadContext) -> None:
    server = FakeServer(login=b"\xfe" + way + b"\0\x03Password: ")
    block = {"host": "127.0.0.1", "port": server.port, "database": "d", "user": "u"}
    error = _fails(block, context, password="s3cret")
    server.close()
    assert error.code == "source_login_refused"
    assert not any(b"s3cret" in packet for packet in server.heard)


@pytest.mark.parametrize("answer", [b"\x02", b"\xff\xff", b"garbage" * 9, b"\x00"])
def test_a_server_that_talks_nonsense(answer: bytes, context: kinds.ReadContext) -> None:
    server = FakeServer(answer)
    connection = kinds.get("mysql").connection(
        host="127.0.0.1", port=server.port, database="d", user="u", sslmode="disable"
    )
    with pytest.raises(HainaError) as broken:
        kinds.get("mysql").discover(connection, context)
    server.close()
    assert broken.value.status >= 500


def _packet(payload: bytes) -> bytes:
    return len(payload).to_bytes(3, "little") + b"\0" + payload


_EOF = _packet(b"\xfe\0\0\x02\0")


def _rows(data: bytes, columns: int, piece: int = 7, limit: int = 1000) -> list[tuple[Any, ...]]:
    """What `wire` makes of bytes that come in pieces."""
    pieces = iter([data[at : at + piece] for at in range(0, len(data), piece)])
    chunks = wire.chunks(lambda: next(pieces, b""), columns, limit)
    return [
        row for arrays in chunks for row in zip(*(one.to_pylist() for one in arrays), strict=True)
    ]


def test_rows_of_the_wire_in_any_pieces() -> None:
    texts = [None, "", "中文", "x" * 250, "y" * 251, "z" * 70_000]
    rows = [(one, two) for one in texts for two in texts]
    data = b"".join(_packet(_field(one) + _field(two)) for one, two in rows) + _EOF
    for piece in (1000, 65_536, 10**9):
        assert _rows(data, 2, piece) == rows
    small = [row for row in rows if not any(one and len(one) > 250 for one in row)]
    data = b"".join(_packet(_field(one) + _field(two)) for one, two in small) + _EOF
    for piece, limit in ((1, 1), (3, 2), (10, 100)):
        assert _rows(data, 2, piece, limit) == small
    assert _rows(_EOF, 2) == []


def _field(text: str | None) -> bytes:
    if text is None:
        return b"\xfb"
    raw = text.encode()
    for limit, mark, size in ((251, b"", 1), (1 << 16, b"\xfc", 2), (1 << 24, b"\xfd", 3)):
        if len(raw) < limit:
            return mark + len(raw).to_bytes(size, "little") + raw
    return b"\xfe" + len(raw).to_bytes(8, "little") + raw


@pytest.mark.parametrize("size", [(1 << 24) - 30, (1 << 24) - 6, (1 << 24) - 5, 40_000_000])
def test_a_row_longer_than_a_packet(size: int) -> None:
    payload = _field("甲") + _field("x" * size) + _field(None)
    parts = [payload[at : at + 0xFFFFFF] for at in range(0, len(payload), 0xFFFFFF)]
    if len(parts[-1]) == 0xFFFFFF:
        parts.append(b"")
    data = b"".join(map(_packet, parts)) + _packet(_field("乙") + _field("y") + _field("z")) + _EOF
    first, second = _rows(data, 3, 5_000_000)
    assert (first[0], len(first[1] or ""), first[2]) == ("甲", size, None)
    assert second == ("乙", "y", "z")


@pytest.mark.parametrize("row", [b"\x01a", b"\x01a\x05b", b"\x01a\x01bc", b"\x01a\xfc\xff",
                                 b"\xfe" + b"\xff" * 8, b"\x01a\xfe" + b"\xff" * 7 + b"\x7f"])  # fmt: skip
def test_rows_that_are_none_are_refused(row: bytes) -> None:
    with pytest.raises(wire.WireError):
        _rows(_packet(row) + _EOF, 2)


def test_an_end_that_is_not_the_end() -> None:
    good = _packet(b"\x01a")
    with pytest.raises(wire.ConnectionLostError):
        _rows(good * 3, 1)
    with pytest.raises(wire.ConnectionLostError):
        _rows(good * 3 + _EOF[:5], 1)
    with pytest.raises(wire.ServerError):
        _rows(good * 3 + _packet(b"\xff\x2d\x04#70100stopped"), 1)


def test_a_large_value_through_the_server(my: My, context: kinds.ReadContext) -> None:
    block, run = my
    run("create table t(id int primary key, a longtext, b longtext, c int);\n"
        "insert into t values (1, repeat('长', 5000000), repeat('b', 9000000), 7), (2, '', 'c', 8)")  # fmt: skip
    read = whole("mysql", block, "t", context)
    assert [(len(row[1]), len(row[2]), row[3]) for row in read.rows] == [
        (5_000_000, 9_000_000, 7), (0, 1, 8)
    ]  # fmt: skip
    read.assert_accounted()
