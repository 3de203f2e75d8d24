"""Spell values as the agency is wont to: dates, codes, money."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date
from functools import cache

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from simulation.codes import spellings
from simulation.declare import Agency, Column
from simulation.values import DAY_SECONDS
from simulation.world.base import Text, day_of, joined

FIRST_DAY, LAST_DAY = day_of(1900), day_of(2101)

# How a date is written from its parts: also for dates that do not exist.
DATE_FORMS: Mapping[str, Callable[[int, int, int], str]] = {
    "iso": lambda y, m, d: f"{y:04d}-{m:02d}-{d:02d}",
    "compact": lambda y, m, d: f"{y:04d}{m:02d}{d:02d}",
    "integer": lambda y, m, d: f"{y:04d}{m:02d}{d:02d}",
    "slash": lambda y, m, d: f"{y}/{m}/{d}",
    "chinese": lambda y, m, d: f"{y}年{m}月{d}日",
}
_CLOCK = {
    "iso": " {:02d}:{:02d}:{:02d}",
    "compact": "{:02d}{:02d}{:02d}",
    "integer": "{:02d}{:02d}{:02d}",
    "slash": " {}:{:02d}:{:02d}",
    "chinese": " {:02d}:{:02d}:{:02d}",
}


@cache
def _calendar(style: str) -> Text:
    """Every day from 1900 to 2100 in a style, to take from."""
    base = date(1970, 1, 1).toordinal()
    form = DATE_FORMS[style]
    days = (date.fromordinal(base + day) for day in range(FIRST_DAY, LAST_DAY))
    return pa.array([form(d.year, d.month, d.day) for d in days])


def clock_text(style: str, second: int) -> str:
    return _CLOCK[style].format(second // 3600, second // 60 % 60, second % 60)


@cache
def _clock(style: str) -> Text:
    return pa.array([clock_text(style, second) for second in range(DAY_SECONDS)])


@cache
def _words(codeset: str, style: str) -> Text:
    return pa.array(list(spellings(codeset, style)))


def code_style(agency: Agency, codeset: str) -> str:
    """Long national lists are never renumbered, only written out in words."""
    if codeset == "sex":
        return agency.sex
    national = codeset in ("ethnicity", "industry", "firm_kind", "special_disease")
    return "standard" if national and agency.codes != "label" else agency.codes


def dates(days: pa.Array, style: str) -> Text:
    return _calendar(style).take(pc.subtract(days, FIRST_DAY))


def datetimes(seconds: pa.Array, style: str) -> Text:
    day = pc.divide(seconds, DAY_SECONDS)  # whole days: all are after 1970
    clock = pc.subtract(seconds, pc.multiply(day, DAY_SECONDS))
    return joined(dates(day, style), _clock(style).take(clock))


def _money(values: pa.Array, unit: str) -> pa.Array:
    yuan = pc.cast(values, pa.float64())
    if unit == "fen":
        return pc.cast(pc.round(pc.multiply(yuan, 100.0)), pa.int64())
    return pc.round(yuan, 2)


def spell(values: pa.Array, column: Column, agency: Agency) -> pa.Array:
    """The column as it is stored: text, int64 or float64."""
    if column.codeset:
        return _words(column.codeset, code_style(agency, column.codeset)).take(values)
    if column.kind in ("date", "birth_date"):
        text = dates(values, agency.dates)
        return pc.cast(text, pa.int64()) if column.physical == "INTEGER" else text
    if column.kind in ("datetime", "update_time"):
        return datetimes(values, agency.dates)
    if column.kind == "amount":
        return _money(values, column.unit)
    return values


def thin(values: pa.Array, column: Column, rng: np.random.Generator) -> pa.Array:
    """Nobody fills in all that is not obligatory."""
    if column.required:
        return values
    return pc.if_else(pa.array(rng.random(len(values)) < 0.04), None, values)
