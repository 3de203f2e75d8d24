"""All SQL on lineage and use."""

from collections.abc import Iterable
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection, Row

from haina.catalogue.lineage.tables import edge_table, use_table


def replace_edges(
    connection: Connection, dataset: str, edges: Iterable[tuple[str | None, str, str | None]]
) -> None:
    connection.execute(edge_table.delete().where(edge_table.c.dataset == dataset))
    rows = [
        {"dataset": dataset, "item": item, "from_dataset": source, "from_item": source_item}
        for item, source, source_item in edges
    ]
    if rows:
        connection.execute(edge_table.insert(), rows)


def edges(
    connection: Connection, *, dataset: str | None = None, from_dataset: str | None = None
) -> list[Row[Any]]:
    query = sa.select(
        edge_table.c.dataset, edge_table.c.item, edge_table.c.from_dataset, edge_table.c.from_item
    ).order_by(edge_table.c.id)
    if dataset is not None:
        query = query.where(edge_table.c.dataset == dataset)
    if from_dataset is not None:
        query = query.where(edge_table.c.from_dataset == from_dataset)
    return list(connection.execute(query))


def inputs(connection: Connection) -> list[tuple[str, str]]:
    query = (
        sa.select(edge_table.c.dataset, edge_table.c.from_dataset)
        .where(edge_table.c.item.is_(None))
        .distinct()
    )
    return [(row.dataset, row.from_dataset) for row in connection.execute(query)]


def put_use(connection: Connection, dataset: str, user: str, title: str) -> None:
    remove_use(connection, user, dataset)
    connection.execute(use_table.insert().values(dataset=dataset, user=user, title=title))


def remove_use(connection: Connection, user: str, dataset: str | None = None) -> None:
    change = use_table.delete().where(use_table.c.user == user)
    if dataset is not None:
        change = change.where(use_table.c.dataset == dataset)
    connection.execute(change)


def uses(connection: Connection, dataset: str) -> list[Row[Any]]:
    query = sa.select(use_table).where(use_table.c.dataset == dataset)
    return list(connection.execute(query.order_by(use_table.c.user)))
