"""Rows of a text file whose fields could not be told apart, told apart as well as it goes: for the
person who mends them, who sees what was guessed. Nothing of it reaches the lake by itself."""

import csv
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from haina.resources.collect.shapes import Shape, plain_text, shape_of
from haina.resources.specs import TableSpec
from haina.security.access import Mask
from haina.standards.elements import ElementSpec, Format, ItemType, Standards

_DELIMITERS = ",\t;|"
_BY_QUOTES = ("unclosed_quote", "bad_quote")
REASONS = ("field_count", "encoding", "nul", *_BY_QUOTES)
KINDS = ("csv", "push")
_UNREAD = re.compile(r"\\x[0-9a-fA-F]{2}|\0")
_DATE = re.compile(r"\d{4}[-/年.]?\d{1,2}[-/月.]?\d{1,2}日?( .*)?")
_NUMBER = re.compile(r"-?\d+(\.\d+)?")
_LONG = re.compile(r"\d{8,}")
_HAN = re.compile(r"[\u3400-\u9fff]")
_DIGIT = re.compile(r"\d")
_FAR = 20  # so many fields off, and there is nothing to guess

Fits = Callable[[str, str], int]


@dataclass(frozen=True)
class Guess:
    """`fields` were found where `expected` columns are; `values` by column, empty where no way of
    telling them apart was found; `note` says what was guessed."""

    fields: int
    expected: int
    values: dict[str, str | None]
    note: str


def guess_of(
    raw: str, reason: str, columns: Sequence[str], delimiter: str | None, fits: Fits
) -> Guess | None:
    """`columns` of the file in its order; `delimiter` None where the file was to tell it itself;
    `fits(column, text)`: how well a text stands in a column. None: it has but one field."""
    known = [delimiter] if delimiter else list(_DELIMITERS)
    rows = [(one, _split(raw, one, reason)) for one in known]
    sign, fields = min(rows, key=lambda row: (len(row[1]) <= 1, abs(len(row[1]) - len(columns))))
    if len(fields) <= 1 < len(columns):
        return None
    said = f"有 {len(fields)} 个字段,表头是 {len(columns)} 个"
    if abs(len(fields) - len(columns)) > _FAR:
        return Guess(len(fields), len(columns), {}, f"{said};差得太多,请照原文填。")
    cells, what = _best(fields, columns, sign, fits)
    values = {name: _readable(text) for name, text in zip(columns, cells, strict=True)}
    start = f"{said};" if len(fields) != len(columns) else ""
    return Guess(len(fields), len(columns), values, f"{start}{what}请核对。")


def _split(raw: str, delimiter: str, reason: str) -> list[str]:
    if reason in _BY_QUOTES:
        return [field.strip('"') for field in raw.split(delimiter)]
    try:
        return next(csv.reader([raw.replace("\0", "")], delimiter=delimiter), [])
    except csv.Error:
        return raw.split(delimiter)


def _best(
    fields: Sequence[str], columns: Sequence[str], sign: str, fits: Fits
) -> tuple[Sequence[str], str]:
    """The way in which the most fields stand where they belong; of equals the last."""
    ways = list(_ways(fields, columns, sign))

    def score(way: tuple[Sequence[str], str]) -> int:
        return sum(fits(name, text) for name, text in zip(columns, way[0], strict=True))

    return max(reversed(ways), key=score)


def _ways(
    fields: Sequence[str], columns: Sequence[str], sign: str
) -> Iterator[tuple[Sequence[str], str]]:
    """All ways to lay the fields over the columns, with what was done in words."""
    more = len(fields) - len(columns)
    if more == 0:
        yield fields, "各列照分隔符分开,"
    elif more < 0:
        for at in range(len(fields) + 1):
            lacking = "、".join(columns[at : at - more])
            yield [*fields[:at], *[""] * -more, *fields[at:]], f"{lacking} 留空是猜的,"
    elif not any(field.strip() for field in fields[len(columns) :]):
        yield fields[: len(columns)], "末尾多出的空字段已去掉,"
    else:
        for at, name in enumerate(columns):
            joined = sign.join(fields[at : at + more + 1])
            rest = fields[at + more + 1 :]
            yield [*fields[:at], joined, *rest], f"把多出的并进“{name}”是猜的,"


def _readable(text: str) -> str | None:
    """Nothing for what the encoding could not read: its marks are not its content."""
    return None if not text or _UNREAD.search(text) else text


def fits_of(spec: TableSpec, standards: Standards) -> Fits:
    """How well a text stands in a column, by its element: 2 its very form, 1 its type, below 0 not
    at all; 0 where nothing is known."""
    elements = {
        name: standards.elements.get(column.element or "") for name, column in spec.columns.items()
    }

    def fits(name: str, text: str) -> int:
        plain = plain_text(text)
        if not plain:
            return -2 if name in spec.key else 0
        element = elements.get(name)
        if element is not None and _known(element):
            return _stands(plain, element, standards)
        mask = spec.columns[name].guard(element)[1] if name in spec.columns else Mask.NONE
        return _BY_MASK.get(mask, _stray)(plain)

    return fits


_SHAPES: Mapping[Format, Shape] = {
    Format.ID_NUMBER: Shape.ID_NUMBER,
    Format.USCC: Shape.USCC,
    Format.MOBILE: Shape.MOBILE,
}


def _stands(text: str, element: ElementSpec, standards: Standards) -> int:
    shape = _SHAPES.get(element.format) if element.format else None
    if shape is not None:
        return 2 if shape_of(text) is shape else -1
    codes = standards.code_set_of(element)
    if codes is not None:
        return 1 if text in codes.codes or text in codes.aliases else -1
    if element.type in (ItemType.DATE, ItemType.TIMESTAMP):
        return 1 if _DATE.fullmatch(text) else -1
    if element.type in (ItemType.INTEGER, ItemType.DECIMAL):
        return 1 if _NUMBER.fullmatch(text) else -1
    return 0


def _known(element: ElementSpec) -> bool:
    """Does the standard say more of it than that it is text?"""
    return element.format in _SHAPES or bool(element.code_set) or element.type is not ItemType.TEXT


def _stray(text: str) -> int:
    """A number of a person that stands in a column of which nobody said so."""
    return -1 if shape_of(text) is Shape.ID_NUMBER else 0


def _as_address(text: str) -> int:
    """Words; of all that is written in a table it is an address that has commas in it."""
    if not _HAN.search(text):
        return -1
    return 2 if re.search(r"[,;]", text) else 1


# What a column is masked as tells what it holds, where no standard does.
_BY_MASK: Mapping[Mask, Callable[[str], int]] = {
    Mask.ID_NUMBER: lambda text: 2 if shape_of(text) is Shape.ID_NUMBER else -1,
    Mask.PHONE: lambda text: 2 if shape_of(text) is Shape.MOBILE else -1,
    Mask.TAIL: lambda text: 1 if _LONG.fullmatch(text) else -1,
    Mask.NAME: lambda text: 1 if _HAN.match(text) and not _DIGIT.search(text) else -1,
    Mask.ADDRESS: _as_address,
}
