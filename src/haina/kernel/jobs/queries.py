"""SQL that changes the tables of the job queue; what only looks is in reading_queries.py."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection, Row
from sqlalchemy.exc import IntegrityError

from haina.kernel import clock
from haina.kernel.database import Database
from haina.kernel.ids import new_id
from haina.kernel.jobs import contracts
from haina.kernel.jobs.contracts import Cause, Job, NewJob, Worker
from haina.kernel.jobs.reading_queries import JOB_COLUMNS, as_job, get_job
from haina.kernel.jobs.tables import (
    cause_table,
    job_table,
    log_table,
    run_table,
    step_table,
    worker_table,
)


def enqueue(connection: Connection, new: NewJob) -> str | None:
    """Add a job in the caller's transaction; None when one with its dedupe key already waits."""
    moment = clock.now()
    if new.dedupe is not None and _waits(connection, new.dedupe):
        return None
    job_id = new_id()
    connection.execute(
        job_table.insert().values(
            id=job_id,
            kind=new.kind,
            title=new.title,
            payload=new.payload,
            state="queued",
            cause=new.cause,
            subject=new.subject,
            batch=new.batch,
            priority=new.priority,
            due_at=new.due_at or moment,
            attempts=0,
            max_attempts=new.max_attempts,
            lock_key=new.lock,
            dedupe_key=new.dedupe,
            fence=0,
            cancel_requested=False,
            created_at=moment,
        )
    )
    _add_causes(connection, job_id, new.causes)
    return job_id


def _add_causes(
    connection: Connection, job_id: str, causes: Sequence[Cause], start: int = 0
) -> None:
    rows = [
        {
            "job_id": job_id,
            "n": n,
            "kind": cause.kind,
            "object": cause.object,
            "version": cause.version,
            "before": cause.before,
            "by_job": cause.job,
        }
        for n, cause in enumerate(causes, start)
    ]
    if rows:
        connection.execute(cause_table.insert(), rows)


def _note_cause(connection: Connection, job_id: str, cause: Cause) -> None:
    """One more reason for a job that is there already."""
    count = sa.select(sa.func.count()).where(cause_table.c.job_id == job_id)
    _add_causes(connection, job_id, [cause], connection.execute(count).scalar_one())


def _waits(connection: Connection, dedupe: str) -> bool:
    query = sa.select(job_table.c.id).where(
        job_table.c.dedupe_key == dedupe, job_table.c.state == "queued"
    )
    return connection.execute(query).first() is not None


def claim(
    database: Database,
    worker: str,
    lease: timedelta,
    kinds: list[str],
    *,
    besides: Sequence[str] = (),
) -> tuple[Job, str] | None:
    """Take the next due job, or one whose lease has ended; the job and the id of its new run.

    `besides`: jobs that the worker still has in its hands. When the clock jumps ahead their leases
    seem to have ended, but nobody knows better than the worker that they are not orphaned.
    """
    try:
        with database.write() as connection:
            row = connection.execute(_next_job(kinds, besides)).first()
            return None if row is None else _take(connection, row, worker, lease)
    except IntegrityError:
        return None  # another worker took a job of the same lock between our look and our mark


def _next_job(kinds: list[str], besides: Sequence[str]) -> sa.Select[Any]:
    moment = clock.now()
    other = job_table.alias("other")
    held = sa.exists().where(
        other.c.state == "running",
        other.c.lock_key == job_table.c.lock_key,
        other.c.id != job_table.c.id,
    )
    ready = sa.and_(job_table.c.state == "queued", job_table.c.due_at <= moment)
    orphaned = sa.and_(job_table.c.state == "running", job_table.c.lease_until < moment)
    return (
        sa.select(*JOB_COLUMNS)
        .where(
            job_table.c.kind.in_(kinds),
            job_table.c.id.not_in(besides),
            sa.or_(ready, orphaned),
            ~held,
        )
        .order_by(job_table.c.priority, job_table.c.due_at, job_table.c.id)
        .limit(1)
        .with_for_update(skip_locked=True)
    )


def _take(connection: Connection, row: Row[Any], worker: str, lease: timedelta) -> tuple[Job, str]:
    moment, run_id = clock.now(), new_id()
    if row.state == "running":
        connection.execute(
            run_table.update()
            .where(run_table.c.job_id == row.id, run_table.c.state == "running")
            .values(state="failed", ended_at=moment, error=contracts.LEASE_LOST().as_dict())
        )
    changed = connection.execute(
        job_table.update()
        .where(job_table.c.id == row.id)
        .values(
            state="running",
            owner=worker,
            fence=row.fence + 1,
            attempts=row.attempts + 1,
            lease_until=moment + lease,
            started_at=row.started_at or moment,
            ended_at=None,
        )
        .returning(*JOB_COLUMNS)
    ).one()
    connection.execute(
        run_table.insert().values(
            id=run_id,
            job_id=row.id,
            attempt=row.attempts + 1,
            worker=worker,
            state="running",
            started_at=moment,
        )
    )
    return as_job(changed), run_id


def _mine(job: Job, worker: str) -> sa.ColumnElement[bool]:
    return sa.and_(
        job_table.c.id == job.id,
        job_table.c.owner == worker,
        job_table.c.fence == job.fence,
        job_table.c.state == "running",
    )


def assert_mine(connection: Connection, job: Job, worker: str) -> None:
    """Refuse the writes of a worker whose job was taken over. Raises HainaError(lease_lost)."""
    query = sa.select(job_table.c.id).where(_mine(job, worker)).with_for_update()
    if connection.execute(query).first() is None:
        raise contracts.LEASE_LOST()


