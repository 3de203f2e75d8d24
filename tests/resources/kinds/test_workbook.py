"""Workbooks as agencies send them: titles, headers of several rows, footers, odd cells."""

import io
import zipfile
from collections.abc import Callable
from dataclasses import replace
from datetime import date, datetime, time, timedelta
from pathlib import Path
from typing import Any

import openpyxl
import pytest
import xlwt
from openpyxl.worksheet.worksheet import Worksheet

from haina.kernel.errors import HainaError
from haina.resources.collect import kinds
from haina.resources.collect.kinds.files.workbook import worksheet
from tests.resources.kinds.reading import Whole, found, whole

Fill = Callable[[Worksheet], None]


def make(path: Path, *rows: list[Any], fill: Fill | None = None, epoch: Any = None) -> None:
    book = openpyxl.Workbook()
    if epoch is not None:
        book.epoch = epoch
    sheet = book.active
    assert sheet is not None
    for row in rows:
        sheet.append(row)
    if fill is not None:
        fill(sheet)
    book.save(path)


def read(files: Path, context: kinds.ReadContext, **block: Any) -> Whole:
    return whole("workbook", {"path": "t.xlsx", **block}, "t", context)


def typed(files: Path, context: kinds.ReadContext, types: dict[str, str], **block: Any) -> Whole:
    """Read with other lake types than text."""
    table = found("workbook", {"path": "t.xlsx", **block}, context)["t"]
    columns = tuple(
        replace(one, lake_type=types.get(one.name, one.lake_type)) for one in table.columns
    )
    return whole("workbook", {"path": "t.xlsx", **block}, replace(table, columns=columns), context)


def bad(found: Whole) -> list[tuple[int | None, str | None, str]]:
    return [(one.line, one.column, one.reason) for one in found.rejects]


def test_title_header_of_two_rows_and_footers(files: Path, context: kinds.ReadContext) -> None:
    def fill(sheet: Worksheet) -> None:
        for merged in ("A1:E1", "A3:A4", "B3:C3", "D3:D4", "E3:E4", "A9:E9"):
            sheet.merge_cells(merged)

    make(
        files / "t.xlsx",
        ["武清区人口情况表"],
        ["填报单位:民政局", None, "日期:", date(2024, 1, 31)],
        ["编号", "姓名", None, "备\n注", "金额"],
        [None, "姓", "名", None, None],
        ["001", "张", "三", "x", 1.5],
        [],
        ["002", "李", "四", None, 2],
        ["合计", None, None, None, 3.5],
        ["以上数据截至月末"],
        ["填表人:王五", None, "审核人:"],
        fill=fill,
    )
    seen = read(files, context)
    assert seen.table.column_names == ["编号", "姓名_姓", "姓名_名", "备注", "金额"]
    assert seen.rows == [("001", "张", "三", "x", "1.5"), ("002", "李", "四", None, "2")]
    assert bad(seen) == [(8, None, "footer"), (9, None, "footer"), (10, None, "footer")]
    assert seen.rejects[0].raw == "合计\t\t\t\t3.5"
    assert seen.control.rows == 5
    assert seen.source.estimated_rows == 6
    kind = kinds.get("workbook")
    told = kinds.preview(kind, kind.connection(path="t.xlsx"), seen.source, 1, context=context)
    assert told.rows.num_rows == 1
    assert told.footers == ((8, "合计"), (9, "说明"), (10, "填表人"))


def test_values_keep_every_digit(files: Path, context: kinds.ReadContext) -> None:
    values = [
        ("00123", "00123"), (120000000000, "120000000000"), (0.1, "0.1"), (1e-7, "0.0000001"),
        (-2.50, "-2.5"), (True, "true"), (date(2024, 1, 2), "2024-01-02"),
        (datetime(2024, 1, 2, 3, 4, 5), "2024-01-02 03:04:05"), (time(8, 30), "08:30:00"),
        (timedelta(hours=30, minutes=5), "30:05:00"), ("\u00a0甲 \u3000", "\u00a0甲 \u3000"),
        ("𠮷", "𠮷"), (9007199254740991, "9007199254740991"),
    ]  # fmt: skip
    make(files / "t.xlsx", ["k", "v"], *([number, one] for number, (one, _) in enumerate(values)))
    seen = read(files, context)
    assert [row[1] for row in seen.rows] == [text for _, text in values]
    assert seen.rejects == []


