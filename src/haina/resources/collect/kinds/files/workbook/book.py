"""A workbook, opened: the door to calamine, behind the checks of what it is given."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import Any

from haina.kernel.errors import HainaError
from haina.resources.collect.kinds.errors import FILE_BROKEN, NO_TABLE
from haina.resources.collect.kinds.files.formats import check_width
from haina.resources.collect.kinds.files.workbook import ole, opendocument, worksheet
from haina.resources.collect.kinds.files.workbook.layout import (
    FOOTER_ROWS,
    HEAD_ROWS,
    Layout,
    Merge,
    column_names,
    footers,
    header_span,
    is_blank,
)
from haina.resources.collect.kinds.files.workbook.package import (
    OLE,
    Surface,
    container_of,
    members_by_name,
    sheet_parts,
    unreadable,
)

_OPENDOCUMENT = "content.xml"


class Book:
    """The sheets of a workbook by name. Sheets are read one at a time, each as a whole."""

    def __init__(self, path: Path, reader: Any) -> None:
        self._path = path
        self._reader = reader
        self._surfaces: dict[str, Surface] | None = None
        if container_of(path) == OLE:
            self._surfaces = ole.surfaces_of(path)
            return
        self._members = members_by_name(path)
        if _OPENDOCUMENT in self._members:
            self._surfaces = opendocument.surfaces_of(path, self._members[_OPENDOCUMENT])
        else:
            self._parts, self._dates_1904 = sheet_parts(path, self._members)
            self._shared = worksheet.shared_lengths(path, self._member("xl/sharedStrings.xml"))

    def names(self) -> list[str]:
        """Sheets of cells, in their order; charts and macros are none."""
        return [one.name for one in self._sheets()]

    def is_hidden(self, name: str) -> bool:
        return any(one.name == name and _hidden(one) for one in self._sheets())

    def sheet(self, name: str) -> "Sheet | None":
        """A sheet; None when nothing is in it.

        Raises HainaError(source_no_table, file_broken, file_too_large, too_many_columns).
        """
        if name not in self.names():
            raise NO_TABLE(f"工作簿里没有工作表“{name}”", field="sheet")
        surface = self._surface(name)
        with _translated():
            found = self._reader().get_sheet_by_name(name)
            return Sheet(name, found, surface) if found.start is not None else None

    def _sheets(self) -> list[Any]:
        with _translated():
            found = self._reader().sheets_metadata
        return [one for one in found if str(one.typ).endswith("WorkSheet")]

    def _surface(self, name: str) -> Surface:
        if self._surfaces is not None:
            return self._surfaces.get(name) or self._surface_by_place(name, self._surfaces)
        member = self._member(self._parts.get(name, ""))
        if member is None:
            raise unreadable(f"工作簿里缺少工作表“{name}”的内容")
        return worksheet.surface_of(self._path, member, self._shared, self._dates_1904)

    def _surface_by_place(self, name: str, surfaces: dict[str, Surface]) -> Surface:
        """Old workbooks write names in the encoding of their country."""
        with _translated():
            every = [one.name for one in self._reader().sheets_metadata]
        if len(every) != len(surfaces):
            raise unreadable("工作簿的目录与内容不符")
        return list(surfaces.values())[every.index(name)]

    def _member(self, name: str) -> Any:
        lower = {known.lower(): member for known, member in self._members.items()}
        return lower.get(name.lower())


@dataclass
class Sheet:
    """One sheet with something in it. Rows and columns count from 0, from the sheet's corner."""

    name: str
    _sheet: Any
    surface: Surface

    @property
    def merges(self) -> list[Merge] | None:
        """Merged cells; None where the format does not tell (.ods)."""
        found: list[Merge] | None = self._sheet.merged_cell_ranges
        return found

    @property
    def height(self) -> int:
        end: tuple[int, int] = self._sheet.end
        return end[0] + 1

    @property
    def width(self) -> int:
        end: tuple[int, int] = self._sheet.end
        return end[1] + 1

    def rows(self) -> Iterator[list[Any]]:
        """All rows from the first of the sheet, all of one width; empty cells are ''."""
        lead = [""] * self._sheet.start[1]
        for row in self._sheet.iter_rows():
            yield lead + row if lead else row

    def layout(self, header_rows: int | None, header_from: int | None) -> Layout:
        """Where the table lies. Raises HainaError(file_empty, too_many_columns)."""
        check_width(self.width)
        start = None if header_from is None else header_from - 1
        head = list(islice(self.rows(), max(HEAD_ROWS, (start or 0) + 10)))
        if start is not None and start >= self.height:
            raise FILE_BROKEN(f"工作表只有 {self.height} 行", field="header_from")
        first, below = header_span(head, self.merges, header_rows, start)
        header = head[first:below]
        places = self._used(header, below)
        return Layout(column_names(header, first, self.merges, places), tuple(places), below)

    def footers(self, layout: Layout) -> set[int]:
        """Rows that are set aside as footers."""
        tail = [
            (number, row)
            for number, row in enumerate(self._tail(), max(0, self.height - FOOTER_ROWS))
            if number >= layout.first and any(not is_blank(one) for one in row)
        ]
        count = footers(tail, self.merges, len(layout.places))
        return {number for number, _ in tail[len(tail) - count :]}

    def _tail(self) -> Iterator[list[Any]]:
        return islice(self.rows(), max(0, self.height - FOOTER_ROWS), None)

    def _used(self, header: list[list[Any]], below: int) -> list[int]:
        """Columns with a head, and those that hold something all the same."""
        named = {place for row in header for place, one in enumerate(row) if not is_blank(one)}
        for (top, left), (bottom, right) in self.merges or ():
            if left in named and bottom < below and top >= below - len(header):
                named.update(range(left, right + 1))
        nameless = [place for place in range(self.width) if place not in named]
        for row in islice(self.rows(), below, None) if nameless else ():
            found = [one for one in nameless if one < len(row) and not is_blank(row[one])]
            if found:
                named.update(found)
                nameless = [one for one in nameless if one not in named]
        return sorted(named)


@contextmanager
def opened(path: Path) -> Iterator[Book]:
    """Raises HainaError(wrong_file_format, file_too_large, file_broken, file_unsafe, archive_…)."""
    from python_calamine import CalamineWorkbook

    readers: list[Any] = []

    def reader() -> Any:
        if not readers:
            readers.append(CalamineWorkbook.from_filelike(file))
        return readers[0]

    with path.open("rb") as file:
        try:
            yield Book(path, reader)
        finally:
            for one in readers:
                one.close()


def _hidden(sheet: Any) -> bool:
    return not str(sheet.visible).endswith(".Visible")


@contextmanager
def _translated() -> Iterator[None]:
    """What calamine says, in our words; a panic of it is no Exception."""
    from python_calamine import CalamineError, PasswordError

    try:
        yield
    except HainaError:
        raise
    except PasswordError:
        raise unreadable("工作簿加了密码") from None
    except (CalamineError, OSError, ValueError, OverflowError):
        raise unreadable() from None
    except BaseException as panic:
        if type(panic).__name__ != "PanicException":
            raise
        raise unreadable() from None
