"""The truth about the demonstration's topics: who should receive 低保, who should not."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from simulation.attributes import PERSON
from simulation.world.base import NOBODY
from simulation.world.economy import WRONG_REASONS
from simulation.world.world import World


def topics(world: World) -> pa.Table:
    """One row a person: `dibao_missing` (should, does not) or `dibao_wrong` with its reason."""
    economy = world.economy
    missing = np.flatnonzero(economy.eligible & ~economy.relief)
    wrong = np.flatnonzero(economy.wrong_reason != NOBODY)
    person = pa.array(np.concatenate([missing, wrong]))
    reasons = ["income_below_line"] * len(missing)
    reasons += [WRONG_REASONS[rank] for rank in economy.wrong_reason[wrong]]
    return pa.table(
        {
            "topic": ["dibao_missing"] * len(missing) + ["dibao_wrong"] * len(wrong),
            "id_number": world.people.id.take(person),
            "name": world.people.name.take(person),
            "household": PERSON["household"](world).take(person),
            "reason": reasons,
            "per_capita_yuan": pa.array(economy.per_capita).take(person),
        }
    )


def write_topics(world: World, path: Path) -> None:
    pq.write_table(topics(world), path)
