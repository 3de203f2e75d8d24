"""The rows of each system at the start: drawn from the county's world by its seed.

A row is text by column, as the system would write it: numbers with their digits, times of China
as `YYYY-MM-DD HH:MM:SS`, lists as JSON. Rows of batches carry the batch that brings them.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from typing import Any, TypeAlias

import numpy as np

from simulation.world.base import Ints, Mask, Rng, chance, drawn, joined, numbered, picked
from simulation.world.people import addresses
from simulation.world.world import World

Row: TypeAlias = dict[str, str | None]
BATCH = "_batch"
HOUR, DAY = 3600, 86400
SYMPTOMS = ("发热", "咳嗽", "咽痛", "乏力", "头痛", "流涕")
DIAGNOSES = ("J06.9", "J11.1", "J20.9", "J18.9", "R50.9")
LETTERS = "ABCDEFGHJKMNPQR"


def moments(seconds: Ints) -> list[str]:
    """Seconds since 1970, of China's clock."""
    texts = np.datetime_as_string(seconds.astype("datetime64[s]"), unit="s")
    return [text.replace("T", " ") for text in texts.tolist()]


def dates(days: Ints) -> list[str]:
    texts: list[str] = np.datetime_as_string(days.astype("datetime64[D]"), unit="D").tolist()
    return texts


def decimals(values: Any, places: int) -> list[str]:
    return [f"{value:.{places}f}" for value in values.tolist()]


def table_of(columns: Mapping[str, list[str] | list[str | None]]) -> list[Row]:
    return [dict(zip(columns, row, strict=True)) for row in zip(*columns.values(), strict=True)]


def _some(rng: Rng, mask: Mask, share: float, floor: int) -> Ints:
    """Persons of a mask, in the order of chance."""
    found = np.flatnonzero(mask)
    count = min(len(found), max(floor, int(len(found) * share)))
    chosen: Ints = rng.permutation(found)[:count]
    return chosen


def _mistyped(rng: Rng, numbers: list[str], share: float) -> list[str]:
    """Id numbers of which a few have a wrong last character."""
    wrong = rng.random(len(numbers)) < share
    return [
        one[:17] + ("0" if one[17] != "0" else "1") if bad else one
        for one, bad in zip(numbers, wrong.tolist(), strict=True)
    ]


def _people(world: World, rng: Rng, index: Ints) -> dict[str, list[str]]:
    people = world.people
    return {
        "id": _mistyped(rng, people.id.take(index).to_pylist(), 0.004),
        "name": people.name.take(index).to_pylist(),
        "sex": [str(one) for one in people.family.sex[index].tolist()],
        "birth": dates(people.family.birth[index]),
        "phone": people.phone.take(index).to_pylist(),
        "village": drawn(world.places.villages, people.village[index]).to_pylist(),
    }


def contracts(world: World) -> list[Row]:
    """Family doctors care for the old and the chronically ill first."""
    rng = chance(world.seed, "live", "contract")
    known = (world.economy.age >= 65) | world.economy.ill
    index = _some(rng, known & world.economy.alive & ~world.people.floating, 0.6, 60)
    said, size = _people(world, rng, index), len(index)
    signed = world.today - rng.integers(1, 700, size)
    return table_of(
        {
            "qybh": joined("JTYS", numbered(np.arange(1, size + 1), 7)).to_pylist(),
            "sfzh": said["id"],
            "xm": said["name"],
            "xb": said["sex"],
            "csrq": said["birth"],
            "lxdh": said["phone"],
            "szcj": said["village"],
            "fwf": decimals(rng.choice([60.0, 120.0, 180.5], size), 2),
            "qyrq": dates(signed),
            "gxsj": moments(signed * DAY + rng.integers(8 * HOUR, 18 * HOUR, size)),
        }
    )


def visits(world: World) -> list[Row]:
    rng = chance(world.seed, "live", "fever")
    index = _some(rng, world.economy.alive, 0.05, 60)
    moment = (world.today - 30) * DAY + np.sort(rng.integers(0, 30 * DAY, len(index)))
    return visits_of(_people(world, rng, index), rng, moment, moment + 1800, 1)


