"""A disk that can lose its power: an ext4 file system on a loop device over a file in memory.

What the file system has handed to the device stands in the file; what only its page cache holds
does not. So a copy of the file, taken between two writes to the device, is the disk after a power
cut at that moment (facts: a copy of a loop image under a mounted ext4).
"""

import os
import shutil
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import mkdtemp

import pytest

_MB = 1024 * 1024


def _run(*command: str) -> str:
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, f"{' '.join(command)}: {done.stderr.strip()}"
    return done.stdout.strip()


def require_loop_mounts() -> None:
    """Skips where power cuts cannot be made, and says what is missing."""
    missing = [one for one in ("mkfs.ext4", "losetup", "mount", "cp") if shutil.which(one) is None]
    if os.geteuid() != 0:
        missing.append("root")
    if not Path("/dev/loop-control").exists():
        missing.append("/dev/loop-control")
    if missing:
        pytest.skip(f"power cuts need loop mounts of ext4; missing here: {', '.join(missing)}")


@contextmanager
def in_memory() -> Iterator[Path]:
    """A folder whose files are in memory: a copy takes a moment, and no other disk flushes it."""
    folder = Path(mkdtemp(prefix="haina-audit-", dir="/dev/shm"))
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)


class Disk:
    """The image, attached and mounted."""

    def __init__(self, image: Path, mount: Path, options: str = "") -> None:
        self.image, self.mount = image, mount
        mount.mkdir(exist_ok=True)
        self.device = _run("losetup", "--find", "--show", str(image))
        try:
            _run("mount", "-o", options or "rw", self.device, str(mount))
        except AssertionError:
            _run("losetup", "-d", self.device)
            raise

    def flush(self) -> None:
        """What was prepared here was not meant to be lost."""
        _run("sync", "-f", str(self.mount))

    def cut(self, to: Path) -> None:
        """The disk after a power cut at this moment. Who writes to it must stand still: only the
        file system's own threads may come between, and then the copy is taken again."""
        for _ in range(50):
            before = self._written()
            _run("cp", "--sparse=always", str(self.image), str(to))
            if self._written() == before:
                return
            time.sleep(0.02)
        raise AssertionError("the disk never stood still")

    def _written(self) -> tuple[str, ...]:
        """Writes and flushes that the device was given; those under way count as different."""
        block = Path("/sys/block") / Path(self.device).name
        fields = (block / "stat").read_text().split()
        assert len(fields) >= 15
        return (*fields[4:7], fields[15] if len(fields) > 15 else "", fields[8])

    def _unmounted(self) -> bool:
        done = subprocess.run(["umount", str(self.mount)], capture_output=True, check=False)
        return done.returncode == 0

    def close(self) -> None:
        for _ in range(100):
            if self._unmounted():
                break
            time.sleep(0.1)
        else:
            _run("umount", "--lazy", str(self.mount))
        _run("losetup", "-d", self.device)


@contextmanager
def new_disk(folder: Path, megabytes: int = 1024) -> Iterator[Disk]:
    """A fresh disk. Its journal is committed on fsync alone, so that nothing becomes durable by
    itself while we look."""
    image = folder / "disk.img"
    with image.open("wb") as out:
        out.truncate(megabytes * _MB)
    _run("mkfs.ext4", "-q", "-F", "-E", "lazy_itable_init=0,lazy_journal_init=0", str(image))
    with attached(image, folder / "disk", "commit=300,noatime") as disk:
        yield disk


@contextmanager
def attached(image: Path, mount: Path, options: str = "") -> Iterator[Disk]:
    """An image mounted; after a power cut this replays its journal."""
    disk = Disk(image, mount, options)
    try:
        yield disk
    finally:
        disk.close()
