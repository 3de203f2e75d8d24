"""Events: written in the transaction of the act, delivered at least once afterwards; those of one
name that are due together are delivered together.

A handler that fails is tried again with growing pauses; it is never only logged.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from haina.kernel import clock
from haina.kernel.database import Json, UtcTime, metadata
from haina.kernel.platform import Platform

Handler = Callable[[Platform, list[dict[str, Any]]], None]

_LONGEST_PAUSE = 300

event_table = sa.Table(
    "outbox",
    metadata,
    sa.Column(
        "id",
        sa.BigInteger().with_variant(sa.Integer, "sqlite"),
        primary_key=True,
        autoincrement=True,
    ),
    sa.Column("event", sa.String(80), nullable=False),
    sa.Column("payload", Json, nullable=False),
    sa.Column("created_at", UtcTime, nullable=False),
    sa.Column("due_at", UtcTime, nullable=False, index=True),
    sa.Column("attempts", sa.Integer, nullable=False, default=0),
    sa.Column("last_error", sa.Text),
)


@dataclass(frozen=True)
class Event:
    id: int
    name: str
    payload: dict[str, Any]
    attempts: int


def publish(connection: Connection, event: str, payload: dict[str, Any]) -> None:
    """Write an event in the act's own transaction."""
    moment = clock.now()
    connection.execute(
        event_table.insert().values(
            event=event, payload=payload, created_at=moment, due_at=moment, attempts=0
        )
    )


class Dispatcher:
    """Hands due events to the handlers bound to their names."""

    def __init__(self, platform: Platform, handlers: dict[str, list[Handler]]) -> None:
        self._platform = platform
        self._handlers = handlers

    def run_once(self) -> int:
        """Deliver what is due now; the number of events delivered."""
        together: dict[str, list[Event]] = {}
        for event in self._due():
            together.setdefault(event.name, []).append(event)
        return sum(self._deliver(events) for events in together.values())

    def _due(self) -> list[Event]:
        query = (
            sa.select(event_table)
            .where(event_table.c.due_at <= clock.now())
            .order_by(event_table.c.id)
            .limit(100)
        )
        with self._platform.database.read() as connection:
            return [
                Event(row.id, row.event, row.payload, row.attempts)
                for row in connection.execute(query)
            ]

    def _deliver(self, events: list[Event]) -> int:
        try:
            for handler in self._handlers.get(events[0].name, []):
                handler(self._platform, [event.payload for event in events])
        except Exception as error:  # noqa: BLE001 — kept, shown by doctor, and tried again
            if len(events) > 1:  # one that cannot be handled must not hold up the others
                return sum(self._deliver([event]) for event in events)
            self._postpone(events[0], error)
            return 0
        ids = [event.id for event in events]
        with self._platform.database.write() as connection:
            connection.execute(event_table.delete().where(event_table.c.id.in_(ids)))
        return len(events)

    def _postpone(self, event: Event, error: Exception) -> None:
        pause = timedelta(seconds=min(_LONGEST_PAUSE, 2 ** min(event.attempts, 10)))
        change = (
            event_table.update()
            .where(event_table.c.id == event.id)
            .values(
                attempts=event.attempts + 1,
                due_at=clock.now() + pause,
                last_error=f"{type(error).__name__}: {error}"[:2000],
            )
        )
        with self._platform.database.write() as connection:
            connection.execute(change)


def after_jump(platform: Platform) -> int:
    """Events that a clock set back would keep waiting are due now; how many."""
    moment = clock.now()
    longest = timedelta(seconds=_LONGEST_PAUSE + 60)
    late = sa.or_(event_table.c.created_at > moment, event_table.c.due_at > moment + longest)
    stranded = sa.and_(event_table.c.due_at > moment, late)
    with platform.database.read() as connection:
        if connection.execute(sa.select(event_table.c.id).where(stranded)).first() is None:
            return 0
    change = event_table.update().where(stranded).values(due_at=moment, created_at=moment)
    with platform.database.write() as connection:
        return connection.execute(change).rowcount


def waiting(connection: Connection) -> bool:
    """Are there events that nobody has failed at yet and that still wait to be delivered?"""
    query = sa.select(event_table.c.id).where(event_table.c.attempts == 0).limit(1)
    return connection.execute(query).first() is not None


def stuck(connection: Connection) -> list[tuple[str, str]]:
    """Events whose handlers keep failing: (event, last error)."""
    query = sa.select(event_table.c.event, event_table.c.last_error).where(
        event_table.c.attempts >= 3
    )
    return [(row.event, row.last_error or "") for row in connection.execute(query.limit(20))]
