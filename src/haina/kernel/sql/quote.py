"""Identifiers and literals for code that writes SQL. Nothing is pasted into SQL in another way."""

from collections.abc import Callable
from datetime import date, datetime
from decimal import Decimal
from typing import Any


def quote_identifier(name: str) -> str:
    """A quoted identifier. Raises ValueError for an empty name or one with a NUL."""
    if not name or "\0" in name:
        raise ValueError("not an identifier")
    return '"' + name.replace('"', '""') + '"'


def quote_name(name: str) -> str:
    """`zone.table` as a quoted two-part name."""
    return ".".join(quote_identifier(part) for part in name.split("."))


def literal(value: str | bool | int | float | Decimal | date | datetime | None) -> str:
    """A literal. Raises TypeError for other types, ValueError for a NUL or a non-number."""
    for kinds, write in _WRITERS:
        if isinstance(value, kinds):
            return write(value)
    raise TypeError(f"no literal for {type(value).__name__}")


def _constant(value: bool | None) -> str:
    return {None: "NULL", True: "TRUE", False: "FALSE"}[value]


def _float(value: float) -> str:
    return f"CAST({_text(repr(value))} AS DOUBLE)"


def _datetime(value: datetime) -> str:
    kind = "TIMESTAMPTZ" if value.tzinfo else "TIMESTAMP"
    return f"CAST({_text(value.isoformat(sep=' '))} AS {kind})"


def _date(value: date) -> str:
    return f"CAST({_text(value.isoformat())} AS DATE)"


def _number(value: int | Decimal) -> str:
    value = Decimal(value)
    if not value.is_finite():
        raise ValueError("not a finite number")
    # In brackets, because `1 -` and `-1` would make a comment.
    return f"({value:f})" if value < 0 else f"{value:f}"


def _text(value: str) -> str:
    if "\0" in value:
        raise ValueError("text with a NUL")
    return "'" + value.replace("'", "''") + "'"


# A bool is an int, and a datetime a date: the first that fits writes.
_WRITERS: list[tuple[tuple[type, ...], Callable[[Any], str]]] = [
    ((bool, type(None)), _constant),
    ((int, Decimal), _number),
    ((float,), _float),
    ((datetime,), _datetime),
    ((date,), _date),
    ((str,), _text),
]
