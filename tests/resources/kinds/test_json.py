"""JSON and JSON lines: every digit as written, bad records by themselves, nothing twice."""

import json
from dataclasses import replace
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from haina.kernel.errors import HainaError
from haina.resources.collect import kinds
from haina.resources.collect.kinds.files.csv import text as csv_text
from haina.resources.collect.kinds.files.json import format as json_format
from haina.resources.collect.kinds.files.json.reading import JsonReading
from tests.resources.kinds.reading import Whole, found, whole

_RECORDS = [
    '{"id": 1.10, "名": "张三", "big": 123456789012345678901234567890, "ok": true}',
    '{"id": 1e400, "名": "𠮷\\ud842\\udfb7", "deep": {"a": [1.50, "x", null, false]}}',
    '{"名": null, "id": -0, "deep": [], "ok": false}',
]
_ROWS = [
    ("1.10", "张三", "123456789012345678901234567890", "true", None),
    ("1e400", "𠮷𠮷", None, None, '{"a":[1.50,"x",null,false]}'),
    ("-0", None, None, "false", "[]"),
]


def refused(kind: str, block: dict[str, Any], context: kinds.ReadContext) -> HainaError:
    one = kinds.get(kind)
    with pytest.raises(HainaError) as wrong:
        one.test(one.connection.model_validate(block), context)
    return wrong.value


@pytest.mark.parametrize("block", [csv_text.BLOCK, 1, 5, 64])
@pytest.mark.parametrize("kind", ["json", "jsonl"])
def test_values_as_written(
    kind: str, block: int, files: Path, context: kinds.ReadContext, monkeypatch: pytest.MonkeyPatch
) -> None:
    text = "\n".join(_RECORDS) if kind == "jsonl" else "[" + ",\n".join(_RECORDS) + "]\n"
    (files / f"t.{kind}").write_text(text, "utf-8")
    monkeypatch.setattr(csv_text, "BLOCK", block)
    seen = whole(kind, {"path": f"t.{kind}"}, "t", context)
    assert seen.table.column_names == ["id", "名", "big", "ok", "deep"]
    assert seen.rows == _ROWS
    assert [one.lake_type for one in seen.source.columns] == ["text"] * 4 + ["json"]


@pytest.mark.parametrize("encoding", ["utf-8-sig", "gb18030", "utf-16"])
def test_encodings(encoding: str, files: Path, context: kinds.ReadContext) -> None:
    records = [{"姓名": f"张三{number}", "地址": "天津市武清区"} for number in range(20)]
    (files / "t.json").write_bytes(json.dumps(records, ensure_ascii=False).encode(encoding))
    seen = whole("json", {"path": "t.json"}, "t", context)
    assert seen.rows[19] == ("张三19", "天津市武清区")


def test_bad_lines_are_alone(files: Path, context: kinds.ReadContext) -> None:
    lines = [
        '{"a": 1, "b": "x"}',
        '{"a": 1, "a": 2}',
        "{a: 1}",
        "",
        "[1, 2]",
        '{"a": NaN}',
        '{"b": "\\ud800"}',
        '{"b": "\\u0000"}',
        '{"b": {"c": 1, "c": 2}}',
        '{"a": 2} {"a": 3}',
        "[" * 100_000,
        '{"a": 3',
    ]
    (files / "t.jsonl").write_bytes("\n".join(lines).encode() + b'\n{"b": "\xff"}\n{"a": 9}')
    seen = whole("jsonl", {"path": "t.jsonl"}, "t", context)
    assert seen.rows == [("1", "x"), ("9", None)]
    assert [(one.line, one.reason) for one in seen.rejects] == [
        (2, "duplicate_key"), (3, "not_json"), (5, "not_object"), (6, "not_finite"),
        (9, "duplicate_key"), (10, "not_json"), (11, "too_deep"), (12, "not_json"),
        (7, "encoding"), (8, "nul"), (13, "encoding"),
    ]  # fmt: skip
    assert seen.control.rows == 13
    assert seen.rejects[0].raw == '{"a": 1, "a": 2}'
    assert seen.rejects[-1].raw == '{"b": "\\xff"}'


