"""Databases behind DB-API drivers: the foreign dialects as SQL, the shared reading on real servers."""

import os
import sys
from collections.abc import Callable
from contextlib import closing
from dataclasses import replace
from decimal import Decimal
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from haina.kernel.errors import HainaError
from haina.resources.collect import kinds
from haina.resources.collect.kinds.databases.drivers import dameng, oracle, sqlserver
from haina.resources.collect.kinds.databases.drivers.catalogue import tables
from haina.resources.collect.kinds.databases.drivers.dialect import Declared, Dialect, Statement
from haina.resources.collect.kinds.databases.drivers.errors import Words
from haina.resources.collect.kinds.databases.drivers.kind import (
    Driver,
    DriverConnection,
    DriverKind,
)
from haina.resources.collect.kinds.databases.drivers.query import Query
from haina.resources.collect.kinds.databases.drivers.session import text_array
from haina.resources.collect.kinds.rows.lake_types import LakeType
from tests.resources.kinds.reading import found, whole
from tests.support.postgresql import PgServer, binaries, running_server

Make = Callable[..., dict[str, Any]]
_SNAPSHOTS = Path(__file__).parent / "snapshots"

# Type name, length, precision, scale, collation: as the catalogue SQL of each would give them.
_ORACLE = [
    ("NUMBER", None, 10, 0), ("NUMBER", None, 20, 0), ("NUMBER", None, 12, 2), ("NUMBER",),
    ("NUMBER", None, None, 0), ("NUMBER", None, 5, -2), ("NUMBER", None, 2, 5), ("FLOAT", None, 126), ("BINARY_FLOAT",),
    ("BINARY_DOUBLE",), ("VARCHAR2", 20), ("NVARCHAR2", 20), ("CHAR", 5), ("NCHAR", 5), ("CLOB",),
    ("NCLOB",), ("LONG",), ("DATE",), ("TIMESTAMP(6)", None, None, 6),
    ("TIMESTAMP(9)", None, None, 9), ("TIMESTAMP(6) WITH TIME ZONE", None, None, 6),
    ("TIMESTAMP(3) WITH LOCAL TIME ZONE", None, None, 3),
    ("TIMESTAMP(9) WITH TIME ZONE", None, None, 9), ("INTERVAL DAY(2) TO SECOND(6)", None, 2, 6),
    ("INTERVAL YEAR(2) TO MONTH", None, 2, 0), ("RAW",), ("BLOB",), ("LONG RAW",), ("ROWID",),
    ("UROWID",), ("XMLTYPE",), ("JSON",), ("BOOLEAN",), ("SDO_GEOMETRY",),
]  # fmt: skip
_SQLSERVER = [
    ("tinyint",), ("smallint",), ("int",), ("bigint",), ("bit",), ("decimal", None, 12, 2),
    ("numeric", None, 38, 0), ("money",), ("smallmoney",), ("float",), ("real",), ("date",),
    ("datetime",), ("smalldatetime",), ("datetime2", None, None, 6), ("datetime2", None, None, 7),
    ("datetimeoffset", None, None, 3), ("datetimeoffset", None, None, 7),
    ("time", None, None, 7), ("char", 5, None, None, "Chinese_PRC_CI_AS"),
    ("varchar", 20, None, None, "Chinese_PRC_CI_AS"),
    ("varchar", -1, None, None, "Chinese_PRC_CI_AS"), ("nchar", 5, None, None, "Chinese_PRC_CI_AS"),
    ("nvarchar", 20, None, None, "Chinese_PRC_CI_AS"), ("text",), ("ntext",), ("binary", 4),
    ("varbinary", -1), ("image",), ("timestamp",), ("uniqueidentifier",), ("xml",),
    ("sql_variant",), ("hierarchyid",), ("geometry",), ("geography",), ("json",),
]  # fmt: skip
_DAMENG = [
    ("INT",), ("BIGINT",), ("SMALLINT",), ("TINYINT",), ("BYTE",), ("DECIMAL", None, 12, 2),
    ("NUMBER", None, 38, 0), ("NUMERIC",), ("FLOAT",), ("DOUBLE",), ("REAL",), ("BIT",),
    ("CHAR", 5), ("VARCHAR", 20), ("VARCHAR2", 20), ("TEXT",), ("CLOB",), ("LONGVARCHAR",),
    ("DATE",), ("TIME", None, None, 6), ("TIMESTAMP", None, None, 6), ("DATETIME", None, None, 6),
    ("TIMESTAMP WITH TIME ZONE", None, None, 6), ("DATETIME WITH TIME ZONE", None, None, 6),
    ("TIME WITH TIME ZONE",), ("INTERVAL DAY TO SECOND",), ("BINARY", 4), ("VARBINARY", 20),
    ("BLOB",), ("IMAGE",), ("LONGVARBINARY",), ("JSON",), ("ROWID",),
]  # fmt: skip
_FOREIGN = [(oracle.DRIVER, _ORACLE), (sqlserver.DRIVER, _SQLSERVER), (dameng.DRIVER, _DAMENG)]


