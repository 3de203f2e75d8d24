"""Files made to hurt: each a way to make one, how it is read, and what must come of it.

Run as a program with a folder and the names of cases, this reads them under limits of memory and
time, and prints what came of each as a line of JSON. An outcome is the code of an error, or
"read" with the reasons of rejected rows.
"""

import io
import json
import os
import random
import re
import resource
import signal
import stat
import struct
import sys
import time
import zipfile
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from tests.resources.kinds.dbf_files import F, dbf, record

MEGABYTE = 1024 * 1024
MEMORY = 1500 * MEGABYTE
SECONDS = 25
_RUINS = 24


@dataclass(frozen=True)
class Case:
    """`make` writes into a folder; `during` is done after the first batch was read."""

    kind: str
    file: str
    make: Callable[[Path], None]
    outcome: str
    block: dict[str, Any] = field(default_factory=dict)
    during: Callable[[Path], None] | None = None
    ruin: bool = False  # cut off and damaged at random places, again and again


Data = bytes | str | Callable[[], bytes]


def _bytes(data: Data) -> bytes:
    """Large ones are made when they are needed: the reading process makes none."""
    if isinstance(data, str):
        return data.encode()
    return data if isinstance(data, bytes) else data()


def text(data: Data) -> Callable[[Path], None]:
    def make(path: Path) -> None:
        path.write_bytes(_bytes(data))

    return make


def sparse(head: bytes, size: int) -> Callable[[Path], None]:
    """A file with a hole in it: gigabytes that take no room."""

    def make(path: Path) -> None:
        with path.open("wb") as out:
            out.write(head)
            out.truncate(size)

    return make


def zipped(members: Mapping[str, Data], how: int = zipfile.ZIP_DEFLATED) -> Callable[[Path], None]:
    def make(path: Path) -> None:
        with zipfile.ZipFile(path, "w", how) as out:
            for name, data in members.items():
                out.writestr(name, _bytes(data))

    return make


def edited(
    make: Callable[[Path], None], edit: Callable[[bytearray], None]
) -> Callable[[Path], None]:
    def both(path: Path) -> None:
        make(path)
        data = bytearray(path.read_bytes())
        edit(data)
        path.write_bytes(bytes(data))

    return both


def put(
    mark: bytes, offset: int, value: bytes, *, last: bool = False
) -> Callable[[bytearray], None]:
    """Overwrite bytes behind the first (or last) place of a mark."""

    def edit(data: bytearray) -> None:
        place = (data.rindex if last else data.index)(mark) + offset
        data[place : place + len(value)] = value

    return edit


def cut(share: float) -> Callable[[bytearray], None]:
    def edit(data: bytearray) -> None:
        del data[int(len(data) * share) :]

    return edit


def claiming(sizes: int) -> Callable[[bytearray], None]:
    """All members of a zip claim to be so large."""

    def edit(data: bytearray) -> None:
        for found in re.finditer(rb"PK\x01\x02", bytes(data)):
            data[found.start() + 24 : found.start() + 28] = struct.pack("<I", sizes)

    return edit


def xlsx(parts: Mapping[str, Data] | None = None) -> Callable[[Path], None]:
    """A small workbook with other parts in place of its own."""
    every = {
        "[Content_Types].xml": _CONTENT_TYPES,
        "_rels/.rels": _ROOT_RELS,
        "xl/workbook.xml": _BOOK,
        "xl/_rels/workbook.xml.rels": _BOOK_RELS,
        "xl/worksheets/sheet1.xml": sheet(_TWO_ROWS),
        "xl/sharedStrings.xml": shared(["a"]),
    }
    return zipped({**every, **(parts or {})})


def sheet(rows: str) -> bytes:
    return f'{_XML}<worksheet xmlns="{_MAIN}"><sheetData>{rows}</sheetData></worksheet>'.encode()


def shared(texts: list[str]) -> bytes:
    body = "".join(f"<si><t>{one}</t></si>" for one in texts)
    return f'{_XML}<sst xmlns="{_MAIN}">{body}</sst>'.encode()


