"""What an independent writer puts into a file comes out of it: every format, random tables."""

import csv
import json
import re
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import openpyxl
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
import xlwt
from hypothesis import HealthCheck, given
from hypothesis import settings as examples
from hypothesis import strategies as st

from haina.kernel.settings import Settings
from haina.resources.collect import kinds
from tests.resources.kinds.dbf_files import F, dbf, record
from tests.resources.kinds.reading import Whole, found, whole

Row = tuple[Any, ...]
Table = list[Row]

_quick = examples(
    max_examples=20,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow,
                           HealthCheck.data_too_large],
)  # fmt: skip

_HARD = st.sampled_from(
    ["", " ", "0", "007", "𠮷野家", "a,b", '"', 'x"y', "a\nb", "a\tb", "\u3000全角\u00a0", "é",
     "NULL", "-", "1e5", "true", "合计", "2024-01-02", "𝄞", "ｱ", "👨‍👩‍👧", "\\", "\\N", "'"]
)  # fmt: skip
_TEXT = st.one_of(_HARD, st.text(st.characters(exclude_categories=("Cs", "Cc")), max_size=12))


def tables(cells: st.SearchStrategy[Any], widest: int = 60) -> st.SearchStrategy[Table]:
    """Tables of 0 to 12 rows; the first column is a key that is never empty."""

    @st.composite
    def draw(draw: Callable[..., Any]) -> Table:
        width = draw(st.sampled_from([1, 2, 3, 5, widest]))
        rows = draw(st.lists(st.lists(cells, min_size=width - 1, max_size=width - 1), max_size=12))
        return [(f"k{number}", *row) for number, row in enumerate(rows)]

    return draw()


def names(table: Table, width: int) -> list[str]:
    return [f"列{number}" for number in range(len(table[0]) if table else width)]


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("property")
    (folder / "files").mkdir()
    return folder


@pytest.fixture(scope="module")
def where(home: Path) -> tuple[Path, kinds.ReadContext]:
    files = home / "files"
    return files, kinds.ReadContext(Settings(home=home, source_files=(files,)), batch_rows=5)


def check(kind: str, block: dict[str, Any], context: kinds.ReadContext, expected: Table) -> Whole:
    """All rows, in order, and a control that agrees with them."""
    table = found(kind, block, context)["t"]
    seen = whole(kind, block, replace(table, key=(table.columns[0].name,)), context)
    assert seen.rows == expected
    assert seen.rejects == []
    assert seen.control.rows == len(expected)
    seen.assert_accounted()
    return seen


@_quick
@given(tables(_TEXT), st.sampled_from(["utf-8", "utf-8-sig", "gb18030", "utf-16"]), st.data())
def test_csv(
    where: tuple[Path, kinds.ReadContext], table: Table, encoding: str, data: st.DataObject
) -> None:
    files, context = where
    end = data.draw(st.sampled_from(["\n", "\r\n"]))
    with (files / "t.csv").open("w", encoding=encoding, newline="") as out:
        writer = csv.writer(out, quoting=csv.QUOTE_ALL, lineterminator=end)
        writer.writerow(names(table, 2))
        writer.writerows(table)
    declared = "utf-8" if encoding == "utf-8-sig" else encoding
    check("csv", {"path": "t.csv", "encoding": declared, "delimiter": ","}, context, table)


_JSON_SCALAR = st.one_of(
    st.none(), _TEXT, st.booleans(), st.integers(), st.floats(allow_nan=False, allow_infinity=False)
)
_JSON = st.recursive(
    _JSON_SCALAR,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(_TEXT, inner, max_size=3),
    max_leaves=5,
)


def json_text(value: Any) -> str | None:
    if value is None or isinstance(value, str):
        return value
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))


