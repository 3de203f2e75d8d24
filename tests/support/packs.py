"""A pack of a few files, small enough to be known by heart."""

import csv
import sqlite3
from collections.abc import Sequence
from pathlib import Path

_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)


def id_number(place: int) -> str:
    """A valid 18-digit number; the same for the same place. Odd places are men."""
    year, month, day = 1950 + place % 50, 1 + place % 12, 1 + place % 28
    body = f"110105{year:04d}{month:02d}{day:02d}{place % 1000:03d}"
    rest = sum(int(digit) * weight for digit, weight in zip(body, _WEIGHTS, strict=True)) % 11
    return body + "10X98765432"[rest]


def birth_date(place: int) -> str:
    found = id_number(place)[6:14]
    return f"{found[:4]}-{found[4:6]}-{found[6:]}"


def people(count: int) -> list[list[str]]:
    """Rows of XH, SFZH, XM, XB, CSRQ."""
    return [
        [str(n), id_number(n), f"张{n}", "男" if n % 2 else "女", birth_date(n)]
        for n in range(1, count + 1)
    ]


def write_csv(path: Path, header: Sequence[str], rows: Sequence[Sequence[str]]) -> None:
    with path.open("w", encoding="utf-8", newline="") as out:
        csv.writer(out).writerows([header, *rows])


def write_sqlite(
    path: Path, table: str, header: Sequence[str], rows: Sequence[Sequence[object]]
) -> None:
    path.unlink(missing_ok=True)
    connection = sqlite3.connect(path)
    columns = ", ".join(f'"{name}" TEXT' for name in header)
    connection.execute(f'CREATE TABLE "{table}" ({columns}, PRIMARY KEY ("{header[0]}"))')
    marks = ", ".join("?" * len(header))
    connection.executemany(f'INSERT INTO "{table}" VALUES ({marks})', rows)
    connection.commit()
    connection.close()


PERSON_HEADER = ("XH", "SFZH", "XM", "XB", "CSRQ")

FILES = {
    "pack.yaml": "name: tiny\ntitle: 小包\n",
    "organizations.yaml": """\
- {code: tiny, title: 小县, kind: government}
- {code: gongan, title: 公安局, parent: tiny}
- {code: minzheng, title: 民政局, parent: tiny}
""",
    "standards/codes.yaml": """\
- name: sex
  title: 性别
  codes: {"0": 未知, "1": 男, "2": 女, "9": 未说明}
  aliases: {男: "1", 女: "2"}
""",
    "standards/elements.yaml": """\
- {name: id_number, title: 公民身份号码, format: id_number, grade: 3, mask: id_number}
- {name: person_name, title: 姓名, grade: 3, mask: name, max_length: 50}
- {name: sex, title: 性别, code_set: sex}
- {name: birth_date, title: 出生日期, type: date, grade: 2}
""",
    "sources/hj.yaml": """\
name: hj
title: 户籍系统
agency: gongan
kind: csv
connection: {path: hj.csv}
schedule: "30 2 * * *"
tables:
  - name: person
    from: hj
    title: 户籍人口
    key: [XH]
    columns:
      XH: {item: no, title: 序号}
      SFZH: {item: id_number, title: 身份证号, element: id_number, required: true}
      XM: {item: name, title: 姓名, element: person_name, required: true}
      XB: {item: sex, title: 性别, element: sex, same_as: SFZH}
      CSRQ: {item: birth_date, title: 出生日期, element: birth_date, same_as: SFZH}
""",
    "sources/db.yaml": """\
name: db
title: 低保系统
agency: minzheng
kind: sqlite
connection: {path: db.sqlite}
tables:
  - name: aid
    from: aid
    title: 低保发放
    key: [XH]
    columns:
      XH: {item: no, title: 序号}
      SFZH: {item: id_number, title: 身份证号, element: id_number, required: true}
      JE: {item: amount, title: 金额}
""",
    "models/base/person.sql": """\
/*
title: 人口
owner: gongan
key: [id_number]
*/
SELECT id_number, max(name) AS name, any_value(sex) AS sex
FROM std.person
WHERE id_number IS NOT NULL
GROUP BY id_number
""",
    "models/topic/aid.sql": """\
/*
title: 低保与人口
owner: minzheng
key: [id_number]
*/
SELECT a.id_number, max(p.name) AS name, count(*) AS times
FROM std.aid AS a JOIN base.person AS p ON a.id_number = p.id_number
GROUP BY a.id_number
""",
    "services/person.yaml": """\
name: person
title: 人口查询
kind: key
dataset: base.person
by: [id_number]
returns: [name, sex]
""",
}


def write_pack(folder: Path) -> Path:
    """The tiny pack's folder."""
    for name, text in FILES.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    return folder


def write_sources(folder: Path, count: int = 20) -> Path:
    """What the tiny pack collects: `count` people, every second of them aided."""
    folder.mkdir(parents=True, exist_ok=True)
    write_csv(folder / "hj.csv", PERSON_HEADER, people(count))
    rows = [[str(n), id_number(n), str(100 * n)] for n in range(2, count + 1, 2)]
    write_sqlite(folder / "db.sqlite", "aid", ("XH", "SFZH", "JE"), rows)
    return folder
