"""The profile of a dataset: per item what is filled, how much differs, where values lie.

Computed in the sandbox through the door, some columns at a time, and kept by version. Masked items
give figures only; a table larger than a sample is looked at by a sample, and says so.
"""

import hashlib
from collections.abc import Sequence
from dataclasses import asdict, dataclass, replace
from typing import Any

from sqlalchemy.exc import IntegrityError

from haina.compute import lake
from haina.compute.door import ISSUES, Engine
from haina.compute.lake.contracts import NO_VERSION, Dataset
from haina.compute.profiles import queries
from haina.compute.profiles.bins import Scale, bins_of, scale_of_numbers, scale_of_times
from haina.compute.profiles.contracts import Bin, Common, ItemProfile, Profile
from haina.compute.profiles.statements import (
    Looked,
    figures_of,
    figures_sql,
    kind_of,
    values_sql,
)
from haina.kernel import clock
from haina.kernel.errors import FORBIDDEN
from haina.security import evidence
from haina.security.access import Decision, Purpose, Subject, decide, object_facts
from haina.standards.elements import Standards, load_standards

ACT = "data.profile"
SAMPLE = 300_000
"""Rows that are looked at, at most."""
BATCH = 20
_CLEAR_GRADE = 2
_VALUES = 50
_SECRET_GRADE = 4


@dataclass(frozen=True)
class _Asked:
    """A page of a profile to be made: what is known before anything is computed."""

    dataset: Dataset
    version: int
    columns: list[tuple[str, str]]
    decision: Decision
    standards: Standards
    cached: dict[str, dict[str, Any]]
    after: int

    @property
    def page(self) -> list[tuple[str, str]]:
        return self.columns[self.after : self.after + BATCH]

    @property
    def rows(self) -> int:
        return self.dataset.rows or 0

    @property
    def sampled(self) -> bool:
        return self.rows > SAMPLE

    @property
    def percent(self) -> float | None:
        return 100.0 * SAMPLE / self.rows if self.sampled else None

    @property
    def personal(self) -> bool:
        """Does the dataset hold anything that is masked? Then its rows are about persons."""
        items = (item.grade > _CLEAR_GRADE for item in self.dataset.items)
        return self.dataset.grade > _CLEAR_GRADE or any(items)

    @property
    def masks(self) -> str:
        """A digest of what is hidden from the asker: a profile is shared by those it is equal
        for."""
        hidden = sorted((name, mask.value) for name, mask in self.decision.masks.items())
        grades = [(item.name, item.grade, item.element) for item in self.dataset.items]
        return hashlib.sha256(repr((hidden, grades, self.personal)).encode()).hexdigest()


def profile(engine: Engine, subject: Subject, dataset: str, after: int = 0) -> Profile:
    """One page of the profile of the current version. Raises HainaError(not_found, no_version,
    forbidden, query_*)."""
    asked = _asked(engine, subject, dataset, after)
    wanted = [name for name, _ in asked.page]
    found = asked.cached
    if missing := [name for name in wanted if name not in found]:
        found = found | _computed(engine, subject, asked, missing)
    else:
        _note(engine, subject, asked)
    more = after + BATCH
    return Profile(
        dataset,
        asked.version,
        asked.rows,
        max([found[name]["looked"] for name in wanted], default=0),
        asked.sampled,
        asked.personal,
        len(asked.columns),
        [_item_of(found[name]["item"]) for name in wanted],
        more if more < len(asked.columns) else None,
    )


def _asked(engine: Engine, subject: Subject, name: str, after: int) -> _Asked:
    with engine.platform.database.read() as connection:
        dataset = lake.find_dataset(connection, name)
        if dataset.current_version is None:
            raise NO_VERSION(f"数据集 {name}({dataset.title})还没有数据", field="dataset")
        facts = object_facts(connection, [name]).get(name)
        decision = decide(subject, facts, Purpose.PREVIEW) if facts else None
        if decision is None or not decision.allowed:
            reason = decision.reason if decision else "这份数据尚未登记"
            raise FORBIDDEN(f"不能读取 {name}:{reason}", field="dataset")
        version = lake.find_version(connection, name, dataset.current_version)
        columns = [
            (column, kind)
            for column, kind in (version.schema if version else ())
            if not column.startswith("_") and column != ISSUES
        ]
        content = dataset.content_version or dataset.current_version
        asked = _Asked(dataset, content, columns, decision, load_standards(connection), {}, after)
        items = [column for column, _ in asked.page]
        return replace(asked, cached=queries.known(connection, name, content, asked.masks, items))


def _note(engine: Engine, subject: Subject, asked: _Asked) -> None:
    """What was computed before is a reading too."""
    with engine.platform.database.write() as connection:
        place = f"{asked.dataset.name}@{asked.dataset.current_version}"
        evidence.append(connection, subject.person, ACT, place, {"kept": True})