def visits_of(
    said: Mapping[str, list[str]], rng: Rng, moment: Ints, written: Ints, first: int
) -> list[Row]:
    size = len(moment)
    felt = rng.random((size, len(SYMPTOMS))) < 0.4
    lists = [[s for s, has in zip(SYMPTOMS, row, strict=True) if has] for row in felt.tolist()]
    return table_of(
        {
            "visit_id": [str(first + place) for place in range(size)],
            "id_number": said["id"],
            "patient_name": said["name"],
            "sex": said["sex"],
            "phone": said["phone"],
            "village": said["village"],
            "body_temperature": decimals(rng.uniform(37.3, 40.4, size), 1),
            "symptoms": [_listed(one) for one in lists],
            "diagnosis": picked(rng, DIAGNOSES, size).to_pylist(),
            "visited_at": moments(moment),
            "updated_at": moments(written),
        }
    )


def _listed(words: list[str]) -> str | None:
    return json.dumps(words, ensure_ascii=False, separators=(",", ":")) if words else None


def weigh_sites(world: World) -> list[Row]:
    rng = chance(world.seed, "live", "sites")
    index = rng.permutation(len(world.places.villages))[:6]
    names = [world.places.village_names[place] for place in index.tolist()]
    return table_of(
        {
            "site_no": [f"ZC{place + 1:03d}" for place in range(len(index))],
            "name": [f"{name}治超站" for name in names],
            "village": [world.places.villages[place] for place in index.tolist()],
            "lng": decimals(rng.uniform(116.8, 117.3, len(index)), 6),
            "lat": decimals(rng.uniform(39.2, 39.7, len(index)), 6),
            "enabled": ["N" if place == 5 else "Y" for place in range(len(index))],
        }
    )


