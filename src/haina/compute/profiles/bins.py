"""Round bins for what is measured: numbers, and days, months or years."""

import math
from dataclasses import dataclass
from datetime import date, timedelta

from haina.compute.profiles.contracts import FEW, Bin

_MOST = 20
_EPOCH = date(1970, 1, 1)
_DAYS_OF_MONTHS = 60
_DAYS_OF_YEARS = 5 * 366
_YEARS = (1, 9999)


@dataclass(frozen=True)
class Scale:
    """Bins of `width` from `start`, a multiple of it. `unit`: number, day, month or year."""

    unit: str
    start: float
    width: float

    def place(self, value: str) -> str:
        """SQL: the number of the bin of a value (SQL, a number or a timestamp)."""
        measure = {
            "number": f"CAST({value} AS DOUBLE)",
            "day": f"floor(epoch({value}) / 86400.0)",
            "month": f"(year({value}) * 12 + month({value}) - 1)",
            "year": f"year({value})",
        }[self.unit]
        return f"floor(({measure} - ({self.start!r})) / {self.width!r})"

    def edge(self, place: int) -> str:
        """The lower edge of a bin, as people write it."""
        at = self.start + place * self.width
        if self.unit == "number":
            return f"{round(at, 10):.10g}" if abs(at) < 1e10 else f"{at:.0f}"
        if self.unit == "day":
            return (_EPOCH + timedelta(days=int(at))).isoformat()
        if self.unit == "month":
            return f"{int(at) // 12:04d}-{int(at) % 12 + 1:02d}"
        return str(int(at))


def scale_of_numbers(low: float, high: float, *, whole: bool) -> Scale:
    """At most twenty bins of 1, 2 or 5 times a power of ten."""
    width = _nice((high - low) / _MOST)
    if whole:
        width = max(1.0, width)
    return Scale("number", math.floor(low / width) * width, width)


def scale_of_times(low: float, high: float) -> Scale:
    """Days, months or years (of the epoch), as the span asks."""
    span = (high - low) / 86400
    first, last = (_day(one) for one in (low, high))
    if span <= _DAYS_OF_MONTHS:
        width = max(1.0, _nice(span / _MOST))
        return Scale("day", math.floor(low / 86400 / width) * width, width)
    if span <= _DAYS_OF_YEARS:
        months = (last.year - first.year) * 12 + last.month - first.month
        width = float(next(one for one in (1, 3, 6, 12) if months / one < _MOST))
        return Scale(
            "month", math.floor((first.year * 12 + first.month - 1) / width) * width, width
        )
    width = max(1.0, _nice((last.year - first.year) / _MOST))
    return Scale("year", math.floor(first.year / width) * width, width)


def _day(seconds: float) -> date:
    days = max(-719_162, min(2_932_896, int(seconds // 86400)))
    return _EPOCH + timedelta(days=days)


def _nice(width: float) -> float:
    """The next 1, 2 or 5 times a power of ten that is not smaller."""
    if not width > 0:
        return 1.0
    power = 10.0 ** math.floor(math.log10(width))
    return float(next((step * power for step in (1, 2, 5) if step * power >= width), 10 * power))


def bins_of(scale: Scale, counts: dict[int, int], *, personal: bool) -> list[Bin]:
    """All bins from the first to the last one with rows. On persons: small ones lose their count,
    and at the ends they are left out, for they would tell the extremes."""
    kept = {at: n for at, n in counts.items() if n >= FEW or not personal}
    if not kept:
        return []
    return [
        Bin(scale.edge(at), scale.edge(at + 1), _told(counts.get(at, 0), personal))
        for at in range(min(kept), max(kept) + 1)
    ]


def _told(count: int, personal: bool) -> int | None:
    return None if personal and 0 < count < FEW else count
