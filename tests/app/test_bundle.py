"""The bundle for places without a network. tests/audit/test_bundle.py installs and runs it."""

import json
import re
import shutil
import subprocess
import sys
from importlib.metadata import PackageNotFoundError, distribution
from pathlib import Path
from typing import Any

import pytest

from scripts import bundle

LOCK = (bundle.ROOT / "requirements.lock").read_text("utf-8")
# What we ship must be free to be built upon.
OURS_TO_SHIP = re.compile(
    r"MIT|BSD|Apache|ISC|PSF|Python|MPL|Unlicense|Zlib|0BSD|CC0|Public Domain", re.I
)


@pytest.fixture(scope="module")
def laid(tmp_path_factory: pytest.TempPathFactory) -> Path:
    if not (bundle.ROOT / "web" / "dist" / "index.html").is_file():
        pytest.skip("the pages are not built: make web/dist/index.html")
    root = tmp_path_factory.mktemp("bundle") / "haina"
    bundle.lay_out(root, wheels=False)
    return root


def parts(laid: Path) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = json.loads((laid / "sbom.json").read_text("utf-8"))["components"]
    return found


def installed(name: str) -> bool:
    try:
        distribution(name)
    except PackageNotFoundError:
        return False
    return True


def test_every_package_of_the_lock_is_in_the_sbom(laid: Path) -> None:
    pinned = {name.lower() for name in re.findall(r"^([A-Za-z0-9._-]+)(?:\[.*?\])?==", LOCK, re.M)}
    told = {one["name"].lower() for one in parts(laid) if one["purl"].startswith("pkg:pypi/")}
    assert told == {name for name in pinned if installed(name)}
    assert {"duckdb", "deltalake", "granian"} <= told


def test_the_pages_parts_are_in_the_sbom_and_their_tools_are_not(laid: Path) -> None:
    told = {one["name"] for one in parts(laid) if one["purl"].startswith("pkg:npm/")}
    assert {"react", "antd", "echarts", "maplibre-gl"} <= told
    assert not {"vite", "eslint", "typescript"} & told


def test_every_part_has_a_licence_that_may_be_shipped(laid: Path) -> None:
    strange = {
        one["purl"]: one["licenses"][0]["license"]["name"]
        for one in parts(laid)
        if not OURS_TO_SHIP.search(one["licenses"][0]["license"]["name"])
    }
    assert strange == {}
    texts = list((laid / "licences").rglob("*"))
    assert sum(one.is_file() for one in texts) > len(parts(laid)) / 2


def test_it_holds_what_runs_and_not_what_tests(laid: Path) -> None:
    for there in (
        "src/haina/app/cli.py",
        "web/dist/index.html",
        "packs/wuqing/pack.yaml",
        "install",
    ):
        assert (laid / there).is_file(), there
    for absent in ("tests", "bench", "web/src", ".git"):
        assert not (laid / absent).exists(), absent


def test_a_damaged_one_is_not_installed(laid: Path, tmp_path: Path) -> None:
    copy = tmp_path / "copy"
    shutil.copytree(laid, copy)
    cli = copy / "src" / "haina" / "app" / "cli.py"
    cli.write_bytes(cli.read_bytes() + b"#")
    done = subprocess.run(
        ["bash", str(copy / "install")], capture_output=True, text=True, check=False
    )
    assert done.returncode == 1
    assert "已损坏" in done.stderr
    assert not (copy / ".venv").exists()


def test_it_says_which_python_it_was_made_for(laid: Path, tmp_path: Path) -> None:
    made = dict(line.split("=") for line in (laid / "MADE").read_text().splitlines())
    assert made["python"] == f"{sys.version_info[0]}.{sys.version_info[1]}"
