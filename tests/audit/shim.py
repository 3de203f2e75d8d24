"""Faults for processes that run: the library of shim.c and the block of memory that steers it."""

import mmap
import os
import shutil
import struct
import subprocess
from pathlib import Path
from typing import Literal

import pytest

_SOURCE = Path(__file__).with_name("shim.c")
_LAYOUT = struct.Struct("=qiiqqqii512s")
_OPS = {"write": 1, "sync": 2, "open": 4}
Op = Literal["write", "sync", "open"]


def build(folder: Path) -> Path:
    """The library. Skips the test where there is no C compiler."""
    compiler = shutil.which("cc") or shutil.which("gcc")
    if compiler is None:
        pytest.skip("no C compiler on this machine: faults of disk and clock cannot be made")
    library = folder / "shim.so"
    if not library.exists():
        draft = folder / f"shim.{os.getpid()}.so"
        command = [compiler, "-shared", "-fPIC", "-O1", "-o", str(draft), str(_SOURCE), "-ldl"]
        subprocess.run(command, check=True, capture_output=True)
        draft.replace(library)
    return library


class Shim:
    """Steers the faults of every process that was started with its environment."""

    def __init__(self, library: Path, control: Path) -> None:
        control.write_bytes(bytes(_LAYOUT.size))
        control.chmod(0o666)
        with control.open("r+b") as file:
            self._memory = mmap.mmap(file.fileno(), _LAYOUT.size)
        self.environment = {"LD_PRELOAD": str(library), "SHIM_CONTROL": str(control)}
        self._jump = 0

    def fail(self, op: Op, error: int, path: str, *, skip: int = 0, count: int = 1) -> None:
        """From now on, after `skip` calls on a file whose path has `path` in it (its end is a line's
        end), `count` fail."""
        self._put(_OPS[op], error, skip, count, path=path)

    def heal(self) -> None:
        self._put(0, 0, 0, 0)

    def no_sync(self) -> None:
        """fsync says that it did, and did nothing."""
        self._put(0, 0, 0, 0, no_sync=1)

    def jump(self, seconds: float) -> None:
        """Set the wall clock so far off the true one."""
        self._jump = int(seconds * 1e9)
        self._memory[:8] = struct.pack("=q", self._jump)

    @property
    def hits(self) -> int:
        """How many calls have failed since the last order."""
        return int(_LAYOUT.unpack(self._memory[:])[5])

    def _put(
        self, op: int, error: int, skip: int, count: int, *, no_sync: int = 0, path: str = ""
    ) -> None:
        # The order takes effect with its op, which is written last.
        block = _LAYOUT.pack(self._jump, 0, error, skip, count, 0, no_sync, 0, path.encode())
        self._memory[:] = block
        self._memory[8:12] = struct.pack("=i", op)
