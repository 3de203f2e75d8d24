"""What the head of a DBF file says, and whether it can be true."""

import os
import struct
from dataclasses import dataclass
from typing import BinaryIO

from haina.resources.collect.kinds.errors import FILE_BROKEN, FILE_EMPTY, WRONG_FORMAT
from haina.resources.collect.kinds.files.csv.text import ENCODINGS, looks_like
from haina.resources.collect.kinds.files.formats import check_width, unique_names

_HEAD = struct.Struct("<B3xIHH16xBB2x")
_FIELD = struct.Struct("<11sc4xBBB13x")
_END = b"\r"
_VERSIONS = (0x03, 0x83, 0x8B, 0x8E, 0x43, 0x63, 0xCB, 0xF5, 0xFB, 0x30, 0x31, 0x32)
_VISUAL_FOXPRO = (0x30, 0x31, 0x32)
_DBASE_7 = (0x04, 0x8C)
# Language drivers that say something; 0 and the Western ones are what unwitting programs write.
_DRIVERS = {0x4D: "gb18030", 0x7A: "gb18030", 0x4F: "big5", 0x78: "big5"}
_SAMPLE = 1024 * 1024
_SYSTEM, _NULLABLE = 0x01, 0x02


@dataclass(frozen=True)
class Field:
    """One field: its type as one letter, where it lies in a record, and its null bit, if any.

    `full` is the bit that says that a varchar fills its whole length.
    """

    name: str
    type: str
    offset: int
    length: int
    decimals: int
    null: int | None = None
    full: int | None = None


@dataclass(frozen=True)
class Header:
    """`flags` is the hidden field of null bits of Visual FoxPro."""

    version: int
    records: int
    start: int
    length: int
    codec: str
    fields: tuple[Field, ...]
    flags: Field | None

    @property
    def visual(self) -> bool:
        return self.version in _VISUAL_FOXPRO


def header_of(file: BinaryIO, encoding: str) -> Header:
    """Raises HainaError(file_empty, wrong_file_format, file_broken, too_many_columns)."""
    head = file.read(_HEAD.size)
    if not head:
        raise FILE_EMPTY("文件里没有内容")
    _check_kind(head)
    version, records, start, length, _, driver = _HEAD.unpack(head)
    raw = _raw_fields(file.read(max(0, start - _HEAD.size)))
    codec = _codec(file, encoding, driver, start)
    fields, flags = _fields(raw, codec, version)
    header = Header(version, records, start, length, codec, fields, flags)
    _check_sizes(header, raw, os.fstat(file.fileno()).st_size, file)
    return header


def _check_kind(head: bytes) -> None:
    if len(head) < _HEAD.size or head[0] not in (*_VERSIONS, *_DBASE_7):
        raise WRONG_FORMAT("这不是 DBF 文件")
    if head[0] in _DBASE_7:
        raise WRONG_FORMAT("这是 dBase 7 的表", hint="请另存为 dBase III/IV 或 FoxPro 的 DBF。")
    month, day = head[2], head[3]
    if month > 12 or day > 31:
        raise WRONG_FORMAT("这不是 DBF 文件(文件头里的日期不对)")


def _raw_fields(data: bytes) -> list[tuple[bytes, str, int, int, int]]:
    """Name, type, length, decimals and flags of each field."""
    found = []
    for place in range(0, len(data) - 31, 32):
        if data[place : place + 1] == _END:
            break
        name, letter, length, decimals, flags = _FIELD.unpack_from(data, place)
        name = name.split(b"\0")[0]
        found.append((name, letter.decode("latin-1"), length, decimals, flags))
    check_width(len(found))
    if not found:
        raise FILE_BROKEN("文件头里没有字段")
    return found


def _fields(
    raw: list[tuple[bytes, str, int, int, int]], codec: str, version: int
) -> tuple[tuple[Field, ...], Field | None]:
    names = unique_names([name.decode(codec, "ignore") for name, *_ in raw])
    offset, bit = 1, 0
    fields: list[Field] = []
    hidden = None
    for name, (_, letter, length, decimals, flags) in zip(names, raw, strict=True):
        visual = version in _VISUAL_FOXPRO
        # Long texts keep the high byte of their length where numbers keep their decimals.
        size = length + 256 * decimals if letter == "C" and not visual else length
        full, bit = (bit, bit + 1) if visual and letter in "VQ" else (None, bit)
        null, bit = (bit, bit + 1) if visual and flags & _NULLABLE else (None, bit)
        field = Field(name, letter, offset, size, decimals, null, full)
        offset += size
        if visual and letter == "0" and flags & _SYSTEM:
            hidden = field
        else:
            fields.append(field)
    return tuple(fields), hidden


def _check_sizes(
    header: Header, raw: list[tuple[bytes, str, int, int, int]], size: int, file: BinaryIO
) -> None:
    ends = [field.offset + field.length for field in header.fields]
    if header.start < 32 + 32 * len(raw) or not header.length or max(ends) > header.length:
        raise FILE_BROKEN("DBF 文件头自相矛盾:字段超出了记录")
    there = max(0, size - header.start) // header.length
    if there < header.records:
        raise FILE_BROKEN(f"DBF 不完整:文件头说有 {header.records:,} 条,只有 {there:,} 条")
    if there > header.records:
        file.seek(header.start + header.records * header.length)
        if file.read(1) in (b" ", b"*"):
            raise FILE_BROKEN(
                f"DBF 文件头说有 {header.records:,} 条,实际更多",
                hint="对方的程序可能没有正常退出;请对方重新打开并保存这张表后再提供。",
            )


def _codec(file: BinaryIO, encoding: str, driver: int, start: int) -> str:
    if encoding != "auto":
        return ENCODINGS[encoding]
    if driver in _DRIVERS:
        return _DRIVERS[driver]
    file.seek(start)
    return looks_like(file.read(_SAMPLE))
