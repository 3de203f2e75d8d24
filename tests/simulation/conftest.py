"""Two small counties, made once, on a few invented villages of the real township list."""

from __future__ import annotations

import sqlite3
from datetime import date
from pathlib import Path

import pytest

from simulation.__main__ import generate
from tests.simulation.county import County

PERSONS = 2000
DAY = date(2026, 11, 22)


def _divisions(path: Path) -> Path:
    """The shape of the national data.sqlite with this county alone; tests need no network."""
    with sqlite3.connect(path) as db:
        db.execute("CREATE TABLE area (code TEXT, name TEXT)")
        db.execute("CREATE TABLE street (code TEXT, name TEXT, areaCode TEXT)")
        db.execute("CREATE TABLE village (code TEXT, name TEXT, streetCode TEXT, areaCode TEXT)")
        db.executemany("INSERT INTO area VALUES (?, '')", [("120114",), ("110101",), ("130108",)])
        for number, town in enumerate(("杨村街道", "梅厂镇", "河西务镇", "王庆坨镇")):
            street = f"120114{number + 1:03d}"
            db.execute("INSERT INTO street VALUES (?, ?, '120114')", (street, town))
            for village in range(1, 13):
                name = f"第{village}社区居委会" if number == 0 else f"第{village}村委会"
                row = (f"{street}{village:03d}", name, street)
                db.execute("INSERT INTO village VALUES (?, ?, ?, '120114')", row)
    db.close()
    return path


@pytest.fixture(scope="session")
def divisions(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return _divisions(tmp_path_factory.mktemp("divisions") / "data.sqlite")


@pytest.fixture(scope="session")
def county(tmp_path_factory: pytest.TempPathFactory, divisions: Path) -> County:
    out = tmp_path_factory.mktemp("county") / "one"
    assert generate(out, divisions, PERSONS, 7, DAY)
    return County(out)
