"""Names in code for what a source calls its tables and columns."""

import re
import unicodedata
from collections.abc import Iterable

from haina.kernel import pinyin

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
