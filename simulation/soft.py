"""Variants that are no errors: other spellings of the same person, place or firm.

They are made where a table would be cleaned only by comparing it with others.
The truth names the true value, or the key of the row that is meant twice.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping

import numpy as np

from simulation.declare import Column
from simulation.draft import Draft
from simulation.world.base import Rng

TRADITIONAL = str.maketrans(
    "刘张陈杨赵黄吴孙马罗郑谢韩冯邓许国华凤兰丽伟军强杰鹏飞龙东宁晓兴贵广顺荣发庆爱云莲红婷雪洁颖慧",
    "劉張陳楊趙黃吳孫馬羅鄭謝韓馮鄧許國華鳳蘭麗偉軍強傑鵬飛龍東寧曉興貴廣順榮發慶愛雲蓮紅婷雪潔穎慧",
)
HOMOPHONES = str.maketrans(
    "伟静婷洋浩文辉玲志明俊宇欣建轩涵晨佳怡梅英芳丽霞燕娟军波",
    "炜靖亭扬昊雯晖铃智铭峻雨新健萱含辰嘉宜美瑛方莉侠艳涓君博",
)
_NUMERALS = "零一二三四五六七八九"


def _changed(name: str, other: str) -> str | None:
    return other if other != name else None


def spaced(name: str) -> str | None:
    return f"{name[0]}\u3000{name[1:]}" if len(name) == 2 else f"{name[0]} {name[1:]}"


def dotted(name: str) -> str | None:
    return _changed(name, name.replace("·", "."))


NAME_VARIANTS: tuple[Callable[[str], str | None], ...] = (
    lambda name: _changed(name, name.translate(TRADITIONAL)),
    lambda name: _changed(name, name[0] + name[1:].translate(HOMOPHONES)),
    spaced,
    dotted,
)


def _numeral(match: re.Match[str]) -> str:
    return "".join(_NUMERALS[int(digit)] for digit in match[0])


def _reordered(address: str) -> str:
    """The village first, the township after it in brackets."""
    found = re.match(r"天津市武清区(.+?(?:镇|街道|园|区|谷))(.+)$", address)
    return f"{found[2]}\uff08{found[1]}\uff09" if found else address


ADDRESS_VARIANTS: tuple[Callable[[str], str | None], ...] = (
    lambda text: _changed(text, text.replace("天津市武清区", "")),
    lambda text: _changed(text, text.replace("天津市", "")),
    lambda text: _changed(text, re.sub(r"\d+", _numeral, text)),
    lambda text: _changed(text, text.replace("号楼", "-").replace("单元", "-").replace("室", "")),
    lambda text: _changed(text, _reordered(text)),
)

_FORMS = (
    ("有限责任公司", "有限公司"),
    ("有限公司", "有限责任公司"),
    ("(天津)", "\uff08天津\uff09"),
    ("天津市武清区", "武清区"),
    ("天津市", "天津"),
)


def _near_firm(name: str, rng: Rng) -> str:
    fitting = [pair for pair in _FORMS if pair[0] in name]
    old, new = fitting[int(rng.integers(0, len(fitting)))] if fitting else ("", " ")
    return name.replace(old, new, 1)


VARIANTS: Mapping[str, tuple[str, float, tuple[Callable[[str], str | None], ...]]] = {
    "person_name": ("name_variant", 0.003, NAME_VARIANTS),
    "address": ("address_variant", 0.006, ADDRESS_VARIANTS),
}


def _vary_cell(draft: Draft, column: Column, row: int) -> bool:
    class_, _, makers = VARIANTS[column.kind]
    true = draft.value(column.name, row)
    maker = makers[int(draft.rng.integers(0, len(makers)))]
    other = maker(true) if isinstance(true, str) else None
    if other is None:
        return False
    draft.edit(row, column.name, other)
    draft.note("soft", class_, row, column.name, str(true))
    return True


def _vary(draft: Draft, kind: str) -> None:
    columns = [c for c in draft.table.columns if c.kind == kind and not c.key]
    left = draft.quota(VARIANTS[kind][1]) if columns else 0
    for row in draft.free_rows(left * 2):
        if not left:
            return
        left -= _vary_cell(draft, columns[int(draft.rng.integers(0, len(columns)))], row)


def name_column(draft: Draft) -> Column | None:
    """The name of whom the row is about."""
    return draft.table.sourced("person.name") or draft.table.sourced("firm.name")


def _near_name(draft: Draft, column: Column, name: str) -> str:
    if column.kind == "org_name":
        return _near_firm(name, draft.rng)
    return name.translate(TRADITIONAL) if name.translate(TRADITIONAL) != name else str(spaced(name))


def near_duplicates(draft: Draft, spare: list[int]) -> None:
    """Turn spare rows into second entries of others, under a slightly different name."""
    name = name_column(draft)
    partners = dict(zip(spare, draft.free_rows(len(spare) * 3), strict=False))
    if name is None or not partners:
        return
    index = np.arange(draft.size)
    index[list(partners)] = list(partners.values())
    for column in draft.table.columns:
        if not column.key and column.kind != "update_time":
            draft.columns[column.name] = draft.columns[column.name].take(index)
    for row, partner in partners.items():
        _tell_apart(draft, name, row, partner)


def _tell_apart(draft: Draft, name: Column, row: int, partner: int) -> None:
    draft.used[partner] = True
    true = str(draft.value(name.name, partner))
    draft.edit(row, name.name, _near_name(draft, name, true))
    for column in draft.table.columns:
        if column.kind in ("id_number", "uscc") and not column.required:
            draft.edit(row, column.name, None)
    draft.note("soft", "near_duplicate", row, name.name, draft.key(partner))


def vary(draft: Draft) -> None:
    """Names and addresses are true at the police, and varied elsewhere."""
    if draft.table.agency.code != "gongan":
        for kind in VARIANTS:
            _vary(draft, kind)
