"""All SQL on organizations."""

from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection, Row

from haina.coordination.organizations.tables import organization_table as table


def put(connection: Connection, code: str, values: dict[str, Any]) -> None:
    changed = connection.execute(table.update().where(table.c.code == code).values(**values))
    if changed.rowcount == 0:
        connection.execute(table.insert().values(code=code, **values))


def retire(connection: Connection, code: str) -> None:
    connection.execute(table.update().where(table.c.code == code).values(retired=True))


def living(connection: Connection) -> list[Row[Any]]:
    query = sa.select(table).where(~table.c.retired).order_by(table.c.position, table.c.code)
    return list(connection.execute(query))