_XML = '<?xml version="1.0" encoding="UTF-8"?>'
_MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_PACKAGE = "http://schemas.openxmlformats.org/package/2006"
_TWO_ROWS = (
    '<row r="1"><c r="A1" t="inlineStr"><is><t>a</t></is></c></row>'
    '<row r="2"><c r="A2"><v>1</v></c></row>'
)
_CONTENT_TYPES = (
    f'{_XML}<Types xmlns="{_PACKAGE}/content-types">'
    '<Default Extension="xml" ContentType="application/xml"/></Types>'
).encode()
_ROOT_RELS = (
    f'{_XML}<Relationships xmlns="{_PACKAGE}/relationships"><Relationship Id="r1" '
    f'Type="{_OFFICE}/officeDocument" Target="xl/workbook.xml"/></Relationships>'
).encode()
_BOOK = (
    f'{_XML}<workbook xmlns="{_MAIN}" xmlns:r="{_OFFICE}"><sheets>'
    '<sheet name="S" sheetId="1" r:id="r1"/></sheets></workbook>'
).encode()
_BOOK_RELS = (
    f'{_XML}<Relationships xmlns="{_PACKAGE}/relationships"><Relationship Id="r1" '
    f'Type="{_OFFICE}/worksheet" Target="worksheets/sheet1.xml"/><Relationship Id="r2" '
    f'Type="{_OFFICE}/sharedStrings" Target="sharedStrings.xml"/></Relationships>'
).encode()
_XXE = '<?xml version="1.0"?><!DOCTYPE x [<!ENTITY e SYSTEM "file:///etc/passwd">]>'
_LAUGHS = (
    '<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a0 "ha">'
    + "".join(f'<!ENTITY a{n} "{f"&a{n - 1};" * 10}">' for n in range(1, 10))
    + "]>"
)


def _external() -> bytes:
    rows = '<row r="1"><c r="A1" t="inlineStr"><is><t>a</t></is></c></row><row r="2"><c r="A2"><f>[1]S!A1</f><v>7</v></c></row>'
    return sheet(rows)


def _xls(path: Path) -> None:
    import xlwt

    book = xlwt.Workbook()
    one = book.add_sheet("S")
    for row in range(2000):
        one.write(row, 0, f"x{row}")
        one.write(row, 1, 7.25)
    book.save(str(path))


def _far_xls(data: bytearray) -> None:
    """A cell of a number moved to the last row and column that a record can name."""
    place = data.index(struct.pack("<HHH", 0x027E, 10, 1000))
    data[place + 4 : place + 8] = b"\xff\xff\xff\xff"


def _xls_in_a_ring(data: bytearray) -> None:
    """A sector that is followed by itself."""
    fat = (struct.unpack_from("<I", data, 76)[0] + 1) * 512
    for place in range(8):
        data[fat + 4 * place : fat + 4 * place + 4] = struct.pack("<I", place)


def _ods(body: str, prolog: str = _XML) -> Callable[[Path], None]:
    spaces = " ".join(
        f'xmlns:{name}="urn:oasis:names:tc:opendocument:xmlns:{name}:1.0"'
        for name in ("office", "table", "text")
    )
    content = (
        f"{prolog}<office:document-content {spaces}><office:body><office:spreadsheet>"
        f'<table:table table:name="S">{body}</table:table>'
        "</office:spreadsheet></office:body></office:document-content>"
    )
    return zipped(
        {
            "mimetype": b"application/vnd.oasis.opendocument.spreadsheet",
            "content.xml": content.encode(),
            "META-INF/manifest.xml": _MANIFEST,
        }
    )


_MANIFEST = (
    f'{_XML}<manifest:manifest xmlns:manifest="urn:oasis:names:tc:opendocument:xmlns:manifest:1.0"/>'
).encode()
_ODS_CELL = '<table:table-cell {} office:value-type="string"><text:p>x</text:p></table:table-cell>'
_ODS_FAR = (
    '<table:table-row table:number-rows-repeated="1000000">'
    + _ODS_CELL.format('table:number-columns-repeated="10000"')
    + "</table:table-row>"
)


def _parquet(**columns: Any) -> Callable[[Path], None]:
    def make(path: Path) -> None:
        import pyarrow as pa
        import pyarrow.parquet as pq

        pq.write_table(
            pa.table(columns or {"n": list(range(100)), "t": ["x"] * 100}), path,
            data_page_size=2**31 - 1, use_dictionary=False,
        )  # fmt: skip

    return make


