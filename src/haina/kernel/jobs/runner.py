"""A worker's engine room: slots that execute jobs, a heartbeat that keeps their leases."""

import os
import resource
import socket
import threading
import time
import traceback
from datetime import timedelta

from haina.kernel import clock
from haina.kernel.disk import DISK_KINDS, disk_error
from haina.kernel.errors import INTERNAL, HainaError
from haina.kernel.ids import new_id
from haina.kernel.jobs import contracts, queries, reading_queries
from haina.kernel.jobs.context import JobContext
from haina.kernel.jobs.contracts import Job, JobKind, Worker
from haina.kernel.platform import Platform

_FLUSH_SECONDS = 0.5
_IDLE_SECONDS = 0.2
# A job may outlive this many workers: more and it is the job that kills them.
_MOST_DEATHS = 10
_DISK_PAUSE = timedelta(minutes=1)


class Runner:
    """Executes jobs of the kinds it knows until it is stopped."""

    def __init__(
        self, platform: Platform, kinds: list[JobKind], *, slots: int, lease_seconds: float = 30.0
    ) -> None:
        self.id = new_id()
        self._platform = platform
        self._kinds = {kind.name: kind for kind in kinds}
        self._slots = slots
        self._lease = timedelta(seconds=lease_seconds)
        self._stop = threading.Event()
        self._wake = threading.Condition()
        self._active: dict[str, JobContext] = {}
        self._active_lock = threading.Lock()
        self._started_at = clock.now()
        self._threads: list[threading.Thread] = []

    def start(self) -> None:
        self._see()
        targets = [self._beat, *[self._work] * self._slots]
        self._threads = [threading.Thread(target=target, daemon=True) for target in targets]
        for thread in self._threads:
            thread.start()

    def stop(self, *, patience: float = 5.0) -> None:
        """Ask jobs to stop; what has not ended in time is taken over when its lease ends."""
        self._stop.set()
        with self._active_lock:
            contexts = list(self._active.values())
        for context in contexts:
            context.halt()
        end = time.monotonic() + patience
        for thread in self._threads:
            thread.join(max(0.0, end - time.monotonic()))
        with self._platform.database.write() as connection:
            queries.forget_worker(connection, self.id)

    def run_next(self) -> bool:
        """Execute one job in this thread; False when none is due."""
        with self._active_lock:
            mine = [context.job.id for context in self._active.values()]
        claimed = queries.claim(
            self._platform.database, self.id, self._lease, list(self._kinds), besides=mine
        )
        if claimed is None:
            return False
        job, run_id = claimed
        context = JobContext(self._platform, job, run_id, self.id)
        with self._active_lock:
            self._active[run_id] = context
        try:
            self._execute(context)
        finally:
            with self._active_lock:
                del self._active[run_id]
        return True

    def _work(self) -> None:
        while not self._stop.is_set():
            try:
                if not self.run_next():
                    self._stop.wait(_IDLE_SECONDS)
            except Exception:  # noqa: BLE001 — a database that is away must not end the worker
                traceback.print_exc()
                self._stop.wait(2.0)

    def _execute(self, context: JobContext) -> None:
        kind = self._kinds[context.job.kind]
        before = _peak_mb()
        try:
            if context.job.attempts > max(context.job.max_attempts, _MOST_DEATHS):
                raise INTERNAL("工作进程在执行中消失,且已到重试次数上限")
            result = kind.handler(context)
        except contracts.Postponed as wait:
            self._postpone(context, wait)
        except HainaError as error:
            self._fail(context, error)
        except Exception as error:  # noqa: BLE001 — becomes the job's outcome
            context.log(traceback.format_exc(), "debug")
            unexpected = INTERNAL(f"执行中出现意外({type(error).__name__}),详见日志")
            self._fail(context, disk_error(error) or unexpected)
        else:
            self._end(context, "done", result=result or {}, peak_mb=max(before, _peak_mb()))

    def _fail(self, context: JobContext, error: HainaError) -> None:
        if error.kind is contracts.LEASE_LOST or context.lost.is_set():
            return
        if error.kind is contracts.CANCELLED or context.stop.is_set():
            self._stopped(context)
            return
        context.log(error.message, "error")
        if error.kind in DISK_KINDS:
            self._await_disk(context, error)
            return
        again = error.status >= 500 and context.job.attempts < context.job.max_attempts
        pause = timedelta(seconds=min(300, 2**context.job.attempts))
        self._end(
            context,
            "failed",
            error=error.as_dict(),
            retry_at=clock.now() + pause if again else None,
        )

    def _await_disk(self, context: JobContext, error: HainaError) -> None:
        """A disk that is full or away is no fault of the job: it waits for as long as that lasts,
        says why, and goes on by itself."""
        context.progress(None, f"{error.message};{error.hint}")
        pause = min(_DISK_PAUSE, 2 * self._lease)
        retry_at = clock.now() + pause
        self._end(context, "failed", error=error.as_dict(), retry_at=retry_at, counts=False)

    def _postpone(self, context: JobContext, wait: contracts.Postponed) -> None:
        context.log(wait.message)
        context.progress(None, wait.message)
        self._end(context, "cancelled", retry_at=wait.until, counts=False)

    def _stopped(self, context: JobContext) -> None:
        """Cancelled by a person: it ends. Stopped with its worker: it waits for another."""
        error = contracts.CANCELLED().as_dict()
        if self._was_asked(context.job):
            self._end(context, "cancelled", error=error)
        else:
            self._end(context, "cancelled", error=error, retry_at=clock.now(), counts=False)

    def _was_asked(self, job: Job) -> bool:
        with self._platform.database.read() as connection:
            return reading_queries.get_job(connection, job.id).cancel_requested

    def _end(self, context: JobContext, state: str, **values: object) -> None:
        try:
            self._flush(context)
            with self._platform.database.write() as connection:
                queries.finish(connection, context.job, self.id, context.run_id, state, **values)  # type: ignore[arg-type]
        except HainaError as error:
            if error.kind is not contracts.LEASE_LOST:
                raise

    def _beat(self) -> None:
        last = 0.0
        while not self._stop.wait(_FLUSH_SECONDS):
            renew = time.monotonic() - last > self._lease.total_seconds() / 3
            try:
                self._beat_once(renew=renew)
            except Exception:  # noqa: BLE001 — the next beat tries again; the lease decides
                traceback.print_exc()
            if renew:
                last = time.monotonic()

    def _beat_once(self, *, renew: bool) -> None:
        with self._active_lock:
            contexts = list(self._active.values())
        for context in contexts:
            try:
                self._flush(context, renew=renew)
            except HainaError:
                context.lost.set()
        if renew:
            self._see()

    def _flush(self, context: JobContext, *, renew: bool = False) -> None:
        """Write what the job said; look whether it was asked to stop."""
        said = context.take_said()
        if said is None and not renew and not self._asked_to_stop(context):
            return
        lines, values = said if said is not None else ([], {})
        if queries.renew(self._platform.database, self.id, context.job, self._lease, **values):
            context.halt()
        if lines:
            with self._platform.database.write() as connection:
                queries.add_log(connection, context.job.id, context.run_id, lines)

    def _asked_to_stop(self, context: JobContext) -> bool:
        if self._stop.is_set():
            context.halt()
        return not context.stop.is_set() and self._was_asked(context.job)

    def _see(self) -> None:
        me = Worker(
            self.id,
            socket.gethostname(),
            os.getpid(),
            self._slots,
            self._started_at,
            clock.now(),
            _peak_mb(),
        )
        with self._platform.database.write() as connection:
            queries.see_worker(connection, me)


def _peak_mb() -> float:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
