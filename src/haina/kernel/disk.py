"""What must be on disk before it is acknowledged, and what to say when the disk will not."""

import errno
import os
import re
import sqlite3
from collections.abc import Iterator
from pathlib import Path

from haina.kernel.errors import ErrorKind, HainaError, kind

DISK_FULL = kind(
    "disk_full",
    507,
    "磁盘已满,没有写入",
    "请腾出空间或扩大磁盘(HAINA_HOME 与数据湖所在的盘);之后自动恢复,未完成的作业会自己重做。",
)
DISK_FAILED = kind(
    "disk_failed",
    503,
    "磁盘读写出错,没有写入",
    "请查看系统日志、检查磁盘;修好后重试,未完成的作业会自己重做。已确认的数据不受影响。",
)
DISK_READ_ONLY = kind(
    "disk_read_only",
    503,
    "安装目录或数据湖不可写",
    "请检查磁盘是否变为只读、目录的属主与权限(HAINA_HOME 与数据湖);改好后自动恢复。",
)
TOO_MANY_FILES = kind(
    "too_many_open_files",
    503,
    "打开的文件太多",
    "请调大进程可打开的文件数(ulimit -n,或 systemd 的 LimitNOFILE),然后重启。",
)
DISK_KINDS = (DISK_FULL, DISK_FAILED, DISK_READ_ONLY, TOO_MANY_FILES)

_BY_NUMBER = {
    errno.ENOSPC: DISK_FULL,
    errno.EDQUOT: DISK_FULL,
    errno.EIO: DISK_FAILED,
    errno.EROFS: DISK_READ_ONLY,
    errno.EACCES: DISK_READ_ONLY,
    errno.EPERM: DISK_READ_ONLY,
    errno.EMFILE: TOO_MANY_FILES,
    errno.ENFILE: TOO_MANY_FILES,
}
_BY_SQLITE = {
    sqlite3.SQLITE_FULL: DISK_FULL,
    sqlite3.SQLITE_IOERR_SHMSIZE: DISK_FULL,  # no room for the index of the log
    sqlite3.SQLITE_IOERR: DISK_FAILED,
    sqlite3.SQLITE_READONLY: DISK_READ_ONLY,
    sqlite3.SQLITE_CANTOPEN: DISK_READ_ONLY,
}
# How libraries that are not Python's pass on what the system said.
_TEXTS = re.compile(
    r"\(os error (\d+)\)|(No space left on device)|(Input/output error)"
    r"|(Read-only file system)|(Permission denied)|(Too many open files)"
)
_BY_TEXT = (DISK_FULL, DISK_FAILED, DISK_READ_ONLY, DISK_READ_ONLY, TOO_MANY_FILES)


def sync_file(path: Path) -> None:
    """Make the content of a file durable."""
    _sync(path, os.O_RDONLY)


def sync_folder(folder: Path) -> None:
    """Make renames and new names inside a folder durable."""
    _sync(folder, os.O_RDONLY | os.O_DIRECTORY)


def _sync(path: Path, flags: int) -> None:
    handle = os.open(path, flags)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def disk_error(error: BaseException) -> HainaError | None:
    """The error for people when a failing disk is behind an exception (or behind its causes);
    None when something else is."""
    for one in _chain(error):
        if isinstance(one, HainaError):
            return one if one.kind in DISK_KINDS else None
        found = _kind_of(one)
        if found is not None:
            return found()
    return None


def _chain(error: BaseException | None) -> Iterator[BaseException]:
    """An exception, the one that a driver wrapped, and those it came from."""
    seen: set[int] = set()
    while error is not None and id(error) not in seen:
        seen.add(id(error))
        yield error
        wrapped = getattr(error, "orig", None)
        if not isinstance(wrapped, BaseException):
            wrapped = error.__cause__ or (None if error.__suppress_context__ else error.__context__)
        error = wrapped


def _kind_of(error: BaseException) -> ErrorKind | None:
    if isinstance(error, sqlite3.Error):
        code = getattr(error, "sqlite_errorcode", 0)
        # Of an extended code the lowest byte says what it is a kind of.
        return _BY_SQLITE.get(code) or _BY_SQLITE.get(code & 0xFF)
    if isinstance(error, OSError) and error.errno is not None:
        return _BY_NUMBER.get(error.errno)
    found = _TEXTS.search(str(error))
    if found is None:
        return None
    if found[1]:
        return _BY_NUMBER.get(int(found[1]))
    return next(one for one, text in zip(_BY_TEXT, found.groups()[1:], strict=True) if text)
