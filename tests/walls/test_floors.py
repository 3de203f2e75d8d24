"""Imports run one way; the server imports no engine; the product knows no county."""

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]


def _lint(folder: Path) -> "subprocess.CompletedProcess[str]":
    program = Path(sys.executable).parent / "lint-imports"
    return subprocess.run(
        [str(program), "--no-cache"],
        cwd=folder,
        env={**os.environ, "PYTHONPATH": f"{folder / 'src'}:{folder}"},
        capture_output=True,
        text=True,
        check=False,
    )


def test_the_floors_hold() -> None:
    found = _lint(ROOT)
    assert found.returncode == 0, found.stdout


@pytest.mark.parametrize(
    ("path", "line"),
    [
        ("src/haina/kernel/clock.py", "import haina.app.cli"),
        ("src/haina/resources/libraries/stale.py", "import haina.resources.collect"),
        ("src/haina/catalogue/lineage/queries.py", "import haina.compute.engines"),
    ],
)
def test_a_planted_import_turns_them_red(tmp_path: Path, path: str, line: str) -> None:
    for name in ("src", "simulation"):
        ignored = shutil.ignore_patterns("__pycache__", "*.egg-info")
        shutil.copytree(ROOT / name, tmp_path / name, ignore=ignored)
    shutil.copy(ROOT / "pyproject.toml", tmp_path)
    file = tmp_path / path
    file.write_text(f"{file.read_text()}\n{line}\n")
    found = _lint(tmp_path)
    assert found.returncode != 0
    assert "BROKEN" in found.stdout


_ENGINES = ("duckdb", "pyarrow", "deltalake", "pandas", "splink", "numpy", "adbc_driver_sqlite")


@pytest.mark.parametrize(
    ("modules", "unwanted"),
    [
        ("haina.app.site, haina.app.http, haina.services.gateway.asgi", _ENGINES),
        ("haina.app.worker", (*_ENGINES, "fastapi")),
        ("haina.app.cli, haina.app.up", (*_ENGINES, "fastapi", "sqlglot", "yaml", "alembic")),
    ],
    ids=("server", "worker", "command line"),
)
def test_a_start_loads_no_more_than_it_needs(modules: str, unwanted: tuple[str, ...]) -> None:
    code = f"import sys, {modules}; print([one for one in {unwanted!r} if one in sys.modules])"
    found = subprocess.run(
        [sys.executable, "-c", code],
        env={**os.environ, "PYTHONPATH": str(ROOT / "src")},
        capture_output=True,
        text=True,
        check=True,
    )
    assert found.stdout.strip() == "[]"


def test_the_product_knows_no_county() -> None:
    named = re.compile("武清|120114|wuqing", re.IGNORECASE)
    texts = (".py", ".ts", ".tsx", ".css", ".mako", ".json", ".html")
    told = [
        f"{path.relative_to(ROOT)}: {found[0]}"
        for folder in ("src", "web/src")
        for path in (ROOT / folder).rglob("*")
        if path.suffix in texts and path.is_file()
        for found in [named.search(path.read_text(encoding="utf-8"))]
        if found
    ]
    assert told == []
