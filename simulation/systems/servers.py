"""Processes that are kept up: started, asked whether they are ready, started again, stopped."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import time
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

READY_SECONDS = 60.0
STOP_SECONDS = 15.0
LONGEST_PAUSE = 30.0


class BrokenSystemError(Exception):
    """A system that does not come up, in words."""


@dataclass
class Server:
    """One program. `stop_by` is the signal that ends it in good order."""

    title: str
    command: Sequence[str]
    port: int
    log: Path
    is_ready: Callable[[], bool]
    stop_by: signal.Signals = signal.SIGTERM
    process: subprocess.Popen[bytes] | None = None
    failures: int = 0
    next_start: float = field(default=0.0)

    def start(self) -> None:
        """From the main thread alone: a child is told of the death of the thread that made it."""
        with self.log.open("ab") as out:
            # A session of its own: Ctrl+C at the terminal is for us, and we stop it in our turn.
            self.process = subprocess.Popen(  # noqa: S603 — programs that we looked up
                list(self.command), stdin=subprocess.DEVNULL, stdout=out, stderr=out,
                start_new_session=True, env={**os.environ, "LC_ALL": "C"},
            )  # fmt: skip

    def await_ready(self) -> None:
        """Raises BrokenSystemError with the last words of its log."""
        end = time.monotonic() + READY_SECONDS
        while not self.is_ready():
            if self.process is None or self.process.poll() is not None or time.monotonic() > end:
                raise BrokenSystemError(f"{self.title} 没有起来,它最后说:{_last_words(self.log)}")
            time.sleep(0.1)

    def watch(self) -> bool:
        """Start it again when it has died, later each time; whether it has just died."""
        if self.process is not None and self.process.poll() is None:
            return False
        died, moment = self.process is not None, time.monotonic()
        if died:
            self.process = None
            self.failures += 1
            self.next_start = moment + min(LONGEST_PAUSE, 0.5 * 2**self.failures)
        if moment >= self.next_start:
            self.start()
        return died

    def stop(self) -> None:
        if self.process is None:
            return
        if self.process.poll() is None:
            self.process.send_signal(self.stop_by)
            with suppress(subprocess.TimeoutExpired):
                self.process.wait(STOP_SECONDS)
        self._kill_group()
        self.process.wait()
        self.process = None

    def _kill_group(self) -> None:
        """What it may have left: the group is its own."""
        assert self.process is not None
        with suppress(ProcessLookupError):
            os.killpg(self.process.pid, signal.SIGKILL)


def check_port(title: str, port: int) -> None:
    """Raises BrokenSystemError for a port that somebody else has."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError:
            raise BrokenSystemError(f"{title} 的端口 {port} 已被别的程序占用") from None


def listens(port: int) -> bool:
    try:
        socket.create_connection(("127.0.0.1", port), 1).close()
    except OSError:
        return False
    return True


def _last_words(log: Path) -> str:
    lines = [one for one in log.read_text("utf-8", "replace").splitlines() if one.strip()]
    return (lines[-1] if lines else "(什么也没说)")[:300]
