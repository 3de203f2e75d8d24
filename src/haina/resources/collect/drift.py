"""Drift: the columns of a source are not what they were, and what we do then.

Freeze: the load stops before a row is read, until the agency's steward confirms the new shape.
Evolve: the load goes on — new columns come into `ods` (shown to nobody before they are declared),
retyped ones are read as the lake keeps them, and what does not fit is set aside. A declared column
that is gone stops the load under either policy, for everything downstream would count its NULLs;
unless it is declared `optional`, then it is filled with NULL.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from difflib import SequenceMatcher
from typing import Any, Literal

from sqlalchemy.engine import Connection

from haina.kernel.errors import CONFLICT, kind
from haina.resources.collect import queries
from haina.resources.collect.kinds import SourceColumn, SourceTable
from haina.resources.specs import TableSpec
from haina.security import evidence

DRIFTED = kind(
    "source_drifted",
    409,
    "数据源的列变了,按「冻结」策略已停止采集",
    "请在数据源页核对变化后点「确认新结构」,或请部门改回去;此前的数据仍可用。",
)
COLUMN_GONE = kind(
    "source_column_gone", 422, "数据源少了声明过的列", "请与部门核对表结构,再修改该表的声明。"
)

Change = Literal["new", "lost", "retyped", "renamed"]
Shape = Mapping[str, Mapping[str, Any]]
"""Column → {type: of the source, lake: type in the lake, taken: whether we read it}."""

_ALIKE = 0.5


@dataclass(frozen=True)
class Drift:
    """One change of a column. `was` and `now`: its type, or for `renamed` its name."""

    change: Change
    column: str
    was: str | None
    now: str | None
    advice: str


@dataclass(frozen=True)
class DriftRecord:
    """A change as it was noted. `state`: noted, open (waits for the steward), accepted."""

    id: int
    table: str
    job: str
    at: datetime
    change: Change
    column: str
    was: str | None
    now: str | None
    advice: str
    state: str
    decided_by: str | None


def differences(shape: Shape | None, found: SourceTable) -> list[Drift]:
    """What changed since the shape was written down; nothing when there is none yet."""
    if shape is None:
        return []
    now = {column.name: column for column in found.columns}
    lost = [name for name in shape if name not in now]
    new = [column for column in found.columns if column.name not in shape]
    drifts = [
        Drift("retyped", name, shape[name]["type"], now[name].source_type, _retyped(name))
        for name in shape
        if name in now and now[name].source_type != shape[name]["type"]
    ]
    drifts += [
        Drift("lost", name, shape[name]["type"], None, f"源表不再有列“{name}”") for name in lost
    ]
    drifts += [Drift("new", one.name, None, one.source_type, _new(one.name)) for one in new]
    return drifts + _renamed(shape, lost, new)


def _renamed(shape: Shape, lost: Sequence[str], new: Sequence[SourceColumn]) -> list[Drift]:
    """A lost column and a new one of its type and a like name, or the only pair: proposed, and
    for people to decide."""
    found = []
    for name in lost:
        alike = [one for one in new if one.source_type == shape[name]["type"]]
        best = max(alike, key=lambda one: _likeness(name, one.name), default=None)
        only = len(lost) == len(new) == 1
        if best is not None and (only or _likeness(name, best.name) >= _ALIKE):
            advice = (
                f"“{name}”可能改名为“{best.name}”;这一批写错了就改回来重交,"
                f"真的改了名就请平台管理员在声明中改写为 {best.name}"
            )
            found.append(Drift("renamed", name, name, best.name, advice))
    return found


def _likeness(one: str, other: str) -> float:
    return SequenceMatcher(None, one.lower(), other.lower()).ratio()


def _retyped(name: str) -> str:
    return f"列“{name}”的类型变了;装不下的行会进隔离区"


def _new(name: str) -> str:
    return f"源表新增列“{name}”;如需使用,请在该表的 columns 中声明它"


def read_as(spec: TableSpec, shape: Shape | None, found: SourceTable) -> SourceTable:
    """The table as it is to be read: the columns we take, in the types the lake keeps.

    Raises HainaError(source_column_gone) for a declared column that is not there.
    """
    now = {column.name: column for column in found.columns}
    gone = [name for name in spec.columns if name not in now]
    fatal = [name for name in gone if not spec.columns[name].optional]
    if fatal:
        proposed = [one.advice for one in differences(shape, found) if one.change == "renamed"]
        words = ";".join([f"表 {spec.from_} 少了列:{'、'.join(fatal)}", *proposed])
        raise COLUMN_GONE(words, field=fatal[0], missing=fatal)
    names = [name for name in spec.columns if name in now] + _evolved(spec, shape, found)
    columns = tuple(_kept_type(spec, shape, now[name]) for name in names)
    return SourceTable(found.name, columns, spec.key, found.comment, found.estimated_rows)


def _evolved(spec: TableSpec, shape: Shape | None, found: SourceTable) -> list[str]:
    """Columns that came after the table was first read, and are not declared yet."""
    if shape is None or spec.drift == "freeze":
        return []
    return [
        column.name
        for column in found.columns
        if column.name not in spec.columns
        and not column.name.startswith("_")
        and (column.name not in shape or shape[column.name].get("evolved"))
    ]


def _kept_type(spec: TableSpec, shape: Shape | None, column: SourceColumn) -> SourceColumn:
    """A dataset that is not replaced as a whole keeps the type of its column."""
    known = shape.get(column.name) if shape else None
    if known is None or spec.way == "replace":
        return column
    return replace(column, lake_type=known["lake"])


def shape_of(
    spec: TableSpec, old: Shape | None, found: SourceTable, taken: SourceTable
) -> dict[str, Any]:
    """What to write down of a table that was read."""
    lake = {column.name: column.lake_type for column in taken.columns}
    evolved = set(_evolved(spec, old, found))
    return {
        column.name: {
            "type": column.source_type,
            "lake": lake.get(column.name, column.lake_type),
            **({"evolved": True} if column.name in evolved else {}),
        }
        for column in found.columns
    } | _remembered(spec, old, found)


def _remembered(spec: TableSpec, old: Shape | None, found: SourceTable) -> dict[str, Any]:
    """Declared columns that are gone keep their type: they are still NULL columns of the lake."""
    now = {column.name for column in found.columns}
    return {
        name: {**old[name], "gone": True}
        for name in spec.columns
        if old is not None and name in old and name not in now
    }


def fresh(drifts: Sequence[Drift], shape: Shape | None) -> list[Drift]:
    """Without columns that are known to be gone."""
    gone = {name for name, one in (shape or {}).items() if one.get("gone")}
    return [one for one in drifts if one.column not in gone]


def note(
    connection: Connection, table: str, job: str, at: datetime, drifts: Sequence[Drift], state: str
) -> None:
    """Write changes down; those of this table that still wait are replaced."""
    queries.drop_open_drift(connection, table)
    queries.add_drift(
        connection,
        [{"table": table, "job": job, "at": at, "state": state, **_fields(one)} for one in drifts],
    )


def _fields(one: Drift) -> dict[str, Any]:
    return {
        "change": one.change,
        "column": one.column[:200],
        "was": one.was,
        "now": one.now,
        "advice": one.advice,
    }


def drift_of(connection: Connection, table: str, limit: int = 200) -> list[DriftRecord]:
    """Newest first."""
    return [DriftRecord(**row._mapping) for row in queries.drift(connection, table, limit)]


def accept(connection: Connection, actor: str, table: str) -> int:
    """The steward confirms these changes, and no others: the next load writes the shape down.

    Returns how many changes were accepted; raises HainaError(conflict) when none waits.
    """
    count = queries.accept_drift(connection, table, actor)
    if count == 0:
        raise CONFLICT(f"表 {table} 没有待确认的结构变化", field="table")
    evidence.append(connection, actor, "drift.accept", f"table:{table}", {"changes": count})
    return count
