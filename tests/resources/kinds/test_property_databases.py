"""Any table of any database: what lies in the dataset and what was set aside is what lay there."""

import math
import sqlite3
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import dataclass
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given
from hypothesis import settings as examples
from hypothesis import strategies as st

from haina.resources.collect import kinds
from tests.resources.kinds.reading import whole
from tests.support.mariadb import MariaServer
from tests.support.postgresql import PgServer

Make = Callable[..., dict[str, Any]]


@dataclass(frozen=True)
class Bad:
    """A value that must be set aside, and the reason."""

    stored: Any
    reason: str


@dataclass(frozen=True)
class Type:
    """A declared type, values to store, and what each must be in the lake."""

    declared: str
    values: st.SearchStrategy[Any]
    lake: Callable[[Any], Any] = lambda value: value


_CHARACTERS = st.characters(codec="utf-8", exclude_characters="\0")
_TEXT = st.text(_CHARACTERS, max_size=9) | st.sampled_from(
    ["", " ", "'", '"', "\\", "\\N", "NULL", "𠮷", "😀", "中文", "\r\n", "\x1e", "\x1f", "a" * 300, "中" * 9000]
)  # fmt: skip
_NUL = st.sampled_from([Bad("\0", "nul"), Bad("a\0b", "nul")])
_BIG = st.integers(-(2**63), 2**63 - 1)
_FINITE = st.floats(allow_nan=False, allow_infinity=False)
_CENTS = st.decimals(-(10**9), 10**9, places=3)
_BYTES = st.binary(max_size=9) | st.just(b"\x00\xff" * 500)
_MOMENT = st.datetimes()
_IN_EPOCH = st.datetimes(datetime(1971, 1, 1), datetime(2038, 1, 1))


_SINGLE = st.floats(allow_nan=False, allow_infinity=False, width=32)


def _unsigned_zero(value: float) -> float:
    """MariaDB writes minus zero as 0, whoever asks."""
    return value + 0.0


def _utc(value: datetime) -> datetime:
    return value.replace(tzinfo=UTC)


_TYPES: dict[str, list[Type]] = {
    "sqlite": [
        Type("integer", _BIG | st.just(Bad("x", "not_integer")) | st.just(Bad(1.5, "not_integer"))),
        Type("text", _TEXT | _NUL | st.just(Bad(b"\xff", "not_text"))),
        Type("double", _FINITE | st.just(Bad("x", "not_double"))),
        Type("decimal(15,3)", _CENTS.map(float),
             lambda value: Decimal(repr(value)).quantize(Decimal("0.001"))),
        Type("boolean", st.sampled_from([0, 1, Bad(2, "not_boolean")]), bool),
        Type("blob", _BYTES | st.just(Bad("x", "not_binary"))),
    ],
    "postgresql": [
        Type("bigint", _BIG), Type("smallint", st.integers(-(2**15), 2**15 - 1)),
        Type("text", _TEXT), Type("double precision", _FINITE),
        Type("numeric(15,3)", _CENTS | st.just(Bad("NaN", "not_decimal"))),
        Type("numeric(60,20)", _CENTS, lambda value: f"{value:.20f}"),
        Type("boolean", st.booleans()), Type("bytea", _BYTES), Type("uuid", st.uuids(), str),
        Type("date", st.dates() | st.sampled_from([Bad("infinity", "out_of_range"),
                                                   Bad("0044-03-15 BC", "out_of_range")])),
        Type("timestamp", _MOMENT | st.just(Bad("-infinity", "out_of_range"))),
        Type("timestamptz", _IN_EPOCH.map(_utc) | st.just(Bad("infinity", "out_of_range"))),
    ],
    "mysql": [
        Type("bigint", _BIG), Type("tinyint(1)", st.integers(-128, 127)),
        Type("bigint unsigned", st.integers(0, 2**64 - 1), Decimal),
        Type("longtext character set utf8mb4", _TEXT | _NUL),
        Type("double", _FINITE, _unsigned_zero), Type("float", _SINGLE, _unsigned_zero),
        Type("decimal(15,3)", _CENTS),
        Type("decimal(65,30)", _CENTS, lambda value: f"{value:.30f}"),
        Type("bit(1)", st.booleans()), Type("longblob", _BYTES),
        Type("date", st.dates() | st.sampled_from([
            Bad("0000-00-00", "not_date"), Bad("2024-00-15", "not_date"), Bad("0000-12-31", "not_date")])),
        Type("datetime(6)", _MOMENT | st.just(Bad("0000-00-00 00:00:00", "not_timestamp"))),
        Type("timestamp(6) null", _IN_EPOCH, _utc),
        Type("longtext character set gbk", st.text("武清区abc", max_size=5)),
        Type("year", st.integers(1901, 2155)),
        Type("enum('甲','乙','C')", st.sampled_from(["甲", "乙", "C"])),
    ],
}  # fmt: skip
_NAMES = ["a b", 'q"t', "b`t", "中文", "select", "x;--", "\\", "Ａ", "?", "$1", "{}", "it's", "[x]",
          "a.b", "#", "1", "tab\tname", "é", "_seq0", "x" * 60]  # fmt: skip


@dataclass(frozen=True)
class Base:
    kind: str
    block: dict[str, Any]
    make: Callable[[str, list[str], list[str], list[list[Any]]], None]


