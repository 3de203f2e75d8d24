"""Several files read as one table, one after the other."""

from collections.abc import Callable, Generator, Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager
from dataclasses import replace
from typing import TYPE_CHECKING

from haina.kernel.errors import HainaError
from haina.resources.collect.kinds.contracts import Control, ReadContext, Reading, Watermark
from haina.resources.collect.kinds.rows.keys import add_hashes
from haina.resources.collect.kinds.rows.rejecting import Reject
from haina.resources.collect.kinds.rows.scope import highest_of
from haina.resources.collect.kinds.rows.sieving import Selection, schema_of

if TYPE_CHECKING:
    import pyarrow as pa

Opener = Callable[[ReadContext], AbstractContextManager[Reading]]


class ChainedReading:
    """A `Reading` of several: rows in the order of the files, controls added up.

    `files` are names and ways to open; each is opened when the one before it is closed.
    """

    def __init__(
        self,
        files: Sequence[tuple[str, Opener]],
        selection: Selection,
        since: Watermark | None,
        context: ReadContext,
    ) -> None:
        self._files = files
        self._selection = selection
        self._since = since
        self._context = context
        self._done: list[Reject] = []
        self._remarks: list[str] = []
        self._current: tuple[str, Reading] | None = None
        self._controls: list[Control] = []
        self._running: Generator[pa.RecordBatch, None, None] | None = None

    @property
    def schema(self) -> "pa.Schema":
        return self._selection.schema

    @property
    def rejects(self) -> list[Reject]:
        return self._done + self._of_current()

    @property
    def remarks(self) -> list[str]:
        return list(self._remarks)

    def batches(self) -> "Iterator[pa.RecordBatch]":
        self._running = self._batches()
        return self._running

    def close(self) -> None:
        if self._running is not None:
            self._running.close()

    def control(self) -> Control:
        for _ in self._running or self.batches():
            pass
        key_hash = add_hashes(*(one.key_hash for one in self._controls))
        return Control(sum(one.rows for one in self._controls), key_hash, self._highest())

    def _batches(self) -> "Generator[pa.RecordBatch, None, None]":
        for name, opener in self._files:
            left = replace(self._context, max_rejects=self._context.max_rejects - len(self._done))
            with naming(name), opener(left) as reading:
                self._current = (name, reading)
                yield from reading.batches()
                self._controls.append(reading.control())
                self._done += self._of_current()
                self._remarks += [f"文件“{name}”:{one}" for one in reading.remarks]
                self._current = None

    def _of_current(self) -> list[Reject]:
        if self._current is None:
            return []
        name, reading = self._current
        return [replace(one, message=f"文件“{name}”{one.message}") for one in reading.rejects]

    def _highest(self) -> str | None:
        found = [one.watermark for one in self._controls if one.watermark is not None]
        if self._since is None or not found:
            return found[0] if found else None
        return highest_of(found, schema_of(self._selection.all).field(self._since.column).type)


@contextmanager
def naming(file: str) -> Iterator[None]:
    """Errors inside the block say which file they are of."""
    try:
        yield
    except HainaError as broken:
        told = f"文件“{file}”:{broken.message}"
        raise HainaError(
            broken.kind, told, field=broken.field, hint=broken.hint, details=broken.details
        ) from broken
