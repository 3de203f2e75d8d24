"""Rows of MySQL's text protocol, decoded a whole buffer at a time.

A driver that makes a Python object of each value reads some forty thousand rows a second; here
only the borders of rows are found one by one, and each column is cut out of the buffer at once.
"""

import struct
from collections.abc import Callable, Generator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import numpy as np
    import pyarrow as pa

_BUFFER_BYTES = 4 * 1024 * 1024
_HEADER = 4
_FULL = 0xFFFFFF
_NULL, _TWO, _THREE, _EIGHT = 0xFB, 0xFC, 0xFD, 0xFE
_END, _ERROR = 0xFE, 0xFF
_SHORTEST_LONG = 9  # a row that begins with an eight-byte length
_HEAD = struct.Struct("<IB").unpack_from  # length and number of a packet, and its first byte


class WireError(Exception):
    """The bytes are not what the protocol says."""


class ServerError(Exception):
    """The server ended the rows with an error packet, which is the argument."""


class ConnectionLostError(Exception):
    """The stream ended before the rows did."""


@dataclass
class _Chunk:
    """Packets in a buffer: where the payload of each begins and ends."""

    data: bytearray
    starts: list[int]
    ends: list[int]


def chunks(
    receive: Callable[[], bytes], columns: int, rows: int
) -> "Generator[list[pa.Array], None, None]":
    """Read rows until their end; `receive` gives the next bytes, none when the stream is over.

    Yields `columns` string arrays of at most `rows` rows. Raises WireError, ServerError,
    ConnectionLostError.
    """
    for chunk in _packets(receive, rows):
        if chunk.starts:
            yield _decoded(chunk, columns)


def _packets(receive: Callable[[], bytes], rows: int) -> Generator[_Chunk, None, None]:
    chunk, at = _Chunk(bytearray(), [], []), 0
    while True:
        at, ended = _scan(chunk, at, rows)
        if ended:
            yield chunk
            return
        if len(chunk.starts) >= rows or at >= _BUFFER_BYTES:
            rest = chunk.data[at:]
            del chunk.data[at:]
            yield chunk
            chunk, at = _Chunk(rest, [], []), 0
            continue
        received = receive()
        if not received:
            raise ConnectionLostError
        chunk.data += received


def _scan(chunk: _Chunk, at: int, rows: int) -> tuple[int, bool]:
    """Find whole packets from `at` on; where they end, and whether that was the end of rows."""
    data, starts, ends = chunk.data, chunk.starts, chunk.ends
    held, left = len(data), rows - len(starts)
    while left and at + _HEADER < held:
        head, first = _HEAD(data, at)
        length = head & _FULL
        if length == _FULL:
            length = _joined(data, at)
            held = len(data)
        after = at + _HEADER + length
        if length < 0 or after > held:
            break
        if first >= _END and _is_last(data, first, at, length):
            return at, True
        starts.append(at + _HEADER)
        ends.append(after)
        at = after
        left -= 1
    return at, False


def _is_last(data: bytearray, first: int, at: int, length: int) -> bool:
    """Whether this is the packet behind the last row; a long value may begin with the same byte.

    Raises ServerError.
    """
    if first == _ERROR:
        raise ServerError(bytes(data[at + _HEADER : at + _HEADER + length]))
    return length < _SHORTEST_LONG


def _joined(data: bytearray, at: int) -> int:
    """Make one packet of a row that needed several; its length, -1 while a part is missing."""
    cuts, place = [], at
    while True:
        if place + _HEADER > len(data):
            return -1
        length = data[place] | data[place + 1] << 8 | data[place + 2] << 16
        place += _HEADER + length
        if place > len(data):
            return -1
        if length < _FULL:
            break
        cuts.append(place)
    for cut in reversed(cuts):
        del data[cut : cut + _HEADER]
    return place - at - _HEADER * (len(cuts) + 1)


def _decoded(chunk: _Chunk, columns: int) -> "list[pa.Array]":
    import numpy as np

    data = np.frombuffer(chunk.data, dtype=np.uint8)
    at, ends = np.array(chunk.starts, np.int64), np.array(chunk.ends, np.int64)
    arrays = []
    for _ in range(columns):
        if (at >= ends).any():
            raise WireError("a row has too few columns")
        start, length, null = _lengths(data, at)
        if (length > ends - start).any():
            raise WireError("a value is longer than its row")
        at = start + length
        arrays.append(_array(data, start, length, null))
    if (at != ends).any():
        raise WireError("a row has too many columns")
    return arrays


def _lengths(data: "np.ndarray[Any, Any]", at: "np.ndarray[Any, Any]") -> Any:
    """Where the values begin, how long they are, which are NULL."""
    import numpy as np

    first = data[at]
    start, length = at + 1, first.astype(np.int64)
    null = first == _NULL
    if not (first >= _NULL).any():
        return start, length, null
    length[null] = 0
    for mark, size in ((_TWO, 2), (_THREE, 3), (_EIGHT, 8)):
        long = first == mark
        if long.any():
            length[long] = _number(data, at[long], size)
            start[long] += size
    return start, length, null


def _number(data: "np.ndarray[Any, Any]", at: "np.ndarray[Any, Any]", size: int) -> Any:
    """Little-endian numbers behind these places."""
    import numpy as np

    if int(at.max()) + size >= len(data):
        raise WireError("a value is longer than its row")
    total = np.zeros(len(at), np.int64)
    for place in range(size):
        total |= data[at + 1 + place].astype(np.int64) << (8 * place)
    if (total < 0).any():
        raise WireError("a value is longer than its row")
    return total


def _array(data: Any, start: Any, length: Any, null: Any) -> "pa.Array":
    """A string array of pieces of the buffer, copied out of it."""
    import numpy as np
    import pyarrow as pa

    offsets = np.zeros(len(start) + 1, np.int32)
    np.cumsum(length, out=offsets[1:])
    total = int(offsets[-1])
    places = np.repeat((start - offsets[:-1]).astype(np.int32), length)
    places += np.arange(total, dtype=np.int32)
    valid = pa.py_buffer(np.packbits(~null, bitorder="little")) if null.any() else None
    buffers = [valid, pa.py_buffer(offsets), pa.py_buffer(np.take(data, places))]
    return pa.Array.from_buffers(pa.string(), len(start), buffers)
