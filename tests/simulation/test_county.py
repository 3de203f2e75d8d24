"""The county's files say what the truth says, and nothing else is wrong with them."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from simulation.__main__ import generate
from simulation.checksum import valid_id, valid_uscc
from simulation.codes import spellings
from simulation.declare import Column, Table
from simulation.dirt import ERROR_CLASSES
from simulation.spelling import code_style
from simulation.tables.all import TABLES
from simulation.truth import ERRORS, NEAR_MISSES, PHYSICAL, SOFT
from simulation.world.places import read_places
from tests.simulation.conftest import DAY, PERSONS
from tests.simulation.county import County, Row, by_name

CHECKED = {"id_number": valid_id, "uscc": valid_uscc}


def cells(county: County, table: Table, column: Column) -> Iterator[tuple[str, Any]]:
    for row in county.rows[table.agency.code, table.name]:
        yield county.key(table, row), row[column.name]


def told(county: County, table: Table, *kinds: str) -> set[tuple[str, str]]:
    return {(f["key"], f["column"]) for f in county.facts(table) if f["kind"] in kinds}


def all_columns(*kinds: str) -> list[tuple[Table, Column]]:
    return [(t, c) for t in TABLES for c in t.columns if c.kind.startswith(kinds)]


def test_same_seed_makes_the_same_county(county: County, divisions: Path, tmp_path: Path) -> None:
    assert generate(tmp_path / "again", divisions, PERSONS, 7, DAY)
    assert County(tmp_path / "again").manifest == county.manifest
    assert not generate(tmp_path / "again", divisions, PERSONS, 7, DAY)


def test_another_seed_makes_another_county(county: County, divisions: Path, tmp_path: Path) -> None:
    assert generate(tmp_path / "other", divisions, 300, 8, date(2026, 11, 22))
    assert County(tmp_path / "other").manifest["files"] != county.manifest["files"]


def test_a_folder_of_someone_else_is_left_alone(divisions: Path, tmp_path: Path) -> None:
    (tmp_path / "mine.txt").write_text("mine", "utf-8")
    with pytest.raises(SystemExit, match="不为空"):
        generate(tmp_path, divisions, 300, 7, DAY)
    assert (tmp_path / "mine.txt").exists()


def test_truth_has_every_class(county: County) -> None:
    classes = {fact["class"] for fact in county.truth}
    assert classes >= {*ERRORS, *PHYSICAL, *SOFT}
    assert set(NEAR_MISSES) - classes <= {"residence_permit"}


def test_one_fault_a_row_and_one_class_a_cell(county: County) -> None:
    kinds = ("error", "physical", "soft")
    rows = Counter((f["agency"], f["table"], f["key"]) for f in county.truth if f["kind"] in kinds)
    assert max(rows.values()) == 1


def test_wrong_check_characters_are_all_told(county: County) -> None:
    for table, column in all_columns(*CHECKED):
        known = told(county, table, "error", "near_miss")
        for key, value in cells(county, table, column):
            if value and (key, column.name) not in known:
                assert CHECKED[column.kind](value), (table.name, key, value)


def test_told_check_characters_are_wrong(county: County) -> None:
    for fact in county.truth:
        if fact["class"] == "check_digit":
            table = by_name(fact["agency"], fact["table"])
            column = table.column(fact["column"])
            row = find(county, table, fact["key"])
            assert len(row[column.name]) == 18
            assert not CHECKED[column.kind](row[column.name])


def find(county: County, table: Table, key: str) -> Row:
    rows = county.rows[table.agency.code, table.name]
    return next(row for row in rows if county.key(table, row) == key)


def test_every_told_key_is_in_the_source(county: County) -> None:
    for table in TABLES:
        present = {county.key(table, row) for row in county.rows[table.agency.code, table.name]}
        facts = [fact for fact in county.facts(table) if fact["class"] != "bad_line"]
        assert {fact["key"] for fact in facts} <= present, table.name


def test_keys_repeat_only_where_told(county: County) -> None:
    for table in TABLES:
        rows = county.rows[table.agency.code, table.name]
        count = Counter(county.key(table, row) for row in rows)
        twice = {key for key, times in count.items() if times > 1}
        facts = county.facts(table, "error")
        assert twice == {fact["key"] for fact in facts if fact["class"] == "duplicate"}
        assert all(row[name] for row in rows for name in table.keys)


def test_references_hold_but_for_told_orphans(county: County) -> None:
    for table, column in all_columns("ref:"):
        name, target = column.target
        parents = {row[target] for row in county.rows[table.agency.code, name]}
        excused = told(county, table, "error")
        for key, value in cells(county, table, column):
            assert value in parents or (key, column.name) in excused or value is None


def test_places_exist_but_for_told_orphans(county: County, divisions: Path) -> None:
    codes = read_places(divisions).codes
    for table, column in all_columns("place_code"):
        excused = told(county, table, "error")
        for key, value in cells(county, table, column):
            assert value in codes or (key, column.name) in excused or value is None


def test_obligatory_values_are_there_but_where_told(county: County) -> None:
    for table in TABLES:
        excused = told(county, table, "error")
        for column in table.columns:
            for key, value in cells(county, table, column) if column.required else ():
                blank = value is None or not str(value).strip()
                assert not blank or (key, column.name) in excused, (table.name, column.name, key)


def test_codes_are_the_agency_s_but_where_told(county: County) -> None:
    for table, column in all_columns("code:", "sex", "ethnicity"):
        known = set(spellings(column.codeset, code_style(table.agency, column.codeset)))
        excused = told(county, table, "error")
        for key, value in cells(county, table, column):
            assert value in known or (key, column.name) in excused or value is None


def real_date(value: str, style: str) -> date | None:
    parts = re.findall(r"\d+", value)
    if style in ("compact", "integer"):
        parts = [value[:4], value[4:6], value[6:8]]
    try:
        return date(*map(int, parts[:3]))
    except ValueError:
        return None


def test_dates_are_real_and_past_but_where_told(county: County) -> None:
    for table, column in all_columns("date", "birth_date", "update_time"):
        excused = told(county, table, "error", "physical")
        for key, value in cells(county, table, column):
            if value is None or (key, column.name) in excused:
                continue
            found = real_date(str(value), table.agency.dates)
            assert found, (table.name, column.name, value)
            assert column.future or found <= DAY, (table.name, column.name, value)


def test_births_and_sexes_agree_with_ids_but_where_told(county: County) -> None:
    table = by_name("gongan", "T_CZRK")
    excused = told(county, table, "error")
    for row in county.rows["gongan", "T_CZRK"]:
        key, number = county.key(table, row), row["SFZH"]
        if not number or any((key, name) in excused for name in ("SFZH", "CSRQ", "XB")):
            continue
        assert number[6:14] == row["CSRQ"]
        assert int(number[16]) % 2 == int(row["XB"]) % 2


def test_broken_lines_are_broken_and_others_are_not(county: County) -> None:
    for table in TABLES:
        if table.agency.separated:
            broken = {fact["line"] for fact in county.facts(table, "physical")}
            for number, line in enumerate(county.lines(table), 1):
                assert readable(line, table) != (number in broken), (table.name, number)


def readable(line: bytes, table: Table) -> bool:
    try:
        return line.decode(table.agency.encoding).count(",") == len(table.columns) - 1
    except UnicodeDecodeError:
        return False


def test_numbers_are_numbers_but_for_told_cells(county: County) -> None:
    for table in TABLES:
        if table.agency.format in ("sqlite", "json", "jsonl", "parquet"):
            bad = told(county, table, "physical")
            for column in (c for c in table.columns if c.physical != "TEXT"):
                for key, value in cells(county, table, column):
                    assert isinstance(value, str) == ((key, column.name) in bad)


def test_rows_are_as_many_as_the_manifest_says(county: County) -> None:
    for table in TABLES:
        count = county.manifest["rows"][f"{table.agency.code}/{table.system}/{table.name}"]
        broken = sum(fact["class"] == "bad_line" for fact in county.facts(table))
        assert count == len(county.rows[table.agency.code, table.name]) + broken


def test_error_rates_are_lifelike(county: County) -> None:
    errors = sum(county.manifest["truth"]["error"].values())
    assert 0.001 < errors / sum(county.manifest["rows"].values()) < 0.012
    assert {*ERROR_CLASSES, "duplicate"} == set(ERRORS)
