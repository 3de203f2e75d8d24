"""What the documents say is what the code says."""

import json
import re
from collections import Counter
from pathlib import Path

import pytest
from fastapi.routing import APIRoute

from haina.app.http import ROUTERS
from scripts.reference import FOLDER, PAGES, errors_page, pack_schema, permission_of

ROOT = Path(__file__).parents[2]


@pytest.mark.parametrize("name", PAGES)
def test_the_reference_is_true(name: str) -> None:
    path = FOLDER / name
    assert path.is_file(), "run: python -m scripts.reference"
    assert path.read_text(encoding="utf-8") == PAGES[name](), "run: python -m scripts.reference"


def test_every_route_names_its_permission() -> None:
    routes = [route for router in ROUTERS for route in router.routes]
    assert len(routes) > 20
    public = set()
    for route in routes:
        assert isinstance(route, APIRoute)
        if permission_of(route) == "公开":
            public.add((*sorted(route.methods or ()), route.path))
        if route.path.startswith("/push/"):
            assert permission_of(route) == "推送密钥"
        assert route.description, f"{route.path} says nothing of itself"
    assert public == {("POST", "/api/session"), ("GET", "/api/system/health")}


def test_errors_name_their_way_out() -> None:
    rows = [line for line in errors_page().splitlines() if line.startswith("| `")]
    assert len(rows) > 30
    for row in rows:
        assert len([cell for cell in row.split(" | ") if cell.strip(" |")]) == 4, row


def test_the_schema_checks_the_packs() -> None:
    schema = pack_schema()
    assert json.loads(json.dumps(schema)) == schema
    assert set(schema["properties"]) >= {"pack", "source", "model", "service", "organization"}


def test_the_map_names_every_floor_once_and_its_rooms() -> None:
    source = ROOT / "src" / "haina"
    floors = {path.parent.name for path in source.glob("*/__init__.py")}
    rows = re.findall(
        r"^\| `src/haina/([a-z_]+)` \|(.*)$", (ROOT / "docs" / "map.md").read_text(), re.MULTILINE
    )
    assert Counter(name for name, _ in rows) == Counter(floors)
    for name, row in rows:
        rooms = {path.parent.name for path in (source / name).glob("*/__init__.py")}
        lost = {room for room in rooms if f"`{room}" not in row}
        assert name == "kernel" or not lost, f"{name}: {lost}"