def test_an_identity_number_kept_as_a_number_is_set_aside(
    files: Path, context: kinds.ReadContext
) -> None:
    make(files / "t.xlsx", ["身份证", "n"], [120114199003078888, 1], ["120114199003078888", 2])
    seen = read(files, context)
    assert seen.rows == [("120114199003078888", "2")]
    assert bad(seen) == [(2, "身份证", "digits_lost")]
    as_double = typed(files, context, {"身份证": "double"})
    assert len(as_double.rows) == 2


def test_error_cells_and_formulas_without_value(files: Path, context: kinds.ReadContext) -> None:
    make(files / "t.xlsx", ["a", "b"], ["#N/A", 1], ["x", "=1+1"], ["#DIV/0!", None], ["好", 2])
    seen = read(files, context)
    assert seen.rows == [("好", "2")]
    assert bad(seen) == [(2, "a", "error_cell"), (3, "b", "formula_cell"), (4, "a", "error_cell")]
    assert seen.control.rows == 4


def test_errors_in_columns_that_are_not_chosen_do_not_matter(
    files: Path, context: kinds.ReadContext
) -> None:
    make(files / "t.xlsx", ["a", "b"], ["#N/A", 1])
    seen = whole("workbook", {"path": "t.xlsx"}, "t", context, columns=["b"])
    assert (seen.rows, seen.rejects) == ([("1",)], [])


def test_a_computed_empty_text_is_no_missing_value(files: Path, context: kinds.ReadContext) -> None:
    make(files / "t.xlsx", ["a", "b"], ["x", "=1"])
    cell = b'<c r="B2" t="str"><f>IF(1,"","x")</f><v></v></c>'
    patch(files / "t.xlsx", "xl/worksheets/sheet1.xml", rb'<c r="B2"[^>]*>.*?</c>', cell)
    assert read(files, context).rows == [("x", None)]


def patch(path: Path, part: str, pattern: bytes, by: bytes) -> None:
    """Rewrite a part of a workbook."""
    import re

    out = io.BytesIO()
    with zipfile.ZipFile(path) as old, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            data = old.read(name)
            if name == part:
                data, count = re.subn(pattern, lambda _: by, data, flags=re.DOTALL)
                assert count
            new.writestr(name, data)
    path.write_bytes(out.getvalue())


@pytest.mark.parametrize("epoch", ["1900", "1904"])
def test_serials_are_dates_only_where_a_date_is_wanted(
    epoch: str, files: Path, context: kinds.ReadContext
) -> None:
    from openpyxl.utils.datetime import CALENDAR_MAC_1904, CALENDAR_WINDOWS_1900, to_excel

    base = CALENDAR_MAC_1904 if epoch == "1904" else CALENDAR_WINDOWS_1900
    wanted = date(2024, 2, 29)
    serial, moment = (
        to_excel(one, base)  # type: ignore[no-untyped-call]
        for one in (wanted, datetime(2024, 2, 29, 18, 0))
    )
    make(
        files / "t.xlsx", ["日期", "时刻"], [wanted, serial], [serial, moment], ["未知", 1],
        epoch=base,
    )  # fmt: skip
    assert read(files, context).rows[0] == ("2024-02-29", str(int(serial)))
    seen = typed(files, context, {"日期": "date", "时刻": "timestamp_ntz"})
    assert seen.rows == [
        (wanted, datetime(2024, 2, 29)),
        (wanted, datetime(2024, 2, 29, 18, 0)),
    ]
    assert bad(seen) == [(4, "日期", "not_date")]


def test_the_day_that_never_was(files: Path, context: kinds.ReadContext) -> None:
    make(files / "t.xlsx", ["d", "x"], [59, 1], [60, 1], [61, 1], [-1, 1], [2958466, 1])
    seen = typed(files, context, {"d": "date"})
    assert [row[0] for row in seen.rows] == [date(1900, 2, 28), date(1900, 3, 1)]
    assert [one.reason for one in seen.rejects] == ["not_date", "out_of_range", "out_of_range"]


def test_a_sheet_that_does_not_begin_at_its_corner(files: Path, context: kinds.ReadContext) -> None:
    def fill(sheet: Worksheet) -> None:
        rows: list[list[Any]] = [["a", "b"], [1, 2], [3, "#N/A"]]
        for row, values in enumerate(rows, 4):
            for column, value in enumerate(values, 3):
                sheet.cell(row, column, value)

    make(files / "t.xlsx", fill=fill)
    seen = read(files, context)
    assert seen.table.column_names == ["a", "b"]
    assert seen.rows == [("1", "2")]
    assert bad(seen) == [(6, "b", "error_cell")]


