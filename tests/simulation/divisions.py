"""A small national data.sqlite: invented villages of this county, and a few counties beside it."""

from __future__ import annotations

import sqlite3
from pathlib import Path

TOWNS = ("杨村街道", "梅厂镇", "河西务镇", "王庆坨镇")
_TABLES = {
    "province": "code, name",
    "city": "code, name, provinceCode",
    "area": "code, name, cityCode, provinceCode",
    "street": "code, name, areaCode, provinceCode, cityCode",
    "village": "code, name, streetCode, provinceCode, cityCode, areaCode",
}
_UPPER: dict[str, list[tuple[str, ...]]] = {
    "province": [("12", "天津市"), ("11", "北京市"), ("13", "河北省")],
    "city": [("1201", "市辖区", "12"), ("1101", "市辖区", "11"), ("1301", "石家庄市", "13")],
    "area": [
        ("120114", "武清区", "1201", "12"),
        ("110101", "东城区", "1101", "11"),
        ("130108", "裕华区", "1301", "13"),
    ],
}


def write_divisions(path: Path) -> Path:
    """Tests need no network."""
    with sqlite3.connect(path) as db:
        for table, columns in _TABLES.items():
            typed = ", ".join(f"{name} VARCHAR(255)" for name in columns.split(", "))
            db.execute(f"CREATE TABLE {table} ({typed})")
        for table, rows in _UPPER.items():
            marks = ", ".join("?" * len(rows[0]))
            db.executemany(f"INSERT INTO {table} VALUES ({marks})", rows)
        for number, town in enumerate(TOWNS):
            _write_town(db, number, town)
    db.close()
    return path


def _write_town(db: sqlite3.Connection, number: int, town: str) -> None:
    street = f"120114{number + 1:03d}"
    db.execute("INSERT INTO street VALUES (?, ?, '120114', '12', '1201')", (street, town))
    for village in range(1, 13):
        name = f"第{village}社区居委会" if number == 0 else f"第{village}村委会"
        row = (f"{street}{village:03d}", name, street)
        db.execute("INSERT INTO village VALUES (?, ?, ?, '12', '1201', '120114')", row)
