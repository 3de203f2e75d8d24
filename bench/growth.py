"""Rows a second at 1, 5 and 20 million rows, against itself at 1 million: nothing may grow with the
amount of data but the time."""

import json
import sys

from bench import _growth_compute, _harness
from bench._loading import (
    PERSONS,
    installation,
    load_once,
    make_persons,
    postgresql_source,
    server,
)
from tests.support.postgresql import PgServer

AT_LEAST = 0.8


def main() -> None:
    """One figure each for collecting, checks and models."""
    collect()
    for name, sizes in (("checks", _growth_compute.checks), ("models", _growth_compute.models)):
        _report(f"growth {name}", sizes())


def _report(figure: str, sizes: _growth_compute.Growth) -> None:
    for one in sizes:
        print(f"{figure}:{one['rows']:,} 行,每秒 {one['rows_per_second']:,} 行", flush=True)
    first, last = sizes[0], sizes[-1]
    _harness.report(
        figure,
        ours=last["rows_per_second"],
        against=first["rows_per_second"],
        ratio=last["rows_per_second"] / first["rows_per_second"],
        at_least=AT_LEAST,
        peak_rss_mb=last["peak_mb"],
        peaks_mb={str(round(one["rows"] / 1e6)): one["peak_mb"] for one in sizes},
    )


def collect() -> None:
    """Each size in a process of its own: memory is told apart too."""
    with server() as pg:
        _report("growth collect", [_collected(pg, rows) for rows in _growth_compute.SIZES])


def _collected(pg: PgServer, rows: int) -> dict[str, float]:
    table = make_persons(pg, rows)
    found = _harness.child("bench.growth", str(pg.port), table)
    pg.run(f"drop table {table}")
    return {
        "rows": rows,
        "rows_per_second": round(rows / found["seconds"]),
        "peak_mb": round(found["peak_mb"]),
    }


def _load(port: str, table: str) -> None:
    """The only work of a child process: twice, for the first pays the imports."""
    source = postgresql_source(int(port), {table: PERSONS})
    with installation(source) as platform:
        with _harness.memory_of() as memory:
            load_once(platform, table)
        seconds = _harness.timed(lambda: load_once(platform, table))
    print(json.dumps({"seconds": seconds, "peak_mb": memory.peak_mb}))


if __name__ == "__main__":
    _load(*sys.argv[1:]) if sys.argv[1:] else main()
