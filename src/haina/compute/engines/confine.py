"""Walls of the operating system around a sandbox, each tried and each reported.

No wall is a condition for the next: an old kernel or a tight container may refuse any of them.
What is always there are the resource limits and the engine's own lock-down.
"""

import ctypes
import os
import resource
import signal
import struct
from collections.abc import Iterable
from pathlib import Path
from typing import Any

_PR_SET_PDEATHSIG = 1
_PR_SET_NO_NEW_PRIVS = 38
_CLONE_NEWUSER = 0x10000000
_CLONE_NEWNET = 0x40000000
# Numbers shared by all architectures.
_LANDLOCK_CREATE_RULESET, _LANDLOCK_ADD_RULE, _LANDLOCK_RESTRICT_SELF = 444, 445, 446
_READ_FILE, _READ_DIRECTORY = 1 << 2, 1 << 3
# Python imports late, codecs above all; its own library holds no secret.
_LIBRARY = str(Path(os.__file__).parent)
# Write, read, list, remove (folders, files), make (folders, regular files), truncate.
_DIRECTORY_RIGHTS = sum(1 << bit for bit in (1, 2, 3, 4, 5, 7, 8, 14))
# What the engine asks at its start: how many processors, how much memory. It aborts when refused.
_ASKED_BY_ENGINE = (
    "/proc/self/cgroup",
    "/proc/self/statm",  # and what limit_session asks
    "/proc/stat",
    "/proc/meminfo",
    "/sys/devices/system/cpu/online",
    "/sys/fs/cgroup",
)
_RULE = struct.Struct("=Qi")  # packed: rights, file descriptor

_libc = ctypes.CDLL(None, use_errno=True)


def threads() -> int:
    """Threads of this process now, those of libraries included."""
    return sum(1 for _ in Path("/proc/self/task").iterdir())


def no_core() -> None:
    """No core dump, ever: it would hold data."""
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def die_with(parent: int) -> None:
    """Be killed when the process `parent`, which must be the direct one, dies."""
    _libc.prctl(_PR_SET_PDEATHSIG, signal.SIGKILL, 0, 0, 0)
    if os.getppid() != parent:
        os._exit(1)


def leave_network() -> dict[str, Any]:
    """Enter an empty network namespace. Single-threaded callers only."""
    if _libc.unshare(_CLONE_NEWNET) == 0:
        return {"network": "namespace"}
    if _libc.unshare(_CLONE_NEWUSER | _CLONE_NEWNET) == 0:
        return {"network": "user namespace"}
    return {"network": "inherited"}


def no_new_privileges() -> bool:
    return bool(_libc.prctl(_PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) == 0)


def first_to_die() -> None:
    """When memory runs out the kernel takes the sandbox first, and others get the CPU first."""
    os.nice(5)
    try:
        Path("/proc/self/oom_score_adj").write_text("1000", encoding="ascii")
    except OSError:
        return


def landlock(files: Iterable[str], folder: str | None) -> int:
    """Let this thread and its later ones read `files`, use `folder`, and open nothing else.

    Answers the version of Landlock in force, 0 where the kernel has none.
    """
    version = int(_libc.syscall(_LANDLOCK_CREATE_RULESET, None, ctypes.c_size_t(0), 1))
    if version <= 0:
        return 0
    ruleset = _ruleset(version)
    if ruleset < 0:
        return 0
    try:
        known = [path for path in _ASKED_BY_ENGINE if Path(path).exists()]
        for file in (*known, *files):
            _allow(ruleset, file, _READ_FILE)
        _allow(ruleset, _LIBRARY, _READ_FILE | _READ_DIRECTORY)
        if folder:
            _allow(ruleset, folder, _DIRECTORY_RIGHTS & _file_rights(version))
        return 0 if _libc.syscall(_LANDLOCK_RESTRICT_SELF, ruleset, 0) else version
    finally:
        os.close(ruleset)


def _file_rights(version: int) -> int:
    bits = 16 if version >= 5 else 15 if version >= 3 else 14 if version == 2 else 13
    return (1 << bits) - 1


def _ruleset(version: int) -> int:
    """Everything that this version can forbid: files, TCP, signals and sockets to others."""
    words = [_file_rights(version)]
    if version >= 4:
        words.append(0b11)
    if version >= 6:
        words.append(0b11)
    attributes = struct.pack(f"={len(words)}Q", *words)
    size = ctypes.c_size_t(len(attributes))
    return int(_libc.syscall(_LANDLOCK_CREATE_RULESET, attributes, size, 0))


def _allow(ruleset: int, path: str, rights: int) -> None:
    fd = os.open(path, os.O_PATH | os.O_CLOEXEC)
    try:
        if _libc.syscall(_LANDLOCK_ADD_RULE, ruleset, 1, _RULE.pack(rights, fd), 0):
            raise OSError(ctypes.get_errno(), "landlock_add_rule")
    finally:
        os.close(fd)


def limit_session(memory_mb: int, spill_mb: int) -> None:
    """Address space beyond what is mapped now, size of a written file, open files."""
    pages = int(Path("/proc/self/statm").read_text(encoding="ascii").split()[0])
    space = pages * resource.getpagesize() + (memory_mb + 256) * 2**20
    resource.setrlimit(resource.RLIMIT_AS, (space, space))
    resource.setrlimit(resource.RLIMIT_FSIZE, (spill_mb * 2**20, spill_mb * 2**20))
    _soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    files = 1024 if hard == resource.RLIM_INFINITY else min(1024, hard)
    resource.setrlimit(resource.RLIMIT_NOFILE, (files, files))


def limit_query(seconds: float, threads: int) -> None:
    """Processor time for one more query; the kernel kills at its end."""
    used = resource.getrusage(resource.RUSAGE_SELF)
    soft = int(used.ru_utime + used.ru_stime + (seconds + 1) * threads) + 2
    resource.setrlimit(resource.RLIMIT_CPU, (soft, resource.RLIM_INFINITY))


def alarm(seconds: float) -> None:
    """Be killed by the kernel after `seconds` of wall time; 0 takes the alarm off.

    A timer of the kernel, because a thread of Python may never get its turn.
    """
    signal.signal(signal.SIGALRM, signal.SIG_DFL)
    signal.setitimer(signal.ITIMER_REAL, seconds)
