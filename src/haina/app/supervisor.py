"""`haina up`: watches over one server and one worker, and folds the SQLite log.

It imports no database: who waits for the server waits for everything that is loaded before it.
"""

import os
import socket
import subprocess
import sys
import threading
import time
import traceback
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO

from haina.kernel.errors import kind
from haina.kernel.settings import Settings

if TYPE_CHECKING:
    from haina.kernel.database import Database

ALREADY_UP = kind(
    "already_up", 409, "这个安装已在运行", "先停下正在运行的 haina up,或换一个 HAINA_HOME。"
)
PORT_TAKEN = kind("port_taken", 409, "端口已被占用", "换一个端口:HAINA_PORT=8001 haina up。")

_SUPERVISOR = "HAINA_SUPERVISED"
_SERVER, _WORKER = "haina.app.server", "haina.app.worker"
_CHECKPOINT_SECONDS = 5.0
_HEAD_START = 10.0
_MAX_PAUSE = 30.0


def orphaned() -> bool:
    """Whether the supervisor that started this process is gone.

    It told us its number: who asks only for a change of parent never notices one who died
    while this process was still starting.
    """
    supervisor = os.environ.get(_SUPERVISOR)
    return supervisor is not None and os.getppid() != int(supervisor)


@dataclass
class _Child:
    module: str
    process: "subprocess.Popen[bytes] | None" = None
    failures: int = 0
    started: float = 0.0
    next_start: float = field(default=0.0)


class Supervisor:
    """Starts the children, starts them again when they die, stops them with itself."""

    def __init__(self, settings: Settings, *, server: bool = True) -> None:
        self._settings = settings
        self._children = [_Child(_SERVER)] if server else []
        self._database: Database | None = None
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._watch, daemon=True)
        self._log = _open_log(settings.home)

    def start(self) -> None:
        self._thread.start()

    def fold(self, database: "Database") -> None:
        """Fold the log of this database from now on, and close it at the end."""
        self._database = database

    def stop(self) -> None:
        self._stop.set()
        self._thread.join(15.0)
        for child in self._children:
            _end(child)
        self._checkpoint()
        if self._database is not None:
            self._database.close()
        self._log.close()

    def _watch(self) -> None:
        began = folded = time.monotonic()
        while True:
            try:
                self._add_worker(began)
                for child in self._children:
                    self._keep(child)
                if time.monotonic() - folded > _CHECKPOINT_SECONDS:
                    folded = time.monotonic()
                    self._checkpoint()
            except Exception:  # noqa: BLE001 — a full disk must not end the watch over the children
                traceback.print_exc()
            if self._stop.wait(0.2):
                return

    def _checkpoint(self) -> None:
        if self._database is not None:
            self._database.checkpoint()

    def _add_worker(self, began: float) -> None:
        """Once the server listens: until then people wait for the processors that it needs."""
        if any(child.module == _WORKER for child in self._children):
            return
        waited = time.monotonic() - began > _HEAD_START
        if not self._children or waited or _listens(self._settings):
            self._children.append(_Child(_WORKER))

    def _keep(self, child: _Child) -> None:
        if child.process is not None and child.process.poll() is None:
            return
        moment = time.monotonic()
        if child.process is not None:
            lived = moment - child.started
            child.failures = 0 if lived > 60 else child.failures + 1
            child.next_start = moment + min(_MAX_PAUSE, 0.5 * 2**child.failures)
            child.process = None
        if moment >= child.next_start:
            child.started = moment
            child.process = subprocess.Popen(  # noqa: S603 — our own modules
                [sys.executable, "-m", child.module],
                stdout=self._log,
                stderr=self._log,
                env={
                    **os.environ,
                    _SUPERVISOR: str(os.getpid()),
                    "HAINA_HOME": str(self._settings.home),
                },
            )


def _listens(settings: Settings) -> bool:
    try:
        with socket.create_connection((settings.host, settings.port), timeout=0.2):
            return True
    except OSError:
        return False


def _end(child: _Child) -> None:
    if child.process is None or child.process.poll() is not None:
        return
    child.process.terminate()
    try:
        child.process.wait(10.0)
    except subprocess.TimeoutExpired:
        child.process.kill()
        child.process.wait()


def _open_log(home: Path) -> BinaryIO:
    return (home / "haina.log").open("ab")
