"""Large figures and the schematic of places: read through the door, kept by dataset version."""

import threading
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any, TypeVar

from haina.compute import Engine, lake
from haina.compute.lake import Dataset
from haina.kernel.sql import quote_identifier, quote_name
from haina.security.access import Purpose, Subject
from haina.services.insight.contracts import FigureSpec, PlacesSpec

Value = TypeVar("Value")


@dataclass(frozen=True)
class Provenance:
    """Where a figure comes from: dataset, version, time, owner, and how it is counted."""

    dataset: str
    title: str
    owner: str
    version: int | None
    at: datetime | None
    how: str


@dataclass(frozen=True)
class Figure:
    title: str
    value: float | None
    unit: str
    provenance: Provenance


@dataclass(frozen=True)
class Place:
    code: str
    name: str
    values: list[float | None]


@dataclass(frozen=True)
class Places:
    """`titles` names the values of each place, in order."""

    titles: list[str]
    places: list[Place]
    provenance: Provenance


class Figures:
    """Answers are kept while the version stands, so that a wall of screens costs one query."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._kept: dict[str, tuple[int, Any]] = {}
        self._lock = threading.Lock()

    def figure(self, subject: Subject, spec: FigureSpec) -> Figure:
        dataset = self._dataset(spec.dataset)
        if spec.function == "count":
            value: float | None = dataset.rows
            how = f"{dataset.title}的行数"
        else:
            item = dataset.item(spec.item or "")
            how = f"{dataset.title}中「{item.title if item else spec.item}」之和"
            value = self._kept_by_version(
                dataset, f"sum:{spec.item}", lambda: self._sum(subject, spec)
            )
        return Figure(spec.title, value, spec.unit, _origin(dataset, how))

    def places(self, subject: Subject, spec: PlacesSpec) -> Places:
        dataset = self._dataset(spec.dataset)
        items = [dataset.item(name) for name in spec.figures]
        titles = [
            item.title if item else name for item, name in zip(items, spec.figures, strict=True)
        ]
        found = self._kept_by_version(dataset, "places", lambda: self._places(subject, spec))
        return Places(titles, found or [], _origin(dataset, f"{dataset.title},每行一处"))

    def _dataset(self, name: str) -> Dataset:
        with self._engine.platform.database.read() as connection:
            return lake.find_dataset(connection, name)

    def _kept_by_version(
        self, dataset: Dataset, what: str, make: Callable[[], Value]
    ) -> Value | None:
        if dataset.current_version is None:
            return None
        key = f"{dataset.name}:{what}"
        with self._lock:
            kept = self._kept.get(key)
            if kept is None or kept[0] != dataset.current_version:
                kept = self._kept[key] = (dataset.current_version, make())
        value: Value = kept[1]
        return value

    def _sum(self, subject: Subject, spec: FigureSpec) -> float | None:
        item = quote_identifier(spec.item or "")
        sql = f"SELECT CAST(sum({item}) AS DOUBLE) FROM {quote_name(spec.dataset)}"
        value = self._engine.read(subject, Purpose.COCKPIT, sql).rows[0][0]
        return None if value is None else float(value)

    def _places(self, subject: Subject, spec: PlacesSpec) -> list[Place]:
        figures = ", ".join(f"CAST({quote_identifier(name)} AS DOUBLE)" for name in spec.figures)
        code, name = quote_identifier(spec.code), quote_identifier(spec.name)
        sql = f"SELECT {code}, {name}, {figures} FROM {quote_name(spec.dataset)} ORDER BY 1"
        rows = self._engine.read(subject, Purpose.COCKPIT, sql, rows=2000).rows
        return [Place(str(row[0]), str(row[1]), row[2:]) for row in rows]


def _origin(dataset: Dataset, how: str) -> Provenance:
    return Provenance(
        dataset.name, dataset.title, dataset.owner, dataset.current_version, dataset.updated_at, how
    )
