"""From text to the types of the lake, exactly or not at all.

A value that does not fit becomes NULL here and is named in `bad`, so that its row can be set
aside; its neighbours are cast all the same.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from haina.resources.collect.kinds.rows.lake_types import LakeType

if TYPE_CHECKING:
    import pyarrow as pa

_TIME = r"[0-9]{4}-[0-9]{2}-[0-9]{2}[ T][0-9]{2}:[0-9]{2}(:[0-9]{2}(\.[0-9]{1,6})?)?"
_NUMBER = r"[+-]?([0-9]+\.?[0-9]*|\.[0-9]+)([eE][+-]?[0-9]{1,3})?"
# What a text must look like before Arrow may cast it: Arrow alone takes 0x10 for 16.
_SHAPES = {
    "integer": r"^-?[0-9]+$",
    "decimal": rf"^{_NUMBER}$",
    "double": rf"^({_NUMBER}|-?inf|nan)$",
    "boolean": r"^(0|1|true|false|t|f)$",
    "date": r"^[0-9]{4}-[0-9]{2}-[0-9]{2}$",
    "timestamp_ntz": rf"^{_TIME}$",
    "timestamp": rf"^{_TIME}(Z|[+-][0-9]{{2}}(:?[0-9]{{2}})?)$",
}
_REASONS = {"timestamp_ntz": "not_timestamp"}


@dataclass(frozen=True)
class Cast:
    """A typed column, and the places in it (row numbers, ascending) with the reason."""

    values: "pa.Array"
    bad: dict[int, str]


def cast_text(texts: "pa.Array", to: LakeType) -> Cast:
    """Cast a string array to `to`; NULL stays NULL, a value that does not fit is in `bad`."""
    import pyarrow as pa
    import pyarrow.compute as pc

    if to.family in ("text", "json"):
        return Cast(texts, {})
    if to.family == "binary":
        return Cast(texts.cast(pa.binary()), {})
    shaped = pc.match_substring_regex(texts, _SHAPES[to.family])
    bad: dict[int, str] = {}
    if pc.any(pc.invert(shaped)).as_py():
        bad = dict.fromkeys(places_of(pc.invert(shaped)), reason_of(to))
        texts = pc.if_else(shaped, texts, pa.scalar(None, texts.type))
    return _cast_shaped(texts, to, bad)


def reason_of(to: LakeType) -> str:
    """The reason code of a value that is not of this type at all."""
    return _REASONS.get(to.family, f"not_{to.family}")


def places_of(mask: "pa.Array") -> list[int]:
    """Row numbers where a boolean array is true."""
    import pyarrow.compute as pc

    found: list[int] = pc.indices_nonzero(pc.fill_null(mask, False)).to_pylist()
    return found


def _cast_shaped(texts: "pa.Array", to: LakeType, bad: dict[int, str]) -> Cast:
    import pyarrow as pa

    parts: list[pa.Array] = []
    _halve(texts, 0, _caster(to), parts, bad)
    values = parts[0] if len(parts) == 1 else pa.concat_arrays(parts)
    return Cast(values, dict(sorted(bad.items())))


def _caster(to: LakeType) -> "Callable[[pa.Array], pa.Array]":
    import pyarrow.compute as pc

    return lambda texts: pc.cast(texts, to.arrow)


def _halve(
    texts: "pa.Array",
    start: int,
    caster: "Callable[[pa.Array], pa.Array]",
    parts: "list[pa.Array]",
    bad: dict[int, str],
) -> None:
    """Cast; where that fails cast the halves: a bad value costs log(n) casts, not n."""
    import pyarrow as pa

    try:
        parts.append(caster(texts))
    except pa.ArrowInvalid:
        if len(texts) == 1:
            bad[start] = "out_of_range"
            parts.append(pa.nulls(1, caster(pa.nulls(0, texts.type)).type))
            return
        middle = len(texts) // 2
        _halve(texts.slice(0, middle), start, caster, parts, bad)
        _halve(texts.slice(middle), start + middle, caster, parts, bad)
