"""A declaration proposed from what a source holds: names, titles, keys, elements. People decide."""

import re
import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from haina.resources.collect.connecting.naming import code_name, free_name, initials, item_names
from haina.standards.elements import ElementSpec, Format, Standards

_NOISE = re.compile(r"[\s\W_]+")
# What agencies call the things whose form the platform knows; beside an element's own title.
_CALLED: dict[Format, tuple[str, ...]] = {
    Format.ID_NUMBER: (
        "公民身份号码", "身份证号", "身份证号码", "身份证件号码", "公民身份证号码", "sfzh", "sfzhm",
        "gmsfhm",
    ),
    Format.USCC: ("统一社会信用代码", "社会信用代码", "信用代码", "tyshxydm", "shxydm", "uscc"),
    Format.MOBILE: ("手机号", "手机号码", "移动电话", "sjh", "sjhm"),
    Format.PHONE: ("联系电话", "电话", "电话号码", "lxdh"),
    Format.PLATE: ("车牌号", "号牌号码", "车牌号码", "cphm", "hphm"),
    Format.PLACE_CODE: ("行政区划代码", "区划代码", "xzqhdm"),
}  # fmt: skip
_KEYLIKE = re.compile(r"^(id|xh|bh|no|code|uuid|pk|.*_id|序号|编号|编码|.*编号|主键)$")


@dataclass(frozen=True)
class ProposedColumn:
    name: str
    source_type: str
    lake_type: str
    nullable: bool
    comment: str | None
    item: str
    title: str
    element: str | None


@dataclass(frozen=True)
class ProposedTable:
    """`broken`: why it cannot be read; then it has no columns. `files`: for a watched folder,
    which files are of this table. `sure`: whether the source itself declares the key.
    `sample`: the table of the source that a preview is read of."""

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
    )


def table_name(prefix: str, table: str) -> str:
    """`prefix_table`, without saying the prefix twice."""
    found = code_name(table, "table")
    same = found == prefix or found.startswith(f"{prefix}_")
    return found if same else f"{prefix}_{found}"[:60]


def element_of(column: str, comment: str | None, standards: Standards) -> ElementSpec | None:
    """The element that a column is likely to carry, by its name and what is said of it; of a name
    made of headers above each other (人员信息_身份证号) the lowest is the column's own."""
    words = {_plain(column), _plain(column.rpartition("_")[2]), _plain(comment or "")} - {""}
    for element in standards.elements.values():
        if words & _called(element):
            return element
    return None


def _called(element: ElementSpec) -> set[str]:
    known = {_plain(element.title), _plain(element.name), _plain(initials(element.title))}
    if element.format is not None:
        known |= set(_CALLED[element.format])
    # One or two letters may stand for anything but what the catalogue itself calls so.
    return {one for one in known if len(one) > 1}


def _plain(text: str) -> str:
    return _NOISE.sub("", unicodedata.normalize("NFKC", text)).lower()


def _column(column: Mapping[str, Any], item: str, standards: Standards) -> ProposedColumn:
    comment = str(column["comment"] or "").strip() or None
    element = element_of(column["name"], comment, standards)
    title = comment or (element.title if element else None) or column["name"].strip()
    return ProposedColumn(
        column["name"],
        column["source_type"],
        column["lake_type"],
        column["nullable"],
        comment,
        item,
        (title or "未命名")[:100],
        element.name if element else None,
    )


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
