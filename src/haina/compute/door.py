"""The one door to data (design §4): rows leave the lake only through here.

`read` serves people and programs: SQL is parsed, each dataset decided on by the policy, masks laid
under the views, the act put in evidence, and the answer computed in the sandbox. For work of the
platform itself see compute.system.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

from sqlalchemy.engine import Connection

from haina.compute import lake
from haina.compute.asking import Asked, Questions
from haina.compute.engines import Limits, Page, SandboxPool, SandboxTable
from haina.compute.lake.contracts import Pinned
from haina.compute.masks import masked
from haina.compute.pointing import pointed
from haina.kernel.database import forbid_transaction
from haina.kernel.errors import FORBIDDEN, HainaError
from haina.kernel.platform import Platform
from haina.kernel.sql import Query, literal, parse_query, quote_identifier, quote_name
from haina.security import evidence
from haina.security.access import (
    Decision,
    Mask,
    ObjectFacts,
    Purpose,
    Subject,
    decide,
    object_facts,
)

ISSUES = "_issues"
"""The column of `std` that names the rules a row fails; the other `_` columns are bookkeeping."""


_ROW_KEY = "row_key_"
_NO_KEY = "'-'"


@dataclass(frozen=True)
class RowPage:
    """Rows of a page, and what to ask for the next one with."""

    rows: list[list[Any]]
    next_after: str | None


class Engine:
    """Answers questions about the lake."""

    def __init__(self, platform: Platform, pool: SandboxPool) -> None:
        self.platform = platform
        self.pool = pool
        self.questions = Questions()

    def read(
        self,
        subject: Subject,
        purpose: Purpose,
        sql: str,
        *,
        rows: int | None = None,
        at: dict[str, int] | None = None,
        summed: frozenset[str] = frozenset(),
        ticket: str | None = None,
        act: str | None = None,
    ) -> Page:
        """Answer a query of a person or program, at most `rows` rows. `summed`: items that the
        caller's own SQL lets out only added up over groups; no mask is laid over them. `ticket`:
        a word to cancel it with. `act`: how evidence names it, where that is not the purpose.

        Raises HainaError(sql_refused, forbidden, not_found, no_version, query_*).
        """
        query = parse_query(sql)
        most = rows or self._limits().rows
        try:
            with self.questions.asked(subject.person, ticket) as asked:
                return self._answer(
                    subject, purpose, query, most, at or {}, summed, asked=asked, act=act
                )
        except HainaError as error:
            raise pointed(error, query.text) from None

    def cancel(self, subject: Subject, ticket: str) -> bool:
        """Stop a question of one's own; False when none of this ticket is being computed."""
        return self.questions.cancel(subject.person, ticket)

    def preview(
        self, subject: Subject, dataset: str, *, rows: int = 50, version: int | None = None
    ) -> Page:
        """The first rows of a dataset as this person may see them."""
        sql = f"SELECT * FROM {quote_name(dataset)} LIMIT {int(rows)}"
        at = {} if version is None else {dataset: version}
        return self._answer(subject, Purpose.PREVIEW, parse_query(sql), rows, at)

    def _answer(
        self,
        subject: Subject,
        purpose: Purpose,
        query: Query,
        rows: int | None,
        at: dict[str, int],
        summed: frozenset[str] = frozenset(),
        *,
        asked: Asked | None = None,
        act: str | None = None,
    ) -> Page:
        forbid_transaction("a query")
        names = sorted(query.tables)
        with self.platform.database.read() as connection:
            pinned = self._pin(connection, names, at)
            tables = _allowed(connection, subject, purpose, pinned, summed=summed)
        self._note(subject, act or f"data.{purpose.value}", pinned, query)
        with self.pool.session(tables, replace(self._limits(), rows=rows)) as session:
            if asked is not None:
                asked.computing(session)
            return session.rows(query.sql)

    def _pin(
        self, connection: Connection, names: Sequence[str], at: dict[str, int]
    ) -> list[Pinned]:
        return [
            lake.pinned(self.platform, connection, name, at[name])
            if name in at
            else lake.current(self.platform, connection, [name])[0]
            for name in names
        ]

    def _note(self, subject: Subject, act: str, pinned: Sequence[Pinned], query: Query) -> None:
        """Put the reading in evidence first: if that cannot be done, it does not happen."""
        objects = ",".join(f"{one.dataset}@{one.version}" for one in pinned)
        with self.platform.database.write() as connection:
            evidence.append(
                connection,
                subject.person,
                act,
                objects[:300],
                {"sql": query.sql[:2000]},
            )

    def _limits(self) -> Limits:
        settings = self.platform.settings
        return Limits(
            seconds=settings.query_seconds,
            memory_mb=settings.query_memory_mb,
            rows=settings.query_rows,
            bytes=64 * 2**20,
            threads=2,
        )

    def page_rows(
        self,
        subject: Subject,
        purpose: Purpose,
        dataset: str,
        columns: Sequence[str],
        equal: dict[str, str],
        *,
        after: str | None,
        limit: int,
    ) -> RowPage:
        """One page of a dataset's rows under the policy, in an order of its own.

        The order and the page key are a salted hash of the row's key, so that paging neither
        needs nor shows masked values.
        """
        forbid_transaction("a page of rows")
        names = ", ".join(quote_identifier(name) for name in columns)
        tests = [
            f"CAST({quote_identifier(name)} AS VARCHAR) = {literal(value)}"
            for name, value in equal.items()
        ]
        if after is not None:
            tests.append(f"{_ROW_KEY} > {literal(after)}")
        where = f"WHERE {' AND '.join(tests)} " if tests else ""
        sql = (
            f"SELECT {names}, {_ROW_KEY} FROM {quote_name(dataset)} {where}"
            f"ORDER BY {_ROW_KEY} LIMIT {int(limit) + 1}"
        )
        query = parse_query(sql)
        with self.platform.database.read() as connection:
            pinned = self._pin(connection, [dataset], {})
            key = lake.find_dataset(connection, dataset).key
            tables = _allowed(connection, subject, purpose, pinned, self._row_key(key))
        self._note(subject, f"data.{purpose.value}", pinned, query)
        with self.pool.session(tables, replace(self._limits(), rows=limit + 1)) as session:
            rows = session.rows(query.sql).rows
        more = len(rows) > limit
        return RowPage([row[:-1] for row in rows[:limit]], rows[limit - 1][-1] if more else None)

    def _row_key(self, key: Sequence[str]) -> str:
        salt = self.platform.secrets.fingerprint("row-key")
        parts = ", ".join(f"CAST({quote_identifier(name)} AS VARCHAR)" for name in key)
        return f"md5(concat_ws('|', {literal(salt)}, {parts or _NO_KEY})) AS {_ROW_KEY}"

    def close(self) -> None:
        self.pool.close()


