"""All SQL on recipes and check results."""

from collections.abc import Sequence
from datetime import datetime
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


def recipe_heads(connection: Connection) -> list[Row[Any]]:
    """(dataset, kind, title, digest) of each, without the weight of its definition."""
    table = recipe_table.c
    query = sa.select(table.dataset, table.kind, table.title, table.digest)
    return list(connection.execute(query.where(~table.retired).order_by(table.dataset)))


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
    newest = _newest()
    query = sa.select(summary_table).join(newest, _same(summary_table, newest))
    return list(connection.execute(query.order_by(summary_table.c.dataset)))


def summaries_of(connection: Connection, dataset: str, limit: int) -> list[Row[Any]]:
    """The newest ones first."""
    query = sa.select(summary_table).where(summary_table.c.dataset == dataset)
    return list(connection.execute(query.order_by(summary_table.c.version.desc()).limit(limit)))


def failed_of(connection: Connection, dataset: str, rule: str) -> dict[int, int]:
    """By version, how many failed a rule."""
    query = sa.select(check_table.c.version, check_table.c.failed).where(
        check_table.c.dataset == dataset, check_table.c.rule == rule
    )
    return {row.version: row.failed for row in connection.execute(query)}


def summaries_until_now(connection: Connection, since: datetime) -> list[Row[Any]]:
    """The checks since a moment, in order, led by the newest one before it of each dataset."""
    columns = [summary_table.c[name] for name in ("dataset", "at", "total", "failed_rows")]
    before = _newest(summary_table.c.at < since)
    led = sa.select(*columns).join(before, _same(summary_table, before))
    new = sa.select(*columns).where(summary_table.c.at >= since)
    both = sa.union_all(led, new).subquery()
    return list(connection.execute(sa.select(both).order_by(both.c.at)))


def _newest(*tests: sa.ColumnElement[bool]) -> sa.Subquery:
    """The newest checked version of each dataset, as `dataset`, `v`."""
    return (
        sa.select(summary_table.c.dataset, sa.func.max(summary_table.c.version).label("v"))
        .where(*tests)
        .group_by(summary_table.c.dataset)
        .subquery()
    )


def _same(table: sa.Table, newest: sa.Subquery) -> sa.ColumnElement[bool]:
    return sa.and_(table.c.dataset == newest.c.dataset, table.c.version == newest.c.v)


def by_dimension(connection: Connection, names: Sequence[str] | None) -> list[Row[Any]]:
    """(dimension, rules, rules that fail, failures) of the newest checks."""
    newest = _newest(*_among(summary_table, names))
    fails = sa.case((check_table.c.failed > 0, 1), else_=0)
    query = (
        sa.select(
            check_table.c.dimension,
            sa.func.count().label("rules"),
            sa.cast(sa.func.sum(fails), sa.BigInteger).label("rules_failed"),
            sa.cast(sa.func.sum(check_table.c.failed), sa.BigInteger).label("failed"),
        )
        .join(newest, _same(check_table, newest))
        .group_by(check_table.c.dimension)
    )
    return list(connection.execute(query))


def _among(table: sa.Table, names: Sequence[str] | None) -> list[sa.ColumnElement[bool]]:
    return [] if names is None else [table.c.dataset.in_(names)]


def failing(
    connection: Connection,
    names: Sequence[str] | None,
    dimension: str | None,
    words: Sequence[str],
    after: tuple[int, str, str] | None,
    limit: int,
) -> list[Row[Any]]:
    """Rules that fail in the newest check of their dataset, with what failed in the one before."""
    newest = _newest(*_among(summary_table, names))
    older = sa.alias(summary_table)
    previous = (
        sa.select(sa.func.max(older.c.version))
        .where(older.c.dataset == check_table.c.dataset, older.c.version < check_table.c.version)
        .correlate(check_table)
        .scalar_subquery()
    )
    past = sa.alias(check_table)
    shown = [
        check_table.c[name]
        for name in (
            "dataset",
            "version",
            "rule",
            "title",
            "dimension",
            "strong",
            "total",
            "failed",
        )
    ]
    query = (
        sa.select(*shown, past.c.failed.label("before"))
        .join(newest, _same(check_table, newest))
        .outerjoin(
            past,
            sa.and_(
                past.c.dataset == check_table.c.dataset,
                past.c.rule == check_table.c.rule,
                past.c.version == previous,
            ),
        )
        .where(check_table.c.failed > 0, *_told(dimension, words), *_beyond(after))
        .order_by(check_table.c.failed.desc(), check_table.c.dataset, check_table.c.rule)
    )
    return list(connection.execute(query.limit(limit)))


def _told(dimension: str | None, words: Sequence[str]) -> list[sa.ColumnElement[bool]]:
    tests = [
        sa.or_(
            check_table.c.title.contains(word, autoescape=True),
            check_table.c.dataset.contains(word, autoescape=True),
        )
        for word in words
    ]
    return tests if dimension is None else [*tests, check_table.c.dimension == dimension]


def _beyond(after: tuple[int, str, str] | None) -> list[sa.ColumnElement[bool]]:
    """What stands after a place of the order: failed downwards, then names upwards."""
    if after is None:
        return []
    failed, dataset, rule = after
    columns = check_table.c
    return [
        sa.or_(
            columns.failed < failed,
            sa.and_(columns.failed == failed, columns.dataset > dataset),
            sa.and_(columns.failed == failed, columns.dataset == dataset, columns.rule > rule),
        )
    ]
