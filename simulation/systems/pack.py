"""Write the sources and standards of the live pack: python -m simulation.systems.pack --out DIR

What tables.toml declares; the models and services of the pack are written by hand.
"""

from __future__ import annotations

import argparse
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from simulation import pack
from simulation.systems.declare import DECLARED, SOURCES, Column, Source, Table

HEAD = "# 由 python -m simulation.systems.pack 生成,请勿手改。\n"


def elements() -> list[dict[str, Any]]:
    named = [{"name": name, **said} for name, said in DECLARED["elements"].items()]
    coded = [
        {"name": name, "title": said["title"], "code_set": name}
        for name, said in DECLARED["codes"].items()
    ]
    return named + coded


def _table(table: Table) -> dict[str, Any]:
    return {
        "name": table.name,
        "from": table.from_,
        "title": table.title,
        **({"summary": table.more["summary"]} if "summary" in table.more else {}),
        "key": list(table.keys),
        **{key: value for key, value in table.more.items() if key != "summary"},
        "columns": {column.name: dict(column.told) for column in table.columns},
    }


def _api_table(said: Mapping[str, Any], columns: tuple[Column, ...]) -> dict[str, Any]:
    types = {column.name: column.type for column in columns if column.type != "text"}
    text = {column.name: "text" for column in columns}
    return {**said, "columns": {**text, **types}}


def _connection(source: Source) -> dict[str, Any]:
    """As declared; of an API with the types of each table's columns."""
    said = dict(source.more["connection"])
    if source.kind == "http":
        columns = {table.from_: table.columns for table in source.tables}
        said["tables"] = {
            name: _api_table(one, columns[name]) for name, one in said["tables"].items()
        }
    return said


def source(one: Source) -> dict[str, Any]:
    return {
        "name": one.name,
        "title": one.title,
        "agency": one.agency,
        "kind": one.kind,
        **{key: value for key, value in one.more.items() if key != "connection"},
        "connection": _connection(one),
        "tables": [_table(table) for table in one.tables],
    }


def code_sets() -> list[dict[str, Any]]:
    return [
        {
            "name": name,
            **said,
            "aliases": {label: code for code, label in said["codes"].items()},
        }
        for name, said in DECLARED["codes"].items()
    ]


def _document(lines: list[str]) -> str:
    return HEAD + "\n".join(lines) + "\n"


def files() -> dict[str, str]:
    """Path in the pack → text."""
    sets = [line for one in code_sets() for line in pack.entry(one, 2, first="- ")]
    made = {
        "standards/elements.yaml": _document([f"- {pack.flow(one)}" for one in elements()]),
        "standards/codes.yaml": _document(sets),
    }
    for one in SOURCES:
        made[f"sources/{one.name}.yaml"] = _document(list(pack.entry(source(one), 0)))
    return made


def main() -> int:
    parser = argparse.ArgumentParser(
        prog="simulation.systems.pack", description="写出实时对接应用包的数据源与标准"
    )
    parser.add_argument("--out", type=Path, required=True, help="应用包目录")
    pack.write(parser.parse_args().out, files(), HEAD)
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
