"""Slices by key range: each row in exactly one of them, whatever the source holds for equal."""

import json
import sqlite3
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given
from hypothesis import settings as examples
from hypothesis import strategies as st

from haina.resources.collect import kinds
from tests.resources.kinds.reading import Whole, found, whole
from tests.support.mariadb import MariaServer

Make = Callable[..., dict[str, Any]]


@dataclass(frozen=True)
class Base:
    """An empty database of a kind: its connection block, and a way to fill it."""

    kind: str
    block: dict[str, Any]
    run: Callable[..., Any]

    def fill(self, declared: str, values: list[Any], *more: str) -> None:
        """A table t(k, v) with these keys; v counts them."""
        self.run("drop table if exists t")
        self.run(f"create table t(k {declared}, v int)")
        base_type = declared.split(" collate", maxsplit=1)[0]
        insert = {
            "postgresql": f"insert into t select (x->>0)::{base_type}, (x->>1)::int"
            " from json_array_elements(:rows) x",
            "mysql": "insert into t values (%s, %s)",
            "sqlite": "insert into t values (?, ?)",
        }[self.kind]
        rows = [(value, place) for place, value in enumerate(values)]
        if self.kind == "postgresql":
            self.run(insert, {"rows": json.dumps(rows, default=str)})
        elif rows:
            self.run(insert, *rows)
        for statement in more:
            self.run(statement)


@pytest.fixture
def sqlite_base(files: Path) -> Iterator[Base]:
    with closing(sqlite3.connect(files / "s.db", isolation_level=None)) as database:

        def run(sql: str, *rows: Any) -> None:
            if rows:
                database.execute("begin")
                database.executemany(sql, [tuple(map(_plain, row)) for row in rows])
                database.execute("commit")
            else:
                database.execute(sql)

        yield Base("sqlite", {"path": "s.db"}, run)


def _plain(value: Any) -> Any:
    return value if value is None or isinstance(value, int | float | str | bytes) else str(value)


@pytest.fixture
def postgresql_base(postgresql: Make) -> Iterator[Base]:
    import pg8000.native

    block = postgresql()
    with pg8000.native.Connection(
        "postgres", host="127.0.0.1", port=block["port"], database=block["database"]
    ) as link:

        def run(sql: str, *rows: Any) -> None:
            for row in rows or ({},):
                link.run(sql, **row)

        yield Base("postgresql", block, run)


@pytest.fixture
def mysql_base(mariadb: Make, mariadb_server: MariaServer) -> Iterator[Base]:
    block = mariadb()
    with closing(mariadb_server.connected(block["database"])) as connection:

        def run(sql: str, *rows: Any) -> None:
            with connection.cursor() as cursor:
                if rows:
                    cursor.executemany(sql, rows)
                else:
                    cursor.execute(sql)

        yield Base("mysql", block, run)


@pytest.fixture(params=["sqlite", "postgresql", "mysql"])
def base(request: pytest.FixtureRequest) -> Base:
    made: Base = request.getfixturevalue(f"{request.param}_base")
    return made


def cut(
    base: Base, rows: int, context: kinds.ReadContext
) -> tuple[list[kinds.KeyRange], list[Whole]]:
    """The slices of t by k, and what lies in each; asserts that together they are the table."""
    kind = kinds.get(base.kind)
    table = found(base.kind, base.block, context)["t"]
    connection = kind.connection.model_validate(base.block)
    slices = kind.slices(connection, table, "k", context=context, rows=rows)
    assert slices
    assert (slices[0].low, slices[-1].high) == (None, None)
    assert [one.high for one in slices[:-1]] == [one.low for one in slices[1:]]
    assert all(one.column == "k" for one in slices)
    parts = [whole(base.kind, base.block, table, context, part=one) for one in slices]
    everything = whole(base.kind, base.block, table, context)
    together = Counter(row for part in parts for row in part.rows)
    assert together == Counter(everything.rows)
    rejects = Counter(one.raw for part in parts for one in part.rejects)
    assert rejects == Counter(one.raw for one in everything.rejects)
    for part in parts:
        part.assert_accounted()
    assert sum(part.control.rows for part in parts) == everything.control.rows
    total = kinds.add_hashes(*(part.control.key_hash for part in parts))
    assert total == everything.control.key_hash
    return slices, parts


