"""Files made to hurt are refused, each with its own code, in bounded memory and time."""

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from tests.resources.kinds.hostile_files import CASES, make_all

_ROOT = Path(__file__).parents[3]
_BATCH = 15
# Arenas and pools take addresses for themselves, which the limit would count for the file.
_ENVIRONMENT = {
    "PYTHONPATH": f"src{os.pathsep}.",
    "MALLOC_ARENA_MAX": "1",
    "ARROW_DEFAULT_MEMORY_POOL": "system",
}


@pytest.fixture(scope="module")
def outcomes(tmp_path_factory: pytest.TempPathFactory) -> dict[str, dict[str, Any]]:
    """What came of each case. A process that dies takes only its own case with it."""
    folder = tmp_path_factory.mktemp("hostile")
    make_all(folder)
    found: dict[str, dict[str, Any]] = {}
    left = list(CASES)
    while left:
        batch = left[:_BATCH]
        seen, died = _run(folder, batch)
        found |= {one["case"]: one for one in seen}
        done = len(seen)
        if done < len(batch):
            found[batch[done]] = {"outcome": f"died: {died}"}
            done += 1
        left = left[done:]
    return found


def _run(folder: Path, names: list[str]) -> tuple[list[dict[str, Any]], str]:
    done = subprocess.run(
        [sys.executable, "-m", "tests.resources.kinds.hostile_files", str(folder), *names],
        capture_output=True,
        text=True,
        check=False,
        cwd=_ROOT,
        env={**os.environ, **_ENVIRONMENT},
    )
    seen = [json.loads(line) for line in done.stdout.splitlines()]
    return seen, f"{done.returncode} {done.stderr[-400:]}"


def test_there_are_sixty() -> None:
    assert len(CASES) >= 60


@pytest.mark.parametrize("case", CASES)
def test_hostile_file(case: str, outcomes: dict[str, dict[str, Any]]) -> None:
    assert outcomes[case]["outcome"] == CASES[case].outcome


def test_no_case_took_more_than_it_should(outcomes: dict[str, dict[str, Any]]) -> None:
    """Of the machine's memory, that is: what is loaded before any file is read takes 250 MB."""
    peaks = {case: one["peak"] for case, one in outcomes.items() if "peak" in one}
    assert len(peaks) == len(CASES)
    assert max(peaks.values()) < 1000, peaks
