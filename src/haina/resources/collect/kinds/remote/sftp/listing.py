"""What a server says its folder holds: its names are a stranger's, and are looked at first."""

import fnmatch
import unicodedata
from collections import Counter
from dataclasses import dataclass
from pathlib import PurePosixPath

from haina.resources.collect.kinds.errors import FILE_MISSING, LISTING_REFUSED
from haina.resources.collect.kinds.remote import limits
from haina.resources.collect.kinds.remote.sftp.connection import SftpConnection
from haina.resources.collect.kinds.remote.sftp.protocol import Attributes, Sftp

_LONGEST_NAME = 255


@dataclass(frozen=True)
class Entry:
    """One file: its name as text, its path as the server wants it, and why it may not be read."""

    name: str
    path: bytes
    seen: Attributes
    flaw: str = ""

    @property
    def size(self) -> int:
        return self.seen.size or 0


@dataclass(frozen=True)
class Listing:
    """The files of a source; `alone` when its path is one file, not a folder."""

    entries: tuple[Entry, ...]
    alone: bool

    @property
    def readable(self) -> list[Entry]:
        return [entry for entry in self.entries if not entry.flaw]

    @property
    def broken(self) -> list[Entry]:
        return [entry for entry in self.entries if entry.flaw]


def listed(sftp: Sftp, connection: SftpConnection, suffixes: tuple[str, ...]) -> Listing:
    """The visible files of these suffixes. Raises HainaError(file_missing, source_listing_refused)
    when the path is neither folder nor file, or a name is not a name."""
    path = connection.path.encode(connection.path_encoding)
    seen = sftp.look(path)
    if seen.is_file:
        name = _decoded(path.rstrip(b"/").rpartition(b"/")[2])
        return Listing((Entry(name, path, seen, _flaw_of(name, seen)),), alone=True)
    if not seen.is_folder:
        raise FILE_MISSING("路径不是文件夹也不是普通文件(链接不跟随)", field="path")
    entries = []
    for raw, attributes in sftp.names(path):
        entry = _entry(path, raw, attributes, sftp, suffixes)
        if entry is not None:
            entries.append(entry)
    return Listing(tuple(_told_apart(entries)), alone=False)


def needed_for(table: str, entries: list[Entry], pattern: str) -> list[Entry]:
    """The files that a table may be in: one by its name, all by a pattern."""
    if pattern:
        return [entry for entry in entries if fnmatch.fnmatchcase(entry.name, pattern)]
    return [entry for entry in entries if _may_hold(entry.name, table)]


def _may_hold(name: str, table: str) -> bool:
    return any(
        table == one or table.startswith((f"{one}#", f"{one}/"))
        for one in (name, PurePosixPath(name).stem)
    )


def _entry(
    folder: bytes, raw: bytes, seen: Attributes, sftp: Sftp, suffixes: tuple[str, ...]
) -> Entry | None:
    """A file that is ours; None for folders, hidden files and other kinds of file."""
    if raw in (b".", b".."):
        return None
    name = _decoded(raw)
    if not raw or b"/" in raw or b"\0" in raw or "/" in name:
        raise LISTING_REFUSED(f"对方列出了不是文件名的名字“{_shown(name)}”", field="path")
    if name.startswith((".", "~")) or PurePosixPath(name).suffix.lower() not in suffixes:
        return None
    path = folder.rstrip(b"/") + b"/" + raw
    if seen.mode is None or seen.size is None:
        seen = sftp.look(path)
    return None if seen.is_folder else Entry(_shown(name), path, seen, _flaw_of(name, seen))


def _flaw_of(name: str, seen: Attributes) -> str:
    if name != _shown(name):
        return "文件名含有控制字符或不能解读的字节"
    if len(name.encode("utf-8")) > _LONGEST_NAME:
        return "文件名过长"
    if not seen.is_file:
        return "不是普通文件(链接不跟随)"
    if (seen.size or 0) > limits.LIMITS.file_bytes:
        return f"有 {(seen.size or 0) // limits.MIB:,} MB,超过上限"
    return ""


def _told_apart(entries: list[Entry]) -> list[Entry]:
    """Two names that read alike (one in UTF-8, one in GBK) cannot both be files of ours."""
    counts = Counter(entry.name for entry in entries)
    return [
        Entry(entry.name, entry.path, entry.seen, entry.flaw or "有两个文件的名字读来一样")
        if counts[entry.name] > 1
        else entry
        for entry in entries
    ]


def _decoded(raw: bytes) -> str:
    for codec in ("utf-8", "gb18030"):
        try:
            return raw.decode(codec)
        except UnicodeDecodeError:
            continue
    return raw.decode("utf-8", "surrogateescape")


def _shown(name: str) -> str:
    """A name fit for a message or a screen."""
    return "".join(
        "\ufffd" if unicodedata.category(mark) in ("Cc", "Cf", "Cs", "Zl", "Zp") else mark
        for mark in name[:300]
    )
