"""The XML of a sheet of an .xlsx, looked through by patterns: a parser would take ten times as
long, and of a sheet of a million cells only the places and a few attributes matter here."""

import re
from array import array
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from haina.resources.collect.kinds.files.archives import Member, inflated
from haina.resources.collect.kinds.files.limits import WORKBOOK_CELL_XML, WORKBOOK_TEXT
from haina.resources.collect.kinds.files.workbook.package import Surface, unreadable

_WINDOW = 4 * 1024 * 1024
_PREFIX = rb"(?:[A-Za-z_][\w.-]*:)?"
_CELL = re.compile(rb"<" + _PREFIX + rb"c(?=[\s/>])([^>]*)>")
_PLACE = re.compile(rb"\br\s*=\s*[\"']([A-Za-z]{1,3})([0-9]{1,7})[\"']")
_ERROR = re.compile(rb"<" + _PREFIX + rb"c(\s[^>]*\bt\s*=\s*[\"']e[\"'][^>]*)>")
_EMPTY_FORMULA = re.compile(
    rb"<" + _PREFIX + rb"c(\s[^>]*)>\s*<" + _PREFIX + rb"f(?:\s[^>]*)?(?:/>|>[^<]*</[\w:.-]*f>)\s*"
    rb"(?:<" + _PREFIX + rb"v\s*/>|<" + _PREFIX + rb"v\s*>\s*</[\w:.-]*v>)?\s*</[\w:.-]*c>"
)
_TEXT_RESULT = re.compile(rb"\bt\s*=\s*[\"']str[\"']")
_SHARED = re.compile(rb"\bt=\"s\"[^>]*>\s*<v>([0-9]{1,9})</v>")
_PREFIXED = re.compile(rb"<[A-Za-z_][\w.-]*:(?:worksheet|sst)\b")
_FAST = b'<c r="'


def surface_of(path: Path, member: Member, shared: "array[int]", dates_1904: bool) -> Surface:
    """What a sheet shows from outside; `shared` are lengths of the shared texts.

    Raises HainaError(file_broken, file_too_large).
    """
    surface = Surface(dates_1904=dates_1904)
    texts, longest = 0, max(shared, default=0)
    for window in windows(path, member, b"c "):
        cells = _extend(surface, window)
        surface.check(texts)
        if cells * longest > WORKBOOK_TEXT:
            texts += _shared_texts(window, shared)
        if b'"e"' in window or b"'e'" in window:
            _note(surface, _ERROR.findall(window), "error_cell")
        if b"<f" in window or b":f" in window:
            found = (one for one in _EMPTY_FORMULA.findall(window) if not _TEXT_RESULT.search(one))
            _note(surface, found, "formula_cell")
    surface.check(texts)
    return surface


def shared_lengths(path: Path, member: Member | None) -> "array[int]":
    """How long each shared text of a workbook is, marks included."""
    found = array("q")
    if member is None:
        return found
    for window in windows(path, member, b"si>"):
        starts = [one.start() for one in re.finditer(rb"<" + _PREFIX + rb"si[\s>/]", window)]
        found.extend(
            end - start for start, end in zip(starts, [*starts[1:], len(window)], strict=True)
        )
    return found


def windows(path: Path, member: Member, tag: bytes) -> Iterator[bytes]:
    """A part in pieces that begin where such a tag does, so that no element is cut in two.

    Raises HainaError(file_broken) when an element is longer than any real one.
    """
    carry, mark = bytearray(), b""
    with path.open("rb") as file:
        for block in inflated(file, member):
            carry += block
            mark = mark or (b":" if _PREFIXED.search(carry) else b"<") + tag
            if len(carry) < _WINDOW:
                continue
            cut = carry.rfind(b"<", 0, carry.rfind(mark) + 1)
            if cut > 0:
                yield bytes(carry[:cut])
                del carry[:cut]
            if len(carry) > WORKBOOK_CELL_XML + _WINDOW:
                raise unreadable("工作表里有一个单元格长得离谱")
    yield bytes(carry)


