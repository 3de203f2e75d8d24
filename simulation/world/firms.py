"""Enterprises, sole traders and the institutions of the county."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pyarrow as pa

from simulation.checksum import USCC_ALPHABET, letters, org_checks, uscc_checks
from simulation.codes import CODE_SETS
from simulation.lexicon import BRANDS, ROADS, STALLS, TRADES
from simulation.world.base import (
    NEVER,
    Ints,
    Mask,
    Rng,
    Text,
    chosen,
    day_of,
    drawn,
    joined,
    numbered,
    picked,
    plain,
    text_of,
    weighted,
)
from simulation.world.people import phones
from simulation.world.places import Places

COMPANY, TRADER, COOPERATIVE, COLLECTIVE = range(4)
USCC_STARTS = ("91", "92", "93", "N2")
KINDS = tuple(code for code, _ in CODE_SETS["firm_kind"].values)
INDUSTRIES = tuple(code for code, _ in CODE_SETS["industry"].values)

# kind: (share of a thousand people, fewest, start of the USCC, endings of the name)
INSTITUTIONS = {
    "school": (1.1, 24, "12", ("小学", "幼儿园", "中学", "中心小学")),
    "hospital": (1.6, 20, "12", ("卫生院", "社区卫生服务中心", "医院", "卫生室")),
    "nursing": (0.25, 8, "52", ("养老院", "老年公寓", "敬老院")),
    "social": (1.2, 15, "51", ("志愿者协会", "商会", "体育协会", "书画协会")),
    "unit": (0.8, 20, "11", ("综合执法队", "党群服务中心", "管理服务站", "人民政府")),
    "venue": (0.4, 8, "12", ("文化站", "图书馆", "博物馆", "旅游区")),
}


@dataclass
class Bodies:
    """Firms or institutions: whatever has a social credit code and a name."""

    uscc: Text
    name: Text
    category: Ints
    kind: Ints  # rank in firm_kind
    industry: Ints
    legal: Ints  # the person who answers for it
    village: Ints
    address: Text
    phone: Text
    founded: Ints
    closed: Ints  # day, or NEVER
    capital: Ints  # ten thousand yuan
    staff: Ints

    @property
    def size(self) -> int:
        return len(self.village)


def usccs(rng: Rng, starts: Text, founded: Ints) -> Text:
    size = len(founded)
    alphabet = letters(USCC_ALPHABET)
    new = np.hstack(
        [np.tile(letters("MA"), (size, 1)), alphabet[rng.integers(0, len(alphabet), (size, 6))]]
    )
    old = letters("0123456789")[rng.integers(0, 10, (size, 8))]
    body = np.where((founded > day_of(2015, 10))[:, None], new, old).astype(np.uint8)
    org = text_of(np.hstack([body, org_checks(body)[:, None]]))
    seventeen = joined(starts, "120222", org)
    rows = np.frombuffer("".join(seventeen.to_pylist()).encode(), np.uint8).reshape(size, 17)
    return text_of(np.hstack([rows, uscc_checks(rows)[:, None]]))


def _brands(rng: Rng, size: int) -> Text:
    chars = [joined(picked(rng, list(BRANDS), size)) for _ in range(3)]
    pair = joined(chars[0], chars[1])
    return chosen(rng.random(size) < 0.6, joined(pair, chars[2]), pair)


def _words(rng: Rng, industry: Ints, table: dict[str, tuple[str, ...]]) -> Text:
    fallback = table["F"]
    out = np.empty(len(industry), dtype=object)
    for rank, code in enumerate(INDUSTRIES):
        rows = np.flatnonzero(industry == rank)
        words = np.array(table.get(code, fallback), dtype=object)
        out[rows] = words[rng.integers(0, len(words), len(rows))]
    return pa.array(out, pa.string())


def _company_names(rng: Rng, industry: Ints, category: Ints) -> Text:
    size = len(industry)
    brand, trade = _brands(rng, size), _words(rng, industry, TRADES)
    form = picked(rng, ("有限公司",) * 6 + ("有限责任公司", "股份有限公司"), size)
    usual = joined(picked(rng, ("天津", "天津市", "天津市武清区"), size), brand, trade, form)
    half = joined(brand, picked(rng, ("(天津)", "(武清)"), size), trade, form)
    full = joined(brand, "\uff08天津\uff09", trade, form)
    bracket = rng.random(size)
    name = chosen(bracket < 0.03, half, chosen(bracket < 0.06, full, usual))
    coop = joined("天津市武清区", brand, trade, "专业合作社")
    return chosen(category == COOPERATIVE, coop, name)


def _names(rng: Rng, industry: Ints, category: Ints, place: Text) -> Text:
    stall = joined("天津市武清区", _brands(rng, len(industry)), _words(rng, industry, STALLS))
    name = chosen(category == TRADER, stall, _company_names(rng, industry, category))
    owned = joined("天津市武清区", place, "股份经济合作社")
    return chosen(category == COLLECTIVE, owned, name)


def _addresses(rng: Rng, village: Ints, places: Places) -> Text:
    size = len(village)
    number = plain(rng.integers(1, 260, size))
    room = plain(rng.integers(101, 2600, size))
    start = joined("天津市武清区", drawn(places.township_names, village))
    road = joined(start, picked(rng, ROADS, size), number, "号")
    return chosen(rng.random(size) < 0.5, joined(road, room, "室"), road)


def _landlines(rng: Rng, size: int) -> Text:
    landline = joined("022-", picked(rng, ("29", "82", "59"), size))
    landline = joined(landline, numbered(rng.integers(0, 10**6, size), 6))
    return chosen(rng.random(size) < 0.15, landline, phones(rng, size))


def _kinds(rng: Rng, category: Ints) -> Ints:
    """Legal forms: traders, cooperatives and collectives have one of their own."""
    company = weighted(rng, (5, 6, 2, 1, 1, 1, 0, 0, 1), len(category))
    trader, coop = KINDS.index("9500"), KINDS.index("9100")
    return np.where(category == TRADER, trader, np.where(category >= COOPERATIVE, coop, company))


def _lives(rng: Rng, size: int, today: int) -> tuple[Ints, Ints]:
    founded = today - (rng.beta(1, 2.2, size) * 9000).astype(np.int64) - 10
    closed = founded + rng.integers(100, 5000, size)
    gone = (rng.random(size) < 0.2) & (closed < today)
    return founded, np.where(gone, closed, NEVER)


def make_firms(rng: Rng, persons: int, owners: Ints, places: Places, today: int) -> Bodies:
    counts = (persons * 5 // 100, persons * 8 // 100, persons // 400, persons // 1000 + 3)
    category = np.repeat(np.arange(4), counts)
    size = len(category)
    founded, closed = _lives(rng, size, today)
    village = weighted(rng, list(np.maximum(places.weights, 1)), size)
    industry = weighted(rng, CODE_SETS["industry"].weights[:-3], size)
    capital = np.exp(rng.normal(4.6, 1.4, size)).astype(np.int64) + 1
    return Bodies(
        uscc=usccs(rng, drawn(USCC_STARTS, category), founded),
        name=_names(rng, industry, category, drawn(places.village_names, village)),
        category=category,
        kind=_kinds(rng, category),
        industry=industry,
        legal=owners[rng.integers(0, len(owners), size)],
        village=village,
        address=_addresses(rng, village, places),
        phone=_landlines(rng, size),
        founded=founded,
        closed=closed,
        capital=np.where(category == TRADER, capital % 30 + 1, capital),
        staff=np.where(category == TRADER, capital % 4 + 1, capital // 12 + 1),
    )


def _institution_names(rng: Rng, village: Ints, places: Places, endings: tuple[str, ...]) -> Text:
    town = drawn([name.removesuffix("街道") for name in places.township_names], village)
    place = joined(town, drawn(places.village_names, village))
    return joined("天津市武清区", place, picked(rng, endings, len(village)))


def make_institutions(
    rng: Rng, kind: str, persons: int, heads: Ints, places: Places, today: int
) -> Bodies:
    share, fewest, start, endings = INSTITUTIONS[kind]
    size = min(max(fewest, int(persons * share / 1000)), len(places.villages))
    village = rng.permutation(len(places.villages))[:size].astype(np.int64)
    founded = today - rng.integers(400, 20000, size)
    zeros: Mask = np.zeros(size, dtype=np.bool_)
    return Bodies(
        uscc=usccs(rng, pa.array([start] * size), founded),
        name=_institution_names(rng, village, places, endings),
        category=zeros.astype(np.int64),
        kind=zeros.astype(np.int64),
        industry=zeros.astype(np.int64) + INDUSTRIES.index("S"),
        legal=heads[rng.integers(0, len(heads), size)],
        village=village,
        address=_addresses(rng, village, places),
        phone=_landlines(rng, size),
        founded=founded,
        closed=np.full(size, NEVER),
        capital=rng.integers(3, 500, size),
        staff=rng.integers(3, 200, size),
    )
