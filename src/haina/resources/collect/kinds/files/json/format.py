"""JSON as files: an array of objects (`json`), and one object a line (`jsonl`)."""

from collections.abc import Iterator
from contextlib import closing, contextmanager
from itertools import islice
from pathlib import Path
from typing import Any, BinaryIO

from pydantic import Field, field_validator

from haina.resources.collect.kinds.contracts import (
    ReadContext,
    Reading,
    SourceColumn,
    SourceTable,
    Watermark,
)
from haina.resources.collect.kinds.errors import FILE_BROKEN, FILE_EMPTY
from haina.resources.collect.kinds.files.csv.format import Encoding
from haina.resources.collect.kinds.files.csv.text import encoding_of, text_blocks
from haina.resources.collect.kinds.files.formats import FileOptions, check_width
from haina.resources.collect.kinds.files.json.reading import JsonReading
from haina.resources.collect.kinds.files.json.records import ArrayRecords, Record, line_records
from haina.resources.collect.kinds.rows.sieving import Selection

# Columns are the keys of so many records; a key that comes later still is ignored and counted.
_HEAD_RECORDS = 10_000
_TYPE_ROWS = [
    ("字符串", "text", ""),
    ("数值", "text", "数字原样,1.10 不会变成 1.1,位数不限;NaN、Infinity 的行隔离"),
    ("true、false", "text", "写成 true、false"),
    (
        "对象、数组",
        "json",
        "文件头 10,000 条里凡有值都是对象或数组的字段;其他字段里的写成 JSON 文本",
    ),
    ("null、没有这个键", "NULL", ""),
]


class JsonLinesOptions(FileOptions):
    """How JSON is written."""

    encoding: Encoding = Field("auto", description="编码")


class JsonOptions(JsonLinesOptions):
    """How JSON is written, and where its rows are."""

    path_in_file: str = Field("", description="数组在文件里的位置,如 data.rows;空为最外层")

    @field_validator("path_in_file")
    @classmethod
    def _keys(cls, value: str) -> str:
        if value and not all(value.split(".")):
            raise ValueError("须为用点隔开的键,如 data.rows")
        return value


class JsonLinesFormat:
    """See `FileFormat`."""

    name = "jsonl"
    title = "JSON 行文件"
    suffixes: tuple[str, ...] = (".jsonl", ".ndjson")
    options: type[JsonLinesOptions] = JsonLinesOptions

    def parts(self, file: Path, options: Any, context: ReadContext) -> list[SourceTable]:
        with file.open("rb") as opened:
            head, estimate = self._head(opened, options, file.stat().st_size)
        if not head:
            raise FILE_EMPTY("文件里没有一条记录")
        return [SourceTable("", _columns(head), (), None, estimate)]

    @contextmanager
    def open(
        self,
        file: Path,
        part: str,
        selection: Selection,
        since: Watermark | None,
        context: ReadContext,
        options: Any,
    ) -> Iterator[Reading]:
        with file.open("rb") as opened:
            head, _ = self._head(opened, options, 0)
            known = {column.name for column in _columns(head)}
            known |= {column.name for column in selection.all}
            opened.seek(0)
            records = self._records(opened, options)
            reading = JsonReading(opened, records, frozenset(known), selection, since, context)
            with closing(reading):
                yield reading

    def type_rows(self) -> list[tuple[str, str, str]]:
        return _TYPE_ROWS

    def _records(self, file: BinaryIO, options: Any) -> Iterator[list[Record]]:
        return line_records(_blocks(file, options))

    def _head(
        self, file: BinaryIO, options: Any, size: int
    ) -> tuple[list[dict[str, Any]], int | None]:
        """The first rows that can be read, and how many there may be in all."""
        seen: list[Record] = []
        for chunk in self._records(file, options):
            seen += islice(chunk, _HEAD_RECORDS - len(seen))
            if len(seen) >= _HEAD_RECORDS:
                break
        rows = [record.row for record in seen if record.reason is None]
        if seen and not rows:
            raise FILE_BROKEN(f"开头的 {len(seen):,} 条记录没有一条是 JSON 对象")
        length = sum(len(record.raw.encode("utf-8", "replace")) + 2 for record in seen)
        return rows, (len(seen) * size // length if length else None)


class JsonFormat(JsonLinesFormat):
    """See `FileFormat`."""

    name = "json"
    title = "JSON 文件"
    suffixes = (".json",)
    options = JsonOptions

    def _records(self, file: BinaryIO, options: Any) -> Iterator[list[Record]]:
        path = tuple(options.path_in_file.split(".")) if options.path_in_file else ()
        return iter(ArrayRecords(_blocks(file, options), path))


def _blocks(file: BinaryIO, options: JsonLinesOptions) -> Iterator[str]:
    return text_blocks(file, encoding_of(file, options.encoding))


def _columns(rows: list[dict[str, Any]]) -> tuple[SourceColumn, ...]:
    """A column for each key, in the order in which keys are first seen."""
    nested: dict[str, bool] = {}
    seen: dict[str, None] = {}
    for row in rows:
        for key, value in row.items():
            if key not in seen:
                check_width(len(seen) + 1)
                seen[key] = None
            if value is not None:
                nested[key] = nested.get(key, True) and isinstance(value, dict | list)
    return tuple(
        SourceColumn(key, "json", "json") if nested.get(key) else SourceColumn(key, "text", "text")
        for key in seen
        if key
    )
