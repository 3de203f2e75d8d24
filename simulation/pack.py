"""Write the sources and standards of the demonstration pack: python -m simulation.pack --out DIR

The county's integrators know each column's meaning from the declarations here; what they decided
besides (names, cycles, themes, sharing) is in pack.toml. Models and services are written by hand.
"""

from __future__ import annotations

import argparse
import json
import re
import tomllib
from collections.abc import Iterable, Iterator, Mapping
from itertools import groupby
from pathlib import Path
from typing import Any

from simulation.codes import CODE_SETS, CodeSet, aliases
from simulation.declare import Agency, Column, Table
from simulation.files import places_of
from simulation.spelling import code_style
from simulation.tables.all import TABLES
from simulation.vocabulary import CONCEPTS

DECIDED: Mapping[str, Any] = tomllib.loads(Path(__file__).with_suffix(".toml").read_text("utf-8"))
HEAD = "# 由 python -m simulation.pack 生成,请勿手改。\n"
DIVISIONS = (
    ("province", "省级行政区划", "", ""),
    ("city", "地级行政区划", "provinceCode", "province"),
    ("area", "县级行政区划", "cityCode", "city"),
    ("street", "乡级行政区划", "areaCode", "area"),
    ("village", "村级行政区划", "streetCode", "street"),
)

# Kinds of sources whose name is not the format's, and what files are called in titles.
KINDS = {"zip": "csv"}
FILES = {
    "csv": "交换文件", "zip": "交换文件包", "workbook": "登记表", "json": "JSON 数据",
    "jsonl": "JSON 行数据", "parquet": "Parquet 数据", "dbf": "DBF 表", "fixed_width": "定长文件",
    "sqlite": "数据库",
}  # fmt: skip

_PLAIN = re.compile(r"[A-Za-z\u4e00-\u9fff][A-Za-z0-9_.\u4e00-\u9fff·、()/-]*")
_WORDS = {"true", "false", "null"}


# Writing YAML: block style for what has parts of its own, one line for a column.


def scalar(value: Any) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int | float):
        return str(value)
    plain = _PLAIN.fullmatch(value) and value.lower() not in _WORDS
    return value if plain else json.dumps(value, ensure_ascii=False)


def flow(value: Any) -> str:
    if isinstance(value, Mapping):
        return "{" + ", ".join(f"{scalar(key)}: {flow(one)}" for key, one in value.items()) + "}"
    if isinstance(value, list | tuple):
        return "[" + ", ".join(flow(one) for one in value) + "]"
    return scalar(value)


def entry(values: Mapping[str, Any], depth: int, *, first: str = "") -> Iterator[str]:
    """The lines of a mapping; what has many parts is opened, the rest stands on one line."""
    start = " " * depth
    for number, (key, value) in enumerate(values.items()):
        lead = start[: len(start) - len(first)] + first if number == 0 else start
        if key in ("columns", "codes") or (key == "tables" and isinstance(value, Mapping)):
            yield f"{lead}{key}:"
            yield from (f"{start}  {scalar(name)}: {flow(one)}" for name, one in value.items())
        elif key == "connection" and ("fields" in value or "tables" in value):
            yield f"{lead}{key}:"
            yield from entry(value, depth + 2)
        elif key == "fields":
            yield f"{lead}{key}:"
            yield from (f"{start}  - {flow(one)}" for one in value)
        elif key in ("tables", "rules"):
            yield f"{lead}{key}:"
            for one in value:
                yield from entry(one, depth + 4, first="- ")
        else:
            yield f"{lead}{key}: {flow(value)}"


def document(values: Mapping[str, Any]) -> str:
    return HEAD + "\n".join(entry(values, 0)) + "\n"


def listing(values: Iterable[Mapping[str, Any]]) -> str:
    return HEAD + "".join(f"- {flow(one)}\n" for one in values)


# Standards


def elements() -> Iterator[dict[str, Any]]:
    for name, said in DECIDED["elements"].items():
        yield {"name": name, **said}
    for name, codeset in CODE_SETS.items():
        made: dict[str, Any] = {"name": name, "title": codeset.title}
        if codeset.standard != "自定":
            made["source"] = codeset.standard
        made["code_set"] = name
        if name in DECIDED["graded"]:
            made["grade"] = DECIDED["graded"][name]
        yield made


