"""The summary of an installation and of one run, for people and as JSON."""

import threading
from collections import Counter
from pathlib import Path
from typing import Any

from haina.app.progress import Outcome
from haina.catalogue.inventory import count_entries
from haina.compute import lake
from haina.coordination.organizations import list_organizations
from haina.kernel.platform import Platform
from haina.resources import collect, libraries
from haina.services.gateway import list_services


def summarise(platform: Platform, outcome: Outcome | None, peak_mb: float) -> dict[str, Any]:
    """The state of the installation, and the figures of this run."""
    with platform.database.read() as connection:
        found = [one for one in lake.datasets(connection) if one.current_version is not None]
        checked = libraries.summaries(connection)
        return {
            "agencies": sum(unit.kind == "agency" for unit in list_organizations(connection)),
            "sources": len(collect.list_sources(connection)),
            "tables": len(collect.list_tables(connection)),
            "datasets": dict(sorted(Counter(one.zone for one in found).items())),
            "entries": count_entries(connection),
            "rules": sum(one.rules for one in checked),
            "failed_rows": sum(one.failed_rows for one in checked),
            "quarantined_rows": sum(collect.quarantined_rows(connection).values()),
            "services": len(list_services(connection)),
            "rows_collected": outcome.rows_collected if outcome else 0,
            "seconds": outcome.seconds if outcome else {"total": 0.0},
            "failed_runs": _failed(outcome) if outcome else [],
            "peak_rss_mb": round(peak_mb, 1),
        }


def _failed(outcome: Outcome) -> list[str]:
    return [job.title for job in outcome.failed] + [f"等待推送 {one}" for one in outcome.late]


class MemoryWatch:
    """The highest memory of a process and all its descendants, looked at twice a second."""

    def __init__(self, root: int) -> None:
        self._root = root
        self.peak_mb = 0.0
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._run, daemon=True)

    def __enter__(self) -> "MemoryWatch":
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._stop.set()
        self._thread.join()

    def _run(self) -> None:
        while not self._stop.wait(0.5):
            self.peak_mb = max(self.peak_mb, tree_rss_mb(self._root))


def tree_rss_mb(root: int) -> float:
    """Resident memory of a process tree, MB (pages that processes share count for each)."""
    parents: dict[int, int] = {}
    pages: dict[int, int] = {}
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit():
            try:
                stat = (entry / "stat").read_text().rsplit(")", 1)[1].split()
            except OSError:
                continue
            parents[int(entry.name)] = int(stat[1])
            pages[int(entry.name)] = int(stat[21])
    return sum(pages[pid] for pid in pages if _descends(pid, root, parents)) * 4096 / 2**20


def _descends(pid: int, root: int, parents: dict[int, int]) -> bool:
    while pid not in (0, root):
        pid = parents.get(pid, 0)
    return pid == root
