"""Households and who lives in them: types of family, ages, couples, parents."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from simulation.world.base import NOBODY, YEAR, Ints, Mask, Rng, weighted

HEAD, SPOUSE, CHILD, CHILD2, FATHER, MOTHER = range(6)


@dataclass(frozen=True)
class FamilyType:
    share: float
    ages: tuple[float, float]  # of the head
    roles: tuple[int, ...]


FAMILY_TYPES = (
    FamilyType(0.07, (21, 45), (HEAD,)),
    FamilyType(0.08, (58, 92), (HEAD,)),
    FamilyType(0.08, (23, 38), (HEAD, SPOUSE)),
    FamilyType(0.18, (50, 86), (HEAD, SPOUSE)),
    FamilyType(0.25, (26, 58), (HEAD, SPOUSE, CHILD)),
    FamilyType(0.15, (28, 55), (HEAD, SPOUSE, CHILD, CHILD2)),
    FamilyType(0.08, (28, 56), (HEAD, SPOUSE, CHILD, FATHER, MOTHER)),
    FamilyType(0.06, (30, 60), (HEAD, SPOUSE, CHILD, MOTHER)),
    FamilyType(0.05, (26, 52), (HEAD, CHILD)),
)


@dataclass
class Families:
    """One row a person, sorted by household, the head first."""

    household: Ints
    role: Ints
    sex: Ints  # 1 male, 2 female
    birth: Ints  # days
    spouse: Ints  # persons, or NOBODY
    father: Ints
    mother: Ints


def _kinds(rng: Rng, households: int) -> tuple[Mask, Ints]:
    """Which roles each household has, and the birthday of its head in days ago."""
    kind = weighted(rng, [family.share for family in FAMILY_TYPES], households)
    present = np.zeros((len(FAMILY_TYPES), 6), dtype=np.bool_)
    for row, family in enumerate(FAMILY_TYPES):
        present[row, list(family.roles)] = True
    low = np.array([family.ages[0] for family in FAMILY_TYPES])[kind]
    high = np.array([family.ages[1] for family in FAMILY_TYPES])[kind]
    age = low + (high - low) * rng.beta(1.6, 1.7, households)
    return present[kind], (age * YEAR).astype(np.int64)


def _ages(rng: Rng, head: Ints, head_sex: Ints) -> Ints:
    """Age in days of each role; children follow their mother, parents the head."""
    count = len(head)
    older = (rng.normal(1.5, 2.5, count) * YEAR).astype(np.int64)
    spouse = np.where(head_sex == 1, head - older, head + older)
    spouse = np.maximum(spouse, int(20.5 * YEAR))
    mother = np.where(head_sex == 2, head, spouse)
    first = mother - (np.clip(rng.normal(27, 4, count), 19.5, 42) * YEAR).astype(np.int64)
    first = np.where(first < 1, rng.integers(1, 400, count), first)
    second = first - (rng.uniform(1.2, 6, count) * YEAR).astype(np.int64)
    second = np.where(second < 1, rng.integers(1, 300, count), second)
    second = np.where(first - second < 300, first, second)  # twins
    gran = head + (np.clip(rng.normal(25, 3, count), 19, 38) * YEAR).astype(np.int64)
    grandpa = gran + (rng.normal(1.5, 2.5, count) * YEAR).astype(np.int64)
    return np.stack([head, spouse, first, second, grandpa, gran], axis=1)


def _sexes(rng: Rng, count: int) -> Ints:
    head = np.where(rng.random(count) < 0.76, 1, 2)
    children = np.where(rng.random((count, 2)) < 0.52, 1, 2)
    return np.column_stack([head, 3 - head, children, np.full(count, 1), np.full(count, 2)]).astype(
        np.int64
    )


def _links(present: Mask, sexes: Ints) -> tuple[Ints, Ints, Ints]:
    """Persons who are spouse, father and mother of the person in each cell."""
    number = np.where(present, np.cumsum(present).reshape(present.shape) - 1, NOBODY)
    spouse = number[:, [SPOUSE, HEAD, NOBODY, NOBODY, MOTHER, FATHER]].copy()
    spouse[:, [CHILD, CHILD2]] = NOBODY
    male_head = sexes[:, HEAD] == 1
    father = np.full(present.shape, NOBODY)
    mother = np.full(present.shape, NOBODY)
    for child in (CHILD, CHILD2):
        father[:, child] = np.where(male_head, number[:, HEAD], number[:, SPOUSE])
        mother[:, child] = np.where(male_head, number[:, SPOUSE], number[:, HEAD])
    father[:, HEAD], mother[:, HEAD] = number[:, FATHER], number[:, MOTHER]
    return spouse, father, mother


def _within(links: Ints, persons: int) -> Ints:
    """Forget links to people beyond the last one asked for."""
    return np.where(links < persons, links, NOBODY)


def make_families(rng: Rng, persons: int, today: int) -> Families:
    count = persons // 2 + 10
    present, head_age = _kinds(rng, count)
    sexes = _sexes(rng, count)
    births = today - _ages(rng, head_age, sexes[:, HEAD])
    births = np.maximum(births, today - int(104 * YEAR))
    spouse, father, mother = _links(present, sexes)
    household = np.repeat(np.arange(count), 6).reshape(present.shape)
    role = np.tile(np.arange(6), (count, 1))
    flat = [array[present][:persons] for array in (household, role, sexes, births)]
    links = [_within(array[present][:persons], persons) for array in (spouse, father, mother)]
    return Families(*flat, *links)
