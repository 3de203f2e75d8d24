"""What a day changes in each system: rows that come, change and go.

Drawn from the rows that are there, so that no world need be made again.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np

from simulation.systems.declare import TABLES
from simulation.systems.rows import (
    BATCH,
    DAY,
    HOUR,
    Row,
    air_of,
    alarms_of,
    moments,
    observations_of,
    settled,
    visits_of,
    weighings_of,
)
from simulation.world.base import Ints, Rng, chance

Key = tuple[str | None, ...]


@dataclass(frozen=True)
class Turn:
    """One day of one table: rows put (new or changed, by key), keys that are gone."""

    put: list[Row] = field(default_factory=list)
    gone: list[Key] = field(default_factory=list)


@dataclass(frozen=True)
class Day:
    """`number` counts from 1; `date` is its day since 1970."""

    number: int
    date: int
    rng: Rng

    def times(self, count: int) -> Ints:
        drawn: Ints = self.date * DAY + np.sort(self.rng.integers(0, 20 * HOUR, count))
        return drawn


def turn(name: str, rows: Sequence[Row], seed: int, today: int, number: int) -> Turn:
    """The changes of a table on the `number`th day after `today`; `rows` are all that it has."""
    rng = chance(seed, "live", name, "turn", str(number))
    return _TURNS[name](rows, Day(number, today + number, rng))


def _chosen(rows: Sequence[Row], rng: Rng, count: int) -> list[Row]:
    places = rng.permutation(len(rows))[: min(count, len(rows))]
    return [rows[place] for place in sorted(places.tolist())]


def _contracts(rows: Sequence[Row], day: Day) -> Turn:
    """Some move house, some leave, some sign: nothing says so but the table itself."""
    chosen = _chosen(rows, day.rng, max(6, len(rows) // 200))
    third = len(chosen) // 3
    now = moments(day.times(1))[0]
    moved = [{**row, "lxdh": None, "gxsj": now} for row in chosen[:third]]
    again = [
        {**row, "qybh": f"{row['qybh']}-{day.number}", "fwf": "60.00", "gxsj": now}
        for row in chosen[2 * third :]
    ]
    key = TABLES["weijian_doctor_contract"].key_of
    return Turn(moved + again, [key(row) for row in chosen[third : 2 * third]])


def _visits(rows: Sequence[Row], day: Day) -> Turn:
    """New ones, and one that is handed in late: older than the newest that was there before."""
    count = max(8, len(rows) // 60)
    chosen = _chosen(rows, day.rng, count)
    said = {
        "id": [row["id_number"] or "" for row in chosen],
        "name": [row["patient_name"] or "" for row in chosen],
        "sex": [row["sex"] or "" for row in chosen],
        "phone": [row["phone"] or "" for row in chosen],
        "village": [row["village"] or "" for row in chosen],
    }
    moment = day.times(len(chosen))
    first = max(int(row["visit_id"] or 0) for row in rows) + 1
    made = visits_of(said, day.rng, moment, moment + 1800, first)
    newest = max(row["updated_at"] or "" for row in rows)
    late = np.datetime64(newest.replace(" ", "T")).astype("datetime64[s]").astype(np.int64)
    late_text = moments(np.array([int(late) - 6 * HOUR]))[0]
    made[0] = {**made[0], "visited_at": late_text, "updated_at": late_text}
    return Turn(made)


def _weighings(rows: Sequence[Row], day: Day) -> Turn:
    first = max(int(row["id"] or 0) for row in rows) + 1
    return Turn(weighings_of(day.rng, day.times(max(20, len(rows) // 90)), first))


def _observations(rows: Sequence[Row], day: Day) -> Turn:
    stations = sorted({row["镇街代码"] or "" for row in rows})
    # The first day hands in the county's own day, as every morning that of the day before.
    return Turn(observations_of(stations, day.rng, day.date - 1))


def _air(rows: Sequence[Row], day: Day) -> Turn:
    sites = sorted({row["site"] or "" for row in rows})
    hours = np.arange((day.date - 1) * 24, day.date * 24) * HOUR
    return Turn(air_of(sites, day.rng, hours))


def _alarms(rows: Sequence[Row], day: Day) -> Turn:
    batch = f"119-{day.number + 2:04d}"
    newest = {row["alarmNo"]: row for row in rows}
    chosen = _chosen(rows, day.rng, 6)
    said = {
        "village": [row["village"] or "" for row in chosen],
        "address": [row["address"] or "" for row in chosen],
        "phone": [row["callerPhone"] or "" for row in chosen],
    }
    first = max(int((row["alarmNo"] or "")[3:]) for row in rows) + 1
    made = alarms_of(said, day.rng, day.times(len(chosen)), first, batch)
    return Turn(made + settled(list(newest.values()), day.date * DAY + 21 * HOUR, batch))


def _nothing(_rows: Sequence[Row], _day: Day) -> Turn:
    return Turn()


def folded(name: str, rows: Sequence[Row]) -> list[Row]:
    """What a table holds in the end: of batches the newest row of each key."""
    table = TABLES[name]
    if not table.batched:
        return list(rows)
    newest = {table.key_of(row): row for row in rows}
    return [{key: row[key] for key in row if key != BATCH} for row in newest.values()]


def after(name: str, rows: Sequence[Row], change: Turn) -> list[Row]:
    """All rows once the change has happened; batches only grow."""
    table = TABLES[name]
    if table.batched:
        return [*rows, *change.put]
    gone = set(change.gone)
    kept = {table.key_of(row): row for row in rows if table.key_of(row) not in gone}
    kept |= {table.key_of(row): row for row in change.put}
    return list(kept.values())


_TURNS: Mapping[str, Callable[[Sequence[Row], Day], Turn]] = {
    "weijian_doctor_contract": _contracts,
    "weijian_fever_visit": _visits,
    "jiaotong_weigh_site": _nothing,
    "jiaotong_weighing": _weighings,
    "qixiang_station_report": _observations,
    "shengtai_air_site": _nothing,
    "shengtai_air_hourly": _air,
    "xiaofang_alarm": _alarms,
}
