"""Text of fixed width: bytes of GB18030 or characters, record by record."""

from pathlib import Path
from typing import Any

import pytest
from pydantic import ValidationError

from haina.resources.collect import kinds
from haina.resources.collect.kinds.files.csv import text as csv_text
from haina.resources.collect.kinds.files.fixed_width import reading as fixed_reading
from tests.resources.kinds.reading import Whole, whole

_FIELDS = [
    {"name": "账号", "start": 1, "length": 6},
    {"name": "户名", "start": 7, "length": 8},
    {"name": "金额", "start": 15, "length": 6},
]


def read(files: Path, context: kinds.ReadContext, data: bytes, **block: Any) -> Whole:
    (files / "t.txt").write_bytes(data)
    return whole("fixed_width", {"path": "t.txt", "fields": _FIELDS, **block}, "t", context)


def line(account: str, name: str, amount: str) -> bytes:
    return b"".join(
        text.encode("gb18030").ljust(width)
        for text, width in ((account, 6), (name, 8), (amount, 6))
    )


_LINES = [line("001", "张三", "12.50"), line("002", "𠮷野家", "3"), line("", "", "")]
_ROWS = [("001", "张三", "12.50"), ("002", "𠮷野家", "3"), (None, None, None)]


@pytest.mark.parametrize("end", [b"\n", b"\r\n"])
@pytest.mark.parametrize("last", [b"", b"\n", b"\x1a"])
@pytest.mark.parametrize("block", [csv_text.BLOCK, 7, 64])
def test_bytes_of_gb18030(
    end: bytes, last: bytes, block: int, files: Path, context: kinds.ReadContext,
    monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    monkeypatch.setattr(fixed_reading, "BLOCK", block)
    data = end.join(_LINES) + (end + last if last == b"\x1a" else last and end)
    assert read(files, context, data, encoding="gb18030").rows == _ROWS


def test_characters(files: Path, context: kinds.ReadContext) -> None:
    rows = [
        "".join((f"{a:6}", f"{b:8}", f"{c:6}"))
        for a, b, c in (("001", "张三丰", "1"), ("𠮷", "b", "2"))
    ]
    for encoding in ("utf-8-sig", "utf-16", "gb18030"):
        seen = read(files, context, "\r\n".join(rows).encode(encoding), unit="characters")
        assert seen.rows == [("001", "张三丰", "1"), ("𠮷", "b", "2")]


def test_records_without_line_ends(files: Path, context: kinds.ReadContext) -> None:
    seen = read(files, context, b"".join(_LINES) + b"xx", encoding="gb18030", newline=False)
    assert seen.rows == _ROWS
    assert [(one.line, one.reason, one.raw) for one in seen.rejects] == [(4, "record_length", "xx")]


def test_records_of_another_length_are_alone(files: Path, context: kinds.ReadContext) -> None:
    data = b"\n".join([b"HEADER", _LINES[0], _LINES[1][:-1], _LINES[0] + b"x", b"", _LINES[1]])
    seen = read(files, context, data, encoding="gb18030", skip_lines=1)
    assert seen.rows == _ROWS[:2]
    assert [(one.line, one.reason) for one in seen.rejects] == [
        (3, "record_length"), (4, "record_length"),
    ]  # fmt: skip
    assert seen.control.rows == 4
    short = read(files, context, data, encoding="gb18030", skip_lines=1, short=True)
    assert short.rows == [_ROWS[0], _ROWS[1], _ROWS[1]]


def test_half_a_character_and_nul(files: Path, context: kinds.ReadContext) -> None:
    half = line("003", "张三李", "1")[:13] + "四".encode("gb18030")[:1] + b"5     "
    nul = line("004", "a\0b", "1")
    mark = line("005", "a\x1eb", "1")
    seen = read(files, context, b"\n".join([half, nul, mark, _LINES[0]]), encoding="gb18030")
    assert seen.rows == [("005", "a\x1eb", "1"), _ROWS[0]]
    assert [(one.line, one.column, one.reason) for one in seen.rejects] == [
        (1, "户名", "encoding"), (2, "户名", "nul"),
    ]  # fmt: skip
    assert seen.rejects[0].raw.startswith("003   张三李 \\xcb5")


@pytest.mark.parametrize(
    ("trim", "expected"),
    [("both", ("a", "b c")), ("right", (" a", "b c")), ("none", (" a ", "b c "))],
)
def test_trimming(
    trim: str, expected: tuple[str, str], files: Path, context: kinds.ReadContext
) -> None:
    fields = [{"name": "x", "start": 1, "length": 3}, {"name": "y", "start": 4, "length": 4}]
    seen = read(files, context, b" a b c \n", trim=trim, fields=fields)
    assert seen.rows == [expected]


@pytest.mark.parametrize(
    "block",
    [
        {"fields": [{"name": "a", "start": 1, "length": -1}]},
        {"fields": [{"name": "a", "start": 0, "length": 1}]},
        {"fields": [{"name": "a", "start": 1, "length": 10**12}]},
        {"fields": []},
        {"fields": [_FIELDS[0], _FIELDS[0]]},
        {"fields": _FIELDS, "record_length": 5},
        {"fields": [{"name": f"c{n}", "start": 1, "length": 1} for n in range(2001)]},
    ],
)
def test_options_that_cannot_be(block: dict[str, Any]) -> None:
    with pytest.raises(ValidationError):
        kinds.get("fixed_width").connection.model_validate({"path": "t.txt", **block})
