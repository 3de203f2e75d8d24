"""Entries of the catalogue: found by words and facets, page by page; retired and brought back."""

import pytest

from haina.catalogue.inventory import (
    EntryFilter,
    EntrySpec,
    count_entries,
    entries,
    facets,
    find_entry,
    put_entry,
    retire_entry,
)
from haina.kernel.errors import HainaError
from haina.kernel.platform import Platform

SPECS = (
    EntrySpec("std.person", "户籍人口", "gongan", "全县户籍", "人口", sharing="conditional",
              words=("身份证号", "姓名")),
    EntrySpec("std.car", "机动车", "gongan", "登记 100% 车辆", "交通", sharing="unconditional",
              words=("车牌_号",)),
    EntrySpec("std.aid", "低保发放", "minzheng", "Monthly AID", "民政", sharing="none",
              sharing_basis="法"),
    EntrySpec("base.person", "人口", "gongan", "", "人口"),
)  # fmt: skip


@pytest.fixture
def filled(any_platform: Platform) -> Platform:
    with any_platform.database.write() as connection:
        for spec in SPECS:
            put_entry(connection, spec)
    return any_platform


def found(platform: Platform, text: str = "", **asked: str) -> list[str]:
    with platform.database.read() as connection:
        wanted = EntryFilter(**asked)  # type: ignore[arg-type]
        return [one.dataset for one in entries(connection, wanted, text=text).entries]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", ["base.person", "std.aid", "std.car", "std.person"]),
        ("户籍", ["std.person"]),
        ("人口", ["base.person", "std.person"]),
        ("人口 身份证", ["std.person"]),
        ("  人口   户籍  ", ["std.person"]),
        ("std.aid", ["std.aid"]),
        ("aid", ["std.aid"]),
        ("MONTHLY aid", ["std.aid"]),
        ("100%", ["std.car"]),
        ("%", ["std.car"]),
        ("_", ["std.car"]),
        ("' OR 1=1 --", []),
        ("没有这个", []),
    ],
)
def test_an_entry_must_hold_every_word(filled: Platform, text: str, expected: list[str]) -> None:
    assert found(filled, text=text) == expected


def test_facets_narrow_and_stand_together(filled: Platform) -> None:
    assert found(filled, agency="gongan") == ["base.person", "std.car", "std.person"]
    assert found(filled, zone="std") == ["std.aid", "std.car", "std.person"]
    assert found(filled, theme="人口") == ["base.person", "std.person"]
    assert found(filled, sharing="none") == ["std.aid"]
    assert found(filled, agency="gongan", zone="std", theme="人口") == ["std.person"]
    assert found(filled, agency="minzheng", text="户籍") == []


def test_a_zone_is_not_the_beginning_of_another(filled: Platform) -> None:
    assert found(filled, zone="st") == []
    assert found(filled, zone="%") == []


@pytest.mark.parametrize("limit", [1, 2, 3, 4, 5])
def test_pages_give_every_entry_once(filled: Platform, limit: int) -> None:
    seen: list[str] = []
    after: str | None = None
    with filled.database.read() as connection:
        while True:
            page = entries(connection, after=after, limit=limit)
            seen += [one.dataset for one in page.entries]
            assert len(page.entries) <= limit
            after = page.next_after
            if after is None:
                break
    assert seen == sorted(spec.dataset for spec in SPECS)


def test_facets_count_the_living(filled: Platform) -> None:
    with filled.database.read() as connection:
        found = facets(connection)
        assert count_entries(connection) == 4
    assert found.agency == {"gongan": 3, "minzheng": 1}
    assert found.theme == {"人口": 2, "交通": 1, "民政": 1}
    assert found.sharing == {"conditional": 2, "unconditional": 1, "none": 1}


def test_a_new_entry_is_a_draft(filled: Platform) -> None:
    with filled.database.read() as connection:
        entry = find_entry(connection, "std.person")
    assert (entry.state, entry.title, entry.agency) == ("draft", "户籍人口", "gongan")
    assert entry.created_at.tzinfo is not None


def test_an_unknown_entry_is_not_found(filled: Platform) -> None:
    with filled.database.read() as connection, pytest.raises(HainaError) as caught:
        find_entry(connection, "std.nothing")
    assert (caught.value.code, caught.value.field) == ("not_found", "dataset")


def test_a_retired_entry_is_no_longer_found_or_counted(filled: Platform) -> None:
    with filled.database.write() as connection:
        retire_entry(connection, "std.aid")
    assert found(filled) == ["base.person", "std.car", "std.person"]
    with filled.database.read() as connection:
        assert count_entries(connection) == 3
        assert "minzheng" not in facets(connection).agency
        assert find_entry(connection, "std.aid").state == "retired"


def test_a_retired_entry_that_is_declared_again_is_a_draft_of_the_same_age(
    filled: Platform,
) -> None:
    with filled.database.write() as connection:
        born = find_entry(connection, "std.aid").created_at
        retire_entry(connection, "std.aid")
    with filled.database.write() as connection:
        put_entry(connection, EntrySpec("std.aid", "低保", "minzheng"))
        entry = find_entry(connection, "std.aid")
    assert (entry.state, entry.title, entry.created_at) == ("draft", "低保", born)


def test_a_changed_entry_is_found_by_its_new_words_alone(filled: Platform) -> None:
    with filled.database.write() as connection:
        put_entry(connection, EntrySpec("std.person", "常住人口", "gongan"))
    assert found(filled, text="户籍") == []
    assert found(filled, text="常住") == ["std.person"]
