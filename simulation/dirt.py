"""Errors with known truth: one class a cell, at most one dirty cell a row."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from simulation.checksum import ID_CHECKS, USCC_ALPHABET
from simulation.codes import spellings
from simulation.declare import Column, Table
from simulation.draft import Draft, Value
from simulation.spelling import DATE_FORMS, clock_text, code_style

FULL_WIDTH = str.maketrans({chr(code): chr(code + 0xFEE0) for code in range(0x21, 0x7F)})
BLANKS: tuple[Value, ...] = (None, "", "  ", "\u3000", "\u3000\u3000")
STRANGE_CODES = ("99X", "Q7", "-1", "#N/A", "待定", "其他情况", "88888")
IMPOSSIBLE = (
    (2023, 2, 30),
    (2021, 13, 5),
    (2019, 4, 31),
    (2022, 0, 12),
    (2021, 2, 29),
    (2020, 6, 31),
)
MOBILE_LENGTH, ID_LENGTH = 11, 18


class UnfitError(Exception):
    """This cell cannot bear this error."""


@dataclass(frozen=True)
class Cell:
    """A cell that is about to be spoilt, with its true value."""

    draft: Draft
    column: Column
    row: int
    value: Value


def _choice(draft: Draft, options: Iterable[Value]) -> Value:
    listed = list(options)
    return listed[int(draft.rng.integers(0, len(listed)))]


def _text(value: Value) -> str:
    if not isinstance(value, str):
        raise UnfitError
    return value


def check_digit(cell: Cell) -> Value:
    text = _text(cell.value)
    alphabet = sorted(ID_CHECKS) if cell.column.kind == "id_number" else list(USCC_ALPHABET)
    return text[:-1] + str(_choice(cell.draft, (sign for sign in alphabet if sign != text[-1])))


def code(cell: Cell) -> Value:
    known = set(
        spellings(cell.column.codeset, code_style(cell.draft.table.agency, cell.column.codeset))
    )
    return _choice(cell.draft, (strange for strange in STRANGE_CODES if strange not in known))


def _paired_id(cell: Cell) -> str:
    """The id number that the birth date or sex of the same row must agree with."""
    source = cell.draft.table.sourced(cell.column.value.partition(".")[0] + ".id")
    return _text(cell.draft.value(source.name, cell.row)) if source else _text(None)


def _written(cell: Cell, year: int, month: int, day: int) -> Value:
    text = DATE_FORMS[cell.draft.table.agency.dates](year, month, day)
    return int(text) if cell.column.physical == "INTEGER" else text


def birth_mismatch(cell: Cell) -> Value:
    number = _paired_id(cell)
    if len(number) != ID_LENGTH:
        raise UnfitError
    born = date(int(number[6:10]), int(number[10:12]), int(number[12:14]))
    other = born - timedelta(days=int(cell.draft.rng.integers(1, 400)))
    return _written(cell, other.year, other.month, other.day)


def sex_mismatch(cell: Cell) -> Value:
    _paired_id(cell)
    male, female = spellings("sex", cell.draft.table.agency.sex)[:2]
    return female if cell.value == male else male


def _nowhere(draft: Draft, code: str) -> str:
    """A place code of the right form in this county that names no place."""
    while True:
        tail = f"9{draft.rng.integers(0, 100):02d}"
        made = code[:-3] + tail
        if made not in draft.world.places.codes:
            return made


def orphan(cell: Cell) -> Value:
    text = _text(cell.value)
    if cell.column.kind.startswith("place_code"):
        return _nowhere(cell.draft, text)
    digits = 6 if len(text) >= 10 else 5  # agencies never counted as far as this
    return text[:-digits] + "9" + f"{cell.draft.rng.integers(0, 10 ** (digits - 1)):0{digits - 1}d}"


def _dated(cell: Cell, year: int, month: int, day: int) -> Value:
    text = _written(cell, year, month, day)
    if cell.column.kind != "datetime":
        return text
    clock = clock_text(
        cell.draft.table.agency.dates, int(cell.draft.rng.integers(8 * 3600, 18 * 3600))
    )
    return f"{text}{clock}"


def future_date(cell: Cell) -> Value:
    ahead = cell.draft.world.today + 40 + int(cell.draft.rng.integers(0, 9000))
    moment = date(1970, 1, 1) + timedelta(days=ahead)
    return _dated(cell, moment.year, moment.month, moment.day)


def impossible_date(cell: Cell) -> Value:
    year, month, day = IMPOSSIBLE[int(cell.draft.rng.integers(0, len(IMPOSSIBLE)))]
    return _dated(cell, year, month, day)


def missing(cell: Cell) -> Value:
    return _choice(cell.draft, BLANKS) if cell.column.physical == "TEXT" else None


def fullwidth(cell: Cell) -> Value:
    text = _text(cell.value)
    if not text.isascii() or not text.isalnum():
        raise UnfitError
    part = int(cell.draft.rng.integers(0, 2)) * (len(text) // 2)  # all of it or the latter half
    return text[:part] + text[part:].translate(FULL_WIDTH)


def length(cell: Cell) -> Value:
    text = _text(cell.value)
    if cell.column.kind == "phone" and len(text) != MOBILE_LENGTH:
        raise UnfitError
    at = int(cell.draft.rng.integers(2, len(text) - 1))
    if cell.draft.rng.random() < 0.5:
        return text[:at] + text[at + 1 :]
    return text[:at] + str(cell.draft.rng.integers(0, 10)) + text[at:]


@dataclass(frozen=True)
class ErrorClass:
    """How an error is made, how often, and which columns it may befall."""

    make: Callable[[Cell], Value]
    rate: float
    suits: Callable[[Table, Column], bool]


def _identity(_: Table, column: Column) -> bool:
    return column.kind in ("id_number", "uscc")


def _measured(table: Table, column: Column) -> bool:
    place = column.kind.startswith("place_code")
    return _identity(table, column) or column.kind == "phone" or place


def _folded(table: Table, column: Column) -> bool:
    return _measured(table, column) or bool(column.codeset)


def _coded(_: Table, column: Column) -> bool:
    return bool(column.codeset)


def _paired(kind: str) -> Callable[[Table, Column], bool]:
    def suits(table: Table, column: Column) -> bool:
        role = column.value.partition(".")[0]
        return column.kind == kind and table.sourced(f"{role}.id") is not None

    return suits


def _referring(_: Table, column: Column) -> bool:
    return column.kind.startswith(("ref:", "place_code"))


def _past(_: Table, column: Column) -> bool:
    return column.kind in ("date", "datetime") and not column.future


def _dating(_: Table, column: Column) -> bool:
    return column.kind in ("date", "datetime", "birth_date")


def _obligatory(_: Table, column: Column) -> bool:
    return column.required and column.kind != "update_time"


ERROR_CLASSES: Mapping[str, ErrorClass] = {
    "check_digit": ErrorClass(check_digit, 0.0012, _identity),
    "code": ErrorClass(code, 0.0010, _coded),
    "birth_mismatch": ErrorClass(birth_mismatch, 0.0008, _paired("birth_date")),
    "sex_mismatch": ErrorClass(sex_mismatch, 0.0006, _paired("sex")),
    "orphan": ErrorClass(orphan, 0.0008, _referring),
    "future_date": ErrorClass(future_date, 0.0005, _past),
    "impossible_date": ErrorClass(impossible_date, 0.0005, _dating),
    "missing": ErrorClass(missing, 0.0014, _obligatory),
    "fullwidth": ErrorClass(fullwidth, 0.0008, _folded),
    "length": ErrorClass(length, 0.0006, _measured),
}
DUPLICATE_RATE = 0.0009


def _soil_cell(draft: Draft, name: str, row: int, columns: list[Column]) -> bool:
    column = columns[int(draft.rng.integers(0, len(columns)))]
    value = draft.value(column.name, row)
    if value is None:
        return False
    try:
        wrong = ERROR_CLASSES[name].make(Cell(draft, column, row, value))
    except UnfitError:
        return False
    draft.edit(row, column.name, wrong)
    draft.note("error", name, row, column.name, f"{value} → {wrong!r}")
    return True


def _soil(draft: Draft, name: str) -> None:
    error = ERROR_CLASSES[name]
    columns = [c for c in draft.table.columns if not c.key and error.suits(draft.table, c)]
    left = draft.quota(error.rate * draft.table.agency.sloppiness) if columns else 0
    for row in draft.free_rows(left):
        if not left:
            return
        left -= _soil_cell(draft, name, row, columns)


def _duplicate(draft: Draft) -> None:
    left = draft.quota(DUPLICATE_RATE * draft.table.agency.sloppiness)
    for row in draft.free_rows(left):
        if not left:
            return
        draft.copies[row] = 1 if draft.rng.random() < 0.8 else 2
        draft.note("error", "duplicate", row, "", f"共 {draft.copies[row] + 1} 行")
        left -= 1


def soil(draft: Draft) -> None:
    """Put every class of error into the table, where it has room for it."""
    for name in ERROR_CLASSES:
        _soil(draft, name)
    _duplicate(draft)
