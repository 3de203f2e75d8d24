"""The pool of sandboxes: keeps a zygote alive, a few children warm, and hands out sessions."""

import json
import logging
import os
import shutil
import socket
import subprocess
import sys
import tempfile
import threading
from collections import deque
from collections.abc import Iterable
from dataclasses import asdict
from pathlib import Path
from typing import Any

import haina
from haina.compute.engines import wire
from haina.compute.engines.contracts import SANDBOX_DOWN, Limits, SandboxTable
from haina.compute.engines.session import Session

_PREPARE_SECONDS = 61.0
_HELLO_SECONDS = 20.0  # a cold start imports the engines first
_ANSWER = 2**20
_ATTEMPTS = 3
_log = logging.getLogger(__name__)


class SandboxPool:
    """Sessions in processes of their own. Safe to use from many threads."""

    def __init__(self, warm: int = 1, spill_folder: str | None = None) -> None:
        """`warm` children wait ahead; `spill_folder` is where private folders are made."""
        self._warm = warm
        self._spill_folder = spill_folder
        self._lock = threading.Lock()
        self._zygote: _Zygote | None = None
        self._waiting: deque[_Child] = deque()
        self._closed = False
        self._refill()

    def close(self) -> None:
        """End the zygote, and with it every sandbox."""
        with self._lock:
            self._closed = True
            self._forget()

    def session(self, tables: Iterable[SandboxTable], limits: Limits) -> Session:
        """A prepared sandbox. Raises HainaError(sandbox_down, query_failed)."""
        folder = tempfile.mkdtemp(dir=self._spill_folder) if limits.spill_mb else None
        setup = {
            "tables": [asdict(table) for table in tables],
            "limits": asdict(limits),
            "folder": folder,
        }
        for _attempt in range(_ATTEMPTS):
            child = self._take()
            ready = child.prepare(setup)
            if ready is None:
                child.end()
                child.sock.close()
                continue
            session = self._opened(child, ready, limits, folder)
            self._refill()  # only now: the next child must not slow this one down
            return session
        _remove(folder)
        raise SANDBOX_DOWN()

    def _opened(
        self, child: "_Child", ready: dict[str, Any], limits: Limits, folder: str | None
    ) -> Session:
        def end() -> None:
            child.end()
            _remove(folder)

        if "error" in ready:
            end()
            child.sock.close()
            _log.error("sandbox could not prepare its tables: %s", ready.get("reason"))
            raise SANDBOX_DOWN("数据表没有准备好,可能是所钉的数据版本已被清理。")
        return Session(child.sock, limits, end, ready["walls"])

    def _take(self) -> "_Child":
        with self._lock:
            return self._waiting.popleft() if self._waiting else self._start()

    def _refill(self) -> None:
        with self._lock:
            while not self._closed and len(self._waiting) < self._warm:
                self._waiting.append(self._start())

    def _start(self) -> "_Child":
        """One more child of the living zygote; a dead one is replaced. Called under the lock."""
        if self._closed:
            raise SANDBOX_DOWN("计算沙箱已经关闭。")
        for _attempt in range(_ATTEMPTS):
            if self._zygote is None or not self._zygote.alive():
                self._forget()
                self._zygote = _Zygote()
            child = self._zygote.start()
            if child:
                return child
        raise SANDBOX_DOWN()

    def _forget(self) -> None:
        while self._waiting:
            self._waiting.popleft().sock.close()
        if self._zygote:
            self._zygote.close()
            self._zygote = None


class _Zygote:
    """The parent's end of the process in zygote.py."""

    def __init__(self) -> None:
        ours, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        with theirs:
            self._process = subprocess.Popen(  # noqa: S603 - our own interpreter, fixed arguments
                _command(theirs.fileno()),
                env=_environment(),
                pass_fds=[theirs.fileno()],
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                start_new_session=True,  # a Ctrl-C in the terminal is not meant for it
            )
        self._control = ours

    def alive(self) -> bool:
        return self._process.poll() is None

    def close(self) -> None:
        self._control.close()
        self._process.kill()
        self._process.wait()

    def start(self) -> "_Child | None":
        """A child on a new socket, or None when the zygote is gone."""
        ours, theirs = socket.socketpair()
        with theirs:
            if self._say({"do": "start"}, [theirs.fileno()]):
                return _Child(ours, self)
        ours.close()
        return None

    def kill(self, pid: int) -> None:
        self._say({"do": "kill", "pid": pid}, [])

    def _say(self, message: dict[str, Any], fds: list[int]) -> bool:
        try:
            socket.send_fds(self._control, [json.dumps(message).encode()], fds)
        except OSError:
            return False
        return True


class _Child:
    """A sandbox on its way: started, not yet prepared."""

    def __init__(self, sock: socket.socket, zygote: _Zygote) -> None:
        self.sock = sock
        self._zygote = zygote
        self._pid: int | None = None
        self._lock = threading.Lock()

    def prepare(self, setup: dict[str, Any]) -> dict[str, Any] | None:
        """Send the setup, answer what the child says; None when it is gone."""
        try:
            self.sock.settimeout(_HELLO_SECONDS)
            self._pid = int(wire.receive_json(self.sock, _ANSWER)["pid"])
            self.sock.settimeout(_PREPARE_SECONDS)
            wire.send_json(self.sock, setup)
            return wire.receive_json(self.sock, _ANSWER)
        except (OSError, wire.WireError):
            return None

    def end(self) -> None:
        """Kill, once."""
        with self._lock:
            pid, self._pid = self._pid, None
        if pid is not None:
            self._zygote.kill(pid)


def _command(fd: int) -> list[str]:
    return [sys.executable, "-m", "haina.compute.engines.zygote", "zygote", str(fd)]


def _environment() -> dict[str, str]:
    """Nothing of ours but what the engines need: settings and secrets stay in the parent."""
    kept = {name: os.environ[name] for name in ("PATH", "LD_LIBRARY_PATH") if name in os.environ}
    return kept | {
        "PYTHONPATH": str(Path(haina.__file__).parents[1]),
        "LANG": "C.UTF-8",
        "TZ": "Asia/Shanghai",
        # Libraries that start threads at import would make the zygote unfit to fork.
        "OPENBLAS_NUM_THREADS": "1",
        "OMP_NUM_THREADS": "1",
        "TOKIO_WORKER_THREADS": "1",
        "JE_ARROW_MALLOC_CONF": "background_thread:false",
        "_RJEM_MALLOC_CONF": "background_thread:false",
        "ARROW_DEFAULT_MEMORY_POOL": "system",
        # Arenas eat the address space that is limited.
        "MALLOC_ARENA_MAX": "1",
    }


def _remove(folder: str | None) -> None:
    if folder:
        shutil.rmtree(folder, ignore_errors=True)


def walls() -> dict[str, Any]:
    """What the operating system grants here, for `haina doctor`. Starts a sandbox for it."""
    pool = SandboxPool(warm=0)
    try:
        with pool.session([], Limits(5, 128, 1, None, 1)) as session:
            return session.walls
    finally:
        pool.close()
