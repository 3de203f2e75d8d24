"""The content of an .ods, looked through before its reader unfolds what is repeated in it."""

from pathlib import Path

from haina.resources.collect.kinds.files.archives import Member, inflated
from haina.resources.collect.kinds.files.workbook.package import Surface, unreadable

_TABLE = "urn:oasis:names:tc:opendocument:xmlns:table:1.0"
_OFFICE = "urn:oasis:names:tc:opendocument:xmlns:office:1.0"
_CALC = "urn:org:documentfoundation:names:experimental:calc:xmlns:calcext:1.0"
_ROW, _CELLS = f"{_TABLE} table-row", (f"{_TABLE} table-cell", f"{_TABLE} covered-table-cell")
_SHEET = f"{_TABLE} table"
_ROWS_REPEATED = f"{_TABLE} number-rows-repeated"
_COLUMNS_REPEATED = f"{_TABLE} number-columns-repeated"
_NAME = f"{_TABLE} name"
_TYPES = (f"{_OFFICE} value-type", f"{_CALC} value-type")
_DEPTH = 64


def surfaces_of(path: Path, member: Member) -> dict[str, Surface]:
    """What each sheet shows from outside. Raises HainaError(file_broken, file_too_large)."""
    from xml.parsers import expat

    parser = expat.ParserCreate(namespace_separator=" ")
    seen = _Content()
    parser.StartElementHandler = seen.start
    parser.EndElementHandler = seen.end
    parser.CharacterDataHandler = seen.text
    try:
        with path.open("rb") as file:
            for block in inflated(file, member):
                parser.Parse(block, False)
        parser.Parse(b"", True)
    except expat.ExpatError:
        raise unreadable() from None
    return seen.sheets


class _Content:
    """Counts rows and columns as they will be when repetitions are unfolded."""

    def __init__(self) -> None:
        self.sheets: dict[str, Surface] = {}
        self._sheet = Surface()
        self._row = self._column = self._depth = 0
        self._rows_repeated = self._columns_repeated = 1
        self._filled = self._length = self._texts = 0
        self._errors: list[int] = []

    def start(self, name: str, attributes: dict[str, str]) -> None:
        self._depth += 1
        if self._depth > _DEPTH:
            raise unreadable("工作簿的内容嵌套太深")
        if name == _SHEET:
            self._sheet = self.sheets.setdefault(attributes.get(_NAME, ""), Surface())
            self._row = 0
        elif name == _ROW:
            self._rows_repeated = _count(attributes.get(_ROWS_REPEATED))
            self._column = self._filled = 0
            self._errors = []
        elif name in _CELLS:
            self._columns_repeated = _count(attributes.get(_COLUMNS_REPEATED))
            self._length = 0
            types = [attributes.get(one) for one in _TYPES]
            if any(types):
                self._filled = self._column + self._columns_repeated
            if "error" in types:
                self._errors.append(self._column)

    def end(self, name: str) -> None:
        self._depth -= 1
        if name in _CELLS:
            if self._length:
                self._filled = max(self._filled, self._column + self._columns_repeated)
            self._texts += self._length * self._columns_repeated * self._rows_repeated
            self._column += self._columns_repeated
        elif name == _ROW:
            self._end_of_row()

    def text(self, data: str) -> None:
        self._length += len(data)

    def _end_of_row(self) -> None:
        if self._filled:
            self._sheet.note(self._row + self._rows_repeated - 1, self._filled - 1)
            self._sheet.check(self._texts)
        for column in self._errors:
            self._sheet.note_odd(self._row, column, "error_cell")
        self._row += self._rows_repeated


def _count(text: str | None) -> int:
    digits = (text or "1").strip()
    if not digits.isdigit() or len(digits) > 9:
        raise unreadable()
    return max(1, int(digits))
