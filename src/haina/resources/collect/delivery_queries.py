"""All SQL on deliveries, push keys and alarms."""

from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection, Row

from haina.resources.collect.tables import alarm_table as a
from haina.resources.collect.tables import delivery_table as d
from haina.resources.collect.tables import push_key_table as k


def insert(connection: Connection, values: dict[str, Any]) -> None:
    connection.execute(d.insert().values(**values))


def change(connection: Connection, delivery: str, **values: Any) -> None:
    connection.execute(d.update().where(d.c.id == delivery).values(**values))


def one(connection: Connection, delivery: str) -> Row[Any] | None:
    return connection.execute(sa.select(d).where(d.c.id == delivery)).first()


def by_number(connection: Connection, table: str, number: str) -> Row[Any] | None:
    query = sa.select(d).where(d.c.table == table, d.c.number == number)
    return connection.execute(query).first()


def by_digest(connection: Connection, table: str, digest: str) -> Row[Any] | None:
    """The same content, received before and not refused."""
    query = sa.select(d).where(
        d.c.table == table, d.c.digest == digest, d.c.state.in_(("received", "loaded"))
    )
    return connection.execute(query.order_by(d.c.received_at)).first()


def page(
    connection: Connection, *, table: str | None, source: str | None, limit: int
) -> list[Row[Any]]:
    query = sa.select(d)
    if table is not None:
        query = query.where(d.c.table == table)
    if source is not None:
        query = query.where(d.c.source == source)
    return list(connection.execute(query.order_by(d.c.received_at.desc(), d.c.id).limit(limit)))


def files_of(connection: Connection, source: str) -> set[str]:
    """The marks of inbox files that were taken."""
    query = sa.select(d.c.file).where(d.c.source == source, d.c.via == "folder")
    return set(connection.execute(query).scalars())


def insert_key(connection: Connection, values: dict[str, Any]) -> None:
    connection.execute(k.insert().values(**values))


def keys(connection: Connection, source: str) -> list[Row[Any]]:
    query = sa.select(k).where(k.c.source == source).order_by(k.c.created_at)
    return list(connection.execute(query))


def key_by_digest(connection: Connection, digest: str) -> Row[Any] | None:
    query = sa.select(k).where(k.c.digest == digest, ~k.c.disabled)
    return connection.execute(query).first()


def disable_key(connection: Connection, key: str) -> bool:
    done = connection.execute(k.update().where(k.c.id == key).values(disabled=True))
    return done.rowcount > 0


def open_alarms(connection: Connection, limit: int) -> list[Row[Any]]:
    query = sa.select(a).where(a.c.cleared_at.is_(None)).order_by(a.c.raised_at.desc(), a.c.id)
    return list(connection.execute(query.limit(limit)))


def raise_alarm(connection: Connection, values: dict[str, Any]) -> None:
    connection.execute(a.insert().values(**values))


def clear_alarm(connection: Connection, alarm: int, moment: Any) -> None:
    connection.execute(a.update().where(a.c.id == alarm).values(cleared_at=moment))


def see_alarm(connection: Connection, alarm: int, person: str) -> bool:
    done = connection.execute(
        a.update().where(a.c.id == alarm, a.c.cleared_at.is_(None)).values(seen_by=person)
    )
    return done.rowcount > 0
