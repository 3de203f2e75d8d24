"""Schemas that others published, on real servers: each value as an independent driver has it."""

import csv
import io
import sqlite3
from collections import Counter
from collections.abc import Callable, Iterable
from contextlib import closing
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from haina.resources.collect import kinds
from tests.resources.kinds.reading import Whole, found, whole
from tests.support import public_data
from tests.support.mariadb import MariaServer
from tests.support.postgresql import PgServer

_ROOT = Path(__file__).parents[3]
Make = Callable[..., dict[str, Any]]
Rows = Iterable[Iterable[Any]]


@pytest.fixture(scope="module")
def tpch(tmp_path_factory: pytest.TempPathFactory) -> dict[str, list[list[str]]]:
    return public_data.tpch(tmp_path_factory.mktemp("tpch"), "0.01")


@pytest.fixture(scope="module")
def divisions() -> Path:
    return public_data.divisions(_ROOT)


class MariaFilled:
    """A MariaDB database that takes tables and shows them by pymysql."""

    kind = "mysql"

    def __init__(self, block: dict[str, Any], server: MariaServer) -> None:
        self.block = block
        self._server = server

    def fill(self, name: str, columns: str, rows: Rows) -> None:
        database = self.block["database"]
        self._server.run(f"create table {name} ({columns})", database=database)
        values = [tuple(row) for row in rows]
        marks = ", ".join(["%s"] * len(values[0]))
        with closing(self._server.connected(database)) as link, link.cursor() as cursor:
            cursor.execute("begin")
            cursor.executemany(f"insert into {name} values ({marks})", values)
            cursor.execute("commit")

    def rows(self, name: str) -> list[tuple[Any, ...]]:
        return self._server.run(f"select * from {name}", database=self.block["database"])


class PgFilled:
    """A PostgreSQL database that takes tables and shows them by pg8000."""

    kind = "postgresql"

    def __init__(self, block: dict[str, Any], server: PgServer) -> None:
        self.block = block
        self._server = server

    def fill(self, name: str, columns: str, rows: Rows) -> None:
        import pg8000.native

        text = io.StringIO()
        csv.writer(text).writerows(rows)
        text.seek(0)
        block = self.block
        with pg8000.native.Connection(
            "postgres", host="127.0.0.1", port=block["port"], database=block["database"]
        ) as link:
            link.run(f"create table {name} ({columns})")
            link.run(f"copy {name} from stdin (format csv)", stream=text)

    def rows(self, name: str) -> list[tuple[Any, ...]]:
        shown = self._server.run(f"select * from {name}", database=self.block["database"])
        return [tuple(row) for row in shown]


@pytest.fixture(params=["mysql", "postgresql"])
def filled(
    request: pytest.FixtureRequest, mariadb: Make, postgresql: Make,
    mariadb_server: MariaServer, postgresql_server: PgServer,
) -> "MariaFilled | PgFilled":  # fmt: skip
    if request.param == "mysql":
        return MariaFilled(mariadb(), mariadb_server)
    return PgFilled(postgresql(), postgresql_server)


def _counted(rows: Rows) -> Counter[tuple[str, ...]]:
    return Counter(tuple(map(str, row)) for row in rows)


def test_tpch_value_by_value(
    tpch: dict[str, list[list[str]]], filled: "MariaFilled | PgFilled", context: kinds.ReadContext
) -> None:
    total = 0
    for name, columns in public_data.TPCH.items():
        filled.fill(name, columns, tpch[name])
    for name, table in found(filled.kind, filled.block, context).items():
        read = whole(filled.kind, filled.block, table, context)
        _check(read, filled.rows(name))
        published = [
            list(map(_with_cents, columns, row)) for columns, row in _typed(name, tpch[name])
        ]
        assert _counted(read.rows) == _counted(published)
        total += len(tpch[name])
    assert total == sum(map(len, tpch.values())) > 40_000
    _check_slices(filled, "lineitem", "l_orderkey", context)
    types = {one.lake_type for one in table.columns}
    assert types <= {"integer", "text", "decimal(15,2)", "date"}


def _typed(name: str, rows: list[list[str]]) -> list[tuple[list[str], list[str]]]:
    types = [one.split(" ")[1] for one in public_data.TPCH[name].split(", primary")[0].split(", ")]
    return [(types, row) for row in rows]


def _with_cents(declared: str, text: str) -> str:
    """The generator writes quantities without the two places that they are declared with."""
    return f"{Decimal(text):.2f}" if declared.startswith("decimal") else text


def _check(read: Whole, expected: list[tuple[Any, ...]]) -> None:
    read.assert_accounted()
    assert read.rejects == []
    assert read.source.key
    # PostgreSQL's own driver hands over the blanks that fill a char(n).
    trimmed = Counter(map(_trimmed, expected))
    assert Counter(map(_trimmed, read.rows)) == trimmed


def _trimmed(row: tuple[Any, ...]) -> tuple[Any, ...]:
    return tuple(one.rstrip(" ") if isinstance(one, str) else one for one in row)


def _check_slices(
    filled: "MariaFilled | PgFilled", name: str, column: str, context: kinds.ReadContext
) -> None:
    kind = kinds.get(filled.kind)
    connection = kind.connection.model_validate(filled.block)
    table = found(filled.kind, filled.block, context)[name]
    slices = kind.slices(connection, table, column, context=context, rows=7_000)
    assert len(slices) > 3
    parts = [whole(filled.kind, filled.block, table, context, part=one) for one in slices]
    everything = whole(filled.kind, filled.block, table, context)
    assert sum(part.control.rows for part in parts) == everything.control.rows
    assert max(part.control.rows for part in parts) < 9_000
    together = kinds.add_hashes(*(part.control.key_hash for part in parts))
    assert together == everything.control.key_hash


_DIVISIONS = {
    "province": "code varchar(255) primary key, name varchar(255)",
    "city": "code varchar(255) primary key, name varchar(255), province_code varchar(255)",
    "area": "code varchar(255) primary key, name varchar(255), city_code varchar(255),"
    " province_code varchar(255)",
    "street": "code varchar(255) primary key, name varchar(255), area_code varchar(255),"
    " province_code varchar(255), city_code varchar(255)",
}  # fmt: skip


def test_the_national_divisions_value_by_value(
    divisions: Path, filled: "MariaFilled | PgFilled", files: Path, context: kinds.ReadContext
) -> None:
    """The same rows by way of three kinds: SQLite as published, and copied to a server."""
    (files / "divisions.sqlite").write_bytes(divisions.read_bytes())
    published = {"path": "divisions.sqlite"}
    counts = {}
    with closing(sqlite3.connect(divisions)) as raw:
        for name, columns in _DIVISIONS.items():
            filled.fill(name, columns, raw.execute(f"select * from {name}").fetchall())
    for name in _DIVISIONS:
        read = whole(filled.kind, filled.block, name, context)
        _check(read, filled.rows(name))
        first = whole("sqlite", published, name, context)
        assert _counted(first.rows) == _counted(read.rows)
        assert first.control.key_hash == read.control.key_hash
        counts[name] = len(read.rows)
    assert counts["province"] == 31
    assert counts["street"] > 40_000
    _check_slices(filled, "street", "code", context)


def test_a_table_of_two_thirds_of_a_million_rows(
    divisions: Path, files: Path, context: kinds.ReadContext
) -> None:
    (files / "divisions.sqlite").write_bytes(divisions.read_bytes())
    read = whole("sqlite", {"path": "divisions.sqlite"}, "village", context)
    read.assert_accounted()
    assert read.control.rows == read.table.num_rows > 600_000
