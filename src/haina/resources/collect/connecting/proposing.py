"""A declaration proposed from what a source holds: names, titles, keys, elements, grades. People
decide. A column that no element is bound to is never proposed as public."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from haina.resources.collect.connecting.naming import (
    called,
    code_name,
    folded,
    free_name,
    item_names,
    looks_called,
    own_words,
)
from haina.resources.collect.shapes import Look, Shape
from haina.security.access import Mask
from haina.standards.elements import ElementSpec, Format, Standards

_KEYLIKE = re.compile(r"^(id|xh|bh|no|code|uuid|pk|.*_id|序号|编号|编码|.*编号|主键)$")


_FEW = 3  # of fewer values nothing is said

# The grade and mask of a column that no element is bound to, by what its values are.
_GUARDS: dict[Shape, tuple[int, Mask]] = {
    Shape.ID_NUMBER: (3, Mask.ID_NUMBER),
    Shape.MOBILE: (3, Mask.PHONE),
    Shape.BANK_CARD: (3, Mask.TAIL),
    Shape.PERSON_NAME: (3, Mask.NAME),
    Shape.ADDRESS: (3, Mask.ADDRESS),
    Shape.USCC: (2, Mask.NONE),
}
_UNSEEN, _SEEN = (3, Mask.NONE), (2, Mask.NONE)
_FORMATS = {
    Shape.ID_NUMBER: (Format.ID_NUMBER,),
    Shape.USCC: (Format.USCC,),
    Shape.MOBILE: (Format.MOBILE, Format.PHONE),
}
_WORDS = {Shape.BANK_CARD: "银行卡号", Shape.PERSON_NAME: "姓名", Shape.ADDRESS: "住址"}


@dataclass(frozen=True)
class Guard:
    """How a column is held while nobody has said better. `shape`: what it was known for, `alike`
    of `values` values being so (0 of 0: by its name); `open`: nobody has graded it yet."""

    grade: int
    mask: Mask
    shape: Shape | None
    alike: int
    values: int
    open: bool


@dataclass(frozen=True)
class ProposedColumn:
    """`guard` is for the column without its element; `kept`: a bound element whose standard is
    laxer than the values want does not lift it."""

    name: str
    source_type: str
    lake_type: str
    nullable: bool
    comment: str | None
    item: str
    title: str
    element: str | None
    guard: Guard
    kept: bool


@dataclass(frozen=True)
class Footer:
    """A line at the end that is no row, and what it calls itself (合计, 填表人)."""

    line: int
    word: str


@dataclass(frozen=True)
class ProposedTable:
    """`broken`: why it cannot be read; then it has no columns. `files`: for a watched folder,
    which files are of this table. `sure`: whether the source itself declares the key.
    `sample`: the table of the source that a preview is read of. `footers`: its lines at the end
    that are no rows."""

    name: str
    from_: str
    title: str
    key: tuple[str, ...]
    sure: bool
    rows: int | None
    files: str | None
    broken: str | None
    sample: str
    columns: tuple[ProposedColumn, ...]
    footers: tuple[Footer, ...] = ()


def propose_all(
    found: Iterable[Mapping[str, Any]], standards: Standards, *, taken: set[str], folder: bool
) -> list[ProposedTable]:
    """One declaration for each table found; names in `taken` are avoided. `folder`: files of one
    kind that come one after the other are one table."""
    tables = list(_gathered(found)) if folder else [(one, None) for one in found]
    names = set(taken)
    proposed = []
    for table, files in tables:
        made = propose_table(table, standards, free_name(_short(table), names), files)
        names.add(made.name)
        proposed.append(made)
    return proposed


def propose_table(
    table: Mapping[str, Any], standards: Standards, name: str, files: str | None = None
) -> ProposedTable:
    """`table` as the probe says it: {name, comment, rows, key, columns}."""
    columns = table["columns"]
    said = str(table["comment"] or "").strip()
    items = item_names(column["name"] for column in columns)
    key = tuple(table["key"])
    return ProposedTable(
        name,
        table["name"],
        ((said if columns else "") or _stem(table["name"]) or name)[:100],
        key or _likely_key(columns),
        bool(key),
        table["rows"],
        files,
        None if columns else said or "没有可读的列",
        table.get("sample", table["name"]),
        tuple(_column(column, items[column["name"]], standards) for column in columns),
        tuple(Footer(*one) for one in table.get("footers", ())),
    )


def columns_of(
    found: Iterable[Mapping[str, Any]], declared: str, *, folder: bool
) -> list[Mapping[str, Any]]:
    """The columns, as the probe says them, of the table that is declared `from: declared`."""
    tables = [table for table, _ in _gathered(found)] if folder else list(found)
    return next((list(one["columns"]) for one in tables if one["name"] == declared), [])


def guarded(columns: Mapping[str, Any], found: Iterable[Mapping[str, Any]]) -> dict[str, Any]:
    """The columns of a declaration, those without an element and without a grade held as their
    values want it: who says nothing of a column does not make it public. `found`: the columns as
    the probe says them. What is not a column's declaration stays for the check to refuse."""
    known = {one["name"]: one for one in found}

    def held(name: str, said: Any) -> Any:
        if not isinstance(said, Mapping) or said.get("element") or said.get("grade"):
            return said
        column = known.get(name, {})
        guard = guard_of(name, column.get("comment"), look_of(column.get("look")))
        mask = {} if guard.mask is Mask.NONE else {"mask": guard.mask.value}
        return {**said, "grade": guard.grade, **mask}

    return {name: held(name, said) for name, said in columns.items()}


