"""The SELECT that makes SQLite give each storage class in a column of its own.

The ADBC driver takes the type of a column from its first values and then breaks or bends the
others. So each column is split by typeof() into slots of one class each, and a first row of
samples fixes the Arrow types; that row is dropped again. A last column holds the raw text of
rows whose storage classes are wrong.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from haina.resources.collect.kinds.contracts import SourceColumn
from haina.resources.collect.kinds.databases.bounds import Condition
from haina.resources.collect.kinds.databases.sqlite.types import affinity_of, storages_of
from haina.resources.collect.kinds.rows.lake_types import LakeType, parse

_SAMPLES = {"integer": "0", "real": "0.0", "text": "''", "blob": "x''"}


@dataclass(frozen=True)
class ColumnPlan:
    """A column, its lake type, and the storage classes (slots) in which it is read."""

    column: SourceColumn
    to: LakeType
    storages: tuple[str, ...]


def plan(columns: Sequence[SourceColumn]) -> list[ColumnPlan]:
    """One plan a column, in order."""
    plans = []
    for column in columns:
        to = parse(column.lake_type)
        plans.append(ColumnPlan(column, to, storages_of(column.source_type, to)))
    return plans


def select_sql(table: str, plans: Sequence[ColumnPlan], scope: Sequence[Condition]) -> str:
    """Samples first, then the rows: all slots in order of plans, then the raw text.

    The parameters are the values of `scope`, in order.
    """
    samples = [_SAMPLES[storage] for one in plans for storage in one.storages]
    slots = [_slot(quoted(one.column.name), storage) for one in plans for storage in one.storages]
    rows = f"select {', '.join([*slots, _raw(plans)])} from {quoted(table)}{where(scope)}"
    return f"select {', '.join(samples)}, '' union all {rows}"


def control_sql(table: str, scope: Sequence[Condition]) -> str:
    """Count of the rows in scope."""
    return f"select count(*) from {quoted(table)}{where(scope)}"


def cuts_sql(table: str, column: str, declared: str, rows: int) -> str | None:
    """Each `rows`th value of a column in its own order, the lowest first; None when the order
    cannot be said in text: a column without affinity takes a text bound for text.

    Values of another storage class than the affinity's lie outside all bounds: numbers before
    text, text before blobs.
    """
    affinity = affinity_of(declared)
    if affinity == "blob":
        return None
    name = quoted(column)
    storages = "('text')" if affinity == "text" else "('integer', 'real')"
    numbered = (
        f"select {name} as c, row_number() over (order by {name}) as n"
        f" from {quoted(table)} where typeof({name}) in {storages}"
    )
    return f"select c from ({numbered}) where (n - 1) % {int(rows)} = 0 order by n"


def highest_sql(table: str, one: ColumnPlan, scope: Sequence[Condition]) -> str:
    """The highest well-typed value of a column, its samples row first, in its slots."""
    name = quoted(one.column.name)
    samples = ", ".join(_SAMPLES[storage] for storage in one.storages)
    slots = ", ".join(_slot("h", storage) for storage in one.storages)
    right = _right(name, one)
    highest = f"select max({name}) as h from {quoted(table)}{where(scope, right)}"
    return f"select {samples} union all select {slots} from ({highest})"


def where(scope: Sequence[Condition], *more: str) -> str:
    """` where …`, or nothing. A bare column on the left keeps SQLite's own rules of comparison."""
    found = [*(one.sql(quoted(one.column), "?") for one in scope), *more]
    return f" where {' and '.join(found)}" if found else ""


def quoted(name: str) -> str:
    """A name as an SQL identifier."""
    return '"' + name.replace('"', '""') + '"'


def _slot(name: str, storage: str) -> str:
    return f"case typeof({name}) when '{storage}' then {name} end"


def _right(name: str, one: ColumnPlan) -> str:
    return f"typeof({name}) in ({', '.join(repr(storage) for storage in one.storages)})"


def _raw(plans: Sequence[ColumnPlan]) -> str:
    wrong = [
        f"typeof({quoted(one.column.name)}) not in "
        f"({', '.join(repr(storage) for storage in ('null', *one.storages))})"
        for one in plans
    ]
    shown = [_shown(quoted(one.column.name)) for one in plans]
    return f"case when {_balanced(wrong, ' or ')} then {_balanced(shown, ' || ')} end"


def _shown(name: str) -> str:
    """First letter of the storage class, then the value in hex, then a comma."""
    exact = f"case typeof({name}) when 'real' then quote({name}) else {name} end"
    return f"substr(typeof({name}), 1, 1) || hex({exact}) || ','"


def _balanced(parts: Sequence[str], operator: str) -> str:
    """Join as a balanced tree: SQLite refuses expressions deeper than 1000."""
    if len(parts) <= 2:
        return f"({operator.join(parts)})"
    middle = len(parts) // 2
    left, right = _balanced(parts[:middle], operator), _balanced(parts[middle:], operator)
    return f"({left}{operator}{right})"
