"""What a profile tells: frozen figures, values only where the policy shows them to everybody."""

from dataclasses import dataclass
from typing import Literal

Kind = Literal["number", "time", "text", "flag", "other"]

FEW = 5
"""Of items in data on persons, what fewer rows than this have in common is not told."""


@dataclass(frozen=True)
class Bin:
    """Rows from `low` up to, not including, `high`; None: some, but fewer than FEW."""

    low: str
    high: str
    count: int | None


@dataclass(frozen=True)
class Common:
    """A value that many rows have, and what the item's code set says of it."""

    value: str
    meaning: str | None
    count: int


@dataclass(frozen=True)
class ItemProfile:
    """Of the rows that were looked at. `masked`: only how many are filled, how many differ and how
    long they are; `few`: what fewer than FEW rows have in common was left out."""

    item: str
    title: str
    kind: Kind
    element: str | None
    grade: int
    masked: bool
    filled: int
    empty: int
    distinct: int | None
    minimum: str | None
    maximum: str | None
    shortest: int | None
    longest: int | None
    bins: list[Bin]
    common: list[Common]
    few: bool


@dataclass(frozen=True)
class Profile:
    """`looked`: rows that were looked at, all of them or a sample; `items` are a page of `size`
    in all, `next_after` what to ask for the next one with."""

    dataset: str
    version: int
    rows: int
    looked: int
    sampled: bool
    personal: bool
    size: int
    items: list[ItemProfile]
    next_after: int | None
