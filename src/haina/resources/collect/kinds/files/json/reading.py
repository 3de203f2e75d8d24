"""Rows of JSON as Arrow batches."""

import json
from collections import Counter
from collections.abc import Generator, Iterator
from typing import Any, BinaryIO

from haina.resources.collect.kinds.contracts import ReadContext, SourceColumn, Watermark
from haina.resources.collect.kinds.files.json.records import Digits, Parser, Record
from haina.resources.collect.kinds.files.texts import FileReading, from_strings, typed_rows
from haina.resources.collect.kinds.rows.lake_types import parse
from haina.resources.collect.kinds.rows.rejecting import Shown
from haina.resources.collect.kinds.rows.sieving import Selection, TypedRows

_IGNORED_NAMES = 1_000  # keys that are counted by name; more are data used as keys


class JsonReading(FileReading):
    """A `Reading` of records. `ignored` counts rows by the keys that the file had beyond `known`:
    keys first seen after the head of the file, which no column was made of."""

    def __init__(
        self,
        file: BinaryIO,
        records: Iterator[list[Record]],
        known: frozenset[str],
        selection: Selection,
        since: Watermark | None,
        context: ReadContext,
    ) -> None:
        super().__init__(file, selection, since, context)
        self._records = records
        self._known = known
        self.ignored: Counter[str] = Counter()

    @property
    def remarks(self) -> list[str]:
        return [
            f"第一批记录之后才出现的键“{key}”没有列,{count:,} 条记录带着它"
            for key, count in self.ignored.most_common(20)
        ]

    def _typed(self) -> Generator[TypedRows, None, None]:
        for chunk in self._records:
            for record in chunk:
                if record.reason is not None:
                    self._bin.add(record.reason, record.raw, line=record.line)
            good = [record for record in chunk if record.reason is None]
            if good:
                self._count_ignored(good)
                yield _typed(self._selection, good)

    def _show(self, rows: TypedRows, place: int) -> Shown:
        record: Record = rows.source[place]
        exact = _exact(record)
        values = {one.name: _text(exact.get(one.name), "text") for one in self._selection.all}
        return Shown(record.raw, values)

    def _count_ignored(self, records: list[Record]) -> None:
        for record in records:
            if not record.row.keys() <= self._known:
                for key in record.row.keys() - self._known:
                    if key in self.ignored or len(self.ignored) < _IGNORED_NAMES:
                        self.ignored[key] += 1


def _typed(selection: Selection, records: list[Record]) -> TypedRows:
    texts, flaws = {}, {}
    for column in selection.all:
        values, deep = _values(column, records)
        texts[column.name], bad = from_strings(values)
        flaws[column.name] = {**bad, **deep}
    return typed_rows(selection, texts, records, [one.line for one in records], flaws)


def _values(column: SourceColumn, records: list[Record]) -> tuple[list[str | None], dict[int, str]]:
    """A column as text; places that are nested too deeply to be written."""
    values = [record.row.get(column.name) for record in records]
    family = parse(column.lake_type).family
    if family != "json" and set(map(type, values)) <= {str, type(None)}:
        return values, {}
    flaws: dict[int, str] = {}
    for place, value in enumerate(values):
        if isinstance(value, bool):
            values[place] = "true" if value else "false"
        elif value is not None and (family == "json" or not isinstance(value, str)):
            try:
                values[place] = _text(_exact(records[place])[column.name], family)
            except RecursionError:
                values[place], flaws[place] = None, "too_deep"
    return values, flaws


def _exact(record: Record) -> dict[str, Any]:
    """The record once more, numbers told apart from texts."""
    start = len(record.raw) - len(record.raw.lstrip())
    row: dict[str, Any] = Parser(Digits).value(record.raw, start)[0]
    return row


def _text(value: Any, family: str) -> str | None:
    if value is None:
        return None
    if isinstance(value, str) and family != "json":
        return str(value)
    return _written(value)


def _written(value: Any) -> str:
    """JSON text of a parsed value, numbers as they were written."""
    if isinstance(value, Digits):
        return str(value)
    if isinstance(value, dict):
        parts = [f"{_written(key)}:{_written(one)}" for key, one in value.items()]
        return "{" + ",".join(parts) + "}"
    if isinstance(value, list):
        return "[" + ",".join([_written(one) for one in value]) + "]"
    return json.dumps(value, ensure_ascii=False)
