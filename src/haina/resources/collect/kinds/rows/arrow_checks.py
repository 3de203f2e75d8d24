"""What Arrow does not check by itself when bytes come from a source as text."""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import pyarrow as pa


def flawed_text(texts: "pa.Array") -> "tuple[pa.Array, dict[int, str]]":
    """Find invalid UTF-8 and NUL in a string array.

    Returns the array with such values as NULL, and their places with the reason.
    """
    bad = {**_undecodable(texts), **_with_nul(texts)}
    return (without_places(texts, bad) if bad else texts), bad


def without_places(values: "pa.Array", bad: dict[int, str]) -> "pa.Array":
    """The array with NULL at these places."""
    import numpy as np
    import pyarrow as pa
    import pyarrow.compute as pc

    keep = np.ones(len(values), dtype=bool)
    keep[list(bad)] = False
    return pc.if_else(pa.array(keep), values, pa.scalar(None, values.type))


def with_point(texts: "pa.Array") -> "pa.Array":
    """Doubles as text keep a point: 5 is written 5.0, so that it is not taken for an integer."""
    import pyarrow as pa
    import pyarrow.compute as pc

    whole = pc.match_substring_regex(texts, r"^-?[0-9]+$")
    tail = pc.if_else(whole, pa.scalar(".0"), pa.scalar(""))
    return pc.binary_join_element_wise(texts, tail, "")


def raw_bytes(texts: "pa.Array", place: int) -> bytes | None:
    """The bytes of one value, valid UTF-8 or not."""
    buffer = texts[place].as_buffer()
    return None if buffer is None else buffer.to_pybytes()


def _undecodable(texts: "pa.Array") -> dict[int, str]:
    import pyarrow as pa

    try:
        texts.validate(full=True)
    except pa.ArrowInvalid:
        return {place: "encoding" for place in range(len(texts)) if not _decodes(texts, place)}
    return {}


def _decodes(texts: "pa.Array", place: int) -> bool:
    try:
        (raw_bytes(texts, place) or b"").decode("utf-8")
    except UnicodeDecodeError:
        return False
    return True


def _with_nul(texts: "pa.Array") -> dict[int, str]:
    import numpy as np
    import pyarrow as pa
    import pyarrow.compute as pc

    _, offsets, data = texts.buffers()
    if data is None or not len(texts):
        return {}
    bounds = np.frombuffer(offsets, dtype=np.int32)
    first, last = bounds[texts.offset], bounds[texts.offset + len(texts)]
    used = np.frombuffer(data, dtype=np.uint8)[first:last]
    if used.all():
        return {}
    found = pc.indices_nonzero(pc.match_substring(texts.cast(pa.binary()), b"\x00"))
    return dict.fromkeys(found.to_pylist(), "nul")
