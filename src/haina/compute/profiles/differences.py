"""How two versions of a dataset differ: columns, inputs, and by key the rows."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from haina.compute import lake
from haina.compute.door import ISSUES, Engine
from haina.compute.engines import Limits, SandboxTable
from haina.compute.lake.contracts import Dataset, Pinned, Version
from haina.kernel.errors import FORBIDDEN, NOT_FOUND, HainaError
from haina.kernel.sql import quote_identifier
from haina.security import evidence
from haina.security.access import Purpose, Subject, decide, object_facts

ACT = "data.difference"
MOST = 2_000_000
"""Rows of a version that are still compared one by one."""


@dataclass(frozen=True)
class ColumnChange:
    """`change`: added, lost or retyped; types as the lake names them."""

    column: str
    title: str
    change: str
    before: str | None
    after: str | None


@dataclass(frozen=True)
class InputChange:
    """An input and its versions; None: it was, or is, none of the inputs."""

    dataset: str
    before: int | None
    after: int | None


@dataclass(frozen=True)
class RowChanges:
    """How many keys came in, have another content, are gone, or are the same in both."""

    inserted: int
    updated: int
    deleted: int
    equal: int


@dataclass(frozen=True)
class Side:
    version: int
    at: datetime | None
    rows: int
    run: str | None


@dataclass(frozen=True)
class Difference:
    """`rows` is None where they cannot be compared, and `why` says why."""

    dataset: str
    before: Side
    after: Side
    columns: list[ColumnChange]
    inputs: list[InputChange]
    rows: RowChanges | None
    why: str | None


def difference(engine: Engine, subject: Subject, name: str, before: int, after: int) -> Difference:
    """Raises HainaError(not_found, forbidden, query_*)."""
    with engine.platform.database.read() as connection:
        dataset = lake.find_dataset(connection, name)
        facts = object_facts(connection, [name]).get(name)
        decision = decide(subject, facts, Purpose.PREVIEW) if facts else None
        if decision is None or not decision.allowed:
            raise FORBIDDEN(f"不能比较 {name} 的版本", field="dataset")
        old, new = (lake.find_version(connection, name, number) for number in (before, after))
    if old is None or new is None:
        lost = before if old is None else after
        raise NOT_FOUND(f"数据集 {name} 没有版本 {lost}", field="version")
    rows, why = _rows(engine, subject, dataset, old, new)
    return Difference(
        name, _side(old), _side(new), _columns(dataset, old, new), _inputs(old, new), rows, why
    )


def _side(version: Version) -> Side:
    return Side(version.version, version.at, version.rows, version.job)


def _shown(version: Version) -> dict[str, str]:
    return {n: kind for n, kind in version.schema if not n.startswith("_") or n == ISSUES}


def _columns(dataset: Dataset, old: Version, new: Version) -> list[ColumnChange]:
    was, now = _shown(old), _shown(new)
    found = []
    for name in dict.fromkeys([*now, *was]):
        if was.get(name) == now.get(name):
            continue
        change = "added" if name not in was else "lost" if name not in now else "retyped"
        item = dataset.item(name)
        title = item.title if item else name
        found.append(ColumnChange(name, title, change, was.get(name), now.get(name)))
    return found


def _inputs(old: Version, new: Version) -> list[InputChange]:
    was, now = dict(old.inputs), dict(new.inputs)
    return [
        InputChange(name, was.get(name), now.get(name))
        for name in dict.fromkeys([*now, *was])
        if was.get(name) != now.get(name)
    ]


def _rows(
    engine: Engine, subject: Subject, dataset: Dataset, old: Version, new: Version
) -> tuple[RowChanges | None, str | None]:
    keys = [name for name in dataset.key if name in _shown(old) and name in _shown(new)]
    if not dataset.key or len(keys) < len(dataset.key):
        return None, "没有主键,逐行比较不了"
    if max(old.rows, new.rows) > MOST:
        return None, f"行数超过 {MOST:,},不逐行比较"
    platform = engine.platform
    try:
        with platform.database.read() as connection:
            sides = [
                lake.pinned(platform, connection, dataset.name, one.version) for one in (old, new)
            ]
    except HainaError as error:
        return None, error.message
    with platform.database.write() as connection:
        place = f"{dataset.name}@{old.version},{new.version}"
        evidence.append(connection, subject.person, ACT, place, {})
    columns = [name for name in _shown(new) if name in _shown(old) and name not in keys]
    return _counted(engine, sides, keys, columns), None


def _counted(
    engine: Engine, sides: Sequence[Pinned], keys: Sequence[str], columns: Sequence[str]
) -> RowChanges:
    """Only counts leave the sandbox, so nothing is masked in it. A raw table may hold a key more
    than once: all rows of a key are its content."""
    names = ("old.rows", "new.rows")
    tables = [
        SandboxTable(name, one.path, one.version) for name, one in zip(names, sides, strict=True)
    ]
    settings = engine.platform.settings
    limits = Limits(settings.query_seconds, settings.query_memory_mb, 1, 2**20, threads=2)
    with engine.pool.session(tables, limits) as session:
        row = session.rows(_sql(keys, columns)).rows[0]
    return RowChanges(*(int(one or 0) for one in row))


def _sql(keys: Sequence[str], columns: Sequence[str]) -> str:
    key = ", ".join(quote_identifier(name) for name in keys)
    texts = [f"CAST({quote_identifier(name)} AS VARCHAR)" for name in columns]
    content = f"hash({', '.join(texts)})" if texts else "hash(0)"
    sides = ", ".join(
        f"{name} AS (SELECT hash({key}) AS k, bit_xor({content}) AS content "
        f"FROM {side}.rows GROUP BY k)"
        for name, side in (("was", "old"), ("now", "new"))
    )
    return (
        f"WITH {sides} SELECT "
        "count(CASE WHEN was.k IS NULL THEN 1 END), "
        "count(CASE WHEN was.content <> now.content THEN 1 END), "
        "count(CASE WHEN now.k IS NULL THEN 1 END), "
        "count(CASE WHEN was.content = now.content THEN 1 END) "
        "FROM was FULL JOIN now ON was.k = now.k"
    )
