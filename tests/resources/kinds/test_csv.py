"""CSV: the neighbours of a bad row are intact, every line number is true, none is lost."""

import csv
import io
import os
import resource
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given
from hypothesis import settings as examples
from hypothesis import strategies as st

from haina.kernel.errors import HainaError
from haina.resources.collect import kinds
from haina.resources.collect.kinds.files.csv import records as csv_records
from haina.resources.collect.kinds.files.csv import text as csv_text
from tests.resources.kinds.reading import Whole, found, whole


def read(files: Path, context: kinds.ReadContext, data: bytes, **block: Any) -> Whole:
    (files / "t.csv").write_bytes(data)
    return whole("csv", {"path": "t.csv", **block}, "t", context)


def bad(found: Whole) -> list[tuple[int | None, str, str]]:
    return [(one.line, one.reason, one.raw) for one in found.rejects]


@pytest.mark.parametrize(
    "encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16", "utf-16-le", "utf-16-be"]
)
@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_encodings_and_line_ends(
    encoding: str, end: str, files: Path, context: kinds.ReadContext
) -> None:
    text = end.join(["姓名,备注", '张三,"𠮷,""野"""', "李四,", '王五,""', '"a' + end + 'b",€é', ""])
    found = read(files, context, text.encode(encoding))
    assert found.rows == [("张三", '𠮷,"野"'), ("李四", None), ("王五", ""), (f"a{end}b", "€é")]
    assert found.table.column_names == ["姓名", "备注"]
    assert found.rejects == []
    assert found.control.rows == 4


_DIRTY = (
    "编号,姓名,地址\r\n"
    "1,张三,天津\r\n"
    "2,李四\r\n"
    "3,王五,武清,多\r\n"
    '4,"换\r\n行",好\r\n'
    "5,坏<FF>字,x\r\n"
    "6,正常,x\r\n"
    '7,"没有闭合,x\r\n'
    '8,"后面,的",x\r\n'
    "9,空\0字符,x\r\n"
    '10,"引号"外,x\r\n'
    '11,5" 管,x\r\n'
    "\r\n"
    "12,<81>,x\r\n"
    '13,末行,"未完\r\n'
    "14,好,x"
)


