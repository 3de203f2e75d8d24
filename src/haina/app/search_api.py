"""One box that finds everything: resources, items, services, sources, models, agencies, runs."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import islice
from typing import Annotated, Literal, TypeAlias

from fastapi import APIRouter, Query, Request
from sqlalchemy.engine import Connection

from haina.catalogue.inventory import Entry, best_entries
from haina.compute import lake
from haina.coordination.organizations import list_organizations
from haina.kernel import jobs
from haina.kernel.pinyin import initials
from haina.resources import collect, libraries
from haina.security.access import Permission, Subject
from haina.security.access.guard import guard
from haina.services import gateway

router = APIRouter(prefix="/api/search", tags=["系统"])

_RUNS = 500  # the newest ones; older runs are found on their own page
_ENTRIES = 40  # looked through for items

FoundKind: TypeAlias = Literal["entry", "item", "service", "source", "model", "agency", "run"]


@dataclass(frozen=True)
class Found:
    """One thing: `key` names it on its page (of an item: the dataset; `part` is the item)."""

    kind: FoundKind
    key: str
    title: str
    note: str
    part: str | None = None


Finder: TypeAlias = Callable[[Connection, "Asked"], Iterator[Found]]


class Asked:
    """The words of a question; a text holds each of them, in characters or first letters."""

    def __init__(self, text: str) -> None:
        self.text = text
        self._words = text.lower().split()
        self._entries: list[Entry] | None = None

    def entries(self, connection: Connection) -> list[Entry]:
        """The entries that are meant, looked up once."""
        if self._entries is None:
            self._entries = best_entries(connection, self.text, _ENTRIES)
        return self._entries

    def in_(self, *texts: str) -> bool:
        told = " ".join(texts).lower()
        return all(word in told for word in self._words) or self._by_letters(texts[0])

    def _by_letters(self, title: str) -> bool:
        return all(word.isascii() and word.isalpha() for word in self._words) and all(
            word in initials(title) for word in self._words
        )


@router.get("", operation_id="search")
def search(
    request: Request,
    subject: Annotated[Subject, guard(Permission.CATALOGUE_READ)],
    text: Annotated[str, Query(min_length=1, max_length=100, description="名称、代码或拼音首字母")],
    limit: Annotated[int, Query(ge=1, le=20, description="每类最多多少个")] = 6,
) -> list[Found]:
    """按名称、代码、拼音首字母找全平台的东西,只找看得到的;每类若干个。"""
    asked = Asked(text)
    found: list[Found] = []
    with request.app.state.platform.database.read() as connection:
        for permission, finder in _FINDERS:
            if subject.may(permission) and asked.text.strip():
                found += islice(finder(connection, asked), limit)
    return found


def _entries(connection: Connection, asked: Asked) -> Iterator[Found]:
    for one in asked.entries(connection):
        if asked.in_(one.title, one.dataset, one.summary, one.theme):
            yield Found("entry", one.dataset, one.title, one.dataset)


def _items(connection: Connection, asked: Asked) -> Iterator[Found]:
    for one in asked.entries(connection):
        yield from _items_of(connection, asked, one)


def _items_of(connection: Connection, asked: Asked, entry: Entry) -> Iterator[Found]:
    for item in lake.find_dataset(connection, entry.dataset).items:
        if not item.name.startswith("_") and asked.in_(item.title, item.name):
            yield Found("item", entry.dataset, item.title, entry.title, item.name)


def _services(connection: Connection, asked: Asked) -> Iterator[Found]:
    for one in gateway.list_services(connection):
        if asked.in_(one.spec.title, one.spec.name):
            yield Found("service", one.spec.name, one.spec.title, one.spec.name)


def _sources(connection: Connection, asked: Asked) -> Iterator[Found]:
    for one in collect.list_sources(connection):
        if asked.in_(one.title, one.name):
            yield Found("source", one.name, one.title, one.name)


def _models(connection: Connection, asked: Asked) -> Iterator[Found]:
    for one in libraries.list_models(connection):
        if asked.in_(one.spec.title, one.spec.dataset):
            yield Found("model", one.spec.dataset, one.spec.title, one.spec.dataset)


def _agencies(connection: Connection, asked: Asked) -> Iterator[Found]:
    for one in list_organizations(connection):
        if one.kind == "agency" and asked.in_(one.title, one.code, one.short):
            yield Found("agency", one.code, one.title, one.short)


def _runs(connection: Connection, asked: Asked) -> Iterator[Found]:
    for one in jobs.list_jobs(connection, limit=_RUNS).jobs:
        if asked.in_(one.title, one.id, one.subject or ""):
            yield Found("run", one.id, one.title, one.state)


_FINDERS: tuple[tuple[Permission, Finder], ...] = (
    (Permission.CATALOGUE_READ, _entries),
    (Permission.CATALOGUE_READ, _items),
    (Permission.SERVICES_READ, _services),
    (Permission.SOURCES_READ, _sources),
    (Permission.CATALOGUE_READ, _models),
    (Permission.CATALOGUE_READ, _agencies),
    (Permission.RUNS_READ, _runs),
)
