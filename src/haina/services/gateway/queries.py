"""All SQL on services, keys, serving copies and calls."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

import orjson
import sqlalchemy as sa
from sqlalchemy.engine import Connection, Row

from haina.kernel.database import utc_text
from haina.services.gateway.contracts import Call
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


# The calls of a batch in one statement: given row by row, the driver would hand the interpreter to
# the event loop and take it back once a row, which costs more than all the rest of a call.
_INTO_CALLS = "INSERT INTO service_call (at, service, caller, status, rows, microseconds)"
_INSERT_CALLS = sa.text(
    f"""
    {_INTO_CALLS}
    SELECT CAST(value ->> 0 AS timestamptz), value ->> 1, value ->> 2,
        CAST(value ->> 3 AS integer), CAST(value ->> 4 AS integer), CAST(value ->> 5 AS integer)
    FROM jsonb_array_elements(CAST(:calls AS jsonb))"""
)
_MOST_AT_ONCE = 100  # of six values each: fewer than any SQLite takes


def insert_calls(connection: Connection, calls: Sequence[Call]) -> None:
    rows = [(utc_text(call.at), *call[1:]) for call in calls]
    if connection.dialect.name == "postgresql":
        connection.execute(_INSERT_CALLS, {"calls": orjson.dumps(rows).decode()})
        return
    for start in range(0, len(rows), _MOST_AT_ONCE):
        some = rows[start : start + _MOST_AT_ONCE]
        places = ",".join(["(?,?,?,?,?,?)"] * len(some))
        values = tuple(value for row in some for value in row)
        connection.exec_driver_sql(f"{_INTO_CALLS} VALUES {places}", values)


def usage(connection: Connection, service: str, since: datetime) -> Row[Any]:
    failed = sa.func.sum(sa.case((call_table.c.status >= 400, 1), else_=0))
    query = sa.select(
        sa.func.count().label("calls"),
        sa.func.coalesce(failed, 0).label("failed"),
        sa.func.avg(call_table.c.microseconds).label("mean"),
        sa.func.max(call_table.c.at).label("last"),
    ).where(call_table.c.service == service, call_table.c.at >= since)
    return connection.execute(query).one()


def calls_by_slice(
    connection: Connection, service: str, edges: Sequence[datetime]
) -> list[Row[Any]]:
    """(slice, calls, failed, p50, p95) for each slice between two `edges` that has calls.

    Percentiles by rank, over all calls of a slice, in microseconds.
    """
    table = call_table.c
    place = sa.case(*((table.at < edge, at) for at, edge in enumerate(edges[1:])))
    inner = (
        sa.select(place.label("slice"), table.status, table.microseconds)
        .where(table.service == service, table.at >= edges[0], table.at < edges[-1])
        .subquery()
    )
    ranked = sa.select(
        inner.c.slice,
        inner.c.status,
        inner.c.microseconds,
        sa.func.row_number()
        .over(partition_by=inner.c.slice, order_by=inner.c.microseconds)
        .label("rank"),
        sa.func.count().over(partition_by=inner.c.slice).label("of"),
    ).subquery()
    query = sa.select(
        ranked.c.slice,
        sa.func.count().label("calls"),
        sa.func.sum(sa.case((ranked.c.status >= 400, 1), else_=0)).label("failed"),
        _percentile(ranked, 50).label("p50"),
        _percentile(ranked, 95).label("p95"),
    ).group_by(ranked.c.slice)
    return list(connection.execute(query.order_by(ranked.c.slice)))


def _percentile(ranked: sa.Subquery, part: int) -> sa.ColumnElement[Any]:
    """The least time that `part` per cent of the calls did not exceed."""
    enough = ranked.c.rank * 100 >= ranked.c.of * part
    return sa.func.min(sa.case((enough, ranked.c.microseconds)))


def calls_by_status(connection: Connection, service: str, since: datetime) -> list[Row[Any]]:
    query = sa.select(call_table.c.status, sa.func.count().label("calls"))
    query = query.where(call_table.c.service == service, call_table.c.at >= since)
    return list(connection.execute(query.group_by(call_table.c.status).order_by(sa.text("1"))))


def calls_by_caller(
    connection: Connection, service: str, since: datetime, limit: int
) -> list[Row[Any]]:
    """The most frequent callers, with the title of their key where they have one."""
    failed = sa.func.sum(sa.case((call_table.c.status >= 400, 1), else_=0))
    counted = (
        sa.select(
            call_table.c.caller,
            sa.func.count().label("calls"),
            failed.label("failed"),
            sa.func.max(call_table.c.at).label("last"),
        )
        .where(call_table.c.service == service, call_table.c.at >= since)
        .group_by(call_table.c.caller)
        .subquery()
    )
    joined = counted.outerjoin(key_table, counted.c.caller == sa.literal("app:") + key_table.c.id)
    query = sa.select(counted, key_table.c.title.label("key_title")).select_from(joined)
    return list(connection.execute(query.order_by(counted.c.calls.desc()).limit(limit)))
