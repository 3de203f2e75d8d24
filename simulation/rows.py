"""Which people, firms or places the rows of a table are about."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

import numpy as np

from simulation.declare import RowSpec, Table
from simulation.world.base import NEVER, NOBODY, YEAR, Ints, Mask, Rng, day_of, weighted
from simulation.world.firms import Bodies
from simulation.world.world import FIRM_MASKS, PEOPLE_MASKS, World


def _none() -> Ints:
    return np.empty(0, dtype=np.int64)


@dataclass
class Rows:
    """The subjects of a table, row by row; arrays that do not apply stay empty."""

    day: Ints  # when it happened
    village: Ints
    person: Ints = field(default_factory=_none)
    firm: Ints = field(default_factory=_none)
    body: Ints = field(default_factory=_none)  # institution
    bodies: Bodies | None = None
    parent: Ints = field(default_factory=_none)  # row of the parent table
    month: Ints = field(default_factory=_none)  # 202601
    spare: Ints = field(default_factory=_none)  # set aside: never clean, never a parent

    @property
    def size(self) -> int:
        return len(self.day)

    def take(self, index: Ints) -> Rows:
        def some(array: Ints) -> Ints:
            return array[index] if len(array) else array

        return Rows(
            self.day[index], self.village[index], some(self.person), some(self.firm),
            some(self.body), self.bodies, some(self.parent), some(self.month),
        )  # fmt: skip

    def usable(self) -> Ints:
        free = np.ones(self.size, dtype=np.bool_)
        free[self.spare] = False
        return np.flatnonzero(free)


@dataclass
class Maker:
    """What a maker of rows works with."""

    world: World
    rng: Rng
    parents: Mapping[str, Rows]

    def days(self, spec: RowSpec, low: Ints, high: Ints) -> Ints:
        start = np.maximum(low, day_of(spec.since))
        room = np.maximum(high - start, 1)
        days: Ints = np.minimum(start + (self.rng.random(len(low)) * room).astype(np.int64), high)
        return days

    def times(self, spec: RowSpec, count: int) -> Ints:
        """How many rows each entity has: one, or by chance around `per`."""
        if not spec.per:
            return np.ones(count, dtype=np.int64)
        return self.rng.poisson(spec.per, count).astype(np.int64)

    def some(self, found: Ints, share: float, floor: int = 0) -> Ints:
        chosen = found[self.rng.random(len(found)) < share] if share < 1 else found
        return chosen if len(chosen) >= floor else self.rng.permutation(found)[:floor]


def _masked(names: str, masks: Mapping[str, Callable[[World], Mask]], world: World) -> Mask | None:
    mask: Mask | None = None
    for name in filter(None, names.split(",")):
        mask = masks[name](world) if mask is None else mask & masks[name](world)
    return mask


def _people(make: Maker, spec: RowSpec) -> Ints:
    mask = _masked(spec.where, PEOPLE_MASKS, make.world)
    every = np.arange(make.world.people.size) if mask is None else np.flatnonzero(mask)
    return make.some(every, spec.share)


# What one does at a certain age only: the youngest at which a row may have happened.
YOUNGEST = {"elder80": 80, "elder": 60, "pensioner": 50, "student": 6} | dict.fromkeys(
    ("adult", "worker", "farmer", "jobless", "driver", "car", "home", "veteran", "ill"), 18
)


def _first_days(make: Maker, spec: RowSpec, person: Ints) -> Ints:
    youngest = max((YOUNGEST.get(name, 0) for name in spec.where.split(",")), default=0)
    first: Ints = make.world.people.family.birth[person] + 1 + int(youngest * YEAR)
    return first


def _of_people(make: Maker, spec: RowSpec, person: Ints) -> Rows:
    people, today = make.world.people, make.world.today
    death = people.death[person]
    last = np.where(death == NEVER, today, death)
    day = make.days(spec, _first_days(make, spec, person), last)
    return Rows(day=day, village=people.village[person], person=person)


def people(make: Maker, spec: RowSpec) -> Rows:
    person = _people(make, spec)
    person = np.repeat(person, make.times(spec, len(person)))
    return _of_people(make, spec, make.rng.permutation(person))


def wards(make: Maker, spec: RowSpec) -> Rows:
    """People of an institution, a project or a site: each has a parent by chance."""
    rows = people(make, spec)
    parent = make.parents[spec.parent]
    choice = parent.usable()
    if not len(choice):  # a tiny county may have no such institution
        return rows.take(choice)
    rows.parent = choice[make.rng.integers(0, len(choice), rows.size)]
    return rows


def newborns(make: Maker, spec: RowSpec) -> Rows:
    rows = wards(make, spec)
    keep = make.world.people.family.mother[rows.person] != NOBODY
    rows = rows.take(np.flatnonzero(keep))
    rows.day = make.world.people.family.birth[rows.person] + 3
    return rows


def heads(world: World) -> Ints:
    """The head of each household: its first living member, or its first."""
    household, alive = world.people.family.household, world.economy.alive
    head = np.full(int(household[-1]) + 1, NOBODY)
    for choice in (np.arange(len(household)), np.flatnonzero(alive)):
        head[household[choice[::-1]]] = choice[::-1]
    return head


def households(make: Maker, spec: RowSpec) -> Rows:
    head = heads(make.world)
    local = ~make.world.people.floating[head]
    return _of_people(make, spec, head[local])


def members(make: Maker, spec: RowSpec) -> Rows:
    """People with their household's row in the parent table."""
    household = make.world.people.family.household
    parent = make.parents[spec.parent]
    row_of = np.full(int(household[-1]) + 1, NOBODY)
    row_of[household[parent.person]] = np.arange(parent.size)
    row_of[household[parent.person[parent.spare]]] = NOBODY  # their line is unreadable
    person = _people(make, spec)
    person = person[row_of[household[person]] != NOBODY]
    rows = _of_people(make, spec, make.rng.permutation(person))
    rows.parent = row_of[household[rows.person]]
    return rows


