"""What the values of a column are by their own form: numbers of persons and units that carry a
check, telephones, bank cards. It is looked at where values are at hand; no value is kept.

Sources: GB 11643-1999 (MOD 11-2), GB 32100-2015 (MOD 31-3), ISO/IEC 7812-1 annex B (Luhn).
"""

import re
import unicodedata
from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from haina.kernel import clock


class Shape(StrEnum):
    """`person_name` and `address` have no form: only what a column is called tells them."""

    ID_NUMBER = "id_number"
    USCC = "uscc"
    MOBILE = "mobile"
    BANK_CARD = "bank_card"
    PERSON_NAME = "person_name"
    ADDRESS = "address"


@dataclass(frozen=True)
class Look:
    """`values`: how many were not empty; `alike`: how many of them have `shape`."""

    values: int
    shape: Shape | None = None
    alike: int = 0


_ID = re.compile(r"[1-9]\d{16}[\dX]")
_MOBILE = re.compile(r"(?:\+?86[- ]?)?1[3-9]\d{9}")
_CARD = re.compile(r"[1-9]\d{15,18}")
_ID_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
_USCC_SIGNS = "0123456789ABCDEFGHJKLMNPQRTUWXY"
_USCC = re.compile(rf"[{_USCC_SIGNS}]{{18}}")
_MOST = 0.6  # dirt is never so much that a column of ids is none any more


def is_id_number(text: str) -> bool:
    """18 places, a birth date that exists, and the right check character."""
    if not _ID.fullmatch(text) or not _is_day(text[6:14]):
        return False
    total = sum(int(digit) * weight for digit, weight in zip(text, _ID_WEIGHTS, strict=False))
    return "10X98765432"[total % 11] == text[17]


def _is_day(text: str) -> bool:
    try:
        return date(1850, 1, 1) <= date.fromisoformat(text) <= clock.now().date()
    except ValueError:
        return False


def is_uscc(text: str) -> bool:
    """18 signs of the code's own alphabet, a letter or digit of a kind of unit, the right check."""
    if not _USCC.fullmatch(text) or text[0] not in "123456789ANY":
        return False
    total = sum(_USCC_SIGNS.index(sign) * pow(3, place, 31) for place, sign in enumerate(text[:17]))
    return _USCC_SIGNS[(31 - total % 31) % 31] == text[17]


def is_mobile(text: str) -> bool:
    return _MOBILE.fullmatch(text) is not None


def is_bank_card(text: str) -> bool:
    """16 to 19 digits that pass Luhn."""
    plain = text.replace(" ", "")
    if not _CARD.fullmatch(plain):
        return False
    doubled = (int(digit) * (1 + place % 2) for place, digit in enumerate(reversed(plain)))
    return sum(one - 9 if one > 9 else one for one in doubled) % 10 == 0


# The order is the order of belief: an id number of a person may pass Luhn as well.
_TESTS: tuple[tuple[Shape, Callable[[str], bool]], ...] = (
    (Shape.ID_NUMBER, is_id_number),
    (Shape.USCC, is_uscc),
    (Shape.MOBILE, is_mobile),
    (Shape.BANK_CARD, is_bank_card),
)


def look_at(values: Iterable[object]) -> Look:
    """What most of the values that are not empty look like."""
    texts = [text for text in map(plain_text, values) if text]
    found = Counter(shape for text in texts if (shape := shape_of(text)) is not None)
    if not found:
        return Look(len(texts))
    shape, alike = found.most_common(1)[0]
    return Look(len(texts), shape, alike) if alike >= len(texts) * _MOST else Look(len(texts))


def shape_of(text: str) -> Shape | None:
    """The shape of one value, already plain."""
    return next((shape for shape, holds in _TESTS if holds(text)), None)


def plain_text(value: object) -> str:
    """Without blanks at its ends, half width, capitals: as it is judged later."""
    return "" if value is None else unicodedata.normalize("NFKC", str(value)).strip(" '\t").upper()
