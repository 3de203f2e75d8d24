"""SFTP version 3 (draft-ietf-secsh-filexfer-02), as much of it as reading needs.

Spoken by ourselves, over the pipes of `ssh -s … sftp`: OpenSSH's `sftp` program prints names and
times for people (a name may hold a line end, a time has no seconds), and cannot be told when to
stop. Nothing that the server says is believed: not lengths, not names, not sizes.
"""

import os
import stat
import struct
from collections import deque
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from haina.kernel.errors import HainaError
from haina.resources.collect.kinds.errors import (
    ANSWER_BROKEN,
    FILE_MISSING,
    LISTING_REFUSED,
    NO_RIGHT,
    SOURCE_CHANGED,
    SOURCE_FAILED,
)
from haina.resources.collect.kinds.remote import limits
from haina.resources.collect.kinds.remote.sftp.pipes import Pipes

_INIT, _VERSION, _OPEN, _CLOSE, _READ, _LSTAT, _FSTAT = 1, 2, 3, 4, 5, 7, 8
_OPENDIR, _READDIR = 11, 12
_STATUS, _HANDLE, _DATA, _NAME, _ATTRS = 101, 102, 103, 104, 105
_OK, _EOF, _NO_FILE, _DENIED = 0, 1, 2, 3
_LONGEST_PACKET = 1 << 20
_CHUNK = 32 * 1024
_AHEAD = 64
_SLOWEST = 16 * 1024  # bytes a second


@dataclass(frozen=True)
class Attributes:
    """What a server says of a file; None where it says nothing."""

    size: int | None
    mtime: int | None
    mode: int | None

    @property
    def is_file(self) -> bool:
        return self.mode is not None and stat.S_ISREG(self.mode) and self.size is not None

    @property
    def is_folder(self) -> bool:
        return self.mode is not None and stat.S_ISDIR(self.mode)


