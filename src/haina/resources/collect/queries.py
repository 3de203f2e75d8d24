"""All SQL on sources, loads and quarantine."""

from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection, Row

from haina.resources.collect.tables import (
    load_table,
    quarantine_table,
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


def last_two_loads(connection: Connection) -> list[Row[Any]]:
    """The newest two loads of each table, newest first."""
    place = (
        sa.func.row_number()
        .over(partition_by=load_table.c.table, order_by=load_table.c.at.desc())
        .label("place")
    )
    ranked = sa.select(load_table, place).subquery()
    query = sa.select(ranked).where(ranked.c.place <= 2).order_by(ranked.c.table, ranked.c.place)
    return list(connection.execute(query))


def clear_quarantine(connection: Connection, job: str) -> None:
    connection.execute(quarantine_table.delete().where(quarantine_table.c.job == job))


def add_quarantine(connection: Connection, rows: list[dict[str, Any]]) -> None:
    if rows:
        connection.execute(quarantine_table.insert(), rows)


def open_quarantine(connection: Connection, table: str, job: str, *, replaces: bool) -> None:
    """Show the bad rows of a load that was published; a full load supersedes older ones."""
    if replaces:
        connection.execute(
            quarantine_table.update()
            .where(
                quarantine_table.c.table == table,
                quarantine_table.c.state == "open",
                quarantine_table.c.job != job,
            )
            .values(state="superseded")
        )
    connection.execute(
        quarantine_table.update()
        .where(quarantine_table.c.job == job, quarantine_table.c.state == "pending")
        .values(state="open")
    )


def hashes_of(connection: Connection, job: str) -> list[str | None]:
    query = sa.select(quarantine_table.c.key_hash).where(quarantine_table.c.job == job)
    return list(connection.execute(query).scalars())


def quarantine(
    connection: Connection, *, table: str | None, before: int | None, limit: int
) -> list[Row[Any]]:
    query = sa.select(quarantine_table).where(quarantine_table.c.state == "open")
    if table is not None:
        query = query.where(quarantine_table.c.table == table)
    if before is not None:
        query = query.where(quarantine_table.c.id < before)
    return list(connection.execute(query.order_by(quarantine_table.c.id.desc()).limit(limit)))


def count_quarantine(connection: Connection) -> dict[str, int]:
    query = (
        sa.select(quarantine_table.c.table, sa.func.count())
        .where(quarantine_table.c.state == "open")
        .group_by(quarantine_table.c.table)
    )
    return {row[0]: row[1] for row in connection.execute(query)}
