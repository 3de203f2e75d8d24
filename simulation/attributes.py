"""What is known about a person or a body, as columns over all of them."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import cache

import numpy as np
import pyarrow as pa

from simulation.codes import CODE_SETS
from simulation.rows import heads
from simulation.world.base import NEVER, NOBODY, Ints, Text, chance, joined, numbered, weighted
from simulation.world.families import CHILD, CHILD2, FATHER, MOTHER, SPOUSE
from simulation.world.firms import Bodies
from simulation.world.world import World


def days(values: Ints) -> pa.Array:
    return pa.array(values, mask=values == NEVER)


def _ranks(name: str, codes: Mapping[int, str], values: Ints) -> pa.Array:
    """Translate own numbers into ranks of a code set."""
    listed = [code for code, _ in CODE_SETS[name].values]
    top = max(codes) + 1
    table = np.zeros(top, dtype=np.int64)
    for value, code in codes.items():
        table[value] = listed.index(code)
    return pa.array(table[values])


def villages(world: World, index: Ints) -> Text:
    return pa.array(list(world.places.villages)).take(pa.array(index))


def _sex(world: World) -> pa.Array:
    return pa.array(world.people.family.sex - 1)  # 男, 女 come first in the set


def _relation(world: World) -> pa.Array:
    family = world.people.family
    role = family.role
    relation = np.full(len(role), 8)
    for mine, code in ((SPOUSE, 1), (FATHER, 5), (MOTHER, 5)):
        relation[role == mine] = code
    child = (role == CHILD) | (role == CHILD2)
    relation[child] = np.where(family.sex[child] == 1, 2, 3)
    relation[heads(world)] = 0
    return pa.array(relation)


def _marital(world: World) -> pa.Array:
    people = world.people
    widowed = (people.death != NEVER)[people.family.spouse] & (people.family.spouse != NOBODY)
    married = people.marriage != NEVER
    return pa.array(np.where(widowed, 2, np.where(married, 1, 0)))


def _education(world: World) -> pa.Array:
    drawn = weighted(
        chance(world.seed, "education"), (30, 22, 17, 12, 11, 6, 1, 1), world.people.size
    )
    return pa.array(np.where(world.economy.age < 15, 1, drawn))


def _members(world: World) -> pa.Array:
    household = world.people.family.household
    return pa.array(
        np.maximum(np.bincount(household, world.economy.alive), 1)[household].astype(int)
    )


def _hukou(world: World) -> pa.Array:
    urban = np.array(world.places.urban)[world.people.village]
    return pa.array(np.where(urban, 1, 0))


PERSON: Mapping[str, Callable[[World], pa.Array]] = {
    "id": lambda w: w.people.id,
    "name": lambda w: w.people.name,
    "sex": _sex,
    "birth": lambda w: days(w.people.family.birth),
    "ethnicity": lambda w: pa.array(w.people.ethnicity),
    "phone": lambda w: w.people.phone,
    "old_phone": lambda w: w.people.old_phone,
    "address": lambda w: w.people.address,
    "old_address": lambda w: w.people.old_address,
    "village": lambda w: villages(w, w.people.village),
    "death": lambda w: days(w.people.death),
    "marriage": lambda w: days(w.people.marriage),
    "household": lambda w: joined("HK120114", numbered(w.people.family.household, 7)),
    "relation": _relation,
    "marital": _marital,
    "education": _education,
    "members": _members,
    "hukou": _hukou,
    "state": lambda w: pa.array(np.where(w.economy.alive, 0, 2)),
    "wage": lambda w: pa.array(w.economy.wage, mask=w.economy.wage == 0),
    "pension": lambda w: pa.array(w.economy.pension, mask=w.economy.pension == 0),
    "declared": lambda w: pa.array(w.economy.per_capita * 9 // 10 + 50),
    "relief_since": lambda w: days(w.economy.relief_since),
    "grade": lambda w: pa.array(np.clip(w.economy.age - 6, 0, 11)),
    "medical": lambda w: pa.array(np.where(w.economy.wage > 0, 0, 1)),
}

STALE = {"phone": "old_phone", "address": "old_address"}


def _scope(bodies: Bodies) -> pa.Array:
    labels = [label for _, label in CODE_SETS["industry"].values]
    return pa.array(labels).take(pa.array(bodies.industry))


BODY: Mapping[str, Callable[[World, Bodies], pa.Array]] = {
    "uscc": lambda _, b: b.uscc,
    "name": lambda _, b: b.name,
    "address": lambda _, b: b.address,
    "phone": lambda _, b: b.phone,
    "kind": lambda _, b: pa.array(b.kind),
    "industry": lambda _, b: pa.array(b.industry),
    "village": lambda w, b: villages(w, b.village),
    "founded": lambda _, b: days(b.founded),
    "closed": lambda _, b: days(b.closed),
    "state": lambda _, b: pa.array(np.where(b.closed == NEVER, 0, 2)),
    "capital": lambda _, b: pa.array(b.capital),
    "staff": lambda _, b: pa.array(b.staff),
    "scope": lambda _, b: _scope(b),
}


class Attributes:
    """Columns over all people, computed once and kept."""

    def __init__(self, world: World) -> None:
        self.world = world
        self.person = cache(self._person)
        self.stale = cache(self._stale)
        self.heads = heads(world)[world.people.family.household]

    def _person(self, name: str) -> pa.Array:
        return PERSON[name](self.world)

    def _stale(self, agency: str, share: float) -> pa.Array:
        """Of whom the agency knows no more than the old phone and address."""
        drawn = chance(self.world.seed, agency, "stale").random(self.world.people.size)
        return pa.array(drawn < share)
