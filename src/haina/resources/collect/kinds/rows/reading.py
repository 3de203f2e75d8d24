"""What all readings have in common: columns, bad rows, one pass, an orderly end."""

from abc import ABC, abstractmethod
from collections.abc import Generator, Iterator
from contextlib import closing
from typing import TYPE_CHECKING

from haina.resources.collect.kinds.contracts import Control, ReadContext, Watermark
from haina.resources.collect.kinds.rows.keys import add_hashes
from haina.resources.collect.kinds.rows.rejecting import Reject, RejectBin, Shown
from haina.resources.collect.kinds.rows.scope import Scope
from haina.resources.collect.kinds.rows.sieving import Selection, Sieve, TypedRows

if TYPE_CHECKING:
    import pyarrow as pa


class BaseReading(ABC):
    """The part of a `Reading` that is alike for every kind; `_batches` is the kind's own."""

    def __init__(self, selection: Selection, context: ReadContext) -> None:
        self._selection = selection
        self._context = context
        self._bin = RejectBin(context.max_rejects)
        self._running: Generator[pa.RecordBatch, None, None] | None = None

    @property
    def schema(self) -> "pa.Schema":
        return self._selection.schema

    @property
    def rejects(self) -> list[Reject]:
        return self._bin.rows

    @property
    def remarks(self) -> list[str]:
        """What people should know of this reading, besides its rows; once it is exhausted."""
        return []

    def batches(self) -> "Iterator[pa.RecordBatch]":
        self._running = self._batches()
        return self._running

    def close(self) -> None:
        """End an unfinished reading: its thread must be gone before what it reads is closed."""
        if self._running is not None:
            self._running.close()

    @abstractmethod
    def _batches(self) -> "Generator[pa.RecordBatch, None, None]":
        """Typed batches, in order."""


class SinglePassReading(BaseReading):
    """A reading of what can be read but once and states nothing of itself (files, streams): its
    control is what was seen on the way, bad rows included.

    A kind says its typed rows in `_typed`; rows that could not even be parted into columns go
    straight to `self._bin`, and are counted.
    """

    def __init__(self, selection: Selection, since: Watermark | None, context: ReadContext) -> None:
        super().__init__(selection, context)
        self._scope = Scope(selection, since)
        self._sieve = Sieve(selection, self._bin, self._show)

    def control(self) -> Control:
        for _ in self._running or self.batches():
            pass
        rejected = [row.key_hash for row in self._bin.rows]
        key_hash = add_hashes(self._scope.key_hash, *rejected)
        return Control(self._scope.rows + len(rejected), key_hash, self._scope.highest)

    def _batches(self) -> "Generator[pa.RecordBatch, None, None]":
        limit = self._context.batch_rows
        with closing(self._typed()) as typed:
            for rows in typed:
                batch = self._scope.inside(self._sieve.good(rows))
                delivered = self._selection.deliver(batch)
                for start in range(0, batch.num_rows, limit):
                    yield delivered.slice(start, limit)
        self._ended()

    @abstractmethod
    def _typed(self) -> Generator[TypedRows, None, None]:
        """Rows of all selected columns, in order."""

    @abstractmethod
    def _show(self, rows: TypedRows, place: int) -> Shown:
        """A row as its reader can find it in the source."""

    def _ended(self) -> None:
        """Called when the rows are exhausted: raise here when the source changed meanwhile."""
