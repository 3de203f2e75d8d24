"""How often a key may call a service: a bucket a minute, in this process."""

import time

from haina.kernel.errors import TOO_MANY


class Limiter:
    """A token bucket for each key and service; full at first, filled evenly."""

    def __init__(self) -> None:
        self._buckets: dict[tuple[str, str], tuple[float, float]] = {}

    def take(self, caller: str, service: str, per_minute: int) -> None:
        """Raises HainaError(too_many_requests)."""
        moment = time.monotonic()
        level, seen = self._buckets.get((caller, service), (float(per_minute), moment))
        level = min(float(per_minute), level + (moment - seen) * per_minute / 60)
        if level < 1:
            raise TOO_MANY(f"每分钟最多调用 {per_minute} 次", field="service")
        self._buckets[caller, service] = (level - 1, moment)
