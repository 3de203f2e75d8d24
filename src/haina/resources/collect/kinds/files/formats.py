"""Formats of files behind one interface, and the kind of source that a format makes.

A format knows one local file. Where files lie (a file, a folder, a zip, later a server) is the
business of `FileKind` and of the kinds that fetch; so each format is written once.
"""

from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import AbstractContextManager, closing, contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any, Protocol

from pydantic import BaseModel, ConfigDict, Field, model_validator

from haina.kernel.errors import HainaError
from haina.resources.collect.kinds.contracts import (
    KeyRange,
    Offered,
    ReadContext,
    Reading,
    SourceColumn,
    SourceTable,
    Watermark,
)
from haina.resources.collect.kinds.errors import (
    COLUMNS_DIFFER,
    FILE_EMPTY,
    NO_TABLE,
    TOO_MANY_COLUMNS,
)
from haina.resources.collect.kinds.files import inboxes
from haina.resources.collect.kinds.files.chaining import ChainedReading, Opener, naming
from haina.resources.collect.kinds.files.limits import MAX_COLUMNS
from haina.resources.collect.kinds.files.places import ZIP, Place, matching, places_of
from haina.resources.collect.kinds.rows.sieving import Selection


class FileOptions(BaseModel):
    """How files of a format are read. Each format adds its own fields. Without a path nothing is
    looked for: the files are handed in."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    path: str = Field(description="文件、文件夹或 .zip 的路径,相对于允许读取的目录")
    pattern: str = Field(
        "", description="把文件名符合的几个文件按名称顺序读成一张表,如 人口_*.csv;空为一文件一表"
    )
    table: str = Field("", description="用 pattern 读成的那张表的名称")

    @model_validator(mode="after")
    def _pattern_with_table(self) -> "FileOptions":
        if bool(self.pattern) != bool(self.table):
            raise ValueError("pattern 与 table 须一起填写")
        return self


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
        self.suffixes = format_.suffixes
        self.connection: type[BaseModel] = format_.options

    def test(self, connection: Any, context: ReadContext) -> None:
        groups = self._groups(connection, context)
        if not groups:
            raise FILE_EMPTY(f"“{connection.path}”里没有{self.title}", field="path")
        for places in groups.values():
            self._parts(places, connection, context)

    def discover(self, connection: Any, context: ReadContext) -> list[SourceTable]:
        return [
            table
            for name, places in sorted(self._groups(connection, context).items())
            for table in self._tables(name, places, connection, context)
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
        places, sheet = self._find(connection, table.name, context)
        selection = Selection.of(table, columns, *([since.column] if since else []))
        openers = [
            (place.label, self._opener(place, sheet, selection, since, connection))
            for place in places
        ]
        if not connection.pattern:
            with openers[0][1](context) as single:
                yield single
            return
        with closing(ChainedReading(openers, selection, since, context)) as reading:
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

    def offered(self, connection: Any, context: ReadContext) -> list[Offered]:
        """See `Inbox`."""
        return inboxes.offered(connection, (*self.suffixes, ZIP), context)

    def fetched(self, connection: Any, offered: Offered, context: ReadContext) -> Iterator[bytes]:
        """See `Inbox`."""
        return inboxes.fetched(connection, offered, context)

    def type_rows(self) -> list[tuple[str, str, str]]:
        return self._format.type_rows()

    def _opener(
        self,
        place: Place,
        part: str,
        selection: Selection,
        since: Watermark | None,
        connection: Any,
    ) -> Opener:
        @contextmanager
        def opened(context: ReadContext) -> Iterator[Reading]:
            with (
                place.opened(context) as file,
                self._format.open(file, part, selection, since, context, connection) as reading,
            ):
                yield reading

        return opened

    def _tables(
        self, name: str, places: list[Place], connection: Any, context: ReadContext
    ) -> list[SourceTable]:
        """A file that cannot be read is listed without columns and says why: it hides no other."""
        try:
            parts = self._parts(places, connection, context)
        except HainaError as broken:
            return [SourceTable(name, (), (), f"不可读:{broken.message}", None)]
        return [replace(part, name=_table_name(name, part.name)) for part in parts]

    def _parts(
        self, places: list[Place], connection: Any, context: ReadContext
    ) -> list[SourceTable]:
        """The tables of a file; of several files, which must have the same tables and columns."""
        if not connection.pattern:
            with places[0].opened(context) as file:
                return self._format.parts(file, connection, context)
        found: list[SourceTable] = []
        for place in places:
            with naming(place.label), place.opened(context) as file:
                parts = self._format.parts(file, connection, context)
                found = _joined(found, parts) if found else parts
        return found

    def _find(self, connection: Any, table: str, context: ReadContext) -> tuple[list[Place], str]:
        """The files and the part of them that a table's name means."""
        groups = self._groups(connection, context)
        for name in sorted(groups, key=len, reverse=True):
            if table == name or table.startswith(f"{name}#"):
                return groups[name], table[len(name) + 1 :]
        raise NO_TABLE(f"找不到表“{table}”的文件", field="table")

    def _groups(self, connection: Any, context: ReadContext) -> dict[str, list[Place]]:
        """Files by the table that they make."""
        places = places_of(connection.path, self._format.suffixes, context)
        if not connection.pattern:
            return {place.name: [place] for place in places}
        found = matching(places, connection.pattern)
        return {connection.table: found} if found else {}


def check_columns(columns: Sequence[str], selection: Selection) -> None:
    """Raises HainaError(source_no_table) when a selected column is not in the file."""
    missing = [column.name for column in selection.all if column.name not in columns]
    if missing:
        raise NO_TABLE(f"文件里没有字段“{missing[0]}”", field=missing[0], missing=missing)


def check_width(columns: int) -> None:
    """Raises HainaError(too_many_columns)."""
    if columns > MAX_COLUMNS:
        raise TOO_MANY_COLUMNS(f"有 {columns:,} 个字段,至多 {MAX_COLUMNS:,} 个")


def unique_names(fields: Sequence[str]) -> tuple[str, ...]:
    """Names of columns: trimmed; blank ones 列N by position; repeated ones name_2, name_3…

    Raises HainaError(too_many_columns).
    """
    check_width(len(fields))
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


def _joined(before: list[SourceTable], now: list[SourceTable]) -> list[SourceTable]:
    """Tables of the files before and of the next one. Raises HainaError(file_columns_differ)."""
    if [one.name for one in before] != [one.name for one in now]:
        raise COLUMNS_DIFFER("与前面文件的工作表不一致", field="pattern")
    return [_grown(one, other) for one, other in zip(before, now, strict=True)]


def _grown(table: SourceTable, more: SourceTable) -> SourceTable:
    names, others = ({column.name for column in one.columns} for one in (table, more))
    if names != others:
        odd = "、".join(sorted(names ^ others)[:5])
        raise COLUMNS_DIFFER(f"与前面文件的字段不一致:{odd}", field="pattern")
    known = [one.estimated_rows for one in (table, more) if one.estimated_rows is not None]
    return replace(table, estimated_rows=sum(known) if known else None)