@_quick
@given(tables(_JSON), st.sampled_from(["json", "jsonl"]), st.booleans(), st.data())
def test_json(
    where: tuple[Path, kinds.ReadContext], table: Table, kind: str, ascii_only: bool,
    data: st.DataObject,
) -> None:  # fmt: skip
    files, context = where
    if not table:
        return
    heads = names(table, 1)
    records = [
        {name: one for name, one in zip(heads, row, strict=True)
         if one is not None or data.draw(st.booleans())}
        for row in table
    ]  # fmt: skip
    if kind == "jsonl":
        text = "\n".join(json.dumps(one, ensure_ascii=ascii_only) for one in records)
    else:
        text = json.dumps(
            records, ensure_ascii=ascii_only, indent=data.draw(st.sampled_from([None, 1]))
        )
    (files / f"t.{kind}").write_text(text, "utf-8")
    block = {"path": f"t.{kind}"}
    source = found(kind, block, context)["t"]
    order = [heads.index(column.name) for column in source.columns]
    expected = [tuple(json_text(row[place]) for place in order) for row in table]
    check(kind, block, context, expected)


_TYPED: list[tuple[pa.DataType, st.SearchStrategy[Any]]] = [
    (pa.int64(), st.integers(-(2**63), 2**63 - 1)),
    (pa.uint16(), st.integers(0, 2**16 - 1)),
    (pa.float64(), st.floats(allow_nan=False)),
    (pa.string(), _TEXT),
    (pa.large_string(), _TEXT),
    (pa.bool_(), st.booleans()),
    (pa.binary(), st.binary(max_size=8)),
    (pa.date32(), st.dates()),
    (pa.timestamp("us"), st.datetimes()),
    (pa.timestamp("ms"), st.datetimes().map(lambda one: one.replace(microsecond=one.microsecond // 1000 * 1000))),
    (pa.decimal128(20, 4), st.decimals(-(10**15), 10**15, places=4)),
]  # fmt: skip


@_quick
@given(
    st.lists(st.sampled_from(range(len(_TYPED))), min_size=1, max_size=60),
    st.integers(0, 12),
    st.data(),
)
def test_parquet(
    where: tuple[Path, kinds.ReadContext], kinds_of: list[int], rows: int, data: st.DataObject
) -> None:
    files, context = where
    arrays = {"k": pa.array([f"k{row}" for row in range(rows)], pa.string())}
    for number, place in enumerate(kinds_of):
        kind, values = _TYPED[place]
        column = data.draw(st.lists(st.none() | values, min_size=rows, max_size=rows))
        arrays[f"列{number}"] = pa.array(column, kind)
    table = pa.table(arrays)
    pq.write_table(
        table, files / "t.parquet", row_group_size=data.draw(st.sampled_from([1, 3, 100])),
        use_dictionary=data.draw(st.booleans()), compression=data.draw(st.sampled_from(["zstd", "snappy", "none"])),
        data_page_version=data.draw(st.sampled_from(["1.0", "2.0"])),
    )  # fmt: skip
    check(
        "parquet",
        {"path": "t.parquet"},
        context,
        [tuple(row.values()) for row in table.to_pylist()],
    )


def _readable(data: bytes, codec: str) -> bool:
    try:
        data.decode(codec)
    except UnicodeDecodeError:
        return False
    return True


_PLAIN = st.text(st.characters(codec="gb18030", exclude_categories=("Cs", "Cc")), max_size=8)


@_quick
@given(tables(st.none() | _PLAIN, 30), st.data())
def test_dbf(where: tuple[Path, kinds.ReadContext], table: Table, data: st.DataObject) -> None:
    """Texts cut to the width of their field, as dBase does: half a character sets a row aside."""
    files, context = where
    width = len(names(table, 1))
    more = [F("N", "N", 12, 2), F("D", "D", 8)]
    fields = [F(f"C{n}", "C", 6 if n else 8) for n in range(width)] + more
    records, expected, broken = [], [], 0
    for row in table:
        cut = [
            (text or "").encode("gb18030")[: one.length]
            for text, one in zip(row, fields, strict=False)
        ]
        number = data.draw(st.none() | st.decimals(-99999, 99999, places=2))
        day = data.draw(st.none() | st.dates(date(1, 1, 1)))
        deleted = data.draw(st.sampled_from([False, False, False, True]))
        shown = [
            "" if number is None else f"{number:.2f}",
            "" if day is None else f"{day:%4Y%m%d}".rjust(8, "0"),
        ]
        records.append(record(fields, *cut, *shown, flag=b"*" if deleted else b" "))
        if deleted:
            continue
        if not all(_readable(one.rstrip(b" "), "gb18030") for one in cut):
            broken += 1
            continue
        texts = [one.decode("gb18030").rstrip(" ") or None for one in cut]
        expected.append((*texts, None if number is None else Decimal(number), day))
    (files / "t.dbf").write_bytes(dbf(fields, records))
    source = replace(found("dbf", {"path": "t.dbf"}, context)["t"], key=("C0",))
    seen = whole("dbf", {"path": "t.dbf"}, source, context)
    assert seen.rows == expected
    assert [one.reason for one in seen.rejects] == ["encoding"] * broken
    assert seen.control.rows == len(expected) + broken == source.estimated_rows
    seen.assert_accounted()


@_quick
@given(
    tables(st.none() | _PLAIN, 30), st.sampled_from(["gb18030", "utf-8"]),
    st.sampled_from(["bytes", "characters"]), st.sampled_from(["\n", "\r\n", ""]),
)  # fmt: skip
def test_fixed_width(
    where: tuple[Path, kinds.ReadContext], table: Table, encoding: str, unit: str, end: str
) -> None:
    files, context = where
    if not table:
        return
    width = 34 if unit == "bytes" else 9
    lines = [
        b"".join(
            (one or "").encode(encoding).ljust(width) if unit == "bytes" else (one or "").ljust(width).encode(encoding)
            for one in row
        )
        for row in table
    ]  # fmt: skip
    (files / "t.txt").write_bytes(end.encode().join(lines) + end.encode())
    fields = [
        {"name": name, "start": 1 + number * width, "length": width}
        for number, name in enumerate(names(table, 1))
    ]
    block = {
        "path": "t.txt",
        "fields": fields,
        "unit": unit,
        "encoding": encoding,
        "newline": bool(end),
    }
    expected = [tuple((one or "").strip(" ") or None for one in row) for row in table]
    check("fixed_width", block, context, expected)


def _fit_for_openpyxl(text: str) -> bool:
    """It takes some texts for formulas or errors, and marks no blanks as meant in a text of
    blanks alone; so says nothing of them."""
    plain = not text.startswith(("=", "#")) and not re.search("_x[0-9A-Fa-f]{4}_", text)
    return plain and (not text or bool(text.strip()))


_CELL = st.one_of(
    st.none(),
    _TEXT.filter(_fit_for_openpyxl),
    st.integers(-(2**53) + 1, 2**53 - 1),
    st.decimals(-(10**9), 10**9, places=2).map(float),
    st.booleans(),
    st.dates(date(1900, 3, 1)),
    st.datetimes(datetime(1900, 3, 1), datetime(9999, 12, 30)).map(lambda one: one.replace(microsecond=0)),
)  # fmt: skip


def cell_text(value: Any) -> str | None:
    """What a sheet shows, by rules of our own: dates at midnight have no time."""
    if value is None or value == "":
        return None
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, datetime):
        return str(value.date()) if value.time() == datetime.min.time() else str(value)
    if isinstance(value, float):
        return str(int(value)) if value == int(value) else f"{Decimal(repr(value)):f}"
    return str(value)


def _expected(table: Sequence[Row]) -> Table:
    return [tuple(cell_text(one) for one in row) for row in table]


@_quick
@given(tables(_CELL))
def test_xlsx(where: tuple[Path, kinds.ReadContext], table: Table) -> None:
    files, context = where
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.append(names(table, 2))
    for row in table:
        sheet.append(row)
    book.save(files / "t.xlsx")
    check("workbook", {"path": "t.xlsx"}, context, _expected(table))


@_quick
@given(tables(_CELL))
def test_xls(where: tuple[Path, kinds.ReadContext], table: Table) -> None:
    files, context = where
    book = xlwt.Workbook(encoding="utf-8")
    sheet = book.add_sheet("表")
    day = xlwt.easyxf(num_format_str="YYYY-MM-DD")
    moment = xlwt.easyxf(num_format_str="YYYY-MM-DD HH:MM:SS")
    for at, row in enumerate([tuple(names(table, 2)), *table]):
        for place, value in enumerate(row):
            if isinstance(value, datetime):
                sheet.write(at, place, value, moment)
            elif isinstance(value, date):
                sheet.write(at, place, value, day)
            elif value is not None:
                sheet.write(at, place, value)
    book.save(str(files / "t.xls"))
    check("workbook", {"path": "t.xls"}, context, _expected(table))