def _row(place: int, kind: tuple[Any, ...]) -> tuple[Any, ...]:
    padded: list[Any] = [*kind, *([None] * (5 - len(kind)))]
    base, length, precision, scale, collation = padded
    texts = [None if one is None else str(one) for one in (length, precision, scale)]
    nullable, key = ("N", "1") if place == 0 else ("Y", None)
    return ("表", "一切类型", "7", f"c{place}", base, *texts, collation, nullable, None, key)


@pytest.mark.parametrize(("driver", "types"), _FOREIGN, ids=lambda one: getattr(one, "name", ""))
def test_the_sql_of_a_foreign_dialect(driver: Driver, types: list[tuple[Any, ...]]) -> None:
    """Written to a file for people to read; SNAPSHOTS=write makes it anew."""
    said = _said(driver, types)
    file = _SNAPSHOTS / f"{driver.name}.sql"
    if os.environ.get("SNAPSHOTS") == "write":
        _SNAPSHOTS.mkdir(exist_ok=True)
        file.write_text(said, "utf-8")
    assert said == file.read_text("utf-8"), "SNAPSHOTS=write pytest …, then read what changed"


def _said(driver: Driver, types: list[tuple[Any, ...]]) -> str:
    (table,) = tables([_row(*one) for one in enumerate(types)], steady=True)
    source = table.source_table(driver.dialect.lake_type)
    quoted = driver.dialect.quoted
    path = f"{quoted('政务')}.{quoted(table.name)}"
    plain = Query(driver.dialect, path, table)
    lines = [f"-- {one.name}: {one.source_type} -> {one.lake_type}" for one in source.columns]
    lines += ["", "-- catalogue", _sql(driver.catalogue("政务", "表"))]
    lines += ["", "-- rows", _sql(plain.rows(plain.plans(source.columns)))]
    for one in table.columns:
        if driver.dialect.splits(one):
            lines += ["", f"-- {one.name}: {one.declared}", *_of_column(driver, path, table, one)]
    return "\n".join(lines) + "\n"


def _of_column(driver: Driver, path: str, table: Any, one: Declared) -> list[str]:
    value = {
        "date": "2024-01-02", "timestamp_ntz": "2024-01-02 03:04:05.000006",
        "timestamp": "2024-01-02 03:04:05.000006Z", "text": "甲'\"]; --",
    }.get(driver.dialect.lake_type(one), "12")  # fmt: skip
    if one.base in ("number", "numeric"):
        value = "12"
    part = kinds.KeyRange(one.name, None, value)
    query = Query(driver.dialect, path, table, kinds.Watermark(one.name, value), part)
    key = query.plans([query.found.source_table(driver.dialect.lake_type).column(one.name)])
    return [
        _sql(query.control(key)[0]), _sql(query.lowest(one.name)),
        _sql(query.step(one.name, value, 1000)), _sql(query.after(one.name, value)),
    ]  # fmt: skip


