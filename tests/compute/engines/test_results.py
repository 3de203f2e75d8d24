"""What comes out of a sandbox is what was put in, of the version that was pinned."""

import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pyarrow as pa
import pytest
from deltalake import write_deltalake

from haina.compute.engines import Limits, SandboxPool, SandboxTable
from haina.kernel.errors import HainaError

LIMITS = Limits(seconds=20.0, memory_mb=512, rows=1000, bytes=10_000_000, threads=2)


def test_types_as_json(pool: SandboxPool, types: SandboxTable) -> None:
    with pool.session([types], LIMITS) as session:
        page = session.rows("SELECT * FROM std.types")
    assert page.rows[1] == [None] * 10
    assert page.rows[0] == [
        "9007199254740993",
        7,
        "12345678901234.50",
        "2026-02-28",
        "2026-01-02T11:04:05.000678+08:00",
        "2026-01-02T03:04:05.000678",
        ["中", "𠮷", None],
        {"k": 1.5},
        True,
        "00ff",
    ]
    assert page.columns[2] == ("money", "DECIMAL(18,2)")
    assert page.columns[4] == ("at", "TIMESTAMP WITH TIME ZONE")
    assert not page.truncated


@pytest.mark.parametrize(
    ("sql", "value"),
    [
        ("SELECT sum(i) FROM range(10) t(i)", 45),
        ("SELECT 170141183460469231731687303715884105727::HUGEINT", str(2**127 - 1)),
        ("SELECT 'a'::ENUM('a', 'b')", "a"),
        ("SELECT 'nan'::DOUBLE", "nan"),
        ("SELECT MAP {'k': 1.50::DECIMAL(4,2)}", None),
        ("SELECT TIME '10:11:12'", "10:11:12"),
        ("SELECT TIMESTAMP_NS '2020-01-01 00:00:00.123456789'", "2020-01-01 00:00:00.123456789"),
        ("SELECT current_setting('TimeZone')", "Asia/Shanghai"),
        ("SELECT '2026-01-01 00:00:00'::TIMESTAMPTZ", "2026-01-01T00:00:00+08:00"),
        ("SELECT NULL", None),
    ],
)
def test_values_of_the_engine(pool: SandboxPool, sql: str, value: object) -> None:
    with pool.session([], LIMITS) as session:
        got = session.rows(sql).rows[0][0]
    if value is not None or sql == "SELECT NULL":
        assert got == value


def test_types_as_arrow(pool: SandboxPool, types: SandboxTable) -> None:
    with pool.session([types], LIMITS) as session:
        batches = session.batches("SELECT money, list, object FROM std.types")
        assert batches.schema.field("money").type == pa.decimal128(18, 2)
        table = pa.Table.from_batches(list(batches), batches.schema)
    assert table.column("list").to_pylist() == [["中", "𠮷", None], None]


def test_enumerations_travel_as_text(pool: SandboxPool) -> None:
    with pool.session([], LIMITS) as session:
        batches = session.batches("SELECT 'b'::ENUM('a', 'b') AS e")
        assert pa.Table.from_batches(list(batches), batches.schema).to_pylist() == [{"e": "b"}]


def test_no_rows_still_have_a_schema(pool: SandboxPool, person: SandboxTable) -> None:
    with pool.session([person], LIMITS) as session:
        batches = session.batches("SELECT id FROM std.person WHERE false")
        assert batches.schema.names == ["id"]
        assert list(batches) == []


def test_the_version_is_pinned(pool: SandboxPool, person: SandboxTable) -> None:
    counts = []
    for version in (0, 1):
        with pool.session([replace(person, version=version)], LIMITS) as session:
            counts.append(session.rows("SELECT count(*) FROM std.person").rows[0][0])
    assert counts == [3, 4]


def test_a_version_that_is_gone(pool: SandboxPool, person: SandboxTable) -> None:
    with pytest.raises(HainaError) as caught:
        pool.session([replace(person, version=99)], LIMITS)
    assert caught.value.code == "sandbox_down"
    assert person.path not in str(caught.value.as_dict())


