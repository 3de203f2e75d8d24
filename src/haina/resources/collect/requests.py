"""Asking for a load: in the transaction of the act that wants it."""

from sqlalchemy.engine import Connection

from haina.kernel.jobs import NewJob, enqueue
from haina.resources.collect.deliveries import LOAD
from haina.resources.collect.sources import Source, Table, fetches, find_source

LOAD_SOURCE = "collect.load_source"


def request_load(
    connection: Connection, table: Table, cause: str, *, batch: str | None = None
) -> str | None:
    """Queue a load in the caller's transaction; None when one already waits.

    The tables of an inbox come by what lies in it: a look into it is queued, one for them all.
    Of what an agency pushes or hands in there is nothing to fetch: None.
    """
    source = find_source(connection, table.source)
    if source.inbox:
        return _request_look(connection, source, cause, batch)
    if not fetches(source):
        return None
    return enqueue(
        connection,
        NewJob(
            LOAD,
            f"采集 {table.spec.title}",
            {"table": table.name},
            cause=cause,
            lock=f"dataset:{table.spec.ods}",
            dedupe=f"{LOAD}:{table.name}",
            subject=table.spec.ods,
            batch=batch,
            priority=50,
        ),
    )


def _request_look(
    connection: Connection, source: Source, cause: str, batch: str | None
) -> str | None:
    return enqueue(
        connection,
        NewJob(
            LOAD_SOURCE,
            f"查看收件夹 {source.title}",
            {"source": source.name},
            cause=cause,
            lock=f"inbox:{source.name}",
            dedupe=f"{LOAD_SOURCE}:{source.name}",
            subject=f"source:{source.name}",
            batch=batch,
            priority=50,
        ),
    )
