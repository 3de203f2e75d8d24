"""Chinese names found by the first letters of their readings: 户籍人口 by `hjrk`."""

import os
import re
from functools import lru_cache

_CHINESE = re.compile(r"[\u4e00-\u9fff]+")
_ALTERNATES = 6  # a long name with many readings stays short to keep


def initials(text: str) -> str:
    """The first letters of `text`, then again with each other reading of a character (银行: `yx
    yh`), parted by blanks; characters that are not Chinese are left out."""
    return " ".join(dict.fromkeys(_spelt("".join(_CHINESE.findall(text)))))


@lru_cache(maxsize=20_000)
def _spelt(text: str) -> tuple[str, ...]:
    letters = [_letters(character) for character in text]
    first = [one[0] for one in letters]
    others = [(place, way) for place, ways in enumerate(letters) for way in ways[1:]]
    spelt = [[*first[:place], way, *first[place + 1 :]] for place, way in others[:_ALTERNATES]]
    return tuple("".join(one) for one in [first, *spelt] if one)


@lru_cache(maxsize=8_000)
def _letters(character: str) -> tuple[str, ...]:
    """First letters of the readings, the usual one first. The dictionary of phrases would tell
    which is meant, for four times the memory; a search finds either."""
    os.environ.setdefault("PYPINYIN_NO_PHRASES", "1")
    from pypinyin import Style, pinyin

    found = pinyin(character, style=Style.FIRST_LETTER, heteronym=True)
    return tuple(dict.fromkeys(found[0])) if found else (character,)
