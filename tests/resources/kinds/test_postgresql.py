"""PostgreSQL, against a real server: every type trap, one snapshot, errors in words."""

import socket
import threading
import time
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given
from hypothesis import settings as examples
from hypothesis import strategies as st

from haina.kernel.errors import HainaError
from haina.resources.collect import kinds
from tests.resources.kinds.reading import found, whole
from tests.support.postgresql import PgServer

Make = Callable[..., dict[str, Any]]


@pytest.fixture
def pg(postgresql: Make, postgresql_server: PgServer) -> tuple[dict[str, Any], Callable[..., Any]]:
    """A connection block to an empty database, and a way to run statements in it."""
    block = postgresql()

    def run(sql: str, *rows: Any) -> list[Any]:
        return postgresql_server.run(sql, *rows, database=block["database"])

    return block, run


Pg = tuple[dict[str, Any], Callable[..., Any]]


def test_chinook_value_by_value(
    chinook: Path, pg: Pg, postgresql_server: PgServer, context: kinds.ReadContext, tmp_path: Path
) -> None:
    block, run = pg
    script = (chinook / "Chinook_PostgreSql.sql").read_text("utf-8")
    local = tmp_path / "chinook.sql"
    local.write_text(script[script.index("\\c chinook;") + len("\\c chinook;") :], "utf-8")
    postgresql_server.script(local, block["database"])
    tables = found("postgresql", block, context)
    assert len(tables) == 11
    total = 0
    for name, table in tables.items():
        assert table.key
        read = whole("postgresql", block, table, context)
        read.assert_accounted()
        key = ", ".join(table.key)
        expected = [tuple(row) for row in run(f'select * from "{name}" order by {key}')]
        places = [read.table.column_names.index(column) for column in table.key]
        assert sorted(read.rows, key=lambda row: [row[at] for at in places]) == expected
        total += len(expected)
    assert total == 15_607


_HARD = """
create type mood as enum ('好', '坏');
create type pair as (a int, b text);
create domain amount as numeric(8,3);
create domain positive as amount check (value > 0);
create table hard (
  id bigint primary key, i2 int2, i4 int4, f4 real, f8 float8, ok bool, b bytea,
  n numeric, n50 numeric(50,2), neg numeric(12,-2), n2 numeric(12,2), dom positive,
  d date, ts timestamp(3), tz timestamptz, tm time, tmz timetz, iv interval,
  u uuid, arr int[][], na numeric(6,2)[], e mood, m money, ip inet, cd cidr, bits bit(4),
  x xml, r int4range, p point, pr pair, js json, jb jsonb, tv tsvector, c char(5), o oid,
  v varchar(9), "中 文""名" text);
"""
_ROW = """
insert into hard values (
  1, -32768, 2147483647, 0.1, 0.1, true, '\\x00ff',
  123456789012345678901234567890.1234567890, 12345678901234567890123456789012345678901.50, 12345,
  -0.50, 1.5, '0001-01-01', '2024-01-02 03:04:05.678', '2024-01-02 03:04:05.123456+08',
  '24:00:00', '01:02:03+08', '1 year 2 days -00:00:01', '00000000-0000-0000-0000-00000000000a',
  '{{1,2},{3,null}}', '{1.50,2}', '好', 12.5, '10.0.0.1/24', '10.0.0.0/8', B'1010', '<a>一</a>',
  '[1,5)', '(1,2)', row(1, '甲,乙'), '{"a" : 1}', '{"b": "中"}', 'a b', 'ab', 26, '', '𠮷');
"""
_EXPECTED = {
    "id": 1, "i2": -32768, "i4": 2147483647, "f4": 0.10000000149011612, "f8": 0.1, "ok": True,
    "b": b"\x00\xff", "n": "123456789012345678901234567890.1234567890",
    "n50": "12345678901234567890123456789012345678901.50", "neg": "12300", "n2": Decimal("-0.50"),
    "dom": Decimal("1.500"), "d": date(1, 1, 1), "ts": datetime(2024, 1, 2, 3, 4, 5, 678000),
    "tz": datetime(2024, 1, 1, 19, 4, 5, 123456, UTC), "tm": "24:00:00", "tmz": "01:02:03+08",
    "iv": "1 year 2 days -00:00:01", "u": "00000000-0000-0000-0000-00000000000a",
    "arr": "[[1,2],[3,null]]", "na": "[1.50,2.00]", "e": "好", "m": "$12.50", "ip": "10.0.0.1/24",
    "cd": "10.0.0.0/8", "bits": "1010", "x": "<a>一</a>", "r": "[1,5)", "p": "(1,2)",
    "pr": '(1,"甲,乙")', "js": '{"a" : 1}', "jb": '{"b": "中"}', "tv": "'a' 'b'", "c": "ab",
    "o": "26", "v": "", '中 文"名': "𠮷",
}  # fmt: skip


