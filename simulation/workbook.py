"""A workbook as an office hands it in: a title over the table, who fills it in, then the header.

Just enough of ECMA-376: one sheet, texts in their cells, numbers as numbers, one merged title.
"""

from __future__ import annotations

import zipfile
from collections.abc import Iterable, Iterator
from datetime import date, timedelta
from itertools import count
from pathlib import Path
from xml.sax.saxutils import escape

from simulation.draft import Draft
from simulation.writers import rows_of

_HEAD = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
_OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_PACKAGE = "http://schemas.openxmlformats.org/package/2006"
_MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_MIME = "application/vnd.openxmlformats-officedocument.spreadsheetml"
_PARTS = {
    "[Content_Types].xml": (
        f'<Types xmlns="{_PACKAGE}/content-types">'
        '<Default Extension="rels"'
        ' ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
        '<Default Extension="xml" ContentType="application/xml"/>'
        f'<Override PartName="/xl/workbook.xml" ContentType="{_MIME}.sheet.main+xml"/>'
        f'<Override PartName="/xl/worksheets/sheet1.xml" ContentType="{_MIME}.worksheet+xml"/>'
        "</Types>"
    ),
    "_rels/.rels": (
        f'<Relationships xmlns="{_PACKAGE}/relationships"><Relationship Id="rId1"'
        f' Type="{_OFFICE}/officeDocument" Target="xl/workbook.xml"/></Relationships>'
    ),
    "xl/_rels/workbook.xml.rels": (
        f'<Relationships xmlns="{_PACKAGE}/relationships"><Relationship Id="rId1"'
        f' Type="{_OFFICE}/worksheet" Target="worksheets/sheet1.xml"/></Relationships>'
    ),
    "xl/workbook.xml": (
        f'<workbook xmlns="{_MAIN}" xmlns:r="{_OFFICE}"><sheets>'
        '<sheet name="Sheet1" sheetId="1" r:id="rId1"/></sheets></workbook>'
    ),
}
_SHEET = "xl/worksheets/sheet1.xml"


def column_letters(place: int) -> str:
    """0 → A, 26 → AA."""
    letters = ""
    place += 1
    while place:
        place, rest = divmod(place - 1, 26)
        letters = chr(ord("A") + rest) + letters
    return letters


def _cell(at: str, value: object) -> str:
    if value is None:
        return ""
    if isinstance(value, str):
        text = escape(value)
        return f'<c r="{at}" t="inlineStr"><is><t xml:space="preserve">{text}</t></is></c>'
    return f'<c r="{at}"><v>{value!r}</v></c>'


def _rows(draft: Draft) -> Iterator[Iterable[object]]:
    table, day = draft.table, date(1970, 1, 1) + timedelta(days=draft.world.today)
    yield [f"{table.agency.title}{table.title}登记表"]
    yield [f"填报单位:{table.agency.title}  填报日期:{day:%Y-%m-%d}"]
    yield [column.name for column in table.columns]
    yield from rows_of(draft)


def _sheet(draft: Draft) -> Iterator[str]:
    letters = [column_letters(place) for place in range(len(draft.table.columns))]
    yield f'{_HEAD}<worksheet xmlns="{_MAIN}"><sheetData>'
    for number, row in zip(count(1), _rows(draft), strict=False):
        cells = (_cell(f"{at}{number}", one) for at, one in zip(letters, row, strict=False))
        yield f'<row r="{number}">{"".join(cells)}</row>'
    yield "</sheetData>"
    yield f'<mergeCells count="1"><mergeCell ref="A1:{letters[-1]}1"/></mergeCells></worksheet>'


def write_workbook(path: Path, draft: Draft) -> int:
    with zipfile.ZipFile(path, "w") as book:
        for name, text in _PARTS.items():
            book.writestr(_part(name), _HEAD + text)
        with book.open(_part(_SHEET), "w") as file:
            for text in _sheet(draft):
                file.write(text.encode())
    return len(draft.order)


def _part(name: str) -> zipfile.ZipInfo:
    """A part of no time: all that tells one writing from another would be noise."""
    info = zipfile.ZipInfo(name)
    info.compress_type = zipfile.ZIP_DEFLATED
    return info
