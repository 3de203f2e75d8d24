"""What each kind of service answers."""

import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import orjson

from haina.compute import Engine
from haina.kernel.errors import BAD_INPUT, kind
from haina.kernel.sql import literal, quote_identifier, quote_name
from haina.security.access import Purpose, Subject
from haina.services.gateway.contracts import AggregateSpec, ServiceSpec
from haina.services.gateway.serving import KEY_SEPARATOR, Copies

NOT_READY = kind("service_not_ready", 503, "服务的数据还没有备好", "请稍后再试;若持续,请联系平台。")

_PAGE, _MOST = 50, 1000
_PAGING = ("limit", "after")

Parameters = Mapping[str, str]


@dataclass(frozen=True)
class Reply:
    """The body (JSON bytes) of a successful answer, and how many rows it carries."""

    body: bytes
    rows: int


def answer_point(spec: ServiceSpec, copies: Copies, given: Parameters) -> Reply:
    """`key` and `verify`: from the serving copy, without an engine."""
    _only(given, (*spec.by, *spec.compare))
    key = KEY_SEPARATOR.join(_needed(given, name) for name in spec.by)
    if spec.kind == "key":
        text = copies.find_text(spec.name, key)
        if text is None:
            raise NOT_READY(f"服务 {spec.name} 的数据还没有备好")
        return Reply(b'{"rows":' + text.encode() + b"}", 0 if text == "[]" else 1)
    found = copies.find(spec.name, key)
    if found is None:
        raise NOT_READY(f"服务 {spec.name} 的数据还没有备好")
    asked = {name: _folded(_needed(given, name)) for name in spec.compare}
    agrees = any(all(_folded(row[name]) == value for name, value in asked.items()) for row in found)
    # Whether the key exists does not leave: no row and a row that differs look the same.
    return Reply(orjson.dumps({"agrees": agrees}), 1)


def answer_scan(spec: ServiceSpec, engine: Engine, subject: Subject, given: Parameters) -> Reply:
    """`list` and `aggregate`: computed in a sandbox, under the policy."""
    if spec.kind == "list":
        return _list(spec, engine, subject, given)
    return _aggregate(spec, engine, subject, given)


def _list(spec: ServiceSpec, engine: Engine, subject: Subject, given: Parameters) -> Reply:
    _only(given, (*spec.filters, *_PAGING))
    limit = _whole(given, "limit", _PAGE, _MOST)
    page = engine.page_rows(
        subject,
        Purpose.SERVICE,
        spec.dataset,
        list(spec.returns),
        _equal(spec, given),
        after=given.get("after"),
        limit=limit,
    )
    rows = [dict(zip(spec.returns, row, strict=True)) for row in page.rows]
    return Reply(orjson.dumps({"rows": rows, "next_after": page.next_after}), len(rows))


def _aggregate(spec: ServiceSpec, engine: Engine, subject: Subject, given: Parameters) -> Reply:
    _only(given, spec.filters)
    groups = ", ".join(quote_identifier(name) for name in spec.group_by)
    figures = ", ".join(
        f"{_figure(figure)} AS {quote_identifier(name)}" for name, figure in spec.figures.items()
    )
    tests = _equal(spec, given)
    where = " AND ".join(
        f"CAST({quote_identifier(name)} AS VARCHAR) = {literal(value)}"
        for name, value in tests.items()
    )
    sql = (
        f"SELECT {groups}, {figures}, count(*) AS group_rows FROM {quote_name(spec.dataset)} "
        f"{f'WHERE {where} ' if where else ''}GROUP BY {groups} ORDER BY {groups}"
    )
    page = engine.read(subject, Purpose.SERVICE, sql, rows=10_000, summed=_summed(spec))
    names = [*spec.group_by, *spec.figures]
    shown = [row for row in page.rows if row[-1] >= spec.smallest_group]
    rows = [dict(zip(names, row[:-1], strict=True)) for row in shown]
    body = {
        "rows": rows,
        "hidden_groups": len(page.rows) - len(shown),
        "smallest_group": spec.smallest_group,
    }
    return Reply(orjson.dumps(body), len(rows))


def _summed(spec: ServiceSpec) -> frozenset[str]:
    """Items that leave only as sums, means or counts over groups that are not small; one that is
    also grouped or filtered by, or whose least or greatest value is told, keeps its mask."""
    told = {figure.item for figure in spec.figures.values() if figure.function in ("min", "max")}
    told |= {*spec.group_by, *spec.filters}
    return frozenset(
        figure.item for figure in spec.figures.values() if figure.item and figure.item not in told
    )


def _figure(figure: AggregateSpec) -> str:
    item = quote_identifier(figure.item) if figure.item else "*"
    if figure.function == "count_distinct":
        return f"count(DISTINCT {item})"
    if figure.function in ("sum", "avg"):
        return f"CAST({figure.function}({item}) AS DOUBLE)"
    return f"{figure.function}({item})"


def _equal(spec: ServiceSpec, given: Parameters) -> dict[str, str]:
    return {name: given[name] for name in spec.filters if name in given}


def _needed(given: Parameters, name: str) -> str:
    value = given.get(name, "").strip()
    if not value:
        raise BAD_INPUT(f"缺少参数 {name}", field=name)
    return value


def _only(given: Parameters, names: tuple[str, ...]) -> None:
    strange = sorted(set(given) - set(names))
    if strange:
        raise BAD_INPUT(
            f"不认识的参数 {'、'.join(strange)}",
            field=strange[0],
            hint=f"可用的参数:{'、'.join(names) or '无'}。",
        )
    for name, value in given.items():
        if "\0" in value:  # no text of SQL holds one
            raise BAD_INPUT(f"参数 {name} 含有不能使用的字符", field=name)


def _whole(given: Parameters, name: str, default: int, most: int) -> int:
    text = given.get(name, str(default))
    # The length first: turning thousands of digits into a number is an error of its own.
    if not text.isdecimal() or len(text) > 9 or not 1 <= int(text) <= most:
        raise BAD_INPUT(f"参数 {name} 应为 1 至 {most} 的整数", field=name)
    return int(text)


def _folded(value: Any) -> str | None:
    """Half width, no blanks at the ends, upper case: what people mean by 'the same'."""
    return None if value is None else unicodedata.normalize("NFKC", str(value)).strip().upper()