def test_every_hard_type(pg: Pg, context: kinds.ReadContext) -> None:
    block, run = pg
    run(_HARD)
    run(_ROW)
    run("insert into hard(id) values (2)")
    read = whole("postgresql", block, "hard", context)
    assert read.table.to_pylist() == [_EXPECTED, {**dict.fromkeys(_EXPECTED), "id": 2}]
    read.assert_accounted()
    types = {column.name: column.lake_type for column in read.source.columns}
    assert types["dom"] == "decimal(8,3)"
    assert types["arr"] == types["jb"] == "json"
    assert {types[name] for name in ("n", "n50", "neg", "tm", "iv", "u", "ip")} == {"text"}


def test_what_does_not_fit_is_set_aside_alone(pg: Pg, context: kinds.ReadContext) -> None:
    block, run = pg
    run("create table t(id int primary key, d date, ts timestamp, tz timestamptz, n numeric(6,2))")
    run(
        "insert into t values (1, '2024-01-01', '2024-01-01', '2024-01-01Z', 1),"
        " (2, 'infinity', null, null, null)"
    )
    run(
        "insert into t(id, d) values (3, '-infinity'), (4, '0044-03-15 BC'), (5, '10000-01-01'),"
        " (6, '9999-12-31')"
    )
    run("insert into t(id, ts) values (7, 'infinity'), (8, '-infinity'), (9, '0001-01-01 BC')")
    run("insert into t(id, tz) values (10, 'infinity'), (11, '9999-12-31 23:59:59.999999Z')")
    run("insert into t(id, n) values (12, 'NaN'), (13, 1234.56)")
    read = whole("postgresql", block, "t", context)
    assert read.table["id"].to_pylist() == [1, 6, 11, 13]
    assert [(one.column, one.reason) for one in read.rejects] == [
        *[("d", "out_of_range")] * 4, *[("ts", "out_of_range")] * 3, ("tz", "out_of_range"),
        ("n", "not_decimal"),
    ]  # fmt: skip
    assert '"d": "infinity"' in read.rejects[0].raw
    assert '"d": "-infinity"' in read.rejects[1].raw
    assert '"ts": "infinity"' in read.rejects[4].raw
    assert '"ts": "-infinity"' in read.rejects[5].raw
    assert '"n": "NaN"' in read.rejects[-1].raw
    read.assert_accounted()


@pytest.mark.parametrize(
    "key",
    ["k bigint", "k text", "k boolean", "k numeric(8,2)", "k date", "k timestamp", "k timestamptz",
     "k uuid", "k bytea", "k float8", "k char(4)", "k numeric"],
)  # fmt: skip
def test_the_server_and_the_lake_agree_on_keys(
    key: str, pg: Pg, context: kinds.ReadContext
) -> None:
    values = {
        "bigint": "1, -9223372036854775808", "text": "'', '甲\x1f乙𠮷'", "boolean": "true, false",
        "numeric(8,2)": "-0.5, 12", "date": "'2024-01-02', '0001-01-01'",
        "timestamp": "'2024-01-02 03:04:05.120', '2024-01-02'",
        "timestamptz": "'2024-01-02 03:04:05.12+08', '2024-01-02 00:00:00Z'",
        "uuid": "'00000000-0000-0000-0000-00000000000a', '00000000-0000-0000-0000-00000000000b'",
        "bytea": "'\\xff00', ''", "float8": "0.1, 1e300", "char(4)": "'a', 'ab  '",
        "numeric": "1.10, 100",
    }[key.removeprefix("k ")]  # fmt: skip
    block, run = pg
    run(f"create table t(v int, {key}, primary key (k))")
    for value in values.split(", "):
        run(f"insert into t values (1, {value})")
    read = whole("postgresql", block, "t", context)
    assert read.control.rows == 2
    read.assert_accounted()
    assert int(read.control.key_hash, 16) > 0


def test_what_the_catalogue_says(pg: Pg, context: kinds.ReadContext) -> None:
    block, run = pg
    run('create schema "政 务"')
    run('create table "政 务"."人""口" (b int, a text, gone int, primary key (a, b))')
    run('alter table "政 务"."人""口" drop column gone')
    run('comment on table "政 务"."人""口" is \'人口表\'')
    run('comment on column "政 务"."人""口".a is \'姓名\'')
    run('insert into "政 务"."人""口" select n, n::text from generate_series(1, 100) n')
    run('analyze "政 务"."人""口"')
    run('create view "政 务".v as select a from "政 务"."人""口"')
    run('create table "政 务".parts (k int) partition by range (k)')
    run('create table "政 务".part1 partition of "政 务".parts for values from (1) to (9)')
    run('insert into "政 务".parts values (3)')
    run("create table public.other(a int)")
    block = {**block, "schema": "政 务"}
    tables = found("postgresql", block, context)
    assert list(tables) == ["parts", "v", '人"口']
    people = tables['人"口']
    assert (people.key, people.comment, people.estimated_rows) == (("a", "b"), "人口表", 100)
    assert [(one.name, one.comment, one.nullable) for one in people.columns] == [
        ("b", None, False), ("a", "姓名", False)
    ]  # fmt: skip
    whole("postgresql", block, people, context).assert_accounted()
    assert whole("postgresql", block, "parts", context).rows == [(3,)]
    assert whole("postgresql", block, people, context, columns=["b"]).control.key_hash


