"""Workbooks of Excel, WPS and LibreOffice: each sheet with something in it is a table."""

from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Literal

from pydantic import Field

from haina.kernel.errors import HainaError
from haina.resources.collect.kinds.contracts import (
    ReadContext,
    Reading,
    SourceColumn,
    SourceTable,
    Watermark,
)
from haina.resources.collect.kinds.errors import FILE_EMPTY, NO_TABLE
from haina.resources.collect.kinds.files.formats import FileOptions, check_columns
from haina.resources.collect.kinds.files.workbook.book import Book, Sheet, opened
from haina.resources.collect.kinds.files.workbook.layout import Layout
from haina.resources.collect.kinds.files.workbook.reading import SheetReading
from haina.resources.collect.kinds.rows.sieving import Selection

_TYPE_ROWS = [
    ("任何单元格", "text", "不按某一期的内容定类型,免得下一期换了类型;可改成别的类型,不符的行隔离"),
    ("整数(绝对值小于 2^53)", "text", "写成数字,不带 .0"),
    (
        "整数(2^53 及以上)",
        "隔离",
        "按数值存放的身份证号、银行账号已丢了末位,不修补;改为 double 时照收",
    ),
    ("小数", "text", "可逐位还原的最短写法"),
    ("日期、日期时间", "text", "2024-01-02、2024-01-02 03:04:05;1904 日期系统已换算"),
    ("未设日期格式的序列值", "text", "只在该列改为 date、timestamp_ntz 时按日期换算"),
    ("时间、时长", "text", "08:30:00、30:05:00"),
    ("逻辑值", "text", "true、false"),
    ("文本", "text", "前导零、空格、全角字符原样"),
    ("空单元格、空文本", "NULL", "全空的行略过"),
    (
        "错误值(#N/A 等)、没有保存结果的公式",
        "隔离",
        ".xlsx、.xlsm;.xls 只认错误值;.ods 只认写明的错误值",
    ),
    (
        "表尾(合计、填表人、备注等)",
        "隔离",
        "从最后一行往上认,遇到数据行为止;声明 footers: leave 的表直接记作不再要",
    ),
]


class WorkbookOptions(FileOptions):
    """Where the tables of a workbook lie."""

    sheet: str = Field("", description="工作表的名称;空为全部")
    header_rows: Literal["auto"] | int = Field(
        "auto", description="表头有几行;auto 由合并单元格看出,0 为没有表头"
    )
    header_from: int | None = Field(
        None, ge=1, le=1_048_576, description="表头从第几行起;空为自动略过标题行"
    )

    @property
    def levels(self) -> int | None:
        return None if self.header_rows == "auto" else min(max(self.header_rows, 0), 8)


class WorkbookFormat:
    """See `FileFormat`."""

    name = "workbook"
    title = "电子表格"
    suffixes = (".xlsx", ".xlsm", ".xls", ".et", ".ods")
    options = WorkbookOptions

    def parts(
        self, file: Path, options: WorkbookOptions, context: ReadContext
    ) -> list[SourceTable]:
        with opened(file) as book:
            found = [
                table
                for name in _wanted(book, options)
                if (table := _table(book, name, options)) is not None
            ]
        readable = [table for table in found if table.columns]
        if not readable:
            raise FILE_EMPTY(found[0].comment if found else "工作簿里没有内容")
        if len(found) == 1:
            table = found[0]
            return [SourceTable("", table.columns, (), table.comment, table.estimated_rows)]
        return found

    @contextmanager
    def open(
        self,
        file: Path,
        part: str,
        selection: Selection,
        since: Watermark | None,
        context: ReadContext,
        options: WorkbookOptions,
    ) -> Iterator[Reading]:
        with file.open("rb") as kept, opened(file) as book:
            sheet = _sheet(book, part, options)
            layout = _layout(sheet, options)
            check_columns(layout.names, selection)
            reading = SheetReading(kept, sheet, layout, selection, since, context)
            with closing(reading):
                yield reading

    def type_rows(self) -> list[tuple[str, str, str]]:
        return _TYPE_ROWS


def _wanted(book: Book, options: WorkbookOptions) -> list[str]:
    return [options.sheet] if options.sheet else book.names()


def _table(book: Book, name: str, options: WorkbookOptions) -> SourceTable | None:
    """The table of a sheet; one that cannot be read has no columns and says why."""
    try:
        sheet = book.sheet(name)
        if sheet is None:
            return None
        layout = _layout(sheet, options)
    except HainaError as broken:
        if options.sheet or len(book.names()) == 1:
            raise
        return SourceTable(name, (), (), f"不可读:{broken.message}", None)
    columns = tuple(SourceColumn(one, "cell", "text") for one in layout.names)
    comment = "隐藏的工作表" if book.is_hidden(name) else None
    return SourceTable(name, columns, (), comment, sheet.height - layout.first)


def _layout(sheet: Sheet, options: WorkbookOptions) -> Layout:
    return sheet.layout(options.levels, options.header_from)


def _sheet(book: Book, part: str, options: WorkbookOptions) -> Sheet:
    """The sheet that a part means: '' is the only one with something in it."""
    for name in [part] if part else _wanted(book, options):
        sheet = book.sheet(name)
        if sheet is not None:
            return sheet
    raise NO_TABLE("工作簿里没有内容", field="table")
