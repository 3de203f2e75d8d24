"""The demonstration, collected and governed, for benches: a copy of HAINA_BENCH_HOME where that
names an installation of it (which is never touched), else a small county that is made and run
first, which takes some minutes."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

from bench._harness import ROOT

PERSONS = 5_000


def demonstration(folder: Path, persons: int = PERSONS) -> Path:
    """The home of the installation, below `folder`."""
    given = os.environ.get("HAINA_BENCH_HOME")
    home = folder / "home"
    if given:
        shutil.copytree(given, home, ignore=shutil.ignore_patterns("*.lock", "run"))
    else:
        make_sources(folder / "county", persons)
        run("scripts/demonstration", str(folder / "county"), home=home)
        haina(home, "apply", "packs/wuqing")
        haina(home, "run")
    return home


def make_sources(county: Path, persons: int) -> None:
    """The source systems of a county."""
    divisions = county / "divisions"
    run(sys.executable, "-m", "simulation.divisions", "--out", str(divisions))
    made = ("--out", str(county / "sources"), "--persons", str(persons), "--seed", "20260801")
    register = str(divisions / "data.sqlite")
    run(sys.executable, "-m", "simulation", *made, "--divisions", register)


def haina(home: Path, *arguments: str) -> None:
    """A command of the platform, as people type it."""
    run(sys.executable, "-m", "haina", *arguments, home=home)


def run(*command: str, home: Path | None = None) -> None:
    """Raises SystemExit with what was said when it fails."""
    env = {**os.environ, **({"HAINA_HOME": str(home)} if home else {})}
    done = subprocess.run(command, cwd=ROOT, env=env, capture_output=True, text=True, check=False)
    if done.returncode != 0:
        raise SystemExit(f"{' '.join(command)}\n{done.stdout[-2_000:]}{done.stderr[-2_000:]}")
