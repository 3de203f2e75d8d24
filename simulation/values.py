"""Compute a column's meaning from its origin, before any habit of spelling."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from simulation.attributes import BODY, STALE, Attributes, villages
from simulation.codes import CODE_SETS
from simulation.declare import Column, Table
from simulation.rows import Rows
from simulation.world.base import (
    NOBODY,
    Ints,
    Rng,
    Text,
    joined,
    numbered,
    picked,
    weighted,
    years_of,
    ymd,
)
from simulation.world.people import addresses
from simulation.world.world import World

DAY_SECONDS = 86400
_CALL = re.compile(r"(\w+)(?:\((.*)\))?")
PLATE_LETTERS = "ABCDEFGHJKMNPQR"


@dataclass
class Context:
    """One table in the making; `officer` is the same person in all its columns."""

    world: World
    attributes: Attributes
    table: Table
    rows: Rows
    rng: Rng
    keys: Mapping[str, Mapping[str, pa.Array]]  # of the agency's earlier tables
    officer: Ints = field(init=False)

    def __post_init__(self) -> None:
        adults = np.flatnonzero(self.world.economy.age >= 22)
        self.officer = adults[self.rng.integers(0, len(adults), self.rows.size)]

    @property
    def size(self) -> int:
        return self.rows.size


def _optional(index: Ints) -> pa.Array:
    return pa.array(index, mask=index == NOBODY)


def _persons(context: Context, role: str) -> Ints:
    """The person who plays a role in each row."""
    family, rows = context.world.people.family, context.rows
    if role == "officer":
        return context.officer
    if role == "legal":
        bodies = rows.bodies or context.world.firms
        return bodies.legal[rows.body if rows.bodies else rows.firm]
    if role == "head":
        return context.attributes.heads[rows.person]
    if role == "guardian":
        mother = family.mother[rows.person]
        return np.where(mother == NOBODY, family.father[rows.person], mother)
    if role == "person":
        return rows.person
    links = {"spouse": family.spouse, "father": family.father, "mother": family.mother}
    return links[role][rows.person]


def _of_person(context: Context, role: str, name: str) -> pa.Array:
    index = _optional(_persons(context, role))
    attributes = context.attributes
    if name == "township":
        return pc.utf8_slice_codeunits(attributes.person("village").take(index), 0, 9)
    fresh = attributes.person(name).take(index)
    if name not in STALE:
        return fresh
    agency = context.table.agency
    stale = attributes.stale(agency.code, agency.stale).take(index)
    return pc.if_else(stale, attributes.person(STALE[name]).take(index), fresh)


def _of_body(context: Context, role: str, name: str) -> pa.Array:
    world, rows = context.world, context.rows
    bodies = rows.bodies if role == "inst" and rows.bodies else world.firms
    index = rows.body if role == "inst" else rows.firm
    if role == "employer":
        index = world.economy.employer[rows.person]
    if name == "township":
        return pc.utf8_slice_codeunits(villages(world, bodies.village[index]), 0, 9)
    return BODY[name](world, bodies).take(_optional(index))


def _of_place(context: Context, _: str, name: str) -> pa.Array:
    village = context.rows.village
    if name == "address":
        return addresses(context.rng, village, context.world.places)
    codes = villages(context.world, village)
    return codes if name == "village" else pc.utf8_slice_codeunits(codes, 0, 9)


def _attribute(context: Context, role: str, name: str) -> pa.Array:
    if role == "place":
        return _of_place(context, role, name)
    if role in ("firm", "inst", "employer"):
        return _of_body(context, role, name)
    return _of_person(context, role, name)


@dataclass(frozen=True)
class Call:
    """The making of one column by a function."""

    context: Context
    column: Column


def _serial(call: Call, prefix: str, width: str) -> pa.Array:
    """Numbers in the order of the rows, starting where the agency began to count."""
    start = len(prefix) * 17 + len(call.context.table.name)
    numbers = np.arange(start, start + call.context.size, dtype=np.int64)
    return joined(prefix, numbered(numbers, int(width))) if int(width) else pa.array(numbers)


def _offset(context: Context, low: str, high: str) -> Ints:
    return context.rng.integers(int(low), int(high) + 1, context.size)


def _day(call: Call, low: str = "0", high: str = "0") -> pa.Array:
    day = call.context.rows.day + _offset(call.context, low, high)
    return pa.array(day if call.column.future else np.minimum(day, call.context.world.today))


def _death(call: Call, low: str, high: str) -> pa.Array:
    return pc.add(
        _of_person(call.context, "person", "death"), pa.array(_offset(call.context, low, high))
    )


def _daytime(call: Call, low: str = "0", high: str = "0") -> pa.Array:
    """Seconds since 1970, in office hours, never after today."""
    day = np.minimum(
        call.context.rows.day + _offset(call.context, low, high), call.context.world.today
    )
    return pa.array(
        day * DAY_SECONDS + call.context.rng.integers(8 * 3600, 18 * 3600, call.context.size)
    )


def _now(call: Call) -> pa.Array:
    """Last change of the row: after it happened, mostly in the last two years."""
    ago = call.context.rng.exponential(400, call.context.size).astype(np.int64)
    day = np.clip(call.context.world.today - ago, call.context.rows.day, call.context.world.today)
    return pa.array(
        day * DAY_SECONDS + call.context.rng.integers(0, DAY_SECONDS, call.context.size)
    )


def _month(call: Call) -> pa.Array:
    month = call.context.rows.month
    if not len(month):
        month = ymd(call.context.rows.day) // 100
    text = numbered(month, 6)
    if call.context.table.agency.dates != "iso":
        return text
    return joined(pc.utf8_slice_codeunits(text, 0, 4), "-", pc.utf8_slice_codeunits(text, 4, 6))


def _year(call: Call) -> pa.Array:
    return pa.array(years_of(call.context.rows.day))


def _code(call: Call) -> pa.Array:
    return pa.array(
        weighted(call.context.rng, CODE_SETS[call.column.codeset].weights, call.context.size)
    )


def _pick(call: Call, *words: str) -> pa.Array:
    if not call.column.codeset:
        return picked(call.context.rng, words, call.context.size)
    codes = [code for code, _ in CODE_SETS[call.column.codeset].values]
    ranks = np.array([codes.index(word) for word in words], dtype=np.int64)
    return pa.array(ranks[call.context.rng.integers(0, len(ranks), call.context.size)])


def _amount(call: Call, median: str, spread: str) -> pa.Array:
    drawn = call.context.rng.normal(np.log(float(median)), float(spread), call.context.size)
    return pa.array(np.round(np.exp(drawn), 2))


def _share(call: Call, origin: str, part: str) -> pa.Array:
    return pc.multiply(
        pc.cast(value_of(call.context, call.column, origin), pa.float64()), float(part)
    )


def _int(call: Call, low: str, high: str) -> pa.Array:
    return pa.array(call.context.rng.integers(int(low), int(high) + 1, call.context.size))


def _real(call: Call, low: str, high: str, places: str) -> pa.Array:
    return pa.array(
        np.round(call.context.rng.uniform(float(low), float(high), call.context.size), int(places))
    )


def _ref(call: Call) -> pa.Array:
    table, name = call.column.target
    return call.context.keys[table][name].take(pa.array(call.context.rows.parent))


def _plate(call: Call) -> Text:
    """津 + office + five signs; one in eight is a new-energy plate of six."""
    rng, size = call.context.rng, call.context.size
    start = joined("津", picked(rng, PLATE_LETTERS, size))
    usual = joined(
        picked(rng, PLATE_LETTERS + "0123456789", size), numbered(rng.integers(0, 10**4, size), 4)
    )
    green = joined(picked(rng, "DF", size), numbered(rng.integers(0, 10**5, size), 5))
    return joined(start, pc.if_else(pa.array(rng.random(size) < 0.125), green, usual))


FUNCTIONS: Mapping[str, Callable[..., pa.Array]] = {
    "serial": _serial, "day": _day, "death": _death, "daytime": _daytime, "now": _now,
    "month": _month, "year": _year, "code": _code, "pick": _pick, "amount": _amount,
    "share": _share, "int": _int, "real": _real, "ref": _ref, "plate": _plate,
}  # fmt: skip


def value_of(context: Context, column: Column, origin: str) -> pa.Array:
    """Days, seconds, ranks of codes, numbers or text: what the column is to say."""
    role, dot, name = origin.partition(".")
    if dot and "(" not in role:
        return _attribute(context, role, name)
    found = _CALL.fullmatch(origin)
    if found is None:
        raise ValueError(f"bad value {origin!r}")
    arguments = re.split("[,;]", found[2]) if found[2] else []
    return FUNCTIONS[found[1]](Call(context, column), *arguments)
