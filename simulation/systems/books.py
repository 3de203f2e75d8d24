"""What the systems hold, kept between starts: rows by table, the day, and a manifest of it all."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from simulation import VERSION
from simulation.systems.declare import TABLES
from simulation.systems.rows import BATCH, MAKERS, Row
from simulation.systems.turns import Turn, after, folded, turn
from simulation.world.base import day_of
from simulation.world.world import make_world

MANIFEST = "manifest.json"
Identity = Mapping[str, Any]


def identity(persons: int, seed: int, day: date) -> dict[str, Any]:
    """What the systems are made of: the same identity means the same rows on each day."""
    return {"version": VERSION, "persons": persons, "seed": seed, "day": day.isoformat()}


@dataclass
class Books:
    """`rows` of each table, batches included; `turns` days have passed."""

    folder: Path
    made_of: Identity
    rows: dict[str, list[Row]]
    turns: int = 0

    @property
    def mark(self) -> str:
        """Names this very content: a store that carries it need not be filled again."""
        return json.dumps({**self.made_of, "turn": self.turns}, sort_keys=True)

    def final(self, name: str) -> list[Row]:
        """What a reader of the table ends up with."""
        return folded(name, self.rows[name])

    def batches(self, name: str) -> dict[str, list[Row]]:
        """The batches of a table in their order, without their mark."""
        found: dict[str, list[Row]] = {}
        for row in self.rows[name]:
            plain = {key: value for key, value in row.items() if key != BATCH}
            found.setdefault(row[BATCH] or "", []).append(plain)
        return found

    def pass_day(self) -> dict[str, Turn]:
        """The next day: written down, and what it changed."""
        today = date.fromisoformat(self.made_of["day"])
        since, number = day_of(today.year, today.month, today.day), self.turns + 1
        changes = {
            name: turn(name, rows, self.made_of["seed"], since, number)
            for name, rows in self.rows.items()
        }
        self.rows = {name: after(name, self.rows[name], changes[name]) for name in self.rows}
        self.turns = number
        self.save()
        return changes

    def save(self) -> None:
        """The manifest last: with it, everything it names is there."""
        folder = self.folder / f"rows-{self.turns}"
        folder.mkdir(parents=True, exist_ok=True)
        for name, rows in self.rows.items():
            pq.write_table(pa.Table.from_pylist(rows, _schema(name)), folder / f"{name}.parquet")
        told = {
            **self.made_of,
            "turn": self.turns,
            "tables": {name: _told(self.final(name)) for name in self.rows},
        }
        text = json.dumps(told, ensure_ascii=False, indent=1) + "\n"
        scratch = self.folder / f".{MANIFEST}"
        scratch.write_text(text, "utf-8")
        scratch.replace(self.folder / MANIFEST)
        for old in self.folder.glob("rows-*"):
            if old != folder:
                _drop(old)


def _drop(folder: Path) -> None:
    for path in folder.iterdir():
        path.unlink()
    folder.rmdir()


def _schema(name: str) -> pa.Schema:
    table = TABLES[name]
    names = [*table.names, *([BATCH] if table.batched else [])]
    return pa.schema([(column, pa.string()) for column in names])


def _told(rows: Sequence[Row]) -> dict[str, Any]:
    digest = hashlib.sha256()
    for line in sorted(json.dumps(row, ensure_ascii=False, sort_keys=True) for row in rows):
        digest.update(line.encode())
    return {"rows": len(rows), "sha256": digest.hexdigest()}


def read_books(folder: Path, made_of: Identity) -> Books | None:
    """What an earlier start left, if it was made of the same."""
    try:
        told = json.loads((folder / MANIFEST).read_text("utf-8"))
    except (OSError, ValueError):
        return None
    if any(told.get(name) != value for name, value in made_of.items()):
        return None
    rows = {
        name: pq.read_table(folder / f"rows-{told['turn']}" / f"{name}.parquet").to_pylist()
        for name in TABLES
    }
    return Books(folder, made_of, rows, told["turn"])


def make_books(folder: Path, divisions: Path, made_of: Identity) -> Books:
    """Rows of the first day, out of the county's world."""
    day = date.fromisoformat(made_of["day"])
    world = make_world(divisions, made_of["persons"], made_of["seed"], day)
    books = Books(folder, made_of, {name: MAKERS[name](world) for name in TABLES})
    books.save()
    return books
