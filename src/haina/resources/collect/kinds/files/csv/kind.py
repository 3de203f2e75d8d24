"""Delimited text files as a source: one file is one table, a folder is many."""

import csv
import io
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager
from pathlib import Path
from typing import BinaryIO, Literal

from pydantic import BaseModel, ConfigDict, Field, field_validator, model_validator

from haina.kernel.errors import HainaError
from haina.resources.collect.kinds.contracts import (
    ReadContext,
    Reading,
    SourceColumn,
    SourceTable,
    Watermark,
)
from haina.resources.collect.kinds.errors import FILE_BROKEN, FILE_EMPTY, NO_TABLE
from haina.resources.collect.kinds.files.csv.reading import CsvReading, Layout
from haina.resources.collect.kinds.files.csv.records import Dialect, first_record
from haina.resources.collect.kinds.files.csv.text import encoding_of, head_of, shown
from haina.resources.collect.kinds.files.paths import resolve
from haina.resources.collect.kinds.rows.sieving import Selection

_SUFFIXES = (".csv", ".tsv", ".txt")
_DELIMITERS = (",", "\t", ";", "|")
_TYPE_ROWS = [
    ("任何字段", "text", "不猜类型,01 不会变成 1;标准层再转换"),
    ("空字段(不带引号)", "NULL", 'null 参数可另列写法;带引号的空串 "" 仍是空串'),
]

Encoding = Literal[
    "auto", "utf-8", "gb18030", "gbk", "gb2312", "utf-16", "utf-16-le", "utf-16-be", "big5"
]


class CsvConnection(BaseModel):
    """A file, or a folder of files, below one of the roots of the settings."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    path: str = Field(min_length=1, description="文件或文件夹的路径,相对于允许读取的目录")
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
    def _two_marks(self) -> "CsvConnection":
        if self.delimiter in ("", self.quote):
            raise ValueError("delimiter 不能为空,也不能与引号相同")
        return self


class CsvKind:
    """See `Kind`."""

    name = "csv"
    title = "CSV 文件"
    connection = CsvConnection

    def test(self, connection: CsvConnection, context: ReadContext) -> None:
        files = _files(connection, context)
        if not files:
            raise FILE_EMPTY(f"“{connection.path}”里没有 CSV 文件", field="path")
        for path in files.values():
            with path.open("rb") as file:
                layout_of(file, connection)

    def discover(self, connection: CsvConnection, context: ReadContext) -> list[SourceTable]:
        files = _files(connection, context)
        return [_discovered(name, path, connection) for name, path in sorted(files.items())]

    @contextmanager
    def read(
        self,
        connection: CsvConnection,
        table: SourceTable,
        *,
        context: ReadContext,
        columns: Sequence[str] | None = None,
        since: Watermark | None = None,
    ) -> Iterator[Reading]:
        path = _files(connection, context).get(table.name)
        if path is None:
            raise NO_TABLE(f"找不到表“{table.name}”的文件", field="table")
        selection = Selection.of(table, columns, *([since.column] if since else []))
        with path.open("rb") as file:
            layout = layout_of(file, connection)
            _check_columns(layout, selection)
            with closing(CsvReading(file, layout, selection, since, context)) as reading:
                yield reading

    def type_rows(self) -> list[tuple[str, str, str]]:
        return _TYPE_ROWS


def layout_of(file: BinaryIO, connection: CsvConnection) -> Layout:
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
        names = tuple(f"列{number}" for number in range(1, len(fields) + 1))
        return Layout(codec, dialect, names, connection.null, 0, 0)
    lines = line + _line_count(shown(head[start:end]))
    return Layout(codec, dialect, unique_names(fields), connection.null, end, lines)


def unique_names(fields: Sequence[str]) -> tuple[str, ...]:
    """Names of columns: trimmed; blank ones 列N by position; repeated ones name_2, name_3…"""
    wanted = [field.strip() or f"列{number}" for number, field in enumerate(fields, 1)]
    taken = set(wanted)
    seen: Counter[str] = Counter()
    names = []
    for name in wanted:
        seen[name] += 1
        names.append(name if seen[name] == 1 else _free(name, seen[name], taken))
    return tuple(names)


def _free(name: str, number: int, taken: set[str]) -> str:
    while (candidate := f"{name}_{number}") in taken:
        number += 1
    taken.add(candidate)
    return candidate


def _files(connection: CsvConnection, context: ReadContext) -> dict[str, Path]:
    """Files by table name: the stem, or the whole name where two files share a stem."""
    path = resolve(connection.path, context.settings)
    if path.is_file():
        return {path.stem: path}
    found = [one for one in sorted(path.iterdir()) if _is_data(one, context)]
    stems = Counter(one.stem for one in found)
    return {(one.stem if stems[one.stem] == 1 else one.name): one for one in found}


def _is_data(path: Path, context: ReadContext) -> bool:
    """Visible files of our suffixes; a link that leads out of the roots is none of ours."""
    if path.name.startswith((".", "~")) or path.suffix.lower() not in _SUFFIXES:
        return False
    try:
        return resolve(str(path), context.settings).is_file()
    except HainaError:
        return False


def _delimiter(head: bytes, connection: CsvConnection) -> str:
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


def _discovered(name: str, path: Path, connection: CsvConnection) -> SourceTable:
    """A file that cannot be read is listed without columns and says why: it hides no other."""
    try:
        with path.open("rb") as file:
            layout = layout_of(file, connection)
            estimate = _estimate(file, path, layout)
    except HainaError as broken:
        return SourceTable(name, (), (), f"不可读:{broken.message}", None)
    columns = tuple(SourceColumn(column, "text", "text") for column in layout.names)
    return SourceTable(name, columns, (), None, estimate)


def _estimate(file: BinaryIO, path: Path, layout: Layout) -> int:
    """Lines of the first megabyte, scaled to the size of the file."""
    head = file.read(1024 * 1024)
    lines = max(head.count(b"\n"), head.count(b"\r"), 1)
    whole = lines * path.stat().st_size // max(len(head), 1)
    return max(whole - layout.skip_lines, 0)


def _check_columns(layout: Layout, selection: Selection) -> None:
    missing = [column.name for column in selection.all if column.name not in layout.names]
    if missing:
        raise NO_TABLE(f"文件里没有字段“{missing[0]}”", field=missing[0], missing=missing)