def code_set(name: str, codeset: CodeSet) -> dict[str, Any]:
    """Labels lead to their codes everywhere; other spellings are their agency's own."""
    made: dict[str, Any] = {"name": name, "title": codeset.title}
    if codeset.standard != "自定":
        made["source"] = codeset.standard
    made["codes"] = dict(codeset.values)
    made["aliases"] = aliases(name, "label")
    return made


def element_of(column: Column) -> str | None:
    title, kind = column.title, column.kind
    said = DECIDED["bound"].get(title)
    if said == "medical_cost":
        return f"medical_cost_{column.unit}"
    if said is not None:
        return str(said)
    if column.codeset:
        return column.codeset
    named = {
        "uscc": "uscc", "id_number": "id_number", "person_name": "person_name",
        "org_name": "organization_name", "birth_date": "birth_date", "address": "address",
        "phone": "phone", "plate": "plate_no", "datetime": "moment", "update_time": "moment",
        "place_code:village": "village_code", "place_code:township": "township_code",
        "integer": None if column.key else "count", "amount": f"money_{column.unit}",
        "date": "term_date" if column.future else "date",
    }  # fmt: skip
    numbered = column.key or kind.startswith("ref:") or "serial" in column.value
    return named.get(kind, "record_no" if numbered else None)


# Sources


def item_of(column: Column) -> str:
    concept = CONCEPTS[column.title]
    return str(DECIDED["items"].get(column.title, concept.english))


def _own_codes(column: Column, agency: Agency) -> dict[str, str]:
    style = code_style(agency, column.codeset)
    return {} if style == "label" else aliases(column.codeset, style)


def _reference(table: Table, column: Column) -> str | None:
    if column.kind.startswith("place_code"):
        return "base.place.code"
    if not column.kind.startswith("ref:"):
        return None
    name, target = column.target
    parent = next(t for t in TABLES if (t.agency, t.name) == (table.agency, name))
    return f"std.{dataset(parent)}.{item_of(parent.column(target))}"


def _same_as(table: Table, column: Column) -> str | None:
    role, dot, _ = column.value.partition(".")
    number = table.sourced(f"{role}.id") if dot else None
    return number.name if number and column.kind in ("birth_date", "sex") else None


def column_of(table: Table, column: Column) -> dict[str, Any]:
    clock = column.kind in ("datetime", "update_time")
    told = {
        "item": item_of(column),
        "title": column.title,
        "element": element_of(column),
        "required": column.required and not column.key,
        "same_as": _same_as(table, column),
        "refers": _reference(table, column),
        "date_format": "%Y年%m月%d日 %H:%M:%S"
        if clock and table.agency.dates == "chinese"
        else None,
        "codes": _own_codes(column, table.agency) if column.codeset else None,
    }
    return {key: value for key, value in told.items() if value}


def decided(table: Table) -> dict[str, Any]:
    code = table.agency.code
    return {**DECIDED["agencies"][code], **DECIDED["tables"][code][table.name]}


def dataset(table: Table) -> str:
    return f"{table.agency.code}_{decided(table)['name']}"


def table_of(table: Table) -> dict[str, Any]:
    said = decided(table)
    told: dict[str, Any] = {
        "name": dataset(table),
        "from": table.name,
        "title": table.title,
        "summary": said.get("summary"),
        "key": list(table.keys),
    }
    if said.get("mode") == "incremental":
        told["mode"] = "incremental"
        told["watermark"] = next(c.name for c in table.columns if c.kind == "update_time")
    told |= {key: said.get(key) for key in ("cycle", "due", "theme", "sharing", "sharing_basis")}
    told["grade"] = said.get("grade")
    told["columns"] = {column.name: column_of(table, column) for column in table.columns}
    told["rules"] = [
        {"name": name, "title": title, "expr": expr} for name, title, expr in said.get("rules", ())
    ]
    defaults = {"cycle": "daily", "due": "08:00", "sharing": "conditional"}
    return {key: value for key, value in told.items() if value and defaults.get(key) != value}


def _night(number: int) -> str:
    """Hours between one and six, so that no two sources start at once."""
    minutes = 60 + number * 5
    return f"{minutes % 60} {minutes // 60} * * *"


