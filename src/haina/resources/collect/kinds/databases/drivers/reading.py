"""Rows of a table as Arrow batches of the lake's types, out of a session that answers in text."""

from collections.abc import Generator
from contextlib import closing
from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

from haina.resources.collect.kinds.contracts import Control, KeyRange, ReadContext, SourceTable
from haina.resources.collect.kinds.databases.bounds import ranges
from haina.resources.collect.kinds.databases.drivers.dialect import Statement
from haina.resources.collect.kinds.databases.drivers.query import Plan, Query
from haina.resources.collect.kinds.errors import SOURCE_CHANGED
from haina.resources.collect.kinds.rows.arrow_checks import flawed_text, raw_bytes
from haina.resources.collect.kinds.rows.casting import cast_text, places_of, reason_of
from haina.resources.collect.kinds.rows.keys import NO_KEY, as_hex, key_hash_of
from haina.resources.collect.kinds.rows.lake_types import LakeType
from haina.resources.collect.kinds.rows.prefetching import prefetched
from haina.resources.collect.kinds.rows.reading import BaseReading
from haina.resources.collect.kinds.rows.rejecting import Shown
from haina.resources.collect.kinds.rows.sieving import Selection, Sieve, TypedRows, without

if TYPE_CHECKING:
    import pyarrow as pa

_FIRST_DAY = "0001-01-01"
_DATES = ("date", "timestamp", "timestamp_ntz")


class Session(Protocol):
    """One connection inside one transaction. Its errors are HainaErrors already."""

    def stream(self, statement: Statement, rows: int) -> "Generator[list[pa.Array], None, None]":
        """Columns of at most `rows` rows a time, as string arrays of bytes nobody has checked."""

    def row(self, statement: Statement) -> tuple[str | None, ...] | None:
        """The first row as text, None when there is none."""

    def cancel(self) -> None:
        """Make the source stop; called from another thread than the one that streams."""


@dataclass(frozen=True)
class _Totals:
    """What a control says before the hash of keys is made of it."""

    rows: int
    total: str | None
    highest: str | None


class SessionReading(BaseReading):
    """A `Reading` over one session.

    Where the table is not `steady` (no snapshot: MyISAM, views, databases without one), its rows
    are those of one statement, and its control is asked of it later. So the rows read must be as
    many as the control counts; and for an increment the control is taken before the rows too, or
    its watermark could run ahead of them. What differs is a source that changed.
    """

    def __init__(
        self,
        session: Session,
        table: SourceTable,
        selection: Selection,
        query: Query,
        context: ReadContext,
    ) -> None:
        super().__init__(selection, context)
        self._session = session
        self._query = query
        self._key = [table.column(name) for name in table.key]
        self._before: Control | None = None
        self._seen: int | None = None

    def control(self) -> Control:
        after = self._control()
        if not self._query.found.steady and (
            self._before not in (None, after) or self._seen not in (None, after.rows)
        ):
            raise SOURCE_CHANGED(
                f"读取“{self._query.found.name}”时源表有改动,它又不支持一致性快照",
                hint="请避开对方写入的时段重新运行;本次所读一行未用。",
            )
        return after

    def _control(self) -> Control:
        key = self._query.plans(self._key)
        statement, is_hash = self._query.control(key)
        found = self._session.row(statement) or ("0", None, None)
        totals = _Totals(int(found[0] or 0), found[1], found[2])
        old = self._query.since.value if self._query.since else None
        highest = old if totals.highest is None else totals.highest
        return Control(totals.rows, self._key_hash(key, totals, is_hash), highest)

    def _key_hash(self, key: list[Plan], totals: _Totals, is_hash: bool) -> str:
        """From the sum that the server made, or by reading the key columns."""
        if not key or is_hash:
            return as_hex(int(totals.total or 0)) if key else NO_KEY
        with closing(self._stream(key)) as rows:
            good = (without(one.batch, one.flaws) for one in rows)
            return key_hash_of(good, [one.name for one in key])

    def _batches(self) -> "Generator[pa.RecordBatch, None, None]":
        if not self._query.found.steady and self._query.since is not None:
            self._before = self._control()
        plans = self._query.plans(self._selection.all)
        sieve = Sieve(self._selection, self._bin, shown_row)
        seen = 0
        with closing(prefetched(self._stream(plans), cancel=self._session.cancel)) as ahead:
            for rows in ahead:
                seen += rows.batch.num_rows
                batch = sieve.good(rows)
                if batch.num_rows:
                    yield self._selection.deliver(batch)
        self._seen = seen

    def _stream(self, plans: list[Plan]) -> Generator[TypedRows, None, None]:
        statement = self._query.rows(plans)
        with closing(self._session.stream(statement, self._context.batch_rows)) as chunks:
            for chunk in chunks:
                yield typed_rows(plans, chunk)


