"""The two queries of a profile: figures in one row, then what is common and what lies where.

Columns are renamed c0, c1… so that no name of a dataset can clash with one of ours.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from haina.compute.profiles.bins import Scale
from haina.compute.profiles.contracts import FEW, Kind
from haina.kernel.sql import quote_identifier, quote_name

_SEED = 7
_COMMON = 10
_LONGEST = 80

FIGURES = ("filled", "distinct", "low", "high", "minimum", "maximum", "shortest", "longest")


@dataclass(frozen=True)
class Looked:
    """A column that is looked at. `bare`: its values may be told; `lengths`: so may how long they
    are."""

    name: str
    kind: Kind
    bare: bool
    lengths: bool


def kind_of(schema_type: str) -> Kind:
    """The kind of a column of the lake by its type there."""
    if schema_type.startswith(("timestamp", "date")):
        return "time"
    if schema_type in ("byte", "short", "integer", "long", "float", "double"):
        return "number"
    if schema_type.startswith("decimal"):
        return "number"
    return {"string": "text", "boolean": "flag"}.get(schema_type, "other")  # type: ignore[return-value]


def figures_sql(
    dataset: str, columns: Sequence[Looked], percent: float | None, *, exact: bool
) -> str:
    """One row: the rows looked at, then FIGURES of each column."""
    parts = ["count(*)"]
    for place, column in enumerate(columns):
        parts += _figures(f"c{place}", column, exact=exact)
    return f"{_looked(dataset, columns, percent)} SELECT {', '.join(parts)} FROM looked"


def _figures(name: str, column: Looked, *, exact: bool) -> list[str]:
    distinct = f"count(DISTINCT {name})" if exact else f"approx_count_distinct({name})"
    low, high, least, most = _range(name, column)
    long = f"length({name})" if column.kind == "text" and column.lengths else None
    return [
        f"count({name})",
        distinct if column.kind != "other" else "NULL",
        low,
        high,
        least,
        most,
        f"min({long})" if long else "NULL",
        f"max({long})" if long else "NULL",
    ]


def _range(name: str, column: Looked) -> tuple[str, str, str, str]:
    """The extremes as figures, and as text."""
    if not column.bare or column.kind not in ("number", "time"):
        return ("NULL",) * 4
    shown = f"CAST(min({name}) AS VARCHAR)", f"CAST(max({name}) AS VARCHAR)"
    if column.kind == "number":
        figure = _finite(name)
        return f"min({figure})", f"max({figure})", *shown
    return f"min(epoch({name}))", f"max(epoch({name}))", *shown


def _finite(name: str) -> str:
    number = f"CAST({name} AS DOUBLE)"
    return f"CASE WHEN isfinite({number}) THEN {number} END"


def values_sql(
    dataset: str,
    columns: Sequence[Looked],
    percent: float | None,
    common: Sequence[int],
    scales: Mapping[int, Scale],
    *,
    personal: bool,
) -> str | None:
    """Rows (column, 'common' or 'bin', value, count); None when there is nothing to ask."""
    parts = [_common(place, personal=personal) for place in common]
    parts += [_binned(place, columns[place], scale) for place, scale in scales.items()]
    if not parts:
        return None
    rows = " UNION ALL ".join(f"SELECT * FROM ({part})" for part in parts)
    return f"{_looked(dataset, columns, percent)} {rows}"


def _common(place: int, *, personal: bool) -> str:
    name = f"c{place}"
    few = FEW if personal else 2
    return (
        f"SELECT {place} AS at, 'common' AS what, left(CAST({name} AS VARCHAR), {_LONGEST}) AS v, "
        f"count(*) AS n FROM looked WHERE {name} IS NOT NULL GROUP BY {name} "
        f"HAVING count(*) >= {few} ORDER BY n DESC, v LIMIT {_COMMON}"
    )


def _binned(place: int, column: Looked, scale: Scale) -> str:
    name = f"c{place}"
    value = _finite(name) if column.kind == "number" else f"CAST({name} AS TIMESTAMP)"
    number = f"CAST(CAST({scale.place(value)} AS BIGINT) AS VARCHAR)"
    return (
        f"SELECT {place} AS at, 'bin' AS what, {number} AS v, count(*) AS n "
        f"FROM looked WHERE {value} IS NOT NULL GROUP BY v"
    )


def _looked(dataset: str, columns: Sequence[Looked], percent: float | None) -> str:
    """The rows that are looked at; text of blanks counts as empty."""
    parts = [f"{_value(column)} AS c{place}" for place, column in enumerate(columns)]
    names = ", ".join(quote_identifier(column.name) for column in columns)
    rows = f"(SELECT {names} FROM {quote_name(dataset)}) AS whole_"
    if percent is not None:
        rows += f" TABLESAMPLE BERNOULLI ({percent:.6f} PERCENT) REPEATABLE ({_SEED})"
    return f"WITH looked AS MATERIALIZED (SELECT {', '.join(parts)} FROM {rows})"


def _value(column: Looked) -> str:
    name = quote_identifier(column.name)
    if column.kind == "text":
        return f"CASE WHEN trim(CAST({name} AS VARCHAR)) <> '' THEN {name} END"
    return name


def figures_of(row: Sequence[Any], place: int) -> dict[str, Any]:
    """FIGURES of the column at `place`, out of the one row."""
    start = 1 + place * len(FIGURES)
    return dict(zip(FIGURES, row[start : start + len(FIGURES)], strict=True))