def _sql(statement: Statement) -> str:
    return f"{statement.sql};" + (f" -- {statement.values}" if statement.values else "")


def test_no_value_and_no_name_ends_early() -> None:
    hostile = "x'; drop table t; --\"]`"
    for driver, _ in _FOREIGN:
        made = Statement()
        written = driver.dialect.value(hostile, made)
        assert "drop" not in written
        assert made.values in ([], [hostile])
        name = driver.dialect.quoted(hostile)
        inner = name[1:-1].replace('""', "").replace("]]", "")
        assert name[-1] not in inner


@pytest.mark.parametrize(
    ("name", "package"),
    [("oracle", "oracledb"), ("sqlserver", "python-tds"), ("dameng", "dmPython")],
)
def test_an_absent_driver_says_what_to_install(
    name: str, package: str, context: kinds.ReadContext, monkeypatch: pytest.MonkeyPatch
) -> None:
    module = {"oracle": "oracledb", "sqlserver": "pytds", "dameng": "dmPython"}[name]
    monkeypatch.setitem(sys.modules, module, None)
    kind = kinds.get(name)
    with pytest.raises(HainaError) as absent:
        kind.test(kind.connection.model_validate(_block(name)), context)
    assert absent.value.code == "no_database_driver"
    assert package in absent.value.message
    assert f"pip download {package}" in absent.value.hint
    assert "--no-index" in absent.value.hint
    assert "未在真实服务器上验证" in kind.type_rows()[0][2]


def _block(name: str, **more: Any) -> dict[str, Any]:
    block = {"host": "127.0.0.1", "user": "u", "password": "s3cret", **more}
    return block | {"oracle": {"service": "x"}, "sqlserver": {"database": "d"}}.get(name, {})


@pytest.mark.parametrize("driver", [one for one, _ in _FOREIGN], ids=lambda one: one.name)
def test_what_a_driver_is_told(
    driver: Driver, context: kinds.ReadContext, monkeypatch: pytest.MonkeyPatch
) -> None:
    told: dict[str, Any] = {}

    class DriverError(Exception):
        pass

    def connect(**how: Any) -> Any:
        told.update(how)
        raise DriverError("ORA-01017 Login failed -2501 s3cret")

    module = SimpleNamespace(connect=connect, Error=DriverError, defaults=SimpleNamespace())
    monkeypatch.setitem(sys.modules, driver.module, module)
    monkeypatch.setattr(
        "haina.resources.collect.kinds.databases.drivers.kind.check_host",
        lambda host, port, settings: "10.9.8.7",
    )
    kind = kinds.get(driver.name)
    with pytest.raises(HainaError) as refused:
        kind.test(kind.connection.model_validate(_block(driver.name, host="db.example")), context)
    assert refused.value.code == "source_login_refused"
    assert "s3cret" not in str(refused.value.as_dict())
    assert "10.9.8.7" in told.values()
    assert "db.example" not in told.values()
    assert told["password"] == "s3cret"
    assert told["port"] == kind.connection.model_fields["port"].default


@pytest.mark.parametrize(
    ("driver", "text", "code"),
    [(oracle.DRIVER, "ORA-00942: table or view does not exist", "source_no_table"),
     (oracle.DRIVER, "ORA-01555: snapshot too old", "source_changed"),
     (oracle.DRIVER, "DPY-6005: cannot connect to database (CONNECTION_ID=x).", "source_unreachable"),
     (oracle.DRIVER, "ORA-12514: no listener knows it", "source_no_database"),
     (oracle.DRIVER, "ORA-00600: s3cret inside", "source_failed"),
     (sqlserver.DRIVER, "Login failed for user 'u'.", "source_login_refused"),
     (sqlserver.DRIVER, "The SELECT permission was denied on the object 't'", "source_no_right"),
     (dameng.DRIVER, "[CODE:-2501]用户名或密码错误", "source_login_refused"),
     (dameng.DRIVER, "[CODE:-70028]Create SOCKET connection failure", "source_unreachable")],
)  # fmt: skip
def test_errors_in_words(driver: Driver, text: str, code: str) -> None:
    error = driver.words.of(text, "s3cret")
    assert error.code == code
    assert error.hint
    assert "s3cret" not in error.message


