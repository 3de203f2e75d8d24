"""DBF of dBase III to Visual FoxPro."""

import struct
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from haina.kernel.errors import HainaError
from haina.resources.collect import kinds
from haina.resources.collect.kinds.files.dbf import reading as dbf_reading
from tests.resources.kinds.dbf_files import F, dbf, record
from tests.resources.kinds.reading import Whole, found, whole

_FIELDS = (
    F("姓名", "C", 8),
    F("数量", "N", 10),
    F("金额", "N", 10, 2),
    F("日期", "D", 8),
    F("是否", "L", 1),
)


def read(files: Path, context: kinds.ReadContext, data: bytes, **block: Any) -> Whole:
    (files / "t.dbf").write_bytes(data)
    return whole("dbf", {"path": "t.dbf", **block}, "t", context)


def refused(files: Path, context: kinds.ReadContext, data: bytes) -> HainaError:
    (files / "t.dbf").write_bytes(data)
    kind = kinds.get("dbf")
    with pytest.raises(HainaError) as wrong:
        kind.test(kind.connection(path="t.dbf"), context)
    return wrong.value


@pytest.mark.parametrize("step", [8 * 1024 * 1024, 1, 80])
def test_values(
    step: int, files: Path, context: kinds.ReadContext, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(dbf_reading, "_BLOCK", step)
    records = [
        record(_FIELDS, "张三丰𠮷"[:3], "12", "1.50", "20240229", "T"),
        record(_FIELDS, "李四", "9", "9", "20240101", "F", flag=b"*"),
        record(_FIELDS, "", "", "", "", "?"),
        record(_FIELDS, " 王 ", "-5", "-.5", "00000000", "n"),
    ]
    seen = read(files, context, dbf(_FIELDS, records))
    assert [one.lake_type for one in seen.source.columns] == [
        "text", "integer", "decimal(10,2)", "date", "boolean",
    ]  # fmt: skip
    assert seen.rows == [
        ("张三丰", 12, Decimal("1.50"), date(2024, 2, 29), True),
        (None, None, None, None, None),
        (" 王", -5, Decimal("-0.50"), None, False),
    ]
    assert seen.rejects == []
    assert seen.control.rows == seen.source.estimated_rows == 3
    assert seen.source.comment == "另有 1 条已标记删除,不读"


def test_bad_values_are_alone(files: Path, context: kinds.ReadContext) -> None:
    good = record(_FIELDS, "好", "1", "1", "20240101", "T")
    records = [
        good,
        record(_FIELDS, "甲", "*" * 10, "1", "20240101", "T"),
        record(_FIELDS, "乙", "1.5", "1", "20240101", "T"),
        record(_FIELDS, "丙", "1", "1.234", "20240101", "T"),
        record(_FIELDS, "丁", "1", "1", "20240230", "T"),
        record(_FIELDS, "戊", "1", "1", "2024-1-1", "T"),
        record(_FIELDS, "己", "1", "1", "20240101", "X"),
        record(_FIELDS, "中华人".encode("gb18030")[:5], "1", "1", "20240101", "T"),
        record(_FIELDS, "辛", "1", "1", "20240101", "T", flag=b"x"),
        record(_FIELDS, b"a\0b", "1", "1", "20240101", "T"),
    ]
    seen = read(files, context, dbf(_FIELDS, records))
    assert seen.rows == [("好", 1, Decimal("1.00"), date(2024, 1, 1), True)]
    assert [(one.line, one.column, one.reason) for one in sorted(seen.rejects, key=lambda r: r.line or 0)] == [
        (2, "数量", "overflow"), (3, "数量", "not_integer"), (4, "金额", "out_of_range"),
        (5, "日期", "out_of_range"), (6, "日期", "not_date"), (7, "是否", "not_boolean"),
        (8, "姓名", "encoding"), (9, None, "bad_flag"), (10, "姓名", "nul"),
    ]  # fmt: skip
    assert seen.control.rows == 10


@pytest.mark.parametrize(
    ("driver", "codec", "declared"),
    [(0x4D, "gb18030", "auto"), (0x7A, "gb18030", "auto"), (0, "gb18030", "auto"),
     (0x03, "gb18030", "auto"), (0x78, "big5", "auto"), (0, "utf-8", "auto"), (0, "big5", "big5")],
)  # fmt: skip
def test_code_pages(
    driver: int, codec: str, declared: str, files: Path, context: kinds.ReadContext
) -> None:
    fields = (F("NAME", "C", 20),)
    data = dbf(fields, [record(fields, "天津市武清區", codec=codec)] * 3, driver=driver)
    assert read(files, context, data, encoding=declared).rows == [("天津市武清區",)] * 3


def test_visual_foxpro(files: Path, context: kinds.ReadContext) -> None:
    fields = (
        F("I", "I", 4, 0, 2), F("Y", "Y", 8), F("B", "B", 8), F("T", "T", 8), F("V", "V", 6, 0, 2),
        F("_NullFlags", "0", 1, 0, 5),
    )  # fmt: skip
    moment = struct.pack("<ii", 2_460_312, (18 * 3600 + 30) * 1000 + 5)
    name = "张三李".encode("gbk")
    # Bits: I is null, V is not full (its last byte is its length), V is null.
    records = [
        b" " + struct.pack("<iqd", -7, -12_345, 0.1) + moment + b"ab\0\0\0\2" + b"\2",
        b" " + struct.pack("<iqd", 0, 5, 1.0) + bytes(8) + name + b"\0",
        b" " + struct.pack("<iqd", 1, 0, 1.0) + b" " * 8 + b"xxxxxx" + b"\5",
    ]
    seen = read(files, context, dbf(fields, records, version=0x30))
    assert [one.lake_type for one in seen.source.columns] == [
        "integer", "decimal(19,4)", "double", "timestamp_ntz", "text",
    ]  # fmt: skip
    first = datetime(2024, 1, 2, 18, 0, 30, 5000)
    assert seen.rows == [
        (-7, Decimal("-1.2345"), 0.1, first, "ab"),
        (0, Decimal("0.0005"), 1.0, None, "张三李"),
        (None, Decimal("0.0000"), 1.0, None, None),
    ]


def _dbt() -> bytes:
    body = bytes(512) + "第一条备注\r\n换行".encode("gb18030") + b"\x1a\x1a"
    return body.ljust(1024, b"\0") + (b"second" + b"\x1a\x1a").ljust(512, b"\0")


def _fpt() -> bytes:
    head = struct.pack(">IHH", 0, 0, 64).ljust(512, b"\0")
    memo = "第一条备注\r\n换行".encode("gb18030")
    return (
        head
        + (struct.pack(">II", 1, len(memo)) + memo).ljust(64, b"\0")
        + struct.pack(">II", 1, 6)
        + b"second"
    )


@pytest.mark.parametrize(
    ("suffix", "memo", "version", "numbers"),
    [(".dbt", _dbt(), 0x83, (1, 2)), (".fpt", _fpt(), 0xF5, (8, 9))],
)
def test_memos(
    suffix: str, memo: bytes, version: int, numbers: tuple[int, int],
    files: Path, context: kinds.ReadContext,
) -> None:  # fmt: skip
    fields = (F("ID", "N", 3), F("备注", "M", 10))
    records = [
        record(fields, str(n), str(b).rjust(10) if b else "") for n, b in enumerate((*numbers, 0))
    ]
    data = dbf(fields, records, version=version)
    without = read(files, context, data)
    assert without.table.column_names == ["ID"]
    assert without.source.comment == "字段“备注”不可读"
    (files / f"t{suffix}").write_bytes(memo)
    seen = read(files, context, data)
    assert seen.rows == [(0, "第一条备注\r\n换行"), (1, "second"), (2, None)]


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (b"", "file_empty"),
        (b"\x89PNG\r\n\x1a\n" + bytes(100), "wrong_file_format"),
        (b"PK\x03\x04" + bytes(100), "wrong_file_format"),
        (b"\x04" + dbf(_FIELDS, [])[1:], "wrong_file_format"),
        (dbf(_FIELDS, [])[:40], "file_broken"),
        (dbf(_FIELDS, [], count=4_000_000_000), "file_broken"),
        (dbf(_FIELDS, [record(_FIELDS, "", "", "", "", "")] * 9)[:-50], "file_broken"),
        (dbf(_FIELDS, [record(_FIELDS, "", "", "", "", "")] * 9, count=5), "file_broken"),
        (dbf(_FIELDS, [], record_length=5), "file_broken"),
        (dbf(_FIELDS, [], record_length=0), "file_broken"),
    ],
)
def test_heads_that_lie(data: bytes, code: str, files: Path, context: kinds.ReadContext) -> None:
    assert refused(files, context, data).code == code


def test_a_memo_number_that_leads_nowhere(files: Path, context: kinds.ReadContext) -> None:
    fields = (F("备注", "M", 10),)
    (files / "t.fpt").write_bytes(_fpt())
    with pytest.raises(HainaError) as broken:
        read(files, context, dbf(fields, [record(fields, "99999")]))
    assert broken.value.code == "file_broken"
    assert found("dbf", {"path": "t.dbf"}, context)["t"].columns