# Letters of several cases and scripts, what collations hold for equal or ignore, and blanks.
_LETTERS = [
    "a",
    "A",
    "b",
    "B",
    "é",
    "ß",
    "ss",
    "中",
    "文",
    "𠮷",
    "😀",
    "😁",
    "ａ",
    " ",
    "-",
    "'",
    "%",
    "\\",
]
_TEXT = st.lists(st.sampled_from(_LETTERS), max_size=3).map("".join) | st.text(
    st.characters(codec="utf-8", exclude_characters="\0"), max_size=5
)
_INTEGERS = st.integers(-(2**63), 2**63 - 1) | st.integers(-20, 20)
_CASES: dict[str, tuple[dict[str, list[str]], st.SearchStrategy[Any]]] = {
    "integers": ({"sqlite": ["integer", "bigint"], "postgresql": ["bigint"], "mysql": ["bigint"]},
                 _INTEGERS),
    "unsigned": ({"mysql": ["bigint unsigned"]}, st.integers(0, 2**64 - 1)),
    "decimals": ({"sqlite": ["decimal(20,2)"], "postgresql": ["numeric(20,2)", "numeric"],
                  "mysql": ["decimal(20,2)", "decimal(65,30)"]},
                 st.decimals(-(10**9), 10**9, places=2)),
    "text": ({"sqlite": ["text", "text collate nocase", "varchar(9) collate rtrim"],
              "postgresql": ["text", "varchar(9)", 'text collate "und-x-icu"', "char(9)"],
              "mysql": ["varchar(20)", "varchar(20) collate utf8mb4_bin",
                        "varchar(20) collate utf8mb4_unicode_520_ci", "char(9) collate utf8mb4_general_ci",
                        "varchar(20) collate utf8mb4_unicode_520_nopad_ci"]}, _TEXT),
    "dates": ({"sqlite": ["date", "text"], "postgresql": ["date"], "mysql": ["date"]}, st.dates()),
    "moments": ({"postgresql": ["timestamp", "timestamptz"], "mysql": ["datetime(6)"]},
                st.datetimes()),
    "doubles": ({"sqlite": ["real"], "postgresql": ["float8"], "mysql": ["double"]},
                st.floats(allow_nan=False, allow_infinity=False, width=32)),
    "uuids": ({"postgresql": ["uuid"]}, st.uuids()),
}  # fmt: skip


