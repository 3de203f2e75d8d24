"""Identifiers: sortable by time of birth, without meaning, safe in addresses."""

import secrets
import threading
import time

_ALPHABET = "0123456789abcdefghjkmnpqrstvwxyz"
_lock = threading.Lock()
_last = 0


def _encode(number: int, length: int) -> str:
    digits = []
    for _ in range(length):
        number, rest = divmod(number, 32)
        digits.append(_ALPHABET[rest])
    return "".join(reversed(digits))


def new_id() -> str:
    """20 characters: microseconds since 1970 (strictly rising in a process) and 40 random bits."""
    global _last  # noqa: PLW0603 — one clock a process is the point
    with _lock:
        _last = max(_last + 1, time.time_ns() // 1000)
        moment = _last
    return _encode(moment, 12) + _encode(secrets.randbits(40), 8)
