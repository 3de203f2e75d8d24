"""Write tables as the files that other systems export: JSON, Parquet, DBF, fixed width, zip.

Whatever depends on a file's day is of the county's day, so that a county is the same twice.
"""

from __future__ import annotations

import json
import struct
import zipfile
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from typing import BinaryIO

import pyarrow as pa
import pyarrow.parquet as pq

from simulation.declare import Column, Table
from simulation.draft import Draft
from simulation.workbook import write_workbook
from simulation.writers import chunks, rows_of, write_csv, write_lines, write_sqlite

# Bytes of a field, by what it means: room for what people mistype, full-width letters included.
WIDTHS: Mapping[str, int] = {
    "id_number": 40, "uscc": 40, "phone": 40, "person_name": 60, "org_name": 120, "address": 160,
    "date": 28, "birth_date": 28, "datetime": 36, "update_time": 36, "integer": 20, "real": 24,
    "amount": 24,
}  # fmt: skip
OTHER_WIDTH = 60
# The language driver of simplified Chinese. It is called GBK; rare characters of names, which
# GBK lacks, are written in the four bytes of GB18030, as newer systems do.
GBK = 0x4D


class TooWideError(Exception):
    """A value that its field has no room for."""


@dataclass(frozen=True)
class Place:
    """Where a field lies in a record: its first byte, from 1, and how many there are."""

    column: Column
    start: int
    length: int

    def cell(self, value: object, codec: str) -> bytes:
        """The value, blanks after it; before it, if it is a number. Raises TooWideError."""
        data = text_of(value).encode(codec)
        if len(data) > self.length:
            raise TooWideError(f"{self.column.name}: {value!r} is longer than {self.length} bytes")
        return data.ljust(self.length) if isinstance(value, str) else data.rjust(self.length)


def places_of(table: Table) -> list[Place]:
    """Fields one after the other; the same whatever the data are."""
    found, start = [], 1
    for column in table.columns:
        length = WIDTHS.get(column.kind, OTHER_WIDTH)
        found.append(Place(column, start, length))
        start += length
    return found


def text_of(value: object) -> str:
    """A value where only text can be; nothing is written as blanks."""
    if value is None:
        return ""
    return repr(value) if isinstance(value, float) else str(value)


def _records(draft: Draft, codec: str, lead: bytes, end: bytes) -> Iterator[bytes]:
    places = places_of(draft.table)
    for row in rows_of(draft):
        cells = (place.cell(value, codec) for place, value in zip(places, row, strict=True))
        yield lead + b"".join(cells) + end


def write_fixed_width(path: Path, draft: Draft) -> int:
    agency = draft.table.agency
    with path.open("wb") as file:
        return _put(file, _records(draft, agency.encoding, b"", agency.newline.encode()))


def _put(file: BinaryIO, records: Iterator[bytes]) -> int:
    total = 0
    for record in records:
        file.write(record)
        total += 1
    return total


def day_of(draft: Draft) -> date:
    return date(1970, 1, 1) + timedelta(days=draft.world.today)


def dbf_head(draft: Draft) -> bytes:
    """The header of dBase III: day, records, lengths, then 32 bytes a field."""
    places, day = places_of(draft.table), day_of(draft)
    length = 1 + sum(place.length for place in places)
    fields = b"".join(
        struct.pack("<11sc4xBB14x", place.column.name.encode("ascii"), b"C", place.length, 0)
        for place in places
    )
    size = 32 + len(fields) + 1
    head = struct.pack(
        "<BBBBIHH17xB2x",
        3, day.year - 1900, day.month, day.day, len(draft.order), size, length, GBK,
    )  # fmt: skip
    return head + fields + b"\r"


def write_dbf(path: Path, draft: Draft) -> int:
    with path.open("wb") as file:
        file.write(dbf_head(draft))
        total = _put(file, _records(draft, draft.table.agency.encoding, b" ", b""))
        file.write(b"\x1a")
    return total


def _objects(draft: Draft) -> Iterator[str]:
    names = [column.name for column in draft.table.columns]
    for row in rows_of(draft):
        yield json.dumps(dict(zip(names, row, strict=True)), ensure_ascii=False)


def write_json(path: Path, draft: Draft) -> int:
    """An array, an object a line."""
    total = 0
    with path.open("w", encoding="utf-8", newline="\n") as file:
        file.write("[")
        for text in _objects(draft):
            file.write(("," if total else "") + "\n" + text)
            total += 1
        file.write("\n]\n")
    return total


def write_jsonl(path: Path, draft: Draft) -> int:
    with path.open("wb") as file:
        return _put(file, (f"{text}\n".encode() for text in _objects(draft)))


def _schema(table: Table) -> pa.Schema:
    kinds = {"TEXT": pa.string(), "INTEGER": pa.int64(), "REAL": pa.float64()}
    return pa.schema(
        [pa.field(one.name, kinds[one.physical], nullable=not one.key) for one in table.columns]
    )


def write_parquet(path: Path, draft: Draft) -> int:
    schema, total = _schema(draft.table), 0
    with pq.ParquetWriter(path, schema) as file:
        for _, chunk in chunks(draft):
            file.write_table(chunk.cast(schema))
            total += chunk.num_rows
    return total


def write_zip(path: Path, draft: Draft) -> int:
    """One more CSV file in the agency's zip."""
    day = day_of(draft)
    info = zipfile.ZipInfo(f"{draft.table.name}.csv", (day.year, day.month, day.day, 8, 0, 0))
    info.compress_type = zipfile.ZIP_DEFLATED
    with zipfile.ZipFile(path, "a") as archive, archive.open(info, "w") as file:
        return write_lines(file, draft)


WRITERS: Mapping[str, Callable[[Path, Draft], int]] = {
    "sqlite": write_sqlite,
    "csv": write_csv,
    "zip": write_zip,
    "workbook": write_workbook,
    "json": write_json,
    "jsonl": write_jsonl,
    "parquet": write_parquet,
    "dbf": write_dbf,
    "fixed_width": write_fixed_width,
}
