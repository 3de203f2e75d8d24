"""TPC-H at scale 1: eight tables as Parquet files of a source, twenty-two queries as models of a
pack, made by a worker the way models are made; against DuckDB alone, which reads the generator's
files and writes the same results as Parquet. The sum over the queries counts; beside it stand the
geometric mean and what loading cost. The answers must be the same, row by row.
"""

import os
import statistics
import subprocess
import tempfile
from functools import partial
from pathlib import Path

import duckdb

from bench import _installation as installation
from bench import _sandbox
from bench._harness import (
    PEERS,
    ROOT,
    Act,
    Pair,
    by_turns,
    median_ratio,
    memory_of,
    report,
    timed,
)
from haina.kernel.platform import Platform
from haina.packs import read_pack

PACK = ROOT / "bench" / "packs" / "tpch"
SCALE = os.environ.get("HAINA_BENCH_TPCH_SCALE", "1")
AT_LEAST = 0.7
TABLES = ("region", "nation", "part", "supplier", "partsupp", "customer", "orders", "lineitem")


def main() -> None:
    """Print the load, the turns, each query, and the figure."""
    with tempfile.TemporaryDirectory() as folder:
        _bench(Path(folder))


def _bench(folder: Path) -> None:
    raw = folder / "home" / "files" / "tpch"
    _generate(raw)
    queries = {model.dataset: model.sql for model in read_pack(PACK).models}
    with (
        installation.installed(folder / "home", PACK) as platform,
        installation.worker(folder / "home") as worker,
        memory_of(worker) as memory,
        _Alone(raw, folder / "alone", queries) as alone,
    ):
        loaded = timed(lambda: installation.collect(platform))
        print(f"装入八张表、标准化、首次加工:{loaded:.1f} 秒,另计")
        pairs = by_turns(
            lambda: installation.build(platform, queries), alone.all, name="TPC-H 22 个查询"
        )
        _compare(platform, alone)
        each = [
            _one_by_one(name, partial(installation.build, platform, [name]), alone)
            for name in queries
        ]
    report(
        "tpch",
        ours=statistics.median(one.ours for one in pairs),
        against=statistics.median(one.against for one in pairs),
        ratio=median_ratio(pairs),
        at_least=AT_LEAST,
        peak_rss_mb=memory.peak_mb,
        unit="22 个查询合计,秒",
        geometric_mean=round(statistics.geometric_mean(each), 3),
        load_seconds=round(loaded, 1),
    )


def _generate(folder: Path) -> None:
    if not PEERS.exists():
        raise SystemExit("no generator here: run `make .peers/ready`")
    command = [str(PEERS.parent / "tpchgen-cli"), "parquet", "-s", SCALE, f"--output-dir={folder}"]
    subprocess.run(command, check=True, capture_output=True)


def _one_by_one(name: str, ours: Act, alone: "_Alone") -> float:
    """One query with nothing beside it: what a model costs over its SQL shows here."""
    pair = Pair(timed(ours), timed(lambda: alone.one(name)))
    print(f"{name}:海纳 {pair.ours:.3f} 秒,对照 {pair.against:.3f} 秒,{pair.ratio:.2f} 倍")
    return pair.ratio


class _Alone:
    """DuckDB by itself over the generator's files."""

    def __init__(self, raw: Path, folder: Path, queries: dict[str, str]) -> None:
        _sandbox.be_as_nice()
        self.engine = duckdb.connect(config={"threads": 2})
        self._folder, self.queries = folder, queries
        folder.mkdir()
        self.engine.execute("CREATE SCHEMA ods")
        for table in TABLES:
            rows = f"read_parquet('{raw / table}.parquet')"
            self.engine.execute(f"CREATE VIEW ods.{table} AS FROM {rows}")

    def __enter__(self) -> "_Alone":
        return self

    def __exit__(self, *_error: object) -> None:
        self.engine.close()

    def file(self, name: str) -> Path:
        return self._folder / f"{name}.parquet"

    def one(self, name: str) -> None:
        """The result as a Parquet file, packed as the lake packs."""
        result = f"({self.queries[name]}) TO '{self.file(name)}'"
        self.engine.execute(f"COPY {result} (FORMAT parquet, COMPRESSION zstd)")

    def all(self) -> None:
        for name in self.queries:
            self.one(name)


def _compare(platform: Platform, alone: _Alone) -> None:
    """Every answer of ours against DuckDB's on the raw files: the same rows, as often."""
    for name in alone.queries:
        ours = f"SELECT * FROM read_parquet({installation.files_of(platform, name)!r})"
        theirs = f"SELECT * FROM read_parquet('{alone.file(name)}')"
        sql = f"""SELECT (SELECT count(*) FROM ({ours} EXCEPT ALL {theirs})),
            (SELECT count(*) FROM ({theirs} EXCEPT ALL {ours})), (SELECT count(*) FROM ({ours}))"""
        row = alone.engine.execute(sql).fetchone()
        if row is None or row[:2] != (0, 0) or not row[2]:
            raise SystemExit(f"{name} 的答案与 DuckDB 不同:{row}")
    print(f"{len(alone.queries)} 个答案与 DuckDB 在原始文件上的逐行相同")


if __name__ == "__main__":
    main()
