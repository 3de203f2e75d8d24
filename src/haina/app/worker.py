"""`haina worker`: executes jobs, delivers events, starts what is due."""

import threading
import time
import traceback
from datetime import timedelta

from haina.app.bootstrap import (
    event_handlers,
    job_kinds,
    open_engine,
    open_installation,
    put_own_schedules,
)
from haina.app.signals import Told
from haina.app.supervisor import orphaned
from haina.kernel import jobs, outbox
from haina.kernel.jobs import Runner, due_schedules
from haina.kernel.outbox import Dispatcher
from haina.kernel.platform import Platform
from haina.kernel.settings import Settings, load
from haina.resources import collect
from haina.resources.libraries import request_stale
from haina.security import access
from haina.services.gateway import request_copies

_TICK_SECONDS = 0.2
_SWEEP_SECONDS = 5.0


class Worker:
    """One worker: a runner for jobs and a clerk for events and schedules."""

    def __init__(self, platform: Platform, settings: Settings) -> None:
        self._platform = platform
        self._lease = timedelta(seconds=settings.lease_seconds)
        self.engine = open_engine(platform, warm=1)
        self.runner = Runner(
            platform,
            job_kinds(self.engine),
            slots=settings.worker_slots,
            lease_seconds=settings.lease_seconds,
        )
        self._dispatcher = Dispatcher(platform, event_handlers())
        self._stop = threading.Event()
        self._clerk = threading.Thread(target=self._keep_books, daemon=True)

    def start(self) -> None:
        put_own_schedules(self._platform)
        collect.sweep(self._platform)
        self.runner.start()
        self._clerk.start()

    def stop(self) -> None:
        self._stop.set()
        self.runner.stop()
        self._clerk.join(5.0)
        self.engine.close()

    def _keep_books(self) -> None:
        swept = 0.0
        while not self._stop.wait(_TICK_SECONDS):
            try:
                self._dispatcher.run_once()
                due_schedules(self._platform.database)
                if time.monotonic() - swept > _SWEEP_SECONDS:
                    swept = time.monotonic()
                    self._after_jump()
                    request_stale(self._platform)
                    request_copies(self._platform)
            except Exception:  # noqa: BLE001 — the books are kept again at the next tick
                traceback.print_exc()

    def _after_jump(self) -> None:
        """Whatever a clock set back would keep waiting, or alive, for as long as it jumped."""
        jobs.after_jump(self._platform.database, self._lease)
        outbox.after_jump(self._platform)
        access.after_jump(self._platform)


def main() -> None:
    """Run until told to stop, or until the parent that watches over us is gone."""
    settings = load()
    platform = open_installation(settings)
    worker = Worker(platform, settings)
    told = Told()
    worker.start()
    while not told.stop and not orphaned():
        time.sleep(0.2)
    worker.stop()
    platform.close()


if __name__ == "__main__":
    main()
