"""Where an increment starts: the last watermark, less the overlap that the table wants."""

import re
from datetime import datetime, timedelta
from decimal import Decimal, InvalidOperation

from haina.kernel.errors import kind

BAD_OVERLAP = kind(
    "bad_overlap",
    422,
    "overlap(重叠)与水位列的类型不符",
    "水位是时间的写 2d、6h、30m;是数字的写一个整数,如 1000。",
)

_UNITS = {"s": "seconds", "m": "minutes", "h": "hours", "d": "days"}
_SPAN = re.compile(r"^(\d+)([smhd])$")
# Forms in which kinds write a watermark of time, from long to short.
_FORMS = ("%Y-%m-%d %H:%M:%S.%f", "%Y-%m-%d %H:%M:%S", "%Y-%m-%d %H:%M", "%Y-%m-%d")


def less(watermark: str, overlap: str | None) -> str:
    """The watermark moved back. Late rows with an older mark come in again; those that lie in the
    lake already are known by their key. Raises HainaError(bad_overlap)."""
    if overlap is None:
        return watermark
    span = _SPAN.match(overlap)
    moved = _less_time(watermark, span) if span else _less_number(watermark, overlap)
    if moved is None:
        raise BAD_OVERLAP(f"水位“{watermark}”不能减去“{overlap}”", field="overlap")
    return moved


def _less_time(watermark: str, span: re.Match[str]) -> str | None:
    """Text in, text of the same form out, its zone kept."""
    head, zone = _zone_of(watermark.replace("T", " "))
    step = timedelta(**{_UNITS[span[2]]: int(span[1])})
    for form in _FORMS:
        try:
            moved = datetime.strptime(head, form) - step  # noqa: DTZ007 — the zone is kept apart
        except (ValueError, OverflowError):
            continue
        # A date alone cannot say the hour: the day it falls in is taken whole, from the eve.
        if form == "%Y-%m-%d":
            return f"{moved - timedelta(days=bool(moved.time() != datetime.min.time())):%Y-%m-%d}"
        return moved.strftime(form) + zone
    return None


def _zone_of(text: str) -> tuple[str, str]:
    found = re.match(r"^(\S+ \S+?)(Z|[+-]\d{2}(?::?\d{2})?)$", text)
    return (found[1], found[2]) if found else (text, "")


def _less_number(watermark: str, overlap: str) -> str | None:
    try:
        return str(Decimal(watermark) - Decimal(overlap))
    except InvalidOperation:
        return None
