"""All SQL on sources, their tables, loads and drift, and on what is being connected."""

from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection, Row

from haina.resources.collect.tables import (
    connect_draft_table,
    drift_table,
    load_table,
    source_table,
    table_table,
)


def put_source(connection: Connection, name: str, values: dict[str, Any]) -> None:
    changed = connection.execute(
        source_table.update().where(source_table.c.name == name).values(**values)
    )
    if changed.rowcount == 0:
        connection.execute(source_table.insert().values(name=name, **values))


def put_table(connection: Connection, name: str, values: dict[str, Any], since: Any) -> None:
    changed = connection.execute(
        table_table.update().where(table_table.c.name == name).values(**values)
    )
    if changed.rowcount == 0:
        connection.execute(table_table.insert().values(name=name, since=since, **values))


def retire_source(connection: Connection, name: str) -> None:
    connection.execute(
        source_table.update().where(source_table.c.name == name).values(retired=True)
    )
    connection.execute(
        table_table.update().where(table_table.c.source == name).values(retired=True)
    )


def retire_table(connection: Connection, name: str) -> None:
    connection.execute(table_table.update().where(table_table.c.name == name).values(retired=True))


def source_row(connection: Connection, name: str) -> Row[Any] | None:
    return connection.execute(sa.select(source_table).where(source_table.c.name == name)).first()


def source_rows(connection: Connection) -> list[Row[Any]]:
    query = sa.select(source_table).where(~source_table.c.retired).order_by(source_table.c.name)
    return list(connection.execute(query))


def table_row(connection: Connection, name: str) -> Row[Any] | None:
    return connection.execute(sa.select(table_table).where(table_table.c.name == name)).first()


def table_rows(connection: Connection, source: str | None = None) -> list[Row[Any]]:
    query = sa.select(table_table).where(~table_table.c.retired).order_by(table_table.c.name)
    if source is not None:
        query = query.where(table_table.c.source == source)
    return list(connection.execute(query))


def set_watermark(connection: Connection, name: str, watermark: str | None) -> None:
    connection.execute(
        table_table.update().where(table_table.c.name == name).values(watermark=watermark)
    )


def insert_load(connection: Connection, values: dict[str, Any]) -> None:
    connection.execute(load_table.insert().values(**values))


def loads(connection: Connection, table: str, limit: int) -> list[Row[Any]]:
    query = sa.select(load_table).where(load_table.c.table == table)
    return list(connection.execute(query.order_by(load_table.c.at.desc()).limit(limit)))


def loads_since_whole(connection: Connection, table: str) -> list[Row[Any]]:
    """The last load that brought the table anew, and those after it; newest first."""
    whole = (
        sa.select(sa.func.max(load_table.c.at))
        .where(load_table.c.table == table, load_table.c.mode.in_(("full", "compare")))
        .scalar_subquery()
    )
    query = sa.select(load_table).where(
        load_table.c.table == table, sa.or_(whole.is_(None), load_table.c.at >= whole)
    )
    return list(connection.execute(query.order_by(load_table.c.at.desc())))


def last_two_loads(connection: Connection) -> list[Row[Any]]:
    """The newest two batches of each table, newest first; what people mended is no new batch."""
    place = (
        sa.func.row_number()
        .over(partition_by=load_table.c.table, order_by=load_table.c.at.desc())
        .label("place")
    )
    batches = sa.select(load_table, place).where(load_table.c.mode != "mend")
    ranked = batches.subquery()
    query = sa.select(ranked).where(ranked.c.place <= 2).order_by(ranked.c.table, ranked.c.place)
    return list(connection.execute(query))


def set_shape(connection: Connection, name: str, shape: dict[str, Any] | None) -> None:
    connection.execute(table_table.update().where(table_table.c.name == name).values(shape=shape))


def drop_open_drift(connection: Connection, table: str) -> None:
    connection.execute(
        drift_table.delete().where(drift_table.c.table == table, drift_table.c.state == "open")
    )


def add_drift(connection: Connection, rows: list[dict[str, Any]]) -> None:
    if rows:
        connection.execute(drift_table.insert(), rows)


def drift(connection: Connection, table: str, limit: int) -> list[Row[Any]]:
    query = sa.select(drift_table).where(drift_table.c.table == table)
    return list(connection.execute(query.order_by(drift_table.c.id.desc()).limit(limit)))


def accept_drift(connection: Connection, table: str, actor: str) -> int:
    done = connection.execute(
        drift_table.update()
        .where(drift_table.c.table == table, drift_table.c.state == "open")
        .values(state="accepted", decided_by=actor)
    )
    return done.rowcount


def confirmed_drift(connection: Connection, table: str) -> set[tuple[str, str, str | None]]:
    """(change, column, now) of all that a steward has confirmed."""
    query = sa.select(drift_table.c.change, drift_table.c.column, drift_table.c.now).where(
        drift_table.c.table == table, drift_table.c.state == "accepted"
    )
    return {(row[0], row[1], row[2]) for row in connection.execute(query)}


def count_open_drift(connection: Connection) -> dict[str, int]:
    query = (
        sa.select(drift_table.c.table, sa.func.count())
        .where(drift_table.c.state == "open")
        .group_by(drift_table.c.table)
    )
    return {row[0]: row[1] for row in connection.execute(query)}


def put_draft(connection: Connection, draft: str, values: dict[str, Any]) -> None:
    changed = connection.execute(
        connect_draft_table.update().where(connect_draft_table.c.id == draft).values(**values)
    )
    if changed.rowcount == 0:
        connection.execute(connect_draft_table.insert().values(id=draft, **values))


def draft_row(connection: Connection, draft: str) -> Row[Any] | None:
    query = sa.select(connect_draft_table).where(connect_draft_table.c.id == draft)
    return connection.execute(query).first()


def drafts_before(connection: Connection, moment: Any) -> list[Row[Any]]:
    query = sa.select(connect_draft_table).where(connect_draft_table.c.created_at < moment)
    return list(connection.execute(query))


def drop_draft(connection: Connection, draft: str) -> None:
    connection.execute(connect_draft_table.delete().where(connect_draft_table.c.id == draft))


def all_names(connection: Connection) -> tuple[set[str], set[str]]:
    """Names of sources and of tables, retired ones as well: no name is used twice."""
    sources = connection.execute(sa.select(source_table.c.name)).scalars()
    return set(sources), set(connection.execute(sa.select(table_table.c.name)).scalars())
