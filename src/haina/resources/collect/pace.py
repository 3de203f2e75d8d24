"""Gentle with sources: so many rows a second, and only within their hours."""

import time
from collections.abc import Callable
from datetime import datetime, timedelta
from datetime import time as time_of_day

from haina.kernel import clock

_BREATH = 0.2


class Pace:
    """Holds a stream of rows to `rows_per_second` on average; None lets it run."""

    def __init__(self, rows_per_second: int | None, check: Callable[[], None]) -> None:
        self._rate = rows_per_second
        self._check = check
        self._start = time.monotonic()
        self._rows = 0

    def took(self, rows: int) -> None:
        """Wait until so many rows may have been read. `check` may end the wait by raising."""
        self._rows += rows
        if self._rate is None:
            return
        until = self._start + self._rows / self._rate
        while (left := until - time.monotonic()) > 0:
            self._check()
            time.sleep(min(left, _BREATH))

    @property
    def batch_rows(self) -> int | None:
        """Batches small enough that the pace is felt within a second."""
        return None if self._rate is None else max(100, min(65_536, self._rate))


def opens_at(window: str | None, moment: datetime) -> datetime | None:
    """When a closed window (HH:MM-HH:MM in China, may cross midnight) opens; None if it is open."""
    if window is None:
        return None
    start, end = (time_of_day.fromisoformat(part) for part in window.split("-"))
    here = clock.local(moment)
    now = here.time()
    inside = start <= now < end if start < end else now >= start or now < end
    if inside or start == end:
        return None
    opening = datetime.combine(here.date(), start, clock.SHANGHAI)
    return opening if opening > here else opening + timedelta(days=1)
