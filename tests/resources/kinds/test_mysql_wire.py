"""The text protocol of MySQL: rows in any pieces, of any length, and bytes that are none."""

from typing import Any

import pytest

from haina.resources.collect.kinds.databases.mysql import wire


def _packet(payload: bytes) -> bytes:
    return len(payload).to_bytes(3, "little") + b"\0" + payload


_EOF = _packet(b"\xfe\0\0\x02\0")


def _rows(data: bytes, columns: int, piece: int = 7, limit: int = 1000) -> list[tuple[Any, ...]]:
    """What `wire` makes of bytes that come in pieces."""
    pieces = iter([data[at : at + piece] for at in range(0, len(data), piece)])
    chunks = wire.chunks(lambda: next(pieces, b""), columns, limit)
    return [
        row for arrays in chunks for row in zip(*(one.to_pylist() for one in arrays), strict=True)
    ]


def test_rows_of_the_wire_in_any_pieces() -> None:
    texts = [None, "", "中文", "x" * 250, "y" * 251, "z" * 70_000]
    rows = [(one, two) for one in texts for two in texts]
    data = b"".join(_packet(_field(one) + _field(two)) for one, two in rows) + _EOF
    for piece in (1000, 65_536, 10**9):
        assert _rows(data, 2, piece) == rows
    small = [row for row in rows if not any(one and len(one) > 250 for one in row)]
    data = b"".join(_packet(_field(one) + _field(two)) for one, two in small) + _EOF
    for piece, limit in ((1, 1), (3, 2), (10, 100)):
        assert _rows(data, 2, piece, limit) == small
    assert _rows(_EOF, 2) == []


def _field(text: str | None) -> bytes:
    if text is None:
        return b"\xfb"
    raw = text.encode()
    for limit, mark, size in ((251, b"", 1), (1 << 16, b"\xfc", 2), (1 << 24, b"\xfd", 3)):
        if len(raw) < limit:
            return mark + len(raw).to_bytes(size, "little") + raw
    return b"\xfe" + len(raw).to_bytes(8, "little") + raw


@pytest.mark.parametrize("size", [(1 << 24) - 30, (1 << 24) - 6, (1 << 24) - 5, 40_000_000])
def test_a_row_longer_than_a_packet(size: int) -> None:
    payload = _field("甲") + _field("x" * size) + _field(None)
    parts = [payload[at : at + 0xFFFFFF] for at in range(0, len(payload), 0xFFFFFF)]
    if len(parts[-1]) == 0xFFFFFF:
        parts.append(b"")
    data = b"".join(map(_packet, parts)) + _packet(_field("乙") + _field("y") + _field("z")) + _EOF
    first, second = _rows(data, 3, 5_000_000)
    assert (first[0], len(first[1] or ""), first[2]) == ("甲", size, None)
    assert second == ("乙", "y", "z")


@pytest.mark.parametrize("row", [b"\x01a", b"\x01a\x05b", b"\x01a\x01bc", b"\x01a\xfc\xff",
                                 b"\xfe" + b"\xff" * 8, b"\x01a\xfe" + b"\xff" * 7 + b"\x7f"])  # fmt: skip
def test_rows_that_are_none_are_refused(row: bytes) -> None:
    with pytest.raises(wire.WireError):
        _rows(_packet(row) + _EOF, 2)


def test_an_end_that_is_not_the_end() -> None:
    good = _packet(b"\x01a")
    with pytest.raises(wire.ConnectionLostError):
        _rows(good * 3, 1)
    with pytest.raises(wire.ConnectionLostError):
        _rows(good * 3 + _EOF[:5], 1)
    with pytest.raises(wire.ServerError):
        _rows(good * 3 + _packet(b"\xff\x2d\x04#70100stopped"), 1)