def test_watermark(pg: Pg, context: kinds.ReadContext) -> None:
    block, run = pg
    run("create table t(id int primary key, at timestamptz, d date, s text, n numeric(8,2))")
    run(
        "insert into t select n, '2024-01-01Z'::timestamptz + n * interval '1 microsecond',"
        " date '2024-01-01' + n, lpad(n::text, 3, '0'), n / 8.0 from generate_series(1, 10) n"
    )
    run("insert into t(id, d) values (11, 'infinity'), (12, null)")
    for column, value, highest in (
        ("id", "10", "12"), ("at", "2024-01-01 00:00:00.000008+00", "2024-01-01 00:00:00.00001+00"),
        ("d", "2024-01-09", "2024-01-11"), ("s", "008", "010"), ("n", "1.00", "1.25"),
    ):  # fmt: skip
        read = whole("postgresql", block, "t", context, since=kinds.Watermark(column, value))
        got = [row[0] for row in read.rows]
        assert got == ([12] if column == "id" else [9, 10])
        assert read.control.watermark == highest
        read.assert_accounted()
    first = whole("postgresql", block, "t", context, since=kinds.Watermark("at"))
    assert first.control.rows == 12
    again = kinds.Watermark("at", first.control.watermark)
    nothing = whole("postgresql", block, "t", context, since=again)
    assert (nothing.rows, nothing.control.watermark) == ([], first.control.watermark)


def test_a_hostile_watermark_is_a_value(pg: Pg, context: kinds.ReadContext) -> None:
    block, run = pg
    run("create table t(s text)")
    run("insert into t values ('a'), ('z')")
    hostile = kinds.Watermark("s", "x'::text or true; drop table t; --")
    assert whole("postgresql", block, "t", context, since=hostile).rows == [("z",)]


def test_one_snapshot_for_rows_and_control(pg: Pg, context: kinds.ReadContext) -> None:
    block, run = pg
    run("create table t(id int primary key)")
    run("insert into t select generate_series(1, 5000)")
    kind = kinds.get("postgresql")
    table = found("postgresql", block, context)["t"]
    with kind.read(kind.connection(**block), table, context=context) as reading:
        run("insert into t select generate_series(5001, 6000)")
        run("delete from t where id < 100")
        rows = list(reading.batches())
        control = reading.control()
    seen = sum(batch.num_rows for batch in rows)
    assert seen == control.rows
    assert kinds.key_hash_of(rows, table.key) == control.key_hash


def test_preview_stops_the_server(pg: Pg, context: kinds.ReadContext) -> None:
    block, run = pg
    run(
        "create view slow as select n, repeat('x', 100) as s from generate_series(1, 30000) n,"
        " generate_series(1, 30000) m"
    )
    kind = kinds.get("postgresql")
    table = found("postgresql", block, context)["slow"]
    rows = kinds.preview(kind, kind.connection(**block), table, 5, context=context).rows
    assert rows.num_rows == 5
    left = "select count(*) from pg_stat_activity where application_name = 'haina'"
    for _ in range(50):
        if run(left) == [[0]]:
            return
        time.sleep(0.1)
    pytest.fail("the server still works for a reading that ended")


def test_an_error_half_way_is_not_the_end(pg: Pg, context: kinds.ReadContext) -> None:
    block, run = pg
    run("create view v as select 1 / (200000 - n) as x, repeat('x', 100) as s"
        " from generate_series(1, 300000) n")  # fmt: skip
    with pytest.raises(HainaError) as broken:
        whole("postgresql", block, "v", context)
    assert broken.value.code == "source_failed"


def _fails(block: dict[str, Any], context: kinds.ReadContext, **change: Any) -> HainaError:
    kind = kinds.get("postgresql")
    with pytest.raises(HainaError) as failed:
        kind.test(kind.connection(**{**block, **change}), context)
    assert failed.value.hint
    return failed.value


