"""Rows of a CSV file as Arrow batches."""

from collections.abc import Generator, Iterator
from contextlib import closing
from dataclasses import dataclass
from typing import TYPE_CHECKING, BinaryIO

from haina.resources.collect.kinds.contracts import ReadContext, Watermark
from haina.resources.collect.kinds.errors import FILE_BROKEN
from haina.resources.collect.kinds.files.csv.records import Dialect, Scan, scan
from haina.resources.collect.kinds.files.csv.text import shown, utf8_blocks
from haina.resources.collect.kinds.files.limits import LONGEST_CSV_LINE, MEGABYTE
from haina.resources.collect.kinds.files.texts import FileReading, typed_rows
from haina.resources.collect.kinds.rows.prefetching import prefetched
from haina.resources.collect.kinds.rows.rejecting import Shown
from haina.resources.collect.kinds.rows.sieving import Selection, TypedRows

if TYPE_CHECKING:
    import pyarrow as pa


@dataclass(frozen=True)
class Layout:
    """What the head of a file says.

    Codec, dialect, unique column names, texts that mean NULL, and the header to skip: its bytes
    in UTF-8 and its physical lines.
    """

    codec: str
    dialect: Dialect
    names: tuple[str, ...]
    nulls: tuple[str, ...]
    skip_bytes: int
    skip_lines: int


@dataclass(frozen=True)
class Piece:
    """A block of UTF-8 with its records; `line` is the physical line (1-based) of its start."""

    data: bytes
    records: Scan
    line: int

    def raw(self, start: int, end: int) -> str:
        """A span as text, without the line end."""
        return shown(self.data[start:end]).rstrip("\r\n")


class CsvReading(FileReading):
    """A `Reading` over one open file, which is read once; so call `control` after `batches`."""

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

    def _typed(self) -> Generator[TypedRows, None, None]:
        # Few ahead: of a file of short lines the places of its records are ten times its bytes.
        with closing(prefetched(self._pieces(), depth=1)) as pieces:
            for piece in pieces:
                for bad in piece.records.bad:
                    raw = piece.raw(bad.start, bad.end)
                    self._bin.add(bad.reason, raw, line=piece.line + bad.line)
                yield _typed(self._layout, self._selection, piece)

    def _show(self, rows: TypedRows, place: int) -> Shown:
        piece, texts = rows.source
        raw = piece.raw(int(piece.records.starts[place]), int(piece.records.ends[place]))
        return Shown(raw, {name: texts.column(name)[place].as_py() for name in texts.schema.names})

    def _pieces(self) -> Generator[Piece, None, None]:
        line = 1 + self._layout.skip_lines
        carry = b""
        for block, final in self._filled_blocks():
            data, held = _whole(carry + block, final=final)
            records = scan(data, self._layout.dialect, final=final)
            yield Piece(data, records, line)
            line += records.line_count
            carry = data[records.consumed :] + held
            _check_length(len(carry))

    def _filled_blocks(self) -> Iterator[tuple[bytes, bool]]:
        """Blocks with a line end in them, so that a line without end is not scanned over and
        over while it grows."""
        waiting: list[bytes] = []
        for block, final in self._blocks():
            waiting.append(block)
            if final or b"\n" in block or b"\r" in block:
                yield b"".join(waiting), final
                waiting = []
            _check_length(sum(map(len, waiting)))

    def _blocks(self) -> Iterator[tuple[bytes, bool]]:
        """Blocks behind the header, then an empty one that is final."""
        skip = self._layout.skip_bytes
        with closing(utf8_blocks(self._file, self._layout.codec)) as blocks:
            for block in blocks:
                yield block[skip:], False
                skip = max(0, skip - len(block))
        yield b"", True


def _check_length(length: int) -> None:
    if length > LONGEST_CSV_LINE:
        raise FILE_BROKEN(f"有一行超过 {LONGEST_CSV_LINE // MEGABYTE} MB,不像是 CSV")


def _typed(layout: Layout, selection: Selection, piece: Piece) -> TypedRows:

    texts = _parsed(layout, [column.name for column in selection.all], piece)
    columns = {name: texts.column(name) for name in texts.schema.names}
    return typed_rows(selection, columns, (piece, texts), piece.records.lines + piece.line)


def _parsed(layout: Layout, names: list[str], piece: Piece) -> "pa.RecordBatch":
    """The good records as text columns; the scan has made sure that Arrow reads them alike."""
    import pyarrow as pa
    from pyarrow import csv

    schema = pa.schema([pa.field(name, pa.string()) for name in names])
    data = _joined(piece)
    if not data:
        return pa.RecordBatch.from_pylist([], schema=schema)
    table = csv.read_csv(
        pa.py_buffer(data),
        read_options=csv.ReadOptions(column_names=layout.names, block_size=len(data) + 1),
        parse_options=csv.ParseOptions(
            delimiter=layout.dialect.delimiter,
            quote_char=layout.dialect.quote or False,
            newlines_in_values=True,
        ),
        convert_options=csv.ConvertOptions(
            column_types=schema,
            include_columns=names,
            null_values=list(layout.nulls),
            strings_can_be_null=True,
            quoted_strings_can_be_null=False,
        ),
    ).combine_chunks()
    if table.num_rows != len(piece.records.starts):
        raise FILE_BROKEN(f"第 {piece.line} 行附近的引号有歧义,行数对不上")
    return table.to_batches()[0]


def _joined(piece: Piece) -> bytes:
    """The bytes of the good records; neighbours are taken in one slice."""
    import numpy as np

    starts, ends = piece.records.starts, piece.records.ends
    if not len(starts):
        return b""
    gaps = np.flatnonzero(starts[1:] != ends[:-1])
    firsts = starts[np.concatenate(([0], gaps + 1))].tolist()
    lasts = ends[np.concatenate((gaps, [len(ends) - 1]))].tolist()
    view = memoryview(piece.data)
    return b"".join(view[first:last] for first, last in zip(firsts, lasts, strict=True))


def _whole(data: bytes, *, final: bool) -> tuple[bytes, bytes]:
    """A block fit to scan, and the byte held back: a CR may be half of a line end."""
    if final:
        return (data if not data or data.endswith((b"\n", b"\r")) else data + b"\n"), b""
    return (data[:-1], b"\r") if data.endswith(b"\r") else (data, b"")
