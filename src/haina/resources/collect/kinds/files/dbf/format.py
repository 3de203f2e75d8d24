"""DBF: tables of dBase III/IV and FoxPro, still the currency between older systems.

The reader is our own: the libraries of the index go record by record in pure Python, and the best
known of them was last released in 2016.
"""

from collections.abc import Iterator, Mapping
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Literal

from pydantic import Field

from haina.resources.collect.kinds.contracts import ReadContext, Reading, SourceTable, Watermark
from haina.resources.collect.kinds.files.dbf.fields import TYPE_ROWS, column_of
from haina.resources.collect.kinds.files.dbf.header import Header, header_of
from haina.resources.collect.kinds.files.dbf.memo import memos_of
from haina.resources.collect.kinds.files.dbf.reading import DbfReading, deleted_in
from haina.resources.collect.kinds.files.formats import FileOptions, check_columns
from haina.resources.collect.kinds.rows.sieving import Selection


class DbfOptions(FileOptions):
    """How a DBF is written."""

    encoding: Literal["auto", "utf-8", "gb18030", "gbk", "gb2312", "big5"] = Field(
        "auto", description="编码;auto 先看文件头的语言标记,再看内容"
    )


class DbfFormat:
    """See `FileFormat`."""

    name = "dbf"
    title = "DBF 表"
    suffixes = (".dbf",)
    options = DbfOptions

    def parts(self, file: Path, options: DbfOptions, context: ReadContext) -> list[SourceTable]:
        with file.open("rb") as opened, memos_of(file) as memos:
            header = header_of(opened, options.encoding)
            deleted = deleted_in(opened, header)
            columns = {
                field.name: column_of(field, memos=memos is not None) for field in header.fields
            }
        return [
            SourceTable(
                "",
                tuple(column for column in columns.values() if column is not None),
                (),
                _comment(columns=columns, deleted=deleted),
                header.records - deleted,
            )
        ]

    @contextmanager
    def open(
        self,
        file: Path,
        part: str,
        selection: Selection,
        since: Watermark | None,
        context: ReadContext,
        options: DbfOptions,
    ) -> Iterator[Reading]:
        with file.open("rb") as opened, memos_of(file) as memos:
            header = header_of(opened, options.encoding)
            check_columns(_readable(header, memos=memos is not None), selection)
            reading = DbfReading(opened, header, memos, selection, since, context)
            with closing(reading):
                yield reading

    def type_rows(self) -> list[tuple[str, str, str]]:
        return TYPE_ROWS


def _readable(header: Header, *, memos: bool) -> list[str]:
    return [field.name for field in header.fields if column_of(field, memos=memos) is not None]


def _comment(*, columns: Mapping[str, object], deleted: int) -> str | None:
    told = [f"字段“{name}”不可读" for name, column in columns.items() if column is None]
    told += [f"另有 {deleted:,} 条已标记删除,不读"] if deleted else []
    return ";".join(told) or None
