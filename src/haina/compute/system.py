"""The door for work of the platform itself: it sees everything.

Only `resources` and the builder of serving copies may import this module (an import contract holds
it); everything that people or programs read goes through `Engine.read`.
"""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager

from haina.compute.door import Engine
from haina.compute.engines import Limits, SandboxTable, Session
from haina.compute.lake.contracts import Pinned
from haina.kernel.database import forbid_transaction

_HOURS = 4 * 3600.0
_SPILL = 16  # times the memory, on disk, for sorts and joins that do not fit


@contextmanager
def read_as_system(
    engine: Engine, reason: str, pinned: Sequence[Pinned], *, memory_mb: int | None = None
) -> Iterator[Session]:
    """A session over the pinned versions as they are. `reason` is for its reader: the run that
    asks keeps the record."""
    forbid_transaction(reason)
    memory = memory_mb or engine.platform.settings.worker_memory_mb
    limits = Limits(
        seconds=_HOURS, memory_mb=memory, rows=None, bytes=None, threads=2, spill_mb=_SPILL * memory
    )
    tables = [SandboxTable(one.dataset, one.path, one.version) for one in pinned]
    with engine.pool.session(tables, limits) as session:
        yield session