class Sftp:
    """A conversation with a server, one request after the other but for reads."""

    def __init__(self, pipes: Pipes) -> None:
        self._pipes = pipes
        self._number = 0

    def begin(self) -> None:
        """Greet. Raises Ended when the login failed."""
        self._send(_INIT, struct.pack(">I", 3))
        type_, body = self._packet()
        if type_ != _VERSION or _Parts(body).number() < 3:
            raise _nonsense()

    def look(self, path: bytes) -> Attributes:
        """What lies at a path; a link is a link. Raises HainaError(file_missing, …)."""
        self._pipes.allow(limits.LIMITS.answer_seconds)
        return self._attributes(_LSTAT, path)

    def names(self, path: bytes) -> list[tuple[bytes, Attributes]]:
        """What lies in a folder, as it comes. Raises HainaError(source_listing_refused, …)."""
        self._pipes.allow(limits.LIMITS.answer_seconds)
        found: list[tuple[bytes, Attributes]] = []
        with self._opened(_OPENDIR, _string(path)) as handle:
            for _ in range(limits.LIMITS.folder_files + 2):
                more = self._some_names(handle)
                if more is None:
                    return found
                found += more
                if len(found) > limits.LIMITS.folder_files + 2:
                    break
        most = limits.LIMITS.folder_files
        raise LISTING_REFUSED(f"文件夹里的文件超过 {most:,} 个,已停止读取", field="path")

    def fetch(self, path: bytes, seen: Attributes, to: int) -> None:
        """Write a file to the descriptor `to`; it must be what was listed, before and after.

        Raises HainaError(source_changed, source_timed_out, …).
        """
        size = seen.size or 0
        self._pipes.allow(limits.LIMITS.answer_seconds + size / _SLOWEST)
        with self._opened(_OPEN, _string(path) + struct.pack(">II", 1, 0)) as handle:
            self._check_same(handle, seen)
            self._copy(handle, size, to)
            self._check_ends(handle, size)
            self._check_same(handle, seen)

    @contextmanager
    def _opened(self, type_: int, body: bytes) -> Iterator[bytes]:
        said, parts = self._asked(type_, body)
        if said != _HANDLE:
            raise self._refusal(said, parts)
        handle = parts.string()
        yield handle
        self._asked(_CLOSE, _string(handle))

    def _attributes(self, type_: int, of: bytes) -> Attributes:
        said, parts = self._asked(type_, _string(of))
        if said != _ATTRS:
            raise self._refusal(said, parts)
        return parts.attributes()

    def _some_names(self, handle: bytes) -> list[tuple[bytes, Attributes]] | None:
        said, parts = self._asked(_READDIR, _string(handle))
        if said == _STATUS and parts.peek() == _EOF:
            return None
        if said != _NAME:
            raise self._refusal(said, parts)
        found = []
        for _ in range(parts.number()):
            name, _long = parts.string(), parts.string()
            found.append((name, parts.attributes()))
        return found

    def _check_same(self, handle: bytes, seen: Attributes) -> None:
        now = self._attributes(_FSTAT, handle)
        if (now.size, now.mtime) != (seen.size, seen.mtime):
            raise SOURCE_CHANGED("对方的文件在读取过程中被改动", field="path")

    def _check_ends(self, handle: bytes, size: int) -> None:
        said, parts = self._asked(_READ, _read(handle, size, 1))
        if said == _DATA:
            raise SOURCE_CHANGED("对方的文件在读取过程中变长", field="path")
        if parts.peek() != _EOF:
            raise self._refusal(said, parts)

    def _copy(self, handle: bytes, size: int, to: int) -> None:
        """All of the file by many reads at once; a short answer is asked for again."""
        wanted = deque((at, min(_CHUNK, size - at)) for at in range(0, size, _CHUNK))
        asked: dict[int, tuple[int, int]] = {}
        while wanted or asked:
            while wanted and len(asked) < _AHEAD:
                at, length = wanted.popleft()
                asked[self._ask(_READ, _read(handle, at, length))] = (at, length)
            number, data = self._data()
            if number not in asked:
                raise _nonsense()
            at, length = asked.pop(number)
            if not 0 < len(data) <= length:
                raise _nonsense()
            os.pwrite(to, data, at)
            if len(data) < length:
                wanted.appendleft((at + len(data), length - len(data)))

    def _data(self) -> tuple[int, bytes]:
        said, parts = self._reply()
        number = parts.number()
        if said == _DATA:
            return number, parts.string()
        if said == _STATUS and parts.peek() == _EOF:
            raise SOURCE_CHANGED("对方的文件在读取过程中变短", field="path")
        raise self._refusal(said, parts)

    def _asked(self, type_: int, body: bytes) -> "tuple[int, _Parts]":
        number = self._ask(type_, body)
        said, parts = self._reply()
        if parts.number() != number:
            raise _nonsense()
        return said, parts

    def _ask(self, type_: int, body: bytes) -> int:
        self._number = (self._number + 1) & 0xFFFFFFFF
        self._send(type_, struct.pack(">I", self._number) + body)
        return self._number

    def _reply(self) -> "tuple[int, _Parts]":
        type_, body = self._packet()
        return type_, _Parts(body)

    def _send(self, type_: int, body: bytes) -> None:
        self._pipes.give(struct.pack(">IB", len(body) + 1, type_) + body)

    def _packet(self) -> tuple[int, bytes]:
        length = int.from_bytes(self._pipes.take(4), "big")
        if not 0 < length <= _LONGEST_PACKET:
            raise _nonsense()
        whole = self._pipes.take(length)
        return whole[0], whole[1:]

    def _refusal(self, said: int, parts: "_Parts") -> HainaError:
        code = parts.peek() if said == _STATUS else None
        if code == _NO_FILE:
            return FILE_MISSING("对方没有这个文件或文件夹", field="path")
        if code == _DENIED:
            return NO_RIGHT("对方不让读这个文件或文件夹", field="path")
        if code is None:
            return _nonsense()
        return SOURCE_FAILED(f"对方的 SFTP 服务报错(代码 {code})", field="path")


class _Parts:
    """Reads the parts of a packet; never beyond its end."""

    def __init__(self, data: bytes) -> None:
        self._data = data
        self._at = 0

    def number(self, size: int = 4) -> int:
        return int.from_bytes(self._take(size), "big")

    def peek(self) -> int:
        """The number that follows, left where it is."""
        return int.from_bytes(self._data[self._at : self._at + 4], "big")

    def string(self) -> bytes:
        return self._take(self.number())

    def attributes(self) -> Attributes:
        flags = self.number()
        size = self.number(8) if flags & 1 else None
        if flags & 2:
            self._take(8)
        mode = self.number() if flags & 4 else None
        mtime = (self.number(), self.number())[1] if flags & 8 else None
        for _ in range(self.number() if flags & 0x80000000 else 0):
            self.string(), self.string()
        return Attributes(size, mtime, mode)

    def _take(self, count: int) -> bytes:
        taken = self._data[self._at : self._at + count]
        if len(taken) != count:
            raise _nonsense()
        self._at += count
        return taken


def _string(data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + data


def _read(handle: bytes, at: int, length: int) -> bytes:
    return _string(handle) + struct.pack(">QI", at, length)


def _nonsense() -> HainaError:
    return ANSWER_BROKEN("对方不按 SFTP 协议说话", field="host", hint="请核对对方的 SFTP 服务。")
