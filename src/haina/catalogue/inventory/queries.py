"""All SQL on catalogue entries."""

from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection, Row

from haina.catalogue.inventory import facets
from haina.catalogue.inventory.tables import entry_table as table
from haina.catalogue.inventory.tables import fact_table as fact

_SHOWN = [column for column in table.c if column.name != "words"]


def put(connection: Connection, dataset: str, values: dict[str, Any], created: Any) -> None:
    changed = connection.execute(table.update().where(table.c.dataset == dataset).values(**values))
    if changed.rowcount == 0:
        connection.execute(
            table.insert().values(dataset=dataset, state="draft", created_at=created, **values)
        )


def set_state(connection: Connection, dataset: str, state: str) -> None:
    connection.execute(table.update().where(table.c.dataset == dataset).values(state=state))


def get(connection: Connection, dataset: str) -> Row[Any] | None:
    return connection.execute(sa.select(*_SHOWN).where(table.c.dataset == dataset)).first()


def _matching(words: list[str]) -> list[sa.ColumnElement[bool]]:
    held = [table.c.words.contains(word.lower(), autoescape=True) for word in words]
    return [table.c.state != "retired", *held]


def _narrowed(wanted: dict[str, Any], but: str | None = None) -> list[sa.ColumnElement[bool]]:
    """The tests of what is chosen, except of the facet `but`."""
    values = facets.expressions()
    return [
        values[name] == value for name, value in wanted.items() if value is not None and name != but
    ]


_WITH_FACTS = table.outerjoin(fact, fact.c.dataset == table.c.dataset)


def page(
    connection: Connection,
    words: list[str],
    wanted: dict[str, Any],
    after: str | None,
    limit: int,
) -> list[Row[Any]]:
    query = sa.select(*_SHOWN).select_from(_WITH_FACTS)
    query = query.where(*_matching(words), *_narrowed(wanted))
    if after is not None:
        query = query.where(table.c.dataset > after)
    return list(connection.execute(query.order_by(table.c.dataset).limit(limit)))


def best(connection: Connection, words: list[str], limit: int) -> list[Row[Any]]:
    """Those that say the words in their titles come first, short titles before long ones."""
    titled = [table.c.title.contains(word, autoescape=True) for word in words]
    query = sa.select(*_SHOWN).where(*_matching(words))
    first = sa.case((sa.and_(sa.true(), *titled), 0), else_=1)
    order = (first, sa.func.length(table.c.title), table.c.dataset)
    return list(connection.execute(query.order_by(*order).limit(limit)))


def count(connection: Connection) -> int:
    query = sa.select(sa.func.count()).where(table.c.state != "retired")
    return int(connection.execute(query).scalar_one())


def facet(
    connection: Connection, words: list[str], wanted: dict[str, Any], name: str
) -> dict[str, int]:
    """How many entries each value of a facet would leave."""
    values = (
        sa.select(facets.expressions()[name].label("value"))
        .select_from(_WITH_FACTS)
        .where(*_matching(words), *_narrowed(wanted, but=name))
        .subquery()
    )
    query = sa.select(values.c.value, sa.func.count()).group_by(values.c.value)
    return {str(row[0]): row[1] for row in connection.execute(query)}


def note(connection: Connection, dataset: str, values: dict[str, Any]) -> None:
    changed = connection.execute(fact.update().where(fact.c.dataset == dataset).values(**values))
    if changed.rowcount == 0:
        connection.execute(fact.insert().values(dataset=dataset, **values))
