"""SQL that only looks at the tables of the job queue."""

from collections.abc import Collection
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection, Row

from haina.kernel.errors import NOT_FOUND
from haina.kernel.jobs.contracts import (
    Bar,
    Cause,
    Job,
    JobFilter,
    LogLine,
    Page,
    Run,
    Step,
    Waiting,
    Worker,
)
from haina.kernel.jobs.tables import (
    cause_table,
    job_table,
    log_table,
    run_table,
    step_table,
    worker_table,
)

_LEFT_OUT = {"priority", "lock_key", "dedupe_key", "owner", "lease_until"}
JOB_COLUMNS = [column for column in job_table.c if column.name not in _LEFT_OUT]
_EQUAL = ("state", "kind", "subject", "batch")
_WROTE = ("rows_out", "rows")


def as_job(row: Row[Any]) -> Job:
    return Job(**row._mapping)


def get_job(connection: Connection, job_id: str) -> Job:
    """Raises HainaError(not_found)."""
    row = connection.execute(sa.select(*JOB_COLUMNS).where(job_table.c.id == job_id)).first()
    if row is None:
        raise NOT_FOUND(f"没有作业 {job_id}", field="job")
    return as_job(row)


def list_jobs(
    connection: Connection,
    *,
    state: str | None = None,
    kind: str | None = None,
    subject: str | None = None,
    batch: str | None = None,
    before: str | None = None,
    limit: int = 50,
) -> Page:
    """Newest first, by key: `before` is the last id of the page before."""
    wanted = JobFilter(state, kind, subject, batch)
    return find_jobs(connection, wanted, before=before, limit=limit)


def find_jobs(
    connection: Connection, wanted: JobFilter, *, before: str | None = None, limit: int = 50
) -> Page:
    """What a filter lets through, newest first, by key."""
    query = sa.select(*JOB_COLUMNS).where(*_tests(wanted), *_in_window(wanted))
    if before is not None:
        query = query.where(job_table.c.id < before)
    query = query.order_by(job_table.c.id.desc()).limit(limit + 1)
    jobs = [as_job(row) for row in connection.execute(query)]
    more = len(jobs) > limit
    return Page(jobs[:limit], jobs[limit - 1].id if more else None)


def _tests(wanted: JobFilter) -> list[sa.ColumnElement[bool]]:
    tests = [
        job_table.c[name] == value
        for name in _EQUAL
        if (value := getattr(wanted, name)) is not None
    ]
    if wanted.subjects is not None:
        tests.append(job_table.c.subject.in_(wanted.subjects))
    if wanted.text:
        columns = (job_table.c.title, job_table.c.subject, job_table.c.cause)
        tests.append(sa.or_(*(one.icontains(wanted.text, autoescape=True) for one in columns)))
    return tests


def _in_window(wanted: JobFilter) -> list[sa.ColumnElement[bool]]:
    """At work in the window: one that has not ended is at work until now."""
    tests: list[sa.ColumnElement[bool]] = []
    if wanted.since is not None:
        ended = job_table.c.ended_at
        tests.append(sa.or_(ended.is_(None), ended >= wanted.since))
    if wanted.until is not None:
        tests.append(job_table.c.started_at < wanted.until)
    return tests


def bars_of(connection: Connection, wanted: JobFilter, limit: int) -> list[Bar]:
    """The newest `limit` jobs at work in the window of the filter, in the order of their start.

    Two questions, each with an index of its own: what ended in the window, and what runs still.
    """
    tests = [*_tests(wanted), job_table.c.started_at.is_not(None)]
    if wanted.until is not None:
        tests.append(job_table.c.started_at < wanted.until)
    columns = [job_table.c[name] for name in ("id", "kind", "title", "state", "result")]
    columns += [job_table.c.started_at, job_table.c.ended_at]
    ended = sa.select(*columns).where(*tests, job_table.c.ended_at >= wanted.since)
    newest = ended.order_by(job_table.c.ended_at.desc()).limit(limit)
    running = sa.select(*columns).where(*tests, job_table.c.state == "running")
    found = [_bar(row) for query in (newest, running) for row in connection.execute(query)]
    return sorted(found, key=lambda bar: (bar.started_at, bar.id))


def _bar(row: Row[Any]) -> Bar:
    said = [value for name in _WROTE if isinstance(value := (row.result or {}).get(name), int)]
    rows = said[0] if said else None
    return Bar(row.id, row.kind, row.title, row.state, row.started_at, row.ended_at, rows)