def test_what_python_values_are_as_text() -> None:
    array = text_array(["甲", b"\xff", None, 12, 0.1, Decimal("1E+3"), bytearray(b"x"), "a\udcff"])
    raw = array.cast("binary").to_pylist()
    assert raw == ["甲".encode(), b"\xff", None, b"12", b"0.1", b"1000", b"x", b"a\xed\xb3\xbf"]
    with pytest.raises(HainaError):
        text_array([object()])


# The shared reading, on a real server through a real driver and a dialect of few words.


def _pg_text(column: str, declared: Declared, to: LakeType) -> str:
    if declared.base == "bytea":
        return column
    if declared.base == "timestamptz":
        return f"to_char({column} at time zone 'UTC', 'YYYY-MM-DD HH24:MI:SS.US') || 'Z'"
    return f"{column}::text"


def _pg_value(text: str, made: Statement) -> str:
    made.values.append(text)
    return "%s"


_PG_TYPES = {"int4": "integer", "int8": "integer", "float8": "double", "bytea": "binary",
             "date": "date", "timestamp": "timestamp_ntz", "timestamptz": "timestamp",
             "bool": "boolean"}  # fmt: skip


def _pg_lake_type(one: Declared) -> str:
    if one.base == "numeric" and one.precision:
        return f"decimal({one.precision},{one.scale})"
    return _PG_TYPES.get(one.base, "text")


_PG = Dialect(
    quoted=lambda name: '"' + name.replace('"', '""') + '"',
    value=_pg_value,
    lake_type=_pg_lake_type,
    text=_pg_text,
    bound=lambda value, one: f"{value}::text::{one.base}",
    splits=lambda one: one.base in ("int4", "int8", "text", "date", "timestamptz", "numeric"),
    row_at=lambda ordered, place: f"{ordered} limit 1 offset {place}",
)
_PG_CATALOGUE = """
select table_name::text, null, null, column_name::text, udt_name::text, character_maximum_length,
       numeric_precision, numeric_scale, null, is_nullable::text, null,
       (select k.ordinal_position from information_schema.key_column_usage k
        where k.table_schema = c.table_schema and k.table_name = c.table_name
          and k.column_name = c.column_name)::int
from information_schema.columns c where table_schema = {schema}{only}
order by table_name, c.ordinal_position
"""


def _pg_catalogue(schema: str, table: str | None) -> Statement:
    made = Statement()
    owner = _pg_value(schema, made)
    only = f" and table_name = {_pg_value(table, made)}" if table else ""
    made.sql = _PG_CATALOGUE.format(schema=owner, only=only)
    return made


class _TinyConnection(DriverConnection):
    database: str


def _tiny(*, steady: bool = True) -> DriverKind:
    def begin(session: Any) -> bool:
        level = "repeatable read, read only" if steady else "read committed"
        session.run(f"set transaction isolation level {level}")
        session.run("set local timezone = 'UTC'")
        return steady

    driver = Driver(
        f"tiny{'' if steady else 'loose'}", "小", "pg8000.dbapi", "pg8000", _TinyConnection, _PG,
        Words("小", ()),
        lambda module, one, address, context: module.connect(
            user=one.user, host=address, port=one.port, database=one.database
        ),
        begin, _pg_catalogue, [],
    )  # fmt: skip
    return DriverKind(driver)