@pytest.fixture
def sqlite_base(files: Path) -> Iterator[Base]:
    with closing(sqlite3.connect(files / "p.db", isolation_level=None)) as database:

        def make(table: str, columns: list[str], names: list[str], rows: list[list[Any]]) -> None:
            for (old,) in database.execute(
                "select name from sqlite_schema where type = 'table'"
            ).fetchall():
                database.execute(f"drop table {_double(old)}")
            database.execute(f"create table {_double(table)} ({', '.join(columns)})")
            marks = ", ".join("?" * len(names))
            database.executemany(f"insert into {_double(table)} values ({marks})", rows)

        yield Base("sqlite", {"path": "p.db"}, make)


@pytest.fixture
def postgresql_base(postgresql: Make, postgresql_server: PgServer) -> Iterator[Base]:
    import pg8000.native

    block = postgresql()
    with pg8000.native.Connection(
        "postgres", host="127.0.0.1", port=block["port"], database=block["database"]
    ) as link:

        def make(table: str, columns: list[str], names: list[str], rows: list[list[Any]]) -> None:
            link.run("drop schema public cascade")
            link.run("create schema public")
            link.run(f"create table {_double(table)} ({', '.join(columns)})")
            marks = ", ".join(f":v{place}" for place in range(len(names)))
            shown = ", ".join(map(_double, names))
            for row in rows:
                given = {f"v{place}": value for place, value in enumerate(row)}
                link.run(f"insert into {_double(table)}({shown}) values ({marks})", **given)

        yield Base("postgresql", block, make)


@pytest.fixture
def mysql_base(mariadb: Make, mariadb_server: MariaServer) -> Iterator[Base]:
    block = mariadb()
    with closing(mariadb_server.connected(block["database"])) as link, link.cursor() as cursor:
        cursor.execute("set sql_mode = '', time_zone = '+00:00'")

        def make(table: str, columns: list[str], names: list[str], rows: list[list[Any]]) -> None:
            cursor.execute("show tables")
            for (old,) in cursor.fetchall():
                cursor.execute(f"drop table {_tick(old)}")
            cursor.execute(f"create table {_tick(table)} ({', '.join(columns)})")
            marks = ", ".join(["%s"] * len(names))
            if rows:
                cursor.executemany(f"insert into {_tick(table)} values ({marks})", rows)

        yield Base("mysql", block, make)


def _double(name: str) -> str:
    return '"' + name.replace('"', '""') + '"'


def _tick(name: str) -> str:
    return "`" + name.replace("`", "``") + "`"


@pytest.mark.parametrize("kind", list(_TYPES))
@given(data=st.data())
@examples(
    max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
def test_any_table_is_found_as_it_was(
    kind: str, data: st.DataObject, request: pytest.FixtureRequest, context: kinds.ReadContext
) -> None:
    base: Base = request.getfixturevalue(f"{kind}_base")
    quote = _tick if kind == "mysql" else _double
    table, key, *names = data.draw(
        st.lists(st.sampled_from(_NAMES), min_size=3, max_size=9, unique=True), label="names"
    )
    types = [data.draw(st.sampled_from(_TYPES[kind])) for _ in names]
    keyed = data.draw(st.booleans(), label="keyed")
    rows = data.draw(
        st.lists(st.tuples(*(st.none() | one.values for one in types)), max_size=9), label="rows"
    )
    columns = [f"{quote(key)} integer{' primary key' if keyed else ''}"]
    columns += [f"{quote(name)} {one.declared}" for name, one in zip(names, types, strict=True)]
    base.make(table, columns, [key, *names], [
        [place, *(_stored(value) for value in row)] for place, row in enumerate(rows)
    ])  # fmt: skip
    read = whole(kind, base.block, table, context)
    assert read.source.key == ((key,) if keyed else ())
    good, bad = _expected(names, types, rows)
    assert Counter(map(_comparable, read.rows)) == Counter(map(_comparable, good))
    assert Counter((one.column, one.reason) for one in read.rejects) == Counter(bad)
    assert read.control.rows == len(rows)
    if keyed:
        read.assert_accounted()


def _stored(value: Any) -> Any:
    return value.stored if isinstance(value, Bad) else value


def _expected(
    names: list[str], types: list[Type], rows: list[tuple[Any, ...]]
) -> tuple[list[tuple[Any, ...]], list[tuple[str, str]]]:
    """Rows that must lie in the lake; column and reason of those that must not."""
    good, bad = [], []
    for place, row in enumerate(rows):
        flaws = [
            (name, one.reason) for name, one in zip(names, row, strict=True) if isinstance(one, Bad)
        ]
        if flaws:
            # SQLite finds values of a wrong storage class first.
            wrong = [flaw for flaw in flaws if flaw[1] not in ("nul", "not_boolean")]
            bad.append((wrong or flaws)[0] if _is_sqlite(types) else flaws[0])
        else:
            good.append((place, *(
                None if value is None else one.lake(value) for one, value in zip(types, row, strict=True)
            )))  # fmt: skip
    return good, bad


def _is_sqlite(types: list[Type]) -> bool:
    return all(one in _TYPES["sqlite"] for one in types)


def _comparable(row: tuple[Any, ...]) -> tuple[Any, ...]:
    """Zeros differ by their sign as well."""
    return tuple(
        (one, math.copysign(1, one)) if isinstance(one, float) else (type(one).__name__, one)
        for one in row
    )
