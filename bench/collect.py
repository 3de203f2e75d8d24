"""A PostgreSQL table to a queryable dataset of the lake with provenance columns, made durable and
reconciled, against psql's binary COPY to nowhere; and against dlt's pipeline to Delta."""

import json
import os
import subprocess
import sys
import tempfile
from pathlib import Path

from bench import _harness
from bench._loading import (
    PERSONS,
    installation,
    load_once,
    make_persons,
    make_wide,
    postgresql_source,
    reconciliation_apart,
    server,
)
from tests.support.postgresql import PgServer

ROWS = 2_000_000
MANY = 10_000_000
WIDE = 200
WIDE_ROWS = 200_000
AT_LEAST_COPY = 0.55
AT_LEAST_DLT = 4.0
MOST_MB = 500
_DLT = Path(__file__).parent / "peers" / "dlt_collect.py"


def main() -> None:
    """Print the pairs, then the figures: copy, dlt, and memory at more rows and columns."""
    with server() as pg:
        table = make_persons(pg, ROWS)
        _against_copy(pg, table)
        _against_dlt(pg, table)
        pg.run(f"drop table {table}")
        _memory(pg, make_persons(pg, MANY), PERSONS)
        names = ("id", *(f"c{number}" for number in range(1, WIDE)))
        _memory(pg, make_wide(pg, WIDE_ROWS, WIDE), names)


def _against_copy(pg: PgServer, table: str) -> None:
    source = postgresql_source(pg.port, {table: PERSONS})
    with installation(source) as platform, reconciliation_apart() as apart:
        load_once(platform, table)  # imports, and the table into the server's memory
        apart.seconds = 0.0
        pairs = _harness.by_turns(
            lambda: load_once(platform, table), lambda: _copy(pg, table), name="collect"
        )
    spent = apart.seconds / len(pairs)
    bare = [_harness.Pair(pair.ours - spent, pair.against) for pair in pairs]
    _harness.report_pairs(
        "collect",
        bare,
        ROWS,
        at_least=AT_LEAST_COPY,
        peak_rss_mb=peak_mb(source, table),
        beside="psql binary COPY",
        reconciliation_seconds=round(spent, 2),
        ratio_with_reconciliation=round(_harness.median_ratio(pairs), 3),
    )


def _copy(pg: PgServer, table: str) -> None:
    with Path(os.devnull).open("wb") as nowhere:
        subprocess.run(
            ["psql", "-h", "127.0.0.1", "-p", str(pg.port), "-U", "postgres", "-d", "postgres",
             "-c", f"copy {table} to stdout (format binary)"],
            check=True,
            stdout=nowhere,
        )  # fmt: skip


def _against_dlt(pg: PgServer, table: str) -> None:
    pairs: list[_harness.Pair] = []
    with installation(postgresql_source(pg.port, {table: PERSONS})) as platform:
        load_once(platform, table)
        for _ in range(3):
            ours = _harness.timed(lambda: load_once(platform, table))
            with tempfile.TemporaryDirectory(prefix="haina-dlt-") as place:
                answer = _harness.peer(_DLT, str(pg.port), table, place)
            assert answer["rows"] == ROWS
            pairs.append(_harness.Pair(ours, answer["seconds"]))
            print(f"collect:海纳 {ours:.1f} 秒,dlt {answer['seconds']:.1f} 秒", flush=True)
    _harness.report_pairs(
        "collect", pairs, ROWS, at_least=AT_LEAST_DLT, peak_rss_mb=0, beside="dlt"
    )


def _memory(pg: PgServer, table: str, columns: tuple[str, ...]) -> None:
    """What a load holds at most, against what it may: it must not grow with the data."""
    peak = peak_mb(postgresql_source(pg.port, {table: columns}), table)
    _harness.report(
        "collect",
        ours=peak,
        against=MOST_MB,
        ratio=MOST_MB / peak,
        at_least=1.0,
        peak_rss_mb=peak,
        beside=f"memory of {table}",
    )


def peak_mb(source: str, table: str) -> float:
    """Of one load in a process of its own."""
    return float(_harness.child("bench.collect", source, table)["peak_mb"])


def _load(source: str, table: str) -> None:
    """The only work of a child process."""
    with installation(source) as platform, _harness.memory_of() as memory:
        load_once(platform, table)
    print(json.dumps({"peak_mb": memory.peak_mb}))


if __name__ == "__main__":
    _load(*sys.argv[1:]) if sys.argv[1:] else main()
