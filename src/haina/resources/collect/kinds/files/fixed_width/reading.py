"""Rows of fixed width as Arrow batches: lines are told apart and cut by arithmetic on arrays."""

from collections.abc import Generator, Iterator
from dataclasses import dataclass
from typing import Any, BinaryIO

from haina.resources.collect.kinds.contracts import ReadContext, Watermark
from haina.resources.collect.kinds.errors import FILE_BROKEN
from haina.resources.collect.kinds.files.csv.text import BLOCK, shown, text_blocks
from haina.resources.collect.kinds.files.limits import MEGABYTE
from haina.resources.collect.kinds.files.texts import (
    CODE_POINTS,
    FileReading,
    Trim,
    decoded,
    from_cells,
    typed_rows,
)
from haina.resources.collect.kinds.rows.rejecting import Shown
from haina.resources.collect.kinds.rows.sieving import Selection, TypedRows

_LF, _CR, _SPACE, _DOS_END = 10, 13, 32, 26
_BOM = b"\xef\xbb\xbf"


@dataclass(frozen=True)
class Layout:
    """Where fields lie: name -> (offset, length), counted in bytes, or in characters.

    `length` is that of a record; `lines` tells whether records end with a line end; `short`
    whether the blanks at their end may be missing.
    """

    codec: str
    fields: dict[str, tuple[int, int]]
    length: int
    characters: bool
    lines: bool
    short: bool
    trim: Trim
    skip_lines: int


@dataclass(frozen=True)
class Piece:
    """Whole records of a block: spans without line end, and the line (1-based) of the first."""

    data: Any
    starts: Any
    ends: Any
    line: int


class FixedWidthReading(FileReading):
    """A `Reading` over one open file."""

    def __init__(
        self,
        file: BinaryIO,
        layout: Layout,
        selection: Selection,
        since: Watermark | None,
        context: ReadContext,
    ) -> None:
        super().__init__(file, selection, since, context)
        self._layout = layout
        self._codec = CODE_POINTS if layout.characters else layout.codec

    def _typed(self) -> Generator[TypedRows, None, None]:
        for piece in self._pieces():
            starts, ends, lines = self._records(piece)
            if len(starts):
                yield self._rows(piece, starts, ends, lines)

    def _show(self, rows: TypedRows, place: int) -> Shown:
        piece, starts, ends, texts = rows.source
        raw = self._raw(piece, int(starts[place]), int(ends[place]))
        return Shown(raw, {name: one[place].as_py() for name, one in texts.items()})

    def _raw(self, piece: Piece, start: int, end: int) -> str:
        return shown(decoded(piece.data[start:end].tobytes(), self._codec))

    def _records(self, piece: Piece) -> tuple[Any, Any, Any]:
        """Spans and lines of the records of right length; the others go to the bin."""
        import numpy as np

        lengths = piece.ends - piece.starts
        lines = np.arange(piece.line, piece.line + len(lengths))
        wrong = lengths > self._layout.length
        if not self._layout.short:
            wrong |= lengths < self._layout.length
        filled = (lengths > 0) & (lines > self._layout.skip_lines)
        for place in np.flatnonzero(wrong & filled).tolist():
            raw = self._raw(piece, int(piece.starts[place]), int(piece.ends[place]))
            self._bin.add("record_length", raw, line=int(lines[place]))
        good = ~wrong & filled
        return piece.starts[good], piece.ends[good], lines[good]

    def _rows(self, piece: Piece, starts: Any, ends: Any, lines: Any) -> TypedRows:
        cells = _matrix(piece.data, starts, ends, self._layout.length)
        texts, flaws = {}, {}
        for column in self._selection.all:
            offset, length = self._layout.fields[column.name]
            texts[column.name], flaws[column.name] = from_cells(
                cells[:, offset : offset + length], self._codec, trim=self._layout.trim
            )
        return typed_rows(self._selection, texts, (piece, starts, ends, texts), lines, flaws)

    def _pieces(self) -> Iterator[Piece]:
        import numpy as np

        line, carry = 1, None
        for block, final in _with_last(_units(self._file, self._layout)):
            data = block if carry is None or not len(carry) else np.concatenate((carry, block))
            starts, ends, consumed = self._spans(data, final=final)
            carry = data[consumed:]
            if len(carry) > max(MEGABYTE, 4 * self._layout.length):
                raise FILE_BROKEN(f"第 {line + len(starts)} 行长得离谱,不像是定长文本")
            yield Piece(data, starts, ends, line)
            line += len(starts)

    def _spans(self, data: Any, *, final: bool) -> tuple[Any, Any, int]:
        if self._layout.lines:
            return _lines(data, final=final)
        return _strides(data, self._layout.length, final=final)


def _units(file: BinaryIO, layout: Layout) -> Iterator[Any]:
    """The file as arrays of bytes or of code points."""
    import numpy as np

    if layout.characters:
        for text in text_blocks(file, layout.codec):
            yield np.frombuffer(text.encode(CODE_POINTS, "surrogatepass"), dtype=np.uint32)
        return
    skip = len(_BOM) if file.read(3) == _BOM else 0
    file.seek(skip)
    while block := file.read(BLOCK):
        yield np.frombuffer(block, dtype=np.uint8)


def _with_last(blocks: Iterator[Any]) -> Iterator[tuple[Any, bool]]:
    """Each block, and whether it is the last."""
    held = next(blocks, None)
    for block in blocks:
        yield held, False
        held = block
    if held is not None:
        yield held, True


def _lines(data: Any, *, final: bool) -> tuple[Any, Any, int]:
    """Spans of the lines that are whole, without their ends, and how much they take."""
    import numpy as np

    feeds = np.flatnonzero(data == _LF)
    consumed = int(feeds[-1]) + 1 if len(feeds) else 0
    if final and consumed < len(data):
        if data[consumed:].tolist() != [_DOS_END]:
            feeds = np.append(feeds, len(data))
        consumed = len(data)
    starts = np.concatenate(([0], feeds[:-1] + 1)).astype(np.int64) if len(feeds) else feeds
    before = data[np.maximum(feeds - 1, 0)] if len(feeds) else feeds
    return starts, np.where((before == _CR) & (feeds > starts), feeds - 1, feeds), consumed


def _strides(data: Any, length: int, *, final: bool) -> tuple[Any, Any, int]:
    """The same for records that follow each other without line ends; the last may be cut off."""
    import numpy as np

    whole = len(data) // length
    starts = np.arange(whole + (final and len(data) > whole * length), dtype=np.int64) * length
    ends = np.minimum(starts + length, len(data))
    return starts, ends, len(data) if final else whole * length


def _matrix(data: Any, starts: Any, ends: Any, length: int) -> Any:
    """Records as an array of shape (records, length), short ones filled up with blanks."""
    import numpy as np

    places = starts[:, None] + np.arange(length)
    inside = places < ends[:, None]
    found = data[np.minimum(places, len(data) - 1)]
    return found if inside.all() else np.where(inside, found, _SPACE).astype(data.dtype)
