"""A writer of DBF files for tests: independent of the reader, record by record."""

import struct
from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True)
class F:
    """A field: name, type letter, length, decimals, flags."""

    name: str
    type: str
    length: int
    decimals: int = 0
    flags: int = 0


def dbf(
    fields: Sequence[F],
    records: Sequence[bytes],
    *,
    version: int = 0x03,
    driver: int = 0x4D,
    codec: str = "gb18030",
    count: int | None = None,
    record_length: int | None = None,
    end: bytes = b"\x1a",
) -> bytes:
    """A whole file; `records` begin with their flag. `count` and `record_length` may lie."""
    length = 1 + sum(field.length for field in fields)
    start = 32 + 32 * len(fields) + 1 + (263 if version in (0x30, 0x31, 0x32) else 0)
    head = struct.pack(
        "<BBBBIHH", version, 124, 1, 2, len(records) if count is None else count, start,
        length if record_length is None else record_length,
    )  # fmt: skip
    head += bytes(17) + bytes([driver]) + bytes(2)
    for field in fields:
        name = field.name.encode(codec)[:10].ljust(11, b"\0")
        low = field.length & 0xFF
        high = field.length >> 8 if field.type == "C" else field.decimals
        head += name + field.type.encode() + bytes(4) + bytes([low, high, field.flags]) + bytes(13)
    return (head + b"\r").ljust(start, b"\0") + b"".join(records) + end


def record(
    fields: Sequence[F], *values: bytes | str, flag: bytes = b" ", codec: str = "gb18030"
) -> bytes:
    """A record of these values, texts left-aligned, numbers to the right."""
    parts = [flag]
    for field, value in zip(fields, values, strict=True):
        data = value.encode(codec) if isinstance(value, str) else value
        fit = data.rjust(field.length) if field.type in "NF" else data.ljust(field.length)
        assert len(fit) == field.length, (field, data)
        parts.append(fit)
    return b"".join(parts)
