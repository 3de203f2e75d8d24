"""All SQL on the table of standards."""

from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from haina.standards.elements.tables import standard_table


def put(connection: Connection, kind: str, name: str, title: str, spec: dict[str, Any]) -> None:
    remove(connection, kind, name)
    connection.execute(standard_table.insert().values(kind=kind, name=name, title=title, spec=spec))


def remove(connection: Connection, kind: str, name: str) -> None:
    connection.execute(
        standard_table.delete().where(standard_table.c.kind == kind, standard_table.c.name == name)
    )


def specs(connection: Connection, kind: str) -> list[dict[str, Any]]:
    query = (
        sa.select(standard_table.c.spec)
        .where(standard_table.c.kind == kind)
        .order_by(standard_table.c.name)
    )
    return [row.spec for row in connection.execute(query)]
