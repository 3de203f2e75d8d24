"""Every table of the county, agency by agency; parents before their children."""

from __future__ import annotations

import tomllib
from collections.abc import Iterator
from pathlib import Path

from simulation.declare import RowSpec, Table
from simulation.tables.agencies import AGENCIES
from simulation.tables.parse import parse_table

FILES = ("heart", "society", "economy", "city")


def _declared() -> Iterator[Table]:
    for name in FILES:
        text = Path(__file__).with_name(f"{name}.toml").read_text("utf-8")
        for entry in tomllib.loads(text)["table"]:
            rows = RowSpec(**entry["rows"])
            yield parse_table(
                entry["agency"],
                entry.get("system", ""),
                entry["name"],
                entry["title"],
                rows,
                entry["columns"],
            )


def _rank(table: Table) -> int:
    return list(AGENCIES).index(table.agency.code)


TABLES: tuple[Table, ...] = tuple(sorted(_declared(), key=_rank))
