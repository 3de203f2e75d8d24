"""The runner behind `make audit`: what has passed on this tree is not run again; every result is
written down at once; the last results become a table of docs/reference/reliability.md.

`.audit/results.jsonl`: one line a trial, {trial, title, tree, commit, outcome, seconds, counted,
seed, at}. `ANEW=1` runs everything again.
"""

import hashlib
import json
import os
import platform
import subprocess
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest

from haina.kernel.clock import SHANGHAI

ROOT = Path(__file__).parents[2]
RESULTS = ROOT / ".audit" / "results.jsonl"
PAGE = ROOT / "docs" / "reference" / "reliability.md"
BEGIN, END = "<!-- audit:begin -->", "<!-- audit:end -->"
# What the outcome of a trial depends on.
_TREE = (
    "src",
    "packs",
    "simulation",
    "tests/audit",
    "tests/crash",
    "tests/support",
    "pyproject.toml",
)


def tree_of(root: Path = ROOT) -> str:
    """A digest of everything that a trial runs on, committed or not."""
    listed = _git("ls-files", "-co", "--exclude-standard", "--", *_TREE).splitlines()
    found = hashlib.sha256()
    for name in sorted(listed):
        path = root / name
        if path.is_file():
            found.update(name.encode() + b"\0" + hashlib.sha256(path.read_bytes()).digest())
    return found.hexdigest()[:16]


def recorded(results: Path = RESULTS) -> dict[str, dict[str, Any]]:
    """The last result of each trial. A line that a kill cut short is no result."""
    last: dict[str, dict[str, Any]] = {}
    for line in results.read_text("utf-8").splitlines() if results.exists() else []:
        try:
            one = json.loads(line)
        except ValueError:
            continue
        last[one["trial"]] = one
    return last


def record(one: dict[str, Any], results: Path = RESULTS) -> None:
    """Durable before the next trial begins."""
    results.parent.mkdir(exist_ok=True)
    whole = not results.exists() or results.read_bytes()[-1:] in (b"", b"\n")
    with results.open("ab") as out:
        out.write((b"" if whole else b"\n") + json.dumps(one, ensure_ascii=False).encode() + b"\n")
        out.flush()
        os.fsync(out.fileno())


class Auditor:
    """A plugin of pytest: skips what has passed, records what runs."""

    def __init__(self, results: Path = RESULTS, page: Path = PAGE, tree: str | None = None) -> None:
        self.results, self.page = results, page
        self.tree, self.commit = tree or tree_of(), _git("rev-parse", "--short", "HEAD")
        self.titles: dict[str, str] = {}
        self.earlier = 0

    @pytest.hookimpl(trylast=True)
    def pytest_collection_modifyitems(
        self, config: pytest.Config, items: list[pytest.Item]
    ) -> None:
        passed = set() if os.environ.get("ANEW") else self._passed()
        done = [one for one in items if one.nodeid in passed]
        self.earlier = len(done)
        self.titles = {one.nodeid: _title(one) for one in items}
        if done:
            config.hook.pytest_deselected(items=done)
            items[:] = [one for one in items if one.nodeid not in passed]

    def _passed(self) -> set[str]:
        return {
            trial
            for trial, one in recorded(self.results).items()
            if (one["tree"], one["outcome"]) == (self.tree, "passed")
        }

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        if report.when != "call" and report.passed:
            return
        counted = dict(report.user_properties)
        record(
            {
                "trial": report.nodeid,
                "title": self.titles.get(report.nodeid, report.nodeid),
                "tree": self.tree,
                "commit": self.commit,
                "outcome": report.outcome,
                "seconds": round(report.duration, 1),
                "seed": counted.pop("seed", None),
                "counted": counted,
                "at": datetime.now(SHANGHAI).isoformat(timespec="seconds"),
            },
            self.results,
        )

    def pytest_terminal_summary(self, terminalreporter: Any) -> None:
        rows = list(self._rows())
        text = table_of(rows)
        terminalreporter.write_line(f"\n{self.earlier} 项此前已在同样的代码上通过,未重做\n{text}")
        write_page(text, rows, self.commit, self.page)

    def _rows(self) -> Iterator[dict[str, Any]]:
        """The last results on this tree."""
        yield from (one for one in recorded(self.results).values() if one["tree"] == self.tree)


def pytest_configure(config: pytest.Config) -> None:
    config.pluginmanager.register(Auditor(), "haina-auditor")


def table_of(rows: list[dict[str, Any]]) -> str:
    """Markdown: one line for all pieces of a trial."""
    groups: dict[tuple[str, str], list[dict[str, Any]]] = {}
    for one in rows:
        groups.setdefault((one["trial"].split("[")[0], one["title"]), []).append(one)
    lines = ["| 试验 | 次数 | 结果 | 用时(秒) | 试验代码 |", "|---|---|---|---|---|"]
    for (trial, title), pieces in groups.items():
        lines.append(
            f"| {title} | {_counts(pieces)} | {_outcome(pieces)} "
            f"| {sum(one['seconds'] for one in pieces):.0f} | `{trial}` |"
        )
    return "\n".join(lines)


def _counts(pieces: list[dict[str, Any]]) -> str:
    totals: dict[str, int] = {}
    for one in pieces:
        for name, count in one["counted"].items():
            totals[name] = totals.get(name, 0) + int(count)
    return ",".join(f"{name} {count:,}" for name, count in totals.items()) or str(len(pieces))


def _outcome(pieces: list[dict[str, Any]]) -> str:
    words = {"passed": "通过", "failed": "未通过", "skipped": "没有条件做"}
    found: dict[str, int] = {}
    for one in pieces:
        found[words[one["outcome"]]] = found.get(words[one["outcome"]], 0) + 1
    if len(found) == 1:
        return next(iter(found))
    return ",".join(f"{count} 份{word}" for word, count in found.items())


def write_page(text: str, rows: list[dict[str, Any]], commit: str, page: Path) -> None:
    """Put the table between the markers; the rest of the page is written by people."""
    if not rows or not page.exists():
        return
    before, _, rest = page.read_text("utf-8").partition(BEGIN)
    _, _, after = rest.partition(END)
    cores, spent = os.cpu_count(), sum(one["seconds"] for one in rows) / 60
    day = max(one["at"] for one in rows)[:10]
    machine = f"{platform.machine()},{cores} 核,Linux {platform.release().split('-')[0]}"
    head = f"{day},{machine};代码 {commit};合计 {spent:.0f} 分钟。"
    page.write_text(f"{before}{BEGIN}\n{head}\n\n{text}\n{END}{after}", "utf-8")


def _title(item: pytest.Item) -> str:
    """The first line of what the trial says of itself."""
    said = getattr(getattr(item, "obj", None), "__doc__", None) or item.name
    return str(said).strip().splitlines()[0].rstrip("。.").replace("|", "/")


def _git(*arguments: str) -> str:
    done = subprocess.run(
        ["git", *arguments], cwd=ROOT, capture_output=True, text=True, check=False
    )
    return done.stdout.strip()
