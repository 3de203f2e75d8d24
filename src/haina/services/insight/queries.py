"""All SQL on cockpits."""

from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from haina.services.insight.tables import cockpit_table


def put(connection: Connection, name: str, values: dict[str, Any]) -> None:
    remove(connection, name)
    connection.execute(cockpit_table.insert().values(name=name, **values))


def remove(connection: Connection, name: str) -> None:
    connection.execute(cockpit_table.delete().where(cockpit_table.c.name == name))


def specs(connection: Connection) -> list[dict[str, Any]]:
    query = sa.select(cockpit_table.c.spec).order_by(cockpit_table.c.name)
    return [row.spec for row in connection.execute(query)]