def test_columns_added_later(pool: SandboxPool, tmp_path: Path) -> None:
    folder = str(tmp_path / "evolved")
    write_deltalake(folder, pa.table({"a": [1]}))
    write_deltalake(folder, pa.table({"b": ["新"], "a": [2]}), mode="append", schema_mode="merge")
    for version, rows in ((0, [[1]]), (1, [[1, None], [2, "新"]])):
        with pool.session([SandboxTable("std.e", folder, version)], LIMITS) as session:
            assert session.rows("SELECT * FROM std.e ORDER BY a").rows == rows


def test_partitions_and_empty_tables(pool: SandboxPool, tmp_path: Path) -> None:
    parts, empty = str(tmp_path / "parts"), str(tmp_path / "empty")
    table = pa.table({"地 区": ["x/ y", "é%", None], "n": [1, 2, 3]})
    write_deltalake(parts, table, partition_by=["地 区"])
    write_deltalake(empty, table.schema.empty_table())
    tables = [SandboxTable("std.p", parts, 0), SandboxTable("std.e", empty, 0)]
    with pool.session(tables, LIMITS) as session:
        page = session.rows('SELECT "地 区", n FROM std.p ORDER BY n')
        assert page.rows == [["x/ y", 1], ["é%", 2], [None, 3]]
        columns = session.rows("SELECT * FROM std.e").columns
        assert columns == [("地 区", "VARCHAR"), ("n", "BIGINT")]


def test_the_view_of_the_policy(pool: SandboxPool, person: SandboxTable) -> None:
    mask = "SELECT id, left(name, 1) || '*' AS name FROM __rows WHERE id < 3"
    masked = replace(person, select=mask)
    with pool.session([masked], LIMITS) as session:
        assert session.rows("SELECT * FROM std.person").rows == [[1, "张*"], [2, "𠮷*"]]


def test_rows_are_cut_and_say_so(pool: SandboxPool) -> None:
    with pool.session([], replace(LIMITS, rows=5)) as session:
        page = session.rows("SELECT * FROM range(20000)")
        assert (len(page.rows), page.truncated) == (5, True)
        assert session.rows("SELECT * FROM range(5)").truncated is False
    with pool.session([], replace(LIMITS, bytes=1_000_000)) as session:
        page = session.rows("SELECT repeat('x', 2000000)")
        assert (page.rows, page.truncated) == ([], True)


@pytest.mark.parametrize("change", [{"rows": 1000}, {"bytes": 1000, "rows": None}])
def test_batches_beyond_the_limits_are_an_error(
    pool: SandboxPool, change: dict[str, int | None]
) -> None:
    limits = replace(LIMITS, **change)  # type: ignore[arg-type]
    with pool.session([], limits) as session, pytest.raises(HainaError) as caught:
        list(session.batches("SELECT * FROM range(1001)"))
    assert caught.value.code == "query_too_large"


def test_millions_of_rows_stream(pool: SandboxPool) -> None:
    limits = replace(LIMITS, rows=None, bytes=None)
    with pool.session([], limits) as session:
        sql = "SELECT range AS i, range % 7 AS k, 'x' || range AS t FROM range(2000000)"
        assert sum(batch.num_rows for batch in session.batches(sql)) == 2_000_000


def test_what_is_kept_again_takes_the_place_of_what_was(pool: SandboxPool) -> None:
    with pool.session([], LIMITS) as session:
        for value in (1, 2):
            session.keep("kept", f"SELECT {value} AS n")
            assert session.rows("SELECT n FROM kept").rows == [[value]]


def test_sandboxes_do_not_share_their_dice(pool: SandboxPool) -> None:
    seen = set()
    for _ in range(5):
        with pool.session([], LIMITS) as session:
            seen.add(str(session.rows("SELECT uuid(), random()").rows[0]))
    assert len(seen) == 5


def test_the_door_imports_no_engine() -> None:
    code = (
        "import sys; from haina.compute.engines import Limits, SandboxPool\n"
        "pool = SandboxPool(0)\n"
        "with pool.session([], Limits(5, 256, 10, None, 1)) as s: print(s.rows('SELECT 1').rows)\n"
        "pool.close()\n"
        "print([m for m in ('duckdb', 'pyarrow', 'deltalake', 'numpy') if m in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.split("\n")[:2] == ["[[1]]", "[]"]
    assert done.stderr == ""
