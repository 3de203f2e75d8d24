"""Tables out of the rows of a catalogue, in the one shape that every dialect's SQL gives them."""

from collections import defaultdict
from collections.abc import Iterable

from haina.resources.collect.kinds.databases.drivers.dialect import Declared, Found

# What a dialect's catalogue SQL selects, in this order; one row a column of a table.
FIELDS = (
    "table", "table_comment", "estimate", "column", "base", "length", "precision", "scale",
    "collation", "nullable", "comment", "key_place",
)  # fmt: skip
Row = tuple[str | None, ...]


def tables(rows: Iterable[Row], *, steady: bool) -> list[Found]:
    """Tables by name; the order of columns is that of the rows."""
    grouped: dict[str, list[dict[str, str | None]]] = defaultdict(list)
    for row in rows:
        named = dict(zip(FIELDS, row, strict=True))
        grouped[named["table"] or ""].append(named)
    return [_table(name, found, steady) for name, found in sorted(grouped.items())]


def _table(name: str, rows: list[dict[str, str | None]], steady: bool) -> Found:
    columns = tuple(_column(row) for row in rows)
    comment, estimate = rows[0]["table_comment"], _number(rows[0]["estimate"])
    return Found(name, columns, comment or None, estimate, steady)


def _column(row: dict[str, str | None]) -> Declared:
    base = (row["base"] or "").lower()
    length, precision = _number(row["length"]), _number(row["precision"])
    scale = _number(row["scale"])
    return Declared(
        row["column"] or "",
        _declared(row["base"] or "", length, precision, scale),
        base,
        precision,
        scale,
        collation=row["collation"] or "",
        nullable=(row["nullable"] or "").upper() in ("Y", "YES", "1", "TRUE"),
        comment=row["comment"] or None,
        key_place=_number(row["key_place"]) or 0,
    )


def _declared(base: str, length: int | None, precision: int | None, scale: int | None) -> str:
    """The type as people write it."""
    if "(" in base:
        return base
    if length is not None:
        return f"{base}({'max' if length < 0 else length})"
    if precision is not None:
        return f"{base}({precision},{scale})" if scale is not None else f"{base}({precision})"
    return f"{base}({scale})" if scale is not None else base


def _number(text: str | None) -> int | None:
    return int(float(text)) if text not in (None, "") else None
