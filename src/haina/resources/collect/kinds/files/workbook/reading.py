"""Rows of a sheet as Arrow batches."""

from collections.abc import Generator, Iterator
from itertools import islice
from typing import Any, BinaryIO

from haina.resources.collect.kinds.contracts import ReadContext, Watermark
from haina.resources.collect.kinds.files.texts import FileReading, from_strings, typed_rows
from haina.resources.collect.kinds.files.workbook.book import Sheet
from haina.resources.collect.kinds.files.workbook.cells import column_texts, shown
from haina.resources.collect.kinds.files.workbook.layout import Layout, footer_word, is_blank
from haina.resources.collect.kinds.rows.lake_types import parse
from haina.resources.collect.kinds.rows.rejecting import Shown
from haina.resources.collect.kinds.rows.sieving import Selection, TypedRows

_CHUNK = 8_192

Numbered = list[tuple[int, list[Any]]]


class SheetReading(FileReading):
    """A `Reading` of one sheet. `line` of a reject is its row as the sheet numbers it."""

    def __init__(
        self,
        file: BinaryIO,
        sheet: Sheet,
        layout: Layout,
        selection: Selection,
        since: Watermark | None,
        context: ReadContext,
    ) -> None:
        super().__init__(file, selection, since, context)
        self._sheet = sheet
        self._layout = layout
        self._footers = sheet.footers(layout)
        self._places = dict(zip(layout.names, layout.places, strict=True))
        self._odd: dict[int, dict[int, str]] = {}
        for (row, column), reason in sheet.surface.odd.items():
            self._odd.setdefault(row, {})[column] = reason

    @property
    def footers(self) -> tuple[tuple[int, str], ...]:
        """Known before a row is read: the lines that are none, and what they call themselves."""
        if not self._footers:
            return ()
        rows = islice(enumerate(self._sheet.rows()), min(self._footers), None)
        return tuple((at + 1, footer_word(row)) for at, row in rows if at in self._footers)

    def _typed(self) -> Generator[TypedRows, None, None]:
        for chunk in self._chunks():
            for number, row in chunk:
                if number in self._footers:
                    self._bin.add("footer", self._raw(row), line=number + 1)
            body = [one for one in chunk if one[0] not in self._footers]
            if body:
                yield self._rows(body)

    def _show(self, rows: TypedRows, place: int) -> Shown:
        _, row = rows.source[place]
        values = {
            column.name: shown(row[self._places[column.name]]) or None
            for column in self._selection.all
        }
        return Shown(self._raw(row), values)

    def _raw(self, row: list[Any]) -> str:
        return "\t".join(shown(value) for value in row).rstrip("\t")

    def _chunks(self) -> Iterator[Numbered]:
        """Rows below the header that are not blank."""
        rows = islice(enumerate(self._sheet.rows()), self._layout.first, None)
        filled = ((number, row) for number, row in rows if self._has_content(number, row))
        while chunk := list(islice(filled, _CHUNK)):
            yield chunk

    def _has_content(self, number: int, row: list[Any]) -> bool:
        return number in self._odd or any(not is_blank(one) for one in row)

    def _rows(self, body: Numbered) -> TypedRows:
        texts, flaws = {}, {}
        columns = list(zip(*(row for _, row in body), strict=True))
        for column in self._selection.all:
            place = self._places[column.name]
            values = columns[place]
            family = parse(column.lake_type).family
            found, bad = column_texts(values, family, dates_1904=self._sheet.surface.dates_1904)
            texts[column.name], flawed = from_strings(found)
            flaws[column.name] = {**bad, **flawed, **self._odd_in(place, body)}
        lines = [number + 1 for number, _ in body]
        return typed_rows(self._selection, texts, body, lines, flaws)

    def _odd_in(self, place: int, body: Numbered) -> dict[int, str]:
        """Cells of a column that hold an error, or a formula that was never computed."""
        if not self._odd:
            return {}
        return {
            at: self._odd[number][place]
            for at, (number, _) in enumerate(body)
            if place in self._odd.get(number, ())
        }
