"""Turn the short notation of tables into declarations."""

from __future__ import annotations

import re

from simulation.declare import Agency, Column, RowSpec, Table
from simulation.tables.agencies import AGENCIES
from simulation.vocabulary import CONCEPTS, Concept, column_name

_TOKEN = re.compile(r"(?P<title>[^*!^>=]+)(?P<marks>[*!^]*)(?:>(?P<ref>[^=]+))?(?:=(?P<value>.+))?")


def _physical(kind: str, agency: Agency) -> str:
    if kind == "amount":
        return "INTEGER" if agency.money == "fen" else "REAL"
    if kind in ("date", "birth_date") and agency.dates == "integer":
        return "INTEGER"
    return {"integer": "INTEGER", "real": "REAL"}.get(kind, "TEXT")


def _kind(concept: Concept, target: str | None, name: str) -> str:
    return f"ref:{target}.{name}" if target else concept.kind


def parse_column(token: str, agency: Agency) -> Column:
    found = _TOKEN.fullmatch(token)
    if found is None:
        raise ValueError(f"bad column {token!r}")
    concept = CONCEPTS[found["title"]]
    name = column_name(concept, agency.naming)
    value = "ref" if found["ref"] else found["value"] or concept.value
    marks = found["marks"]
    kind = _kind(concept, found["ref"], name)
    return Column(
        name=name,
        title=concept.title,
        kind=kind,
        physical=_physical(concept.kind, agency),
        value=value,
        required="!" in marks or "*" in marks,
        key="*" in marks,
        future="^" in marks,
        unit=agency.money if kind == "amount" else "",
    )


def parse_table(code: str, system: str, name: str, title: str, rows: RowSpec, text: str) -> Table:
    agency = AGENCIES[code]
    columns = tuple(parse_column(token, agency) for token in text.split())
    names = [column.name for column in columns]
    if len(set(names)) < len(names):
        raise ValueError(f"{code}.{name}: two columns of one name in {names}")
    # a file is a system of its own, named after its table
    stem = system if agency.format == "sqlite" else name
    return Table(agency, stem, name, title, rows, columns)
