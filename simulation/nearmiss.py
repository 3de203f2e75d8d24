"""What looks wrong and is right: lower-case x, old ids, rare names, leap days."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from simulation.declare import Column
from simulation.draft import Draft
from simulation.lexicon import OLD_COUNTIES, RARE_NAMES
from simulation.world.base import matching

SHOWN = 25  # natural near misses named in the truth, of each sort and column


@dataclass(frozen=True)
class Natural:
    """Near misses that the population brings along by itself."""

    class_: str
    kind: str
    pattern: str


NATURAL = (
    Natural("historic_division", "id_number", rf"^(120222|{'|'.join(OLD_COUNTIES)})\d{{11}}[\dX]$"),
    Natural("residence_permit", "id_number", r"^8[123]0000"),
    Natural("leap_day", "id_number", r"^\d{6}(19|20)\d\d0229"),
    Natural("rare_name", "person_name", f"[{''.join(RARE_NAMES)}]"),
    Natural("minority_name", "person_name", "·"),
    Natural("bracket_name", "org_name", "[(\uff08\uff09)]"),
    Natural("landline", "phone", "^0"),
    Natural("uscc_letter_prefix", "uscc", "^[A-Z]"),
)


def _note_natural(draft: Draft, natural: Natural, column: Column) -> None:
    found = np.flatnonzero(matching(draft.columns[column.name], natural.pattern) & ~draft.used)
    shown = draft.rng.permutation(found)[:SHOWN]
    for row in sorted(map(int, shown)):
        draft.note(
            "near_miss", natural.class_, row, column.name, str(draft.value(column.name, row))
        )


def name_natural(draft: Draft) -> None:
    """To be called after all dirt, so that what it names is clean."""
    for natural in NATURAL:
        for column in draft.table.columns:
            if column.kind == natural.kind:
                _note_natural(draft, natural, column)


def _lower_x(text: str) -> str | None:
    return text[:-1] + "x" if text.endswith("X") else None


def _id15(text: str) -> str | None:
    """The number as it was before 1999; only for people who had one then."""
    old = text[6:8] == "19" and int(text[6:10]) < 1985 and text[0] != "8"
    return text[:6] + text[8:17] if old else None


MADE: dict[str, tuple[float, Callable[[str], str | None]]] = {
    "lower_x": (0.002, _lower_x),
    "id15": (0.002, _id15),
}
ARCHIVES = frozenset(
    ("minzheng", "guihua", "zhujian", "nongye", "tuiyi", "sifa", "shuiwu", "xinfang", "quwei",
     "weijian", "renshe", "jiaotong")
)  # fmt: skip


def _make(draft: Draft, class_: str, column: Column) -> None:
    rate, maker = MADE[class_]
    left = draft.quota(rate)
    for row in draft.free_rows(left * 6):
        value = draft.value(column.name, row)
        other = maker(value) if left and isinstance(value, str) else None
        if other is not None:
            draft.edit(row, column.name, other)
            draft.note("near_miss", class_, row, column.name, f"{value} → {other}")
            left -= 1


def make(draft: Draft) -> None:
    """Old systems hold ids as they were typed long ago."""
    if draft.table.agency.code not in ARCHIVES:
        return
    for column in draft.table.columns:
        if column.kind == "id_number" and not column.key:
            for class_ in MADE:
                _make(draft, class_, column)