def _wide_parquet(count: int) -> Callable[[Path], None]:
    return _parquet(**{f"c{n}": [1] for n in range(count)})


def _page_bomb(path: Path) -> None:
    import pyarrow as pa

    _parquet(t=pa.array([bytes(260 * MEGABYTE)], pa.large_binary()))(path)


def _more_rows(data: bytearray) -> None:
    """The footer says 101 rows where there are 100."""
    footer = len(data) - 8 - int.from_bytes(data[-8:-4], "little")
    place = data.index(b"\x16\xc8\x01", footer)
    data[place + 1] = 0xCA


def _far_page(data: bytearray) -> None:
    """Lengths of the first page are made nonsense."""
    data[5:9] = b"\xff\xff\xff\xff"


_FIELDS = (F("A", "C", 5), F("B", "N", 5))
_RECORDS = [record(_FIELDS, "x", "1")] * 500


def _memo_bomb(path: Path) -> None:
    fields = (F("M", "M", 10),)
    path.write_bytes(dbf(fields, [record(fields, "8".rjust(10))] * 30_000, version=0xF5))
    memo = struct.pack(">IHH", 0, 0, 64).ljust(512, b"\0") + struct.pack(">II", 1, 3 * MEGABYTE)
    path.with_suffix(".fpt").write_bytes(memo + b"x" * 3 * MEGABYTE)


def _link(target: str) -> Callable[[Path], None]:
    return lambda path: path.symlink_to(target)


def _link_in_zip(path: Path) -> None:
    info = zipfile.ZipInfo("t.csv")
    info.external_attr = (stat.S_IFLNK | 0o777) << 16
    with zipfile.ZipFile(path, "w") as out:
        out.writestr(info, "/etc/passwd")


def _encrypted(data: bytearray) -> None:
    for mark, place in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        data[data.index(mark) + place] |= 1


def _many(count: int) -> dict[str, bytes]:
    return {f"{number}.csv": b"" for number in range(count)}


def _long_csv(path: Path) -> None:
    path.write_bytes(b"a,b\n" + b"1,2\n" * 3_000_000)


def _append(path: Path) -> None:
    with path.open("ab") as out:
        out.write(b"9,9\n")


def _million_columns() -> bytes:
    return (",".join(f"c{number}" for number in range(1_000_000)) + "\n").encode()


def _inner_zip() -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as packed:
        packed.writestr("a.csv", bytes(10 * MEGABYTE))
    return out.getvalue()


_BIG_TEXT = "x" * 30_000
_BIG_ROWS = '<row r="1"><c r="A1" t="s"><v>0</v></c></row>' + "".join(
    f'<row r="{row}"><c r="A{row}" t="s"><v>0</v></c></row>' for row in range(2, 60_000)
)
_FIXED = {"fields": [{"name": "a", "start": 1, "length": 10}]}
_GBK = "张三,天津市武清区杨村街道\n".encode("gb18030")
_UTF8 = "李四,天津市武清区下朱庄街道\n".encode()

