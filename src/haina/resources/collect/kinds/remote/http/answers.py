"""From the bytes of an answer to records, exactly: numbers keep their digits, keys come once."""

import json
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from haina.kernel.errors import HainaError
from haina.resources.collect.kinds.errors import ANSWER_BROKEN, ANSWER_TOO_LARGE
from haina.resources.collect.kinds.remote import limits

_CHARSET = re.compile(r"charset\s*=\s*\"?([\w.:-]{1,40})", re.IGNORECASE)
_CHINESE = frozenset(("gbk", "gb2312", "gb18030", "cp936"))
_WIDEST = 20_000
_ABSENT = object()


class Number(str):
    """A JSON number as it was written."""

    __slots__ = ()


@dataclass(frozen=True)
class Answer:
    """What a server said: `headers` by lower-case name; `what` is the page, for messages."""

    body: bytes
    headers: Mapping[str, str]
    what: str
    next_link: str | None = None


def json_of(answer: Answer) -> Any:
    """The document. Raises HainaError(source_answer_broken, source_answer_too_large)."""
    separators = sum(answer.body.count(mark) for mark in (b",", b"[", b"{"))
    if separators > limits.LIMITS.values:
        raise ANSWER_TOO_LARGE(f"{answer.what}里的值超过 {limits.LIMITS.values:,} 个", field="size")
    return _parsed(text_of(answer), answer.what)


def lines_of(answer: Answer) -> list[Any]:
    """The records of JSON lines; blank lines are none."""
    json_size = sum(answer.body.count(mark) for mark in (b",", b"[", b"{", b"\n"))
    if json_size > limits.LIMITS.values:
        raise ANSWER_TOO_LARGE(f"{answer.what}里的值超过 {limits.LIMITS.values:,} 个", field="size")
    return [
        _parsed(line, f"{answer.what}第 {number} 行")
        for number, line in enumerate(text_of(answer).split("\n"), 1)
        if line.strip()
    ]


def text_of(answer: Answer) -> str:
    """The body as text. Raises HainaError(source_answer_broken) for pages of HTML and bad bytes."""
    refuse_web_page(answer)
    try:
        return answer.body.decode(_codec(answer.headers.get("content-type", "")))
    except UnicodeDecodeError:
        raise ANSWER_BROKEN(f"{answer.what}含有不能解读的字节", field="path") from None


def refuse_web_page(answer: Answer) -> None:
    """Raises HainaError(source_answer_broken) for HTML (a login page, say) and XML."""
    kind = answer.headers.get("content-type", "").lower()
    start = answer.body[:512].lstrip(b"\xef\xbb\xbf \t\r\n").lower()
    if "html" in kind or start.startswith((b"<!doctype", b"<html", b"<?xml", b"<")):
        said = "XML" if start.startswith(b"<?xml") or "/xml" in kind else "网页"
        raise ANSWER_BROKEN(
            f"{answer.what}是{said},不是数据(多半是登录页或报错页)",
            field="path",
            hint="请核对地址与登录方式;XML 接口暂不支持。",
        )


def dug(root: Any, path: str, answer: Answer, field: str) -> Any:
    """What lies at a path (`data.list`). Raises HainaError(source_answer_broken)."""
    found = look(root, path)
    if found is _ABSENT:
        has = "、".join(list(root)[:10]) if isinstance(root, dict) else "一个列表或单值"
        raise ANSWER_BROKEN(f"{answer.what}里没有 {path};有的是:{has[:200]}", field=field)
    return found


def look(root: Any, path: str) -> Any:
    """What lies at a path, or an object that is nothing else (see `is_absent`)."""
    for step in path.split(".") if path else ():
        if not isinstance(root, dict) or step not in root:
            return _ABSENT
        root = root[step]
    return root


def is_absent(found: Any) -> bool:
    return found is _ABSENT


def records_of(root: Any, path: str, answer: Answer) -> list[Any]:
    """The array of records. Raises HainaError(source_answer_broken)."""
    found = dug(root, path, answer, "records")
    if not isinstance(found, list):
        raise ANSWER_BROKEN(f"{answer.what}的 {path or '整个回答'} 不是数组", field="records")
    return found


def count_of(found: Any, answer: Answer) -> int:
    """A stated total. Raises HainaError(source_answer_broken)."""
    if not isinstance(found, str) or not re.fullmatch(r"[0-9]{1,15}", found):
        raise ANSWER_BROKEN(f"{answer.what}的总数不是整数", field="total")
    return int(found)


def written(value: Any, depth: int = 0) -> str:
    """A value as JSON, its numbers as they came. Raises ValueError when it is nested too deep."""
    if depth > limits.LIMITS.depth:
        raise ValueError("nested too deep")
    if isinstance(value, dict):
        inner = ",".join(f"{_quoted(k)}:{written(v, depth + 1)}" for k, v in value.items())
        return "{" + inner + "}"
    if isinstance(value, list):
        return "[" + ",".join(written(one, depth + 1) for one in value) + "]"
    return value if isinstance(value, Number) else json.dumps(value, ensure_ascii=False)


def _quoted(key: str) -> str:
    return json.dumps(key, ensure_ascii=False)


def _codec(content_type: str) -> str:
    found = _CHARSET.search(content_type)
    return "gb18030" if found and found[1].lower() in _CHINESE else "utf-8-sig"


def _parsed(text: str, what: str) -> Any:
    try:
        return _loads(text)
    except RecursionError:
        raise ANSWER_BROKEN(f"{what}的 JSON 嵌套过深", field="path") from None
    except ValueError as broken:
        raise _not_json(broken, what) from None


def _not_json(broken: ValueError, what: str) -> HainaError:
    if isinstance(broken, json.JSONDecodeError):
        where = f"(第 {broken.lineno} 行第 {broken.colno} 列附近)"
        return ANSWER_BROKEN(f"{what}不是完整的 JSON{where}", field="path")
    return ANSWER_BROKEN(f"{what}的 JSON 不规范:{broken}", field="path")


def _pairs(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    if len(pairs) > _WIDEST:
        raise ANSWER_TOO_LARGE(f"一个对象里的键超过 {_WIDEST:,} 个,不像是数据", field="records")
    made = dict(pairs)
    if len(made) != len(pairs):
        raise ValueError("同一个对象里有重复的键")
    return made


def _constant(name: str) -> None:
    raise ValueError(f"{name} 不是 JSON 的数")


_loads: Callable[[str], Any] = json.JSONDecoder(
    parse_float=Number, parse_int=Number, parse_constant=_constant, object_pairs_hook=_pairs
).decode
