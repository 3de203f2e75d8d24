"""Read a county back from its files, the way a stranger would."""

from __future__ import annotations

import csv
import io
import json
import sqlite3
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq

from simulation.declare import Table
from simulation.tables.all import TABLES

Row = dict[str, Any]


def by_name(agency: str, name: str) -> Table:
    return next(t for t in TABLES if (t.agency.code, t.name) == (agency, name))


@dataclass
class County:
    out: Path

    @cached_property
    def manifest(self) -> dict[str, Any]:
        found: dict[str, Any] = json.loads((self.out / "manifest.json").read_text("utf-8"))
        return found

    @cached_property
    def truth(self) -> list[Row]:
        rows: list[Row] = pq.read_table(self.out / "truth.parquet").to_pylist()
        return rows

    @cached_property
    def rows(self) -> dict[tuple[str, str], list[Row]]:
        """Readable rows of every table; broken lines are left out."""
        return {(t.agency.code, t.name): self.read(t) for t in TABLES}

    def facts(self, table: Table, kind: str = "") -> list[Row]:
        mine = (table.agency.code, table.name)
        facts = [fact for fact in self.truth if (fact["agency"], fact["table"]) == mine]
        return [fact for fact in facts if kind in ("", fact["kind"])]

    def lines(self, table: Table) -> list[bytes]:
        data = (self.out / table.path).read_bytes()
        return data.rstrip(b"\r\n").split(table.agency.newline.encode())

    def read(self, table: Table) -> list[Row]:
        return self._csv(table) if table.agency.format == "csv" else self._sqlite(table)

    def _sqlite(self, table: Table) -> list[Row]:
        names = [column.name for column in table.columns]
        listed = ", ".join(f'"{name}"' for name in names)
        db = sqlite3.connect(self.out / table.path)
        rows = db.execute(f'SELECT {listed} FROM "{table.name}"').fetchall()
        db.close()
        return [dict(zip(names, row, strict=True)) for row in rows]

    def _csv(self, table: Table) -> list[Row]:
        broken = {fact["line"] for fact in self.facts(table, "physical")}
        lines = self.lines(table)
        good = [line for number, line in enumerate(lines, 1) if number not in broken]
        text = b"\n".join(good).decode(table.agency.encoding)
        return [{k: v or None for k, v in row.items()} for row in csv.DictReader(io.StringIO(text))]

    def key(self, table: Table, row: Row) -> str:
        return "|".join(str(row[name]) for name in table.keys)
