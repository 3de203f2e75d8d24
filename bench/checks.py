"""All rules of a table in one scan, in a warm sandbox, against the same conditions in one aggregate
of DuckDB by itself. Ours and the peer run by turns; the median of the pairs counts."""

import json
import resource
import statistics
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import duckdb
import pyarrow as pa
from deltalake import DeltaTable, write_deltalake

from haina.compute.engines import Limits, SandboxPool, SandboxTable
from haina.resources.libraries.recipe import ConformRecipe, conform_recipe
from haina.resources.specs import TableSpec
from haina.standards.elements import CodeSetSpec, ElementSpec, Standards

ROWS = 2_000_000
PAIRS = 5
AT_LEAST = 0.8

STANDARDS = Standards(
    {
        "id": ElementSpec(name="id", title="身份证号", format="id_number"),
        "day": ElementSpec(name="day", title="日期", type="date"),
        "sex": ElementSpec(name="sex", title="性别", code_set="sex"),
    },
    {"sex": CodeSetSpec(name="sex", title="性别", codes={"1": "男", "2": "女"})},
)

TABLE = TableSpec.model_validate(
    {
        "name": "bench",
        "from": "bench",
        "title": "速度",
        "key": ["no"],
        "columns": {
            "no": {"item": "no", "title": "编号"},
            "id": {"item": "id", "title": "身份证号", "element": "id", "required": True},
            "sex": {"item": "sex", "title": "性别", "element": "sex", "same_as": "id"},
            "birth": {"item": "birth", "title": "出生", "element": "day", "same_as": "id"},
        },
    }
)


def _rows() -> pa.Table:
    sql = f"""SELECT CAST(i AS VARCHAR) AS no,
        '11010519491231002' || substr('10X98765432', CAST(i % 11 AS INTEGER) + 1, 1) AS id,
        CAST(1 + i % 2 AS VARCHAR) AS sex, '1949-12-31' AS birth, i AS _seq
        FROM range({ROWS}) AS t(i)"""
    with duckdb.connect() as engine:
        return engine.sql(sql).to_arrow_table()


def _timed(act: Callable[[], object]) -> float:
    started = time.perf_counter()
    act()
    return time.perf_counter() - started


def _pairs(recipe: ConformRecipe, path: str, version: int) -> list[tuple[float, float]]:
    sql = recipe.check_sql(kept=False)
    limits = Limits(seconds=600, memory_mb=2048, rows=None, bytes=None, threads=2)
    with duckdb.connect(config={"threads": 2}) as peer:
        files = DeltaTable(path, version=version).file_uris()
        peer.execute(f"CREATE SCHEMA ods; CREATE VIEW {TABLE.ods} AS FROM read_parquet({files!r})")
        pool = SandboxPool(1)
        table = SandboxTable(TABLE.ods, path, version)
        with pool.session([table], limits) as session:
            session.rows(f"SELECT count(*) FROM {TABLE.ods}")
            found = [
                (_timed(lambda: session.rows(sql)), _timed(lambda: peer.execute(sql).fetchall()))
                for _ in range(PAIRS)
            ]
        pool.close()
    return found


def main() -> None:
    """Print the pairs, then the figure."""
    recipe = conform_recipe(TABLE, STANDARDS)
    with tempfile.TemporaryDirectory() as folder:
        path = str(Path(folder) / "bench")
        write_deltalake(path, _rows())
        pairs = _pairs(recipe, path, 0)
    for ours, peer in pairs:
        print(f"{len(recipe.rules)} 条规则 × {ROWS:,} 行:海纳 {ours:.2f} 秒,DuckDB {peer:.2f} 秒")
    ratio = statistics.median(peer / ours for ours, peer in pairs)
    peak = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024
    print(
        json.dumps(
            {
                "figure": "checks",
                "ours": round(ROWS / statistics.median(o for o, _ in pairs)),
                "against": round(ROWS / statistics.median(p for _, p in pairs)),
                "ratio": round(ratio, 3),
                "at_least": AT_LEAST,
                "peak_rss_mb": round(peak),
            }
        )
    )


if __name__ == "__main__":
    main()
