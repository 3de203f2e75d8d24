"""Rows of a PostgreSQL table as Arrow batches of the lake's types, and the control of them."""

from collections.abc import Callable, Generator
from contextlib import AbstractContextManager, closing, suppress
from typing import TYPE_CHECKING, Any

from haina.resources.collect.kinds.contracts import Control, ReadContext, SourceTable
from haina.resources.collect.kinds.databases.postgresql.select import PgPlan, Query
from haina.resources.collect.kinds.rows.arrow_checks import flawed_text
from haina.resources.collect.kinds.rows.casting import cast_text, places_of
from haina.resources.collect.kinds.rows.keys import NO_KEY, as_hex, key_hash_of
from haina.resources.collect.kinds.rows.lake_types import LakeType
from haina.resources.collect.kinds.rows.prefetching import prefetched
from haina.resources.collect.kinds.rows.reading import BaseReading
from haina.resources.collect.kinds.rows.rejecting import Shown
from haina.resources.collect.kinds.rows.sieving import Selection, Sieve, TypedRows, without

if TYPE_CHECKING:
    import pyarrow as pa

# Bytes of a batch; of a wide table fewer, since everything behind it holds several of them.
_BATCH_BYTES = 8 * 1024 * 1024
_WIDE = 100
# First and last day and microsecond of the years 1 to 9999: what every tool downstream can show.
_DAYS = (-719_162, 2_932_896)
_MICROSECONDS = (_DAYS[0] * 86_400_000_000, (_DAYS[1] + 1) * 86_400_000_000 - 1)
# Infinity as the driver gives it: PostgreSQL's largest number plus the distance from 2000 to 1970,
# which runs over.
_INFINITE = {
    -(2**31) + 10_956: "infinity",
    -(2**31) + 10_957: "-infinity",
    -(2**63) + 946_684_800_000_000 - 1: "infinity",
    -(2**63) + 946_684_800_000_000: "-infinity",
}


class PostgresqlReading(BaseReading):
    """A `Reading` over one ADBC connection inside one REPEATABLE READ transaction.

    `guard` translates the driver's errors; it stands around each use of the driver.
    """

    def __init__(
        self,
        opened: Any,
        table: SourceTable,
        selection: Selection,
        query: Query,
        context: ReadContext,
        guard: Callable[[], AbstractContextManager[None]],
    ) -> None:
        super().__init__(selection, context)
        self._opened = opened
        self._table = table
        self._query = query
        self._guard = guard

    def control(self) -> Control:
        key = self._query.plans([self._table.column(name) for name in self._table.key])
        fast = all(one.hashed_in_sql for one in key)
        with self._guard(), self._opened.cursor() as cursor:
            cursor.execute(self._query.control_sql(key if fast else ()))
            rows, total, highest = cursor.fetchone()
        key_hash = self._key_hash(key, total if fast else None)
        old = self._query.since.value if self._query.since else None
        return Control(int(rows), key_hash, highest if highest is not None else old)

    def _key_hash(self, key: list[PgPlan], total: str | None) -> str:
        """From the sum that the server made, or by reading the key columns."""
        if not key or total is not None:
            return as_hex(int(total or 0)) if key else NO_KEY
        rows = (_typed_rows(key, batch) for batch in self._stream(key))
        return key_hash_of((without(one.batch, one.flaws) for one in rows), self._table.key)

    def _batches(self) -> "Generator[pa.RecordBatch, None, None]":
        plans = self._query.plans(self._selection.all)
        sieve = Sieve(self._selection, self._bin, _shown_row)
        with closing(prefetched(self._stream(plans), cancel=self._cancel)) as ahead:
            for source in ahead:
                batch = sieve.good(_typed_rows(plans, source))
                if batch.num_rows:
                    yield self._selection.deliver(batch)

    def _cancel(self) -> None:
        """Make the server stop sending; it may have stopped by itself."""
        from adbc_driver_manager import Error

        with suppress(Error):
            self._opened.adbc_cancel()

    def _stream(self, plans: list[PgPlan]) -> "Generator[pa.RecordBatch, None, None]":
        """Batches of at most `batch_rows` rows of these columns, as the driver gives them."""
        limit = self._context.batch_rows
        with self._guard(), self._opened.cursor() as cursor:
            hint = _BATCH_BYTES * _WIDE // max(_WIDE, len(plans))
            size = {"adbc.postgresql.batch_size_hint_bytes": hint}
            cursor.adbc_statement.set_options(**size)
            cursor.execute(self._query.rows_sql(plans))
            with cursor.fetch_record_batch() as reader:
                for batch in reader:
                    for start in range(0, batch.num_rows, limit):
                        yield batch.slice(start, limit)


def _typed_rows(plans: list[PgPlan], source: "pa.RecordBatch") -> TypedRows:
    import pyarrow as pa

    arrays: list[pa.Array] = []
    flaws: list[dict[int, str]] = []
    for one, array in zip(plans, source.columns, strict=True):
        values, bad = _column(one, array)
        arrays.append(values)
        flaws.append(bad)
    schema = pa.schema([pa.field(one.name, one.to.arrow) for one in plans])
    rows = TypedRows(pa.RecordBatch.from_arrays(arrays, schema=schema), source)
    for one, bad in zip(plans, flaws, strict=True):
        rows.flaw(bad, one.name)
    return rows


def _column(one: PgPlan, array: "pa.Array") -> "tuple[pa.Array, dict[int, str]]":
    """One column in its lake type, and its bad places."""
    if one.arrives == "text":
        texts, bad = flawed_text(array)
        cast = cast_text(texts, one.to)
        return cast.values, {**bad, **cast.bad}
    if one.to.family in ("date", "timestamp", "timestamp_ntz"):
        return array.cast(one.to.arrow), dict.fromkeys(_beyond(array, one.to), "out_of_range")
    return array.cast(one.to.arrow), {}


def _beyond(array: "pa.Array", to: LakeType) -> list[int]:
    """Places outside the years 1 to 9999; infinity and BC dates are among them."""
    import pyarrow as pa
    import pyarrow.compute as pc

    is_date = to.family == "date"
    first, last = _DAYS if is_date else _MICROSECONDS
    numbers = array.view(pa.int32() if is_date else pa.int64())
    return places_of(pc.or_(pc.less(numbers, first), pc.greater(numbers, last)))


def _shown_row(rows: TypedRows, place: int) -> Shown:
    names = rows.batch.schema.names
    values = [_shown(column, place) for column in rows.source.columns]
    return Shown.of(dict(zip(names, values, strict=True)))


def _shown(column: "pa.Array", place: int) -> str | None:
    import pyarrow as pa

    if not column[place].is_valid:
        return None
    if pa.types.is_temporal(column.type):
        return _shown_time(column, place)
    value = column[place].as_py()
    return value.hex() if isinstance(value, bytes) else str(value)


def _shown_time(column: "pa.Array", place: int) -> str:
    """A date or time, also beyond what Python can show."""
    import pyarrow as pa

    is_date = pa.types.is_date32(column.type)
    number = column.view(pa.int32() if is_date else pa.int64())[place].as_py()
    if number in _INFINITE:
        return _INFINITE[number]
    try:
        return str(column[place].as_py())
    except (OverflowError, ValueError):
        return f"1970-01-01 {number:+} {'days' if is_date else 'microseconds'}"
