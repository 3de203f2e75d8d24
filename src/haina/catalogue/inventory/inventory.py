"""Entries: what an agency declares to hold (政务数据共享条例 第十三至十六条)."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.engine import Connection

from haina.catalogue.inventory import queries
from haina.kernel import clock
from haina.kernel.errors import NOT_FOUND


@dataclass(frozen=True)
class EntrySpec:
    """`words`: further text to be found by, such as the titles of items."""

    dataset: str
    title: str
    agency: str
    summary: str = ""
    theme: str = ""
    cycle: str = "irregular"
    sharing: str = "conditional"
    sharing_basis: str = ""
    grade: int = 2
    words: tuple[str, ...] = ()


@dataclass(frozen=True)
class Entry:
    dataset: str
    title: str
    summary: str
    agency: str
    theme: str
    cycle: str
    sharing: str
    sharing_basis: str
    grade: int
    state: str
    created_at: datetime
    changed_at: datetime


@dataclass(frozen=True)
class EntryPage:
    entries: list[Entry]
    next_after: str | None


@dataclass(frozen=True)
class Facets:
    agencies: dict[str, int]
    themes: dict[str, int]
    sharing: dict[str, int]


def put_entry(connection: Connection, spec: EntrySpec) -> None:
    """A new entry is a draft; a changed one keeps its state."""
    moment = clock.now()
    words = " ".join([spec.dataset, spec.title, spec.summary, spec.theme, *spec.words]).lower()
    queries.put(
        connection,
        spec.dataset,
        {
            "title": spec.title,
            "summary": spec.summary,
            "agency": spec.agency,
            "theme": spec.theme,
            "cycle": spec.cycle,
            "sharing": spec.sharing,
            "sharing_basis": spec.sharing_basis,
            "grade": spec.grade,
            "words": words,
            "changed_at": moment,
        },
        moment,
    )
    found = queries.get(connection, spec.dataset)
    if found is not None and found.state == "retired":
        queries.set_state(connection, spec.dataset, "draft")


def retire_entry(connection: Connection, dataset: str) -> None:
    queries.set_state(connection, dataset, "retired")


def find_entry(connection: Connection, dataset: str) -> Entry:
    """Raises HainaError(not_found)."""
    row = queries.get(connection, dataset)
    if row is None:
        raise NOT_FOUND(f"目录中没有 {dataset}", field="dataset")
    return Entry(**row._mapping)


def entries(
    connection: Connection,
    *,
    text: str = "",
    agency: str | None = None,
    zone: str | None = None,
    theme: str | None = None,
    sharing: str | None = None,
    after: str | None = None,
    limit: int = 50,
) -> EntryPage:
    """Entries that hold every word of `text`, by name; `after` is the last name of the page
    before."""
    rows = queries.page(
        connection,
        words=text.split(),
        agency=agency,
        zone=zone,
        theme=theme,
        sharing=sharing,
        after=after,
        limit=limit + 1,
    )
    found = [Entry(**row._mapping) for row in rows]
    return EntryPage(found[:limit], found[limit - 1].dataset if len(found) > limit else None)


def count_entries(connection: Connection) -> int:
    return queries.count(connection)


def facets(connection: Connection) -> Facets:
    return Facets(*(queries.facet(connection, name) for name in ("agency", "theme", "sharing")))
