"""Townships and villages of the county, read from the national divisions."""

from __future__ import annotations

import re
import sqlite3
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from simulation.declare import COUNTY
from simulation.lexicon import OLD_COUNTIES
from simulation.world.base import Floats

_SUFFIX = re.compile(r"(村委会|村民委员会|居委会|居民委员会|虚拟社区)$")


@dataclass(frozen=True)
class Places:
    villages: tuple[str, ...]  # 12-digit codes
    village_names: tuple[str, ...]  # as people say them: 文华巷社区, 大桃园村
    township_names: tuple[str, ...]  # of each village
    urban: tuple[bool, ...]
    weights: Floats  # how many people live there, relatively
    counties: tuple[str, ...]  # 6-digit codes of the nation, old ones included

    @property
    def codes(self) -> frozenset[str]:
        """Every code that a reference may name: townships and villages."""
        return frozenset(self.villages) | {code[:9] for code in self.villages}


def spoken(name: str) -> str:
    short = _SUFFIX.sub("", name)
    if name.endswith(("村委会", "村民委员会")):
        return short.removesuffix("村") + "村"
    return short


def _weights(codes: list[str], urban: list[bool]) -> Floats:
    """A town community counts for four villages; parks have next to nobody."""
    parks = np.array([code[6] == "4" for code in codes])
    return np.where(parks, 0.05, np.where(urban, 4.0, 1.0))


def read_places(path: Path) -> Places:
    with sqlite3.connect(f"file:{path}?mode=ro", uri=True) as db:
        rows = db.execute(
            "SELECT v.code, v.name, s.name FROM village v JOIN street s ON s.code = v.streetCode"
            " WHERE v.areaCode = ? ORDER BY v.code",
            (COUNTY,),
        ).fetchall()
        counties = [code for (code,) in db.execute("SELECT code FROM area ORDER BY code")]
    urban = ["社区" in name or "居" in name for _, name, _ in rows]
    return Places(
        villages=tuple(code for code, _, _ in rows),
        village_names=tuple(spoken(name) for _, name, _ in rows),
        township_names=tuple(town for _, _, town in rows),
        urban=tuple(urban),
        weights=_weights([code for code, _, _ in rows], urban),
        counties=tuple(counties) + tuple(OLD_COUNTIES),
    )
