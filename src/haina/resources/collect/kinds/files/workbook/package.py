"""What a workbook looks like from outside, before its reader is let in.

The reader (calamine) holds a sheet whole in memory, and in one rectangle from its first to its
last cell; it says nothing of error cells. So the parts of a workbook are looked through here:
that they are no bomb, how far the cells reach, and which cells hold no value that can be read.
"""

import posixpath
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from xml.etree import ElementTree

from haina.kernel.errors import HainaError
from haina.resources.collect.kinds.errors import (
    FILE_BROKEN,
    FILE_EMPTY,
    FILE_TOO_LARGE,
    FILE_UNSAFE,
    WRONG_FORMAT,
)
from haina.resources.collect.kinds.files.archives import Member, inflated, members_of
from haina.resources.collect.kinds.files.limits import (
    MEGABYTE,
    WORKBOOK_BYTES,
    WORKBOOK_CELLS,
    WORKBOOK_ODD_CELLS,
    WORKBOOK_TEXT,
    WORKBOOK_UNPACKED,
    XML_INDEX,
    XML_PROLOG,
)

ZIP, OLE = b"PK\x03\x04", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_PROLOG = re.compile(
    rb"(?:\xef\xbb\xbf)?(?:\s|<\?.*?\?>|<!--.*?-->)*+(?P<next><[A-Za-z_])?", re.DOTALL
)
_HTML = re.compile(
    rb"\s*(?:<!--.*?-->\s*)*<(?:!doctype\s+html|html|head|meta|table|body|style)", re.I
)
_XML_2003 = re.compile(rb"<\?mso-application|urn:schemas-microsoft-com:office:spreadsheet")
_RELATION = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}id"
_STRICT_RELATION = "{http://purl.oclc.org/ooxml/officeDocument/relationships}id"
_XML = (".xml", ".rels", ".vml")


@dataclass
class Surface:
    """What was seen of a sheet: how far its cells reach, and those without a value (row and
    column from 0, and why). `dates_1904` is how the workbook counts days."""

    rows: int = 0
    columns: int = 0
    odd: dict[tuple[int, int], str] = field(default_factory=dict)
    dates_1904: bool = False

    def note(self, row: int, column: int) -> None:
        self.rows, self.columns = max(self.rows, row + 1), max(self.columns, column + 1)

    def note_odd(self, row: int, column: int, reason: str) -> None:
        self.odd[row, column] = reason
        if len(self.odd) > WORKBOOK_ODD_CELLS:
            raise FILE_BROKEN("工作表里的错误值多得离谱")

    def check(self, texts: int = 0) -> None:
        """Raises HainaError(file_too_large). `texts` is how many bytes its cells come to."""
        if self.rows * self.columns > WORKBOOK_CELLS:
            raise FILE_TOO_LARGE(
                f"工作表从左上到右下有 {self.rows:,} 行 {self.columns:,} 列,超出可读的大小",
                hint="请删去远离数据的零星单元格,或另存为 CSV。",
            )
        if texts > WORKBOOK_TEXT:
            raise FILE_TOO_LARGE("工作表里的文本展开后过大")


def container_of(path: Path) -> bytes:
    """ZIP or OLE. Raises HainaError(file_empty, file_too_large, wrong_file_format)."""
    size = path.stat().st_size
    with path.open("rb") as file:
        head = file.read(4096)
    if not head:
        raise FILE_EMPTY("文件里没有内容")
    if size > WORKBOOK_BYTES:
        raise FILE_TOO_LARGE(
            f"工作簿有 {size // MEGABYTE:,} MB,至多 {WORKBOOK_BYTES // MEGABYTE} MB"
        )
    for magic in (ZIP, OLE):
        if head.startswith(magic):
            return magic
    raise _not_a_workbook(head)


def members_by_name(path: Path) -> dict[str, Member]:
    """The parts of a zipped workbook, all fit to be read by a parser of XML.

    Raises HainaError(file_broken, file_unsafe, archive_…).
    """
    members = members_of(path, unpacked=WORKBOOK_UNPACKED)
    found = {member.name: member for member in members}
    if len(found) != len(members):
        raise FILE_UNSAFE("工作簿里有同名的部件")
    with path.open("rb") as file:
        for member in members:
            _check_part(member, inflated(file, member))
    return found


def content(path: Path, members: dict[str, Member], name: str) -> bytes:
    """A small part as a whole. Raises HainaError(file_broken)."""
    member = members.get(name)
    if member is None or member.size > XML_INDEX:
        raise FILE_BROKEN("工作簿不完整,缺少目录")
    with path.open("rb") as file:
        return b"".join(inflated(file, member))


def sheet_parts(path: Path, members: dict[str, Member]) -> tuple[dict[str, str], bool]:
    """The part of each sheet of an xlsx by its name, and whether days count from 1904."""
    book_name = next((one for one in members if one.lower() == "xl/workbook.xml"), "")
    book = _tree(content(path, members, book_name))
    relations = _tree(content(path, members, "xl/_rels/workbook.xml.rels"))
    targets = {one.get("Id"): one.get("Target", "") for one in relations}
    parts = {}
    for sheet in book.iter():
        if _local(sheet.tag) == "sheet":
            target = targets.get(sheet.get(_RELATION) or sheet.get(_STRICT_RELATION), "")
            parts[sheet.get("name", "")] = _part_name(target)
    return parts, any(_counts_from_1904(one) for one in book.iter())


def unreadable(why: str = "工作簿已损坏或不完整") -> HainaError:
    return FILE_BROKEN(why, hint="请用 Excel 或 WPS 打开核对,另存为 .xlsx 后再提供。")


def _check_part(member: Member, blocks: Iterator[bytes]) -> None:
    """Unpack a part to its end, so that its size is as said; XML must start with an element."""
    head = b""
    for block in blocks:
        if len(head) < XML_PROLOG:
            head += block[:XML_PROLOG]
    if not member.name.lower().endswith(_XML) or not member.size:
        return
    seen = _PROLOG.match(head)
    if seen is None or not seen["next"]:
        if b"<!DOCTYPE" in head[:XML_PROLOG].upper():
            raise FILE_UNSAFE(f"工作簿的部件“{member.name}”里有 DTD,可能是攻击")
        raise unreadable()


def _tree(data: bytes) -> ElementTree.Element:
    try:
        return ElementTree.fromstring(data)  # noqa: S314 - parts with a DTD are refused before
    except ElementTree.ParseError:
        raise unreadable() from None


def _local(tag: str) -> str:
    return tag.rpartition("}")[2]


def _counts_from_1904(element: ElementTree.Element) -> bool:
    return _local(element.tag) == "workbookPr" and element.get("date1904") in ("1", "true")


def _part_name(target: str) -> str:
    return posixpath.normpath(posixpath.join("/xl", target)).lstrip("/")


def _not_a_workbook(head: bytes) -> HainaError:
    text = head.removeprefix(b"\xef\xbb\xbf")
    if _XML_2003.search(text):
        return WRONG_FORMAT(
            "这是 XML 表格 2003,不是 .xls 工作簿", hint="请用 Excel 或 WPS 打开,另存为 .xlsx。"
        )
    if _HTML.match(text):
        return WRONG_FORMAT(
            "这是改名为工作簿的网页(HTML)", hint="请用 Excel 或 WPS 打开,另存为 .xlsx 后再提供。"
        )
    if b"\0" not in text and not text.startswith((b"%PDF", b"\x89PNG")):
        return WRONG_FORMAT("这是文本文件,不是工作簿", hint="请把数据源类型改为 csv。")
    return WRONG_FORMAT("这不是工作簿")