@pytest.fixture(scope="module", autouse=True)
def _registered() -> None:
    for kind in (_tiny(), _tiny(steady=False)):
        if kind.name not in kinds._KINDS:
            kinds.register(kind)


@pytest.fixture(autouse=True, scope="module")
def _unregistered() -> Any:
    yield
    for name in ("tiny", "tinyloose"):
        kinds._KINDS.pop(name, None)


@pytest.fixture
def pg(postgresql: Make, postgresql_server: PgServer) -> tuple[dict[str, Any], Callable[..., Any]]:
    block = postgresql()

    def run(sql: str) -> Any:
        return postgresql_server.run(sql, database=block["database"])

    return {**block, "schema": "public"}, run


Pg = tuple[dict[str, Any], Callable[..., Any]]
_TABLE = """
create table t (id bigint primary key, s text, n numeric(12,2), d date, ts timestamp,
  tz timestamptz, f float8, b bytea, o bool, c char(4))
"""
_FILL = """
insert into t select i, case when i % 5 > 0 then '中 ' || i end, i / 7.0, date '2024-01-01' + i,
  timestamp '2024-01-01' + i * interval '1 microsecond', '2024-01-01Z'::timestamptz, i / 3.0::float8,
  decode(lpad(to_hex(i), 4, '0'), 'hex'), i % 2 = 0, 'ab' from generate_series(1, 12000) i
"""


def test_the_shared_reading_finds_what_postgresql_finds(pg: Pg, context: kinds.ReadContext) -> None:
    block, run = pg
    run(_TABLE)
    run(_FILL)
    run("insert into t(id, d, ts) values (-1, 'infinity', null), (-2, null, '0044-01-01 BC')")
    own = whole("postgresql", block, "t", context)
    shared = whole("tiny", block, "t", context)
    assert shared.table.sort_by("id").equals(own.table.sort_by("id"))
    assert {(one.column, one.key_hash) for one in shared.rejects} == {
        (one.column, one.key_hash) for one in own.rejects
    }
    assert len(shared.rejects) == 2
    assert shared.control == own.control
    shared.assert_accounted()


def test_watermarks_and_slices_of_the_shared_reading(pg: Pg, context: kinds.ReadContext) -> None:
    block, run = pg
    run(_TABLE)
    run(_FILL)
    kind = kinds.get("tiny")
    connection = kind.connection.model_validate(block)
    table = found("tiny", block, context)["t"]
    for column, value in (("id", "11990"), ("n", "1712.85"), ("d", "2056-10-28"),
                          ("ts", "2024-01-01 00:00:00.011990"), ("s", "中 9990")):  # fmt: skip
        since = kinds.Watermark(column, value)
        read = whole("tiny", block, table, context, since=since)
        own = whole("postgresql", block, "t", context, since=since)
        assert sorted(read.rows) == sorted(own.rows)
        assert 0 < len(read.rows) < 20
        assert read.control.rows == own.control.rows
        again = whole("tiny", block, table, context,
                      since=kinds.Watermark(column, read.control.watermark))  # fmt: skip
        assert again.rows == []
    slices = kind.slices(connection, table, "s", context=context, rows=2000)
    assert len(slices) in (5, 6)
    parts = [whole("tiny", block, table, context, part=one) for one in slices]
    assert sorted(row[0] for part in parts for row in part.rows) == list(range(1, 12001))
    assert kind.slices(connection, table, "o", context=context, rows=2000) == []


def test_one_snapshot_or_two_controls(pg: Pg, context: kinds.ReadContext) -> None:
    block, run = pg
    run("create table t(id int primary key)")
    run("insert into t select generate_series(1, 5000)")
    for name in ("tiny", "tinyloose"):
        kind = kinds.get(name)
        table = found(name, block, context)["t"]
        with kind.read(kind.connection.model_validate(block), table, context=context) as reading:
            batches = list(reading.batches())
            run("insert into t select max(id) + 1 from t")
            if name == "tiny":
                assert sum(one.num_rows for one in batches) == reading.control().rows
                continue
            with pytest.raises(HainaError) as changed:
                reading.control()
        assert changed.value.code == "source_changed"
    assert whole("tinyloose", block, "t", context).control.rows == 5002


