"""From `haina up` to the first answer with the demonstration loaded, and what server and worker
hold once they are at rest. Limits of our own stand against them, for a start has no peer.

Memory is PSS. The pool of sandboxes is not counted: a waiting sandbox is there to be used up, and
the zygote is what the pool forks from; what they hold is printed beside it.
"""

import compileall
import statistics
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.error import URLError
from urllib.request import urlopen

from bench._demonstration import demonstration
from bench._harness import family, pss_mb, report
from tests.support.processes import ROOT, environment, free_port, kill_group, start

STARTS = 5
READY_SECONDS = 3.0
HELD_MB = 350
_REST_SECONDS = 8.0


def main() -> None:
    """Print each start, then one JSON object a figure."""
    compileall.compile_dir(ROOT / "src", quiet=1)  # as `make run` does
    with tempfile.TemporaryDirectory() as folder:
        home = demonstration(Path(folder))
        found = [_start(home) for _ in range(STARTS)]
    ready = statistics.median(one for one, _, _ in found)
    held = statistics.median(one for _, one, _ in found)
    pool = statistics.median(one for _, _, one in found)
    report(
        "start ready, s", ours=ready, against=READY_SECONDS, ratio=READY_SECONDS / ready,
        at_least=1, peak_rss_mb=held + pool,
    )  # fmt: skip
    report(
        "start memory, MB", ours=held, against=HELD_MB, ratio=HELD_MB / held,
        at_least=1, peak_rss_mb=held + pool, pool_mb=round(pool),
    )  # fmt: skip


def _start(home: Path) -> tuple[float, float, float]:
    """Seconds to the first answer; MB of server and worker; MB of their sandboxes."""
    with _up(home) as (ready, pid):
        time.sleep(_REST_SECONDS)
        server = worker = pool = 0.0
        for one in family(pid):
            command = Path(f"/proc/{one}/cmdline").read_text()
            server += pss_mb(one) if "haina.app.server" in command else 0
            worker += pss_mb(one) if "haina.app.worker" in command else 0
            pool += pss_mb(one) if "haina.compute.engines" in command else 0
    assert min(server, worker) > 0, "server and worker were not found"
    print(
        f"就绪 {ready:.2f} 秒;服务 {server:.0f} MB,工作进程 {worker:.0f} MB,沙箱池 {pool:.0f} MB",
        flush=True,
    )
    return ready, server + worker, pool


@contextmanager
def _up(home: Path) -> Iterator[tuple[float, int]]:
    port = free_port()
    began = time.perf_counter()
    process = start("haina", environment(home, port=port), home / "up.log", "up")
    try:
        _await_answer(f"http://127.0.0.1:{port}/api/system/health")
        yield time.perf_counter() - began, process.pid
    finally:
        kill_group(process, 15)
        process.wait(30)


def _await_answer(url: str) -> None:
    end = time.monotonic() + 60
    while time.monotonic() < end:
        try:
            with urlopen(url, timeout=2) as answer:
                assert answer.status == 200
            return
        except (URLError, OSError):
            time.sleep(0.02)
    raise SystemExit("一分钟内没有就绪")


if __name__ == "__main__":
    main()
