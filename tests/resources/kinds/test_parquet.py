"""Parquet: each type as the lake keeps it, exactly, or its row set aside."""

import json
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from haina.kernel.errors import HainaError
from haina.resources.collect import kinds
from haina.resources.collect.kinds.files.parquet import reading as parquet_reading
from tests.resources.kinds.reading import Whole, found, whole


def read(files: Path, context: kinds.ReadContext, table: pa.Table, **how: Any) -> Whole:
    pq.write_table(table, files / "t.parquet", **how)
    return whole("parquet", {"path": "t.parquet"}, "t", context)


_NOON = datetime(2024, 1, 2, 12, 0, 0, 250000)
_COLUMNS: dict[str, tuple[pa.Array, str, list[Any]]] = {
    "int8": (pa.array([-128, None], pa.int8()), "integer", [-128, None]),
    "uint32": (pa.array([2**32 - 1, None], pa.uint32()), "integer", [2**32 - 1, None]),
    "uint64": (pa.array([2**64 - 1, None], pa.uint64()), "decimal(20,0)", [Decimal(2**64 - 1), None]),
    "float32": (pa.array([0.1, None], pa.float32()), "double", [0.10000000149011612, None]),
    "decimal": (pa.array([Decimal("1.10"), None], pa.decimal128(10, 2)), "decimal(10,2)", [Decimal("1.10"), None]),
    "wide": (pa.array([Decimal("9" * 40), None], pa.decimal256(40, 0)), "text", ["9" * 40, None]),
    "bool": (pa.array([True, None]), "boolean", [True, None]),
    "text": (pa.array(["𠮷", None]), "text", ["𠮷", None]),
    "large": (pa.array(["张", None], pa.large_string()), "text", ["张", None]),
    "words": (pa.array(["甲", None]).dictionary_encode(), "text", ["甲", None]),
    "bytes": (pa.array([b"\xff", None], pa.large_binary()), "binary", [b"\xff", None]),
    "fixed": (pa.array([b"ab", None], pa.binary(2)), "binary", [b"ab", None]),
    "date": (pa.array([date(2024, 2, 29), None]), "date", [date(2024, 2, 29), None]),
    "date64": (pa.array([date(2024, 2, 29), None], pa.date64()), "date", [date(2024, 2, 29), None]),
    "ms": (pa.array([_NOON, None], pa.timestamp("ms")), "timestamp_ntz", [_NOON, None]),
    "ns": (pa.array([_NOON, None], pa.timestamp("ns")), "timestamp_ntz", [_NOON, None]),
    "tz": (pa.array([_NOON, None], pa.timestamp("us", "Asia/Shanghai")), "timestamp", [_NOON.replace(tzinfo=UTC), None]),
    "time": (pa.array([time(8, 30), None], pa.time64("us")), "text", ["08:30:00.000000", None]),
    "span": (pa.array([timedelta(seconds=-90.5), None], pa.duration("ms")), "text", ["-90.500", None]),
    "list": (pa.array([[1, None], None]), "json", ["[1,null]", None]),
    "struct": (pa.array([{"a": Decimal("1.10"), "b": "张"}, None]), "json", ['{"a":"1.10","b":"张"}', None]),
    "nan": (pa.array([[float("nan")], None]), "json", ['["nan"]', None]),
    "null": (pa.nulls(2), "text", [None, None]),
}  # fmt: skip


def test_types(files: Path, context: kinds.ReadContext) -> None:
    table = pa.table({name: array for name, (array, _, _) in _COLUMNS.items()})
    seen = read(files, context, table)
    assert {one.name: one.lake_type for one in seen.source.columns} == {
        name: lake for name, (_, lake, _) in _COLUMNS.items()
    }
    assert seen.rejects == []
    for name, (_, _, expected) in _COLUMNS.items():
        assert seen.table.column(name).to_pylist() == expected, name
    for value in seen.table.column("list").to_pylist():
        assert value is None or json.loads(value) == [1, None]
    assert seen.source.estimated_rows == 2


