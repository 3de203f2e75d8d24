"""Checks and models at growing size: rows a second and the memory of the sandbox, for
`bench/growth.py`. Each size in a sandbox of its own."""

import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from bench import _sandbox
from bench.checks import STANDARDS, TABLE, judge, rows_sql
from haina.compute.engines import Session
from haina.resources.libraries.recipe import conform_recipe

SIZES = (1_000_000, 5_000_000, 20_000_000)
_GROUPS = 10  # rows a group
# As models are: rows of one key brought together, the winner kept.
MODEL = f"""SELECT CAST(_seq / {_GROUPS} AS BIGINT) AS person, max(id) AS id, any_value(sex) AS sex,
    min(birth) AS birth, count(*) AS times FROM {TABLE.ods} GROUP BY 1"""

Growth = list[dict[str, float]]


def checks(sizes: tuple[int, ...] = SIZES) -> Growth:
    """All rules of a table: rows, rows a second, MB at most, of each size."""
    recipe = conform_recipe(TABLE, STANDARDS)
    return [_at(rows, lambda session: judge(session, recipe)) for rows in sizes]


def models(sizes: tuple[int, ...] = SIZES) -> Growth:
    """One model, its result written to the lake: rows, rows a second, MB at most, of each size."""
    return [_at(rows, _build) for rows in sizes]


def _at(rows: int, act: Callable[[Session], object]) -> dict[str, float]:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "bench"
        _sandbox.write(path, rows_sql(rows))
        with _sandbox.sandbox(TABLE.ods, path) as session:
            started = time.perf_counter()
            act(session)
            seconds = time.perf_counter() - started
            return {
                "rows": rows,
                "rows_per_second": round(rows / seconds),
                "peak_mb": round(session.peak_mb),
            }


def _build(session: Session) -> None:
    with tempfile.TemporaryDirectory() as folder:
        _sandbox.write_batches(Path(folder) / "made", session.batches(MODEL).reader())
