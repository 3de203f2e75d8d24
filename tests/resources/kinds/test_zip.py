"""Files in zips, and several files as one table."""

import io
import os
import stat
import struct
import zipfile
from dataclasses import replace
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from haina.kernel.errors import HainaError
from haina.resources.collect import kinds
from haina.resources.collect.kinds.files import archives
from tests.resources.kinds.reading import found, whole


def pack(path: Path, members: dict[str, bytes], how: int = zipfile.ZIP_DEFLATED) -> None:
    with zipfile.ZipFile(path, "w", how) as out:
        for name, data in members.items():
            out.writestr(name, data)


def refused(path: str, context: kinds.ReadContext, kind: str = "csv") -> HainaError:
    one = kinds.get(kind)
    with pytest.raises(HainaError) as wrong:
        one.test(one.connection.model_validate({"path": path}), context)
    return wrong.value


def names(block: dict[str, Any], context: kinds.ReadContext) -> list[str]:
    return list(found("csv", block, context))


def spool(context: kinds.ReadContext) -> list[str]:
    return sorted(one.name for one in context.spool.iterdir())


def test_a_zip_is_a_folder(files: Path, context: kinds.ReadContext) -> None:
    pack(
        files / "月报.zip",
        {
            "人口.csv": b"a,b\n1,2\n", "子/人口.csv": b"a\n3\n", "x.csv": b"a\n1\n",
            "x.tsv": b"a\n2\n", "说明.doc": b"?", "__MACOSX/人口.csv": b"?", ".x.csv": b"?",
        },
    )  # fmt: skip
    assert names({"path": "月报.zip"}, context) == ["x.csv", "x.tsv", "人口", "子/人口"]
    seen = whole("csv", {"path": "月报.zip"}, "子/人口", context)
    assert seen.rows == [("3",)]
    assert spool(context) == []
    (files / "人口.csv").write_bytes(b"z\n9\n")
    assert names({"path": "."}, context) == [
        "人口", "月报/x.csv", "月报/x.tsv", "月报/人口", "月报/子/人口",
    ]  # fmt: skip
    assert whole("csv", {"path": "."}, "月报/人口", context).rows == [("1", "2")]


def test_what_is_unpacked_lasts_as_long_as_the_reading(
    files: Path, context: kinds.ReadContext
) -> None:
    pack(files / "t.zip", {"t.csv": b"a\n1\n"})
    kind = kinds.get("csv")
    connection = kind.connection.model_validate({"path": "t.zip"})
    (table,) = kind.discover(connection, context)
    with kind.read(connection, table, context=context) as reading:
        assert len(spool(context)) == 1
        assert reading.control().rows == 1
    assert spool(context) == []


@pytest.mark.parametrize("flag", ["gbk", "utf-8", "extra"])
def test_names_without_a_flag(flag: str, files: Path, context: kinds.ReadContext) -> None:
    raw = "人口统计.csv".encode("utf-8" if flag == "utf-8" else "gbk")
    pack(files / "t.zip", {"?" * len(raw): b"a\n1\n"})
    data = (files / "t.zip").read_bytes().replace(b"?" * len(raw), raw)
    (files / "t.zip").write_bytes(data)
    assert names({"path": "t.zip"}, context) == ["人口统计"]


def test_a_workbook_in_a_zip(files: Path, context: kinds.ReadContext) -> None:
    book = openpyxl.Workbook()
    for row in (["a"], [1]):
        book.active.append(row)  # type: ignore[union-attr]
    inner = io.BytesIO()
    book.save(inner)
    pack(files / "t.zip", {"表.xlsx": inner.getvalue()})
    assert whole("workbook", {"path": "t.zip"}, "表", context).rows == [("1",)]


def _linked(path: Path) -> None:
    info = zipfile.ZipInfo("t.csv")
    info.external_attr = (stat.S_IFLNK | 0o777) << 16
    with zipfile.ZipFile(path, "w") as out:
        out.writestr(info, "/etc/passwd")


def _encrypted(path: Path) -> None:
    pack(path, {"t.csv": b"a\n1\n"})
    data = bytearray(path.read_bytes())
    for mark, place in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        data[data.index(mark) + place] |= 1
    path.write_bytes(bytes(data))


def _overlapping(path: Path) -> None:
    pack(path, {"a.csv": b"a\n1\n", "b.csv": b"a\n1\n"})
    data = bytearray(path.read_bytes())
    second = data.rindex(b"PK\x01\x02")
    data[second + 42 : second + 46] = bytes(4)
    path.write_bytes(bytes(data))


def _damaged(path: Path) -> None:
    pack(path, {"t.csv": b"a,b\n" + os.urandom(5000)}, zipfile.ZIP_STORED)
    data = bytearray(path.read_bytes())
    data[2000] ^= 0xFF
    path.write_bytes(bytes(data))


def _lying(path: Path) -> None:
    pack(path, {"t.csv": b"a\n" * 100_000})
    data = bytearray(path.read_bytes())
    place = data.rindex(b"PK\x01\x02")
    data[place + 24 : place + 28] = struct.pack("<I", 1000)
    path.write_bytes(bytes(data))


