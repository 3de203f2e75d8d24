"""What leaves the job queue: frozen pictures of jobs, runs, steps and log lines."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING, Any, Literal

from haina.kernel.errors import kind

if TYPE_CHECKING:
    from haina.kernel.jobs.context import JobContext

State = Literal["queued", "running", "done", "failed", "cancelled"]

LEASE_LOST = kind("lease_lost", 409, "这次执行已被别的工作进程接管", "无需处理:作业在别处继续。")
CANCELLED = kind("cancelled", 409, "作业已取消", "需要时可重新运行。")
NOT_CANCELLABLE = kind("job_ended", 409, "作业已结束", "已结束的作业不能取消;可以重试。")
NOT_RETRYABLE = kind("job_not_ended", 409, "作业尚未结束", "请等它结束,或先取消。")
UNKNOWN_KIND = kind("unknown_job_kind", 500, "不认识的作业种类", "工作进程的版本是否过旧?")


class Postponed(Exception):  # noqa: N818 — not an error: the job asks to be woken later
    """Raised by a handler that must not work now: the job waits until `until` and then goes on.

    It counts as no attempt; steps that are done stay done.
    """

    def __init__(self, until: datetime, message: str) -> None:
        super().__init__(message)
        self.until = until
        self.message = message


@dataclass(frozen=True)
class Cause:
    """One reason for a job, for programs. `kind`: first, recipe, input, schedule, person, retry.
    `object` is what changed (or who asked); `version` the one that it has now, `before` the one
    that was read last, `job` the job that made it so."""

    kind: str
    object: str | None = None
    version: int | None = None
    before: int | None = None
    job: str | None = None


@dataclass(frozen=True)
class NewJob:
    """A job to be done. `lock`: jobs of one lock never run together. `dedupe`: while one with
    this key waits, another is not added. `cause`: why, in words for people; `causes`: the same
    with links."""

    kind: str
    title: str
    payload: dict[str, Any] = field(default_factory=dict)
    cause: str = ""
    lock: str | None = None
    dedupe: str | None = None
    subject: str | None = None
    priority: int = 100
    max_attempts: int = 3
    due_at: datetime | None = None
    batch: str | None = None
    causes: tuple[Cause, ...] = ()


@dataclass(frozen=True)
class Job:
    id: str
    kind: str
    title: str
    payload: dict[str, Any]
    state: State
    cause: str
    subject: str | None
    batch: str | None
    attempts: int
    max_attempts: int
    fence: int
    progress: float | None
    message: str | None
    created_at: datetime
    due_at: datetime
    started_at: datetime | None
    ended_at: datetime | None
    result: dict[str, Any] | None
    error: dict[str, Any] | None
    cancel_requested: bool


@dataclass(frozen=True)
class Run:
    """One execution of a job."""

    id: str
    job_id: str
    attempt: int
    worker: str
    state: State
    started_at: datetime
    ended_at: datetime | None
    error: dict[str, Any] | None
    peak_mb: float | None


@dataclass(frozen=True)
class Step:
    """A named part of a job. `kept`: once done, a later attempt adopts it instead of repeating
    it; the others are computed again from the same inputs."""

    job_id: str
    name: str
    state: Literal["running", "done", "failed"]
    started_at: datetime
    ended_at: datetime | None
    rows_in: int | None
    rows_out: int | None
    output: dict[str, Any] | None
    kept: bool = False


@dataclass(frozen=True)
class LogLine:
    seq: int
    run_id: str
    at: datetime
    level: str
    text: str


@dataclass(frozen=True)
class Worker:
    id: str
    host: str
    pid: int
    slots: int
    started_at: datetime
    seen_at: datetime
    memory_mb: float | None


@dataclass(frozen=True)
class Page:
    """A piece of a list and the key to ask for the next one with."""

    jobs: list[Job]
    next_before: str | None


@dataclass(frozen=True)
class JobFilter:
    """Which jobs a list or a timeline shows. `text`: part of the title, the subject or the cause;
    `subjects`: one of these; `since`, `until`: at work in that time."""

    state: str | None = None
    kind: str | None = None
    subject: str | None = None
    batch: str | None = None
    text: str | None = None
    subjects: tuple[str, ...] | None = None
    since: datetime | None = None
    until: datetime | None = None


@dataclass(frozen=True)
class Bar:
    """A job as a timeline draws it. `rows`: what it wrote, when it says so."""

    id: str
    kind: str
    title: str
    state: State
    started_at: datetime
    ended_at: datetime | None
    rows: int | None


@dataclass(frozen=True)
class Waiting:
    """Jobs of a kind that wait for a worker."""

    kind: str
    count: int
    since: datetime


@dataclass(frozen=True)
class JobKind:
    """How a kind of job is executed; bound to its name in app/bootstrap."""

    name: str
    title: str
    handler: "Callable[[JobContext], dict[str, Any] | None]"
