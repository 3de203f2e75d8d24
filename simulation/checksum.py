"""Check characters of GB 11643, GB 11714 and GB 32100, one and many at a time."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

Digits = npt.NDArray[np.int64]
Bytes = npt.NDArray[np.uint8]

ID_WEIGHTS = np.array([7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2])
ID_CHECKS = "10X98765432"
USCC_ALPHABET = "0123456789ABCDEFGHJKLMNPQRTUWXY"
USCC_WEIGHTS = np.array([pow(3, i, 31) for i in range(17)])
ORG_ALPHABET = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"
ORG_WEIGHTS = np.array([3, 7, 9, 10, 5, 8, 4, 2])


def _lookup(alphabet: str) -> Digits:
    table = np.zeros(256, dtype=np.int64)
    for value, letter in enumerate(alphabet):
        table[ord(letter)] = value
    return table


_USCC_VALUE = _lookup(USCC_ALPHABET)
_ORG_VALUE = _lookup(ORG_ALPHABET)


def letters(text: str) -> Bytes:
    return np.frombuffer(text.encode("ascii"), dtype=np.uint8)


def id_checks(bodies: Bytes) -> Bytes:
    """Check characters of id numbers given as rows of 17 ASCII digits."""
    sums = (bodies[:, :17].astype(np.int64) - ord("0")) @ ID_WEIGHTS
    checks: Bytes = letters(ID_CHECKS)[sums % 11]
    return checks


def org_checks(bodies: Bytes) -> Bytes:
    """Check characters of organization codes given as rows of 8 characters."""
    rest = 11 - (_ORG_VALUE[bodies[:, :8]] @ ORG_WEIGHTS) % 11
    return letters("0123456789X0")[np.where(rest == 11, 0, rest)]


def uscc_checks(bodies: Bytes) -> Bytes:
    """Check characters of social credit codes given as rows of 17 characters."""
    sums = _USCC_VALUE[bodies[:, :17]] @ USCC_WEIGHTS
    checks: Bytes = letters(USCC_ALPHABET)[(31 - sums % 31) % 31]
    return checks


def _one(text: str) -> Bytes:
    return letters(text).reshape(1, -1)


def id_check(body: str) -> str:
    return chr(id_checks(_one(body))[0])


def uscc_check(body: str) -> str:
    return chr(uscc_checks(_one(body))[0])


def valid_id(text: str) -> bool:
    """Whether an 18-character id number carries its right check character."""
    return len(text) == 18 and text[:17].isdigit() and id_check(text[:17]) == text[17].upper()


def valid_uscc(text: str) -> bool:
    inside = set(text) <= set(USCC_ALPHABET)
    return len(text) == 18 and inside and uscc_check(text[:17]) == text[17]