def test_an_error_half_way_is_not_the_end(pg: Pg, context: kinds.ReadContext) -> None:
    block, run = pg
    run("create view v as select 1 / (20000 - n) as x from generate_series(1, 30000) n")
    with pytest.raises(HainaError) as broken:
        whole("tiny", block, "v", context)
    assert broken.value.code == "source_failed"


def test_what_is_not_there(pg: Pg, context: kinds.ReadContext) -> None:
    block, run = pg
    kind = kinds.get("tiny")
    with pytest.raises(HainaError) as empty:
        kind.test(kind.connection.model_validate(block), context)
    assert empty.value.code == "source_no_database"
    run("create table t(a int)")
    kind.test(kind.connection.model_validate(block), context)
    table = found("tiny", block, context)["t"]
    run("alter table t rename a to b")
    for gone in (table, replace(table, name="gone")):
        with pytest.raises(HainaError) as missing:
            whole("tiny", block, gone, context)
        assert missing.value.code == "source_no_table"
    refused = {**block, "host": "169.254.169.254"}
    with pytest.raises(HainaError) as host:
        kind.test(kind.connection.model_validate(refused), context)
    assert host.value.code == "host_refused"


def test_preview_of_the_shared_reading(pg: Pg, context: kinds.ReadContext) -> None:
    block, run = pg
    run(_TABLE)
    run(_FILL)
    kind = kinds.get("tiny")
    table = found("tiny", block, context)["t"]
    connection = kind.connection.model_validate(block)
    rows = kinds.preview(kind, connection, table, 5, context=context).rows
    assert rows.num_rows == 5


@pytest.mark.parametrize("name", ["postgresql", "tiny"])
def test_a_server_killed_in_mid_read(name: str, context: kinds.ReadContext) -> None:
    programs = binaries()
    assert programs is not None
    with running_server(programs) as server:
        server.run("create table t(id int primary key, s text)")
        server.run("insert into t select n, repeat('x', 200) from generate_series(1, 200000) n")
        pid = server.run("select split_part(pg_read_file('postmaster.pid'), chr(10), 1)")[0][0]
        block = {"host": "127.0.0.1", "port": server.port, "database": "postgres",
                 "user": "postgres", "schema": "public"}  # fmt: skip
        kind = kinds.get(name)
        table = found(name, block, context)["t"]
        small = replace(context, batch_rows=5_000)
        connection = kind.connection.model_validate(block)
        with kind.read(connection, table, context=small) as reading:
            batches = reading.batches()
            next(batches)
            _kill(int(pid))
            with pytest.raises(HainaError) as lost:
                if list(batches):
                    reading.control()
    assert lost.value.code in ("source_unreachable", "source_failed")


def _kill(postmaster: int) -> None:
    """The server of this test and its children: as a power cut does."""
    import signal

    children = Path(f"/proc/{postmaster}/task/{postmaster}/children").read_text().split()
    for pid in (postmaster, *map(int, children)):
        os.kill(pid, signal.SIGKILL)


def test_kingbase_speaks_postgresql(pg: Pg, context: kinds.ReadContext) -> None:
    block, run = pg
    run(_TABLE)
    run(_FILL)
    own, king = whole("postgresql", block, "t", context), whole("kingbase", block, "t", context)
    assert king.table.equals(own.table)
    assert king.control == own.control
    assert kinds.get("kingbase").connection.model_fields["port"].default == 54321


def test_knowing_the_drivers_imports_none() -> None:
    assert not {"oracledb", "pytds", "dmPython"} & set(sys.modules)
    with closing(__import__("sqlite3").connect(":memory:")):
        pass
