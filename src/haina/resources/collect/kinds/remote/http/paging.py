"""From page to page: what to ask next, and when a server goes round in circles."""

import copy
from collections.abc import Mapping
from dataclasses import dataclass
from hashlib import blake2b
from typing import Any
from urllib.parse import urljoin, urlsplit

from haina.resources.collect.kinds.errors import (
    ANSWER_BROKEN,
    ENDLESS,
    PAGE_DIFFERS,
    REDIRECT_REFUSED,
    TOTAL_DISAGREES,
)
from haina.resources.collect.kinds.remote import limits
from haina.resources.collect.kinds.remote.http.client import Ask
from haina.resources.collect.kinds.remote.http.connection import HttpTable


@dataclass(frozen=True)
class Seen:
    """What the way on depends on: rows of the page, stated total, cursor or address of the next,
    and the content that tells the page from others."""

    rows: int
    total: int | None
    next: str | None
    content: object

    @property
    def digest(self) -> bytes:
        """Two pages with the same rows have the same digest."""
        return _digest(repr(self.content).encode("utf-8", "surrogatepass"))


class Walk:
    """The questions of one table, one after the other."""

    def __init__(self, url: str, table: HttpTable, since: Mapping[str, str]) -> None:
        self._base = url.rstrip("/") + ("/" + table.path.lstrip("/") if table.path else "")
        self._table = table
        self._since = dict(since)
        self._met: set[bytes] = set()
        self.page = 1
        self.rows = 0
        self.total: int | None = None

    def first(self) -> Ask:
        pages = self._table.pages
        mark = {"number": str(pages.first), "offset": "0"}.get(pages.by)
        return self._ask(mark)

    def after(self, seen: Seen) -> Ask | None:
        """The question after this page; None when it was the last. Raises HainaError
        (source_endless, source_total_disagrees, source_redirect_refused)."""
        self._count(seen)
        by = self._table.pages.by
        if by == "none":
            return None
        if by in ("number", "offset"):
            return self._after_counted(seen)
        return self._after_next(seen)

    def end(self) -> None:
        """Raises HainaError(source_total_disagrees) when rows are missing at the end."""
        if self.total is not None and self.rows != self.total:
            raise TOTAL_DISAGREES(
                f"数据源说共 {self.total:,} 行,实收 {self.rows:,} 行", field="total"
            )

    def _count(self, seen: Seen) -> None:
        self.rows += seen.rows
        if self.total is not None and seen.total not in (None, self.total):
            raise TOTAL_DISAGREES(
                f"读到第 {self.page} 页时,总数从 {self.total:,} 变成了 {seen.total:,}",
                field="total",
            )
        self.total = seen.total if self.total is None else self.total
        if self.total is not None and self.rows > self.total:
            raise TOTAL_DISAGREES(
                f"数据源说共 {self.total:,} 行,到第 {self.page} 页已收 {self.rows:,} 行",
                field="total",
            )

    def _after_counted(self, seen: Seen) -> Ask | None:
        pages = self._table.pages
        full = self.total is not None and self.rows == self.total
        if seen.rows == 0 or full or (pages.until == "short" and seen.rows < pages.rows):
            return None
        if self.total is None:
            self._meet(seen.digest, f"第 {self.page} 页与前面的某一页一模一样")
        self._turn()
        mark = pages.first + self.page - 1 if pages.by == "number" else self.rows
        return self._ask(str(mark))

    def _after_next(self, seen: Seen) -> Ask | None:
        if not seen.next:
            return None
        self._meet(
            _digest(seen.next.encode("utf-8", "replace")), f"第 {self.page} 页指的下一页已经读过"
        )
        if seen.rows and self.total is None:
            self._meet(b"rows" + seen.digest, f"第 {self.page} 页与前面的某一页一模一样")
        self._turn()
        if self._table.pages.by == "cursor":
            return self._ask(seen.next)
        return self._ask(None, self._linked(seen.next))

    def _meet(self, digest: bytes, message: str) -> None:
        if digest in self._met:
            raise ENDLESS(f"{message},已停止读取", field="pages")
        self._met.add(digest)

    def _turn(self) -> None:
        if self.page >= limits.LIMITS.pages:
            raise ENDLESS(f"已读 {self.page:,} 页还没有完,已停止读取", field="pages")
        self.page += 1

    def _linked(self, link: str) -> str:
        """The next page's address. Raises HainaError when it is on another host."""
        try:
            target = urlsplit(urljoin(self._base, link))
            same = _origin(target) == _origin(urlsplit(self._base))
        except ValueError:
            same = False
        if not same or target.username is not None:
            raise REDIRECT_REFUSED(
                f"第 {self.page - 1} 页指的下一页不在同一台主机上", field="pages.next"
            )
        return target._replace(fragment="").geturl()

    def _ask(self, mark: str | None, link: str | None = None) -> Ask:
        table, pages = self._table, self._table.pages
        ours: dict[str, str | int] = {}
        if link is None:
            ours.update(self._since)
            if pages.by != "none" and pages.size:
                ours[pages.size] = pages.rows
            if mark is not None:
                ours[pages.param] = int(mark) if pages.by in ("number", "offset") else mark
        body = None if table.method == "GET" else copy.deepcopy(table.body or {})
        query = {} if link else {name: _text(value) for name, value in table.query.items()}
        for name, value in ours.items():
            if table.in_body and body is not None:
                _put(body, name, value)
            else:
                query[name] = str(value)
        repeatable = table.method == "GET" or table.repeatable
        params = tuple(query.items())
        return Ask(table.method, link or self._base, params, body, repeatable, self.what)

    @property
    def what(self) -> str:
        return "回答" if self._table.pages.by == "none" else f"第 {self.page} 页"


def check_same_table(names: set[str], first: set[str], needed: set[str], what: str) -> None:
    """Whether a later page is of the same table as the first.

    `names` are the fields of the page, `first` those of the first page (empty: do not care),
    `needed` those that must be there. Raises HainaError(source_page_differs).
    """
    lost, new = sorted(needed - names), sorted(names - first) if first else []
    if lost:
        raise PAGE_DIFFERS(f"{what}没有字段“{lost[0][:100]}”", field="columns")
    if new:
        raise PAGE_DIFFERS(f"{what}多出第一页没有的字段“{new[0][:100]}”", field="columns")


def cursor_of(found: object, what: str) -> str | None:
    """A cursor or address out of a body: text or a number; nothing when it is null or false."""
    if found is None or found is False or found == "":
        return None
    if isinstance(found, str) and len(found) <= 8192:
        return str(found)
    raise ANSWER_BROKEN(f"{what}的下一页既不是文本也不是数", field="pages.next")


def _digest(data: bytes) -> bytes:
    return blake2b(data, digest_size=16).digest()


def _origin(parts: Any) -> tuple[str, str | None, int]:
    scheme = parts.scheme.lower()
    return scheme, parts.hostname, parts.port or (443 if scheme == "https" else 80)


def _text(value: str | int | bool) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)


def _put(body: dict[str, Any], path: str, value: str | int) -> None:
    *way, last = path.split(".")
    for step in way:
        inner = body.setdefault(step, {})
        body = inner if isinstance(inner, dict) else {}
    body[last] = value
