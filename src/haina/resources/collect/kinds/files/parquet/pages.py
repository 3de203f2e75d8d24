"""The sizes that pages of a Parquet file claim, read from their headers without unpacking them.

A page header is a Thrift struct in the compact protocol: field 2 is the size unpacked, field 3
the size packed. Arrow allocates what field 2 says, so it is looked at first.
"""

from collections.abc import Iterator
from typing import Any, BinaryIO

from haina.resources.collect.kinds.errors import FILE_BROKEN, FILE_TOO_LARGE
from haina.resources.collect.kinds.files.limits import (
    MEGABYTE,
    PARQUET_PAGE,
    PARQUET_PAGES_AT_ONCE,
)

_HEADER = 64 * 1024  # with the least and the greatest value of its column in it
_STOP, _TRUE, _FALSE, _BYTE, _DOUBLE, _BINARY, _LIST, _SET, _MAP, _STRUCT = (
    0, 1, 2, 3, 7, 8, 9, 10, 11, 12,
)  # fmt: skip
_NESTING = 8


def check_pages(file: BinaryIO, metadata: Any, columns: set[str]) -> None:
    """Raises HainaError(file_broken, file_too_large).

    `metadata` is a pyarrow FileMetaData, `columns` the names of top columns that will be read.
    """
    for group in range(metadata.num_row_groups):
        row_group = metadata.row_group(group)
        if not row_group.num_rows:
            continue
        together = 0
        for place in range(row_group.num_columns):
            chunk = row_group.column(place)
            if chunk.path_in_schema.split(".")[0] in columns or chunk.path_in_schema in columns:
                together += max(_sizes(file, chunk), default=0)
        if together > PARQUET_PAGES_AT_ONCE:
            raise FILE_TOO_LARGE(f"第 {group + 1} 个行组的数据页展开后过大")


def _sizes(file: BinaryIO, chunk: Any) -> Iterator[int]:
    """The unpacked size of each page of a column chunk."""
    start = chunk.data_page_offset
    if chunk.has_dictionary_page and 0 < chunk.dictionary_page_offset < start:
        start = chunk.dictionary_page_offset
    end = start + chunk.total_compressed_size
    while start < end:
        file.seek(start)
        unpacked, packed, length = _page(file.read(_HEADER))
        if unpacked < 0 or not 0 <= packed <= end - start:
            raise FILE_BROKEN("数据页的长度不对")
        if unpacked > PARQUET_PAGE:
            raise FILE_TOO_LARGE(
                f"字段“{chunk.path_in_schema}”的一个数据页展开后有 {unpacked // MEGABYTE:,} MB"
            )
        yield unpacked
        start += length + packed


def _page(data: bytes) -> tuple[int, int, int]:
    """Size unpacked, size packed, and the length of the header."""
    reader = _Compact(data)
    try:
        sizes = reader.page_sizes()
    except (IndexError, ValueError):
        raise FILE_BROKEN("数据页的开头不可读") from None
    return *sizes, reader.at


class _Compact:
    """As much of Thrift's compact protocol as is needed to walk over a struct."""

    def __init__(self, data: bytes) -> None:
        self._data = data
        self.at = 0

    def page_sizes(self) -> tuple[int, int]:
        found = {2: -1, 3: -1}
        for number, kind in self._fields():
            if number in found:
                found[number] = self._zigzag()
            else:
                self._skip(kind, 0)
        return found[2], found[3]

    def _fields(self) -> Iterator[tuple[int, int]]:
        number = 0
        while (head := self._byte()) != _STOP:
            delta, kind = head >> 4, head & 15
            number = number + delta if delta else self._zigzag()
            yield number, kind

    def _byte(self) -> int:
        self.at += 1
        return self._data[self.at - 1]

    def _varint(self) -> int:
        value = shift = 0
        while (byte := self._byte()) & 0x80:
            value |= (byte & 0x7F) << shift
            shift += 7
            if shift > 63:
                raise ValueError("varint too long")
        return value | byte << shift

    def _zigzag(self) -> int:
        value = self._varint()
        return (value >> 1) ^ -(value & 1)

    def _skip(self, kind: int, depth: int) -> None:
        if depth > _NESTING:
            raise ValueError("nested too deeply")
        if kind in (_TRUE, _FALSE):
            return
        if kind == _BYTE:
            self.at += 1
        elif kind in (4, 5, 6):
            self._varint()
        elif kind == _DOUBLE:
            self.at += 8
        elif kind == _BINARY:
            length = self._varint()
            self.at += length
        elif kind == _STRUCT:
            for _, inner in self._fields():
                self._skip(inner, depth + 1)
        else:
            raise ValueError("not in a page header")
