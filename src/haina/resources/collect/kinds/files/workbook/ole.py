"""The records of an .xls (BIFF in an OLE container), looked through before its reader is let in:
how far the cells reach, and which of them hold an error."""

import struct
from collections.abc import Iterator
from pathlib import Path

from haina.resources.collect.kinds.files.workbook.package import Surface, unreadable

_FREE = 0xFFFFFFFA  # sector numbers from here on are marks, not sectors
_ENTRY = 128
_MINI = 64
_BOF, _EOF, _SHEET, _DATES, _PASSWORD = 0x0809, 0x000A, 0x0085, 0x0022, 0x002F
_FORMULA, _BOOL_OR_ERROR = 0x0006, 0x0205
# NUMBER, RK, LABELSST, LABEL, RSTRING, and the two above begin with their row and column.
_CELLS = frozenset((0x0203, 0x027E, 0x00FD, 0x0204, 0x00D6, _FORMULA, _BOOL_OR_ERROR))
_MANY = 0x00BD  # MULRK ends with its last column
_RECORD = struct.Struct("<HH")


def surfaces_of(path: Path) -> dict[str, Surface]:
    """What each sheet shows from outside. Raises HainaError(file_broken, file_too_large)."""
    streams = _Container(path.read_bytes())
    if "EncryptedPackage" in streams.names:
        raise unreadable("工作簿加了密码")
    stream = streams.stream("Workbook") or streams.stream("Book")
    if not stream:
        raise unreadable("这不是 Excel 工作簿(可能是 Word 等其他文件)")
    sheets, dates_1904 = _globals(stream)
    return {name: _surface(stream, start, dates_1904) for name, start in sheets.items()}


class _Container:
    """The streams of an OLE container."""

    def __init__(self, data: bytes) -> None:
        self._data = data
        try:
            self._read_head()
        except (struct.error, IndexError, ValueError):
            raise unreadable() from None

    def stream(self, name: str) -> bytes:
        """A stream as a whole; b'' when there is none."""
        if name not in self.names:
            return b""
        start, size = self.names[name]
        if size < self._cutoff and self._mini is not None:
            return self._joined(self._mini_chain(start), self._mini, _MINI)[:size]
        return self._joined(self._chain(start), None, self._sector)[:size]

    def _read_head(self) -> None:
        sector, mini = struct.unpack_from("<HH", self._data, 30)
        if sector not in (9, 12) or mini != 6:
            raise ValueError
        self._sector = 1 << sector
        directory, self._cutoff, mini_fat = (
            struct.unpack_from("<I", self._data, place)[0] for place in (48, 56, 60)
        )
        self._fat = self._table(self._fat_sectors())
        self._mini_fat = self._table(self._chain(mini_fat)) if mini_fat < _FREE else []
        self.names: dict[str, tuple[int, int]] = {}
        self._mini: bytes | None = None
        self._read_directory(self._joined(self._chain(directory), None, self._sector))

    def _read_directory(self, data: bytes) -> None:
        for place in range(0, len(data) - _ENTRY + 1, _ENTRY):
            length, kind = struct.unpack_from("<HB", data, place + 64)
            start, size = struct.unpack_from("<II", data, place + 116)
            name = data[place : place + min(max(length - 2, 0), 64)].decode("utf-16-le", "replace")
            if kind == 2:
                self.names.setdefault(name, (start, size))
            elif kind == 5 and start < _FREE:
                self._mini = self._joined(self._chain(start), None, self._sector)[:size]

    def _fat_sectors(self) -> list[int]:
        found = list(struct.unpack_from("<109I", self._data, 76))
        following, seen = struct.unpack_from("<I", self._data, 68)[0], set[int]()
        while following < _FREE and following not in seen:
            seen.add(following)
            numbers = self._numbers(following)
            found += numbers[:-1]
            following = numbers[-1]
        return [number for number in found if number < _FREE]

    def _numbers(self, sector: int) -> tuple[int, ...]:
        return struct.unpack_from(f"<{self._sector // 4}I", self._data, (sector + 1) * self._sector)

    def _table(self, sectors: list[int]) -> list[int]:
        if len(sectors) * self._sector > len(self._data) + self._sector:
            raise ValueError
        return [number for sector in sectors for number in self._numbers(sector)]

    def _chain(self, start: int) -> list[int]:
        return _followed(self._fat, start)

    def _mini_chain(self, start: int) -> list[int]:
        return _followed(self._mini_fat, start)

    def _joined(self, chain: list[int], data: bytes | None, size: int) -> bytes:
        if data is not None:
            return b"".join(data[one * size : (one + 1) * size] for one in chain)
        return b"".join(self._data[(one + 1) * size : (one + 2) * size] for one in chain)


def _followed(table: list[int], start: int) -> list[int]:
    """The sectors of a chain. One that bites its own tail is broken."""
    found: list[int] = []
    while start < _FREE:
        if start >= len(table) or len(found) > len(table):
            raise unreadable()
        found.append(start)
        start = table[start]
    return found


def _records(stream: bytes, start: int) -> Iterator[tuple[int, int, int]]:
    """Number, place and length of the records from `start` to the end of their part."""
    place, nested, end = start, 0, len(stream) - 4
    unpack = _RECORD.unpack_from
    while place <= end:
        number, length = unpack(stream, place)
        yield number, place + 4, min(length, len(stream) - place - 4)
        nested += (number == _BOF) - (number == _EOF)
        if nested <= 0:
            return
        place += 4 + length


def _globals(stream: bytes) -> tuple[dict[str, int], bool]:
    """Where each sheet begins, and whether days count from 1904."""
    sheets, dates_1904 = {}, False
    for number, place, length in _records(stream, 0):
        if number == _PASSWORD:
            raise unreadable("工作簿加了密码")
        if number == _SHEET and length >= 8:
            sheets[_name(stream[place + 6 : place + length])] = int.from_bytes(
                stream[place : place + 4], "little"
            )
        elif number == _DATES:
            dates_1904 = stream[place : place + 1] == b"\x01"
    return sheets, dates_1904


def _name(data: bytes) -> str:
    """A name of BIFF8; one of BIFF5 has no flag, and is found by its place instead."""
    count, flag = data[0], data[1] if len(data) > 1 else 0
    if flag & 1:
        return data[2 : 2 + 2 * count].decode("utf-16-le", "replace")
    return data[2 : 2 + count].decode("latin-1")


def _surface(stream: bytes, start: int, dates_1904: bool) -> Surface:
    surface = Surface(dates_1904=dates_1904)
    for number, place, length in _records(stream, start):
        if number in _CELLS and length >= 8:
            row, column = _RECORD.unpack_from(stream, place)
            surface.note(row, column)
            if _is_error(number, stream[place : place + 14]):
                surface.note_odd(row, column, "error_cell")
        elif number == _MANY and length >= 6:
            row, _ = _RECORD.unpack_from(stream, place)
            last = int.from_bytes(stream[place + length - 2 : place + length], "little")
            surface.note(row, last)
    surface.check()
    return surface


def _is_error(number: int, data: bytes) -> bool:
    if number == _BOOL_OR_ERROR:
        return data[7] == 1
    return number == _FORMULA and data[12:14] == b"\xff\xff" and data[6] == 2
