"""All SQL on catalogue entries."""

from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection, Row

from haina.catalogue.inventory.tables import entry_table as table

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


def _matching(
    words: list[str], agency: str | None, zone: str | None, theme: str | None, sharing: str | None
) -> list[sa.ColumnElement[bool]]:
    tests: list[sa.ColumnElement[bool]] = [table.c.state != "retired"]
    tests += [table.c.words.contains(word.lower(), autoescape=True) for word in words]
    for column, value in (
        (table.c.agency, agency),
        (table.c.theme, theme),
        (table.c.sharing, sharing),
    ):
        if value is not None:
            tests.append(column == value)
    if zone is not None:
        tests.append(table.c.dataset.startswith(f"{zone}.", autoescape=True))
    return tests


def page(
    connection: Connection,
    *,
    words: list[str],
    agency: str | None,
    zone: str | None,
    theme: str | None,
    sharing: str | None,
    after: str | None,
    limit: int,
) -> list[Row[Any]]:
    query = sa.select(*_SHOWN).where(*_matching(words, agency, zone, theme, sharing))
    if after is not None:
        query = query.where(table.c.dataset > after)
    return list(connection.execute(query.order_by(table.c.dataset).limit(limit)))


def count(connection: Connection) -> int:
    query = sa.select(sa.func.count()).where(table.c.state != "retired")
    return int(connection.execute(query).scalar_one())


def facet(connection: Connection, column: str) -> dict[str, int]:
    query = (
        sa.select(table.c[column], sa.func.count())
        .where(table.c.state != "retired")
        .group_by(table.c[column])
    )
    return {row[0]: row[1] for row in connection.execute(query)}
