"""Zip files that others made: their directory is checked before anything is unpacked, and what
comes out is held against it. `zipfile` reads the directory only; members are inflated here,
because neither it nor other readers stop at the size that a directory promises."""

import re
import stat
import struct
import zipfile
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import BinaryIO

from haina.resources.collect.kinds.errors import (
    ARCHIVE_ENCRYPTED,
    ARCHIVE_NESTED,
    ARCHIVE_TOO_LARGE,
    ARCHIVE_UNSAFE,
    FILE_BROKEN,
)
from haina.resources.collect.kinds.files.limits import (
    ARCHIVE_DIRECTORY,
    ARCHIVE_MEMBERS,
    ARCHIVE_RATIO,
    ARCHIVE_UNPACKED,
    MEGABYTE,
    RATIO_COUNTS_FROM,
)

_BLOCK = 256 * 1024
_LOCAL = struct.Struct("<4s22xHH")
_NESTED = (".zip", ".rar", ".7z", ".gz", ".tgz", ".bz2", ".xz", ".tar", ".zst", ".cab", ".iso")
_UNICODE_PATH = 0x7075
_JUNK = ("__MACOSX/", ".DS_Store", "Thumbs.db", "desktop.ini")


@dataclass(frozen=True)
class Member:
    """A file in a zip: its path there, where its local header lies, sizes, CRC-32 and method."""

    name: str
    offset: int
    packed: int
    size: int
    crc: int
    method: int


def members_of(path: Path, *, unpacked: int = ARCHIVE_UNPACKED) -> list[Member]:
    """The files in a zip, in the order of its directory, all of them fit to be unpacked.

    Raises HainaError(file_broken, archive_unsafe, archive_too_large, archive_encrypted).
    """
    with path.open("rb") as file:
        _check_directory(file)
        try:
            with zipfile.ZipFile(file) as archive:
                infos = [info for info in archive.infolist() if not info.is_dir()]
        except (zipfile.BadZipFile, NotImplementedError, ValueError, OverflowError, OSError):
            raise FILE_BROKEN("压缩包已损坏或不完整") from None
    members = [_member(info) for info in infos]
    _check_sum(members, unpacked)
    _check_overlap(members, path.stat().st_size)
    return members


def refuse_nested(members: list[Member]) -> None:
    """Raises HainaError(archive_nested)."""
    for member in members:
        if member.name.lower().endswith(_NESTED):
            raise ARCHIVE_NESTED(f"压缩包里还有压缩包“{member.name}”", field="path")


def is_junk(name: str) -> bool:
    """What desktops put into zips besides what people packed."""
    return name.startswith(_JUNK) or PurePosixPath(name).name in _JUNK


def inflated(file: BinaryIO, member: Member) -> Iterator[bytes]:
    """The bytes of a member in blocks.

    Raises HainaError(archive_unsafe) once there are more than its directory says, and
    file_broken when they are fewer, damaged, or packed in an unknown way.
    """
    size, crc = 0, 0
    for block in _unpacked(file, member):
        size += len(block)
        crc = zlib.crc32(block, crc)
        if size > member.size:
            raise ARCHIVE_UNSAFE(f"“{member.name}”展开后比压缩包目录里写的大")
        yield block
    if size != member.size or crc != member.crc:
        raise FILE_BROKEN(f"压缩包里的“{member.name}”已损坏")


def unpack(path: Path, member: Member, target: Path) -> None:
    """Write a member to `target`. Raises as `inflated` does."""
    with path.open("rb") as file, target.open("xb") as out:
        for block in inflated(file, member):
            out.write(block)


def head(path: Path, member: Member, length: int) -> bytes:
    """The first bytes of a member, unchecked but for its size."""
    found = b""
    with path.open("rb") as file:
        for block in inflated(file, member):
            found += block
            if len(found) >= length:
                break
    return found[:length]


def _unpacked(file: BinaryIO, member: Member) -> Iterator[bytes]:
    _seek_data(file, member)
    if member.method == zipfile.ZIP_STORED:
        yield from _raw(file, member.packed)
        return
    inflater = zlib.decompressobj(-15)
    try:
        for block in _raw(file, member.packed):
            pending = block
            while pending and not inflater.eof:
                yield inflater.decompress(pending, MEGABYTE)
                pending = inflater.unconsumed_tail
        yield from _rest(inflater)
    except zlib.error:
        raise FILE_BROKEN(f"压缩包里的“{member.name}”已损坏") from None


def _rest(inflater: "zlib._Decompress") -> Iterator[bytes]:
    """What zlib still holds when all input is in."""
    while not inflater.eof and (block := inflater.decompress(b"", MEGABYTE)):
        yield block


def _seek_data(file: BinaryIO, member: Member) -> None:
    file.seek(member.offset)
    header = file.read(_LOCAL.size)
    if len(header) < _LOCAL.size or not header.startswith(b"PK\x03\x04"):
        raise FILE_BROKEN(f"压缩包里的“{member.name}”已损坏")
    _, name, extra = _LOCAL.unpack(header)
    file.seek(name + extra, 1)


