"""`haina …` as a person types it, in processes that need not load the program anew."""

import multiprocessing
import os
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import NoReturn

from tests.support.processes import environment

# A process that has loaded what every command loads, and starts no thread, is forked for each.
_PROCESSES = multiprocessing.get_context("forkserver")
_PROCESSES.set_forkserver_preload(
    ["alembic.command", "duckdb", "haina.app.bootstrap", "haina.packs", "typer"]
)


def command(home: Path, *arguments: str, **settings: object) -> "subprocess.CompletedProcess[str]":
    """Run to its end; what it said and its exit code."""
    with TemporaryDirectory() as folder:
        out, err = Path(folder) / "out", Path(folder) / "err"
        process = _PROCESSES.Process(
            target=_obey, args=(arguments, environment(home, **settings), str(out), str(err))
        )
        process.start()
        process.join(120)
        late = process.exitcode is None
        process.kill()
        process.join()
        said, complained = out.read_text("utf-8"), err.read_text("utf-8")
    assert not late, f"haina {' '.join(arguments)} is late: {said}{complained}"
    return subprocess.CompletedProcess(arguments, process.exitcode or 0, said, complained)


def _obey(arguments: tuple[str, ...], env: Mapping[str, str], out: str, err: str) -> NoReturn:
    for number, path in ((1, out), (2, err)):
        os.dup2(os.open(path, os.O_WRONLY | os.O_CREAT), number)
    for name in [name for name in os.environ if name.startswith("HAINA_")]:
        del os.environ[name]
    os.environ.update(env)
    sys.argv = ["haina", *arguments]
    from haina.app.cli import main

    main()
    sys.exit(0)
