"""A table on its way to the file: columns, edits, and which rows are still clean."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cached_property

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from simulation.declare import Table
from simulation.rows import Rows
from simulation.truth import Fact
from simulation.world.base import Ints, Mask, Rng
from simulation.world.world import World

Value = str | int | float | None


@dataclass
class Draft:
    world: World
    table: Table
    rows: Rows
    rng: Rng
    columns: dict[str, pa.Array]
    used: Mask = field(init=False)  # rows that are dirty, soft, a near miss or spoken for
    edits: dict[str, dict[int, Value]] = field(default_factory=dict)
    facts: list[Fact] = field(default_factory=list)
    copies: dict[int, int] = field(default_factory=dict)  # row → how often it comes again
    bad_lines: dict[int, str] = field(default_factory=dict)  # row → how its line is broken

    def __post_init__(self) -> None:
        self.used = np.zeros(self.rows.size, dtype=np.bool_)
        self.used[self.rows.spare] = True

    @property
    def size(self) -> int:
        return self.rows.size

    def value(self, column: str, row: int) -> Value:
        edited = self.edits.get(column, {})
        found: Value = edited[row] if row in edited else self.columns[column][row].as_py()
        return found

    def key(self, row: int) -> str:
        return "|".join(str(self.columns[name][row]) for name in self.table.keys)

    def free_rows(self, wanted: int) -> Iterator[int]:
        """Clean rows by chance, a few more than wanted since not all will suit."""
        tries = self.rng.integers(0, max(self.size, 1), wanted * 8 + 8) if self.size else ()
        for row in map(int, tries):
            if not self.used[row]:
                yield row

    def quota(self, rate: float) -> int:
        """A share of the rows; small tables get one now and then."""
        return int(self.size * rate + self.rng.random())

    def edit(self, row: int, column: str, value: Value) -> None:
        self.edits.setdefault(column, {})[row] = value
        self.used[row] = True

    def note(
        self, kind: str, class_: str, row: int, column: str, detail: str, line: int | None = None
    ) -> None:
        table = self.table
        self.used[row] = True
        self.facts.append(
            Fact(
                kind, table.agency.code, table.system, table.name,
                self.key(row), column, class_, line, detail,
            )
        )  # fmt: skip

    def settle(self) -> None:
        """Write the edits into the columns, where the column's type allows it."""
        for name, changes in self.edits.items():
            rows = sorted(changes)
            mask = np.zeros(self.size, dtype=np.bool_)
            mask[rows] = True
            column = self.columns[name]
            values: list[Value] = [changes[row] for row in rows]
            if any(isinstance(value, str) for value in values):
                column = pc.cast(column, pa.string())
                values = [None if value is None else str(value) for value in values]
            replacement = pa.array(values, column.type)
            self.columns[name] = pc.replace_with_mask(column, pa.array(mask), replacement)
        self.edits.clear()

    @cached_property
    def order(self) -> Ints:
        """Rows in their order in the file; copies come somewhere after the first."""
        places: list[float] = []
        again: list[int] = []
        for row, count in self.copies.items():
            again += [row] * count
            places += list(self.rng.uniform(row + 0.5, self.size, count))
        rows = np.concatenate([np.arange(self.size), np.array(again, dtype=np.int64)])
        position = np.concatenate([np.arange(self.size, dtype=np.float64), np.array(places)])
        return rows[np.argsort(position, kind="stable")]