@pytest.mark.parametrize(
    ("kind", "case"), [(kind, case) for case, one in _CASES.items() for kind in one[0]]
)
@given(data=st.data())
@examples(
    max_examples=5, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
def test_slices_are_the_table(
    kind: str, case: str, data: st.DataObject, request: pytest.FixtureRequest,
    context: kinds.ReadContext,
) -> None:  # fmt: skip
    base: Base = request.getfixturevalue(f"{kind}_base")
    declared, values = _CASES[case]
    keys = data.draw(st.lists(st.none() | values, max_size=30))
    chosen = data.draw(st.sampled_from(declared[kind]))
    indexed = data.draw(st.booleans())
    base.fill(chosen, keys, *(["create index k on t(k)"] if indexed else []))
    cut(base, data.draw(st.integers(max(1, len(keys) // 6), 12)), context)


def test_skewed_keys_are_cut_fairly(base: Base, context: kinds.ReadContext) -> None:
    keys = [*range(900), *(10**15 + step for step in range(100))]
    base.fill("bigint", keys, "create index k on t(k)")
    slices, parts = cut(base, 100, context)
    assert len(slices) == 10
    assert {part.control.rows for part in parts} == {100}


def test_many_equal_keys_are_one_slice(base: Base, context: kinds.ReadContext) -> None:
    base.fill("bigint", [None] * 30 + [1] * 50 + [2] * 500 + [3, 4, 5])
    _, parts = cut(base, 20, context)
    sizes = [part.control.rows for part in parts]
    assert max(sizes) in (500, 503)
    assert sum(sizes) == 583
    assert parts[0].rows.count((None, 0)) == 1


def test_an_empty_table_is_one_slice(base: Base, context: kinds.ReadContext) -> None:
    base.fill("bigint", [])
    slices, _ = cut(base, 10, context)
    assert slices == [kinds.KeyRange("k")]
    base.fill("bigint", [None, None])
    slices, _ = cut(base, 1, context)
    assert slices == [kinds.KeyRange("k")]


def test_slices_and_watermark_together(base: Base, context: kinds.ReadContext) -> None:
    base.fill("bigint", list(range(100)))
    part, since = kinds.KeyRange("k", "20", "40"), kinds.Watermark("v", "29")
    read = whole(base.kind, base.block, "t", context, part=part, since=since)
    assert [row[0] for row in read.rows] == list(range(30, 40))
    assert read.control.watermark == "39"
    read.assert_accounted()


@pytest.mark.parametrize("hostile", ["1; drop table t", "' or '1'='1", "x') or (1=1", "$1", "?"])
def test_hostile_bounds_are_values(hostile: str, base: Base, context: kinds.ReadContext) -> None:
    base.fill("varchar(40)", ["", "~"])
    read = whole(base.kind, base.block, "t", context, part=kinds.KeyRange("k", hostile))
    assert [row[0] for row in read.rows] == ["~"]


@pytest.mark.parametrize(
    ("kind", "declared"),
    [("postgresql", "boolean"), ("postgresql", "bytea"), ("postgresql", "int[]"),
     ("mysql", "blob"), ("mysql", "enum('b','a')"), ("mysql", "json"), ("mysql", "time"),
     ("sqlite", "blob"), ("sqlite", "")],
)  # fmt: skip
def test_what_cannot_be_cut(
    kind: str, declared: str, request: pytest.FixtureRequest, context: kinds.ReadContext
) -> None:
    base: Base = request.getfixturevalue(f"{kind}_base")
    base.run(f"create table t(k {declared}, v int)")
    table = found(kind, base.block, context)["t"]
    connection = kinds.get(kind).connection.model_validate(base.block)
    assert kinds.get(kind).slices(connection, table, "k", context=context, rows=9) == []


def test_sqlite_values_of_any_class(sqlite_base: Base, context: kinds.ReadContext) -> None:
    values = [5, "abc", b"\xff", None, 2.5, "9", "x\0y", -1, b"", "", 10**18, "1e3"] * 5
    for declared in ("integer", "numeric", "text", "real"):
        sqlite_base.fill(declared, values)
        sqlite_base.run("update t set k = cast(x'ff61' as text) where v = 7")
        cut(sqlite_base, 4, context)


def test_mysql_dates_that_are_none(mysql_base: Base, context: kinds.ReadContext) -> None:
    mysql_base.run("set sql_mode = ''")
    dates = ["0000-00-00", "2024-00-00", "2024-01-01", "2024-01-00", "2023-12-31", None]
    mysql_base.fill("date", dates * 6)
    slices, _ = cut(mysql_base, 3, context)
    assert {one.low for one in slices} <= {None, "2024-01-01"}


def test_mysql_text_of_other_character_sets(mysql_base: Base, context: kinds.ReadContext) -> None:
    for declared in ("varchar(20) character set gbk", "varchar(9) character set latin1"):
        keys = ["a", "A", "é", "b"] if "latin1" in declared else ["中", "文", "武清", "a", "A"]
        mysql_base.fill(declared, keys * 4)
        slices, _ = cut(mysql_base, 3, context)
        assert len(slices) > 1


def test_long_texts_that_differ_at_their_end(base: Base, context: kinds.ReadContext) -> None:
    long = "x" * 3000
    base.fill("varchar(4000)", [f"{long}{place % 7:02}{place}" for place in range(60)])
    slices, _ = cut(base, 10, context)
    assert len(slices) > 1


def test_bounds_that_the_database_holds_for_equal(base: Base, context: kinds.ReadContext) -> None:
    declared = {
        "sqlite": "text collate nocase", "postgresql": "text collate nocase",
        "mysql": "varchar(9)",
    }[base.kind]  # fmt: skip
    if base.kind == "postgresql":
        base.run("create collation nocase"
                 " (provider = icu, locale = 'und-u-ks-level2', deterministic = false)")  # fmt: skip
    base.fill(declared, ["a", "A", "b", "B", "A", "a", "c", "C"] * 5)
    for rows in (1, 3, 7, 11):
        _, parts = cut(base, rows, context)
        for part in parts:
            folded = Counter(row[0].lower() for row in part.rows)
            assert set(folded.values()) <= {20, 10}
