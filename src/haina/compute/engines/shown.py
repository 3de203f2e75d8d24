"""Arrow values as JSON can carry them, exact. Runs in the sandbox."""

import math
from collections.abc import Callable
from datetime import date, datetime, time
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

import pyarrow as pa

_EXACT = 2**53  # beyond it a number of JavaScript is no longer the number

# Loaded with the zygote and kept: a sandbox may not open the files of time zones.
HOME_ZONE = ZoneInfo("Asia/Shanghai")


def columns_of(batch: pa.RecordBatch) -> list[list[Any]]:
    """The batch by columns: numbers beyond 2^53 and decimals as text, times in ISO."""
    return [_column(column) for column in batch.columns]


def _column(column: pa.Array) -> list[Any]:
    kind = column.type
    if pa.types.is_interval(kind):
        return [None if one is None else str(one) for one in _plain(column)]
    values: list[Any] = _plain(column)
    if pa.types.is_string(kind) or pa.types.is_boolean(kind) or pa.types.is_null(kind):
        return values
    if pa.types.is_integer(kind) and kind.bit_width <= 32:
        return values
    return [shown(value) for value in values]


def _plain(column: pa.Array) -> list[Any]:
    kind = column.type
    if pa.types.is_timestamp(kind) and kind.unit == "ns":
        # Python has no nanoseconds, and pandas must not be dragged in for them.
        return [None if not one.is_valid else one.cast(pa.string()).as_py() for one in column]
    return list(column.to_pylist())


def shown(value: Any) -> Any:
    """One value, nested ones included. Shapes: null, bool, number, text, list, object."""
    for kinds, show in _SHOWN:
        if isinstance(value, kinds):
            return show(value)
    return str(value)


def _integer(value: int) -> Any:
    return value if -_EXACT <= value <= _EXACT else str(value)


def _decimal(value: Decimal) -> Any:
    # HUGEINT, the type of every sum of integers, arrives as a decimal without places.
    if value.as_tuple().exponent == 0:
        return _integer(int(value))
    return format(value, "f")


def _float(value: float) -> Any:
    return value if math.isfinite(value) else str(value)


def _object(value: dict[Any, Any]) -> Any:
    return {str(key): shown(one) for key, one in value.items()}


def _list(value: list[Any]) -> Any:
    return [shown(one) for one in value]


_SHOWN: list[tuple[Any, Callable[[Any], Any]]] = [
    ((str, bool, type(None)), lambda value: value),
    (int, _integer),
    (float, _float),
    (Decimal, _decimal),
    ((datetime, date, time), lambda value: value.isoformat()),
    (bytes, lambda value: value.hex()),
    (dict, _object),
    ((list, tuple), _list),
]