@pytest.mark.parametrize("encoding", ["utf-8", "gb18030"])
@pytest.mark.parametrize("block", [csv_text.BLOCK, 1, 7, 64])
def test_each_bad_row_alone(
    encoding: str,
    block: int,
    files: Path,
    context: kinds.ReadContext,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    data = _DIRTY.encode(encoding).replace(b"<FF>", b"\xff").replace(b"<81>", b"\x81")
    (files / "t.csv").write_bytes(data)
    table = _found_table(files, context)
    monkeypatch.setattr(csv_text, "BLOCK", block)
    found = whole("csv", {"path": "t.csv"}, table, context)
    assert found.rows == [
        ("1", "张三", "天津"), ("4", "换\r\n行", "好"), ("6", "正常", "x"), ("8", "后面,的", "x"),
        ("11", '5" 管', "x"), ("14", "好", "x"),
    ]  # fmt: skip
    assert bad(found) == [
        (3, "field_count", "2,李四"),
        (4, "field_count", "3,王五,武清,多"),
        (7, "encoding", "5,坏\\xff字,x"),
        (9, "unclosed_quote", '7,"没有闭合,x'),
        (11, "nul", "9,空\x00字符,x"),
        (12, "bad_quote", '10,"引号"外,x'),
        (15, "encoding", "12,\\x81,x"),
        (16, "unclosed_quote", '13,末行,"未完'),
    ]
    assert found.control.rows == len(found.rows) + len(found.rejects) == 14


def _found_table(files: Path, context: kinds.ReadContext) -> kinds.SourceTable:
    return found("csv", {"path": "t.csv"}, context)["t"]


def test_a_quote_never_closed_does_not_swallow_the_file(
    files: Path, context: kinds.ReadContext, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(csv_records, "LONGEST_RECORD", 10_000)
    monkeypatch.setattr(csv_text, "BLOCK", 4096)
    lines = [f"{number},value {number},x" for number in range(20_000)]
    for place in (10, 11, 5000, 19_999):
        lines[place] = f'{place},"open,x'
    found = read(files, context, ("a,b,c\n" + "\n".join(lines)).encode())
    assert found.table.num_rows == 19_996
    assert [one.line for one in found.rejects] == [12, 13, 5002, 20_001]
    assert {one.reason for one in found.rejects} == {"unclosed_quote"}


def test_a_ragged_record_of_several_lines_is_one_reject(
    files: Path, context: kinds.ReadContext
) -> None:
    found = read(files, context, b'a,b\n1,"x\ny",3\n4,5\n')
    assert found.rows == [("4", "5")]
    assert bad(found) == [(2, "field_count", '1,"x\ny",3')]


def test_declared_encoding_that_is_wrong(files: Path, context: kinds.ReadContext) -> None:
    text = "姓名,地址\n张三,天津市武清区\n"
    for real, declared in (("gb18030", "utf-8"), ("utf-8", "gb18030"), ("utf-8", "utf-16")):
        (files / "t.csv").write_bytes(text.encode(real))
        kind = kinds.get("csv")
        connection = kind.connection(path="t.csv", encoding=declared)
        with pytest.raises(HainaError) as wrong:
            kind.test(connection, context)
        assert wrong.value.code == "wrong_encoding"


def test_ascii_head_does_not_mislead_the_guess(files: Path, context: kinds.ReadContext) -> None:
    ascii_rows = b"1,plain\n" * 300_000
    found = read(files, context, b"a,b\n" + ascii_rows + "2,中文\n".encode("gb18030"))
    assert found.rows[-1] == ("2", "中文")


def test_a_few_bad_bytes_do_not_mislead_the_guess(files: Path, context: kinds.ReadContext) -> None:
    found = read(files, context, "a,b\n1,中文字\n2,".encode() + b"\xff\xfe\n")
    assert found.rows == [("1", "中文字")]
    assert bad(found) == [(3, "encoding", "2,\\xff\\xfe")]


def test_one_damaged_line_is_no_other_encoding(files: Path, context: kinds.ReadContext) -> None:
    found = read(files, context, b"a,b\n1,x\n2,\xb0\xa1\xff\n3,y\n", encoding="utf-8")
    assert found.rows == [("1", "x"), ("3", "y")]
    assert bad(found) == [(3, "encoding", "2,\\xb0\\xa1\\xff")]


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (b"", "file_empty"), (b"\n\n", "file_empty"), (b"\xef\xbb\xbf", "file_empty"),
        (b"PK\x03\x04zip", "file_broken"), (b'a,"b\n1,2\n', "file_broken"),
    ],
)  # fmt: skip
def test_files_that_hold_no_table(
    data: bytes, code: str, files: Path, context: kinds.ReadContext
) -> None:
    (files / "t.csv").write_bytes(data)
    kind = kinds.get("csv")
    with pytest.raises(HainaError) as empty:
        kind.test(kind.connection(path="t.csv"), context)
    assert empty.value.code == code
    listed = _found_table(files, context)
    assert listed.columns == ()
    assert "不可读" in (listed.comment or "")


@pytest.mark.parametrize("data", [b"a,b", b"a,b\r\n", b"a,b\n\n\n"])
def test_header_only(data: bytes, files: Path, context: kinds.ReadContext) -> None:
    found = read(files, context, data)
    assert (found.rows, found.control.rows, found.table.column_names) == ([], 0, ["a", "b"])


