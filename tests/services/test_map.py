"""The map of a pack: checked when it is applied, kept, served by ranges to those of the cockpit."""

import gzip
import json
import math
import struct
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from haina import packs
from haina.kernel.errors import HainaError
from haina.kernel.platform import Platform
from haina.packs.reading import read_pack
from scripts.county_map import features_of, to_cgcs2000
from tests.app.support_http import Site

ROOT = Path(__file__).parents[2]
TILES = ROOT / "tests" / "browser" / "pack" / "maps" / "harbour.pmtiles"
WUQING = ROOT / "packs" / "wuqing"


def declare(site: Site, said: str, content: bytes | None) -> Path:
    """The pack with a map in its cockpit."""
    folder = Path(site.prepared.pack).with_name(f"map-{site.platform.settings.home.parent.name}")
    _copy(Path(site.prepared.pack), folder)
    page = folder / "pages" / "cockpit.yaml"
    page.write_text(f"{page.read_text(encoding='utf-8')}map: {said}\n", encoding="utf-8")
    (folder / "maps").mkdir(exist_ok=True)
    if content is not None:
        (folder / "maps" / "own.pmtiles").write_bytes(content)
    return folder


def _copy(source: Path, target: Path) -> None:
    for path in source.rglob("*"):
        if path.is_file():
            to = target / path.relative_to(source)
            to.parent.mkdir(parents=True, exist_ok=True)
            to.write_bytes(path.read_bytes())


SAID = "{file: maps/own.pmtiles, title: 本县, focus: a, approval: 津S(2026)001}"


def test_a_pack_brings_its_own_map(own_site: Site) -> None:
    web = own_site.web("leader")
    assert web.get("/api/cockpit").json()["map"] is None
    packs.apply(own_site.platform, declare(own_site, SAID, TILES.read_bytes()), "test")
    told = web.get("/api/cockpit").json()["map"]
    assert (told["title"], told["focus"], told["approval"]) == ("本县", "a", "津S(2026)001")
    address = f"/api/cockpit/map/{told['digest']}"
    assert web.get(address).content == TILES.read_bytes()
    part = web.get(address, headers={"Range": "bytes=0-7"})
    assert (part.status_code, part.content) == (206, b"PMTiles\x03")
    assert own_site.web(None).get(address).status_code == 401
    assert own_site.web("audit_admin").get(address).status_code == 403


def test_another_file_of_the_same_name_has_another_address(own_site: Site) -> None:
    web = own_site.web("leader")
    found = []
    for content in (TILES.read_bytes(), TILES.read_bytes() + b"\0"):
        packs.apply(own_site.platform, declare(own_site, SAID, content), "test")
        found.append(web.get("/api/cockpit").json()["map"]["digest"])
    assert found[0] != found[1]
    assert web.get(f"/api/cockpit/map/{found[1]}").content == TILES.read_bytes() + b"\0"


@pytest.mark.parametrize("digest", ["0123456789abcdef", "..%2Fplatform", "x.y"])
def test_what_is_no_map_is_not_found(site: Site, digest: str) -> None:
    assert site.web("leader").get(f"/api/cockpit/map/{digest}").status_code == 404


@pytest.mark.parametrize(
    ("said", "content", "words"),
    [
        (SAID, None, "没有地图文件"),
        (SAID, b"<html>", "不是 PMTiles"),
        (SAID.replace("maps/own", "../own"), TILES.read_bytes(), "map.file"),
        (SAID.replace("own.pmtiles", "own.geojson"), b"{}", "map.file"),
    ],
)
def test_a_bad_map_stops_the_pack(
    own_site: Site, said: str, content: bytes | None, words: str
) -> None:
    with pytest.raises(HainaError) as refused:
        packs.apply(own_site.platform, declare(own_site, said, content), "test")
    assert words in refused.value.message
    assert refused.value.hint
    assert own_site.web("leader").get("/api/cockpit").json()["map"] is None


def test_a_link_out_of_the_pack_is_refused(own_site: Site, own_platform: Platform) -> None:
    folder = declare(own_site, SAID, None)
    (folder / "maps" / "own.pmtiles").symlink_to(TILES)
    with pytest.raises(HainaError, match="没有地图文件"):
        packs.apply(own_platform, folder, "test")


def metadata(path: Path) -> dict[str, Any]:
    tiles = path.read_bytes()
    start, length = struct.unpack_from("<QQ", tiles, 24)
    found: dict[str, Any] = json.loads(gzip.decompress(tiles[start : start + length]))
    return found


def test_the_demonstrations_map_has_every_district_and_names_no_machine() -> None:
    [cockpit] = read_pack(WUQING).cockpits
    assert cockpit.map is not None
    assert cockpit.map.approval is None  # the page says 非审定地图
    told = metadata(WUQING / cockpit.map.file)
    [codes] = [
        set(one["values"])
        for layer in told["tilestats"]["layers"]
        for one in layer["attributes"]
        if (layer["layer"], one["attribute"]) == ("district", "code")
    ]
    assert len(codes) == 16
    assert cockpit.map.focus in codes
    assert "generator_options" not in told
    assert "MIT License" in (WUQING / "maps" / "NOTICE").read_text(encoding="utf-8")


@given(st.floats(116.7, 118.1), st.floats(38.5, 40.3))
def test_points_move_by_what_the_datum_adds_here(lon: float, lat: float) -> None:
    x, y = to_cgcs2000(lon, lat)
    east = (lon - x) * 111_320 * math.cos(math.radians(lat))
    north = (lat - y) * 110_950
    assert 350 < east < 750
    assert 0 < north < 350


def test_a_district_without_a_ring_is_refused(tmp_path: Path) -> None:
    for name in ("geojson/shape-with-internal-borders", "tianjin-fix"):
        (tmp_path / name).mkdir(parents=True)
    empty = {"type": "Polygon", "coordinates": []}
    city = {"features": [{"properties": {"name": "武清区"}, "geometry": empty}]}
    (tmp_path / "geojson/shape-with-internal-borders/tianjin.geojson").write_text(json.dumps(city))
    (tmp_path / "tianjin-fix/jixian.geojson").write_text('{"features": []}')
    with pytest.raises(ValueError, match="no ring"):
        features_of(tmp_path)
