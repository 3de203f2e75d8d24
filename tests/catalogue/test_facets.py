"""Facets: each count is what choosing it would list, whatever else is chosen."""

from dataclasses import asdict, fields, replace
from datetime import timedelta
from itertools import product
from typing import Any

import pytest

from haina.catalogue.inventory import (
    EntryFilter,
    EntrySpec,
    entries,
    facets,
    note_check,
    note_update,
    put_entry,
)
from haina.kernel import clock
from haina.kernel.platform import Platform

AGES = {"day": 0.5, "week": 3.0, "month": 20.0, "older": 90.0, "never": None}
GOOD = {
    "clean": (100, 0),
    "good": (200, 1),
    "fair": (100, 4),
    "poor": (100, 40),
    "unchecked": (0, 0),
}


@pytest.fixture
def filled(any_platform: Platform) -> Platform:
    """Entries of all kinds, unevenly."""
    kinds = product(AGES, GOOD, ("gongan", "minzheng"))
    with any_platform.database.write() as connection:
        for place, (age, quality, agency) in enumerate(kinds):
            zone = ("std", "base", "topic")[place % 3]
            name = f"{zone}.t{place:02d}"
            spec = EntrySpec(name, f"表{place}", agency, "", ("人口", "法人", "")[place % 3])
            put_entry(connection, replace(spec, grade=1 + place % 4))
            days = AGES[age]
            if days is not None:
                note_update(connection, name, clock.now() - timedelta(days=days))
            if place % 7:
                note_check(connection, name, *GOOD[quality])
    return any_platform


CHOICES = (
    EntryFilter(),
    EntryFilter(agency="gongan"),
    EntryFilter(zone="base", fresh="week"),
    EntryFilter(grade=3, quality="poor"),
    EntryFilter(theme="", sharing="conditional"),
    EntryFilter(agency="minzheng", fresh="never", quality="unchecked"),
    EntryFilter(zone="std", grade=4, fresh="older", quality="clean"),
    EntryFilter(agency="nobody"),
)


@pytest.mark.parametrize("text", ["", "表1", "没有"])
def test_a_count_is_what_choosing_it_lists(filled: Platform, text: str) -> None:
    with filled.database.read() as connection:
        for wanted in CHOICES:
            counted = asdict(facets(connection, wanted, text=text))
            for name, values in counted.items():
                for value, count in values.items():
                    kind: Any = int(value) if name == "grade" else value
                    narrowed = replace(wanted, **{name: kind})
                    listed = entries(connection, narrowed, text=text, limit=200).entries
                    assert len(listed) == count, (wanted, name, value)


def test_the_counts_of_a_facet_cover_what_the_others_leave(filled: Platform) -> None:
    with filled.database.read() as connection:
        for wanted in CHOICES:
            counted = asdict(facets(connection, wanted))
            for name in (one.name for one in fields(EntryFilter)):
                freed = replace(wanted, **{name: None})
                left = entries(connection, freed, limit=200).entries
                assert sum(counted[name].values()) == len(left), (wanted, name)


def test_freshness_and_quality_fall_where_they_should(filled: Platform) -> None:
    with filled.database.read() as connection:
        found = facets(connection)
    assert found.fresh == dict.fromkeys(AGES, 10)
    assert set(found.quality) == set(GOOD)
    assert found.grade == {"1": 13, "2": 13, "3": 12, "4": 12}


def test_the_newest_note_counts(filled: Platform) -> None:
    with filled.database.write() as connection:
        for dataset in [one.dataset for one in entries(connection, limit=200).entries]:
            note_check(connection, dataset, 10, 10)
            note_update(connection, dataset, clock.now())
    with filled.database.read() as connection:
        found = facets(connection)
    assert (found.quality, found.fresh) == ({"poor": 50}, {"day": 50})


def test_a_note_waits_for_its_entry(any_platform: Platform) -> None:
    with any_platform.database.write() as connection:
        note_check(connection, "std.later", 10, 0)
        assert facets(connection).quality == {}
        put_entry(connection, EntrySpec("std.later", "后来", "gongan"))
        assert facets(connection).quality == {"clean": 1}
        assert facets(connection).fresh == {"never": 1}


def test_five_thousand_entries_are_counted_and_paged(any_platform: Platform) -> None:
    with any_platform.database.write() as connection:
        for place in range(5000):
            spec = EntrySpec(
                f"std.t{place:04d}", f"表{place}", f"a{place % 60}", grade=place % 4 + 1
            )
            put_entry(connection, spec)
    with any_platform.database.read() as connection:
        found = facets(connection, EntryFilter(grade=2), text="表")
        page = entries(connection, EntryFilter(grade=2), text="表", after="std.t2500")
    assert (sum(found.agency.values()), sum(found.grade.values())) == (1250, 5000)
    assert len(page.entries) == 50
    assert page.entries[0].dataset > "std.t2500"
