"""Two small counties, made once, on a few invented villages of the real township list."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from simulation.__main__ import generate
from tests.simulation.county import County
from tests.simulation.divisions import write_divisions

PERSONS = 2000
DAY = date(2026, 11, 22)


@pytest.fixture(scope="session")
def divisions(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_divisions(tmp_path_factory.mktemp("divisions") / "data.sqlite")


@pytest.fixture(scope="session")
def county(tmp_path_factory: pytest.TempPathFactory, divisions: Path) -> County:
    out = tmp_path_factory.mktemp("county") / "one"
    assert generate(out, divisions, PERSONS, 7, DAY)
    return County(out)
