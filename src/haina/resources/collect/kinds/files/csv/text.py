"""Bytes of a text file to UTF-8, bad bytes kept as marks, so that they spoil only their own row.

A byte that the encoding cannot read becomes the lone surrogate U+DC00 + byte, which in
`surrogatepass` UTF-8 is ED B0..B3 xx: bytes that no real text has.
"""

import codecs
from collections.abc import Generator
from typing import BinaryIO

from haina.resources.collect.kinds.errors import FILE_BROKEN, WRONG_ENCODING

BLOCK = 4 * 1024 * 1024
_SAMPLE = 1024 * 1024
_SAMPLES = 8
_FEW = 64
_ENOUGH = 16  # bytes beyond ASCII that speak against what was declared
MARK = "haina-mark"
_BOMS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
    (b"\x84\x31\x95\x33", "gb18030"),
)
# What may be declared, and what it is read as: GB18030 holds all of GBK and GB2312.
ENCODINGS = {
    "utf-8": "utf-8",
    "gb18030": "gb18030",
    "gbk": "gb18030",
    "gb2312": "gb18030",
    "utf-16": "utf-16-le",
    "utf-16-le": "utf-16-le",
    "utf-16-be": "utf-16-be",
    "big5": "big5",
}


# How files begin that are no text, whatever their name.
_OTHERS = {
    (b"PK\x03\x04", b"\xd0\xcf\x11\xe0"): "工作簿或压缩包",
    (b"\x1f\x8b", b"Rar!\x1a", b"7z\xbc\xaf", b"BZh9", b"\xfd7zXZ"): "压缩包",
    (b"\x89PNG", b"\xff\xd8\xff", b"GIF8"): "图片",
    (b"%PDF-",): "PDF",
    (b"\x7fELF",): "程序",
    (b"PAR1",): "Parquet",
    (b"SQLite format 3\0",): "SQLite 数据库",
}


def _mark(error: UnicodeError) -> tuple[str, int]:
    assert isinstance(error, UnicodeDecodeError)
    bad = error.object[error.start : error.end]
    return "".join(chr(0xDC00 + byte) for byte in bad), error.end


codecs.register_error(MARK, _mark)


def encoding_of(file: BinaryIO, declared: str) -> str:
    """The codec to read `file` with. Leaves the file at its start.

    Raises HainaError(wrong_encoding) when what is declared makes garbage of the file, and
    file_broken when it is no text at all.
    """
    head = file.read(8)
    file.seek(0)
    _refuse_other_kinds(file)
    wanted = None if declared == "auto" else ENCODINGS[declared]
    marked = next((codec for bom, codec in _BOMS if head.startswith(bom)), None)
    found, evidence = (marked, _ENOUGH) if marked else _guess(file)
    file.seek(0)
    if wanted is None:
        return found or "utf-8"
    if found is None and b"\0" in head and wanted.startswith("utf-16"):
        return wanted  # too short to guess at
    if not _agree(wanted, found, sure=evidence >= _ENOUGH):
        shown = found or "ASCII"
        raise WRONG_ENCODING(f"文件声明为 {declared},实际是 {shown}", field="encoding")
    return found if found and wanted.startswith("utf-16") else wanted


def _refuse_other_kinds(file: BinaryIO) -> None:
    """Raises HainaError(file_broken) for what is plainly something else under a text's name."""
    head = file.read(512)
    file.seek(0)
    for marks, what in _OTHERS.items():
        if head.startswith(marks):
            raise FILE_BROKEN(f"这不是文本文件(像是{what})", hint="请按真实的格式提供。")
    if head.startswith(b"MZ") and b"\0" in head[:64]:
        raise FILE_BROKEN("这不是文本文件(像是程序)", hint="请按真实的格式提供。")
    if head.lstrip().lower().startswith((b"<!doctype html", b"<html")):
        raise FILE_BROKEN(
            "这是网页(HTML),不是数据", hint="多半是导出时登录已失效或出错;请重新导出。"
        )


def text_blocks(file: BinaryIO, codec: str) -> Generator[str, None, None]:
    """The text in blocks of some millions of characters, without its BOM; bad bytes as marks."""
    decoder = codecs.getincrementaldecoder(codec)(MARK)
    first = True
    while True:
        data = file.read(BLOCK)
        text = decoder.decode(data, final=not data)
        if first and text:
            text, first = text.removeprefix("\ufeff"), False
        if text:
            yield text
        if not data:
            return


def utf8_blocks(file: BinaryIO, codec: str) -> Generator[bytes, None, None]:
    """The same as `surrogatepass` UTF-8."""
    for text in text_blocks(file, codec):
        yield text.encode("utf-8", "surrogatepass")


def head_of(file: BinaryIO, codec: str) -> bytes:
    """The first megabyte or so of the text; leaves the file at its start."""
    head = b""
    for block in utf8_blocks(file, codec):
        head += block
        if len(head) >= _SAMPLE:
            break
    file.seek(0)
    return head


def looks_like(data: bytes) -> str:
    """utf-8 or gb18030, whichever a piece of text without a BOM looks like."""
    good, bad = _weigh(data)
    return "utf-8" if good > 2 * bad else "gb18030"


def shown(data: bytes) -> str:
    """A piece of a block as text; bad bytes stay lone surrogates, which `clip` shows as \\xNN."""
    return data.decode("utf-8", "surrogatepass")


def _agree(wanted: str, found: str | None, *, sure: bool) -> bool:
    """Whether reading as `wanted` makes no garbage of a file that looks like `found`."""
    if wanted.startswith("utf-16"):
        return found is not None and found.startswith("utf-16")
    if found is None or wanted == found or (wanted, found) == ("big5", "gb18030"):
        return True
    # A damaged line or stray NULs are no other encoding: they are set aside row by row.
    return not sure


def _guess(file: BinaryIO) -> tuple[str | None, int]:
    """utf-16-le/be, utf-8 or gb18030, and how many bytes say so; None when all is ASCII."""
    file.seek(0)
    good = bad = 0
    taken = 0
    while taken < _SAMPLES and (data := file.read(_SAMPLE)):
        if len(data) == _SAMPLE and not data.strip(b"\0"):
            raise FILE_BROKEN("文件里有整段的空字符,像是没有传完", hint="请对方重新传一次。")
        if (wide := _wide(data)) is not None:
            return wide, 0
        if data.isascii():
            continue
        taken += 1
        multibyte, broken = _weigh(data)
        good, bad = good + multibyte, bad + broken
    if not taken:
        return None, 0
    return ("utf-8", good) if good > 2 * bad else ("gb18030", bad)


def _wide(data: bytes) -> str | None:
    """UTF-16 without BOM: line ends and delimiters have a NUL beside them, on the same side."""
    head = data[: 4096 if len(data) > 4096 else len(data) // 2 * 2]
    even, odd = head[0::2].count(0), head[1::2].count(0)
    codec = "utf-16-le" if odd > even else "utf-16-be"
    few = len(head) < _FEW or max(even, odd) * 20 < len(head)
    if few or min(even, odd) * 8 > max(even, odd):
        return None
    text = head.decode(codec, "replace")
    return codec if ("\n" in text or "\r" in text) and "\ufffd" not in text[:-1] else None


def _weigh(data: bytes) -> tuple[int, int]:
    """How many bytes beyond ASCII UTF-8 can read here, and how many it cannot."""
    beyond = len(data) - len(data.translate(None, bytes(range(128, 256))))
    readable = len(data.decode("utf-8", "ignore").encode())
    broken = len(data) - readable
    return beyond - broken, broken
