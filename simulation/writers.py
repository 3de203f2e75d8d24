"""Write tables the way their systems keep them: SQLite, or CSV in its encoding."""

from __future__ import annotations

import io
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import IO

import numpy as np
import pyarrow as pa
import pyarrow.csv as pacsv

from simulation.damage import break_line
from simulation.declare import Table
from simulation.draft import Draft

CHUNK = 40_000


def quoted(name: str) -> str:
    return '"' + name.replace('"', '""') + '"'


def chunks(draft: Draft) -> Iterator[tuple[int, pa.Table]]:
    """The final rows, a few at a time, with the number of the first."""
    order = draft.order
    names = [column.name for column in draft.table.columns]
    for start in range(0, max(len(order), 1), CHUNK):
        index = pa.array(order[start : start + CHUNK])
        yield start, pa.table({name: draft.columns[name].take(index) for name in names})


def typed(column: pa.ChunkedArray, physical: str) -> list[object]:
    values: list[object] = (
        column.to_numpy().tolist() if not column.null_count else column.to_pylist()
    )
    if physical == "TEXT" or column.type != pa.string():
        return values
    return [_number(value) for value in values]


def _number(value: object) -> object:
    """Columns with a bad cell were made text; the good cells become numbers again."""
    try:
        number = float(str(value))
    except ValueError:
        return value
    return int(number) if number.is_integer() else number


def rows_of(draft: Draft) -> Iterator[tuple[object, ...]]:
    """The final rows as Python values."""
    for _, chunk in chunks(draft):
        columns = [typed(chunk[one.name], one.physical) for one in draft.table.columns]
        yield from zip(*columns, strict=True)


def write_sqlite(path: Path, draft: Draft) -> int:
    """One more table of the system's database."""
    with closing(_open(path)) as db:
        count = _insert(db, draft)
        db.commit()
    return count


def _insert(db: sqlite3.Connection, draft: Draft) -> int:
    columns = draft.table.columns
    declared = ", ".join(f"{quoted(column.name)} {column.physical}" for column in columns)
    db.execute(f"CREATE TABLE {quoted(draft.table.name)} ({declared})")
    marks = ", ".join("?" * len(columns))
    db.executemany(f"INSERT INTO {quoted(draft.table.name)} VALUES ({marks})", rows_of(draft))
    return len(draft.order)


def _open(path: Path) -> sqlite3.Connection:
    db = sqlite3.connect(path)
    db.execute("PRAGMA journal_mode = OFF")
    db.execute("PRAGMA synchronous = OFF")
    return db


def _csv_bytes(chunk: pa.Table) -> bytes:
    buffer = io.BytesIO()
    options = pacsv.WriteOptions(include_header=False, quoting_style="needed")
    pacsv.write_csv(chunk, buffer, options)
    return buffer.getvalue()


def _encoded(text: bytes, table: Table) -> bytes:
    if table.agency.encoding == "gb18030":
        return text.decode("utf-8").encode("gb18030").replace(b"\n", b"\r\n")
    return text


def _damaged(data: bytes, newline: bytes, broken: dict[int, str]) -> bytes:
    """`broken`: line in this chunk → kind of damage."""
    if not broken:
        return data
    lines = data.split(newline)
    for line, kind in broken.items():
        lines[line] = break_line(lines[line], kind)
    return newline.join(lines)


def _header(table: Table) -> bytes:
    line = ",".join(column.name for column in table.columns) + table.agency.newline
    return line.encode(table.agency.encoding)


def _place(draft: Draft, row: int) -> int:
    """Where a row that is there once comes in the file."""
    return int(np.flatnonzero(draft.order == row)[0])


def write_csv(path: Path, draft: Draft) -> int:
    with path.open("wb") as file:
        return write_lines(file, draft)


def write_lines(file: IO[bytes], draft: Draft) -> int:
    """A header and the rows as CSV; some lines broken, each of which is told."""
    position = {row: _place(draft, row) for row in draft.bad_lines}
    newline = draft.table.agency.newline.encode()
    total = 0
    file.write(_header(draft.table))
    for start, chunk in chunks(draft):
        here = {
            at - start: draft.bad_lines[row]
            for row, at in position.items()
            if start <= at < start + chunk.num_rows
        }
        file.write(_damaged(_encoded(_csv_bytes(chunk), draft.table), newline, here))
        total += chunk.num_rows
    for row, at in sorted(position.items()):
        draft.note("physical", "bad_line", row, "", draft.bad_lines[row], line=at + 2)
    return total