def test_nameless_columns_that_hold_something_are_kept(
    files: Path, context: kinds.ReadContext
) -> None:
    rows = [[number, None, None, "z"] for number in range(300)]
    rows[250][1] = "迟到"
    make(files / "t.xlsx", ["a", None, None, "a"], *rows)
    seen = read(files, context)
    assert seen.table.column_names == ["a", "列2", "a_2"]
    assert seen.rows[250] == ("250", "迟到", "z")


def test_sheets_are_tables_and_hidden_ones_are_said(
    files: Path, context: kinds.ReadContext
) -> None:
    book = openpyxl.Workbook()
    for name, state in (("人口", "visible"), ("密#表", "hidden"), ("空", "visible")):
        sheet = book.create_sheet(name)
        sheet.sheet_state = state
        if name != "空":
            sheet.append(["a", "b"])
            sheet.append([name, 1])
    book.save(files / "t.xlsx")
    tables = found("workbook", {"path": "t.xlsx"}, context)
    assert {name: one.comment for name, one in tables.items()} == {
        "t#人口": None, "t#密#表": "隐藏的工作表",
    }  # fmt: skip
    for name in ("人口", "密#表"):
        assert whole("workbook", {"path": "t.xlsx"}, f"t#{name}", context).rows == [(name, "1")]
    assert list(found("workbook", {"path": "t.xlsx", "sheet": "人口"}, context)) == ["t"]
    with pytest.raises(HainaError, match="没有工作表"):
        kind = kinds.get("workbook")
        kind.test(kind.connection(path="t.xlsx", sheet="无"), context)


def test_declared_headers(files: Path, context: kinds.ReadContext) -> None:
    make(files / "t.xlsx", ["说明文字", "不是表头"], ["甲", "乙"], ["x", "y"], [1, 2])
    assert read(files, context).table.column_names == ["说明文字", "不是表头"]
    told = read(files, context, header_from=2, header_rows=2)
    assert told.table.column_names == ["甲_x", "乙_y"]
    assert told.rows == [("1", "2")]
    none = read(files, context, header_rows=0)
    assert none.table.column_names == ["列1", "列2"]
    assert len(none.rows) == 4


def test_a_row_of_data_is_not_taken_for_a_header(files: Path, context: kinds.ReadContext) -> None:
    make(
        files / "t.xlsx", ["a", "b", None], ["甲", "乙", "丙"], ["丁", "戊", "己"],
        fill=lambda sheet: sheet.merge_cells("B1:C1"),
    )  # fmt: skip
    seen = read(files, context)
    assert [row[0] for row in seen.rows] == ["甲", "丁"]
    assert seen.table.column_names == ["a", "b", "b_2"]


def xls(path: Path, rows: list[list[Any]], *, dates_1904: bool = False) -> None:
    book = xlwt.Workbook()
    book.dates_1904 = dates_1904
    sheet = book.add_sheet("人口")
    day = xlwt.easyxf(num_format_str="YYYY-MM-DD")
    for at, row in enumerate(rows):
        for place, value in enumerate(row):
            style = (day,) if isinstance(value, date) else ()
            if isinstance(value, str) and value.startswith("#"):
                sheet.row(at).set_cell_error(place, value)
            elif value is not None:
                sheet.write(at, place, value, *style)
    book.save(str(path))


@pytest.mark.parametrize("name", ["t.xls", "t.et"])
@pytest.mark.parametrize("dates_1904", [False, True])
def test_old_workbooks(
    name: str, dates_1904: bool, files: Path, context: kinds.ReadContext
) -> None:
    rows: list[list[Any]] = [
        ["姓名", "日期", "数"],
        ["张三𠮷", date(2024, 1, 2), 12.5],
        ["x", None, "#REF!"],
    ]
    xls(files / name, rows, dates_1904=dates_1904)
    seen = whole("workbook", {"path": name}, "t", context)
    assert seen.rows == [("张三𠮷", "2024-01-02", "12.5")]
    assert bad(seen) == [(3, "数", "error_cell")]


_ODS = """<?xml version="1.0" encoding="UTF-8"?>
<office:document-content xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0"
 xmlns:table="urn:oasis:names:tc:opendocument:xmlns:table:1.0"
 xmlns:calcext="urn:org:documentfoundation:names:experimental:calc:xmlns:calcext:1.0"
 xmlns:text="urn:oasis:names:tc:opendocument:xmlns:text:1.0">
<office:body><office:spreadsheet>{tables}</office:spreadsheet></office:body>
</office:document-content>"""


def ods(path: Path, tables: str) -> None:
    with zipfile.ZipFile(path, "w") as out:
        out.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet")
        out.writestr("content.xml", _ODS.format(tables=tables))
        out.writestr(
            "META-INF/manifest.xml",
            '<?xml version="1.0"?><manifest:manifest '
            'xmlns:manifest="urn:oasis:names:tc:opendocument:xmlns:manifest:1.0"/>',
        )


