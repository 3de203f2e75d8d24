"""All SQL on people, sessions and objects."""

from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection, Row

from haina.security.access.contracts import Mask, ObjectFacts, Role, User
from haina.security.access.tables import object_table, session_table, user_table


def user_row(connection: Connection, name: str) -> Row[Any] | None:
    return connection.execute(sa.select(user_table).where(user_table.c.name == name)).first()


def as_user(row: Row[Any]) -> User:
    return User(
        row.name,
        row.title,
        tuple(Role(role) for role in row.roles),
        row.agency,
        row.disabled,
        row.must_change,
        row.created_at,
        row.last_seen_at,
    )


def all_users(connection: Connection) -> list[User]:
    query = sa.select(user_table).order_by(user_table.c.created_at, user_table.c.name)
    return [as_user(row) for row in connection.execute(query)]


def lock_users(connection: Connection) -> list[User]:
    """All of them, which nobody else changes before this transaction ends."""
    return [as_user(row) for row in connection.execute(sa.select(user_table).with_for_update())]


def insert_user(connection: Connection, values: dict[str, Any]) -> None:
    connection.execute(user_table.insert().values(**values))


def update_user(connection: Connection, name: str, values: dict[str, Any]) -> None:
    connection.execute(user_table.update().where(user_table.c.name == name).values(**values))


def insert_session(connection: Connection, values: dict[str, Any]) -> None:
    connection.execute(session_table.insert().values(**values))


def session_user(connection: Connection, token: str, moment: datetime) -> Row[Any] | None:
    query = (
        sa.select(user_table)
        .join(session_table, session_table.c.user_name == user_table.c.name)
        .where(
            session_table.c.token == token,
            session_table.c.expires_at > moment,
            ~user_table.c.disabled,
        )
    )
    return connection.execute(query).first()


def shorten_after_jump(
    connection: Connection, edge: datetime, expires: datetime, locked: datetime
) -> int:
    """Sessions begun after `edge` end at `expires`; no account is locked longer than `locked`."""
    sessions = session_table.update().where(session_table.c.created_at > edge)
    users = user_table.update().where(user_table.c.locked_until > locked)
    changed = connection.execute(sessions.values(created_at=edge, expires_at=expires)).rowcount
    return changed + connection.execute(users.values(locked_until=locked)).rowcount


def has_future(connection: Connection, edge: datetime, locked: datetime) -> bool:
    """Is there anything for `shorten_after_jump`?"""
    sessions = sa.exists().where(session_table.c.created_at > edge)
    users = sa.exists().where(user_table.c.locked_until > locked)
    return bool(connection.execute(sa.select(sa.or_(sessions, users))).scalar())


def delete_session(connection: Connection, token: str) -> None:
    connection.execute(session_table.delete().where(session_table.c.token == token))


def delete_sessions(
    connection: Connection, *, user: str | None = None, before: datetime | None = None
) -> None:
    change = session_table.delete()
    if user is not None:
        change = change.where(session_table.c.user_name == user)
    if before is not None:
        change = change.where(session_table.c.expires_at < before)
    connection.execute(change)


def put_object(connection: Connection, facts: ObjectFacts) -> None:
    values = {
        "kind": facts.kind,
        "title": facts.title,
        "owner": facts.owner,
        "grade": facts.grade,
        "items": {name: [grade, mask.value] for name, (grade, mask) in facts.items.items()},
        "retired": False,
    }
    changed = connection.execute(
        object_table.update().where(object_table.c.name == facts.name).values(**values)
    )
    if changed.rowcount == 0:
        connection.execute(object_table.insert().values(name=facts.name, **values))


def retire(connection: Connection, name: str) -> None:
    connection.execute(
        object_table.update().where(object_table.c.name == name).values(retired=True)
    )


def facts_of(connection: Connection, names: list[str]) -> dict[str, ObjectFacts]:
    query = sa.select(object_table).where(object_table.c.name.in_(names), ~object_table.c.retired)
    return {row.name: _facts(row) for row in connection.execute(query)}


def all_facts(connection: Connection, kind: str) -> list[ObjectFacts]:
    query = (
        sa.select(object_table)
        .where(object_table.c.kind == kind, ~object_table.c.retired)
        .order_by(object_table.c.name)
    )
    return [_facts(row) for row in connection.execute(query)]


def _facts(row: Row[Any]) -> ObjectFacts:
    declared: dict[str, tuple[int, str]] = row._mapping["items"]
    items = {name: (grade, Mask(mask)) for name, (grade, mask) in declared.items()}
    return ObjectFacts(row.name, row.kind, row.title, row.owner, row.grade, items)
