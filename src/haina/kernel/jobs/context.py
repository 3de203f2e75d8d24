"""What a job's handler holds in its hand: its payload, steps, progress, log, and its fence."""

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime
from typing import Any

from sqlalchemy.engine import Connection

from haina.kernel import clock
from haina.kernel.jobs import queries, reading_queries
from haina.kernel.jobs.contracts import CANCELLED, LEASE_LOST, Job
from haina.kernel.platform import Platform


class StepHandle:
    """A step in progress: say what went in and out of it."""

    def __init__(self) -> None:
        self.rows_in: int | None = None
        self.rows_out: int | None = None
        self.output: dict[str, Any] | None = None


class JobContext:
    """One execution of a job. Thread-safe: the heartbeat flushes what the handler says."""

    def __init__(self, platform: Platform, job: Job, run_id: str, worker: str) -> None:
        self.platform = platform
        self.job = job
        self.run_id = run_id
        self.worker = worker
        self.stop = threading.Event()
        self.lost = threading.Event()
        self._said = threading.Lock()
        self._lines: list[tuple[datetime, str, str]] = []
        self._progress: tuple[float | None, str | None] = (None, None)
        self._dirty = False
        self._steps = 0
        self._at_stop: list[Callable[[], None]] = []
        self._asked: set[str] = set()

    @property
    def payload(self) -> dict[str, Any]:
        return self.job.payload

    def halt(self) -> None:
        """Ask the handler to stop, and stop at once what it said may be stopped."""
        self.stop.set()
        with self._said:
            acts = list(self._at_stop)
        for act in acts:
            act()

    @contextmanager
    def stopping(self, act: Callable[[], None]) -> Iterator[None]:
        """While the block runs, `act` (from another thread) is how its work is stopped."""
        with self._said:
            self._at_stop.append(act)
        try:
            self.check()
            yield
        finally:
            with self._said:
                self._at_stop.remove(act)

    def check(self) -> None:
        """Stop here when the job was cancelled or taken over."""
        if self.lost.is_set():
            raise LEASE_LOST()
        if self.stop.is_set():
            raise CANCELLED()

    def log(self, text: str, level: str = "info") -> None:
        with self._said:
            self._lines.append((clock.now(), level, text))
            self._dirty = True

    def progress(self, part: float | None, message: str | None = None) -> None:
        """How far: 0 to 1, or None when unknown; and a few words."""
        with self._said:
            self._progress = (part, message)
            self._dirty = True

    @contextmanager
    def transaction(self) -> Iterator[Connection]:
        """A write transaction that only the present holder of the job can commit."""
        with self.platform.database.write() as connection:
            queries.assert_mine(connection, self.job, self.worker)
            yield connection

    def done_step(self, name: str) -> dict[str, Any] | None:
        """The output of a step that an earlier attempt finished. Who asks adopts it: the step is
        marked as one that a retry keeps."""
        self._asked.add(name)
        with self.platform.database.read() as connection:
            for step in reading_queries.steps_of(connection, self.job.id):
                if step.name == name and step.state == "done":
                    return step.output or {}
        return None

    @contextmanager
    def step(self, name: str) -> Iterator[StepHandle]:
        """Record a step. Its end is written by itself, after its effects: an attempt that dies
        between the two repeats the step, so effects must be idempotent (see compute.lake)."""
        self.check()
        handle = StepHandle()
        self._steps += 1
        with self.transaction() as connection:
            queries.begin_step(connection, self.job, name, self._steps, kept=name in self._asked)
        try:
            yield handle
        except BaseException:
            self._end_step(name, "failed", handle)
            raise
        self._end_step(name, "done", handle)

    def _end_step(self, name: str, state: str, handle: StepHandle) -> None:
        if self.lost.is_set():
            return
        with self.transaction() as connection:
            self.finish_step(connection, name, handle, state)

    def finish_step(
        self, connection: Connection, name: str, handle: StepHandle, state: str = "done"
    ) -> None:
        """End a step inside the transaction that publishes its effects."""
        queries.end_step(
            connection,
            self.job,
            name,
            state,
            rows_in=handle.rows_in,
            rows_out=handle.rows_out,
            output=handle.output,
        )

    def take_said(self) -> tuple[list[tuple[datetime, str, str]], dict[str, Any]] | None:
        """What was said since the last flush; None when nothing was."""
        with self._said:
            if not self._dirty:
                return None
            lines, self._lines = self._lines, []
            self._dirty = False
            part, message = self._progress
        return lines, {"progress": part, "message": message}
