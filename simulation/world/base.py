"""What the parts of the world are made with: chance, days, text columns."""

from __future__ import annotations

import zlib
from collections.abc import Sequence
from typing import Any, TypeAlias

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

Ints = npt.NDArray[np.int64]
Floats = npt.NDArray[np.float64]
Mask = npt.NDArray[np.bool_]
Bytes = npt.NDArray[np.uint8]
Text: TypeAlias = pa.Array
Rng = np.random.Generator

NEVER = -(10**6)  # the day of what did not happen
NOBODY = -1
YEAR = 365.2425


def chance(seed: int, *names: str) -> Rng:
    """A stream of its own for each name, so that nothing depends on order."""
    return np.random.default_rng([seed, *(zlib.crc32(name.encode()) for name in names)])


def day_of(year: int, month: int = 1, day: int = 1) -> int:
    return int(np.datetime64(f"{year:04d}-{month:02d}-{day:02d}", "D").astype(np.int64))


def years_of(days: Ints) -> Ints:
    return days.astype("datetime64[D]").astype("datetime64[Y]").astype(np.int64) + 1970


def ymd(days: Ints) -> Ints:
    """Days as numbers such as 20200131."""
    dates = days.astype("datetime64[D]")
    months = dates.astype("datetime64[M]")
    month = months.astype(np.int64) % 12 + 1
    day = (dates - months).astype(np.int64) + 1
    numbers: Ints = years_of(days) * 10000 + month * 100 + day
    return numbers


def digits(numbers: Ints, width: int) -> Bytes:
    """Numbers as rows of ASCII digits, padded with zeros."""
    powers = 10 ** np.arange(width - 1, -1, -1)
    return (numbers[:, None] // powers % 10 + ord("0")).astype(np.uint8)


def text_of(rows: Bytes) -> Text:
    """Rows of ASCII bytes of one width as a text column, without a Python loop."""
    count, width = rows.shape
    offsets = (np.arange(count + 1) * width).astype(np.int32)
    data = np.ascontiguousarray(rows).tobytes()
    return pa.StringArray.from_buffers(count, pa.py_buffer(offsets.tobytes()), pa.py_buffer(data))


def numbered(numbers: Ints, width: int) -> Text:
    return text_of(digits(numbers, width))


def plain(numbers: Ints | Floats) -> Text:
    return pc.cast(pa.array(numbers), pa.string())


def drawn(words: Sequence[str], index: Ints) -> Text:
    return pa.array(list(words), pa.string()).take(pa.array(index))


def joined(*parts: Text | str) -> Text:
    args: list[Any] = [pa.scalar(p) if isinstance(p, str) else p for p in parts]
    return pc.binary_join_element_wise(*args, "")


def chosen(mask: Mask, yes: Text, no: Text) -> Text:
    return pc.if_else(pa.array(mask), yes, no)


def weighted(rng: Rng, weights: Sequence[float], size: int) -> Ints:
    share = np.asarray(weights, dtype=np.float64)
    edges = np.cumsum(share / share.sum())
    found = np.searchsorted(edges, rng.random(size), side="right")
    return np.minimum(found, len(share) - 1).astype(np.int64)


def matching(words: Text, pattern: str) -> Mask:
    """Rows whose text contains `pattern`; null counts as no."""
    found = pc.fill_null(pc.match_substring_regex(words, pattern), False)
    return np.asarray(found.to_numpy(zero_copy_only=False), dtype=np.bool_)


def picked(rng: Rng, words: Sequence[str], size: int) -> Text:
    return drawn(words, rng.integers(0, len(words), size))
