"""Texts that a DBF keeps in a file beside itself: .dbt of dBase, .fpt of FoxPro."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, BinaryIO

from haina.resources.collect.kinds.errors import FILE_BROKEN, FILE_TOO_LARGE
from haina.resources.collect.kinds.files.csv.text import MARK
from haina.resources.collect.kinds.files.limits import LONGEST_MEMO, MEMOS_AT_ONCE

_BLOCK = 512
_END = b"\x1a"
_DBASE_4 = b"\xff\xff\x08\x00"


class Memos:
    """Reads a memo by the number that its record holds."""

    def __init__(self, file: BinaryIO, *, foxpro: bool) -> None:
        self._file = file
        self._foxpro = foxpro
        self._size = os.fstat(file.fileno()).st_size
        head = file.read(24)
        self._block = _block_size(head, foxpro=foxpro)

    def texts(self, cells: Any, codec: str) -> list[str | None]:
        """The memos that these cells name; None where a record has none.

        Raises HainaError(file_broken, file_too_large).
        """
        found: list[str | None] = []
        length = 0
        for cell in cells:
            found.append(text := self._text(cell.tobytes(), codec))
            length += len(text or "")
            if length > MEMOS_AT_ONCE:
                raise FILE_TOO_LARGE("备注字段的内容过大")
        return found

    def _text(self, cell: bytes, codec: str) -> str | None:
        number = _number(cell)
        if not number:
            return None
        data = self._foxpro_memo(number) if self._foxpro else self._dbase_memo(number)
        return data.decode(codec, MARK) or None

    def _foxpro_memo(self, number: int) -> bytes:
        head = self._at(number * self._block, 8)
        if int.from_bytes(head[:4], "big") != 1:
            raise FILE_BROKEN(f"备注文件第 {number} 块不是文本")
        return self._at(number * self._block + 8, int.from_bytes(head[4:], "big"))

    def _dbase_memo(self, number: int) -> bytes:
        place = number * self._block
        head = self._at(place, 8)
        if head.startswith(_DBASE_4):
            length = int.from_bytes(head[4:], "little")
            return self._at(place + 8, max(0, length - 8))
        return self._until_end(place)

    def _until_end(self, place: int) -> bytes:
        self._file.seek(place)
        found = b""
        while block := self._file.read(_BLOCK):
            found += block
            if _END in block:
                return found[: found.index(_END)]
            if len(found) > LONGEST_MEMO:
                break
        raise FILE_BROKEN("备注文件里有一条没有结尾")

    def _at(self, place: int, length: int) -> bytes:
        if length > LONGEST_MEMO or place + length > self._size:
            raise FILE_BROKEN("备注字段指向了备注文件之外")
        self._file.seek(place)
        return self._file.read(length)


@contextmanager
def memos_of(path: Path) -> Iterator[Memos | None]:
    """The memo file beside a table; None when there is none."""
    beside = _beside(path)
    if beside is None:
        yield None
        return
    with beside.open("rb") as file:
        yield Memos(file, foxpro=beside.suffix.lower() == ".fpt")


def _beside(path: Path) -> Path | None:
    for suffix in (".fpt", ".dbt", ".FPT", ".DBT", ".Fpt", ".Dbt"):
        found = path.with_suffix(suffix)
        if found.is_file() and not found.is_symlink():
            return found
    return None


def _block_size(head: bytes, *, foxpro: bool) -> int:
    if len(head) < 24:
        raise FILE_BROKEN("备注文件不完整")
    size = int.from_bytes(head[6:8], "big") if foxpro else int.from_bytes(head[20:22], "little")
    return size or (1 if foxpro else _BLOCK)


def _number(cell: bytes) -> int:
    if len(cell) == 4:
        return int.from_bytes(cell, "little")
    digits = cell.strip(b" \0")
    if digits and not digits.isdigit():
        raise FILE_BROKEN("备注字段里不是块号")
    return int(digits or b"0")