def _allowed(
    connection: Connection,
    subject: Subject,
    purpose: Purpose,
    pinned: Sequence[Pinned],
    row_key: str | None = None,
    summed: frozenset[str] = frozenset(),
) -> list[SandboxTable]:
    facts = object_facts(connection, [one.dataset for one in pinned])
    return [
        _table(connection, subject, purpose, one, facts.get(one.dataset), row_key, summed)
        for one in pinned
    ]


def _table(
    connection: Connection,
    subject: Subject,
    purpose: Purpose,
    pinned: Pinned,
    facts: ObjectFacts | None,
    row_key: str | None,
    summed: frozenset[str],
) -> SandboxTable:
    decision = (
        decide(subject, facts, purpose)
        if facts is not None
        else Decision(False, "这份数据尚未登记")
    )
    if not decision.allowed:
        raise FORBIDDEN(
            f"不能读取 {pinned.dataset}:{decision.reason}", field="dataset", names=[pinned.dataset]
        )
    columns = _columns(connection, pinned)
    view = _view(decision, facts, columns, row_key, summed)
    return SandboxTable(pinned.dataset, pinned.path, pinned.version, view)


def _columns(connection: Connection, pinned: Pinned) -> list[str]:
    for version in lake.versions(connection, pinned.dataset, limit=10_000):
        if version.version == pinned.version:
            return [name for name, _ in version.schema]
    return []


def _view(
    decision: Decision,
    facts: ObjectFacts | None,
    columns: Sequence[str],
    row_key: str | None,
    summed: frozenset[str],
) -> str | None:
    """The view under a decision: masks laid over the columns, bookkeeping columns left out.

    A column that nobody has declared yet (a source grew it) has no grade: it is hidden.
    """
    shown = [name for name in columns if not name.startswith("_") or name == ISSUES]
    hidden = len(shown) < len(columns)
    declared = facts.items if facts is not None else {}
    masks = {
        name: mask for name, mask in decision.masks.items() if name in shown and name not in summed
    }
    if declared:
        masks |= {name: Mask.HIDE for name in shown if name not in declared}
    if not masks and not hidden and row_key is None:
        return None
    parts = [
        f"{masked(name, masks[name])} AS {quote_identifier(name)}"
        if name in masks
        else quote_identifier(name)
        for name in shown
    ]
    parts += [row_key] if row_key else []
    return f"SELECT {', '.join(parts)} FROM __rows"
