"""An answer as CSV that a Chinese spreadsheet opens: UTF-8 with a mark, CRLF, nothing that runs."""

import csv
import io
import json
from collections.abc import Iterator
from typing import Any

from haina.compute.engines import Page

_MARK = "\ufeff"
_ACTS = ("=", "+", "-", "@", "\t", "\r")
_TEXT = ("VARCHAR", "CHAR", "TEXT")
_LINES = 2000


def csv_of(page: Page) -> Iterator[str]:
    """The page in pieces, its head first."""
    buffer = io.StringIO()
    writer = csv.writer(buffer, lineterminator="\r\n")
    buffer.write(_MARK)
    writer.writerow([_cell(name, text=True) for name, _ in page.columns])
    text = [kind.startswith(_TEXT) for _, kind in page.columns]
    for number, row in enumerate(page.rows, 1):
        writer.writerow(
            [_cell(value, text=is_text) for value, is_text in zip(row, text, strict=True)]
        )
        if number % _LINES == 0:
            yield _taken(buffer)
    yield _taken(buffer)


def _taken(buffer: io.StringIO) -> str:
    piece = buffer.getvalue()
    buffer.seek(0)
    buffer.truncate()
    return piece


def _cell(value: Any, *, text: bool) -> Any:
    """A text that a spreadsheet would compute is held back by a quote, as they do themselves."""
    if isinstance(value, (list, dict)):
        return json.dumps(value, ensure_ascii=False)
    if text and isinstance(value, str) and value.startswith(_ACTS):
        return f"'{value}"
    return value
