"""All SQL on services, keys, serving copies and calls."""

from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection, Row

from haina.services.gateway.tables import call_table, copy_table, key_table, service_table


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


def insert_key(connection: Connection, values: dict[str, Any]) -> None:
    connection.execute(key_table.insert().values(**values))


def set_key_disabled(connection: Connection, key_id: str, *, disabled: bool) -> bool:
    changed = connection.execute(
        key_table.update().where(key_table.c.id == key_id).values(disabled=disabled)
    )
    return changed.rowcount == 1


def keys(connection: Connection) -> list[Row[Any]]:
    """Newest first, with the time of the last call of each."""
    last = (
        sa.select(sa.func.max(call_table.c.at))
        .where(call_table.c.caller == sa.literal("app:") + key_table.c.id)
        .scalar_subquery()
    )
    query = sa.select(key_table, last.label("last_used_at"))
    return list(connection.execute(query.order_by(key_table.c.id.desc())))


def living_keys(connection: Connection) -> list[Row[Any]]:
    return list(connection.execute(sa.select(key_table).where(~key_table.c.disabled)))


def copies(connection: Connection) -> dict[str, Row[Any]]:
    return {row.service: row for row in connection.execute(sa.select(copy_table))}


def put_copy(connection: Connection, service: str, values: dict[str, Any]) -> None:
    connection.execute(copy_table.delete().where(copy_table.c.service == service))
    connection.execute(copy_table.insert().values(service=service, **values))


def drop_copy(connection: Connection, service: str) -> None:
    connection.execute(copy_table.delete().where(copy_table.c.service == service))


def insert_calls(connection: Connection, rows: list[dict[str, Any]]) -> None:
    connection.execute(call_table.insert(), rows)


def usage(connection: Connection, service: str, since: datetime) -> Row[Any]:
    failed = sa.func.sum(sa.case((call_table.c.status >= 400, 1), else_=0))
    query = sa.select(
        sa.func.count().label("calls"),
        sa.func.coalesce(failed, 0).label("failed"),
        sa.func.avg(call_table.c.microseconds).label("mean"),
        sa.func.max(call_table.c.at).label("last"),
    ).where(call_table.c.service == service, call_table.c.at >= since)
    return connection.execute(query).one()