def ods_text(value: str, more: str = "") -> str:
    return (
        f'<table:table-cell office:value-type="string" {more}><text:p>{value}</text:p>'
        "</table:table-cell>"
    )


def ods_number(value: float) -> str:
    return (
        f'<table:table-cell office:value-type="float" office:value="{value}"><text:p>{value}'
        "</text:p></table:table-cell>"
    )


def ods_row(*cells: str, more: str = "") -> str:
    return f"<table:table-row {more}>{''.join(cells)}</table:table-row>"


def test_open_document(files: Path, context: kinds.ReadContext) -> None:
    far = '<table:table-cell table:number-columns-repeated="16380"/>'
    rows = [
        ods_row(ods_text("姓名"), ods_text("数"), far),
        ods_row(ods_text("张三"), ods_number(12.5), far),
        ods_row(ods_text("李四"), ods_text("#N/A", 'calcext:value-type="error"')),
        ods_row(far, more='table:number-rows-repeated="1048570"'),
    ]
    ods(files / "t.ods", f'<table:table table:name="人口">{"".join(rows)}</table:table>')
    seen = whole("workbook", {"path": "t.ods"}, "t", context)
    assert seen.rows == [("张三", "12.5")]
    assert bad(seen) == [(3, "数", "error_cell")]


def test_html_named_xls_is_said(files: Path, context: kinds.ReadContext) -> None:
    (files / "t.xls").write_text("<html><body><table><tr><td>1</td></tr></table></body></html>")
    kind = kinds.get("workbook")
    with pytest.raises(HainaError) as wrong:
        kind.test(kind.connection(path="t.xls"), context)
    assert wrong.value.code == "wrong_file_format"
    assert "HTML" in wrong.value.message


def test_odd_cells_are_found_wherever_they_are_written(
    files: Path, context: kinds.ReadContext
) -> None:
    """Attributes in another order and in other quotes, tags with a prefix."""
    cells = (
        "<x:row r='1'><x:c r='A1' t='inlineStr'><x:is><x:t>a</x:t></x:is></x:c>"
        "<x:c t='inlineStr' r='B1'><x:is><x:t>b</x:t></x:is></x:c></x:row>"
        "<x:row r='2'><x:c t = 'e' r = 'A2'><x:v>#N/A</x:v></x:c><x:c r='B2'><x:v>1</x:v></x:c></x:row>"
        "<x:row r='3'><x:c r='A3'><x:v>3</x:v></x:c><x:c s='0' r='B3'><x:f>1+1</x:f></x:c></x:row>"
        "<x:row r='4'><x:c r='A4'><x:v>4</x:v></x:c><x:c r='B4'><x:v>2</x:v></x:c></x:row>"
    )
    space = 'xmlns:x="http://schemas.openxmlformats.org/spreadsheetml/2006/main"'
    part = f"<x:worksheet {space}><x:sheetData>{cells}</x:sheetData></x:worksheet>"
    make(files / "t.xlsx", ["a"])
    patch(files / "t.xlsx", "xl/worksheets/sheet1.xml", rb"^.*$", part.encode())
    seen = read(files, context)
    assert seen.rows == [("4", "2")]
    assert bad(seen) == [(2, "a", "error_cell"), (3, "b", "formula_cell")]


@pytest.mark.parametrize("window", [1, 100_000])
def test_odd_cells_of_a_long_sheet(
    window: int, files: Path, context: kinds.ReadContext, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(worksheet, "_WINDOW", window)
    odd = {7, 4_000, 9_999, 14_999}
    rows = ["#REF!" if number in odd else number for number in range(15_000)]
    make(files / "t.xlsx", ["n", "t"], *([one, f"text {one}" * 9] for one in rows))
    seen = read(files, context)
    assert [one.line for one in seen.rejects] == [number + 2 for number in sorted(odd)]
    assert len(seen.rows) == 15_000 - len(odd)


def test_a_workbook_changed_while_it_is_read(files: Path, context: kinds.ReadContext) -> None:
    make(files / "t.xlsx", ["a"], [1])
    kind = kinds.get("workbook")
    connection = kind.connection(path="t.xlsx")
    (table,) = kind.discover(connection, context)
    with (
        pytest.raises(HainaError) as changed,
        kind.read(connection, table, context=context) as reading,
    ):
        for _ in reading.batches():
            make(files / "t.xlsx", ["a"], [2], [3])
    assert changed.value.code == "source_changed"
