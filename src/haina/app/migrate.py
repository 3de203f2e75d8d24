"""Brings the platform database to the present schema (Alembic)."""

import fcntl
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from haina.kernel.database import metadata
from haina.kernel.platform import Platform


def migrate(platform: Platform) -> None:
    """Create or upgrade; safe to call from several processes at once."""
    with _one_at_a_time(platform.settings.home / "migrate.lock"), platform.database.write() as c:
        metadata.create_all(c)


@contextmanager
def _one_at_a_time(path: Path) -> Iterator[None]:
    with path.open("w") as handle:
        fcntl.flock(handle, fcntl.LOCK_EX)
        yield