CASES: dict[str, Case] = {
    "zip of one ratio": Case("csv", "t.zip", zipped({"t.csv": lambda: bytes(64 * MEGABYTE)}), "archive_too_large"),
    "zip that claims terabytes": Case("csv", "t.zip", edited(zipped({f"{n}.csv": b"a\n" for n in range(9)}), claiming(0xFFFFFFF0)), "archive_too_large"),
    "zip of overlapping entries": Case("csv", "t.zip", edited(zipped({"a.csv": b"a\n", "b.csv": b"a\n"}), put(b"PK\x01\x02", 42, bytes(4), last=True)), "archive_unsafe"),
    "zip of many members": Case("csv", "t.zip", zipped(_many(20_000)), "archive_too_large"),
    "zip in zip": Case("csv", "t.zip", zipped({"t.csv": b"a\n", "b.zip": _inner_zip()}), "archive_nested"),
    "zip that lies of sizes": Case("csv", "t.zip", edited(zipped({"t.csv": lambda: b"a\n" * 9_000_000}), claiming(2)), "archive_unsafe"),
    "zip that leads out": Case("csv", "t.zip", zipped({"../../t.csv": b"a\n"}), "archive_unsafe"),
    "zip with a link": Case("csv", "t.zip", _link_in_zip, "archive_unsafe"),
    "zip with a password": Case("csv", "t.zip", edited(zipped({"t.csv": b"a\n"}), _encrypted), "archive_encrypted"),
    "zip of nothing": Case("csv", "t.zip", text(b""), "file_broken"),
    "zip with an endless directory": Case("csv", "t.zip", edited(zipped({"t.csv": b"a\n"}), put(b"PK\x05\x06", 12, struct.pack("<I", 2**31), last=True)), "archive_too_large"),
    "zip cut off": Case("csv", "t.zip", edited(zipped({"t.csv": os.urandom(10_000)}), cut(0.5)), "file_broken"),
    "xlsx as a bomb": Case("workbook", "t.xlsx", edited(xlsx(), claiming(2**31 - 1)), "archive_too_large"),
    "xlsx with a small bomb": Case("workbook", "t.xlsx", xlsx({"xl/sharedStrings.xml": lambda: shared([" " * 100 * MEGABYTE])}), "archive_too_large"),
    "xlsx that lies of sizes": Case("workbook", "t.xlsx", edited(xlsx({"xl/sharedStrings.xml": lambda: shared(["x" * 90 * MEGABYTE])}), put(b"PK\x01\x02", 24, struct.pack("<I", 300), last=True)), "archive_unsafe"),
    "xxe in shared strings": Case("workbook", "t.xlsx", xlsx({"xl/sharedStrings.xml": (_XXE + f'<sst xmlns="{_MAIN}"><si><t>&e;</t></si></sst>').encode()}), "file_unsafe"),
    "laughs in workbook.xml": Case("workbook", "t.xlsx", xlsx({"xl/workbook.xml": _LAUGHS.encode() + _BOOK[len(_XML):]}), "file_unsafe"),
    "laughs in a sheet behind comments": Case("workbook", "t.xlsx", xlsx({"xl/worksheets/sheet1.xml": b"<!-- <a> -->" + _LAUGHS.encode() + sheet(_TWO_ROWS)[len(_XML):]}), "file_unsafe"),
    "a prolog without end": Case("workbook", "t.xlsx", xlsx({"xl/worksheets/sheet1.xml": b"<!--" + os.urandom(200_000).hex().encode() + b"-->" + sheet(_TWO_ROWS)}), "file_broken"),
    "laughs in an ods": Case("workbook", "t.ods", _ods("&a9;", _LAUGHS), "file_unsafe"),
    "external link": Case("workbook", "t.xlsx", xlsx({"xl/worksheets/sheet1.xml": _external()}), "read"),
    "xlsx with a cell at its far end": Case("workbook", "t.xlsx", xlsx({"xl/worksheets/sheet1.xml": sheet(_TWO_ROWS + '<row r="1048576"><c r="XFD1048576"><v>1</v></c></row>')}), "file_too_large"),
    "xlsx with a far cell written otherwise": Case("workbook", "t.xlsx", xlsx({"xl/worksheets/sheet1.xml": sheet(_TWO_ROWS + "<row><c s='1' r = 'XFD1048576'><v>1</v></c></row>")}), "file_too_large"),
    "xlsx of 16,384 columns": Case("workbook", "t.xlsx", xlsx({"xl/worksheets/sheet1.xml": sheet('<row r="1"><c r="A1"><v>1</v></c><c r="XFD1"><v>1</v></c></row>')}), "too_many_columns"),
    "xlsx of cells without place": Case("workbook", "t.xlsx", xlsx({"xl/worksheets/sheet1.xml": sheet("<row>" + "<c><v>1</v></c>" * 1000 + "</row>")}), "file_broken"),
    "xlsx of one text named often": Case("workbook", "t.xlsx", xlsx({"xl/sharedStrings.xml": shared([_BIG_TEXT]), "xl/worksheets/sheet1.xml": sheet(_BIG_ROWS)}), "file_too_large"),
    "xlsx with two sheets of one name": Case("workbook", "t.xlsx", edited(xlsx({"xl/sharedStringX.xml": b"<a/>"}), put(b"xl/sharedStringX.xml", 0, b"xl/sharedStrings.xml", last=True)), "file_unsafe"),
    "xlsx cut off": Case("workbook", "t.xlsx", edited(xlsx(), cut(0.7)), "file_broken"),
    "xlsx that is csv": Case("workbook", "t.xlsx", text("a,b\n1,2\n"), "wrong_file_format"),
    "xls that is html": Case("workbook", "t.xls", text("\n<!DOCTYPE html><html><table>"), "wrong_file_format"),
    "xls that is xml 2003": Case("workbook", "t.xls", text('<?xml version="1.0"?><?mso-application progid="Excel.Sheet"?><Workbook/>'), "wrong_file_format"),
    "xls with a cell at its far end": Case("workbook", "t.xls", edited(_xls, _far_xls), "file_too_large"),
    "xls cut off": Case("workbook", "t.xls", edited(_xls, cut(0.5)), "file_broken"),
    "xls whose sectors run in a ring": Case("workbook", "t.xls", edited(_xls, _xls_in_a_ring), "file_broken"),
    "ods of repeated cells": Case("workbook", "t.ods", _ods(_ODS_FAR), "file_too_large"),
    "ods nested deeply": Case("workbook", "t.ods", _ods("<table:table-row>" * 50_000), "file_broken"),
    "workbook of nothing": Case("workbook", "t.xlsx", text(b""), "file_empty"),
    "workbook too large": Case("workbook", "t.xlsx", sparse(b"PK\x03\x04", 2**31), "file_too_large"),
    "csv that is a picture": Case("csv", "t.csv", text(b"\x89PNG\r\n\x1a\n" + os.urandom(5000)), "file_broken"),
    "txt that is pdf": Case("csv", "t.txt", text(b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n1 0 obj\n"), "file_broken"),
    "csv that is a program": Case("csv", "t.csv", text(b"\x7fELF\x02\x01\x01" + bytes(100)), "file_broken"),
    "csv that is a page of errors": Case("csv", "t.csv", text("<!DOCTYPE html><html>登录已失效</html>"), "file_broken"),
    "csv of a million columns": Case("csv", "t.csv", text(_million_columns), "too_many_columns"),
    "csv of a line of 2 GB": Case("csv", "t.csv", sparse(b"a,b\n1,", 2**31), "file_broken"),
    "csv whose header is 2 GB": Case("csv", "t.csv", sparse(b"a,b", 2**31), "file_broken"),
    "csv of a line of 80 MB": Case("csv", "t.csv", text(lambda: b"a,b\n1," + b"x" * 80 * MEGABYTE), "file_broken"),
    "csv with an endless quote": Case("csv", "t.csv", text(lambda: b'a,b\n1,"open\n' + b"2,x\n" * 2_000_000), "read unclosed_quote"),
    "csv whose quotes do not end in the header": Case("csv", "t.csv", text(lambda: b'"a,b\n' + b"2,x\n" * 2_000_000), "file_broken"),
    "csv with NULs": Case("csv", "t.csv", text(b"a,b\n1,2\n3,\0\n"), "read nul"),
    "csv of two encodings": Case("csv", "t.csv", text("名,址\n".encode("gb18030") + _GBK * 50 + _UTF8 + _GBK * 50), "read encoding"),
    "csv in UTF-16 without BOM": Case("csv", "t.csv", text("姓名,地址\n".encode("utf-16-le") + "a,b\n".encode("utf-16-le") * 99), "read"),
    "csv with a BOM within": Case("csv", "t.csv", text(b"\xef\xbb\xbf\xef\xbb\xbfa,b\n1,2\n\xef\xbb\xbf3,4\n"), "read"),
    "csv of nothing": Case("csv", "t.csv", text(b""), "file_empty"),
    "csv of a header only": Case("csv", "t.csv", text(b"a,b\n"), "read"),
    "folder named csv": Case("csv", "x.csv", lambda path: path.mkdir(), "file_empty"),
    "link to a device": Case("csv", "t.csv", _link("/dev/zero"), "file_refused"),
    "link out of the roots": Case("csv", "t.csv", _link("/etc/passwd"), "file_refused"),
    "fifo": Case("csv", "t.csv", os.mkfifo, "file_missing"),
    "csv changed while read": Case("csv", "t.csv", _long_csv, "source_changed", during=_append),
    "csv deleted while read": Case("csv", "t.csv", _long_csv, "source_changed", during=lambda path: path.unlink()),
    "json of deep nesting": Case("json", "t.json", text("[" * 100_000), "file_broken"),
    "json of deep objects": Case("jsonl", "t.jsonl", text('{"a": 1}\n' + '{"a":' * 100_000), "read too_deep"),
    "json of a number without end": Case("json", "t.json", text(lambda: b'[{"a": ' + b"1" * 100 * MEGABYTE + b"}]"), "file_too_large"),
    "json of a text without end": Case("json", "t.json", text(lambda: b'[{"a": "' + b"x" * 100 * MEGABYTE), "file_too_large"),
    "json lines of 2 GB": Case("jsonl", "t.jsonl", sparse(b'{"a": 1}\n{"a": "', 2**31), "file_broken"),
    "json lines of 80 MB": Case("jsonl", "t.jsonl", text(lambda: b'{"a": 1}\n{"a": "' + b"x" * 80 * MEGABYTE), "file_too_large"),
    "json of a million keys": Case("json", "t.json", text(json.dumps([{f"k{n}": n} for n in range(9_000)])), "too_many_columns"),
    "json with keys twice": Case("jsonl", "t.jsonl", text('{"a": 1}\n{"a": 1, "a": 2}\n'), "read duplicate_key"),
    "json of NaN": Case("jsonl", "t.jsonl", text('{"a": 1}\n{"a": -Infinity}\n'), "read not_finite"),
    "json cut off": Case("json", "t.json", edited(text(json.dumps([{"a": n} for n in range(9000)])), cut(0.6)), "file_broken"),
    "parquet of a broken footer": Case("parquet", "t.parquet", edited(_parquet(), lambda data: put(bytes(data[-60:-50]), 0, b"\xff" * 10)(data)), "file_broken"),
    "parquet whose footer is too long": Case("parquet", "t.parquet", edited(_parquet(), lambda data: put(bytes(data[-8:]), 0, b"\xff\xff\xff\x7f", last=True)(data)), "file_broken"),
    "parquet of a page that grows": Case("parquet", "t.parquet", _page_bomb, "file_too_large"),
    "parquet of nonsense lengths": Case("parquet", "t.parquet", edited(_parquet(), _far_page), "file_broken"),
    "parquet of more rows than it has": Case("parquet", "t.parquet", edited(_parquet(), _more_rows), "file_broken"),
    "parquet of 3,000 columns": Case("parquet", "t.parquet", _wide_parquet(3_000), "too_many_columns"),
    "parquet cut off": Case("parquet", "t.parquet", edited(_parquet(), cut(0.8)), "file_broken"),
    "parquet that is text": Case("parquet", "t.parquet", text("a,b\n1,2\n"), "wrong_file_format"),
    "dbf that is xlsx": Case("dbf", "t.dbf", xlsx(), "wrong_file_format"),
    "dbf of four billion records": Case("dbf", "t.dbf", text(dbf(_FIELDS, _RECORDS, count=4_000_000_000)), "file_broken"),
    "dbf of huge records": Case("dbf", "t.dbf", text(dbf(_FIELDS, _RECORDS, record_length=65_535)), "file_broken"),
    "dbf whose fields leave the record": Case("dbf", "t.dbf", text(dbf(_FIELDS, _RECORDS, record_length=4)), "file_broken"),
    "dbf cut off": Case("dbf", "t.dbf", text(dbf(_FIELDS, _RECORDS)[:-300]), "file_broken"),
    "dbf of one memo named often": Case("dbf", "t.dbf", _memo_bomb, "file_too_large"),
    "fixed width below zero": Case("fixed_width", "t.txt", text(b"x" * 10), "bad_options", {"fields": [{"name": "a", "start": 5, "length": -4}]}),
    "fixed width without line ends": Case("fixed_width", "t.txt", sparse(b"x" * 10, 2**31), "file_broken", _FIXED),
    "xlsx ruined": Case("workbook", "t.xlsx", xlsx(), "only refusals", ruin=True),
    "xls ruined": Case("workbook", "t.xls", _xls, "only refusals", ruin=True),
    "ods ruined": Case("workbook", "t.ods", _ods(f"<table:table-row>{_ODS_CELL.format('')}</table:table-row>" * 9), "only refusals", ruin=True),
    "json ruined": Case("json", "t.json", text(json.dumps([{"a": n, "b": "甲"} for n in range(99)])), "only refusals", ruin=True),
    "csv ruined": Case("csv", "t.csv", text("a,b\n" + '1,"甲"\n' * 99), "only refusals", ruin=True),
    "parquet ruined": Case("parquet", "t.parquet", _parquet(), "only refusals", ruin=True),
    "dbf ruined": Case("dbf", "t.dbf", text(dbf(_FIELDS, _RECORDS)), "only refusals", ruin=True),
    "zip ruined": Case("csv", "t.zip", zipped({"t.csv": b"a,b\n" + b"1,2\n" * 999}), "only refusals", ruin=True),
    "fixed width ruined": Case("fixed_width", "t.txt", text(b"0123456789\n" * 99), "only refusals", _FIXED, ruin=True),
    "fixed width of nothing": Case("fixed_width", "t.txt", text(b""), "file_empty", _FIXED),
}  # fmt: skip


def make_all(folder: Path) -> None:
    for number, case in enumerate(CASES.values()):
        home = folder / str(number)
        home.mkdir()
        case.make(home / case.file)


def outcome(case: Case, home: Path) -> str:
    """What comes of a case."""
    return _ruined(case, home) if case.ruin else _read(case, home)


def _ruined(case: Case, home: Path) -> str:
    """Damaged files are refused or read: nothing else may come of them."""
    whole = (home / case.file).read_bytes()
    assert _read(case, home) == "read"
    rng = random.Random(20240229)
    for number in range(_RUINS):
        data = bytearray(whole)
        if number % 2:
            del data[rng.randrange(len(data)) :]
        for _ in range(1 + number % 3 if number % 4 else 0):
            if data:
                data[rng.randrange(len(data))] = rng.randrange(256)
        (home / case.file).write_bytes(bytes(data))
        try:
            _read(case, home)
        except Exception as error:  # noqa: BLE001 - told to the test
            return f"{number}: {type(error).__name__}: {error}"
    return "only refusals"


def _read(case: Case, home: Path) -> str:
    """Test, discover and read it whole."""
    from pydantic import ValidationError

    from haina.kernel.errors import HainaError
    from haina.kernel.settings import Settings
    from haina.resources.collect import kinds

    kind = kinds.get(case.kind)
    context = kinds.ReadContext(Settings(home=home / "home", source_files=(home,)))
    reasons: set[str] = set()
    try:
        connection = kind.connection.model_validate({"path": case.file, **case.block})
        kind.test(connection, context)
        for table in kind.discover(connection, context):
            with kind.read(connection, table, context=context) as reading:
                for number, _ in enumerate(reading.batches()):
                    if case.during is not None and number == 0:
                        case.during(home / case.file)
                rejects = list(reading.rejects)
                assert reading.control().rows >= len(rejects)
                reasons |= {one.reason for one in rejects}
    except ValidationError:
        return "bad_options"
    except HainaError as refused:
        return refused.code if refused.hint else f"{refused.code} without a way out"
    return " ".join(["read", *sorted(reasons)])


def _peak() -> int:
    """Most megabytes that this process ever held; what getrusage says begins with its parent's."""
    status = Path("/proc/self/status").read_text()
    found = re.search(r"VmHWM:\s+(\d+) kB", status)
    return int(found[1]) // 1024 if found else 0


def main(folder: Path, names: list[str]) -> None:
    import duckdb  # noqa: F401 - the limit counts what is loaded after it
    import pyarrow.parquet  # noqa: F401
    import python_calamine  # noqa: F401

    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    order = list(CASES)
    for name in names:
        signal.alarm(SECONDS)
        start = time.monotonic()
        try:
            came = outcome(CASES[name], folder / str(order.index(name)))
        except Exception as error:  # noqa: BLE001 - told to the test
            came = f"{type(error).__name__}: {error}"
        signal.alarm(0)
        seen = {"case": name, "outcome": came, "seconds": round(time.monotonic() - start, 2)}
        seen["peak"] = _peak()
        print(json.dumps(seen), flush=True)


if __name__ == "__main__":
    main(Path(sys.argv[1]), sys.argv[2:])
