"""Good rows to the lake, bad rows to the bin: the last step of every kind."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from haina.resources.collect.kinds.contracts import SourceColumn, SourceTable
from haina.resources.collect.kinds.rows.keys import key_hashes
from haina.resources.collect.kinds.rows.lake_types import parse
from haina.resources.collect.kinds.rows.rejecting import RejectBin, Shown

if TYPE_CHECKING:
    import pyarrow as pa


@dataclass(frozen=True)
class Flaw:
    """Why a row is bad: the column, None for the whole row, and a code of REASONS."""

    column: str | None
    reason: str


@dataclass(frozen=True)
class Selection:
    """What is read: the chosen columns in order, then hidden ones such as the key."""

    chosen: tuple[SourceColumn, ...]
    key: tuple[str, ...]
    all: tuple[SourceColumn, ...]

    @classmethod
    def of(cls, table: SourceTable, columns: Sequence[str] | None, *more: str) -> "Selection":
        """`more` are columns needed on the way, though not chosen."""
        chosen = table.chosen(columns)
        names = {column.name for column in chosen}
        hidden = [name for name in dict.fromkeys((*table.key, *more)) if name not in names]
        return cls(chosen, table.key, chosen + tuple(table.column(name) for name in hidden))

    def deliver(self, batch: "pa.RecordBatch") -> "pa.RecordBatch":
        """The chosen columns of a batch of all columns."""
        return batch.select(list(range(len(self.chosen))))

    @property
    def schema(self) -> "pa.Schema":
        """Arrow schema of the chosen columns."""
        return schema_of(self.chosen)


def schema_of(columns: Sequence[SourceColumn]) -> "pa.Schema":
    """Arrow schema of these columns in their lake types."""
    import pyarrow as pa

    return pa.schema([pa.field(column.name, parse(column.lake_type).arrow) for column in columns])


@dataclass
class TypedRows:
    """Rows of all selected columns in lake types, and as they came from the source.

    `flaws` by row number, in order of columns; `lines` are the physical lines of a file.
    """

    batch: "pa.RecordBatch"
    source: Any
    flaws: dict[int, list[Flaw]] = field(default_factory=dict)
    lines: Any = None

    def flaw(self, places: "Sequence[int] | dict[int, str]", column: str, reason: str = "") -> None:
        """Note flaws of a column: places with one reason, or a dict place -> reason."""
        for place in places:
            why = places[place] if isinstance(places, dict) else reason
            self.flaws.setdefault(place, []).append(Flaw(column, why))


class Sieve:
    """Splits typed rows. `show(rows, place)` is asked for bad rows only."""

    def __init__(
        self,
        selection: Selection,
        rejects: RejectBin,
        show: "Callable[[TypedRows, int], Shown]",
    ) -> None:
        self._selection = selection
        self._rejects = rejects
        self._show = show

    def good(self, rows: TypedRows) -> "pa.RecordBatch":
        """The good rows, all columns. Raises HainaError(too_many_bad_rows)."""
        if not rows.flaws:
            return rows.batch
        self._reject(rows)
        return without(rows.batch, rows.flaws)

    def _reject(self, rows: TypedRows) -> None:
        hashes = self._key_hashes(rows)
        for place, flaws in sorted(rows.flaws.items()):
            self._rejects.add(
                flaws[0].reason,
                self._show(rows, place),
                line=None if rows.lines is None else int(rows.lines[place]),
                column=flaws[0].column,
                key_hash=hashes.get(place),
            )

    def _key_hashes(self, rows: TypedRows) -> dict[int, str]:
        """Hashes of the bad rows whose key is readable all the same."""
        import pyarrow as pa

        key = self._selection.key
        readable = [
            place
            for place, flaws in sorted(rows.flaws.items())
            if not any(flaw.column in key for flaw in flaws)
        ]
        if not key or not readable:
            return {}
        taken = pa.Table.from_batches([rows.batch]).take(readable)
        return dict(zip(readable, key_hashes(taken, key), strict=True))


def without(batch: "pa.RecordBatch", flaws: Iterable[int]) -> "pa.RecordBatch":
    """The batch without the rows that have a flaw."""
    import numpy as np
    import pyarrow as pa

    keep = np.ones(batch.num_rows, dtype=bool)
    keep[list(flaws)] = False
    return batch.filter(pa.array(keep))