def test_errors_in_words(pg: Pg, context: kinds.ReadContext) -> None:
    block, run = pg
    run("do $$ begin create role asked login password 'right'; exception when others then end $$")
    wrong = _fails(block, context, user="asked", password="s3cret-wrong")
    assert wrong.code == "source_login_refused"
    assert "s3cret" not in str(wrong.as_dict())
    assert _fails(block, context, user="nobody-here").code == "source_login_refused"
    assert _fails(block, context, database="nope").code == "source_no_database"
    assert _fails(block, context, schema="nope").code == "source_no_database"
    assert _fails(block, context, sslmode="require").code == "source_unreachable"
    with socket.socket() as closed:
        closed.bind(("127.0.0.1", 0))
        refused = _fails(block, context, port=closed.getsockname()[1])
    assert refused.code == "source_unreachable"
    assert "SELECT" in _no_right(block, run, context).hint


def _no_right(block: dict[str, Any], run: Any, context: kinds.ReadContext) -> HainaError:
    run("create table private(a int)")
    table = found("postgresql", block, context)["private"]
    with pytest.raises(HainaError) as refused:
        whole("postgresql", {**block, "user": "asked", "password": "right"}, table, context)
    assert refused.value.code == "source_no_right"
    return refused.value


def test_a_silent_server_is_a_timeout(
    context: kinds.ReadContext, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(
        "haina.resources.collect.kinds.databases.postgresql.kind._CONNECT_SECONDS", "2"
    )
    with socket.create_server(("127.0.0.1", 0)) as silent:
        kept: list[Any] = []
        accepting = threading.Thread(target=lambda: kept.append(silent.accept()), daemon=True)
        accepting.start()
        block = {"host": "127.0.0.1", "port": silent.getsockname()[1], "database": "d", "user": "u"}
        error = _fails(block, context, password="s3cret")
        accepting.join()
        kept[0][0].close()
    assert error.code == "source_unreachable"
    assert "超时" in error.message


def test_the_network_is_checked_first(context: kinds.ReadContext) -> None:
    closed = replace(context, settings=context.settings.model_copy(update={"source_networks": ()}))
    block = {"host": "localhost", "database": "d", "user": "u"}
    assert _fails(block, closed).code == "host_refused"


def test_secrets_do_not_show() -> None:
    kind = kinds.get("postgresql")
    connection = kind.connection(host="h", database="d", user="u", password="s3cret")
    assert "s3cret" not in repr(connection) + connection.model_dump_json()


@pytest.mark.parametrize("password", ["a b", "it's", "back\\slash", "x' host='evil", "口令"])
def test_any_password(
    password: str, pg: Pg, postgresql_server: PgServer, context: kinds.ReadContext
) -> None:
    block, run = pg
    quoted = password.replace("'", "''")
    run("do $$ begin create role asked login; exception when others then end $$")
    run(f"alter role asked password '{quoted}'")
    kind = kinds.get("postgresql")
    kind.test(kind.connection(**{**block, "user": "asked", "password": password}), context)


def test_tables_and_columns_that_went_away(pg: Pg, context: kinds.ReadContext) -> None:
    block, run = pg
    run("create table t(a int)")
    table = found("postgresql", block, context)["t"]
    run("alter table t rename a to b")
    for gone in (table, replace(table, name="gone")):
        with pytest.raises(HainaError) as missing:
            whole("postgresql", block, gone, context)
        assert missing.value.code == "source_no_table"


_TEXT = st.text(
    st.characters(codec="utf-8", exclude_characters="\0"), max_size=12
) | st.sampled_from(["𠮷", '"', "'", "\n", "\r\n", ",", "", "\\N", "中文"])
_VALUES = st.fixed_dictionaries({
    "i": st.none() | st.integers(-(2**63), 2**63 - 1),
    "f": st.none() | st.floats(allow_nan=False),
    "s": st.none() | _TEXT,
    "b": st.none() | st.binary(max_size=12),
    "n": st.none() | st.decimals(-9999, 9999, places=2),
    "d": st.none() | st.dates(),
    "t": st.none() | st.datetimes(),
    "z": st.none() | st.datetimes(timezones=st.just(UTC)),
    "o": st.none() | st.booleans(),
})  # fmt: skip


@given(rows=st.lists(_VALUES, max_size=12))
@examples(
    max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
def test_any_table_reads_back_equal(
    rows: list[dict[str, Any]], pg: Pg, context: kinds.ReadContext
) -> None:
    block, run = pg
    run("drop table if exists t")
    run(
        "create table t(k serial primary key, i int8, f float8, s text, b bytea, n numeric(6,2),"
        " d date, t timestamp, z timestamptz, o bool)"
    )
    if rows:
        run(
            "insert into t(i, f, s, b, n, d, t, z, o) values (:i, :f, :s, :b, :n, :d, :t, :z, :o)",
            *rows,
        )
    read = whole("postgresql", block, "t", context)
    assert read.rejects == []
    assert [row[1:] for row in read.rows] == [
        tuple(row[one] for one in "ifsbndtzo") for row in rows
    ]
    read.assert_accounted()
