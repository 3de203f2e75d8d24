"""Masks as expressions of the engine: how a value is hidden (facts: 脱敏缺省)."""

from haina.kernel.sql import quote_identifier
from haina.security.access import Mask


def masked(column: str, mask: Mask) -> str:  # noqa: PLR0911 — one return a mask
    """SQL of a column under a mask; always text."""
    name = quote_identifier(column)
    text = f"CAST({name} AS VARCHAR)"
    match mask:
        case Mask.NONE:
            return name
        case Mask.NAME:
            return f"left({text}, 1) || repeat('*', greatest(length({text}) - 1, 0))"
        case Mask.ID_NUMBER:
            return _ends(text, 6, 4)
        case Mask.PHONE:
            return _ends(text, 3, 4)
        case Mask.TAIL:
            return _ends(text, 0, 4)
        case Mask.ADDRESS:
            return f"left({text}, 6) || CASE WHEN length({text}) > 6 THEN '******' ELSE '' END"
        case Mask.HIDE:
            return f"CASE WHEN {name} IS NULL THEN NULL ELSE '***' END"


def _ends(text: str, first: int, last: int) -> str:
    """The first and last characters; all stars when the text is too short to hide anything."""
    middle = f"repeat('*', length({text}) - {first + last})"
    return (
        f"CASE WHEN length({text}) <= {first + last} THEN repeat('*', length({text})) "
        f"ELSE left({text}, {first}) || {middle} || right({text}, {last}) END"
    )
