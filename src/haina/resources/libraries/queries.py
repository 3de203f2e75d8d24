"""All SQL on recipes and check results."""

from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection, Row

from haina.resources.libraries.tables import check_table, recipe_table, summary_table


def put_recipe(connection: Connection, dataset: str, values: dict[str, Any]) -> None:
    changed = connection.execute(
        recipe_table.update().where(recipe_table.c.dataset == dataset).values(**values)
    )
    if changed.rowcount == 0:
        connection.execute(recipe_table.insert().values(dataset=dataset, **values))


def retire_recipe(connection: Connection, dataset: str) -> None:
    connection.execute(
        recipe_table.update().where(recipe_table.c.dataset == dataset).values(retired=True)
    )


def recipe(connection: Connection, dataset: str) -> Row[Any] | None:
    query = sa.select(recipe_table).where(
        recipe_table.c.dataset == dataset, ~recipe_table.c.retired
    )
    return connection.execute(query).first()


def recipes(connection: Connection, kind: str | None = None) -> list[Row[Any]]:
    query = sa.select(recipe_table).where(~recipe_table.c.retired)
    if kind is not None:
        query = query.where(recipe_table.c.kind == kind)
    return list(connection.execute(query.order_by(recipe_table.c.dataset)))


def put_results(
    connection: Connection,
    dataset: str,
    version: int,
    summary: dict[str, Any],
    results: list[dict[str, Any]],
) -> None:
    for table in (check_table, summary_table):
        connection.execute(
            table.delete().where(table.c.dataset == dataset, table.c.version == version)
        )
    connection.execute(summary_table.insert().values(dataset=dataset, version=version, **summary))
    if results:
        connection.execute(
            check_table.insert(),
            [{"dataset": dataset, "version": version, **result} for result in results],
        )


def newest_version(connection: Connection, dataset: str) -> int | None:
    query = sa.select(sa.func.max(summary_table.c.version)).where(
        summary_table.c.dataset == dataset
    )
    return connection.execute(query).scalar()


def results(connection: Connection, dataset: str, version: int) -> list[Row[Any]]:
    query = sa.select(check_table).where(
        check_table.c.dataset == dataset, check_table.c.version == version
    )
    return list(connection.execute(query.order_by(check_table.c.failed.desc(), check_table.c.rule)))


def newest_summaries(connection: Connection) -> list[Row[Any]]:
    newest = (
        sa.select(summary_table.c.dataset, sa.func.max(summary_table.c.version).label("v"))
        .group_by(summary_table.c.dataset)
        .subquery()
    )
    query = sa.select(summary_table).join(
        newest,
        sa.and_(summary_table.c.dataset == newest.c.dataset, summary_table.c.version == newest.c.v),
    )
    return list(connection.execute(query.order_by(summary_table.c.dataset)))
