"""Running everything once, with live progress, until nothing is left to do."""

import time
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field

from sqlalchemy.engine import Connection

from haina.kernel import jobs
from haina.kernel.ids import new_id
from haina.kernel.jobs import Job
from haina.kernel.platform import Platform
from haina.resources import collect, libraries
from haina.services import gateway

STAGES = {
    collect.LOAD: "collect",
    collect.LOAD_SOURCE: "collect",
    collect.MEND: "collect",
    libraries.CONFORM: "conform",
    libraries.BUILD: "build",
    gateway.SERVE: "serve",
}
STAGE_TITLES = {"collect": "采集", "conform": "标准化与检核", "build": "加工", "serve": "服务副本"}


@dataclass
class Outcome:
    """What one run of everything did. `seconds` by stage: from its first start to its last end.
    `late`: titles of tables whose agency was waited for, and did not push."""

    batch: str
    done: int = 0
    failed: list[Job] = field(default_factory=list)
    late: list[str] = field(default_factory=list)
    rows_collected: int = 0
    seconds: dict[str, float] = field(default_factory=dict)


@dataclass(frozen=True)
class Now:
    """How far a batch is, by stage: (ended, known so far), and what is being done."""

    stages: dict[str, tuple[int, int]]
    running: list[str]
    rows: int


def request_loads(
    platform: Platform, *, only: str | None = None, missing: bool = False, cause: str
) -> tuple[str, int]:
    """Queue loads of all tables (of one source or table, or only those never loaded); the batch
    and how many."""
    batch = new_id()
    with platform.database.read() as connection:
        seen = collect.last_loads(connection) if missing else {}
        wanted = [
            table
            for table in collect.list_tables(connection)
            if (only is None or only in (table.name, table.source)) and table.name not in seen
        ]
    with platform.database.write() as connection:
        queued = [collect.request_load(connection, table, cause, batch=batch) for table in wanted]
    return batch, sum(job is not None for job in queued)


def wait(
    platform: Platform,
    batch: str,
    show: Callable[[Now], None],
    tick: Callable[[], None] = lambda: None,
) -> Outcome:
    """Wait until the batch, and all that follows from it, has ended."""
    started = time.monotonic()
    quiet = 0
    while quiet < 3:
        tick()
        now, busy = _look(platform, batch)
        show(now)
        quiet = 0 if busy else quiet + 1
        time.sleep(0.3)
    outcome = _outcome(platform, batch)
    outcome.seconds["total"] = round(time.monotonic() - started, 2)
    return outcome


def _look(platform: Platform, batch: str) -> tuple[Now, bool]:
    from haina.kernel.outbox import waiting

    with platform.database.read() as connection:
        found = _all(connection, batch)
        # What the batch set off may have been queued without its name by the regular sweep.
        busy = bool(jobs.active_jobs(connection)) or waiting(connection)
    ended, known = Counter[str](), Counter[str]()
    for job in found:
        stage = STAGES.get(job.kind, job.kind)
        known[stage] += 1
        ended[stage] += job.state not in ("queued", "running")
    running = [job.title for job in found if job.state == "running"]
    rows = sum((job.result or {}).get("rows", 0) for job in found if job.kind == collect.LOAD)
    return Now({name: (ended[name], known[name]) for name in known}, running, rows), busy


def _all(connection: Connection, batch: str) -> list[Job]:
    found: list[Job] = []
    before = None
    while True:
        page = jobs.list_jobs(connection, batch=batch, before=before, limit=500)
        found += page.jobs
        before = page.next_before
        if before is None:
            return found


def _outcome(platform: Platform, batch: str) -> Outcome:
    with platform.database.read() as connection:
        found = _all(connection, batch)
    outcome = Outcome(batch)
    for stage in STAGE_TITLES:
        mine = [job for job in found if STAGES.get(job.kind) == stage and job.ended_at]
        if mine:
            first = min(job.started_at or job.created_at for job in mine)
            last = max(job.ended_at for job in mine if job.ended_at)
            outcome.seconds[stage] = round((last - first).total_seconds(), 2)
    outcome.done = sum(job.state == "done" for job in found)
    outcome.failed = [job for job in found if job.state in ("failed", "cancelled")]
    outcome.rows_collected = sum(
        (job.result or {}).get("rows", 0) for job in found if job.kind == collect.LOAD
    )
    return outcome
