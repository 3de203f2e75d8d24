"""The people: ids, names, addresses, phones, life and death."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pyarrow as pa

from simulation.checksum import id_checks
from simulation.codes import CODE_SETS
from simulation.lexicon import (
    COUNTY_BEFORE_2000,
    ESTATES,
    GIVEN,
    MINORITY_NAMES,
    MOBILE_PREFIXES,
    PERMIT_COUNTIES,
    RARE_NAMES,
    ROADS,
    SURNAME_WEIGHTS,
    SURNAMES,
)
from simulation.world.base import (
    NEVER,
    NOBODY,
    YEAR,
    Bytes,
    Ints,
    Mask,
    Rng,
    Text,
    chosen,
    digits,
    drawn,
    joined,
    numbered,
    picked,
    plain,
    text_of,
    weighted,
    years_of,
    ymd,
)
from simulation.world.families import CHILD, FATHER, HEAD, Families
from simulation.world.places import Places

ETHNIC_SHARES = {"01": 971, "03": 12, "11": 9, "02": 4, "05": 2, "17": 1, "04": 1}


@dataclass
class People:
    family: Families
    floating: Mask  # registered elsewhere, living here
    village: Ints
    ethnicity: Ints  # rank in the code set
    death: Ints  # day, or NEVER
    marriage: Ints
    id: Text
    name: Text
    phone: Text
    old_phone: Text
    address: Text
    old_address: Text

    @property
    def size(self) -> int:
        return len(self.village)


def _ethnicities(rng: Rng, family: Families) -> Ints:
    """Mostly a household's own; a few people are of any of the 56."""
    codes = [code for code, _ in CODE_SETS["ethnicity"].values]
    common = np.array([codes.index(code) for code in ETHNIC_SHARES])
    households = int(family.household[-1]) + 1
    shared = common[weighted(rng, list(ETHNIC_SHARES.values()), households)][family.household]
    anyone = rng.integers(0, 56, len(shared))
    return np.where(rng.random(len(shared)) < 0.004, anyone, shared)


def _counties(rng: Rng, birth: Ints, floating: Mask, places: Places) -> Text:
    """Where each person was registered at birth: the first six digits of the id."""
    size = len(birth)
    elsewhere = picked(rng, places.counties, size)
    permit = picked(rng, PERMIT_COUNTIES, size)
    here = chosen(years_of(birth) < 2000, pa.scalar(COUNTY_BEFORE_2000), pa.scalar("120114"))
    away = floating | (rng.random(size) < 0.12)
    county = chosen(away, elsewhere, here)
    return chosen(floating & (rng.random(size) < 0.01), permit, county)


def _sequence(counties: Text, birth: Ints, sex: Ints) -> Ints:
    """A number of three digits, odd for men, unique in county, day and sex."""
    county = counties.cast(pa.int64()).to_numpy()
    group = (county * 200_000 + birth + 60_000) * 2 + sex % 2
    order = np.argsort(group, kind="stable")
    ranked = group[order]
    first = np.searchsorted(ranked, ranked)
    rank = np.empty(len(group), dtype=np.int64)
    rank[order] = np.arange(len(group)) - first
    start = group * 2654435761 % 499
    number: Ints = (start + rank) % 500 * 2 + sex % 2
    return number


def _ids(counties: Text, birth: Ints, sex: Ints) -> Text:
    number = _sequence(counties, birth, sex)
    county = digits(counties.cast(pa.int64()).to_numpy(), 6)
    body: Bytes = np.hstack([county, digits(ymd(birth), 8), digits(number, 3)])
    return text_of(np.hstack([body, id_checks(body)[:, None]]))


def _surnames(rng: Rng, family: Families) -> Ints:
    """Children have the father's, the head has his father's."""
    own = weighted(rng, SURNAME_WEIGHTS, len(family.role))
    for role in (FATHER, HEAD, CHILD, CHILD + 1):
        heirs = np.flatnonzero((family.role == role) & (family.father != NOBODY))
        own[heirs] = own[family.father[heirs]]
    return own


