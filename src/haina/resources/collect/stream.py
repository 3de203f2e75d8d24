"""The rows of one load on their way to the lake, with where they came from."""

import json
from collections.abc import Callable, Iterator, Sequence
from datetime import datetime
from typing import TYPE_CHECKING

from haina.kernel.jobs import JobContext
from haina.resources.collect.kinds import BATCH_ROWS, Reading, Reject
from haina.resources.collect.kinds.rows.keys import key_hashes

if TYPE_CHECKING:
    import pyarrow as pa

RAW_LENGTH = 4096

SEQ, RUN, LOADED_AT = "_seq", "_run", "_loaded_at"


class LoadStream:
    """Adds `_seq` (rises over all loads), `_run` and `_loaded_at`; calls `at_end` when the source
    is exhausted and before the lake commits."""

    def __init__(
        self,
        context: JobContext,
        reading: Reading,
        moment: datetime,
        at_end: Callable[[], None],
        expected: int | None,
        merge_key: Sequence[str] = (),
    ) -> None:
        self.rows = 0
        self.superseded: list[Reject] = []
        self._merge_key = list(merge_key)
        self._context = context
        self._reading = reading
        self._moment = moment
        self._at_end = at_end
        self._expected = expected
        self._base = int(moment.timestamp() * 1000) << 20

    def reader(self) -> "pa.RecordBatchReader":
        import pyarrow as pa

        return pa.RecordBatchReader.from_batches(self._schema(), self._rows())

    def _schema(self) -> "pa.Schema":
        import pyarrow as pa

        extra = [
            pa.field(SEQ, pa.int64()),
            pa.field(RUN, pa.string()),
            pa.field(LOADED_AT, pa.timestamp("us", tz="UTC")),
        ]
        return pa.schema([*self._reading.schema, *extra])

    def _rows(self) -> "Iterator[pa.RecordBatch]":
        for batch in self._batches():
            self._context.check()
            yield self._with_origin(batch)
            self._say()
        self._at_end()

    def _batches(self) -> "Iterator[pa.RecordBatch]":
        """The source's batches. For a merge each key may come once: the last row of a key stays,
        the ones before it are set aside (an increment is held in memory for this)."""
        if not self._merge_key:
            yield from self._reading.batches()
            return
        import pyarrow as pa

        whole = pa.Table.from_batches(list(self._reading.batches()), self._reading.schema)
        kept, earlier = last_of_each(whole, self._merge_key)
        hashes = key_hashes(earlier, self._merge_key)
        for row, key_hash in zip(earlier.to_pylist(), hashes, strict=True):
            raw = json.dumps(row, ensure_ascii=False, default=str)[:RAW_LENGTH]
            self.superseded.append(
                Reject(None, None, "superseded", "同一批中主键重复,已取最后一行", raw, key_hash)
            )
        yield from kept.to_batches(BATCH_ROWS)

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


def last_of_each(table: "pa.Table", key: Sequence[str]) -> "tuple[pa.Table, pa.Table]":
    """The last row of each key, in order, and the rows before it."""
    import pyarrow as pa
    import pyarrow.compute as pc

    place = _arange(0, table.num_rows)
    # Arrow's grouping takes nulls for equal, as we want: a row without its key is found by a rule.
    newest = table.append_column("_place", place).group_by(list(key)).aggregate([("_place", "max")])
    stays = pc.is_in(place, value_set=pa.array(newest.column("_place_max").combine_chunks()))
    return table.filter(stays), table.filter(pc.invert(stays))


def _arange(start: int, count: int) -> "pa.Array":
    import numpy as np
    import pyarrow as pa

    return pa.array(np.arange(start, start + count, dtype=np.int64))
