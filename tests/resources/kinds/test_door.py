"""The registry, the light import, the page of types, and the hash of keys."""

import subprocess
import sys
from datetime import UTC, date, datetime
from decimal import Decimal
from hashlib import md5
from pathlib import Path

import pyarrow as pa
import pytest

from haina.kernel.errors import HainaError
from haina.resources.collect import kinds

_ROOT = Path(__file__).parents[3]


def test_names_and_get() -> None:
    assert kinds.names() == [
        "csv", "dameng", "dbf", "fixed_width", "http", "json", "jsonl", "kingbase", "mysql",
        "oracle", "parquet", "postgresql", "push", "sftp", "sqlite", "sqlserver", "workbook",
    ]  # fmt: skip
    assert [kinds.get(name).name for name in kinds.names()] == kinds.names()
    with pytest.raises(HainaError) as unknown:
        kinds.get("foxpro")
    assert unknown.value.code == "unknown_source_kind"
    assert unknown.value.hint


def test_a_name_is_registered_once() -> None:
    kinds.register(kinds.get("sqlite"))
    with pytest.raises(ValueError, match="sqlite"):
        kinds.register(type(kinds.get("sqlite"))())


def test_knowing_the_kinds_imports_no_engine() -> None:
    heavy = "'pyarrow', 'duckdb', 'adbc_driver_manager', 'numpy', 'pandas', 'httpx', 'httpcore'"
    code = (
        "import sys; from haina.resources.collect.kinds import get, names\n"
        "for name in names(): get(name).connection.model_json_schema()\n"
        f"print([one for one in ({heavy}) if one in sys.modules])"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True, cwd=_ROOT / "src"
    )
    assert done.stdout.strip() == "[]"


def test_types_page_is_current() -> None:
    page = (_ROOT / "docs" / "reference" / "types.md").read_text("utf-8")
    assert page == kinds.types_page(), "python -m haina.resources.collect.kinds.page > …"


@pytest.mark.parametrize("text", ["decimal(39,0)", "decimal(5,6)", "decimal", "float", "time", ""])
def test_lake_types_are_a_closed_list(text: str) -> None:
    with pytest.raises(HainaError):
        kinds.lake_type(text)


def test_key_hash_is_the_sum_of_60_bits_of_md5() -> None:
    table = pa.table({"k": [1, 2, None], "s": ["甲", "𠮷\x1f", ""]})
    texts = ["1\x1f甲", "2\x1f𠮷\x1f", "\x1e\x1f"]
    total = sum(int(md5(text.encode()).hexdigest()[:15], 16) for text in texts) % 2**64
    assert kinds.key_hash_of(table, ["k", "s"]) == f"{total:016x}"


def test_key_hash_needs_no_order_and_adds_up() -> None:
    table = pa.table({"k": list(range(1000))})
    backwards = table.take(list(range(999, -1, -1)))
    whole = kinds.key_hash_of(table, ["k"])
    assert kinds.key_hash_of(backwards.to_batches(max_chunksize=7), ["k"]) == whole
    parts = [
        kinds.key_hash_of(table.slice(0, 10), ["k"]),
        kinds.key_hash_of(table.slice(10), ["k"]),
    ]
    assert kinds.add_hashes(*parts, None, "") == whole
    assert kinds.key_hash_of(table, []) == ""
    assert kinds.key_hash_of(iter([]), ["k"]) == kinds.key_hash_of(table.slice(0, 0), ["k"])


def test_canonical_text_of_each_type() -> None:
    moment = datetime(2024, 1, 2, 3, 4, 5, 120000)
    columns = {
        "decimal": (pa.array([Decimal("-0.50")], pa.decimal128(10, 2)), "-0.50"),
        "boolean": (pa.array([True]), "true"),
        "date": (pa.array([date(1, 2, 3)]), "0001-02-03"),
        "ntz": (pa.array([moment], pa.timestamp("us")), "2024-01-02 03:04:05.12"),
        "tz": (pa.array([moment.replace(tzinfo=UTC)], pa.timestamp("us", "UTC")),
               "2024-01-02 03:04:05.12"),
        "binary": (pa.array([b"\xffa"]), "ff61"),
    }  # fmt: skip
    for name, (array, text) in columns.items():
        hashed = int(md5(text.encode()).hexdigest()[:15], 16)
        assert kinds.key_hash_of(pa.table({"k": array}), ["k"]) == f"{hashed:016x}", name


def test_names_that_differ_in_case_are_two_columns() -> None:
    table = pa.table({"A": [1], "a": [2]})
    assert kinds.key_hash_of(table, ["A"]) != kinds.key_hash_of(table, ["a"])
