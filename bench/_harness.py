"""What every bench shares: ours and the other by turns, memory of a whole family of processes, and
one JSON object a figure."""

import json
import os
import statistics
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[1]
PEERS = ROOT / ".peers" / "bin" / "python"

Act = Callable[[], object]


@dataclass(frozen=True)
class Pair:
    """Seconds of one turn each."""

    ours: float
    against: float

    @property
    def ratio(self) -> float:
        """How many times as fast as the other we were."""
        return self.against / self.ours


def timed(act: Act) -> float:
    """Seconds that it took."""
    started = time.perf_counter()
    act()
    return time.perf_counter() - started


def by_turns(ours: Act, against: Act, pairs: int = 5, *, name: str = "") -> list[Pair]:
    """Both in the same minute on the same machine, who begins changing; each pair is printed."""
    found = []
    for turn in range(pairs):
        if turn % 2:
            other, own = timed(against), timed(ours)
        else:
            own, other = timed(ours), timed(against)
        found.append(Pair(own, other))
        print(f"{name}:海纳 {own:.3f} 秒,对照 {other:.3f} 秒,{other / own:.2f} 倍", flush=True)
    return found


def median_ratio(pairs: list[Pair]) -> float:
    return statistics.median(one.ratio for one in pairs)


def report(
    figure: str,
    *,
    ours: float,
    against: float,
    ratio: float,
    at_least: float,
    peak_rss_mb: float,
    **also: Any,
) -> None:
    """Print the figure as the last line of its bench; `also`: what stands beside it."""
    row = {
        "figure": figure,
        "ours": round(ours, 3),
        "against": round(against, 3),
        "ratio": round(ratio, 3),
        "at_least": at_least,
        "peak_rss_mb": round(peak_rss_mb),
        **also,
    }
    print(json.dumps(row, ensure_ascii=False), flush=True)


def report_pairs(
    figure: str,
    pairs: list[Pair],
    amount: float,
    *,
    at_least: float,
    peak_rss_mb: float,
    **also: Any,
) -> None:
    """`amount` of rows (or calls) that both treated in a turn: the figure is rows a second."""
    report(
        figure,
        ours=amount / statistics.median(one.ours for one in pairs),
        against=amount / statistics.median(one.against for one in pairs),
        ratio=median_ratio(pairs),
        at_least=at_least,
        peak_rss_mb=peak_rss_mb,
        **also,
    )


class Memory:
    """The most that a process and all its children held at once, in MB: the sum of their PSS, which
    counts a page that several share once."""

    def __init__(self) -> None:
        self.peak_mb = 0.0

    def look(self, root: int) -> float:
        found = sum(pss_mb(pid) for pid in family(root))
        self.peak_mb = max(self.peak_mb, found)
        return found


@contextmanager
def memory_of(root: int | None = None, every: float = 0.05) -> Iterator[Memory]:
    """Watches `root` (by default this process) and its children while the block runs."""
    memory, stop = Memory(), threading.Event()
    pid = root or os.getpid()

    def watch() -> None:
        while not stop.wait(every):
            memory.look(pid)

    thread = threading.Thread(target=watch, daemon=True)
    thread.start()
    try:
        yield memory
    finally:
        stop.set()
        thread.join()
        memory.look(pid)


def family(root: int) -> list[int]:
    """A process and everything below it that is alive."""
    parents: dict[int, list[int]] = {}
    for stat in Path("/proc").glob("[0-9]*/stat"):
        try:
            fields = stat.read_text().rpartition(")")[2].split()
        except OSError:
            continue
        parents.setdefault(int(fields[1]), []).append(int(stat.parent.name))
    found, waiting = [], [root]
    while waiting:
        one = waiting.pop()
        found.append(one)
        waiting += parents.get(one, [])
    return found


def pss_mb(pid: int) -> float:
    """Of a process, each page shared by n counted as one n-th; 0 when it is gone."""
    try:
        text = Path(f"/proc/{pid}/smaps_rollup").read_text()
    except OSError:
        return 0.0
    lines = (line.split() for line in text.splitlines())
    return next((int(line[1]) / 1024 for line in lines if line[0] == "Pss:"), 0.0)


def peer(script: Path, *arguments: str) -> dict[str, Any]:
    """Run a peer's script in the peers' environment; the JSON object of its last line.
    `make bench` makes that environment; nothing in it may call home."""
    if not PEERS.exists():
        raise SystemExit("no peers here: run `make .peers/ready`")
    done = subprocess.run(
        [str(PEERS), str(script), *arguments],
        capture_output=True,
        text=True,
        check=False,
        env={
            **os.environ,
            "GX_ANALYTICS_ENABLED": "false",
            "RUNTIME__DLTHUB_TELEMETRY": "false",
            "DO_NOT_TRACK": "1",
        },
    )
    if done.returncode != 0:
        raise SystemExit(f"{script.name}\n{done.stdout[-2_000:]}{done.stderr[-4_000:]}")
    answer: dict[str, Any] = json.loads(done.stdout.strip().splitlines()[-1])
    return answer


def child(module: str, *arguments: str) -> dict[str, Any]:
    """Run one of our own benches' parts in a fresh process; the JSON object of its last line."""
    done = subprocess.run(
        [sys.executable, "-m", module, *arguments],
        cwd=ROOT,
        stdout=subprocess.PIPE,
        text=True,
        check=False,
    )
    if done.returncode != 0:
        raise SystemExit(f"{module} {' '.join(arguments)}\n{done.stdout[-2_000:]}")
    answer: dict[str, Any] = json.loads(done.stdout.strip().splitlines()[-1])
    return answer
