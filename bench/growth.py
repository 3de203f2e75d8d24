"""Rows a second at 1, 5 and 20 million rows, against itself at 1 million: nothing may grow with the
amount of data but the time."""

import importlib.util
import json
import sys

from bench import _harness
from bench._loading import (
    PERSONS,
    installation,
    load_once,
    make_persons,
    postgresql_source,
    server,
)

MILLIONS = (1, 5, 20)
AT_LEAST = 0.8


def main() -> None:
    """Collect here; checks and models in a file of their own."""
    collect()
    if importlib.util.find_spec("bench.growth_compute"):
        importlib.import_module("bench.growth_compute").main()


def collect() -> None:
    """Each size in a process of its own: memory is told apart too."""
    speeds: dict[int, float] = {}
    peaks: dict[int, float] = {}
    with server() as pg:
        for millions in MILLIONS:
            rows = millions * 1_000_000
            table = make_persons(pg, rows)
            found = _harness.child("bench.growth", str(pg.port), table)
            pg.run(f"drop table {table}")
            speeds[millions], peaks[millions] = rows / found["seconds"], found["peak_mb"]
            print(f"growth collect:{rows:,} 行,每秒 {speeds[millions]:,.0f} 行", flush=True)
    first, last = MILLIONS[0], MILLIONS[-1]
    _harness.report(
        "growth collect",
        ours=speeds[last],
        against=speeds[first],
        ratio=speeds[last] / speeds[first],
        at_least=AT_LEAST,
        peak_rss_mb=peaks[last],
        rows_per_second={str(one): round(speeds[one]) for one in MILLIONS},
        peaks_mb={str(one): round(peaks[one]) for one in MILLIONS},
    )


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