def test_lines_and_rejects_of_an_array(files: Path, context: kinds.ReadContext) -> None:
    text = '{"x": [1, {"rows": 2}],\n "data": {"n": 3, "rows": [\n{"a": 1},\n{"a": 2, "a": 3},\n7,\n{"a": 4}\n]},\n "y": "z"}'
    (files / "t.json").write_text(text)
    seen = whole("json", {"path": "t.json", "path_in_file": "data.rows"}, "t", context)
    assert seen.rows == [("1",), ("4",)]
    assert [(one.line, one.reason, one.raw) for one in seen.rejects] == [
        (4, "duplicate_key", '{"a": 2, "a": 3}'), (5, "not_object", "7"),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("text", "path", "code"),
    [
        ('{"rows": []}', "", "file_path_not_found"),
        ('{"data": {"list": [{}]}}', "data.rows", "file_path_not_found"),
        ('{"data": 5}', "data.rows", "file_path_not_found"),
        ('{"rows": [{"a": 1}], "rows": [{"a": 2}]}', "rows", "file_broken"),
        ('[{"a": 1}', "", "file_broken"),
        ('[{"a": 1}] x', "", "file_broken"),
        ('[{"a": 1} {"a": 2}]', "", "file_broken"),
        ('[{"a": 1},,{"a": 2}]', "", "file_broken"),
        ("", "", "file_path_not_found"),
        ("[]", "", "file_empty"),
        ("[1, 2]", "", "file_broken"),
    ],
)
def test_arrays_that_are_refused(
    text: str, path: str, code: str, files: Path, context: kinds.ReadContext
) -> None:
    (files / "t.json").write_text(text)
    assert refused("json", {"path": "t.json", "path_in_file": path}, context).code == code


def test_columns_in_other_types(files: Path, context: kinds.ReadContext) -> None:
    lines = ['{"n": 12.50, "j": "x", "b": true}', '{"n": "1e2", "j": 1.0, "b": "no"}']
    (files / "t.jsonl").write_text("\n".join(lines))
    table = found("jsonl", {"path": "t.jsonl"}, context)["t"]
    types = {"n": "decimal(10,2)", "j": "json", "b": "boolean"}
    columns = tuple(replace(one, lake_type=types[one.name]) for one in table.columns)
    seen = whole("jsonl", {"path": "t.jsonl"}, replace(table, columns=columns), context)
    assert seen.rows == [(Decimal("12.50"), '"x"', True)]
    assert [(one.line, one.column, one.reason) for one in seen.rejects] == [(2, "b", "not_boolean")]
    assert seen.rejects[0].values == {"n": "1e2", "j": "1.0", "b": "no"}


def test_keys_that_come_late_are_counted(
    files: Path, context: kinds.ReadContext, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(json_format, "_HEAD_RECORDS", 2)
    (files / "t.jsonl").write_text('{"a": 1}\n{"b": 2}\n{"c": 3, "a": 4}\n{"c": 5}\n')
    kind = kinds.get("jsonl")
    connection = kind.connection(path="t.jsonl")
    (table,) = kind.discover(connection, context)
    with kind.read(connection, table, context=context) as reading:
        rows = [row for batch in reading.batches() for row in batch.to_pylist()]
        assert isinstance(reading, JsonReading)
        assert reading.ignored == {"c": 2}
    assert rows[2] == {"a": "4", "b": None}


def test_watermark_and_key(files: Path, context: kinds.ReadContext) -> None:
    lines = [json.dumps({"id": f"{number:04d}", "v": number}) for number in range(100)]
    (files / "t.jsonl").write_text("\n".join(lines))
    table = replace(found("jsonl", {"path": "t.jsonl"}, context)["t"], key=("id",))
    seen: Whole = whole(
        "jsonl", {"path": "t.jsonl"}, table, context, since=kinds.Watermark("id", "0089")
    )
    assert len(seen.rows) == 10
    assert seen.control.watermark == "0099"
    seen.assert_accounted()
