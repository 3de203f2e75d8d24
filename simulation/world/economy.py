"""Work, income, property, need: what decides who should receive 低保."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from simulation.world.base import NEVER, NOBODY, YEAR, Ints, Mask, Rng, weighted
from simulation.world.firms import COMPANY, Bodies
from simulation.world.people import People

RELIEF_LINE = 1010  # yuan a person a month
HIGH_BASE = 9000
CONTRIBUTION_FLOOR, CONTRIBUTION_CEILING = 5013, 26541


@dataclass
class Economy:
    age: Ints  # whole years, of the dead too
    alive: Mask
    student: Mask
    retired: Mask
    farmer: Mask
    disabled: Mask
    veteran: Mask
    ill: Mask  # chronically
    driver: Mask
    car: Mask
    home: Mask  # owns one house or more
    second_home: Mask
    firm_owner: Mask  # legal representative of an open firm
    employer: Ints  # firm, or NOBODY
    wage: Ints  # yuan a month, the contribution base
    pension: Ints
    poor: Mask  # lives in a household meant to be poor
    per_capita: Ints  # of the household, yuan a month
    eligible: Mask  # should receive 低保
    relief: Mask  # does receive it
    relief_since: Ints
    wrong_reason: Ints  # rank in WRONG_REASONS, or NOBODY


WRONG_REASONS = ("deceased", "firm_owner", "high_base", "second_home", "car")


def adults(people: People, today: int) -> Ints:
    """Persons who may answer for a firm."""
    age = (today - people.family.birth) / YEAR
    return np.flatnonzero((age > 22) & (age < 70) & (people.death == NEVER))


def _employers(rng: Rng, firms: Bodies, size: int) -> Ints:
    """Large firms employ more: chances follow the staff that they report."""
    open_company = (firms.category == COMPANY) & (firms.closed == NEVER)
    return weighted(rng, list(np.where(open_company, firms.staff, 0)), size)


def _household_any(people: People, mask: Mask) -> Mask:
    household = people.family.household
    return np.bincount(household[mask], minlength=int(household[-1]) + 1)[household] > 0


def _per_capita(people: People, alive: Mask, income: Ints) -> Ints:
    household = people.family.household
    count = int(household[-1]) + 1
    total = np.bincount(household, np.where(alive, income, 0), minlength=count)
    heads = np.maximum(np.bincount(household, alive, minlength=count), 1)
    return (total / heads)[household].astype(np.int64)


def _wages(rng: Rng, size: int) -> Ints:
    wage = np.exp(rng.normal(8.85, 0.42, size)).astype(np.int64)
    return np.clip(wage, CONTRIBUTION_FLOOR, CONTRIBUTION_CEILING)


def make_economy(rng: Rng, people: People, firms: Bodies, today: int) -> Economy:
    size, family = people.size, people.family

    def some(share: float) -> Mask:
        return rng.random(size) < share

    alive = people.death == NEVER
    age = ((today - family.birth) / YEAR).astype(np.int64)
    households = int(family.household[-1]) + 1
    owner = np.zeros(size, dtype=np.bool_)
    owner[firms.legal[firms.closed == NEVER]] = True
    # The registers name every owner, so that none of them may pass for poor.
    poor = (rng.random(households) < 0.035)[family.household] & ~_household_any(people, owner)
    working = alive & (age >= np.where(age < 23, 19, 18)) & (age < 60)
    retired = (age >= np.where(family.sex == 1, 60, 55)) & ~poor
    employed = working & ~retired & ~poor & some(0.62)
    farmer = working & ~employed & some(0.45)
    freelance = working & ~retired & ~poor & ~employed & ~farmer & some(0.88)
    wage = np.where(employed, _wages(rng, size), np.where(freelance, CONTRIBUTION_FLOOR, 0))
    pension = np.where(retired, np.where(some(0.6), rng.integers(2200, 6800, size), 0), 0)
    pension = np.where(
        (age >= 60) & (pension == 0), np.where(poor, 1, 3) * rng.integers(307, 620, size), pension
    )
    farm = np.where(farmer, np.where(poor, 500, 2200), 0)
    business = np.where(owner, 5200, 0)
    per_capita = _per_capita(people, alive, wage + pension + farm + business)
    car = (age >= 20) & (age < 72) & some(0.42) & ~poor & alive
    home = (family.role == 0) & some(0.78)
    second_home = home & ~poor & some(0.11)
    propertied = _household_any(people, car | second_home | owner)
    eligible = alive & ~people.floating & (per_capita < RELIEF_LINE) & ~propertied
    economy = Economy(
        age=age,
        alive=alive,
        student=alive & (age >= 6) & (age < 18),
        retired=retired & alive,
        farmer=farmer,
        disabled=some(0.022) | (poor & some(0.16)),
        veteran=(family.sex == 1) & (age >= 22) & some(0.035),
        ill=(age >= 35) & (some(0.07) | (poor & some(0.15))),
        driver=(age >= 20) & (age < 75) & some(0.55) & alive,
        car=car,
        home=home,
        second_home=second_home,
        firm_owner=owner,
        employer=np.where(employed, _employers(rng, firms, size), NOBODY),
        wage=wage,
        pension=pension * alive,
        poor=poor,
        per_capita=per_capita,
        eligible=eligible,
        relief=np.zeros(size, dtype=np.bool_),
        relief_since=today - rng.integers(200, 3000, size),
        wrong_reason=np.full(size, NOBODY),
    )
    _grant(rng, people, economy, households)
    return economy


def _grant(rng: Rng, people: People, economy: Economy, households: int) -> None:
    """Most of the eligible households receive relief; so do some that should not."""
    listed = (rng.random(households) < 0.86)[people.family.household]
    economy.relief |= economy.eligible & listed
    known = int(economy.relief.sum())
    for rank, mask in enumerate(_undeserving(people, economy)):
        pool = np.flatnonzero(mask & ~economy.relief & ~people.floating)
        count = min(len(pool), max(3, known // 60))
        found = rng.permutation(pool)[:count]
        economy.relief[found] = True
        economy.wrong_reason[found] = rank


def _undeserving(people: People, economy: Economy) -> tuple[Mask, ...]:
    """Who cannot rightly receive relief, in the order of WRONG_REASONS."""
    needy = economy.per_capita < 3500
    adult = economy.alive & (economy.age >= 18)
    return (
        ~economy.alive & (economy.age > 40) & (people.death > economy.relief_since),
        adult & economy.firm_owner,
        adult & (economy.wage > HIGH_BASE),
        adult & economy.second_home & needy,
        adult & economy.car & needy,
    )
