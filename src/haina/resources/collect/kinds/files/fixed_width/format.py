"""Text of fixed width: the habit of banks, tax offices and mainframes."""

from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import BinaryIO, Literal

from pydantic import BaseModel, ConfigDict, Field, model_validator

from haina.resources.collect.kinds.contracts import ReadContext, Reading, SourceTable, Watermark
from haina.resources.collect.kinds.errors import BAD_CONNECTION, FILE_EMPTY
from haina.resources.collect.kinds.files.csv.format import Encoding
from haina.resources.collect.kinds.files.csv.text import encoding_of
from haina.resources.collect.kinds.files.fixed_width.reading import FixedWidthReading, Layout
from haina.resources.collect.kinds.files.formats import FileOptions, check_columns, text_columns
from haina.resources.collect.kinds.files.limits import MAX_COLUMNS, MEGABYTE
from haina.resources.collect.kinds.files.texts import Trim
from haina.resources.collect.kinds.rows.sieving import Selection

_TYPE_ROWS = [
    ("任何字段", "text", "不猜类型;按 trim 去掉两侧空格"),
    ("全是空格的字段", "NULL", "trim 为 none 时原样保留"),
]


class FixedField(BaseModel):
    """One field of a record."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    name: str = Field(min_length=1, description="字段名")
    start: int = Field(ge=1, le=MEGABYTE, description="起始位置,从 1 数起")
    length: int = Field(ge=1, le=MEGABYTE, description="长度")


class FixedWidthOptions(FileOptions):
    """How text of fixed width is written."""

    fields: tuple[FixedField, ...] = Field(
        min_length=1, max_length=MAX_COLUMNS, description="各字段的名称、起始位置和长度"
    )
    unit: Literal["bytes", "characters"] = Field(
        "bytes", description="位置和长度按字节数还是按字符数;一个汉字在 GBK 里是两个字节"
    )
    encoding: Encoding = Field("auto", description="编码")
    record_length: int | None = Field(
        None, ge=1, le=MEGABYTE, description="记录长度(不含换行);空为最后一个字段的末尾"
    )
    newline: bool = Field(True, description="记录之间是否有换行")
    short: bool = Field(False, description="行尾的空格是否可能被截掉;缺省长度不符的行隔离")
    trim: Trim = Field("both", description="去掉空格:both 两侧,right 右侧,none 不去")
    skip_lines: int = Field(0, ge=0, le=1000, description="文件开头要跳过的行数")

    @model_validator(mode="after")
    def _fits(self) -> "FixedWidthOptions":
        names = [field.name for field in self.fields]
        if len(set(names)) != len(names):
            raise ValueError("字段名不能重复")
        if self.record_length is not None and self.record_length < self.span:
            raise ValueError("record_length 小于最后一个字段的末尾")
        return self

    @property
    def span(self) -> int:
        """Where the last field ends."""
        return max(field.start + field.length - 1 for field in self.fields)


class FixedWidthFormat:
    """See `FileFormat`."""

    name = "fixed_width"
    title = "定长文本"
    suffixes = (".txt", ".dat", ".fix")
    options = FixedWidthOptions

    def parts(
        self, file: Path, options: FixedWidthOptions, context: ReadContext
    ) -> list[SourceTable]:
        with file.open("rb") as opened:
            layout = _layout(opened, options)
        columns = text_columns([field.name for field in options.fields])
        estimate = file.stat().st_size // (layout.length + layout.lines)
        return [SourceTable("", columns, (), None, estimate)]

    @contextmanager
    def open(
        self,
        file: Path,
        part: str,
        selection: Selection,
        since: Watermark | None,
        context: ReadContext,
        options: FixedWidthOptions,
    ) -> Iterator[Reading]:
        with file.open("rb") as opened:
            layout = _layout(opened, options)
            check_columns(list(layout.fields), selection)
            with closing(FixedWidthReading(opened, layout, selection, since, context)) as reading:
                yield reading

    def type_rows(self) -> list[tuple[str, str, str]]:
        return _TYPE_ROWS


def _layout(file: BinaryIO, options: FixedWidthOptions) -> Layout:
    """Raises HainaError(file_empty, file_broken, wrong_encoding, bad_connection)."""
    codec = encoding_of(file, options.encoding)
    if not file.read(1):
        raise FILE_EMPTY("文件里没有内容")
    file.seek(0)
    if options.unit == "bytes" and codec.startswith("utf-16"):
        raise BAD_CONNECTION("UTF-16 的文件请按字符数位置", field="unit")
    return Layout(
        codec,
        {field.name: (field.start - 1, field.length) for field in options.fields},
        options.record_length or options.span,
        options.unit == "characters",
        options.newline,
        options.short,
        options.trim,
        options.skip_lines,
    )
