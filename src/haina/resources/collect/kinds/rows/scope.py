"""Which rows a watermark lets in, for sources that cannot be asked."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from haina.resources.collect.kinds.contracts import Watermark
from haina.resources.collect.kinds.errors import BAD_CONNECTION
from haina.resources.collect.kinds.rows.keys import NO_KEY, add_hashes, key_hash_of
from haina.resources.collect.kinds.rows.sieving import Selection

if TYPE_CHECKING:
    import pyarrow as pa


class Scope:
    """Which rows a watermark lets in; their count, key hash and highest value so far."""

    def __init__(self, selection: Selection, since: Watermark | None) -> None:
        self._key = selection.key
        self._since = since
        self._highest: Any = None
        self.rows = 0
        self.key_hash = add_hashes("0") if selection.key else NO_KEY

    @property
    def highest(self) -> str | None:
        """The highest value seen as text, or the old watermark."""
        if self._highest is not None:
            return str(self._highest)
        return self._since.value if self._since else None

    def inside(self, batch: "pa.RecordBatch") -> "pa.RecordBatch":
        """The rows in scope."""
        if self._since is not None:
            batch = self._above(batch, self._since)
            self._note_highest(batch.column(self._since.column))
        self.rows += batch.num_rows
        if self._key and batch.num_rows:
            self.key_hash = add_hashes(self.key_hash, key_hash_of(batch, self._key))
        return batch

    def _above(self, batch: "pa.RecordBatch", since: Watermark) -> "pa.RecordBatch":
        import pyarrow.compute as pc

        if since.value is None:
            return batch
        values = batch.column(since.column)
        return batch.filter(pc.greater(values, bound(since.value, values.type)))

    def _note_highest(self, values: "pa.Array") -> None:
        import pyarrow.compute as pc

        highest = pc.max(values).as_py() if len(values) else None
        if highest is not None and (self._highest is None or highest > self._highest):
            self._highest = highest


def bound(value: str, kind: "pa.DataType") -> "pa.Scalar":
    """A watermark as a value of its column. Raises HainaError(bad_connection)."""
    import pyarrow as pa

    try:
        return pa.array([value]).cast(kind)[0]
    except pa.ArrowInvalid:
        raise BAD_CONNECTION(f"增量起点“{value}”与字段类型不符", field="since") from None


def highest_of(watermarks: Sequence[str], kind: "pa.DataType") -> str | None:
    """The highest of some watermarks, compared as the values that they are and not as text."""
    import pyarrow as pa
    import pyarrow.compute as pc

    if not watermarks:
        return None
    values = pa.array([bound(one, kind).as_py() for one in watermarks], kind)
    order: list[int] = pc.sort_indices(values).to_pylist()
    return watermarks[order[-1]]
