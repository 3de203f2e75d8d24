"""The words in which agencies, tables and columns are declared."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

COUNTY = "120114"

# How agencies hand their tables over, and how such files are called. `zip`: CSV files in one zip.
SUFFIXES: Mapping[str, str] = {
    "sqlite": "sqlite", "csv": "csv", "zip": "zip", "workbook": "xlsx", "json": "json",
    "jsonl": "jsonl", "parquet": "parquet", "dbf": "dbf", "fixed_width": "txt",
}  # fmt: skip


@dataclass(frozen=True)
class Agency:
    """An agency and the habits that all of its systems share."""

    code: str
    title: str
    format: str = "sqlite"  # a key of SUFFIXES
    encoding: str = "utf-8"  # utf-8 | utf-8-sig | gb18030
    naming: str = "pinyin_upper"  # how columns are called, see vocabulary
    dates: str = "iso"  # iso | compact | integer | slash | chinese
    sex: str = "standard"  # standard | label | letter
    codes: str = "standard"  # standard | label | ordinal | letter
    money: str = "yuan"  # yuan (REAL, two decimals) | fen (INTEGER)
    sloppiness: float = 1.0  # multiplies every rate of dirt
    stale: float = 0.10  # share of people whose phone or address is out of date
    inbox: bool = False  # lays its files into a folder that the platform watches

    @property
    def newline(self) -> str:
        return "\r\n" if self.encoding == "gb18030" else "\n"

    @property
    def separated(self) -> bool:
        """Whether its tables are lines with commas, which may be broken."""
        return self.format in ("csv", "zip")

    @property
    def encoded(self) -> bool:
        """Whether its files are text in an encoding of its choice."""
        return self.separated or self.format == "fixed_width"


@dataclass(frozen=True)
class RowSpec:
    """Which entities the rows of a table are about, and how many rows each."""

    maker: str  # people | firms | institutions | things | each | a special maker
    where: str = ""  # names of masks, joined by commas
    share: float = 1.0  # share of the entities that the agency knows
    per: float = 0.0  # mean number of events an entity has; 0 = exactly one row
    since: int = 2012  # first year of the events
    parent: str = ""  # for `each`: the table whose rows have children
    floor: int = 0  # for `things` and `firms`: the fewest rows in a small county


@dataclass(frozen=True)
class Column:
    """A column: what it is called, what it means, where its values come from."""

    name: str
    title: str
    kind: str
    physical: str  # TEXT | INTEGER | REAL
    value: str
    required: bool = False
    key: bool = False
    future: bool = False  # may lawfully lie after today (terms of validity)
    unit: str = ""  # of amounts: yuan | fen

    @property
    def codeset(self) -> str:
        if self.kind in ("sex", "ethnicity"):
            return self.kind
        return self.kind[5:] if self.kind.startswith("code:") else ""

    @property
    def target(self) -> tuple[str, str]:
        """Table and column a reference points at."""
        table, _, column = self.kind[4:].partition(".")
        return table, column


@dataclass(frozen=True)
class Table:
    """A table of a system; of an agency with files each table is a system of its own."""

    agency: Agency
    system: str
    name: str
    title: str
    rows: RowSpec
    columns: tuple[Column, ...]
    soft: frozenset[str] = field(default_factory=frozenset)

    @property
    def keys(self) -> tuple[str, ...]:
        return tuple(c.name for c in self.columns if c.key)

    @property
    def path(self) -> str:
        stem = self.agency.code if self.agency.format == "zip" else self.system
        return f"{self.agency.code}/{stem}.{SUFFIXES[self.agency.format]}"

    def column(self, name: str) -> Column:
        return next(c for c in self.columns if c.name == name)

    def sourced(self, value: str) -> Column | None:
        """The column whose values come from `value`, for instance person.id."""
        return next((c for c in self.columns if c.value == value), None)