def _raw(file: BinaryIO, length: int) -> Iterator[bytes]:
    while length > 0 and (block := file.read(min(_BLOCK, length))):
        length -= len(block)
        yield block


def _check_directory(file: BinaryIO) -> None:
    """`zipfile` reads the whole directory into objects: look at its size first."""
    file.seek(0, 2)
    end = file.tell()
    file.seek(max(0, end - 65_557 - 20))
    tail = file.read()
    file.seek(0)
    place = tail.rfind(b"PK\x05\x06")
    if place < 0 or len(tail) < place + 22:
        raise FILE_BROKEN("压缩包已损坏或不完整")
    size = int.from_bytes(tail[place + 12 : place + 16], "little")
    if size > ARCHIVE_DIRECTORY and size != 0xFFFFFFFF:
        raise ARCHIVE_TOO_LARGE("压缩包里的文件太多")
    if size == 0xFFFFFFFF:
        _check_long_directory(file, tail, place)


def _check_long_directory(file: BinaryIO, tail: bytes, place: int) -> None:
    """Zip64: the size is in a record of its own, which a locator before the end points to."""
    locator = tail[max(0, place - 20) : place]
    if not locator.startswith(b"PK\x06\x07"):
        raise FILE_BROKEN("压缩包已损坏或不完整")
    file.seek(min(int.from_bytes(locator[8:16], "little"), 1 << 62))
    record = file.read(56)
    file.seek(0)
    if int.from_bytes(record[40:48], "little") > ARCHIVE_DIRECTORY:
        raise ARCHIVE_TOO_LARGE("压缩包里的文件太多")


def _member(info: zipfile.ZipInfo) -> Member:
    name = _name(info)
    if info.flag_bits & 0x1:
        raise ARCHIVE_ENCRYPTED(f"压缩包里的“{name}”加了密码", field="path")
    if stat.S_ISLNK(info.external_attr >> 16):
        raise ARCHIVE_UNSAFE(f"压缩包里的“{name}”是符号链接", field="path")
    if not _is_inside(name):
        raise ARCHIVE_UNSAFE(f"压缩包里的路径“{name}”想写到包外面去", field="path")
    if info.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
        raise FILE_BROKEN(
            f"压缩包里的“{name}”用了不支持的压缩方式", hint="请用普通的 zip(deflate)重新打包。"
        )
    return Member(
        name, info.header_offset, info.compress_size, info.file_size, info.CRC, info.compress_type
    )


def _is_inside(name: str) -> bool:
    parts = name.replace("\\", "/").split("/")
    rooted = name.startswith(("/", "\\")) or re.match("[A-Za-z]:", name)
    return bool(name) and not (rooted or ".." in parts or "\0" in name)


def _name(info: zipfile.ZipInfo) -> str:
    """The true name: Chinese Windows writes GBK and says nothing of it."""
    if info.flag_bits & 0x800:
        return info.orig_filename
    raw = info.orig_filename.encode("cp437", "replace")
    told = _unicode_path(info.extra, raw)
    if told is not None:
        return told
    for codec in ("utf-8", "gb18030"):
        try:
            return raw.decode(codec)
        except UnicodeDecodeError:
            continue
    return info.orig_filename


def _unicode_path(extra: bytes, raw: bytes) -> str | None:
    """The name in the extra field that some packers add, if it belongs to this name."""
    while len(extra) >= 4:
        tag, length = struct.unpack_from("<HH", extra)
        body, extra = extra[4 : 4 + length], extra[4 + length :]
        if tag == _UNICODE_PATH and body[1:5] == zlib.crc32(raw).to_bytes(4, "little"):
            return body[5:].decode("utf-8", "replace")
    return None


def _check_sum(members: list[Member], unpacked: int) -> None:
    if len(members) > ARCHIVE_MEMBERS:
        raise ARCHIVE_TOO_LARGE(f"压缩包里有 {len(members):,} 个文件,至多 {ARCHIVE_MEMBERS:,} 个")
    total = sum(member.size for member in members)
    if total > unpacked:
        raise ARCHIVE_TOO_LARGE(
            f"展开后有 {total // MEGABYTE:,} MB,至多 {unpacked // MEGABYTE:,} MB"
        )
    for member in members:
        if member.size > max(RATIO_COUNTS_FROM, member.packed * ARCHIVE_RATIO):
            raise ARCHIVE_TOO_LARGE(f"“{member.name}”的压缩比超过 {ARCHIVE_RATIO},像是压缩炸弹")


def _check_overlap(members: list[Member], file_size: int) -> None:
    """Members that share bytes are how a small zip becomes a large one."""
    end = 0
    for member in sorted(members, key=lambda one: one.offset):
        if member.offset < end:
            raise ARCHIVE_UNSAFE("压缩包里的文件互相重叠")
        end = member.offset + _LOCAL.size + member.packed
    if end > file_size:
        raise FILE_BROKEN("压缩包不完整")
