"""Rows of a SQLite table as Arrow batches of the lake's types."""

from collections.abc import Generator, Iterator
from contextlib import closing
from typing import TYPE_CHECKING, Any

from haina.resources.collect.kinds.contracts import (
    Control,
    KeyRange,
    ReadContext,
    SourceTable,
    Watermark,
)
from haina.resources.collect.kinds.databases.bounds import conditions
from haina.resources.collect.kinds.databases.sqlite.errors import translated
from haina.resources.collect.kinds.databases.sqlite.select import (
    ColumnPlan,
    control_sql,
    highest_sql,
    plan,
    select_sql,
)
from haina.resources.collect.kinds.rows.arrow_checks import flawed_text, raw_bytes, with_point
from haina.resources.collect.kinds.rows.casting import cast_text, places_of, reason_of
from haina.resources.collect.kinds.rows.keys import key_hash_of
from haina.resources.collect.kinds.rows.prefetching import prefetched
from haina.resources.collect.kinds.rows.reading import BaseReading
from haina.resources.collect.kinds.rows.rejecting import Shown
from haina.resources.collect.kinds.rows.sieving import Selection, Sieve, TypedRows, without

if TYPE_CHECKING:
    import pyarrow as pa

_STORAGES = {"i": "integer", "r": "real", "t": "text", "b": "blob", "n": "null"}


class SqliteReading(BaseReading):
    """A `Reading` over one open ADBC connection that is inside one read transaction."""

    def __init__(
        self,
        opened: Any,
        table: SourceTable,
        selection: Selection,
        since: Watermark | None,
        context: ReadContext,
        part: KeyRange | None = None,
    ) -> None:
        super().__init__(selection, context)
        self._opened = opened
        self._table = table
        self._since = since
        self._scope = conditions(since, part)

    def _batches(self) -> "Generator[pa.RecordBatch, None, None]":
        plans = plan(self._selection.all)
        sieve = Sieve(self._selection, self._bin, lambda rows, place: _shown(plans, rows, place))
        sql = select_sql(self._table.name, plans, self._scope)
        with closing(prefetched(self._stream(sql))) as ahead:
            for source in ahead:
                batch = sieve.good(_typed_rows(plans, source))
                if batch.num_rows:
                    yield self._selection.deliver(batch)

    def control(self) -> Control:
        with translated(), self._opened.cursor() as cursor:
            cursor.execute(control_sql(self._table.name, self._scope), self._parameters)
            rows = int(cursor.fetchone()[0])
        return Control(rows, self._key_hash(), self._highest())

    def _key_hash(self) -> str:
        plans = plan([self._table.column(name) for name in self._table.key])
        if not plans:
            return ""
        good = (without(rows.batch, rows.flaws) for rows in self._typed(plans))
        return key_hash_of(good, self._table.key)

    def _highest(self) -> str | None:
        if self._since is None:
            return None
        (one,) = plan([self._table.column(self._since.column)])
        sql = highest_sql(self._table.name, one, self._scope)
        found = [
            _merged(one, batch.columns)[-1].as_py() for batch in self._stream(sql) if batch.num_rows
        ]
        return found[-1] if found and found[-1] is not None else self._since.value

    @property
    def _parameters(self) -> tuple[str, ...] | None:
        return tuple(one.value for one in self._scope) or None

    def _stream(self, sql: str) -> "Generator[pa.RecordBatch, None, None]":
        """Batches of a statement without its first row, the samples."""
        with translated(), self._opened.cursor() as cursor:
            cursor.adbc_statement.set_options(
                **{"adbc.sqlite.query.batch_rows": self._context.batch_rows}
            )
            cursor.execute(sql, self._parameters)
            with cursor.fetch_record_batch() as reader:
                for number, batch in enumerate(reader):
                    yield batch if number else batch.slice(1)

    def _typed(self, plans: list[ColumnPlan]) -> Iterator[TypedRows]:
        for batch in self._stream(select_sql(self._table.name, plans, self._scope)):
            yield _typed_rows(plans, batch)


