"""The tiny pack with a table of money, services of all four kinds and a cockpit."""

from pathlib import Path

from tests.support.packs import write_csv, write_pack, write_sources

GRANT_HEADER = ("XH", "SFZH", "XZ", "JE")

TOWNS = {"甲镇": 10, "乙镇": 6, "丙镇": 2}
"""How many grants were paid in each; the last is a small group."""

FILES = {
    "standards/elements_money.yaml": """\
- {name: money, title: 金额, type: decimal, grade: 3, mask: hide}
""",
    "sources/bt.yaml": """\
name: bt
title: 补贴系统
agency: minzheng
kind: csv
connection: {path: bt.csv}
tables:
  - name: grant_paid
    from: bt
    title: 补贴发放
    key: [XH]
    columns:
      XH: {item: no, title: 序号}
      SFZH: {item: id_number, title: 身份证号, element: id_number, required: true}
      XZ: {item: town, title: 乡镇}
      JE: {item: amount, title: 补贴金额, element: money}
""",
    "models/theme/town.sql": """\
/*
title: 乡镇补贴
owner: minzheng
key: [code]
*/
SELECT town AS code, any_value(town) AS name, count(*) AS times
FROM std.grant_paid
GROUP BY town
""",
    "services/more.yaml": """\
- name: person_card
  title: 身份证信息
  kind: key
  dataset: std.person
  by: [id_number]
  returns: [no, id_number, name, sex, birth_date]
- name: people
  title: 人口列表
  kind: list
  dataset: std.person
  filters: [sex, no, id_number]
  returns: [no, id_number, name, sex]
- name: person_match
  title: 身份核验
  kind: verify
  dataset: std.person
  by: [id_number]
  compare: [name, sex]
- name: grants
  title: 补贴统计
  kind: aggregate
  dataset: std.grant_paid
  group_by: [town]
  filters: [town]
  figures:
    times: {function: count, title: 次数}
    total: {function: sum, item: amount, title: 合计}
    mean: {function: avg, item: amount, title: 平均}
    people: {function: count_distinct, item: id_number, title: 人数}
- name: grant_bounds
  title: 补贴上下限
  kind: aggregate
  dataset: std.grant_paid
  group_by: [town]
  figures:
    least: {function: min, item: amount, title: 最少}
    most: {function: max, item: amount, title: 最多}
- name: grant_probe
  title: 按证件统计
  kind: aggregate
  dataset: std.grant_paid
  group_by: [town]
  filters: [id_number]
  figures:
    people: {function: count_distinct, item: id_number, title: 人数}
- name: rare
  title: 少调用
  kind: key
  dataset: base.person
  by: [id_number]
  returns: [sex]
  per_minute: 2
""",
    "pages/cockpit.yaml": """\
title: 小县驾驶舱
figures:
  - {title: 人口, dataset: base.person, unit: 人}
  - {title: 发放次数, dataset: topic.aid, function: sum, item: times, unit: 次}
places:
  dataset: theme.town
  code: code
  name: name
  figures: [times]
""",
}


def grants() -> list[list[str]]:
    """Rows of XH, SFZH, XZ, JE; the amounts of a town are 100, 200, 300…"""
    from tests.support.packs import id_number

    rows: list[list[str]] = []
    for town, count in TOWNS.items():
        for place in range(1, count + 1):
            number = len(rows) + 1
            rows.append([str(number), id_number(number), town, str(100 * place)])
    return rows


def write_rich_pack(folder: Path, files: Path, people: int = 60) -> Path:
    """The pack's folder; its sources are written to `files`."""
    write_pack(folder)
    for name, text in FILES.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    write_sources(files, people)
    write_csv(files / "bt.csv", GRANT_HEADER, grants())
    return folder