def _extend(surface: Surface, window: bytes) -> int:
    """Let the surface reach to the cells of a window; returns how many there are."""
    import numpy as np

    data = np.frombuffer(window, dtype=np.uint8)
    tags = _tags(data)
    fast = tags[_starts_with(data, tags, _FAST)]
    if len(fast):
        rows, columns = _places(data, fast + len(_FAST))
        surface.note(int(rows.max()) - 1, int(columns.max()) - 1)
    for tag in np.setdiff1d(tags, fast, assume_unique=True).tolist():
        seen = _CELL.match(window, tag)
        if seen is not None:
            _note_place(surface, seen[1])
    return len(tags)


def _tags(data: Any) -> Any:
    """Where tags of cells begin, with or without a prefix; other tags may be among them."""
    import numpy as np

    after = data[1:]
    ends = np.flatnonzero(
        (data[:-1] == ord("c")) & ((after == 0x20) | (after == ord(">")) | (after == ord("/"))
        | (after == 0x0A) | (after == 0x0D) | (after == 0x09))
    )  # fmt: skip
    ends = ends[ends > 0]
    plain = ends[data[ends - 1] == ord("<")] - 1
    prefixed = ends[data[ends - 1] == ord(":")]
    return np.union1d(plain, _opening(data, prefixed)) if len(prefixed) else plain


def _opening(data: Any, ends: Any) -> Any:
    """The `<` before each of these places, if it is near."""
    import numpy as np

    opens = np.flatnonzero(data == ord("<"))
    found = opens[np.maximum(np.searchsorted(opens, ends) - 1, 0)] if len(opens) else ends[:0]
    return np.unique(found)


def _starts_with(data: Any, places: Any, mark: bytes) -> Any:
    import numpy as np

    same = places + len(mark) + 11 < len(data)
    for offset, byte in enumerate(mark):
        same &= data[np.minimum(places + offset, len(data) - 1)] == byte
    return same


def _places(data: Any, starts: Any) -> tuple[Any, Any]:
    """Rows and columns (from 1) of references such as AB123 that begin at these places."""
    import numpy as np

    marks = data[starts[:, None] + np.arange(11)].astype(np.int64)
    letters = np.logical_and.accumulate((marks >= 65) & (marks <= 90), axis=1)
    digits = (marks >= 48) & (marks <= 57)
    digits &= np.logical_and.accumulate(letters | digits, axis=1)
    columns = np.zeros(len(starts), dtype=np.int64)
    rows = np.zeros(len(starts), dtype=np.int64)
    for place in range(11):
        columns = np.where(letters[:, place], columns * 26 + marks[:, place] - 64, columns)
        rows = np.where(digits[:, place], rows * 10 + marks[:, place] - 48, rows)
    if not columns.all() or not rows.all():
        raise unreadable("工作表里有单元格没有写明位置")
    return rows, columns


def _note_place(surface: Surface, attributes: bytes) -> None:
    place = _place(attributes)
    if place is None:
        raise unreadable("工作表里有单元格没有写明位置")
    surface.note(*place)


def _place(attributes: bytes) -> tuple[int, int] | None:
    """Row and column (from 0) out of the attributes of a cell."""
    found = _PLACE.search(attributes)
    if found is None:
        return None
    column = 0
    for letter in found[1].upper():
        column = column * 26 + letter - 64
    return int(found[2]) - 1, column - 1


def _note(surface: Surface, cells: Any, reason: str) -> None:
    for attributes in cells:
        place = _place(attributes)
        if place is not None:
            surface.note_odd(*place, reason)


def _shared_texts(window: bytes, shared: "array[int]") -> int:
    """How many bytes the shared texts of a window's cells come to, each counted as often as it
    is named."""
    numbers = (int(one) for one in _SHARED.findall(window))
    return sum(shared[number] for number in numbers if number < len(shared))
