"""Physical damage: lines and cells that cannot be read at all."""

from __future__ import annotations

from simulation.declare import Table
from simulation.draft import Draft
from simulation.rows import Rows
from simulation.world.base import Rng

LINE_DAMAGES = ("extra_field", "missing_field", "undecodable")
CELL_TEXTS = ("无", "待核实", "3,200.00元", "N/A", "约50", "见备注")
DAMAGE_RATE, NEAR_DUPLICATE_RATE = 0.0002, 0.0015
MOST_DAMAGED = 25

# Registers whose every row counts for the topics, and are never entered twice.
SINGLE = frozenset(("gongan", "renshe", "yibao"))
WHOLE = frozenset((("gongan", "T_HU"), ("minzheng", "db_dx"), ("gongan", "T_CZRK")))


def registers_once(table: Table) -> bool:
    """Does a table hold one row a person, firm or house, so that a second is one too many?"""
    single = table.agency.code in SINGLE or len(table.keys) > 1
    about = table.rows.maker in ("people", "firms", "wards", "homes") and not table.rows.per
    return about and not single


def spare(table: Table, rows: Rows, rng: Rng) -> tuple[list[int], list[int]]:
    """Rows set aside for damage, and for near duplicates; they are nobody's parents."""
    if (table.agency.code, table.name) in WHOLE or rows.size < 4:
        return [], []
    damaged = min(
        int(rows.size * DAMAGE_RATE * table.agency.sloppiness + rng.random() * 1.2), MOST_DAMAGED
    )
    twice = int(rows.size * NEAR_DUPLICATE_RATE + rng.random()) if registers_once(table) else 0
    found = [int(row) for row in rng.permutation(rows.size)[: damaged + twice]]
    return found[:damaged], found[damaged:]


def damage(draft: Draft, spare_rows: list[int]) -> None:
    """Lines of CSV break and cells of SQLite hold anything; no other format lets that happen."""
    if draft.table.agency.separated:
        for row in spare_rows:
            kind = LINE_DAMAGES[int(draft.rng.integers(0, len(LINE_DAMAGES)))]
            draft.bad_lines[row] = kind
        return
    if draft.table.agency.format != "sqlite":
        return
    columns = [
        c for c in draft.table.columns
        if c.physical != "TEXT" and not c.key and not c.kind.startswith("ref:")
    ]  # fmt: skip
    for row in spare_rows if columns else ():
        column = columns[int(draft.rng.integers(0, len(columns)))]
        text = CELL_TEXTS[int(draft.rng.integers(0, len(CELL_TEXTS)))]
        draft.edit(row, column.name, text)
        draft.note("physical", "bad_cell", row, column.name, text)


def break_line(line: bytes, kind: str) -> bytes:
    if kind == "extra_field":
        return line + b",0"
    if kind == "missing_field":
        return line.rpartition(b",")[0]
    first, comma, rest = line.partition(b",")
    return first + comma + b"\xff\xfe" + rest  # in neither UTF-8 nor GB18030
