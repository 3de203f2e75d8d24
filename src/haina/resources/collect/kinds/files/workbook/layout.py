"""Where a table lies in a sheet: titles above it, a header of one or more rows, footers below."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

from haina.resources.collect.kinds.errors import FILE_EMPTY
from haina.resources.collect.kinds.files.formats import unique_names

HEAD_ROWS = 100  # a header further down than this must be told by header_from
FOOTER_ROWS = 30
_LEVELS = 8
_LABEL = re.compile(r"[^::]{1,20}[::]")
_TOTAL = re.compile(r"\s*(?:合\s*计|总\s*计|共\s*计|小\s*计|总\s*数)\s*(?:$|[::(\(])")
_SIGNED = re.compile(
    r"\s*(?:填\s*表\s*人|制\s*表\s*人?|填\s*报\s*人|填\s*报\s*单\s*位|报\s*送\s*单\s*位|审\s*核\s*人?"
    r"|审\s*批\s*人?|复\s*核\s*人?|经\s*办\s*人|负\s*责\s*人|(?:单位|部门|主要|分管)负责人|主\s*管|联\s*系\s*人|联系电话|电\s*话"
    r"|(?:填表|填报|制表|报送|统计|打印)?(?:日期|时间)|备\s*注|注\d*|附\s*注|说\s*明|填表说明|(?:数据|资料)来源"
    r"|单位\s*[((]?(?:公章|盖章)[))]?|盖\s*章|公\s*章)\s*(?:[((].{0,10}[))])?\s*[::]"
)

Row = Sequence[Any]
Merge = tuple[tuple[int, int], tuple[int, int]]


@dataclass(frozen=True)
class Layout:
    """Names of the columns, their places in a row (from 0), and the row that data start at."""

    names: tuple[str, ...]
    places: tuple[int, ...]
    first: int


def is_blank(value: Any) -> bool:
    return value is None or (isinstance(value, str) and not value.strip())


def header_span(
    head: Sequence[Row], merges: Sequence[Merge] | None, rows: int | None, start: int | None
) -> tuple[int, int]:
    """First row of the header and first row below it (from 0).

    `head` are the first rows of the sheet; `rows` and `start` are what was declared. Raises
    HainaError(file_empty) when there is no header.
    """
    ranges = merges or ()
    first = _first_row(head) if start is None else start
    if rows is not None:
        return first, first + rows
    last = first
    row = first
    while row <= last and row < first + _LEVELS:
        last = max(last, _reach(head, ranges, row))
        row += 1
    return first, min(last, first + _LEVELS - 1) + 1


def column_names(
    header: Sequence[Row], first: int, merges: Sequence[Merge] | None, places: Sequence[int]
) -> tuple[str, ...]:
    """Names of the columns: the texts above each other, joined as 上级_下级."""
    spread = [list(row) for row in header]
    if merges is None:
        _fill_rightwards(spread)
    for (top, left), (bottom, right) in merges or ():
        if top >= first and bottom < first + len(spread):
            value = _at(spread[top - first], left)
            for row in spread[top - first : bottom - first + 1]:
                for place in range(left, min(right, len(row) - 1) + 1):
                    row[place] = value
    return unique_names([_joined([_at(row, place) for row in spread]) for place in places])


def footers(tail: Sequence[tuple[int, Row]], merges: Sequence[Merge] | None, width: int) -> int:
    """How many of the last rows are footers: totals, signatures, notes."""
    wide = {
        top: right - left + 1
        for (top, left), (bottom, right) in merges or ()
        if top == bottom and right > left
    }
    count = 0
    for number, row in reversed(tail):
        if not _is_footer(row, wide.get(number, 0), width):
            break
        count += 1
    return count


def footer_word(row: Row) -> str:
    """What a footer calls itself, and nothing of what it says: 合计, 填表人; else 说明."""
    first = next((value for value in row if not is_blank(value)), "")
    found = _TOTAL.match(str(first)) or _SIGNED.match(str(first))
    return re.sub(r"[\s::((].*|\s", "", found[0].strip()) if found else "说明"


def shown_header(value: Any) -> str:
    """A cell of a header as a name: line breaks inside it are for the eye only."""
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    return "" if is_blank(value) else re.sub(r"\s*[\r\n]+\s*", "", str(value)).strip()


def _is_footer(row: Row, merged: int, width: int) -> bool:
    filled = [value for value in row if not is_blank(value)]
    if not filled:
        return False
    first = filled[0]
    if isinstance(first, str) and (_TOTAL.match(first) or _SIGNED.match(first)):
        return True
    return len(filled) == 1 and isinstance(first, str) and 2 * merged >= max(width, 3)


def _first_row(head: Sequence[Row]) -> int:
    used = len({place for row in head for place, one in enumerate(row) if not is_blank(one)})
    for number, row in enumerate(head):
        filled = [one for one in row if not is_blank(one)]
        if filled and not _is_title(filled, used):
            return number
    raise FILE_EMPTY("工作表里找不到表头", hint="请用 header_from 写明表头在第几行。")


def _is_title(filled: Sequence[Any], used: int) -> bool:
    """A row above the header: one text over a table of several columns, or 填报单位:… 日期:…"""
    if isinstance(filled[0], str) and _LABEL.match(filled[0]):
        return True
    return len(filled) == 1 and used > 1


def _reach(head: Sequence[Row], merges: Sequence[Merge], row: int) -> int:
    """The last row that the header must have because of what its row `row` looks like."""
    reach = row
    groups: list[tuple[int, int]] = []
    covered: set[int] = set()
    for (top, left), (bottom, right) in merges:
        if top == row:
            reach = max(reach, bottom)
            if right > left and bottom == top:
                groups.append((left, right))
            covered.update(range(left, right + 1) if bottom > top else ())
    if groups and row + 1 < len(head) and _are_heads(head[row + 1], groups):
        reach = max(reach, row + 1)
    return reach


def _are_heads(row: Row, groups: Sequence[tuple[int, int]]) -> bool:
    """Whether a row names the parts of groups above it: texts under them, nothing elsewhere."""
    inside = {place for left, right in groups for place in range(left, right + 1)}
    texts = [place for place, one in enumerate(row) if not is_blank(one)]
    return (
        bool(texts)
        and all(place in inside and isinstance(row[place], str) for place in texts)
        and all(any(left <= place <= right for place in texts) for left, right in groups)
    )


def _fill_rightwards(rows: list[list[Any]]) -> None:
    """Without merges (.ods) an upper head is taken to reach over the blanks to its right that
    have a head below."""
    for upper, lower in pairwise(rows):
        for place in range(1, len(upper)):
            if is_blank(upper[place]) and not is_blank(_at(lower, place)):
                upper[place] = upper[place - 1]


def _joined(values: Sequence[Any]) -> str:
    parts: list[str] = []
    for part in map(shown_header, values):
        if part and (not parts or parts[-1] != part):
            parts.append(part)
    return "_".join(parts)


def _at(row: Row, place: int) -> Any:
    return row[place] if place < len(row) else ""
