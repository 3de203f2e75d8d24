"""A pool, and Delta tables to query. Everything secret is outside of the tables."""

import os
from collections.abc import Iterator
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path

import pyarrow as pa
import pytest
from deltalake import write_deltalake

from haina.compute.engines import SandboxPool, SandboxTable

SECRET = "绝密-3f9c1"


@pytest.fixture(scope="module")
def pool() -> Iterator[SandboxPool]:
    os.environ["HAINA_SECRET_KEY"] = SECRET
    made = SandboxPool(warm=1)
    yield made
    made.close()
    del os.environ["HAINA_SECRET_KEY"]


@pytest.fixture(scope="session")
def person(tmp_path_factory: pytest.TempPathFactory) -> SandboxTable:
    """Three rows at version 0, four at version 1; the folder has a name that needs quoting."""
    folder = tmp_path_factory.mktemp("lake") / "人口 表+'x"
    rows = {"id": [1, 2, 3], "name": ["张三", "𠮷田", None], "age": [30, 41, None]}
    write_deltalake(str(folder), pa.table(rows))
    more = pa.table({"id": [4], "name": ["后来"], "age": [5]})
    write_deltalake(str(folder), more, mode="append")
    return SandboxTable("std.person", str(folder), 0)


@pytest.fixture(scope="session")
def types(tmp_path_factory: pytest.TempPathFactory) -> SandboxTable:
    folder = tmp_path_factory.mktemp("types") / "t"
    when = datetime(2026, 1, 2, 3, 4, 5, 678, tzinfo=UTC)
    table = pa.table(
        {
            "large": pa.array([2**53 + 1, None], pa.int64()),
            "small": pa.array([7, None], pa.int64()),
            "money": pa.array([Decimal("12345678901234.50"), None], pa.decimal128(18, 2)),
            "day": pa.array([date(2026, 2, 28), None], pa.date32()),
            "at": pa.array([when, None], pa.timestamp("us", "UTC")),
            "local": pa.array([when.replace(tzinfo=None), None], pa.timestamp("us")),
            "list": pa.array([["中", "𠮷", None], None], pa.list_(pa.string())),
            "object": pa.array([{"k": 1.5}, None], pa.struct([("k", pa.float64())])),
            "yes": pa.array([True, None], pa.bool_()),
            "raw": pa.array([b"\x00\xff", None], pa.binary()),
        }
    )
    write_deltalake(str(folder), table)
    return SandboxTable("std.types", str(folder), 0)


@pytest.fixture(scope="session")
def secret(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with files that no query may read, and where none may write."""
    folder = tmp_path_factory.mktemp("secret")
    (folder / "secret.csv").write_text(f"a\n{SECRET}\n", encoding="utf-8")
    (folder / "secret.json").write_text(f'{{"a": "{SECRET}"}}\n', encoding="utf-8")
    return folder