def test_header_names(files: Path, context: kinds.ReadContext) -> None:
    found = read(files, context, '姓名, 姓名 ,,姓名_2,"多\n行",\n1,2,3,4,5,6\n7,8\n'.encode())
    assert found.table.column_names == ["姓名", "姓名_3", "列3", "姓名_2", "多\n行", "列6"]
    assert found.rows == [("1", "2", "3", "4", "5", "6")]
    assert bad(found) == [(4, "field_count", "7,8")]


def test_dialects(files: Path, context: kinds.ReadContext) -> None:
    assert read(files, context, b"a\tb,c\n1\t2\n").rows == [("1", "2")]
    assert read(files, context, b"a;b\n1;2,3\n").rows == [("1", "2,3")]
    assert read(files, context, b"a|b^c\n1|2^3\n", delimiter="^").rows == [("1|2", "3")]
    assert read(files, context, b"a,b\n'1,2',3\n", quote="'").rows == [("1,2", "3")]
    assert read(files, context, b'a,b\n"1,2"\n', quote="").rows == [('"1', '2"')]
    assert read(files, context, b"1,2\n3,4\n", header=False).rows == [("1", "2"), ("3", "4")]
    nulls = read(files, context, b'a,b\nNULL,"NULL"\n,\n', null=["NULL"])
    assert nulls.rows == [(None, "NULL"), ("", "")]
    assert read(files, context, b'a\n1\n\n""\n').rows == [("1",), ("",)]


def test_a_folder_is_many_tables(files: Path, context: kinds.ReadContext) -> None:
    folder = files / "库"
    folder.mkdir()
    for name in ("人口.csv", "法人.TXT", "x.csv", "x.txt", ".hidden.csv", "readme.md"):
        (folder / name).write_text("a,b\n1,2\n")
    (folder / "空.csv").write_text("")
    (files.parent / "secret.csv").write_text("a\n1\n")
    (folder / "leak.csv").symlink_to(files.parent / "secret.csv")
    block = {"path": "库"}
    tables = found("csv", block, context)
    assert sorted(tables) == sorted(["x.csv", "x.txt", "人口", "法人", "空"])
    assert whole("csv", block, tables["法人"], context).rows == [("1", "2")]
    assert tables["空"].comment == "不可读:文件里没有内容,连表头也没有"


def test_columns_key_watermark_and_types(files: Path, context: kinds.ReadContext) -> None:
    (files / "t.csv").write_text(
        "id,at,n\n1,2024-01-01 00:00:00,1.5\n2,2024-01-02 00:00:00,x\n3,2024-01-03 00:00:00,2\n"
    )
    plain = _found_table(files, context)
    types = {"id": "integer", "at": "timestamp_ntz", "n": "decimal(6,2)"}
    columns = tuple(replace(one, lake_type=types[one.name]) for one in plain.columns)
    table = replace(plain, columns=columns, key=("id",))
    block = {"path": "t.csv"}
    read = whole("csv", block, table, context, columns=["n"])
    assert [str(row[0]) for row in read.rows] == ["1.50", "2.00"]
    assert [(one.line, one.column, one.reason) for one in read.rejects] == [(3, "n", "not_decimal")]
    assert read.rejects[0].key_hash
    since = kinds.Watermark("at", "2024-01-02 00:00:00")
    later = whole("csv", block, table, context, columns=["id"], since=since)
    assert later.rows == [(3,)]
    assert later.control.watermark == "2024-01-03 00:00:00"
    whole("csv", block, table, context).assert_accounted()


def test_a_file_that_changes_while_it_is_read(files: Path, context: kinds.ReadContext) -> None:
    path = files / "t.csv"
    path.write_text("a\n1\n")
    kind = kinds.get("csv")
    table = _found_table(files, context)
    with kind.read(kind.connection(path="t.csv"), table, context=context) as reading:
        with path.open("a") as file:
            file.write("2\n")
        os.utime(path, (1, 1))
        with pytest.raises(HainaError) as changed:
            list(reading.batches())
    assert changed.value.code == "source_changed"


