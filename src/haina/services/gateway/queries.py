"""All SQL on services, keys and calls."""

from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection, Row

from haina.services.gateway.tables import service_table


def put(connection: Connection, name: str, values: dict[str, Any]) -> None:
    changed = connection.execute(
        service_table.update().where(service_table.c.name == name).values(**values)
    )
    if changed.rowcount == 0:
        connection.execute(service_table.insert().values(name=name, **values))


def retire(connection: Connection, name: str) -> None:
    connection.execute(
        service_table.update().where(service_table.c.name == name).values(retired=True)
    )


def one(connection: Connection, name: str) -> Row[Any] | None:
    query = sa.select(service_table).where(service_table.c.name == name, ~service_table.c.retired)
    return connection.execute(query).first()


def living(connection: Connection) -> list[Row[Any]]:
    query = sa.select(service_table).where(~service_table.c.retired)
    return list(connection.execute(query.order_by(service_table.c.name)))