def renew(database: Database, worker: str, job: Job, lease: timedelta, **values: Any) -> bool:
    """Lengthen the lease; True when the job was asked to stop. Raises HainaError(lease_lost)."""
    with database.write() as connection:
        row = connection.execute(
            job_table.update()
            .where(_mine(job, worker))
            .values(lease_until=clock.now() + lease, **values)
            .returning(job_table.c.cancel_requested)
        ).first()
    if row is None:
        raise contracts.LEASE_LOST()
    return bool(row.cancel_requested)


def finish(
    connection: Connection,
    job: Job,
    worker: str,
    run_id: str,
    state: str,
    *,
    result: dict[str, Any] | None = None,
    error: dict[str, Any] | None = None,
    retry_at: datetime | None = None,
    peak_mb: float | None = None,
    counts: bool = True,
) -> None:
    """End this run; with `retry_at` the job waits for another. Raises HainaError(lease_lost).

    `counts` False: the run was stopped through no fault of the job, and is not a try.
    """
    assert_mine(connection, job, worker)
    moment = clock.now()
    values: dict[str, Any] = {"owner": None, "lease_until": None, "result": result, "error": error}
    if retry_at is None:
        values |= {"state": state, "ended_at": moment, "progress": 1.0 if state == "done" else None}
    else:
        values |= {"state": "queued", "due_at": retry_at}
        if not counts:
            values |= {"attempts": job.attempts - 1, "error": error if state == "failed" else None}
        _drop_dedupe_if_taken(connection, job)
    connection.execute(job_table.update().where(job_table.c.id == job.id).values(**values))
    connection.execute(
        run_table.update()
        .where(run_table.c.id == run_id)
        .values(state=state, ended_at=moment, error=error, peak_mb=peak_mb)
    )


def _drop_dedupe_if_taken(connection: Connection, job: Job) -> None:
    """A twin that was queued while we ran keeps the key; we go back to the queue without it."""
    own = sa.select(job_table.c.dedupe_key).where(job_table.c.id == job.id).scalar_subquery()
    twin = sa.select(job_table.c.id).where(
        job_table.c.dedupe_key == own, job_table.c.state == "queued"
    )
    if connection.execute(twin).first() is not None:
        connection.execute(
            job_table.update().where(job_table.c.id == job.id).values(dedupe_key=None)
        )


def begin_step(connection: Connection, job: Job, name: str, n: int, *, kept: bool = False) -> None:
    """A step that an earlier attempt began keeps its output: what was noted there still holds."""
    values = {"n": n, "state": "running", "started_at": clock.now(), "ended_at": None, "kept": kept}
    changed = connection.execute(
        step_table.update()
        .where(step_table.c.job_id == job.id, step_table.c.name == name)
        .values(**values)
    )
    if changed.rowcount == 0:
        connection.execute(step_table.insert().values(job_id=job.id, name=name, **values))


def end_step(
    connection: Connection,
    job: Job,
    name: str,
    state: str,
    *,
    rows_in: int | None = None,
    rows_out: int | None = None,
    output: dict[str, Any] | None = None,
) -> None:
    connection.execute(
        step_table.update()
        .where(step_table.c.job_id == job.id, step_table.c.name == name)
        .values(
            state=state, ended_at=clock.now(), rows_in=rows_in, rows_out=rows_out, output=output
        )
    )


def add_log(
    connection: Connection, job_id: str, run_id: str, lines: list[tuple[datetime, str, str]]
) -> None:
    if lines:
        connection.execute(
            log_table.insert(),
            [
                {"job_id": job_id, "run_id": run_id, "at": at, "level": level, "text": text}
                for at, level, text in lines
            ],
        )


def cancel(connection: Connection, job_id: str) -> Job:
    """A waiting job ends at once; a running one is asked to stop. Raises HainaError(job_ended)."""
    job = get_job(connection, job_id)
    if job.state == "queued":
        values: dict[str, Any] = {
            "state": "cancelled",
            "ended_at": clock.now(),
            "error": contracts.CANCELLED().as_dict(),
        }
    elif job.state == "running":
        values = {"cancel_requested": True}
    else:
        raise contracts.NOT_CANCELLABLE(f"作业「{job.title}」已结束", field="job")
    connection.execute(job_table.update().where(job_table.c.id == job_id).values(**values))
    return get_job(connection, job_id)


def retry(connection: Connection, job_id: str, cause: str, by: str | None = None) -> Job:
    """Queue an ended job again; steps that are kept are not repeated. `by`: who asked."""
    job = get_job(connection, job_id)
    if job.state not in ("failed", "cancelled"):
        raise contracts.NOT_RETRYABLE(f"作业「{job.title}」没有失败", field="job")
    _drop_dedupe_if_taken(connection, job)
    connection.execute(
        job_table.update()
        .where(job_table.c.id == job_id)
        .values(
            state="queued",
            cause=cause,
            due_at=clock.now(),
            ended_at=None,
            error=None,
            cancel_requested=False,
            max_attempts=job.attempts + 3,
        )
    )
    _note_cause(connection, job_id, Cause("retry", by))
    return get_job(connection, job_id)


def see_worker(connection: Connection, worker: Worker) -> None:
    """Put or refresh a worker's row; forget the ones not seen for a day."""
    connection.execute(
        worker_table.delete().where(
            sa.or_(
                worker_table.c.id == worker.id,
                worker_table.c.seen_at < clock.now() - timedelta(days=1),
            )
        )
    )
    connection.execute(worker_table.insert().values(**worker.__dict__))


def forget_worker(connection: Connection, worker_id: str) -> None:
    connection.execute(worker_table.delete().where(worker_table.c.id == worker_id))