@pytest.mark.parametrize("delimiter", ["ab", "a", "1", "\n", '"'])
def test_delimiters_that_cannot_be(delimiter: str) -> None:
    with pytest.raises(ValueError, match=r"delimiter|ASCII|quote"):
        kinds.get("csv").connection(path="t.csv", delimiter=delimiter)


def test_memory_is_bounded(files: Path, context: kinds.ReadContext) -> None:
    row = "{0},天津市武清区杨村街道{0}号,张三,2024-01-02," + ",".join(["值"] * 16) + "\r\n"
    with (files / "t.csv").open("wb") as file:
        file.write((",".join(f"c{number}" for number in range(20)) + "\r\n").encode())
        for start in range(0, 300_000, 10_000):
            text = "".join(row.format(number) for number in range(start, start + 10_000))
            file.write(text.encode("gb18030"))
    kind = kinds.get("csv")
    connection = kind.connection(path="t.csv")
    table = _found_table(files, context)
    kinds.preview(kind, connection, table, 10, context=context)
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    with kind.read(connection, table, context=context) as reading:
        rows = sum(batch.num_rows for batch in reading.batches())
    grown = (resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before) / 1024
    assert rows == 300_000
    assert grown < 200, f"{grown:.0f} MB more"


_TEXT = st.text(
    st.characters(codec="utf-8", exclude_characters="\0"), max_size=8
) | st.sampled_from(
    ["𠮷", '"', '""', "\n", "\r\n", "\r", ",", "", ' "', '" ', 'a"b', '"\n,"', "￥", "〇"]
)
_RECORD = st.tuples(_TEXT, _TEXT, _TEXT)


@given(
    rows=st.lists(_RECORD, max_size=20),
    encoding=st.sampled_from(["utf-8", "gb18030", "utf-16"]),
    end=st.sampled_from(["\n", "\r\n"]),
    every=st.booleans(),
    block=st.integers(20, 200),
)
@examples(
    max_examples=80, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
def test_any_table_reads_back_equal(
    rows: list[tuple[str, ...]],
    encoding: str,
    end: str,
    every: bool,
    block: int,
    files: Path,
    context: kinds.ReadContext,
) -> None:
    # Python 3.11 leaves a lone CR unquoted, which no reader can tell from a line end.
    every = every or (end == "\n" and any("\r" in cell for row in rows for cell in row))
    text = io.StringIO(newline="")
    writer = csv.writer(
        text, lineterminator=end, quoting=csv.QUOTE_ALL if every else csv.QUOTE_MINIMAL
    )
    writer.writerow(["甲", "b", "c"])
    writer.writerows(rows)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(csv_text, "BLOCK", block)
        found = read(files, context, text.getvalue().encode(encoding), encoding=encoding)
    expected = [tuple(cell if cell or every else None for cell in row) for row in rows]
    assert found.rejects == []
    assert found.rows == expected
    assert found.control.rows == len(rows)


@given(data=st.binary(max_size=200) | st.text('a",\n\r中\0', max_size=60).map(str.encode))
@examples(
    max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
def test_no_bytes_break_it_and_no_line_is_lost(
    data: bytes, files: Path, context: kinds.ReadContext
) -> None:
    padding = "1,中文\n" * 80  # enough to be taken for UTF-8, whatever follows
    found = read(files, context, f"a,b\n{padding}".encode() + data, delimiter=",")
    assert found.control.rows == len(found.rows) + len(found.rejects)
    lines = [one.line or 0 for one in found.rejects]
    assert lines == sorted(lines)
    kept = "".join(str(cell or "") for row in found.rows for cell in row)
    held = kept + "".join(one.raw for one in found.rejects)
    assert held.count("中") == 80 + _chinese(data)


def _chinese(data: bytes) -> int:
    try:
        return data.decode("utf-8").count("中")
    except UnicodeDecodeError:
        return 0
