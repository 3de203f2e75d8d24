"""The whole world, and the masks by which tables choose their rows."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import numpy as np

from simulation.world.base import NEVER, NOBODY, Mask, chance, day_of
from simulation.world.economy import Economy, adults, make_economy
from simulation.world.families import make_families
from simulation.world.firms import (
    COLLECTIVE,
    COMPANY,
    COOPERATIVE,
    INSTITUTIONS,
    TRADER,
    Bodies,
    make_firms,
    make_institutions,
)
from simulation.world.people import People, make_people
from simulation.world.places import Places, read_places


@dataclass
class World:
    seed: int
    today: int
    places: Places
    people: People
    firms: Bodies
    institutions: dict[str, Bodies]
    economy: Economy


def make_world(divisions: Path, persons: int, seed: int, day: date) -> World:
    today = day_of(day.year, day.month, day.day)
    places = read_places(divisions)
    family = make_families(chance(seed, "families"), persons, today)
    people = make_people(chance(seed, "people"), family, places, today)
    grown = adults(people, today)
    firms = make_firms(chance(seed, "firms"), persons, grown, places, today)
    institutions = {
        kind: make_institutions(chance(seed, kind), kind, persons, grown, places, today)
        for kind in INSTITUTIONS
    }
    economy = make_economy(chance(seed, "economy"), people, firms, today)
    return World(seed, today, places, people, firms, institutions, economy)


PEOPLE_MASKS: Mapping[str, Callable[[World], Mask]] = {
    "local": lambda w: ~w.people.floating,
    "floating": lambda w: w.people.floating,
    "alive": lambda w: w.economy.alive,
    "dead": lambda w: ~w.economy.alive,
    "adult": lambda w: w.economy.age >= 18,
    "child": lambda w: w.economy.age < 14,
    "newborn": lambda w: w.economy.age < 8,
    "student": lambda w: w.economy.student,
    "elder80": lambda w: w.economy.age >= 80,
    "elder": lambda w: w.economy.age >= 60,
    "worker": lambda w: w.economy.employer != NOBODY,
    "farmer": lambda w: w.economy.farmer,
    "jobless": lambda w: (
        (w.economy.wage == 0) & (w.economy.age >= 18) & (w.economy.age < 60) & ~w.economy.farmer
    ),
    "pensioner": lambda w: w.economy.pension > 0,
    "insured": lambda w: (
        (w.economy.wage > 0)
        | ((w.economy.age >= 16) & (chance(w.seed, "insured").random(w.people.size) < 0.55))
    ),
    "disabled": lambda w: w.economy.disabled,
    "veteran": lambda w: w.economy.veteran,
    "ill": lambda w: w.economy.ill,
    "driver": lambda w: w.economy.driver,
    "car": lambda w: w.economy.car,
    "home": lambda w: w.economy.home,
    "second_home": lambda w: w.economy.second_home,
    "relief": lambda w: w.economy.relief,
    "poor": lambda w: w.economy.poor & w.economy.alive,
    "husband": lambda w: (w.people.marriage != NEVER) & (w.people.family.sex == 1),
}

FIRM_MASKS: Mapping[str, Callable[[World], Mask]] = {
    "company": lambda w: w.firms.category == COMPANY,
    "trader": lambda w: w.firms.category == TRADER,
    "cooperative": lambda w: w.firms.category >= COOPERATIVE,
    "collective": lambda w: w.firms.category == COLLECTIVE,
    "registered": lambda w: w.firms.category != TRADER,
    "open": lambda w: w.firms.closed == NEVER,
    "industrial": lambda w: np.isin(w.firms.industry, (1, 4)),
    "trading": lambda w: np.isin(w.firms.industry, (0, 2, 3)),
    "transport": lambda w: w.firms.industry == 5,
}
