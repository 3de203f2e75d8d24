"""Pages of an API as Arrow batches: one pass, each page checked before its rows are taken."""

from collections.abc import Generator, Iterable
from contextlib import closing
from dataclasses import dataclass, field, replace
from typing import Any

from haina.kernel.errors import HainaError
from haina.resources.collect.kinds.contracts import ReadContext, SourceColumn, Watermark
from haina.resources.collect.kinds.errors import ANSWER_BROKEN
from haina.resources.collect.kinds.remote.http import answers
from haina.resources.collect.kinds.remote.http.answers import Answer
from haina.resources.collect.kinds.remote.http.client import Client
from haina.resources.collect.kinds.remote.http.connection import HttpTable
from haina.resources.collect.kinds.remote.http.csv_pages import csv_columns, csv_rows
from haina.resources.collect.kinds.remote.http.fields import columns_of, names_of, shown, typed
from haina.resources.collect.kinds.remote.http.paging import (
    Seen,
    Walk,
    check_same_table,
    cursor_of,
)
from haina.resources.collect.kinds.rows.prefetching import prefetched
from haina.resources.collect.kinds.rows.reading import SinglePassReading
from haina.resources.collect.kinds.rows.rejecting import Reject, RejectBin, Shown
from haina.resources.collect.kinds.rows.scope import Scope
from haina.resources.collect.kinds.rows.sieving import Selection, Sieve, TypedRows


@dataclass
class Page:
    """One page: its rows in lake types, and rows that could not be parted into columns."""

    what: str
    count: int
    parts: list[TypedRows]
    bad: list[Reject] = field(default_factory=list)


class PlacedBin(RejectBin):
    """Says of each bad row on which page it was; `line` is its place on that page."""

    what = ""

    def add(
        self,
        reason: str,
        shown: "Shown | str",
        *,
        line: int | None = None,
        column: str | None = None,
        key_hash: str | None = None,
    ) -> None:
        super().add(reason, shown, line=line, column=column, key_hash=key_hash)
        self.rows[-1] = replace(self.rows[-1], message=self.what + self.rows[-1].message)


class HttpReading(SinglePassReading):
    """A `Reading` over the pages of one table. Its control is what was seen, which must agree
    with the total that the server states, if it states one."""

    def __init__(
        self,
        client: Client,
        walk: Walk,
        table: HttpTable,
        selection: Selection,
        since: Watermark | None,
        context: ReadContext,
    ) -> None:
        super().__init__(selection, since, context)
        self._placed = PlacedBin(context.max_rejects)
        self._bin = self._placed
        self._sieve = Sieve(selection, self._bin, self._show)
        self._scope = Scope(selection, since)
        self._client = client
        self._walk = walk
        self._table = table

    def _typed(self) -> Generator[TypedRows, None, None]:
        with closing(prefetched(self._pages(), cancel=self._client.stop)) as ahead:
            for page in ahead:
                self._placed.what = page.what
                for bad in page.bad:
                    self._take(bad)
                yield from page.parts

    def _take(self, bad: Reject) -> None:
        self._bin.add(
            bad.reason,
            Shown(bad.raw, bad.values),
            line=bad.line,
            column=bad.column,
            key_hash=bad.key_hash,
        )

    def _show(self, rows: TypedRows, place: int) -> Shown:
        return shown(rows, place)

    def _ended(self) -> None:
        self._walk.end()

    def _pages(self) -> Generator[Page, None, None]:
        ask, first = self._walk.first(), set[str]()
        while True:
            answer = self._client.fetch(ask)
            page, seen = self._page(answer, first)
            if page.count:
                yield page
            following = self._walk.after(seen)
            if following is None:
                return
            ask = following

    def _page(self, answer: Answer, first: set[str]) -> tuple[Page, Seen]:
        """One page; `first` are the names of the first one, filled by it."""
        if self._table.format == "csv":
            return self._csv_page(answer, first)
        records, seen = json_page(self._table, answer)
        if records:
            self._check_names(names_of(records, answer.what), first, answer.what)
        parts = [typed(self._selection, records, self._table.optional)] if records else []
        return Page(answer.what, len(records), parts), seen

    def _csv_page(self, answer: Answer, first: set[str]) -> tuple[Page, Seen]:
        if not answer.body.strip():
            return Page(answer.what, 0, []), seen_in(self._table, answer, None, 0, b"")
        names, parts, bad = csv_rows(answer, self._selection, self._context)
        self._check_names(names, first, answer.what)
        count = sum(part.batch.num_rows for part in parts) + len(bad)
        seen = seen_in(self._table, answer, None, count, answer.body)
        return Page(answer.what, count, parts, bad), seen

    def _check_names(self, names: Iterable[str], first: set[str], what: str) -> None:
        """The first page says which names there are, unless the connection does."""
        if not first and not self._table.columns:
            first.update(names, self._table.optional)
        needed = {column.name for column in self._selection.all} - set(self._table.optional)
        check_same_table(set(names), first, needed, what)


def json_page(table: HttpTable, answer: Answer) -> tuple[list[Any], Seen]:
    """The records of a JSON or JSON lines answer, and what the way on depends on."""
    if not answer.body.strip():
        if answer.headers.get("content-length", "0") != "0" or table.format == "json":
            raise ANSWER_BROKEN(f"{answer.what}是空的", field="path")
        return [], seen_in(table, answer, None, 0, [])
    if table.format == "jsonl":
        records = answers.lines_of(answer)
        return records, seen_in(table, answer, None, len(records), records)
    root = answers.json_of(answer)
    records = answers.records_of(root, table.records, answer)
    return records, seen_in(table, answer, root, len(records), records)


def seen_in(table: HttpTable, answer: Answer, root: Any, rows: int, content: Any) -> Seen:
    """Total and next page of an answer, in its headers or in its body."""
    total, following = None, None
    if table.total_header:
        said = answer.headers.get(table.total_header.lower())
        total = None if said is None else answers.count_of(said.strip(), answer)
        _check_total(total, answer)
    elif table.total:
        total = answers.count_of(answers.dug(root, table.total, answer, "total"), answer)
    if table.pages.by == "link" and not table.pages.next:
        following = answer.next_link
    elif table.pages.next:
        found = answers.look(root, table.pages.next)
        following = None if answers.is_absent(found) else cursor_of(found, answer.what)
    return Seen(rows, total, following, content)


def _check_total(total: int | None, answer: Answer) -> None:
    if total is None:
        raise ANSWER_BROKEN(f"{answer.what}没有说总数的头", field="total")


def first_columns(
    client: Client, walk: Walk, table: HttpTable, context: ReadContext
) -> tuple[tuple[SourceColumn, ...], int | None]:
    """The columns that the first page has, and the total that it states."""
    answer = client.fetch(walk.first())
    if table.format == "csv" and answer.body.strip():
        return csv_columns(answer, context), seen_in(table, answer, None, 0, b"").total
    records, seen = json_page(table, answer)
    if not records and not table.columns:
        raise _no_columns(answer)
    return columns_of(records, answer.what), seen.total


def _no_columns(answer: Answer) -> HainaError:
    return ANSWER_BROKEN(
        f"{answer.what}没有一行,看不出有哪些字段",
        field="columns",
        hint="请在 columns 里写明字段,或等有了数据再探查。",
    )
