"""Delimited text: one file is one table."""

import csv
import io
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import BinaryIO, Literal

from pydantic import Field, field_validator, model_validator

from haina.resources.collect.kinds.contracts import (
    ReadContext,
    Reading,
    SourceTable,
    Watermark,
)
from haina.resources.collect.kinds.errors import FILE_BROKEN, FILE_EMPTY
from haina.resources.collect.kinds.files.csv.reading import CsvReading, Layout
from haina.resources.collect.kinds.files.csv.records import Dialect, first_record
from haina.resources.collect.kinds.files.csv.text import encoding_of, head_of, shown
from haina.resources.collect.kinds.files.formats import (
    FileOptions,
    check_columns,
    check_width,
    text_columns,
    unique_names,
)
from haina.resources.collect.kinds.rows.sieving import Selection

_DELIMITERS = (",", "\t", ";", "|")
_TYPE_ROWS = [
    ("任何字段", "text", "不猜类型,01 不会变成 1;标准层再转换"),
    ("空字段(不带引号)", "NULL", 'null 参数可另列写法;带引号的空串 "" 仍是空串'),
]

Encoding = Literal[
    "auto", "utf-8", "gb18030", "gbk", "gb2312", "utf-16", "utf-16-le", "utf-16-be", "big5"
]


class CsvOptions(FileOptions):
    """How delimited text is written."""

    encoding: Encoding = Field("auto", description="编码")
    delimiter: str = Field("auto", description="分隔符:auto 或一个 ASCII 字符")
    quote: str = Field('"', max_length=1, description="引号;空为不使用引号")
    header: bool = Field(True, description="第一行是否表头")
    null: tuple[str, ...] = Field(("",), description="表示空值的写法(不带引号时)")

    @field_validator("delimiter", "quote")
    @classmethod
    def _one_mark(cls, value: str) -> str:
        fit = len(value) == 1 and value.isascii() and not value.isalnum() and value not in "\r\n\0"
        if value in ("auto", "") or fit:
            return value or ""
        raise ValueError("须为一个 ASCII 标点或制表符")

    @model_validator(mode="after")
    def _two_marks(self) -> "CsvOptions":
        if self.delimiter in ("", self.quote):
            raise ValueError("delimiter 不能为空,也不能与引号相同")
        return self


class CsvFormat:
    """See `FileFormat`."""

    name = "csv"
    title = "CSV 文件"
    suffixes = (".csv", ".tsv", ".txt")
    options = CsvOptions

    def parts(self, file: Path, options: CsvOptions, context: ReadContext) -> list[SourceTable]:
        with file.open("rb") as opened:
            layout = layout_of(opened, options)
            estimate = _estimate(opened, file, layout)
        return [SourceTable("", text_columns(layout.names), (), None, estimate)]

    @contextmanager
    def open(
        self,
        file: Path,
        part: str,
        selection: Selection,
        since: Watermark | None,
        context: ReadContext,
        options: CsvOptions,
    ) -> Iterator[Reading]:
        with file.open("rb") as opened:
            layout = layout_of(opened, options)
            check_columns(layout.names, selection)
            with closing(CsvReading(opened, layout, selection, since, context)) as reading:
                yield reading

    def type_rows(self) -> list[tuple[str, str, str]]:
        return _TYPE_ROWS


def layout_of(file: BinaryIO, connection: CsvOptions) -> Layout:
    """Encoding, delimiter and columns out of the head of a file; leaves it at its start.

    Raises HainaError(file_empty, file_broken, wrong_encoding).
    """
    codec = encoding_of(file, connection.encoding)
    head = head_of(file, codec)
    head += b"" if head.endswith(b"\n") else b"\n"
    delimiter = _delimiter(head, connection)
    start, end, line = _first(head, Dialect(delimiter, connection.quote, 0))
    fields = _split(_header_text(head[start:end]), delimiter, connection.quote)
    dialect = Dialect(delimiter, connection.quote, len(fields))
    if not connection.header:
        check_width(len(fields))
        names = tuple(f"列{number}" for number in range(1, len(fields) + 1))
        return Layout(codec, dialect, names, connection.null, 0, 0)
    lines = line + _line_count(shown(head[start:end]))
    return Layout(codec, dialect, unique_names(fields), connection.null, end, lines)


def _delimiter(head: bytes, connection: CsvOptions) -> str:
    """The declared one, or the one that the first line has and most of the next have as often."""
    if connection.delimiter != "auto":
        return connection.delimiter
    lines = [line for line in head[:65_536].splitlines() if line.strip()][:20]
    if connection.quote:
        lines = [b"".join(line.split(connection.quote.encode())[::2]) for line in lines]
    return max(_DELIMITERS, key=lambda mark: _likeness(mark.encode(), lines))


def _likeness(mark: bytes, lines: list[bytes]) -> tuple[int, int]:
    counts = [line.count(mark) for line in lines] or [0]
    return (sum(count == counts[0] for count in counts) if counts[0] else 0), counts[0]


def _first(head: bytes, dialect: Dialect) -> tuple[int, int, int]:
    try:
        found = first_record(head, dialect)
    except ValueError:
        raise FILE_BROKEN("第一行的引号没有闭合", hint="请核对表头,或把 quote 设为空。") from None
    if found is None:
        raise FILE_EMPTY("文件里没有内容,连表头也没有")
    return found


def _split(record: str, delimiter: str, quote: str) -> list[str]:
    text = io.StringIO(record, newline="")
    if not quote:
        return next(csv.reader(text, delimiter=delimiter, quoting=csv.QUOTE_NONE))
    return next(csv.reader(text, delimiter=delimiter, quotechar=quote))


def _header_text(data: bytes) -> str:
    text = shown(data)
    if "\0" in text or any("\ud800" <= mark <= "\udfff" for mark in text):
        raise FILE_BROKEN("第一行含有不能解读的字节", hint="请核对文件编码,或是否真是 CSV 文件。")
    return text


def _line_count(record: str) -> int:
    return record.count("\n") + record.replace("\r\n", "").count("\r")


def _estimate(file: BinaryIO, path: Path, layout: Layout) -> int:
    """Lines of the first megabyte, scaled to the size of the file."""
    head = file.read(1024 * 1024)
    lines = max(head.count(b"\n"), head.count(b"\r"), 1)
    whole = lines * path.stat().st_size // max(len(head), 1)
    return max(whole - layout.skip_lines, 0)
