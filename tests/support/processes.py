"""Real worker processes that are killed, stopped and started again."""

import os
import shutil
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Mapping
from pathlib import Path

ROOT = Path(__file__).parents[2]

ROOM = 4 * 1024**3

Process = subprocess.Popen[bytes]


def environment(home: Path, **settings: object) -> dict[str, str]:
    """Nothing of the caller's HAINA_ settings; warnings are errors there as well as here."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("HAINA_")}
    ours = {f"HAINA_{name.upper()}": str(value) for name, value in settings.items()}
    path = f"{ROOT / 'src'}:{ROOT}"
    return {**kept, **ours, "HAINA_HOME": str(home), "PYTHONPATH": path, "COLUMNS": "200"}


def start(module: str, env: Mapping[str, str], log: Path, *arguments: str) -> Process:
    """A process at the head of a group of its own."""
    with log.open("ab") as out:
        return subprocess.Popen(
            [sys.executable, "-m", module, *arguments],
            env=dict(env),
            stdout=out,
            stderr=out,
            stdin=subprocess.DEVNULL,
            start_new_session=True,
        )


def free_port() -> int:
    """A port of 127.0.0.1 on which nobody listens."""
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        return int(found.getsockname()[1])


def fleeting() -> Path:
    """A short path for what nobody reads after the run: in memory where there is room."""
    memory = Path("/dev/shm")
    roomy = os.access(memory, os.W_OK) and shutil.disk_usage(memory).free > ROOM
    return memory if roomy else Path("/tmp")


def kill_group(process: Process, number: int = signal.SIGKILL) -> None:
    """A signal for the process and everything it started."""
    try:
        os.killpg(process.pid, number)
    except ProcessLookupError:
        pass
    if number == signal.SIGKILL:
        process.wait(10)


def wait_until(true: Callable[[], bool], seconds: float, what: str = "it") -> None:
    end = time.monotonic() + seconds
    while not true():
        assert time.monotonic() < end, f"{what} took longer than {seconds} s"
        time.sleep(0.05)
