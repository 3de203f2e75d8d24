"""What the trials share: the shim, a small county with its undisturbed end, a count of what was
done."""

import random
import time
from collections.abc import Callable
from datetime import datetime
from pathlib import Path

import pytest

from haina.kernel.clock import SHANGHAI
from simulation.__main__ import generate
from tests.audit import county
from tests.audit.shim import Shim, build
from tests.audit.state import State, state_of
from tests.simulation.divisions import write_divisions

PERSONS = 2000
Tell = Callable[[str, object], None]


@pytest.fixture
def chance(record_property: Tell, capsys: pytest.CaptureFixture[str]) -> random.Random:
    """Moments by chance; its seed is printed and recorded. SEED in the environment replays."""
    import os

    seed = int(os.environ.get("SEED") or time.time_ns() % 10**9)
    record_property("seed", seed)
    print(f"SEED={seed}")
    return random.Random(seed)


@pytest.fixture(scope="session")
def shim_library(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return build(tmp_path_factory.getbasetemp())


@pytest.fixture
def shim(shim_library: Path, tmp_path: Path) -> Shim:
    return Shim(shim_library, tmp_path / "shim.control")


@pytest.fixture(scope="session")
def sources(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Source systems of a small county, with a small register of divisions."""
    root = tmp_path_factory.mktemp("county")
    (root / "divisions").mkdir()
    divisions = write_divisions(root / "divisions" / "data.sqlite")
    generate(root / "sources", divisions, PERSONS, 20260801, datetime.now(SHANGHAI).date())
    return root


@pytest.fixture(scope="session")
def calm(tmp_path_factory: pytest.TempPathFactory, sqlite_template: Path, sources: Path) -> State:
    """What undisturbed work makes of the county."""
    platform = county.applied(tmp_path_factory.mktemp("calm") / "home", sqlite_template, sources)
    county.finish(platform, tmp_path_factory.getbasetemp() / "calm.log")
    found = state_of(platform)
    platform.close()
    return found
