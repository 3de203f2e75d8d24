"""The systems that run: the pack that is made of their declarations, and what they hold."""

from __future__ import annotations

import json
from datetime import date
from http import HTTPStatus
from pathlib import Path

import pytest

from simulation.systems.api import HOURLY, LARGEST_PAGE, RefusedError, Shelf
from simulation.systems.books import Books, identity, make_books, read_books
from simulation.systems.declare import SOURCES, TABLES, Column
from simulation.systems.pack import files
from simulation.systems.programs import Programs
from simulation.systems.rows import BATCH

PACK = Path(__file__).resolve().parents[2] / "packs" / "wuqing_live"
MADE_OF = identity(2000, 7, date(2026, 11, 22))


@pytest.fixture(scope="module")
def books(tmp_path_factory: pytest.TempPathFactory, divisions: Path) -> Books:
    return make_books(tmp_path_factory.mktemp("books"), divisions, MADE_OF)


@pytest.fixture
def moved(books: Books, tmp_path: Path) -> Books:
    """The same books, that may be moved on."""
    return Books(tmp_path, MADE_OF, {name: list(rows) for name, rows in books.rows.items()})


def told(books: Books) -> object:
    return json.loads((books.folder / "manifest.json").read_text("utf-8"))


def test_the_committed_files_are_fresh() -> None:
    """Otherwise run: python -m simulation.systems.pack --out packs/wuqing_live"""
    made = files()
    for path, text in made.items():
        assert (PACK / path).read_text("utf-8") == text, path
    assert {f"sources/{path.name}" for path in (PACK / "sources").iterdir()} <= set(made)


def test_every_kind_over_a_wire_is_there() -> None:
    assert {one.kind for one in SOURCES} == {"postgresql", "mysql", "sftp", "http", "push"}


def test_secrets_are_names_only() -> None:
    text = "".join(files().values())
    for word in ("password: ", "private_key: ", "secret: "):
        values = [one.split(word)[1] for one in text.splitlines() if word in one]
        assert values, word
        assert all(one.startswith('"${WUQING_') for one in values), word


def test_the_same_seed_makes_the_same(books: Books, divisions: Path, tmp_path: Path) -> None:
    again = make_books(tmp_path / "again", divisions, MADE_OF)
    assert told(again) == told(books)
    other = make_books(tmp_path / "other", divisions, identity(2000, 8, date(2026, 11, 22)))
    assert all(other.rows[name] != books.rows[name] for name in TABLES)


def test_keys_are_unique_and_required_values_are_there(books: Books) -> None:
    for name, table in TABLES.items():
        rows = books.final(name)
        assert len({table.key_of(row) for row in rows}) == len(rows) > 0, name
        for row in rows:
            assert tuple(row) == table.names, name
            assert all(row[one.name] is not None for one in table.columns if one.required), name


def test_what_refers_finds_what_it_names(books: Books) -> None:
    items = {
        f"std.{name}.{one.told['item']}": {row[one.name] for row in books.final(name)}
        for name, table in TABLES.items()
        for one in table.columns
    }
    checked = 0
    for name, column in _referring():
        wanted = str(column.told["refers"])
        assert {row[column.name] for row in books.final(name)} <= items[wanted], name
        checked += 1
    assert checked == 2


def _referring() -> list[tuple[str, Column]]:
    return [
        (name, one)
        for name, table in TABLES.items()
        for one in table.columns
        if str(one.told.get("refers", "")).startswith("std.")
    ]


def test_a_day_is_the_same_day_for_everyone(books: Books, moved: Books) -> None:
    first = moved.pass_day()
    again = Books(moved.folder / "again", MADE_OF, dict(books.rows))
    assert again.pass_day() == first
    assert told(again) == told(moved)
    assert read_books(moved.folder, MADE_OF) == moved
    assert not (moved.folder / "rows-0").exists()
    assert moved.turns == 1
    assert moved.mark != books.mark


def test_a_day_puts_changes_and_takes_away(books: Books, moved: Books) -> None:
    changes = moved.pass_day()
    contract = TABLES["weijian_doctor_contract"]
    before = {contract.key_of(row) for row in books.final(contract.name)}
    put = {contract.key_of(row) for row in changes[contract.name].put}
    gone = set(changes[contract.name].gone)
    assert put & before
    assert put - before
    assert gone <= before
    assert not gone & put
    newest = max(str(row["updated_at"]) for row in books.rows["weijian_fever_visit"])
    late = [one for one in changes["weijian_fever_visit"].put if str(one["updated_at"]) < newest]
    assert len(late) == 1
    for name in ("jiaotong_weigh_site", "shengtai_air_site"):
        assert changes[name].put == []


def test_batches_only_grow_and_the_newest_word_holds(books: Books, moved: Books) -> None:
    moved.pass_day()
    for name in ("qixiang_station_report", "xiaofang_alarm"):
        old, new = books.batches(name), moved.batches(name)
        assert {key: new[key] for key in old} == old
        assert len(new) == len(old) + 1
    last = {row["alarmNo"]: row["state"] for row in moved.rows["xiaofang_alarm"]}
    assert {row["alarmNo"]: row["state"] for row in moved.final("xiaofang_alarm")} == last
    assert all(BATCH not in row for row in moved.final("xiaofang_alarm"))


def test_books_made_of_other_things_are_not_taken(books: Books) -> None:
    assert read_books(books.folder, {**MADE_OF, "seed": 8}) is None
    assert read_books(books.folder / "nowhere", MADE_OF) is None


@pytest.fixture
def shelf(books: Books) -> Shelf:
    made = Shelf("right")
    made.put(books)
    return made


def test_the_api_gives_each_row_once_in_pages(books: Books, shelf: Shelf) -> None:
    found: list[dict[str, object]] = []
    for page in range(1, 100):
        data = json.loads(shelf.hourly({"pageNo": str(page), "pageSize": "100000"}))["data"]
        assert data["total"] == len(books.final(HOURLY))
        assert len(data["list"]) <= LARGEST_PAGE
        if not data["list"]:
            break
        found += data["list"]
    keys = [(one["site"], one["publishTime"]) for one in found]
    assert sorted(keys) == sorted((row["site"], row["publishTime"]) for row in books.final(HOURLY))


def test_the_api_turns_strangers_and_the_hasty_away(shelf: Shelf) -> None:
    for wrong in ("", "Bearer wrong", "right", "Bearer 令牌"):
        with pytest.raises(RefusedError) as refused:
            shelf.admit(wrong)
        assert refused.value.status is HTTPStatus.UNAUTHORIZED
    with pytest.raises(RefusedError) as refused:
        for _ in range(1000):
            shelf.admit("Bearer right")
    assert refused.value.status is HTTPStatus.TOO_MANY_REQUESTS
    for odd in ("x", "-1", "１", "9" * 20):
        with pytest.raises(RefusedError):
            shelf.hourly({"pageNo": odd})


def test_what_is_missing_is_named_once() -> None:
    nothing = Programs("", "", "", "", "", "", "")
    assert nothing.missing == [
        "postgresql", "mariadb-server", "openssh-server", "openssh-client", "util-linux",
    ]  # fmt: skip
