"""What stands around a run: why it was queued, and what it set off."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.engine import Connection

from haina.compute import lake
from haina.kernel import jobs
from haina.kernel.jobs import Cause, Job

_SHOWN = 30


@dataclass(frozen=True)
class RunBrief:
    """A run, where another page names it."""

    id: str
    title: str
    kind: str
    state: str
    subject: str | None
    started_at: datetime | None
    ended_at: datetime | None


@dataclass(frozen=True)
class RunCause:
    """One reason. `kind`: first, recipe, input, schedule, person, retry; of an input `object` is
    the dataset, `title` its title, `version` the new one, `before` the one that was read last,
    and `run` the run that wrote it."""

    kind: str
    object: str | None
    title: str | None
    version: int | None
    before: int | None
    run: RunBrief | None


@dataclass(frozen=True)
class RunAround:
    """`set_off`: the first of the `set_off_count` runs that this one is a cause of. `batch`: the
    runs of the same batch, by state."""

    causes: list[RunCause]
    set_off: list[RunBrief]
    set_off_count: int
    batch: dict[str, int]


def around(connection: Connection, job_id: str) -> RunAround:
    """Raises HainaError(not_found)."""
    job = jobs.get_job(connection, job_id)
    causes = jobs.causes_of(connection, job_id)
    makers = jobs.jobs_by_id(connection, [cause.job for cause in causes if cause.job])
    after, count = jobs.set_off_by(connection, job_id, _SHOWN)
    batch = jobs.count_by_state(connection, batch=job.batch) if job.batch else {}
    return RunAround(
        [_cause(connection, cause, makers) for cause in causes],
        [_brief(one) for one in after],
        count,
        batch,
    )


def _cause(connection: Connection, cause: Cause, makers: dict[str, Job]) -> RunCause:
    maker = makers.get(cause.job or "")
    title = None
    if cause.kind == "input" and cause.object:
        title = lake.titles(connection, [cause.object]).get(cause.object)
    brief = _brief(maker) if maker else None
    return RunCause(cause.kind, cause.object, title, cause.version, cause.before, brief)


def _brief(job: Job) -> RunBrief:
    return RunBrief(
        job.id, job.title, job.kind, job.state, job.subject, job.started_at, job.ended_at
    )
