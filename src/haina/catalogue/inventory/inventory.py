"""Entries: what an agency declares to hold (政务数据共享条例 第十三至十六条)."""

from dataclasses import asdict, dataclass
from datetime import datetime

from sqlalchemy.engine import Connection

from haina.catalogue.inventory import queries
from haina.kernel import clock
from haina.kernel.errors import NOT_FOUND
from haina.kernel.pinyin import initials


@dataclass(frozen=True)
class EntrySpec:
    """`words`: the titles of its items; an entry is found by them, as by its own, in characters
    or first letters."""

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
class EntryFilter:
    """What a list of entries is narrowed to; None does not narrow. `fresh` and `quality` are
    buckets of inventory.facets."""

    agency: str | None = None
    zone: str | None = None
    theme: str | None = None
    grade: int | None = None
    sharing: str | None = None
    fresh: str | None = None
    quality: str | None = None


@dataclass(frozen=True)
class Facets:
    """By facet, value → how many entries have it among those that the words and the other facets
    leave."""

    agency: dict[str, int]
    zone: dict[str, int]
    theme: dict[str, int]
    grade: dict[str, int]
    sharing: dict[str, int]
    fresh: dict[str, int]
    quality: dict[str, int]


def put_entry(connection: Connection, spec: EntrySpec) -> None:
    """A new entry is a draft; a changed one keeps its state."""
    moment = clock.now()
    names = " ".join([spec.title, *spec.words])
    words = " ".join([spec.dataset, names, spec.summary, spec.theme, *map(initials, names.split())])
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
            "words": words.lower(),
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
    wanted: EntryFilter = EntryFilter(),
    *,
    text: str = "",
    after: str | None = None,
    limit: int = 50,
) -> EntryPage:
    """Entries that hold every word of `text`, by name; `after` is the last name of the page
    before."""
    rows = queries.page(connection, text.split(), asdict(wanted), after, limit + 1)
    found = [Entry(**row._mapping) for row in rows]
    return EntryPage(found[:limit], found[limit - 1].dataset if len(found) > limit else None)


def best_entries(connection: Connection, text: str, limit: int) -> list[Entry]:
    """The entries that `text` most likely means."""
    return [Entry(**row._mapping) for row in queries.best(connection, text.split(), limit)]


def count_entries(connection: Connection) -> int:
    return queries.count(connection)


def facets(
    connection: Connection, wanted: EntryFilter = EntryFilter(), *, text: str = ""
) -> Facets:
    """What each facet would leave: a facet is not narrowed by itself, so that one may change
    one's mind."""
    chosen = asdict(wanted)
    return Facets(
        **{name: queries.facet(connection, text.split(), chosen, name) for name in chosen}
    )


def note_update(connection: Connection, dataset: str, moment: datetime) -> None:
    """The dataset got a new version."""
    queries.note(connection, dataset, {"updated_at": moment})


def note_check(connection: Connection, dataset: str, total: int, failed: int) -> None:
    """The newest check of a dataset: rows looked at, rows with at least one problem."""
    queries.note(connection, dataset, {"checked": total, "failed": failed})
