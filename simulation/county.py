"""Make the county: build each agency's tables, soil them, write them, tell the truth."""

from __future__ import annotations

import os
import time
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
import pyarrow as pa

from simulation import damage, dirt, nearmiss, soft
from simulation.attributes import Attributes
from simulation.declare import Table
from simulation.draft import Draft
from simulation.files import WRITERS
from simulation.rows import Rows, make_rows
from simulation.spelling import spell, thin
from simulation.tables.all import TABLES
from simulation.truth import Truth
from simulation.values import Context, value_of
from simulation.world.base import chance
from simulation.world.world import World

# A watched folder gives only files that lie still.
LAIN = 3600.0


@dataclass
class AgencyWork:
    """What later tables of an agency need of the earlier ones."""

    rows: dict[str, Rows] = field(default_factory=dict)
    keys: dict[str, dict[str, pa.Array]] = field(default_factory=dict)


@dataclass
class County:
    world: World
    out: Path
    truth: Truth = field(default_factory=Truth)
    counts: dict[str, int] = field(default_factory=dict)

    def write(self) -> None:
        attributes = Attributes(self.world)
        work: dict[str, AgencyWork] = {}
        for table in TABLES:
            mine = work.setdefault(table.agency.code, AgencyWork())
            self._store(self._draft(table, attributes, mine))

    def _draft(self, table: Table, attributes: Attributes, work: AgencyWork) -> Draft:
        rng = chance(self.world.seed, table.agency.code, table.name)
        rows = make_rows(self.world, table, rng, work.rows)
        damaged, twice = damage.spare(table, rows, rng)
        rows.spare = np.array(damaged + twice, dtype=np.int64)
        context = Context(self.world, attributes, table, rows, rng, work.keys)
        columns = {
            column.name: thin(
                spell(value_of(context, column, column.value), column, table.agency), column, rng
            )
            for column in table.columns
        }
        work.rows[table.name] = rows
        work.keys[table.name] = {name: columns[name] for name in table.keys}
        draft = Draft(self.world, table, rows, rng, columns)
        soil(draft, damaged, twice)
        return draft

    def _store(self, draft: Draft) -> None:
        table = draft.table
        path = self.out / table.path
        path.parent.mkdir(parents=True, exist_ok=True)
        count = WRITERS[table.agency.format](path, draft)
        if table.agency.inbox:
            os.utime(path, (time.time() - LAIN, time.time() - LAIN))
        self.counts[f"{table.agency.code}/{table.system}/{table.name}"] = count
        self.truth.facts += draft.facts


def soil(draft: Draft, damaged: list[int], twice: list[int]) -> None:
    """All that is not plain: in this order, so that no row is chosen twice."""
    soft.near_duplicates(draft, twice)
    damage.damage(draft, damaged)
    dirt.soil(draft)
    soft.vary(draft)
    nearmiss.make(draft)
    draft.settle()
    nearmiss.name_natural(draft)
    draft.settle()