def test_what_does_not_fit_is_set_aside(files: Path, context: kinds.ReadContext) -> None:
    table = pa.table(
        {
            "n": pa.array(range(5)),
            "ns": pa.array([0, 1, 1000, 5, None], pa.timestamp("ns")),
            "s": pa.array([0, 0, 2**52, 0, 0], pa.timestamp("ms")),
            "d": pa.array([0, 0, 0, 2**30, 0], pa.date32()),
            "t": pa.array([b"x", b"x", b"x", b"x", b"\xff"], pa.binary()).cast(
                pa.string(), safe=False
            ),
        }
    )
    seen = read(files, context, table)
    assert [row[0] for row in seen.rows] == [0]
    assert [(one.line, one.column, one.reason) for one in seen.rejects] == [
        (2, "ns", "out_of_range"), (3, "s", "out_of_range"), (4, "ns", "out_of_range"),
        (5, "t", "encoding"),
    ]  # fmt: skip
    assert seen.control.rows == 5


def test_int96_is_read_to_the_nanosecond_and_beyond_2262(
    files: Path, context: kinds.ReadContext
) -> None:
    micro = [0, 1_700_000_000_123_456]
    nano = pa.array([one * 1000 for one in micro] + [1001], pa.timestamp("ns"))
    seen = read(files, context, pa.table({"t": nano}), use_deprecated_int96_timestamps=True)
    assert [row[0] for row in seen.rows] == [
        datetime(1970, 1, 1), datetime(2023, 11, 14, 22, 13, 20, 123456)
    ]  # fmt: skip
    assert [(one.line, one.reason) for one in seen.rejects] == [(3, "out_of_range")]


def test_int96_of_the_year_9999(files: Path, context: kinds.ReadContext) -> None:
    """Hive's favourite end of time turns over as nanoseconds: its day is patched into a file."""
    first = pa.array([0, 0], pa.timestamp("ns"))
    pq.write_table(
        pa.table({"t": first}), files / "t.parquet", use_deprecated_int96_timestamps=True,
        compression="none", use_dictionary=False, write_statistics=False,
    )  # fmt: skip
    epoch, end = (day.to_bytes(4, "little") for day in (2_440_588, 5_373_484))
    data = (files / "t.parquet").read_bytes()
    (files / "t.parquet").write_bytes(data.replace(epoch, end, 1))
    seen = whole("parquet", {"path": "t.parquet"}, "t", context)
    assert [row[0] for row in seen.rows] == [datetime(9999, 12, 31), datetime(1970, 1, 1)]
    assert seen.rejects == []


def test_other_types_may_be_wanted(files: Path, context: kinds.ReadContext) -> None:
    table = pa.table({"n": pa.array([1, 2]), "t": pa.array(["3", "x"])})
    pq.write_table(table, files / "t.parquet")
    source = found("parquet", {"path": "t.parquet"}, context)["t"]
    types = {"n": "text", "t": "integer"}
    columns = tuple(replace(one, lake_type=types[one.name]) for one in source.columns)
    seen = whole("parquet", {"path": "t.parquet"}, replace(source, columns=columns), context)
    assert seen.rows == [("1", 3)]
    assert [(one.line, one.reason) for one in seen.rejects] == [(2, "not_integer")]


def test_row_groups_are_streamed(files: Path, context: kinds.ReadContext) -> None:
    table = pa.table({"n": pa.array(range(10_000)), "t": pa.array(["x"] * 10_000)})
    small = replace(context, batch_rows=700)
    pq.write_table(table, files / "t.parquet", row_group_size=999)
    seen = whole("parquet", {"path": "t.parquet"}, "t", small)
    assert seen.table.column("n").to_pylist() == list(range(10_000))


def test_texts_behind_a_dictionary_are_unfolded_piece_by_piece(
    files: Path, context: kinds.ReadContext, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(parquet_reading, "TEXT_AT_ONCE", 1000)
    words = ["a" * 300, "b" * 200, "c"]
    table = pa.table({"t": pa.array([words[n % 3] for n in range(500)])})
    assert read(files, context, table).table.column("t").to_pylist() == table["t"].to_pylist()
    with pytest.raises(HainaError) as large:
        read(files, context, pa.table({"t": pa.array(["x" * 2000])}))
    assert large.value.code == "file_too_large"