_REFUSED = {
    "encrypted": (_encrypted, "archive_encrypted"),
    "linked": (_linked, "archive_unsafe"),
    "overlapping": (_overlapping, "archive_unsafe"),
    "upwards": (lambda path: pack(path, {"../t.csv": b"a\n"}), "archive_unsafe"),
    "rooted": (lambda path: pack(path, {"/etc/t.csv": b"a\n"}), "archive_unsafe"),
    "drive": (lambda path: pack(path, {"C:\\t.csv": b"a\n"}), "archive_unsafe"),
    "nested": (lambda path: pack(path, {"t.csv": b"a\n", "u.zip": b"PK"}), "archive_nested"),
    "damaged": (_damaged, "file_broken"),
    "lying": (_lying, "archive_unsafe"),
    "ratio": (lambda path: pack(path, {"t.csv": bytes(40_000_000)}), "archive_too_large"),
    "lzma": (lambda path: pack(path, {"t.csv": b"a\n"}, zipfile.ZIP_LZMA), "file_broken"),
    "nothing": (lambda path: pack(path, {"t.doc": b"a\n"}), "file_empty"),
    "empty": (lambda path: path.write_bytes(b""), "file_broken"),
    "cut": (lambda path: path.write_bytes(b"PK\x03\x04" + bytes(100)), "file_broken"),
}


@pytest.mark.parametrize("case", _REFUSED)
def test_zips_that_are_refused(case: str, files: Path, context: kinds.ReadContext) -> None:
    make, code = _REFUSED[case]
    make(files / "t.zip")
    wrong = refused("t.zip", context)
    assert wrong.code == code
    assert wrong.hint
    assert spool(context) == []
    (files / "good.csv").write_bytes(b"a\n1\n")
    if code not in ("file_empty",):
        assert "good" in names({"path": "."}, context)


def test_too_many_members(
    files: Path, context: kinds.ReadContext, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(archives, "ARCHIVE_MEMBERS", 5)
    pack(files / "t.zip", {f"{number}.csv": b"a\n1\n" for number in range(6)})
    assert refused("t.zip", context).code == "archive_too_large"


_MONTHS: dict[str, Any] = {"path": ".", "pattern": "人口_*.csv", "table": "人口"}


def test_several_files_are_one_table(files: Path, context: kinds.ReadContext) -> None:
    (files / "人口_202401.csv").write_bytes("id,名\n1,甲\n2\n".encode())
    (files / "人口_202402.csv").write_bytes("名,id\n乙,3\n".encode("gb18030"))
    pack(files / "z.zip", {"人口_202403.csv": "id,名\n4,丙\n5,丁,多\n".encode()})
    (files / "其他.csv").write_bytes(b"x\n1\n")
    tables = found("csv", _MONTHS, context)
    assert list(tables) == ["人口"]
    table = replace(tables["人口"], key=("id",))
    seen = whole("csv", _MONTHS, table, context)
    assert seen.rows == [("1", "甲"), ("3", "乙"), ("4", "丙")]
    assert [(one.line, one.message) for one in seen.rejects] == [
        (3, "文件“人口_202401.csv”第 3 行:字段个数与表头不符"),
        (3, "文件“z.zip/人口_202403.csv”第 3 行:字段个数与表头不符"),
    ]
    assert seen.control.rows == 5
    seen_since = whole("csv", _MONTHS, table, context, since=kinds.Watermark("id", "1"))
    assert [row[0] for row in seen_since.rows] == ["3", "4"]
    assert seen_since.control.watermark == "4"
    assert spool(context) == []


def test_rejects_are_limited_over_all_files(files: Path, context: kinds.ReadContext) -> None:
    for number in range(3):
        (files / f"人口_{number}.csv").write_bytes(b"a,b\n1\n2\n")
    with pytest.raises(HainaError) as many:
        whole("csv", _MONTHS, "人口", replace(context, max_rejects=3))
    assert many.value.code == "too_many_bad_rows"
    assert "人口_1.csv" in many.value.message
    assert whole("csv", _MONTHS, "人口", context).control.rows == 6


def test_files_of_one_table_must_have_equal_columns(
    files: Path, context: kinds.ReadContext
) -> None:
    (files / "人口_1.csv").write_bytes(b"a,b\n1,2\n")
    (files / "人口_2.csv").write_bytes(b"a,c\n1,2\n")
    kind = kinds.get("csv")
    with pytest.raises(HainaError) as differ:
        kind.test(kind.connection.model_validate(_MONTHS), context)
    assert differ.value.code == "file_columns_differ"
    assert "人口_2.csv" in differ.value.message
    assert found("csv", _MONTHS, context)["人口"].columns == ()


def test_a_pattern_that_meets_nothing(files: Path, context: kinds.ReadContext) -> None:
    kind = kinds.get("csv")
    connection = kind.connection.model_validate(_MONTHS)
    with pytest.raises(HainaError) as empty:
        kind.test(connection, context)
    assert empty.value.code == "file_empty"
    assert kind.discover(connection, context) == []
