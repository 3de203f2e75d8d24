"""Records of an answer as columns: what a page holds, and its rows in the types of the lake."""

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Any

from haina.resources.collect.kinds.contracts import SourceColumn
from haina.resources.collect.kinds.errors import ANSWER_BROKEN, ANSWER_TOO_LARGE
from haina.resources.collect.kinds.files.texts import from_strings, typed_rows
from haina.resources.collect.kinds.remote import limits
from haina.resources.collect.kinds.remote.http.answers import Number, written
from haina.resources.collect.kinds.rows.lake_types import parse
from haina.resources.collect.kinds.rows.rejecting import Shown
from haina.resources.collect.kinds.rows.sieving import Flaw, Selection, TypedRows

if TYPE_CHECKING:
    import pyarrow as pa

_PLAIN = frozenset((str, Number, type(None)))
_NESTED = frozenset((dict, list))
_BOOLEANS = {True: "true", False: "false"}
_TITLES = {str: "字符串", Number: "数", bool: "是否", dict: "对象", list: "数组"}
Flaws = dict[int, str]


def shapes_of(records: Sequence[Any]) -> list[tuple[str, ...]]:
    """The different rows of names that the records have; () for what is no object."""
    return list(dict.fromkeys(tuple(one) if type(one) is dict else () for one in records))


def names_of(records: Sequence[Any], what: str) -> list[str]:
    """All names of a page in the order met. Raises HainaError(source_answer_broken,
    source_answer_too_large)."""
    if records and not any(type(one) is dict for one in records):
        raise ANSWER_BROKEN(f"{what}的行不是对象(键值对)", field="records")
    names: dict[str, None] = {}
    for shape in shapes_of(records):
        names.update(dict.fromkeys(shape))
        if len(names) > limits.LIMITS.columns:
            most = limits.LIMITS.columns
            raise ANSWER_TOO_LARGE(f"{what}的字段超过 {most:,} 个,不像是一张表", field="columns")
    if "" in names:
        raise ANSWER_BROKEN(f"{what}有一个字段没有名字", field="records")
    return list(names)


def columns_of(records: Sequence[Any], what: str) -> tuple[SourceColumn, ...]:
    """What a page says of its columns: nested values are JSON, all else is text."""
    found: dict[str, set[type]] = {name: set() for name in names_of(records, what)}
    for record in records:
        for name, value in record.items() if type(record) is dict else ():
            found[name].add(type(value))
    return tuple(_column(name, kinds - {type(None)}) for name, kinds in found.items())


def typed(selection: Selection, records: Sequence[Any], optional: Iterable[str]) -> TypedRows:
    """Records in lake types, with the flaws of those that do not fit; `lines` count from 1."""
    objects = [one if type(one) is dict else {} for one in records]
    texts: dict[str, pa.Array] = {}
    flaws: dict[str, Flaws] = {}
    for column in selection.all:
        nested = parse(column.lake_type).family == "json"
        values, bad = _as_texts([one.get(column.name) for one in objects], nested=nested)
        texts[column.name], flawed = from_strings(values)
        flaws[column.name] = {**flawed, **bad}
    rows = typed_rows(selection, texts, records, range(1, len(records) + 1), flaws)
    for name, places in _missing(selection, objects, optional):
        rows.flaw(places, name, "missing_field")
    for place, record in enumerate(records):
        if type(record) is not dict:
            rows.flaws[place] = [Flaw(None, "not_object"), *rows.flaws.get(place, [])]
    return rows


def shown(rows: TypedRows, place: int) -> Shown:
    """A bad record as the server sent it."""
    record = rows.source[place]
    raw = _json(record) or "(嵌套过深)"
    if type(record) is not dict:
        return Shown(raw)
    return Shown(raw, {name: _text(value) for name, value in record.items()})


def _column(name: str, kinds: set[type]) -> SourceColumn:
    said = "、".join(title for kind, title in _TITLES.items() if kind in kinds)
    return SourceColumn(name, said or "空", "json" if kinds & _NESTED else "text")


def _as_texts(values: list[Any], *, nested: bool) -> tuple[list[str | None], Flaws]:
    bad: Flaws = {}
    if not nested and _PLAIN.issuperset(map(type, values)):
        return values, bad
    texts = [None if one is None else _json(one) if nested else _text(one) for one in values]
    for place, (text, value) in enumerate(zip(texts, values, strict=True)):
        if value is not None and text is None:
            bad[place] = "too_deep"
        elif not nested and type(value) in _NESTED:
            texts[place], bad[place] = None, "not_text"
    return texts, bad


def _text(value: Any) -> str | None:
    """A value as text; what is nested as JSON, None when it is nested too deep."""
    if value is None or isinstance(value, str):
        return value
    return _BOOLEANS[value] if isinstance(value, bool) else _json(value)


def _json(value: Any) -> str | None:
    try:
        return written(value)
    except ValueError:
        return None


def _missing(
    selection: Selection, objects: list[dict[str, Any]], optional: Iterable[str]
) -> Iterable[tuple[str, list[int]]]:
    """Where a record lacks a field that is not optional."""
    spared, shapes = set(optional), shapes_of(objects)
    for column in selection.all:
        if column.name in spared or all(column.name in shape for shape in shapes):
            continue
        yield column.name, [n for n, one in enumerate(objects) if column.name not in one]