def _connection(first: Table) -> dict[str, Any]:
    agency = first.agency
    alone = agency.format in ("sqlite", "zip", "fixed_width")
    told: dict[str, Any] = {"path": f"sources/{first.path if alone else agency.code}"}
    if agency.encoded:
        told["encoding"] = agency.encoding.removesuffix("-sig")
    if agency.format == "fixed_width":
        told["fields"] = [
            {"name": place.column.name, "start": place.start, "length": place.length}
            for place in places_of(first)
        ]
    return told


def source(number: int, tables: list[Table]) -> dict[str, Any]:
    agency, system = tables[0].agency, _system(tables[0])
    known = DECIDED["systems"].get(agency.code, {})
    said = known.get(system, {}) if system else known
    title = said.get("title") or f"{tables[0].title if system else ''}{FILES[agency.format]}"
    told = {
        "name": f"{agency.code}_{system or 'files'}",
        "title": f"{agency.title}{title}",
        "agency": agency.code,
        "kind": KINDS.get(agency.format, agency.format),
        "connection": _connection(tables[0]),
        "inbox": agency.inbox,
        "schedule": said.get("schedule", _night(number)),
        "tables": [table_of(table) for table in tables],
    }
    return {key: value for key, value in told.items() if value is not False}


def _system(table: Table) -> str:
    """What of an agency is one source: a database, or a file whose fields must be told; ''
    for all that lies in one folder or zip."""
    return table.system if table.agency.format in ("sqlite", "fixed_width") else ""


def sources() -> Iterator[dict[str, Any]]:
    """One a database; the files that an agency puts into one folder are one source."""

    def system(table: Table) -> tuple[str, str]:
        return table.agency.code, _system(table)

    ordered = sorted(TABLES, key=system)
    for number, (_, tables) in enumerate(groupby(ordered, system)):
        yield source(number, list(tables))
    yield division()


def _division_table(level: str, title: str, up: str, parent: str) -> dict[str, Any]:
    columns: dict[str, Any] = {
        "code": {"item": "code", "title": "代码", "element": "division_code"},
        "name": {"item": "name", "title": "名称", "element": "division_name", "required": True},
    }
    if up:
        columns[up] = {
            "item": "parent_code",
            "title": "上级代码",
            "element": "division_code",
            "required": True,
            "refers": f"std.division_{parent}.code",
        }
    return {
        "name": f"division_{level}",
        "from": level,
        "title": title,
        "key": ["code"],
        "cycle": "yearly",
        "due": "18:00",
        "theme": "综合",
        "sharing": "unconditional",
        "grade": 1,
        "columns": columns,
    }


def division() -> dict[str, Any]:
    return {
        "name": "division",
        "title": "全国行政区划(省、市、县、乡、村)",
        "agency": "tongji",
        "kind": "sqlite",
        "connection": {"path": "divisions/data.sqlite"},
        "schedule": "0 1 1 * *",
        "tables": [_division_table(*level) for level in DIVISIONS],
    }


def files() -> dict[str, str]:
    """Path in the pack → text."""
    made = {
        "standards/elements.yaml": listing(elements()),
        "standards/codes.yaml": HEAD
        + "".join(
            "\n".join(entry(code_set(name, one), 2, first="- ")) + "\n"
            for name, one in CODE_SETS.items()
        ),
    }
    return made | {f"sources/{one['name']}.yaml": document(one) for one in sources()}


def write(out: Path, made: Mapping[str, str], head: str) -> None:
    """Write all files; sources that are declared no more (they begin with `head`) go."""
    for path, text in made.items():
        (out / path).parent.mkdir(parents=True, exist_ok=True)
        (out / path).write_text(text, "utf-8")
    for old in (out / "sources").glob("*.yaml"):
        if f"sources/{old.name}" not in made and old.read_text("utf-8").startswith(head):
            old.unlink()


def main() -> int:
    parser = argparse.ArgumentParser(
        prog="simulation.pack", description="写出演示应用包的数据源与标准"
    )
    parser.add_argument("--out", type=Path, required=True, help="应用包目录")
    write(parser.parse_args().out, files(), HEAD)
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