def slices(session: Session, query: Query, column: str, rows: int) -> list[KeyRange]:
    """Ranges of about `rows` rows by stepping along the column, as its index does.

    The source itself says which value lies above which: many equal values are one step.
    """
    if not query.dialect.splits(query.declared(column)):
        return []
    return ranges(column, _bounds(session, query, column, max(rows, 1)))


def _bounds(session: Session, query: Query, column: str, rows: int) -> Generator[str, None, None]:
    low = _usable(session.row(query.lowest(column)))
    while low is not None:
        found = session.row(query.step(column, low, rows))
        if found is None:
            return
        if found[1] != "1":
            found = session.row(query.after(column, low))
        high = _usable(found)
        if high is None or high == low:
            return
        yield high
        low = high


def _usable(found: tuple[str | None, ...] | None) -> str | None:
    """A value that can be written as a bound; what cannot ends the cutting, not the reading."""
    text = found[0] if found else None
    if text is None or "\0" in text or any("\ud800" <= one <= "\udfff" for one in text):
        return None
    return text


def typed_rows(plans: list[Plan], source: "list[pa.Array]") -> TypedRows:
    """Text columns in lake types, bad places noted."""
    import pyarrow as pa

    columns = [_column(one, texts) for one, texts in zip(plans, source, strict=True)]
    schema = pa.schema([pa.field(one.name, one.to.arrow) for one in plans])
    arrays = [values for values, _ in columns]
    rows = TypedRows(pa.RecordBatch.from_arrays(arrays, schema=schema), source)
    for one, (_, bad) in zip(plans, columns, strict=True):
        rows.flaw(bad, one.name)
    return rows


def _column(one: Plan, texts: "pa.Array") -> "tuple[pa.Array, dict[int, str]]":
    """One column in its lake type, and its bad places."""
    import pyarrow as pa

    if one.to.family == "binary":
        return texts.cast(pa.binary()), {}
    if one.exact:
        try:
            return _exact(texts, one.to)
        except pa.ArrowInvalid:
            pass  # some value does not fit: find it
    texts, flaws = flawed_text(texts)
    to = LakeType("timestamp_ntz") if one.exact and one.to.family == "timestamp" else one.to
    cast = cast_text(texts, to)
    bad = {**flaws, **cast.bad}
    values = cast.values.cast(one.to.arrow)
    if one.to.family in _DATES:
        return _from_year_one(values, one.to, dict.fromkeys(bad, reason_of(one.to)))
    return values, bad


def _exact(texts: "pa.Array", to: LakeType) -> "tuple[pa.Array, dict[int, str]]":
    """All at once. Raises ArrowInvalid when one value does not fit."""
    import pyarrow.compute as pc

    if to.family == "timestamp":
        texts = pc.cast(texts, LakeType("timestamp_ntz").arrow)
    values = pc.cast(texts, to.arrow)
    return _from_year_one(values, to, {}) if to.family in _DATES else (values, {})


def _from_year_one(
    values: "pa.Array", to: LakeType, bad: dict[int, str]
) -> "tuple[pa.Array, dict[int, str]]":
    """The year 0 is no year: MySQL stores it, and few tools can show it."""
    import pyarrow as pa
    import pyarrow.compute as pc

    first = pc.cast(pc.cast(pa.scalar(_FIRST_DAY), pa.date32()), to.arrow)
    for place in places_of(pc.less(values, first)):
        bad[place] = reason_of(to)
    return values, dict(sorted(bad.items()))


def shown_row(rows: TypedRows, place: int) -> Shown:
    """A bad row as the source gave it."""
    names = rows.batch.schema.names
    values = [_shown(texts, place) for texts in rows.source]
    return Shown.of(dict(zip(names, values, strict=True)))


def _shown(texts: "pa.Array", place: int) -> str | None:
    if not texts[place].is_valid:
        return None
    return (raw_bytes(texts, place) or b"").decode("utf-8", "surrogateescape")
