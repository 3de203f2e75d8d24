"""The truth about dirt: which cell is wrong, how, and what looks wrong but is not."""

from __future__ import annotations

from collections import Counter
from dataclasses import astuple, dataclass, field
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

ERRORS = (
    "check_digit", "code", "birth_mismatch", "sex_mismatch", "orphan", "future_date",
    "impossible_date", "missing", "duplicate", "fullwidth", "length",
)  # fmt: skip
PHYSICAL = ("bad_line", "bad_cell")
SOFT = ("name_variant", "address_variant", "near_duplicate")
NEAR_MISSES = (
    "historic_division", "lower_x", "id15", "leap_day", "rare_name", "minority_name",
    "bracket_name", "landline", "uscc_letter_prefix", "residence_permit",
)  # fmt: skip

SCHEMA = pa.schema(
    [
        ("kind", pa.string()), ("agency", pa.string()), ("system", pa.string()),
        ("table", pa.string()), ("key", pa.string()), ("column", pa.string()),
        ("class", pa.string()), ("line", pa.int64()), ("detail", pa.string()),
    ]
)  # fmt: skip


@dataclass(frozen=True)
class Fact:
    kind: str  # error | physical | soft | near_miss
    agency: str
    system: str
    table: str
    key: str
    column: str
    class_: str
    line: int | None
    detail: str


@dataclass
class Truth:
    facts: list[Fact] = field(default_factory=list)

    def write(self, path: Path) -> None:
        ordered = list(zip(*map(astuple, self.facts), strict=True))
        arrays = [
            pa.array(list(values), column.type)
            for values, column in zip(ordered, SCHEMA, strict=True)
        ]
        pq.write_table(pa.Table.from_arrays(arrays, schema=SCHEMA), path)

    def totals(self) -> dict[str, dict[str, int]]:
        totals: dict[str, dict[str, int]] = {}
        for (kind, class_), count in sorted(
            Counter((fact.kind, fact.class_) for fact in self.facts).items()
        ):
            totals.setdefault(kind, {})[class_] = count
        return totals
