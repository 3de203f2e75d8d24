"""The job queue: leases, fences, steps, schedules; its state is rows of the platform database.

A job is enqueued in the transaction of the act that wants it. A worker claims it with a lease and
a fence number; when the lease ends another worker takes it over with a higher fence, and whatever
the first one still tries to write is refused.
"""

from haina.kernel.jobs.context import JobContext
from haina.kernel.jobs.contracts import (
    CANCELLED,
    LEASE_LOST,
    Job,
    JobKind,
    LogLine,
    NewJob,
    Page,
    Postponed,
    Run,
    Step,
    Worker,
)
from haina.kernel.jobs.queries import (
    active_jobs,
    cancel,
    count_by_state,
    enqueue,
    get_job,
    list_jobs,
    log_lines,
    retry,
    runs_of,
    steps_of,
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
    "Job",
    "JobContext",
    "JobKind",
    "LogLine",
    "NewJob",
    "Page",
    "Postponed",
    "Run",
    "Runner",
    "ScheduleInput",
    "Step",
    "Worker",
    "active_jobs",
    "cancel",
    "check_schedule",
    "count_by_state",
    "due_schedules",
    "enqueue",
    "get_job",
    "list_jobs",
    "log_lines",
    "put_schedule",
    "remove_schedule",
    "retry",
    "runs_of",
    "schedules",
    "steps_of",
    "workers",
]
