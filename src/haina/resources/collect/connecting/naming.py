"""Names in code for what a source calls its tables and columns, and what else people call the
elements: the one place of such words, for proposals and for the search on screen."""

import re
import unicodedata
from collections.abc import Iterable

from haina.kernel import pinyin
from haina.standards.elements import ElementSpec, Format

# What agencies call the things whose form the platform knows; beside an element's own title.
_BY_FORMAT: dict[Format, tuple[str, ...]] = {
    Format.ID_NUMBER: (
        "公民身份号码", "身份证", "身份证号", "身份证号码", "身份证件号码", "公民身份证号码",
        "身份号码", "sfzh", "sfzhm", "gmsfhm",
    ),
    Format.USCC: ("统一社会信用代码", "社会信用代码", "信用代码", "tyshxydm", "shxydm", "uscc"),
    Format.MOBILE: ("手机", "手机号", "手机号码", "移动电话", "sjh", "sjhm"),
    Format.PHONE: ("联系电话", "联系方式", "电话", "电话号码", "lxdh"),
    Format.PLATE: ("车牌", "车牌号", "号牌号码", "车牌号码", "cphm", "hphm"),
    Format.PLACE_CODE: ("行政区划代码", "区划代码", "区划", "xzqhdm"),
}  # fmt: skip
# The same for things without a form; an element of any of these titles answers to all of them.
_BY_WORD: tuple[tuple[str, ...], ...] = (
    ("姓名", "名字", "户主姓名", "当事人姓名", "申请人姓名", "xm"),
    (
        "住址", "地址", "家庭住址", "家庭地址", "居住地址", "户籍地址", "户口地址", "现住址",
        "通讯地址", "联系地址", "jtzz", "hjdz", "xzz",
    ),
    ("银行卡号", "银行账号", "银行帐号", "银行卡", "开户账号", "发放账号", "yhkh", "yhzh"),
    ("出生日期", "出生年月日", "生日", "csrq"),
    ("性别", "xb"),
)  # fmt: skip
_NOISE = re.compile(r"[\s\W_]+")
_NOT_CODE = re.compile(r"[^a-z0-9_]+")
_HAN = re.compile(r"[\u4e00-\u9fff]")


def initials(text: str) -> str:
    """Each Chinese character by the initial of its reading, as agencies name their own columns
    (身份证号 is SFZH); everything else as it is."""
    return "".join(
        pinyin.initials(mark).split(" ")[0] if _HAN.match(mark) else mark for mark in text
    )


def code_name(text: str, fallback: str) -> str:
    """A name of lower-case letters, digits and underlines; `fallback` where nothing is left."""
    apart = re.sub(r"(?<=[a-z0-9])(?=[A-Z])", "_", initials(text))
    plain = unicodedata.normalize("NFKD", apart)
    found = _NOT_CODE.sub("_", plain.lower()).strip("_")[:60]
    return found if re.match(r"[a-z]", found) else fallback


def item_names(columns: Iterable[str]) -> dict[str, str]:
    """A name in code for each column, all different."""
    names: dict[str, str] = {}
    for place, column in enumerate(columns, 1):
        name = code_name(column, f"item_{place}")
        names[column] = free_name(name, set(names.values()))
    return names


def free_name(name: str, taken: set[str]) -> str:
    """The name, or the name with the first number that makes it free."""
    found, number = name, 2
    while found in taken:
        found, number = f"{name[:55]}_{number}", number + 1
    return found


def folded(text: str) -> str:
    """A word as it is compared: half width, small letters, no blanks and signs."""
    return _NOISE.sub("", unicodedata.normalize("NFKC", text)).lower()


def aliases_of(element: ElementSpec) -> tuple[str, ...]:
    """What else people call an element; its title and its name are not repeated."""
    own = {folded(element.title), folded(element.name)}
    words = _BY_FORMAT.get(element.format, ()) if element.format is not None else ()
    same = (group for group in _BY_WORD if folded(element.title) in group)
    listed = dict.fromkeys([*words, *(word for group in same for word in group)])
    return tuple(word for word in listed if folded(word) not in own)


def called(element: ElementSpec) -> set[str]:
    """All words that an element answers to, folded."""
    known = {element.title, element.name, initials(element.title), *aliases_of(element)}
    # One or two letters may stand for anything but what the catalogue itself calls so.
    return {word for one in known if len(word := folded(one)) > 1}


def own_words(column: str, comment: str | None) -> set[str]:
    """What a column is called, folded; of a name made of headers above each other
    (人员信息_身份证号) the lowest is the column's own."""
    return {folded(column), folded(column.rpartition("_")[2]), folded(comment or "")} - {""}


def looks_called(column: str, comment: str | None, thing: str) -> bool:
    """Whether a column is called `thing` (a word of the groups above) or ends in such a word."""
    group = next(one for one in _BY_WORD if thing in one)
    endings = tuple(word for word in group if len(word) > 1 and not word.isascii())
    words = own_words(column, comment)
    return any(word in group or word.endswith(endings) for word in words)
