"""All SQL on packs and definitions."""

from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection, Row

from haina.kernel import clock
from haina.packs.tables import definition_table, pack_table


def put_pack(connection: Connection, name: str, values: dict[str, Any]) -> None:
    changed = connection.execute(
        pack_table.update()
        .where(pack_table.c.name == name)
        .values(applied_at=clock.now(), **values)
    )
    if changed.rowcount == 0:
        connection.execute(pack_table.insert().values(name=name, applied_at=clock.now(), **values))


def packs(connection: Connection) -> list[Row[Any]]:
    return list(connection.execute(sa.select(pack_table).order_by(pack_table.c.name)))


def definitions(connection: Connection, pack: str | None = None) -> dict[str, Row[Any]]:
    query = sa.select(definition_table).order_by(definition_table.c.position)
    if pack is not None:
        query = query.where(definition_table.c.pack == pack)
    return {row.name: row for row in connection.execute(query)}


def put_definition(connection: Connection, name: str, values: dict[str, Any]) -> None:
    values = {**values, "changed_at": clock.now()}
    changed = connection.execute(
        definition_table.update().where(definition_table.c.name == name).values(**values)
    )
    if changed.rowcount == 0:
        connection.execute(definition_table.insert().values(name=name, **values))


def drop_definition(connection: Connection, name: str) -> None:
    connection.execute(definition_table.delete().where(definition_table.c.name == name))
