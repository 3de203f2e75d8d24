"""A public schema that none of us wrote, connected by drafting a pack: every row and value."""

import sqlite3
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from deltalake import DeltaTable

from haina import packs
from haina.app.drafting import draft_pack
from haina.compute import lake
from haina.kernel.platform import Platform
from haina.kernel.settings import load
from haina.resources import collect
from tests.support.installation import new_platform
from tests.support.postgresql import PgServer
from tests.support.running import run_all

CHINOOK = Path(__file__).resolve().parents[3] / "shared" / "data" / "chinook"

pytestmark = pytest.mark.skipif(
    not CHINOOK.is_dir(), reason="the Chinook data (../shared/data/chinook) are not here"
)


@pytest.fixture
def chinook(tmp_path: Path, sqlite_template: Path) -> Iterator[Platform]:
    made = new_platform(
        tmp_path / "home",
        template=sqlite_template,
        source_networks="127.0.0.0/8",
        source_files=str(CHINOOK),
    )
    yield made
    made.close()


def collected(platform: Platform) -> dict[str, list[tuple[Any, ...]]]:
    """The rows of each collected table, by its name in the source, without bookkeeping."""
    with platform.database.read() as connection:
        tables = collect.list_tables(connection)
        pins = {one.name: lake.current(platform, connection, [one.spec.ods])[0] for one in tables}
    return {one.spec.from_: rows_of(pins[one.name], list(one.spec.columns)) for one in tables}


def rows_of(pinned: lake.Pinned, columns: list[str]) -> list[tuple[Any, ...]]:
    table = DeltaTable(pinned.path, version=pinned.version).to_pyarrow_table(columns=columns)
    return [tuple(row.values()) for row in table.to_pylist()]


def by_words(rows: list[tuple[Any, ...]]) -> list[tuple[str, ...]]:
    return sorted(tuple("∅" if cell is None else str(cell) for cell in row) for row in rows)


def test_sqlite(chinook: Platform, tmp_path: Path) -> None:
    draft_pack(chinook, tmp_path / "shop", "sqlite", {"path": "Chinook_Sqlite.sqlite"}, "shop")
    packs.apply(chinook, tmp_path / "shop", "test")
    done = run_all(chinook)
    assert {job.state for job in done} == {"done"}, [job.error for job in done]
    found = collected(chinook)
    raw = sqlite3.connect(CHINOOK / "Chinook_Sqlite.sqlite")
    assert sum(map(len, found.values())) == 15_607
    for name, rows in found.items():
        expected = raw.execute(f'SELECT * FROM "{name}"').fetchall()
        plain = [tuple(float(c) if hasattr(c, "as_tuple") else c for c in row) for row in rows]
        assert by_words(plain) == by_words(expected), name
    raw.close()


def test_postgresql(
    chinook: Platform,
    tmp_path: Path,
    postgresql_server: PgServer,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    # The script makes its own database.
    name = (
        "chinook_serial"
        if "chinook_serial" in (CHINOOK / "Chinook_PostgreSql.sql").read_text(encoding="utf-8-sig")
        else "chinook"
    )
    script = tmp_path / "chinook.sql"
    script.write_text((CHINOOK / "Chinook_PostgreSql.sql").read_text(encoding="utf-8-sig"))
    postgresql_server.script(script, "postgres")
    monkeypatch.setenv("SHOP_PASSWORD", "not asked for")
    block = {
        "host": "127.0.0.1",
        "port": str(postgresql_server.port),
        "database": name,
        "user": "postgres",
        "password": "not asked for",
    }
    draft_pack(chinook, tmp_path / "shop", "postgresql", block, "shop")
    assert "not asked for" not in (tmp_path / "shop/sources/shop.yaml").read_text()
    packs.apply(chinook, tmp_path / "shop", "test")
    done = run_all(chinook)
    assert {job.state for job in done} == {"done"}, [job.error for job in done]
    found = collected(chinook)
    assert sum(map(len, found.values())) == 15_607
    for table, rows in found.items():
        expected = postgresql_server.run(f'SELECT * FROM "{table}"', database=name)
        assert by_words(rows) == by_words([tuple(row) for row in expected]), table


def test_a_password_is_sealed(chinook: Platform) -> None:
    _, sealed = collect.seal_connection(
        chinook,
        "shop",
        "postgresql",
        {"host": "127.0.0.1", "database": "x", "user": "u", "password": "hunter2"},
    )
    assert set(sealed) == {"password"}
    assert "hunter2" not in str(sealed)
    assert load(home=chinook.settings.home).home == chinook.settings.home
