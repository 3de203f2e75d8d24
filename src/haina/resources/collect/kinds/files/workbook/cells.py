"""Cells as text: what the sheet shows of a value, with every digit that is really there.

Each number of a workbook is a double. A whole number below 2^53 is exact and is written in digits;
one above it stands for several numbers, as an identity card typed as a number does: its last
digits are gone, and are not made up here.
"""

from collections.abc import Callable, Sequence
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from typing import Any

_EXACT = 2**53
_MILLISECONDS_A_DAY = 86_400_000
_LAST_SERIAL = 2_958_466  # the day after 9999-12-31
_PHANTOM = 60  # 1900-02-29, which Excel counts although it never was
_START_1904 = datetime(1904, 1, 1)  # noqa: DTZ001 - cells know no zone
_START_1900 = datetime(1899, 12, 31)  # noqa: DTZ001
_DATES = ("date", "timestamp_ntz")


class CellError(Exception):
    """A value that cannot be taken over; the message is a code of REASONS."""


def column_texts(
    values: Sequence[Any], family: str, *, dates_1904: bool = False
) -> tuple[list[str | None], dict[int, str]]:
    """A column as text for a lake type of this family; places that are bad, with the reason."""
    kinds = set(map(type, values))
    if kinds <= {str} and "" not in values:
        return list(values), {}
    found: list[str | None] = []
    flaws: dict[int, str] = {}
    writers = _writers(family, dates_1904)
    for place, value in enumerate(values):
        try:
            found.append(writers.get(type(value), _unknown)(value))
        except CellError as bad:
            flaws[place] = str(bad)
            found.append(None)
    return found, flaws


def shown(value: Any) -> str:
    """A cell as people may read it, whatever it is."""
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return "" if value is None else str(value)


def _writers(family: str, dates_1904: bool) -> dict[type, Callable[[Any], str | None]]:
    """How to write a value of each type that cells have, in a column of this family."""
    chosen = dict(_WRITERS)
    if family == "timestamp_ntz":
        chosen[date] = lambda value: f"{value.isoformat()} 00:00:00"
    if family == "double":
        chosen[float] = repr
    if family in _DATES:
        dates = dict(chosen)

        def from_serial(value: float) -> str | None:
            moment = _moment(value, dates_1904)
            return dates[type(moment)](moment)

        chosen[float] = from_serial
    return chosen


def _unknown(value: Any) -> str | None:
    return None if value is None else str(value)


def _number(value: float) -> str:
    if not value.is_integer():
        return format(Decimal(repr(value)), "f")
    if abs(value) >= _EXACT:
        raise CellError("digits_lost")
    return str(int(value))


def _duration(value: timedelta) -> str:
    """As the sheet shows [h]:mm:ss."""
    microseconds = value // timedelta(microseconds=1)
    seconds, rest = divmod(abs(microseconds), 1_000_000)
    sign = "-" if microseconds < 0 else ""
    shown_rest = f".{rest:06d}".rstrip("0") if rest else ""
    return f"{sign}{seconds // 3600}:{seconds // 60 % 60:02d}:{seconds % 60:02d}{shown_rest}"


def _moment(serial: float, dates_1904: bool) -> datetime | date:
    """What a number means in a column of dates: days since the start of the workbook's count."""
    if not 0 <= serial < _LAST_SERIAL - (1462 if dates_1904 else 0):
        raise CellError("out_of_range")
    day = int(serial)
    if not dates_1904 and day == _PHANTOM:
        raise CellError("not_date")
    milliseconds = round((serial - day) * _MILLISECONDS_A_DAY)
    if not dates_1904 and day > _PHANTOM:
        day -= 1
    start = _START_1904 if dates_1904 else _START_1900
    found = start + timedelta(days=day, milliseconds=milliseconds)
    return found if milliseconds else found.date()


_WRITERS: dict[type, Callable[[Any], str | None]] = {
    str: lambda value: value or None,
    float: _number,
    bool: lambda value: "true" if value else "false",
    datetime: lambda value: value.isoformat(sep=" "),
    date: lambda value: value.isoformat(),
    time: lambda value: value.isoformat(),
    timedelta: _duration,
}
