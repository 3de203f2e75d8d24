"""Read a county back from its files, the way a stranger would."""

from __future__ import annotations

import csv
import io
import json
import sqlite3
import struct
import zipfile
from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

import openpyxl
import pyarrow.parquet as pq

from simulation.declare import Table
from simulation.pack import sources
from simulation.tables.all import TABLES

Row = dict[str, Any]


def by_name(agency: str, name: str) -> Table:
    return next(t for t in TABLES if (t.agency.code, t.name) == (agency, name))


def _json(path: Path, table: Table) -> list[Row]:
    found: list[Row] = json.loads(path.read_text("utf-8"))
    return found


def _jsonl(path: Path, table: Table) -> list[Row]:
    return [json.loads(line) for line in path.read_text("utf-8").splitlines()]


def _parquet(path: Path, table: Table) -> list[Row]:
    rows: list[Row] = pq.read_table(path).to_pylist()
    return rows


def _workbook(path: Path, table: Table) -> list[Row]:
    """The title, the line of who fills it in, the header, the rows."""
    book = openpyxl.load_workbook(path)
    sheet = book.worksheets[0]
    assert [one.min_row for one in sheet.merged_cells.ranges] == [1]
    title, told, header, *rows = sheet.iter_rows(values_only=True)
    assert str(title[0]).startswith(table.agency.title)
    assert str(told[0]).startswith(f"填报单位:{table.agency.title}")
    book.close()
    names = [str(name) for name in header]
    return [dict(zip(names, row, strict=True)) for row in rows]


def _dbf(path: Path, table: Table) -> list[Row]:
    data = path.read_bytes()
    count, start, length = struct.unpack_from("<IHH", data, 4)
    assert (data[0], data[29], data[start - 1], data[-1]) == (3, 0x4D, 0x0D, 0x1A)
    fields = [
        (data[at : at + 11].rstrip(b"\0").decode(), data[at + 16])
        for at in range(32, start - 1, 32)
    ]
    assert len(data) == start + count * length + 1
    records = (data[start + at * length : start + (at + 1) * length] for at in range(count))
    return [_cut(record[1:], fields, "gb18030") for record in records]


def _fixed_width(path: Path, table: Table) -> list[Row]:
    """Fields where the demonstration pack says they are."""
    source = next(one for one in sources() if one["name"] == f"{table.agency.code}_{table.system}")
    fields = [(one["name"], one["length"]) for one in source["connection"]["fields"]]
    lines = path.read_bytes().split(b"\r\n")
    assert lines.pop() == b""
    return [_cut(line, fields, source["connection"]["encoding"]) for line in lines]


def _cut(record: bytes, fields: list[tuple[str, int]], codec: str) -> Row:
    row, at = {}, 0
    for name, length in fields:
        row[name] = record[at : at + length].decode(codec).strip(" ") or None
        at += length
    assert at == len(record)
    return row


READERS: dict[str, Callable[[Path, Table], list[Row]]] = {
    "workbook": _workbook,
    "json": _json,
    "jsonl": _jsonl,
    "parquet": _parquet,
    "dbf": _dbf,
    "fixed_width": _fixed_width,
}


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
        path = self.out / table.path
        if table.agency.format == "zip":
            data = zipfile.ZipFile(path).read(f"{table.name}.csv")
        else:
            data = path.read_bytes()
        return data.rstrip(b"\r\n").split(table.agency.newline.encode())

    def read(self, table: Table) -> list[Row]:
        if table.agency.separated:
            return self._csv(table)
        if table.agency.format == "sqlite":
            return self._sqlite(table)
        return READERS[table.agency.format](self.out / table.path, table)

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
