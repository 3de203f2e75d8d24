"""Which rows a reading is asked for, as comparisons that every database understands."""

from collections.abc import Iterable
from dataclasses import dataclass

from haina.resources.collect.kinds.contracts import KeyRange, Watermark


@dataclass(frozen=True)
class Condition:
    """`column` `operator` `value`; with `or_null` the rows where the column is NULL as well.

    The comparison is the source's own, under the collation of the column: what orders the bounds
    of slices must also decide on which side of them a row lies.
    """

    column: str
    operator: str
    value: str
    or_null: bool = False

    def sql(self, column: str, value: str) -> str:
        """The condition, of the column and the value as SQL."""
        compared = f"{column} {self.operator} {value}"
        return f"({compared} or {column} is null)" if self.or_null else compared


def conditions(since: Watermark | None, part: KeyRange | None) -> list[Condition]:
    """All that must hold of a row; [] when every row is in scope."""
    found: list[Condition] = []
    if since is not None and since.value is not None:
        found.append(Condition(since.column, ">", since.value))
    if part is not None and part.low is not None:
        found.append(Condition(part.column, ">=", part.low))
    if part is not None and part.high is not None:
        found.append(Condition(part.column, "<", part.high, or_null=part.low is None))
    return found


def ranges(column: str, bounds: Iterable[str]) -> list[KeyRange]:
    """The slices between these bounds, which must rise in the source's own order.

    Bounds that the source holds for equal give an empty slice, never a lost row.
    """
    inner = list(dict.fromkeys(bounds))
    return [
        KeyRange(column, low, high)
        for low, high in zip([None, *inner], [*inner, None], strict=True)
    ]
