"""The job queue: leases, fences, steps, schedules; its state is rows of the platform database.

A job is enqueued in the transaction of the act that wants it. A worker claims it with a lease and
a fence number; when the lease ends another worker takes it over with a higher fence, and whatever
the first one still tries to write is refused.
"""

from haina.kernel.jobs.context import JobContext
from haina.kernel.jobs.contracts import (
    CANCELLED,
    LEASE_LOST,
    Bar,
    Cause,
    Job,
    JobFilter,
    JobKind,
    LogLine,
    NewJob,
    Page,
    Postponed,
    Run,
    Step,
    Waiting,
    Worker,
)
from haina.kernel.jobs.jumps import after_jump
from haina.kernel.jobs.queries import cancel, enqueue, retry
from haina.kernel.jobs.reading_queries import (
    active_jobs,
    bars_of,
    causes_of,
    count_by_state,
    find_jobs,
    get_job,
    jobs_by_id,
    last_done,
    list_jobs,
    log_lines,
    newest_by_subject,
    runs_of,
    set_off_by,
    steps_of,
    waiting_by_kind,
    workers,
)
from haina.kernel.jobs.runner import Runner
from haina.kernel.jobs.schedules import (
    ScheduleInput,
    check_schedule,
    due_schedules,
    put_schedule,
    remove_schedule,
    schedules,
)

__all__ = [
    "CANCELLED",
    "LEASE_LOST",
    "Bar",
    "Cause",
    "Job",
    "JobContext",
    "JobFilter",
    "JobKind",
    "LogLine",
    "NewJob",
    "Page",
    "Postponed",
    "Run",
    "Runner",
    "ScheduleInput",
    "Step",
    "Waiting",
    "Worker",
    "active_jobs",
    "after_jump",
    "bars_of",
    "cancel",
    "causes_of",
    "check_schedule",
    "count_by_state",
    "due_schedules",
    "enqueue",
    "find_jobs",
    "get_job",
    "jobs_by_id",
    "last_done",
    "list_jobs",
    "log_lines",
    "newest_by_subject",
    "put_schedule",
    "remove_schedule",
    "retry",
    "runs_of",
    "schedules",
    "set_off_by",
    "steps_of",
    "waiting_by_kind",
    "workers",
]
