"""Files are as their systems write them, and hold no more than their readers can be told."""

from __future__ import annotations

import time
from dataclasses import replace

import pytest

from simulation.declare import SUFFIXES
from simulation.files import WRITERS, TooWideError, places_of
from simulation.pack import sources
from simulation.tables.all import TABLES
from simulation.workbook import column_letters
from tests.simulation.county import County, by_name

WITHOUT_HEADER = ("json", "jsonl", "fixed_width")
"""Formats whose empty file does not say what its columns are called."""


def test_every_format_is_written_and_used() -> None:
    assert set(WRITERS) == set(SUFFIXES) == {table.agency.format for table in TABLES}


def test_a_value_that_its_field_has_no_room_for_is_refused() -> None:
    place = places_of(by_name("shuiwu", "yhxx"))[0]
    assert place.cell("DJ1", "gb18030") == b"DJ1".ljust(place.length)
    assert place.cell(7, "gb18030") == b"7".rjust(place.length)
    assert place.cell(None, "gb18030").isspace()
    with pytest.raises(TooWideError, match="djbh"):
        replace(place, length=5).cell("汉字汉", "gb18030")


def test_fields_lie_one_after_the_other() -> None:
    for table in TABLES:
        at = 1
        for place in places_of(table):
            assert place.start == at
            at += place.length
        assert all(place.length < 255 for place in places_of(table))


def test_columns_of_a_sheet_are_lettered() -> None:
    letters = [column_letters(place) for place in (0, 25, 26, 51, 52, 701, 702)]
    assert letters == ["A", "Z", "AA", "AZ", "BA", "ZZ", "AAA"]


def test_no_file_is_empty_that_would_say_nothing_then(county: County) -> None:
    for table in TABLES:
        if table.agency.format in WITHOUT_HEADER:
            assert county.rows[table.agency.code, table.name], table.name


def test_files_of_a_watched_folder_lie_still(county: County) -> None:
    watched = {one["agency"] for one in sources() if one.get("inbox")}
    assert watched == {table.agency.code for table in TABLES if table.agency.inbox} != set()
    for table in TABLES:
        if table.agency.inbox:
            assert (county.out / table.path).stat().st_mtime < time.time() - 60


def test_only_lines_and_cells_that_can_be_broken_are(county: County) -> None:
    formats = {table.agency.code: table.agency.format for table in TABLES}
    broken = {(fact["class"], formats[fact["agency"]]) for fact in county.truth
              if fact["kind"] == "physical"}  # fmt: skip
    assert ("bad_cell", "sqlite") in broken
    assert broken <= {("bad_cell", "sqlite"), ("bad_line", "csv"), ("bad_line", "zip")}
