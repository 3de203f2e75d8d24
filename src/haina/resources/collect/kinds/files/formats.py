"""Formats of files behind one interface, and the kind of source that a format makes.

A format knows one local file. Where files lie (a file, a folder, a zip, later a server) is the
business of `FileKind` and of the kinds that fetch; so each format is written once.
"""

from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path
from typing import Any, Protocol

from pydantic import BaseModel, ConfigDict, Field

from haina.kernel.errors import HainaError
from haina.resources.collect.kinds.contracts import (
    KeyRange,
    ReadContext,
    Reading,
    SourceColumn,
    SourceTable,
    Watermark,
)
from haina.resources.collect.kinds.errors import FILE_EMPTY, NO_TABLE
from haina.resources.collect.kinds.files.paths import resolve
from haina.resources.collect.kinds.rows.sieving import Selection


class FileOptions(BaseModel):
    """How files of a format are read. Each format adds its own fields."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    path: str = Field(min_length=1, description="文件或文件夹的路径,相对于允许读取的目录")


class FileFormat(Protocol):
    """One format. `options` is the whole connection block of its kind, path included."""

    @property
    def name(self) -> str: ...
    @property
    def title(self) -> str: ...
    @property
    def suffixes(self) -> tuple[str, ...]:
        """Lower case, with the dot."""

    @property
    def options(self) -> type[FileOptions]: ...

    def parts(self, file: Path, options: Any, context: ReadContext) -> list[SourceTable]:
        """The tables in a file, named '' when the file is one table, else by sheet or the like.

        Raises HainaError(file_empty, file_broken, wrong_encoding).
        """

    def open(
        self,
        file: Path,
        part: str,
        selection: Selection,
        since: Watermark | None,
        context: ReadContext,
        options: Any,
    ) -> AbstractContextManager[Reading]:
        """Read one table of a file. Columns have been compared with `parts` already."""

    def type_rows(self) -> list[tuple[str, str, str]]: ...


class FileKind:
    """The kind of source that a format makes (see `Kind`): a file or a folder of files."""

    def __init__(self, format_: FileFormat) -> None:
        self._format = format_
        self.name = format_.name
        self.title = format_.title
        self.connection: type[BaseModel] = format_.options

    def test(self, connection: Any, context: ReadContext) -> None:
        files = self._files(connection, context)
        if not files:
            raise FILE_EMPTY(f"“{connection.path}”里没有{self.title}", field="path")
        for file in files.values():
            self._format.parts(file, connection, context)

    def discover(self, connection: Any, context: ReadContext) -> list[SourceTable]:
        files = self._files(connection, context)
        return [
            table
            for name, file in sorted(files.items())
            for table in self._tables(name, file, connection, context)
        ]

    @contextmanager
    def read(
        self,
        connection: Any,
        table: SourceTable,
        *,
        context: ReadContext,
        columns: Sequence[str] | None = None,
        since: Watermark | None = None,
        part: KeyRange | None = None,
    ) -> Iterator[Reading]:
        assert part is None, "files are not split"
        file, sheet = self._find(connection, table.name, context)
        selection = Selection.of(table, columns, *([since.column] if since else []))
        with self._format.open(file, sheet, selection, since, context, connection) as reading:
            yield reading

    def slices(
        self,
        connection: Any,
        table: SourceTable,
        column: str,
        *,
        context: ReadContext,
        rows: int,
    ) -> list[KeyRange]:
        return []

    def type_rows(self) -> list[tuple[str, str, str]]:
        return self._format.type_rows()

    def _tables(
        self, name: str, file: Path, connection: Any, context: ReadContext
    ) -> list[SourceTable]:
        """A file that cannot be read is listed without columns and says why: it hides no other."""
        try:
            parts = self._format.parts(file, connection, context)
        except HainaError as broken:
            return [SourceTable(name, (), (), f"不可读:{broken.message}", None)]
        return [_renamed(part, _table_name(name, part.name)) for part in parts]

    def _find(self, connection: Any, table: str, context: ReadContext) -> tuple[Path, str]:
        """The file and the part of it that a table's name means."""
        files = self._files(connection, context)
        for name in (table, table.rpartition("#")[0]):
            if name in files:
                return files[name], table[len(name) + 1 :]
        raise NO_TABLE(f"找不到表“{table}”的文件", field="table")

    def _files(self, connection: Any, context: ReadContext) -> dict[str, Path]:
        """Files by table name: the stem, or the whole name where two files share a stem."""
        path = resolve(connection.path, context.settings)
        if path.is_file():
            return {path.stem: path}
        found = [one for one in sorted(path.iterdir()) if self._is_ours(one, context)]
        stems = Counter(one.stem for one in found)
        return {(one.stem if stems[one.stem] == 1 else one.name): one for one in found}

    def _is_ours(self, path: Path, context: ReadContext) -> bool:
        """Visible files of our suffixes; a link that leads out of the roots is none of ours."""
        if path.name.startswith((".", "~")) or path.suffix.lower() not in self._format.suffixes:
            return False
        try:
            return resolve(str(path), context.settings).is_file()
        except HainaError:
            return False


def check_columns(columns: Sequence[str], selection: Selection) -> None:
    """Raises HainaError(source_no_table) when a selected column is not in the file."""
    missing = [column.name for column in selection.all if column.name not in columns]
    if missing:
        raise NO_TABLE(f"文件里没有字段“{missing[0]}”", field=missing[0], missing=missing)


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


def text_columns(names: Sequence[str]) -> tuple[SourceColumn, ...]:
    """Columns that the file says nothing of: text."""
    return tuple(SourceColumn(name, "text", "text") for name in names)


def _free(name: str, number: int, taken: set[str]) -> str:
    while (candidate := f"{name}_{number}") in taken:
        number += 1
    taken.add(candidate)
    return candidate


def _table_name(file: str, part: str) -> str:
    return f"{file}#{part}" if part else file


def _renamed(table: SourceTable, name: str) -> SourceTable:
    return SourceTable(name, table.columns, table.key, table.comment, table.estimated_rows)
