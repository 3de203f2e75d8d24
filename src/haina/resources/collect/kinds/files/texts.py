"""From columns of text or bytes to typed rows: what all formats of files share."""

import os
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, BinaryIO, Literal

from haina.resources.collect.kinds.contracts import ReadContext, Watermark
from haina.resources.collect.kinds.errors import SOURCE_CHANGED
from haina.resources.collect.kinds.files.csv.text import MARK
from haina.resources.collect.kinds.rows.arrow_checks import flawed_text
from haina.resources.collect.kinds.rows.casting import cast_text
from haina.resources.collect.kinds.rows.lake_types import parse
from haina.resources.collect.kinds.rows.reading import SinglePassReading
from haina.resources.collect.kinds.rows.sieving import Selection, TypedRows, schema_of

if TYPE_CHECKING:
    import pyarrow as pa

Trim = Literal["both", "right", "none"]
CODE_POINTS = "utf-32-le"
_HALVES = "surrogatepass"
_SEPARATOR = 0x1E  # never the second byte of a character, in any encoding that we read


class FileReading(SinglePassReading):
    """A `Reading` of one open file, which must be the same file and unchanged at the end."""

    def __init__(
        self,
        file: BinaryIO,
        selection: Selection,
        since: Watermark | None,
        context: ReadContext,
    ) -> None:
        super().__init__(selection, since, context)
        self._file = file
        self._before = _state(file)

    def _ended(self) -> None:
        if _state(self._file) != self._before:
            raise SOURCE_CHANGED("文件在读取过程中被改动、替换或删除")


def typed_rows(
    selection: Selection,
    texts: "Mapping[str, pa.Array]",
    source: Any,
    lines: Any,
    flaws: Mapping[str, dict[int, str]] | None = None,
) -> TypedRows:
    """Cast columns of text. `flaws` are places found bad before, which hold NULL in `texts`."""
    import pyarrow as pa

    known = flaws or {}
    arrays, found = [], []
    for column in selection.all:
        cast = cast_text(texts[column.name], parse(column.lake_type))
        arrays.append(cast.values)
        found.append({**cast.bad, **known.get(column.name, {})})
    rows = TypedRows(
        pa.RecordBatch.from_arrays(arrays, schema=schema_of(selection.all)), source, lines=lines
    )
    for column, bad in zip(selection.all, found, strict=True):
        rows.flaw(bad, column.name)
    return rows


def from_strings(values: "list[str | None]") -> "tuple[pa.Array, dict[int, str]]":
    """Strings as an Arrow array; half characters and NUL become NULL and are named."""
    import pyarrow as pa
    import pyarrow.compute as pc

    try:
        return flawed_text(pa.array(values, pa.string()))
    except UnicodeEncodeError:
        data = [None if one is None else one.encode("utf-8", _HALVES) for one in values]
        as_text = pc.CastOptions(pa.string(), allow_invalid_utf8=True)
        return flawed_text(pc.cast(pa.array(data, pa.binary()), options=as_text))


def from_cells(
    cells: Any, codec: str, *, trim: Trim, padding: str = " "
) -> "tuple[pa.Array, dict[int, str]]":
    """Columns of fixed width as text; blank cells are NULL unless nothing is trimmed.

    `cells` is an array of shape (rows, width), of bytes, or of code points when `codec` is
    utf-32-le. Cells that cannot be read, or with NUL inside, become NULL and are named.
    """
    import pyarrow as pa
    import pyarrow.compute as pc

    joined = _separated(cells, trim=trim, padding=padding).tobytes()
    texts = _split(decoded(joined, codec), len(cells))
    if texts is None:  # the separator itself occurs: cell by cell
        texts = _one_by_one(cells, codec, trim=trim, padding=padding)
    texts, flaws = flawed_text(texts)
    if trim != "none":
        texts = pc.replace_with_mask(texts, pc.equal(texts, ""), pa.scalar(None, pa.string()))
    return texts, flaws


def decoded(data: bytes, codec: str) -> bytes:
    """Bytes of a codec, or code points, as UTF-8; what cannot be read as marks (see csv.text)."""
    if codec == CODE_POINTS:
        return data.decode(codec, _HALVES).encode("utf-8", _HALVES)
    return data if data.isascii() else data.decode(codec, MARK).encode("utf-8", _HALVES)


def _separated(cells: Any, *, trim: Trim, padding: str) -> Any:
    """The units of all cells in one row, a separator after each."""
    import numpy as np

    rows, width = cells.shape
    wide = np.full((rows, width + 1), _SEPARATOR, dtype=cells.dtype)
    wide[:, :width] = cells
    if trim == "none" or not width:
        return wide.ravel()
    filled = ~np.isin(cells, [ord(mark) for mark in padding])
    keep = np.ones((rows, width + 1), dtype=bool)
    keep[:, :width] = np.maximum.accumulate(filled[:, ::-1], axis=1)[:, ::-1]
    if trim == "both":
        keep[:, :width] &= np.maximum.accumulate(filled, axis=1)
    return wide[keep]


def _split(data: bytes, rows: int) -> "pa.Array | None":
    """Cells out of joined UTF-8; None when there are not as many separators as cells."""
    import numpy as np
    import pyarrow as pa

    view = np.frombuffer(data, dtype=np.uint8)
    ends = np.flatnonzero(view == _SEPARATOR)
    if len(ends) != rows:
        return None
    offsets = np.zeros(rows + 1, dtype=np.int32)
    offsets[1:] = ends - np.arange(rows)
    text = view[view != _SEPARATOR]
    return pa.StringArray.from_buffers(rows, pa.py_buffer(offsets), pa.py_buffer(text))


def _one_by_one(cells: Any, codec: str, *, trim: Trim, padding: str) -> "pa.Array":
    import pyarrow as pa
    import pyarrow.compute as pc

    data = []
    for cell in cells:
        text = decoded(cell.tobytes(), codec).decode("utf-8", _HALVES)
        text = text if trim == "none" else text.rstrip(padding)
        data.append((text.lstrip(padding) if trim == "both" else text).encode("utf-8", _HALVES))
    as_text = pc.CastOptions(pa.string(), allow_invalid_utf8=True)
    return pc.cast(pa.array(data, pa.binary()), options=as_text)


def _state(file: BinaryIO) -> tuple[int, int, int]:
    """Size, time of change and number of names of an open file; no name: it was deleted."""
    found = os.fstat(file.fileno())
    return found.st_size, found.st_mtime_ns, found.st_nlink