def waiting_by_kind(connection: Connection, wanted: JobFilter) -> list[Waiting]:
    query = (
        sa.select(job_table.c.kind, sa.func.count(), sa.func.min(job_table.c.created_at))
        .where(*_tests(wanted), job_table.c.state == "queued")
        .group_by(job_table.c.kind)
    )
    return [Waiting(row[0], row[1], row[2]) for row in connection.execute(query)]


def active_jobs(connection: Connection, *, batch: str | None = None) -> list[Job]:
    """Jobs that wait or run."""
    query = sa.select(*JOB_COLUMNS).where(job_table.c.state.in_(("queued", "running")))
    if batch is not None:
        query = query.where(job_table.c.batch == batch)
    return [as_job(row) for row in connection.execute(query.order_by(job_table.c.id))]


def count_by_state(
    connection: Connection, *, batch: str | None = None, since: datetime | None = None
) -> dict[str, int]:
    query = sa.select(job_table.c.state, sa.func.count()).group_by(job_table.c.state)
    if batch is not None:
        query = query.where(job_table.c.batch == batch)
    if since is not None:
        query = query.where(job_table.c.created_at >= since)
    return {row[0]: row[1] for row in connection.execute(query)}


def newest_by_subject(connection: Connection, kind: str) -> dict[str, Job]:
    """The last job of a kind on each subject."""
    last = (
        sa.select(sa.func.max(job_table.c.id))
        .where(job_table.c.kind == kind, job_table.c.subject.is_not(None))
        .group_by(job_table.c.subject)
    )
    query = sa.select(*JOB_COLUMNS).where(job_table.c.id.in_(last))
    return {str(row.subject): as_job(row) for row in connection.execute(query)}


def last_done(connection: Connection, subjects: Collection[str]) -> dict[tuple[str, str], str]:
    """The last job that did its work, by its kind and its subject."""
    table = job_table.c
    query = (
        sa.select(table.kind, table.subject, sa.func.max(table.id))
        .where(table.subject.in_(list(subjects)), table.state == "done")
        .group_by(table.kind, table.subject)
    )
    return {(row[0], row[1]): row[2] for row in connection.execute(query)}


def causes_of(connection: Connection, job_id: str) -> list[Cause]:
    """Why a job was queued, in the order in which it became known."""
    table = cause_table.c
    query = sa.select(table.kind, table.object, table.version, table.before, table.by_job)
    rows = connection.execute(query.where(table.job_id == job_id).order_by(table.n))
    return [Cause(*row) for row in rows]


def jobs_by_id(connection: Connection, ids: list[str]) -> dict[str, Job]:
    query = sa.select(*JOB_COLUMNS).where(job_table.c.id.in_(ids))
    return {row.id: as_job(row) for row in connection.execute(query)}


def set_off_by(connection: Connection, job_id: str, limit: int) -> tuple[list[Job], int]:
    """The first `limit` jobs that this one is a cause of, and how many there are."""
    ids = sa.select(cause_table.c.job_id).where(cause_table.c.by_job == job_id).distinct()
    query = sa.select(*JOB_COLUMNS).where(job_table.c.id.in_(ids)).order_by(job_table.c.id)
    count = connection.execute(sa.select(sa.func.count()).select_from(ids.subquery())).scalar_one()
    return [as_job(row) for row in connection.execute(query.limit(limit))], count


def runs_of(connection: Connection, job_id: str) -> list[Run]:
    query = sa.select(run_table).where(run_table.c.job_id == job_id).order_by(run_table.c.id)
    return [Run(**row._mapping) for row in connection.execute(query)]


def steps_of(connection: Connection, job_id: str) -> list[Step]:
    columns = [column for column in step_table.c if column.name != "n"]
    query = sa.select(*columns).where(step_table.c.job_id == job_id).order_by(step_table.c.n)
    return [Step(**row._mapping) for row in connection.execute(query)]


def log_lines(
    connection: Connection, job_id: str, *, after: int = 0, limit: int = 500
) -> list[LogLine]:
    query = (
        sa.select(
            log_table.c.seq, log_table.c.run_id, log_table.c.at, log_table.c.level, log_table.c.text
        )
        .where(log_table.c.job_id == job_id, log_table.c.seq > after)
        .order_by(log_table.c.seq)
        .limit(limit)
    )
    return [LogLine(**row._mapping) for row in connection.execute(query)]


def workers(connection: Connection) -> list[Worker]:
    query = sa.select(worker_table).order_by(worker_table.c.started_at)
    return [Worker(**row._mapping) for row in connection.execute(query)]
