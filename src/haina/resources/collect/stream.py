"""The rows of one load on their way to the lake, with where they came from."""

from collections.abc import Callable, Iterator
from datetime import datetime
from typing import TYPE_CHECKING

from haina.kernel.jobs import JobContext
from haina.resources.collect.kinds import Reading

if TYPE_CHECKING:
    import pyarrow as pa

SEQ, RUN, LOADED_AT = "_seq", "_run", "_loaded_at"


class LoadStream:
    """Adds `_seq` (rises over all loads), `_run` and `_loaded_at`; calls `at_end` when the source
    is exhausted and before the lake commits. An error of the source is kept in `error`, because
    the lake's writer sees only that its input broke."""

    def __init__(
        self,
        context: JobContext,
        reading: Reading,
        moment: datetime,
        at_end: Callable[[], None],
        expected: int | None,
    ) -> None:
        self.error: BaseException | None = None
        self.rows = 0
        self._context = context
        self._reading = reading
        self._moment = moment
        self._at_end = at_end
        self._expected = expected
        self._base = int(moment.timestamp() * 1000) << 20

    def reader(self) -> "pa.RecordBatchReader":
        import pyarrow as pa

        return pa.RecordBatchReader.from_batches(self._schema(), self._guarded())

    def _schema(self) -> "pa.Schema":
        import pyarrow as pa

        extra = [
            pa.field(SEQ, pa.int64()),
            pa.field(RUN, pa.string()),
            pa.field(LOADED_AT, pa.timestamp("us", tz="UTC")),
        ]
        return pa.schema([*self._reading.schema, *extra])

    def _guarded(self) -> "Iterator[pa.RecordBatch]":
        try:
            for batch in self._reading.batches():
                self._context.check()
                yield self._with_origin(batch)
                self._say()
            self._at_end()
        except BaseException as error:
            self.error = error
            raise

    def _with_origin(self, batch: "pa.RecordBatch") -> "pa.RecordBatch":
        import pyarrow as pa

        count, start = batch.num_rows, self._base + self.rows
        self.rows += count
        moment = pa.scalar(self._moment, pa.timestamp("us", tz="UTC"))
        columns = [
            *batch.columns,
            _arange(start, count),
            pa.repeat(pa.scalar(self._context.job.id), count),
            pa.repeat(moment, count),
        ]
        return pa.RecordBatch.from_arrays(columns, schema=self._schema())

    def _say(self) -> None:
        part = min(0.99, self.rows / self._expected) if self._expected else None
        self._context.progress(part, f"已读 {self.rows:,} 行")


def _arange(start: int, count: int) -> "pa.Array":
    import numpy as np
    import pyarrow as pa

    return pa.array(np.arange(start, start + count, dtype=np.int64))
