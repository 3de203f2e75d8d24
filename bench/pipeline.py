"""Everything after collecting, on the demonstration county: conform, checks, models and serving
copies by a worker, from an installation that holds the raw tables alone; against one DuckDB script
that makes the same standard tables and models as Parquet, in one process, out of the same files.
What both made must be the same, row by row.

HAINA_BENCH_COUNTY names a county that `make county` made; without one, a small county of 20,000
persons is made first.
"""

import os
import shutil
import statistics
import tempfile
from collections.abc import Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import duckdb

from bench import _installation as installation
from bench import _sandbox
from bench._demonstration import make_sources, run
from bench._harness import ROOT, Pair, median_ratio, memory_of, report, timed
from haina import packs
from haina.app.bootstrap import job_kinds, open_engine, open_installation
from haina.app.progress import request_loads
from haina.catalogue.lineage import all_inputs
from haina.kernel import jobs
from haina.kernel.jobs import Runner
from haina.kernel.platform import open_platform
from haina.kernel.settings import load
from haina.resources import collect
from haina.resources.libraries import find_model, queries
from haina.resources.libraries.conform import _plain_columns
from haina.resources.libraries.recipe import conform_recipe
from haina.resources.specs import TableSpec
from haina.standards.elements import load_standards

PACK = ROOT / "packs" / "wuqing"
PERSONS = 20_000
PAIRS = int(os.environ.get("HAINA_BENCH_PAIRS", "5"))
AT_LEAST = 0.7
_OURS_ALONE = ("_seq",)


