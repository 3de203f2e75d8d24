"""Parquet: the one format of files that says its types itself."""

from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

from haina.resources.collect.kinds.contracts import ReadContext, Reading, SourceTable, Watermark
from haina.resources.collect.kinds.errors import FILE_BROKEN
from haina.resources.collect.kinds.files.formats import FileOptions, check_columns, check_width
from haina.resources.collect.kinds.files.parquet.reading import (
    ParquetReading,
    opened,
    reading_errors,
)
from haina.resources.collect.kinds.files.parquet.types import TYPE_ROWS, column_of
from haina.resources.collect.kinds.rows.sieving import Selection


class ParquetOptions(FileOptions):
    """Parquet needs no telling how it is written."""


class ParquetFormat:
    """See `FileFormat`."""

    name = "parquet"
    title = "Parquet 文件"
    suffixes = (".parquet", ".parq", ".pq")
    options = ParquetOptions

    def parts(self, file: Path, options: ParquetOptions, context: ReadContext) -> list[SourceTable]:
        with opened(file, []) as parquet, reading_errors():
            check_width(parquet.metadata.num_columns)
            columns = tuple(column_of(field) for field in parquet.schema_arrow)
            names = [column.name for column in columns]
            if len(set(names)) != len(names) or "" in names:
                raise FILE_BROKEN("Parquet 文件的字段名重复或为空")
            return [SourceTable("", columns, (), None, parquet.metadata.num_rows)]

    @contextmanager
    def open(
        self,
        file: Path,
        part: str,
        selection: Selection,
        since: Watermark | None,
        context: ReadContext,
        options: ParquetOptions,
    ) -> Iterator[Reading]:
        (table,) = self.parts(file, options, context)
        check_columns([column.name for column in table.columns], selection)
        with file.open("rb") as kept:
            reading = ParquetReading(file, kept, selection, since, context)
            with closing(reading):
                yield reading

    def type_rows(self) -> list[tuple[str, str, str]]:
        return TYPE_ROWS