def _typed_rows(plans: list[ColumnPlan], batch: "pa.RecordBatch") -> TypedRows:
    import pyarrow as pa

    arrays: list[pa.Array] = []
    flaws: list[tuple[str, dict[int, str]]] = []
    start = 0
    for one in plans:
        slots = batch.columns[start : start + len(one.storages)]
        start += len(one.storages)
        values, bad = _column(one, slots)
        arrays.append(values)
        flaws.append((one.column.name, bad))
    schema = pa.schema([pa.field(one.column.name, one.to.arrow) for one in plans])
    rows = TypedRows(pa.RecordBatch.from_arrays(arrays, schema=schema), batch)
    _note_wrong_storage(plans, batch.columns[-1], rows)
    for name, bad in flaws:
        rows.flaw(bad, name)
    return rows


def _column(one: ColumnPlan, slots: "list[pa.Array]") -> "tuple[pa.Array, dict[int, str]]":
    """One column in its lake type, and its bad places."""
    if len(slots) == 1 and slots[0].type == one.to.arrow and one.to.family != "text":
        return slots[0], {}
    if one.storages == ("integer",) and one.to.family == "boolean":
        return _boolean(slots[0])
    texts, bad = flawed_text(_merged(one, slots))
    cast = cast_text(texts, one.to)
    return cast.values, {**bad, **cast.bad}


def _boolean(numbers: "pa.Array") -> "tuple[pa.Array, dict[int, str]]":
    import pyarrow as pa
    import pyarrow.compute as pc

    wrong = pc.invert(pc.is_in(numbers, pa.array([0, 1, None])))
    return pc.equal(numbers, 1), dict.fromkeys(places_of(wrong), "not_boolean")


def _merged(one: ColumnPlan, slots: "list[pa.Array]") -> "pa.Array":
    """The slots of a column as one text array; doubles in the shortest exact form."""
    import pyarrow as pa
    import pyarrow.compute as pc

    texts = []
    for storage, slot in zip(one.storages, slots, strict=True):
        text = slot if storage in ("text", "blob") else pc.cast(slot, pa.string())
        keep_point = storage == "real" and one.to.family in ("text", "json")
        texts.append(with_point(text) if keep_point else text)
    return texts[0] if len(texts) == 1 else pc.coalesce(*texts)


def _note_wrong_storage(plans: list[ColumnPlan], raws: "pa.Array", rows: TypedRows) -> None:
    if raws.null_count == len(raws):
        return
    for place, raw in enumerate(raws.to_pylist()):
        for one, (storage, _) in zip(plans, _decoded(raw), strict=False):
            if storage not in ("null", *one.storages):
                rows.flaw([place], one.column.name, reason_of(one.to))


def _decoded(raw: str | None) -> list[tuple[str, bytes]]:
    """Storage class and bytes of each value of a raw text."""
    parts = raw.split(",")[:-1] if raw else []
    return [(_STORAGES[part[0]], bytes.fromhex(part[1:])) for part in parts]


def _shown(plans: list[ColumnPlan], rows: TypedRows, place: int) -> Shown:
    raw = rows.source.columns[-1][place].as_py()
    values = _from_raw(raw) if raw else _from_slots(plans, rows.source, place)
    names = [one.column.name for one in plans]
    return Shown.of(dict(zip(names, values, strict=True)))


def _from_raw(raw: str) -> list[str | None]:
    return [
        None if storage == "null" else data.decode("utf-8", "surrogateescape")
        for storage, data in _decoded(raw)
    ]


def _from_slots(plans: list[ColumnPlan], source: "pa.RecordBatch", place: int) -> list[str | None]:
    columns = iter(source.columns)
    return [_first_shown([next(columns) for _ in one.storages], place) for one in plans]


def _first_shown(slots: "list[pa.Array]", place: int) -> str | None:
    for storage, slot in ((str(slot.type), slot) for slot in slots):
        if not slot[place].is_valid:
            continue
        if storage in ("string", "binary"):
            return (raw_bytes(slot, place) or b"").decode("utf-8", "surrogateescape")
        return str(slot[place].as_py())
    return None
