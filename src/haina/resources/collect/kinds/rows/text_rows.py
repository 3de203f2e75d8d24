"""Rows that people or programs give as text: cast and sieved as all others are."""

from collections.abc import Generator, Iterable, Mapping, Sequence

from haina.resources.collect.kinds.contracts import ReadContext
from haina.resources.collect.kinds.rows.arrow_checks import flawed_text
from haina.resources.collect.kinds.rows.casting import cast_text
from haina.resources.collect.kinds.rows.lake_types import parse
from haina.resources.collect.kinds.rows.reading import SinglePassReading
from haina.resources.collect.kinds.rows.rejecting import Shown
from haina.resources.collect.kinds.rows.sieving import Selection, TypedRows, schema_of

TextRow = Mapping[str, str | None]


class TextRowsReading(SinglePassReading):
    """A `Reading` of rows as text by column; a column that a row does not name is NULL.

    `line` of a reject is the place of its row, from 1.
    """

    def __init__(
        self, chunks: Iterable[Sequence[TextRow]], selection: Selection, context: ReadContext
    ) -> None:
        super().__init__(selection, None, context)
        self._chunks = chunks

    def _typed(self) -> Generator[TypedRows, None, None]:
        start = 1
        for chunk in self._chunks:
            yield typed_text(self._selection, chunk, start)
            start += len(chunk)

    def _show(self, rows: TypedRows, place: int) -> Shown:
        return Shown.of(dict(rows.source[place]))


def typed_text(selection: Selection, chunk: Sequence[TextRow], start: int) -> TypedRows:
    """A chunk of rows in lake types; `start` is the place of its first row."""
    import pyarrow as pa
    import pyarrow.compute as pc

    as_text = pc.CastOptions(pa.string(), allow_invalid_utf8=True)
    arrays: list[pa.Array] = []
    flaws: list[dict[int, str]] = []
    for column in selection.all:
        given = pa.array([_encoded(row.get(column.name)) for row in chunk], pa.binary())
        texts, bad = flawed_text(pc.cast(given, options=as_text))
        cast = cast_text(texts, parse(column.lake_type))
        arrays.append(cast.values)
        flaws.append({**bad, **cast.bad})
    batch = pa.RecordBatch.from_arrays(arrays, schema=schema_of(selection.all))
    rows = TypedRows(batch, chunk, lines=range(start, start + len(chunk)))
    for column, bad in zip(selection.all, flaws, strict=True):
        rows.flaw(bad, column.name)
    return rows


def _encoded(text: str | None) -> bytes | None:
    return None if text is None else text.encode("utf-8", "surrogatepass")
