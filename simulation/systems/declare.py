"""The declarations of the systems that run: what tables.toml says, as data."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

DECLARED: Mapping[str, Any] = tomllib.loads(
    Path(__file__).with_name("tables.toml").read_text("utf-8")
)
# Kinds whose tables come as batches: what was handed over is not taken back, only updated.
BATCHED = ("sftp", "push")

_COLUMN = re.compile(
    r"(?P<name>[^\s*!]+)(?P<mark>[*!]?) (?P<type>\S+) (?P<item>\S+) (?P<title>\S+) "
    r"(?P<element>\S+)(?P<more>( \w+=\S+)*)"
)


@dataclass(frozen=True)
class Column:
    """A column: `type` as its system declares it, `told` as the pack does."""

    name: str
    type: str
    key: bool
    required: bool
    told: Mapping[str, Any]

    @property
    def numeric(self) -> bool:
        """Whether an API writes it as a number."""
        return self.type.startswith(("integer", "decimal"))


@dataclass(frozen=True)
class Table:
    """A table of a system. `more` is the rest of what the pack says of it."""

    source: str
    kind: str
    name: str
    from_: str
    title: str
    sums: tuple[str, ...]
    columns: tuple[Column, ...]
    more: Mapping[str, Any]

    @property
    def names(self) -> tuple[str, ...]:
        return tuple(column.name for column in self.columns)

    @property
    def keys(self) -> tuple[str, ...]:
        return tuple(column.name for column in self.columns if column.key)

    @property
    def batched(self) -> bool:
        return self.kind in BATCHED

    def key_of(self, row: Mapping[str, str | None]) -> tuple[str | None, ...]:
        return tuple(row[name] for name in self.keys)


@dataclass(frozen=True)
class Source:
    """A system of an agency. `more` is the rest of what the pack says of it."""

    name: str
    title: str
    agency: str
    kind: str
    tables: tuple[Table, ...]
    more: Mapping[str, Any]


def _codes(text: str) -> dict[str, str]:
    return dict(pair.split(":") for pair in text.split(","))


def _column(line: str) -> Column:
    found = _COLUMN.fullmatch(line)
    if found is None:
        raise ValueError(f"bad column {line!r}")
    told: dict[str, Any] = {"item": found["item"], "title": found["title"]}
    if found["element"] != "-":
        told["element"] = found["element"]
    if found["mark"] == "!":
        told["required"] = True
    told |= dict(pair.split("=", 1) for pair in found["more"].split())
    if "codes" in told:
        told["codes"] = _codes(told["codes"])
    return Column(
        found["name"],
        found["type"].replace("_", " ").replace("timestamp ntz", "timestamp_ntz"),
        found["mark"] == "*",
        bool(found["mark"]),
        told,
    )


def _table(source: Mapping[str, Any], said: Mapping[str, Any]) -> Table:
    named = ("name", "from", "title", "sums", "columns")
    return Table(
        source["name"],
        source["kind"],
        said["name"],
        said["from"],
        said["title"],
        tuple(said.get("sums", ())),
        tuple(_column(line) for line in said["columns"].strip().splitlines()),
        {key: value for key, value in said.items() if key not in named},
    )


def _source(said: Mapping[str, Any]) -> Source:
    named = ("name", "title", "agency", "kind", "table")
    return Source(
        said["name"],
        said["title"],
        said["agency"],
        said["kind"],
        tuple(_table(said, one) for one in said["table"]),
        {key: value for key, value in said.items() if key not in named},
    )


SOURCES: tuple[Source, ...] = tuple(_source(said) for said in DECLARED["source"])
TABLES: Mapping[str, Table] = {table.name: table for one in SOURCES for table in one.tables}


def tables_of(kind: str) -> tuple[Table, ...]:
    return tuple(table for table in TABLES.values() if table.kind == kind)
