"""The demonstration pack's sources and standards are what the declarations make of them."""

from __future__ import annotations

from pathlib import Path

from simulation.codes import CODE_SETS
from simulation.pack import DECIDED, element_of, files, sources
from simulation.tables.all import TABLES

PACK = Path(__file__).resolve().parents[2] / "packs" / "wuqing"


def test_the_committed_files_are_fresh() -> None:
    """Otherwise run: python -m simulation.pack --out packs/wuqing"""
    for path, text in files().items():
        assert (PACK / path).read_text("utf-8") == text, path


def test_no_source_is_left_over() -> None:
    made = {path for path in files() if path.startswith("sources/")}
    assert {f"sources/{path.name}" for path in (PACK / "sources").iterdir()} == made


def test_every_table_of_the_county_is_collected_once() -> None:
    collected = [
        (one["agency"], table["from"])
        for one in sources()
        if one["name"] != "division"
        for table in one["tables"]
    ]
    assert sorted(collected) == sorted((table.agency.code, table.name) for table in TABLES)


def test_every_element_exists_and_few_columns_have_none() -> None:
    known = {*DECIDED["elements"], *CODE_SETS}
    bound = [element_of(column) for table in TABLES for column in table.columns]
    assert {name for name in bound if name} <= known
    assert bound.count(None) < len(bound) // 20


def test_what_was_decided_names_what_exists() -> None:
    titles = {column.title for table in TABLES for column in table.columns}
    assert set(DECIDED["items"]) | set(DECIDED["bound"]) <= titles
    tables = {(agency, name) for agency, named in DECIDED["tables"].items() for name in named}
    assert tables == {(table.agency.code, table.name) for table in TABLES}
