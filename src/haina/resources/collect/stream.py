"""The rows of one load on their way to the lake, with where they came from."""

import json
from collections.abc import Callable, Iterator, Sequence
from datetime import datetime
from typing import TYPE_CHECKING

from haina.kernel.jobs import JobContext
from haina.resources.collect.kinds import BATCH_ROWS, Reading, Reject
from haina.resources.collect.kinds.errors import TOO_MANY_BAD_ROWS
from haina.resources.collect.kinds.rows.keys import add_hashes, key_hash_of, key_hashes
from haina.resources.collect.statements import Sums

if TYPE_CHECKING:
    import pyarrow as pa

RAW_LENGTH = 4096

SEQ, RUN, LOADED_AT, SOURCE = "_seq", "_run", "_loaded_at", "_source"

# Bad rows are weighed against good ones only when there are some of both.
_FEW_BAD = 20
_EARLY_BAD = 1_000

Mend = Callable[[Sequence[Reject]], "Reading | None"]
"""What people once put in the place of these bad rows, as a reading of good ones."""


class LoadStream:
    """Adds `_seq` (rises over all loads), `_run`, `_loaded_at` and `_source`.

    When the source is exhausted, rows that were mended once are mended again (`mend`), and then
    `at_end` is called, before the lake commits. `missing`: columns that the source lacks, NULL.
    `once`: each key may come once. `hashed`: the hash of all keys is kept in `key_hash`.
    """

    def __init__(
        self,
        context: JobContext,
        reading: Reading,
        moment: datetime,
        source: str,
        at_end: Callable[[], None],
        *,
        expected: int | None = None,
        key: Sequence[str] = (),
        once: bool = False,
        hashed: bool = False,
        bad_share: float = 1.0,
        sums: Sums | None = None,
        mend: Mend | None = None,
        missing: "Sequence[pa.Field]" = (),
    ) -> None:
        self.rows = 0
        self.key_hash = add_hashes("0") if key else ""
        self.mended = 0
        self.mended_hash = add_hashes("0") if key else ""
        self.superseded: list[Reject] = []
        self.sums = sums or Sums(None)
        self._key = list(key)
        self._once = once
        self._hashed = hashed
        self._context = context
        self._reading = reading
        self._moment = moment
        self._source = source
        self._at_end = at_end
        self._expected = expected
        self._bad_share = bad_share
        self._mend = mend
        self._missing = list(missing)
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
            pa.field(SOURCE, pa.string()),
        ]
        return pa.schema([*self._reading.schema, *self._missing, *extra])

    def _rows(self) -> "Iterator[pa.RecordBatch]":
        for batch in self._batches():
            self._context.check()
            yield self._with_origin(batch)
            self._say()
        yield from self._mended()
        self._weigh(_FEW_BAD)
        self._at_end()

    def _batches(self) -> "Iterator[pa.RecordBatch]":
        """The source's batches. Where each key may come once the last row of a key stays, the ones
        before it are set aside (such a batch is held in memory for this)."""
        if not self._once:
            for batch in self._reading.batches():
                yield batch
                self._weigh(_EARLY_BAD, batch.num_rows)
            return
        import pyarrow as pa

        whole = pa.Table.from_batches(list(self._reading.batches()), self._reading.schema)
        kept, earlier = last_of_each(whole, self._key)
        self._set_aside(earlier)
        yield from kept.to_batches(BATCH_ROWS)

    def _set_aside(self, earlier: "pa.Table") -> None:
        hashes = key_hashes(earlier, self._key)
        for row, key_hash in zip(earlier.to_pylist(), hashes, strict=True):
            raw = json.dumps(row, ensure_ascii=False, default=str)[:RAW_LENGTH]
            self.superseded.append(
                Reject(None, None, "superseded", "同一批中主键重复,已取最后一行", raw, key_hash)
            )

    def _mended(self) -> "Iterator[pa.RecordBatch]":
        again = self._mend(self._reading.rejects) if self._mend is not None else None
        for batch in again.batches() if again is not None else ():
            self.mended += batch.num_rows
            self.mended_hash = add_hashes(self.mended_hash, key_hash_of(batch, self._key))
            yield self._with_origin(batch)

    def _weigh(self, few: int, coming: int = 0) -> None:
        """An error budget: a source that is mostly wrong is not taken at all."""
        bad = len(self._reading.rejects) - self.mended
        total = bad + self.rows + coming
        if bad > few and bad > total * self._bad_share:
            raise TOO_MANY_BAD_ROWS(
                f"坏行 {bad:,} 行,占已读 {total:,} 行的 {bad / total:.0%},"
                f"超过允许的 {self._bad_share:.0%}",
                field="bad_share",
                bad=bad,
                total=total,
            )

    def _with_origin(self, batch: "pa.RecordBatch") -> "pa.RecordBatch":
        import pyarrow as pa

        count, start = batch.num_rows, self._base + self.rows
        self.rows += count
        if self._hashed:
            self.key_hash = add_hashes(self.key_hash, key_hash_of(batch, self._key))
        self.sums.add(batch)
        moment = pa.scalar(self._moment, pa.timestamp("us", tz="UTC"))
        columns = [
            *batch.columns,
            *(pa.nulls(count, field.type) for field in self._missing),
            _arange(start, count),
            pa.repeat(pa.scalar(self._context.job.id), count),
            pa.repeat(moment, count),
            pa.repeat(pa.scalar(self._source), count),
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
