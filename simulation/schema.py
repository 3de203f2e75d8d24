"""Print the declaration of every table: python -m simulation.schema --json

What the county's integrators know of its systems: titles, meanings, spellings.
"""

from __future__ import annotations

import argparse
import json
from typing import Any

from simulation import VERSION
from simulation.codes import CODE_SETS, CodeSet, aliases
from simulation.declare import Agency, Column, Table
from simulation.spelling import DATE_FORMS, clock_text, code_style
from simulation.tables.agencies import AGENCIES
from simulation.tables.all import TABLES


def _column(column: Column, agency: Agency) -> dict[str, Any]:
    told: dict[str, Any] = {
        "name": column.name,
        "title": column.title,
        "physical": column.physical,
        "kind": column.kind,
        "required": column.required,
        "key": column.key,
    }
    if column.codeset:
        told["codeset"] = column.codeset
        told["aliases"] = aliases(column.codeset, code_style(agency, column.codeset))
    if column.kind in ("date", "birth_date", "datetime", "update_time"):
        told["format"] = agency.dates
        told["may_be_future"] = column.future
    if column.unit:
        told["unit"] = column.unit
    return told


def _role(column: Column) -> str:
    return column.value.partition(".")[0] if "." in column.value else ""


def _pairs(table: Table) -> list[dict[str, str]]:
    """Columns that an id number of the same row must agree with."""
    found = []
    for column in table.columns:
        number = table.sourced(f"{_role(column)}.id") if _role(column) else None
        if number and column.kind in ("birth_date", "sex"):
            found.append({"column": column.name, "agrees_with": number.name})
    return found


def _table(table: Table) -> dict[str, Any]:
    return {
        "agency": table.agency.code,
        "system": table.system,
        "table": table.name,
        "title": table.title,
        "path": table.path,
        "format": table.agency.format,
        "encoding": table.agency.encoding if table.agency.encoded else "",
        "newline": table.agency.newline if table.agency.encoded else "",
        "key": list(table.keys),
        "update_time": next((c.name for c in table.columns if c.kind == "update_time"), ""),
        "pairs": _pairs(table),
        "columns": [_column(column, table.agency) for column in table.columns],
    }


def _codeset(codeset: CodeSet) -> dict[str, Any]:
    values = [{"code": code, "label": label} for code, label in codeset.values]
    return {"title": codeset.title, "standard": codeset.standard, "values": values}


def _agency(agency: Agency) -> dict[str, Any]:
    return {
        "title": agency.title,
        "format": agency.format,
        "inbox": agency.inbox,
        "dates": agency.dates,
        "example_date": DATE_FORMS[agency.dates](2020, 1, 31),
        "example_datetime": DATE_FORMS[agency.dates](2020, 1, 31)
        + clock_text(agency.dates, 9 * 3600 + 65),
    }


def schema() -> dict[str, Any]:
    return {
        "version": VERSION,
        "county": "120114",
        "agencies": {code: _agency(agency) for code, agency in AGENCIES.items()},
        "codesets": {name: _codeset(codeset) for name, codeset in CODE_SETS.items()},
        "tables": [_table(table) for table in TABLES],
    }


def _line(table: Table) -> str:
    return f"{table.path}\t{table.name}\t{table.title}\t{len(table.columns)} 列"


def main() -> int:
    parser = argparse.ArgumentParser(prog="simulation.schema", description="各部门表结构")
    parser.add_argument("--json", action="store_true", help="完整输出为 JSON")
    if parser.parse_args().json:
        print(json.dumps(schema(), ensure_ascii=False, indent=1))
    else:
        print("\n".join(_line(table) for table in TABLES))
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