def weighings(world: World) -> list[Row]:
    rng = chance(world.seed, "live", "weighing")
    size = max(1200, world.people.size * 6 // 5)
    moment = (world.today - 90) * DAY + np.sort(rng.integers(0, 90 * DAY, size))
    return weighings_of(rng, moment, 1)


def weighings_of(rng: Rng, moment: Ints, first: int) -> list[Row]:
    size = len(moment)
    plates = joined("津", picked(rng, LETTERS, size), numbered(rng.integers(0, 10**5, size), 5))
    axles = rng.choice([2, 3, 4, 6], size, p=[0.35, 0.15, 0.15, 0.35])
    limit = np.choose(np.searchsorted([2, 3, 4, 6], axles), [18000, 27000, 36000, 49000])
    gross = (limit * rng.normal(0.8, 0.15, size)).astype(np.int64).clip(3000, 120_000)
    over = np.maximum(gross - limit, 0) / limit * 100
    times = moments(moment)
    millis = rng.integers(0, 1000, size).tolist()
    return table_of(
        {
            "id": [str(first + place) for place in range(size)],
            "site_no": [f"ZC{place:03d}" for place in rng.integers(1, 6, size).tolist()],
            "plate": plates.to_pylist(),
            "axles": [str(one) for one in axles.tolist()],
            "gross_kg": [str(one) for one in gross.tolist()],
            "limit_kg": [str(one) for one in limit.tolist()],
            "over_rate": decimals(over, 2),
            "weighed_at": times,
            "update_time": [f"{one}.{part:03d}" for one, part in zip(times, millis, strict=True)],
        }
    )


def townships(world: World) -> list[tuple[str, str]]:
    """Codes and names, in order."""
    pairs = zip(world.places.villages, world.places.township_names, strict=True)
    return sorted({village[:9]: name for village, name in pairs}.items())


def observations(world: World) -> list[Row]:
    stations = [code for code, _ in townships(world)]
    found: list[Row] = []
    days = min(7, max(2, world.people.size // 1000))
    for day in range(world.today - days, world.today):
        rng = chance(world.seed, "live", "aws", str(day))
        found += observations_of(stations, rng, day)
    return found


def observations_of(stations: list[str], rng: Rng, day: int) -> list[Row]:
    """A day of all stations, hour by hour: the rows of one file."""
    size = len(stations) * 24
    hours = np.tile(np.arange(24), len(stations))
    warmth = 6 + 5 * np.sin((hours - 8) / 24 * 2 * np.pi) + rng.normal(0, 0.8, size)
    rain = np.where(rng.random(size) < 0.06, rng.exponential(1.5, size), 0.0)
    where = [code for code in stations for _ in range(24)]
    name = f"aws_{dates(np.array([day]))[0].replace('-', '')}.csv"
    return table_of(
        {
            "站号": [f"A{code[3:]}" for code in where],
            "观测时间": moments(day * DAY + hours * HOUR),
            "镇街代码": where,
            "气温": decimals(warmth, 1),
            "降水量": decimals(rain, 1),
            "风速": decimals(rng.weibull(2, size) * 3, 1),
            BATCH: [name] * size,
        }
    )


def air_sites(world: World) -> list[Row]:
    rng = chance(world.seed, "live", "air")
    chosen = townships(world)[:12]
    return table_of(
        {
            "code": [f"1214{place + 1:02d}" for place in range(len(chosen))],
            "name": [f"{name}空气站" for _, name in chosen],
            "township": [code for code, _ in chosen],
            "lng": decimals(rng.uniform(116.8, 117.3, len(chosen)), 6),
            "lat": decimals(rng.uniform(39.2, 39.7, len(chosen)), 6),
        }
    )


def air_hours(world: World) -> list[Row]:
    rng = chance(world.seed, "live", "air hours")
    sites = [row["code"] or "" for row in air_sites(world)]
    days = min(60, max(3, world.people.size // 2000))
    start = (world.today - days) * 24
    return air_of(sites, rng, np.arange(start, world.today * 24) * HOUR)


def air_of(sites: list[str], rng: Rng, moment: Ints) -> list[Row]:
    size = len(sites) * len(moment)
    fine = rng.gamma(4, 11, size)
    ozone: list[str | None] = list(decimals(rng.gamma(5, 14, size), 1))
    silent = rng.random(size) < 0.02  # the instrument was being calibrated
    return table_of(
        {
            "site": sites * len(moment),
            "publishTime": [one for one in moments(moment) for _ in sites],
            "aqi": [str(one) for one in (fine * 1.3).astype(int).tolist()],
            "pm25": decimals(fine, 1),
            "pm10": decimals(fine * rng.uniform(1.2, 1.9, size), 1),
            "o3": [None if gone else one for one, gone in zip(ozone, silent.tolist(), strict=True)],
        }
    )


def alarms(world: World) -> list[Row]:
    """Two batches: the weeks before, and the last shift, which settles some of their alarms."""
    rng = chance(world.seed, "live", "alarm")
    size = max(20, world.people.size // 400)
    moment = (world.today - 14) * DAY + np.sort(rng.integers(0, 13 * DAY, size))
    village = rng.integers(0, len(world.places.villages), size)
    said = {
        "village": drawn(world.places.villages, village).to_pylist(),
        "address": addresses(rng, village, world.places).to_pylist(),
        "phone": world.people.phone.take(rng.integers(0, world.people.size, size)).to_pylist(),
    }
    first = alarms_of(said, rng, moment, 1, "119-0001")
    return first + settled(first, world.today * DAY - 6 * HOUR, "119-0002")


def alarms_of(
    said: Mapping[str, list[str]], rng: Rng, moment: Ints, first: int, batch: str
) -> list[Row]:
    size = len(moment)
    return table_of(
        {
            "alarmNo": [f"119{first + place:08d}" for place in range(size)],
            "kind": rng.choice(["1", "2", "3", "9"], size, p=[0.3, 0.4, 0.25, 0.05]).tolist(),
            "state": rng.choice(["1", "2", "3"], size, p=[0.1, 0.2, 0.7]).tolist(),
            "village": said["village"],
            "address": said["address"],
            "callerPhone": said["phone"],
            "injured": [str(one) for one in rng.poisson(0.05, size).tolist()],
            "receivedAt": moments(moment),
            "updatedAt": moments(moment + 40 * 60),
            BATCH: [batch] * size,
        }
    )


def settled(rows: list[Row], moment: int, batch: str) -> list[Row]:
    """What was still open is dealt with: the same alarms again, in a later batch."""
    written = moments(np.array([moment]))[0]
    more = {"state": "3", "updatedAt": written, BATCH: batch}
    return [{**row, **more} for row in rows if row["state"] != "3"]


MAKERS: Mapping[str, Callable[[World], list[Row]]] = {
    "weijian_doctor_contract": contracts,
    "weijian_fever_visit": visits,
    "jiaotong_weigh_site": weigh_sites,
    "jiaotong_weighing": weighings,
    "qixiang_station_report": observations,
    "shengtai_air_site": air_sites,
    "shengtai_air_hourly": air_hours,
    "xiaofang_alarm": alarms,
}