def main() -> None:
    """Print the turns, then the figure."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        raw = folder / "raw"
        _collected(raw, _county(folder))
        script = _Script(raw, folder / "script")
        pairs, peaks = [], []
        for turn in range(PAIRS):
            home = folder / f"home{turn}"
            shutil.copytree(raw, home)
            against = timed(script.run) if turn % 2 else 0.0
            ours, peak = _follow(home)
            pairs.append(Pair(ours, against or timed(script.run)))
            peaks.append(peak)
            print(f"采集之后的全部:海纳 {ours:.1f} 秒,对照 {pairs[-1].against:.1f} 秒", flush=True)
            if not turn:
                _compare(home, script)
            shutil.rmtree(home)
    report(
        "pipeline",
        ours=statistics.median(one.ours for one in pairs),
        against=statistics.median(one.against for one in pairs),
        ratio=median_ratio(pairs),
        at_least=AT_LEAST,
        peak_rss_mb=max(peaks),
        unit="秒",
        tables=len(script.made),
    )


def _county(folder: Path) -> Path:
    given = os.environ.get("HAINA_BENCH_COUNTY")
    if given:
        return Path(given)
    make_sources(folder / "county", PERSONS)
    return folder / "county"


def _collected(home: Path, county: Path) -> None:
    """An installation whose raw tables are loaded, and which has done nothing else yet."""
    run("scripts/demonstration", str(county), home=home)
    platform = open_installation(load(home=home))
    packs.apply(platform, PACK, "bench")
    batch, _queued = request_loads(platform, cause="bench")
    engine = open_engine(platform, warm=0)
    wanted = (collect.LOAD, collect.LOAD_SOURCE)
    loads = [kind for kind in job_kinds(engine) if kind.name in wanted]
    runner = Runner(platform, loads, slots=1)
    while runner.run_next():
        pass
    engine.close()
    with platform.database.read() as connection:
        installation.all_done(jobs.list_jobs(connection, batch=batch, limit=500).jobs)
    platform.database.checkpoint()
    platform.close()


def _follow(home: Path) -> tuple[float, float]:
    """Let a worker do what follows: seconds from the first job that it queues to the end of the
    last, and the most memory."""
    platform = open_platform(load(home=home))
    with platform.database.read() as connection:
        before = {job.id for job in jobs.list_jobs(connection, limit=500).jobs}
    with installation.worker(home) as pid, memory_of(pid) as memory:
        installation.settle(platform, quiet=6.0)  # longer than the worker's own sweep
    with platform.database.read() as connection:
        found = [
            job
            for job in jobs.list_jobs(connection, limit=1_000).jobs
            if job.id not in before and not job.kind.startswith("collect")
        ]
    platform.close()
    installation.all_done(found)
    first = min(job.created_at for job in found)
    last = max(job.ended_at for job in found if job.ended_at)
    return (last - first).total_seconds(), memory.peak_mb


class _Script:
    """The statements of the one script, in the order of who needs whom."""

    def __init__(self, raw: Path, out: Path) -> None:
        self.out = out
        self.made: list[str] = []
        self.statements: list[str] = []
        out.mkdir()
        platform = open_platform(load(home=raw))
        with platform.database.read() as connection:
            recipes = {row.dataset: row for row in queries.recipes(connection)}
            inputs = all_inputs(connection)
            standards = load_standards(connection)
            read = {one for name in recipes for one in inputs[name]}
            for name in sorted(read - set(recipes)):
                self._view(name, installation.files_of(platform, name))
            for name in _in_order(recipes, inputs):
                if recipes[name].kind == "model":
                    self._table(name, (), find_model(connection, name).spec.sql)
                else:
                    spec = TableSpec.model_validate(recipes[name].spec)
                    recipe = conform_recipe(spec, standards, _plain_columns(connection, spec.ods))
                    self._table(name, recipe.aside, recipe.rows_sql(kept=False))
        platform.close()

    def _table(self, name: str, aside: tuple[tuple[str, str], ...], sql: str) -> None:
        self.statements += [f"CREATE OR REPLACE TABLE {one} AS {made}" for one, made in aside]
        file = self.file(name)
        self.statements.append(f"COPY ({sql}) TO '{file}' (FORMAT parquet, COMPRESSION zstd)")
        self._view(name, [str(file)])
        self.made.append(name)

    def _view(self, name: str, files: list[str]) -> None:
        rows = f"read_parquet({files!r}, union_by_name=true)"
        self.statements.append(f"CREATE SCHEMA IF NOT EXISTS {name.split('.', maxsplit=1)[0]}")
        self.statements.append(f"CREATE VIEW {name} AS FROM {rows}")

    def file(self, name: str) -> Path:
        return self.out / f"{name}.parquet"

    def run(self) -> None:
        """In a thread that yields as sandboxes do: a worker started from this one must not."""
        with ThreadPoolExecutor(1, initializer=_sandbox.be_as_nice) as thread:
            thread.submit(self._run).result()

    def _run(self) -> None:
        with _engine() as engine:
            for one in self.statements:
                engine.execute(one)


def _engine() -> duckdb.DuckDBPyConnection:
    engine = duckdb.connect(config={"threads": 2})
    engine.execute("SET TimeZone = 'Asia/Shanghai'")
    return engine


def _in_order(names: Iterable[str], inputs: dict[str, set[str]]) -> Iterator[str]:
    """Each after what it is made of."""
    waiting = dict.fromkeys(sorted(names))
    while waiting:
        ready = [one for one in waiting if not inputs.get(one, set()) & (set(waiting) - {one})]
        for one in ready:
            del waiting[one]
            yield one


def _compare(home: Path, script: _Script) -> None:
    platform = open_platform(load(home=home))
    with _engine() as engine:
        for name in script.made:
            _same(engine, name, installation.files_of(platform, name), script.file(name))
    platform.close()
    print(f"{len(script.made)} 张表与对照的逐行相同")


def _same(engine: duckdb.DuckDBPyConnection, name: str, files: list[str], file: Path) -> None:
    source = f"read_parquet({files!r})"
    columns = engine.execute(f"DESCRIBE SELECT * FROM {source}").fetchall()
    names = ", ".join(f'"{row[0]}"' for row in columns if row[0] not in _OURS_ALONE)
    ours, theirs = f"SELECT {names} FROM {source}", f"SELECT {names} FROM '{file}'"
    row = engine.execute(
        f"SELECT (SELECT count(*) FROM ({ours} EXCEPT ALL {theirs})), "
        f"(SELECT count(*) FROM ({theirs} EXCEPT ALL {ours}))"
    ).fetchone()
    if row != (0, 0):
        raise SystemExit(f"{name} 与对照不同:{row}")


if __name__ == "__main__":
    main()