def _computed(
    engine: Engine, subject: Subject, asked: _Asked, names: Sequence[str]
) -> dict[str, dict[str, Any]]:
    looked, items = _compute(engine, subject, asked, names)
    found = {one.item: {"looked": looked, "item": asdict(one)} for one in items}
    try:
        with engine.platform.database.write() as connection:
            queries.keep(
                connection, asked.dataset.name, asked.version, asked.masks, found, clock.now()
            )
    except IntegrityError:
        pass  # another asker kept the same a moment ago
    return found


def _compute(
    engine: Engine, subject: Subject, asked: _Asked, names: Sequence[str]
) -> tuple[int, list[ItemProfile]]:
    kinds = dict(asked.columns)
    columns = [_column(asked, name, kinds[name]) for name in names]
    exact = not asked.sampled
    row = _read(
        engine,
        subject,
        asked,
        columns,
        figures_sql(asked.dataset.name, columns, asked.percent, exact=exact),
    )[0]
    total = int(row[0])
    figures = [figures_of(row, place) for place in range(len(columns))]
    scales = _scales(columns, figures)
    common = [
        place
        for place, column in enumerate(columns)
        if column.bare and column.kind != "other" and figures[place]["distinct"]
    ]
    sql = values_sql(
        asked.dataset.name, columns, asked.percent, common, scales, personal=asked.personal
    )
    values = _read(engine, subject, asked, columns, sql) if sql else []
    return total, [
        _profile(
            asked,
            column,
            total,
            figures[place],
            [v for v in values if v[0] == place],
            scales.get(place),
        )
        for place, column in enumerate(columns)
    ]


def _column(asked: _Asked, name: str, kind: str) -> Looked:
    item = asked.dataset.item(name)
    bare = item is not None and name not in asked.decision.masks
    lengths = item is not None and item.grade < _SECRET_GRADE
    return Looked(name, kind_of(kind), bare, lengths)


def _read(
    engine: Engine, subject: Subject, asked: _Asked, columns: Sequence[Looked], sql: str
) -> list[list[Any]]:
    """Through the door, at the version the profile is of. What is masked is let out only added up:
    as counts and lengths."""
    summed = frozenset(column.name for column in columns if not column.bare)
    at = {asked.dataset.name: asked.dataset.current_version or 0}
    return engine.read(subject, Purpose.PREVIEW, sql, at=at, summed=summed, act=ACT).rows


def _scales(columns: Sequence[Looked], figures: Sequence[dict[str, Any]]) -> dict[int, Scale]:
    found = {}
    for place, (column, known) in enumerate(zip(columns, figures, strict=True)):
        if known["low"] is None or known["low"] == known["high"]:
            continue
        low, high = float(known["low"]), float(known["high"])
        if column.kind == "time":
            found[place] = scale_of_times(low, high)
        else:
            whole = "." not in str(known["minimum"]) + str(known["maximum"])
            found[place] = scale_of_numbers(low, high, whole=whole)
    return found


def _profile(
    asked: _Asked,
    column: Looked,
    total: int,
    figures: dict[str, Any],
    values: Sequence[Sequence[Any]],
    scale: Scale | None,
) -> ItemProfile:
    item = asked.dataset.item(column.name)
    counts = {int(one[2]): int(one[3]) for one in values if one[1] == "bin"}
    common = [_common(asked, item, one) for one in values if one[1] == "common"]
    filled, distinct = int(figures["filled"]), figures["distinct"]
    if distinct is not None:
        distinct = min(int(distinct), filled)  # an estimate may overshoot
    if distinct is not None and _scattered(distinct, filled):
        common = []
    return ItemProfile(
        column.name,
        item.title if item else column.name,
        column.kind,
        item.element if item else None,
        item.grade if item else _SECRET_GRADE,
        not column.bare,
        filled,
        total - filled,
        None if item is None else distinct,
        None if asked.personal else figures["minimum"],
        None if asked.personal else figures["maximum"],
        figures["shortest"],
        figures["longest"],
        bins_of(scale, counts, personal=asked.personal) if scale else [],
        common,
        asked.personal and column.bare,
    )


def _scattered(distinct: int, filled: int) -> bool:
    """So many values that none of them says anything, or each says who it is."""
    return distinct == filled or distinct > max(_VALUES, filled // 10)


def _common(asked: _Asked, item: lake.ItemSpec | None, row: Sequence[Any]) -> Common:
    element = asked.standards.elements.get((item.element if item else None) or "")
    codes = asked.standards.code_set_of(element) if element else None
    return Common(str(row[2]), codes.codes.get(str(row[2])) if codes else None, int(row[3]))


def _item_of(kept: dict[str, Any]) -> ItemProfile:
    values = dict(kept)
    values["bins"] = [Bin(**one) for one in values["bins"]]
    values["common"] = [Common(**one) for one in values["common"]]
    return ItemProfile(**values)
