"""Asks a source in a process of its own: bounded in time and memory, two at a time.

Why not a job: whoever tests a connection waits for the answer, and must not wait behind loads of
hours; a driver that hangs cannot be stopped inside a worker, but a process can be killed.
"""

import json
import os
import signal
import subprocess
import sys
import threading
from collections.abc import Mapping
from typing import Any

from haina.kernel.database import forbid_transaction
from haina.kernel.errors import INTERNAL, HainaError, kinds
from haina.kernel.platform import Platform
from haina.resources.collect import deliveries
from haina.resources.collect.connecting.drafts import Draft, opened_block
from haina.resources.collect.connecting.errors import TOO_MANY_PROBES, TOO_MUCH, TOO_SLOW

_SECONDS = {"tables": 60.0, "rows": 40.0}
_AT_ONCE = threading.BoundedSemaphore(2)
_WAIT_SECONDS = 10.0
# Not for a process that reads what strangers wrote.
_OURS = ("secret_key", "database")


def find_tables(platform: Platform, draft: Draft) -> dict[str, Any]:
    """Try the connection, and list {tables, more}. Raises the kinds' own errors, and connect_…"""
    return dict(_ask(platform, draft, {"do": "tables"}))


def find_rows(
    platform: Platform, draft: Draft, table: str, rows: int, bound: list[dict[str, Any]]
) -> dict[str, Any]:
    """Some rows of a table as text: {columns, rows, rejects, verdicts, looks}; `bound`: what its
    columns are held to (see judging). Raises the kinds' own errors."""
    what = {"do": "rows", "table": table, "rows": rows, "bound": bound}
    return dict(_ask(platform, draft, what))


def _ask(platform: Platform, draft: Draft, what: Mapping[str, Any]) -> Any:
    forbid_transaction("a probe of a source")
    kind, block, folder = _read_as(platform, draft)
    seconds = _SECONDS[str(what["do"])]
    request = {
        **what,
        "kind": kind,
        "inbox": draft.way == "folder",
        "connection": block,
        "settings": _settings(platform, folder),
        "secrets": [text for name, text in block.items() if name in draft.secrets and text],
        "memory_mb": platform.settings.worker_memory_mb + 1024,
        "seconds": seconds,
    }
    if not _AT_ONCE.acquire(timeout=_WAIT_SECONDS):
        raise TOO_MANY_PROBES()
    try:
        return _answer(_run(json.dumps(request).encode(), seconds))
    finally:
        _AT_ONCE.release()


def _read_as(platform: Platform, draft: Draft) -> tuple[str, dict[str, Any], str | None]:
    """Kind and connection to ask by, and the one folder that may be read if there is a file."""
    block = opened_block(platform, draft)
    if draft.upload is None:
        return draft.kind, block, None
    path = draft.upload.kept(platform).path
    if draft.way == "push":
        kind = deliveries.kind_by_ending(path)
        return kind, {"path": str(path)}, str(path.parent)
    return draft.kind, {**block, "path": str(path)}, str(path.parent)


def _settings(platform: Platform, folder: str | None) -> dict[str, Any]:
    plain = platform.settings.model_dump(mode="json", exclude=set(_OURS))
    return plain if folder is None else {**plain, "source_files": [folder]}


def _run(request: bytes, seconds: float) -> bytes:
    """Raises HainaError(connect_too_slow, connect_too_much)."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("HAINA_")}
    command = [sys.executable, "-m", "haina.resources.collect.connecting.probe"]
    with subprocess.Popen(  # noqa: S603 — this very program
        command,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        env=kept,
        start_new_session=True,  # what it starts itself (ssh) ends with it
    ) as child:
        try:
            text, _ = child.communicate(request, timeout=seconds)
        except BaseException as late:
            os.killpg(child.pid, signal.SIGKILL)
            if isinstance(late, subprocess.TimeoutExpired):
                raise TOO_SLOW(f"{seconds:.0f} 秒没有回答,已停止探查") from None
            raise
    if child.returncode != 0 or not text:
        raise TOO_MUCH()
    return text


def _answer(text: bytes) -> Any:
    answer = json.loads(text)
    if "value" in answer:
        return answer["value"]
    said = answer["error"]
    kind = next((one for one in kinds() if one.code == said["code"]), INTERNAL)
    raise HainaError(
        kind, said["message"], field=said["field"], hint=said["hint"], details=said["details"]
    )