def homes(make: Maker, spec: RowSpec) -> Rows:
    economy, places = make.world.economy, make.world.places
    first, second = np.flatnonzero(economy.home), np.flatnonzero(economy.second_home)
    rows = _of_people(make, spec, make.some(np.concatenate([first, second]), spec.share))
    elsewhere = weighted(make.rng, list(places.weights), rows.size)
    again = np.arange(rows.size) >= len(first)
    rows.village = np.where(again, elsewhere, rows.village)
    return rows


def _months(make: Maker, count: int) -> Ints:
    """The last full months before today, as 202610."""
    this = np.datetime64(make.world.today, "D").astype("datetime64[M]").astype(np.int64)
    months = this - np.arange(count, 0, -1)
    named: Ints = (months // 12 + 1970) * 100 + months % 12 + 1
    return named


def _first_day(month: Ints) -> Ints:
    dates = (month // 100 - 1970) * 12 + month % 100 - 1
    return dates.astype("datetime64[M]").astype("datetime64[D]").astype(np.int64)


def _monthly(make: Maker, spec: RowSpec, rows: Rows) -> Rows:
    months = _months(make, int(spec.per))
    result = rows.take(np.repeat(np.arange(rows.size), len(months)))
    result.month = np.tile(months, rows.size)
    result.day = _first_day(result.month) + make.rng.integers(9, 26, result.size)
    return result


def months(make: Maker, spec: RowSpec) -> Rows:
    """A payment a month for each row of the parent table."""
    parent = make.parents[spec.parent]
    chosen = parent.usable()
    if spec.where == "paid":
        chosen = chosen[make.world.economy.wage[parent.person[chosen]] > 0]
    rows = parent.take(chosen)
    rows.parent = chosen
    return _monthly(make, spec, rows)


def payouts(make: Maker, spec: RowSpec) -> Rows:
    person = _people(make, spec)
    return _monthly(make, spec, _of_people(make, spec, person))


def firms(make: Maker, spec: RowSpec) -> Rows:
    world = make.world
    mask = _masked(spec.where, FIRM_MASKS, world)
    every = np.arange(world.firms.size) if mask is None else np.flatnonzero(mask)
    firm = make.some(every, spec.share, spec.floor)
    firm = make.rng.permutation(np.repeat(firm, make.times(spec, len(firm))))
    closed = world.firms.closed[firm]
    last = np.where(closed == NEVER, world.today, closed)
    day = make.days(spec, world.firms.founded[firm], last)
    return Rows(day=day, village=world.firms.village[firm], firm=firm)


def institutions(make: Maker, spec: RowSpec) -> Rows:
    bodies = make.world.institutions[spec.where]
    body = np.repeat(np.arange(bodies.size), make.times(spec, bodies.size))
    day = make.days(spec, bodies.founded[body], np.full(len(body), make.world.today))
    return Rows(day=day, village=bodies.village[body], body=body, bodies=bodies)


def things(make: Maker, spec: RowSpec) -> Rows:
    size = max(spec.floor, int(make.world.people.size * spec.share / 1000))
    village = weighted(make.rng, list(make.world.places.weights), size)
    low = np.full(size, day_of(spec.since))
    return Rows(day=make.days(spec, low, np.full(size, make.world.today)), village=village)


def villages(make: Maker, spec: RowSpec) -> Rows:
    size = len(make.world.places.villages)
    low = np.full(size, day_of(spec.since))
    day = make.days(spec, low, np.full(size, make.world.today))
    return Rows(day=day, village=np.arange(size))


def each(make: Maker, spec: RowSpec) -> Rows:
    """Rows that hang on rows of the parent table, later than these."""
    parent = make.parents[spec.parent]
    usable = make.some(parent.usable(), spec.share)
    chosen = np.repeat(usable, make.times(spec, len(usable)))
    rows = parent.take(chosen)
    rows.parent = chosen
    rows.day = make.days(spec, rows.day, np.full(rows.size, make.world.today))
    return rows


MAKERS: Mapping[str, Callable[[Maker, RowSpec], Rows]] = {
    maker.__name__: maker
    for maker in (
        people, wards, newborns, households, members, homes, months, payouts,
        firms, institutions, things, villages, each,
    )
}  # fmt: skip


def make_rows(world: World, table: Table, rng: Rng, parents: Mapping[str, Rows]) -> Rows:
    return MAKERS[table.rows.maker](Maker(world, rng, parents), table.rows)