def _given(rng: Rng, sex: Ints, birth: Ints) -> Text:
    year = years_of(birth)
    era = np.where(year < 1970, 0, np.where(year < 1995, 1, 2))
    first = np.full(len(sex), "", dtype="U1")
    second = np.full(len(sex), "", dtype="U1")
    for (kind, when), chars in GIVEN.items():
        rows = np.flatnonzero((sex == kind) & (era == when))
        pool = np.array(list(chars))
        first[rows] = pool[rng.integers(0, len(pool), len(rows))]
        second[rows] = pool[rng.integers(0, len(pool), len(rows))]
    second[rng.random(len(sex)) < np.where(era == 1, 0.28, 0.12)] = ""
    return joined(pa.array(first, pa.string()), pa.array(second, pa.string()))


def _names(rng: Rng, family: Families, ethnicity: Ints) -> Text:
    size = len(family.role)
    given = _given(rng, family.sex, family.birth)
    given = chosen(rng.random(size) < 0.004, picked(rng, RARE_NAMES, size), given)
    name = joined(drawn(SURNAMES, _surnames(rng, family)), given)
    codes = [code for code, _ in CODE_SETS["ethnicity"].values]
    for code, words in MINORITY_NAMES.items():
        own = (ethnicity == codes.index(code)) & (rng.random(size) < 0.7)
        name = chosen(own, picked(rng, words, size), name)
    return name


def phones(rng: Rng, size: int) -> Text:
    return joined(picked(rng, MOBILE_PREFIXES, size), numbered(rng.integers(0, 10**8, size), 8))


def addresses(rng: Rng, village: Ints, places: Places) -> Text:
    """天津市武清区 + township + road and building (town) or lane and number (village)."""
    size = len(village)

    def number(top: int) -> Text:
        return plain(rng.integers(1, top, size))

    start = joined("天津市武清区", drawn(places.township_names, village))
    name = drawn(places.village_names, village)
    door = plain(rng.integers(1, 19, size) * 100 + rng.integers(1, 5, size))
    flat = joined(number(40), "号楼", number(6), "单元", door, "室")
    road = joined(picked(rng, ROADS, size), number(220), "号")
    town = joined(start, road, name, picked(rng, ESTATES, size), flat)
    lane = picked(rng, ("", "东区", "西区", "前街", "后街"), size)
    rural = joined(start, name, lane, number(30), "排", number(16), "号")
    return chosen(np.array(places.urban)[village], town, rural)


def _deaths(rng: Rng, birth: Ints, today: int) -> Ints:
    """Deaths of the last eight years, the likelier the older."""
    age = (today - birth) / YEAR
    risk = np.where(age > 55, 0.02 + 0.28 * ((age - 55) / 40) ** 2, 0.0015)
    when = today - rng.integers(20, 8 * 365, len(birth))
    return np.where((rng.random(len(birth)) < risk) & (when > birth + 30), when, NEVER)


def _marriages(rng: Rng, family: Families, today: int) -> Ints:
    """A couple's wedding: when the younger one was of age, and before the first child."""
    size = len(family.role)
    couple = family.spouse != NOBODY
    younger = np.maximum(family.birth, family.birth[family.spouse])
    leader = np.where(couple, np.minimum(np.arange(size), family.spouse), np.arange(size))
    delay = (rng.gamma(2.0, 1.1, size) * YEAR).astype(np.int64)[leader]
    wedding = np.minimum(younger + int(22 * YEAR) + delay, today - 5 - leader % 60)
    return np.where(couple & (wedding > younger + int(20 * YEAR)), wedding, NEVER)


def _by_household(rng: Rng, family: Families, places: Places) -> tuple[Mask, Ints, Text, Text]:
    count = int(family.household[-1]) + 1
    village = weighted(rng, list(places.weights), count)
    floating = (rng.random(count) < 0.11)[family.household]
    former = weighted(rng, list(places.weights), count)
    index = pa.array(family.household)
    now = addresses(rng, village, places).take(index)
    before = addresses(rng, former, places).take(index)
    return floating, village[family.household], now, before


def make_people(rng: Rng, family: Families, places: Places, today: int) -> People:
    size = len(family.role)
    floating, village, address, old_address = _by_household(rng, family, places)
    ethnicity = _ethnicities(rng, family)
    counties = _counties(rng, family.birth, floating, places)
    return People(
        family=family,
        floating=floating,
        village=village,
        ethnicity=ethnicity,
        death=_deaths(rng, family.birth, today),
        marriage=_marriages(rng, family, today),
        id=_ids(counties, family.birth, family.sex),
        name=_names(rng, family, ethnicity),
        phone=phones(rng, size),
        old_phone=phones(rng, size),
        address=address,
        old_address=old_address,
    )
