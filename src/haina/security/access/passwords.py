"""Passwords: generated, judged, hashed (argon2id)."""

import secrets
import string
import threading
from functools import cache

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from haina.security.access.contracts import WEAK_PASSWORD

# 19 MiB and two passes: the OWASP minimum, so that a storm of sign-ins stays affordable.
_HASHER = PasswordHasher(time_cost=2, memory_cost=19456, parallelism=1)
_LETTERS = "abcdefghijkmnpqrstuvwxyzABCDEFGHJKLMNPQRSTUVWXYZ23456789"
_AT_ONCE = threading.BoundedSemaphore(4)  # of a storm, so many hold their 19 MiB


def generate() -> str:
    """A first password: 16 characters that cannot be mistaken for each other, and a sign."""
    body = "".join(secrets.choice(_LETTERS) for _ in range(15))
    return f"{body[:5]}-{body[5:10]}-{body[10:]}7a"


def judge(name: str, password: str) -> None:
    """Raises HainaError(weak_password)."""
    classes = (string.ascii_lowercase, string.ascii_uppercase, string.digits)
    used = sum(any(letter in group for letter in password) for group in classes)
    used += any(not letter.isalnum() for letter in password)
    if not 8 <= len(password) <= 200 or used < 3 or name.lower() in password.lower():
        raise WEAK_PASSWORD(field="password")


def hash_password(password: str) -> str:
    with _AT_ONCE:
        return _HASHER.hash(password)


def matches(hashed: str | None, password: str) -> bool:
    """The same time is spent for a name that does not exist."""
    try:
        with _AT_ONCE:
            return _HASHER.verify(hashed or _nobody(), password) and hashed is not None
    except (VerificationError, InvalidHashError):
        return False


@cache
def _nobody() -> str:
    """What the password of a name that does not exist is compared with."""
    return _HASHER.hash(secrets.token_hex(16))