def propose_columns(
    columns: Iterable[Mapping[str, Any]], looks: Mapping[str, Any], standards: Standards
) -> list[ProposedColumn]:
    """The columns of one table anew, by `looks` at its values: column → {values, shape, alike}."""
    known = list(columns)
    items = item_names(column["name"] for column in known)
    anew = ({**column, "look": looks.get(column["name"])} for column in known)
    return [_column(column, items[column["name"]], standards) for column in anew]


def table_name(prefix: str, table: str) -> str:
    """`prefix_table`, without saying the prefix twice."""
    found = code_name(table, "table")
    same = found == prefix or found.startswith(f"{prefix}_")
    return found if same else f"{prefix}_{found}"[:60]


def element_of(column: str, comment: str | None, standards: Standards) -> ElementSpec | None:
    """The element that a column is likely to carry, by its name and what is said of it."""
    words = own_words(column, comment)
    return _best((one for one in standards.elements.values() if words & called(one)), words)


def element_like(shape: Shape, standards: Standards) -> ElementSpec | None:
    """The element whose format (or, without one, whose name) is that of a shape; None where the
    standards have none: none is invented."""
    known = standards.elements.values()
    for form in _FORMATS.get(shape, ()):
        found = _best((one for one in known if one.format is form), set())
        if found is not None:
            return found
    word = _WORDS.get(shape)
    return None if word is None else _best((one for one in known if word in called(one)), {word})


def _best(found: Iterable[ElementSpec], words: set[str]) -> ElementSpec | None:
    """Called exactly so before called also so; then the more careful one."""

    def rank(one: ElementSpec) -> tuple[bool, int]:
        return not words & {folded(one.title), folded(one.name)}, -one.grade

    return min(found, key=rank, default=None)


def guard_of(column: str, comment: str | None, look: Look | None) -> Guard:
    """What holds for a column without an element: by its values, else by its name, else carefully.
    A column of which too little was seen is hidden until someone grades it."""
    values = look.values if look else 0
    if look is not None and look.shape is not None:
        return Guard(*_GUARDS[look.shape], look.shape, look.alike, values, look.shape is Shape.USCC)
    for shape, word in _WORDS.items():
        if looks_called(column, comment, word):
            return Guard(*_GUARDS[shape], shape, 0, 0, False)
    return Guard(*(_SEEN if values >= _FEW else _UNSEEN), None, 0, values, True)


def look_of(said: Mapping[str, Any] | None) -> Look | None:
    """A look as the probe says it: {values, shape, alike}."""
    if said is None:
        return None
    shape = said.get("shape")
    return Look(said["values"], Shape(shape) if shape else None, said["alike"])


def _column(column: Mapping[str, Any], item: str, standards: Standards) -> ProposedColumn:
    comment = str(column["comment"] or "").strip() or None
    guard = guard_of(column["name"], comment, look_of(column.get("look")))
    like = element_like(guard.shape, standards) if guard.shape else None
    named = element_of(column["name"], comment, standards)
    element = named or like
    said = named or (like if column["name"].isascii() else None)
    title = comment or (said.title if said else None) or column["name"].strip()
    return ProposedColumn(
        column["name"],
        column["source_type"],
        column["lake_type"],
        column["nullable"],
        comment,
        item,
        (title or "未命名")[:100],
        element.name if element else None,
        guard,
        element is not None and _is_lax(element, guard),
    )


def _is_lax(element: ElementSpec, guard: Guard) -> bool:
    """Do the values want more care than an element of another form takes? An element of their own
    form is what the standards say of them, and is believed."""
    if not guard.alike or element.format in _FORMATS.get(guard.shape or Shape.ADDRESS, ()):
        return False
    return element.grade < guard.grade


def _likely_key(columns: list[Mapping[str, Any]]) -> tuple[str, ...]:
    """A column that looks like a key, or else the first: whoever connects is to look at it."""
    likely = (one["name"] for one in columns if _KEYLIKE.match(one["name"].strip().lower()))
    first = next(likely, columns[0]["name"] if columns else None)
    return () if first is None else (first,)


def _short(table: Mapping[str, Any]) -> str:
    return code_name(_stem(table["name"]), "table")


def _stem(name: str) -> str:
    """A table's name without the folder of its zip; a sheet says it better than its file."""
    file, _, sheet = name.rpartition("/")[2].partition("#")
    return sheet if sheet and not re.fullmatch(r"sheet\d*", sheet, re.IGNORECASE) else file


def _gathered(
    found: Iterable[Mapping[str, Any]],
) -> Iterable[tuple[Mapping[str, Any], str | None]]:
    """Files whose names differ in their date or number only, with the same columns, are one."""
    groups: dict[tuple[str, tuple[str, ...]], list[Mapping[str, Any]]] = {}
    for table in found:
        file, _, sheet = table["name"].partition("#")
        start = re.sub(r"[\d\-_.()()年月日第期批]+$", "", file) or file
        names = tuple(column["name"] for column in table["columns"])
        groups.setdefault((f"{start}#{sheet}" if sheet else start, names), []).append(table)
    for (start, _), tables in groups.items():
        file = start.partition("#")[0]
        rows = [one["rows"] for one in tables]
        known = None if None in rows else sum(rows)
        yield {**tables[-1], "name": start, "rows": known, "sample": tables[-1]["name"]}, f"{file}*"
