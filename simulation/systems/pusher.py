"""消防's dispatch platform: posts its batches to the platform with a push key, and minds receipts.

A batch lies in a folder until its receipt says that it was taken in. All batches are sent at each
start: one that came before gets the receipt it had.
"""

from __future__ import annotations

import json
import subprocess
import sys
import threading
import urllib.error
import urllib.request
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from simulation.systems.access import write_private
from simulation.systems.books import Books
from simulation.systems.declare import Table, tables_of

KEY, RECEIPTS = "push.key", "receipts.json"
PAUSE = 1.0
# Answers that stay what they are however often the same batch is sent.
FINAL = (409, 413, 422)


class RefusedError(Exception):
    """The platform's answer to a request that it refuses: status and words."""

    def __init__(self, status: int, words: str) -> None:
        super().__init__(f"{status} {words}")
        self.status = status


@dataclass
class Pusher:
    """`key_command` prints JSON with a `key`: how the platform's administrator hands one out."""

    folder: Path
    site: str
    key_command: Sequence[str]
    batches: list[tuple[Table, str, bytes, int]] = field(default_factory=list)
    receipts: dict[str, dict[str, Any]] = field(default_factory=dict)
    _told: str = ""
    _stop: threading.Event = field(default_factory=threading.Event)
    _news: threading.Event = field(default_factory=threading.Event)
    _thread: threading.Thread | None = None

    def put(self, books: Books) -> None:
        """What there is to send; sent as soon as the platform answers."""
        self.batches = [
            (table, name, json.dumps(rows, ensure_ascii=False).encode(), len(rows))
            for table in tables_of("push")
            for name, rows in books.batches(table.name).items()
        ]
        self._news.set()

    def start(self) -> None:
        self._thread = threading.Thread(target=self._run, daemon=True)
        self._thread.start()

    def stop(self) -> None:
        self._stop.set()
        self._news.set()
        if self._thread is not None:
            self._thread.join(15)

    def _run(self) -> None:
        while not self._stop.is_set():
            self._news.wait()
            self._news.clear()
            while not self._stop.is_set() and not self._send_all():
                self._stop.wait(PAUSE)

    def _send_all(self) -> bool:
        """Whether nothing is left to be sent."""
        try:
            self._ask("GET", "/api/system/health")
            for table, name, body, rows in self.batches:
                if not self._settled(name):
                    self._send(table, name, body, rows)
            return all(self._settled(name) for _, name, _, _ in self.batches)
        except RefusedError as refused:
            if refused.status == 401:  # a key of another installation, or one withdrawn
                (self.folder / KEY).unlink(missing_ok=True)
            else:
                self._tell(f"119 推送被拒绝:{refused}")
                self._stop.wait(10 * PAUSE)
            return False
        except subprocess.CalledProcessError as failed:
            self._tell(f"119 推送还没有密钥:{failed.stderr.strip()[-300:]}")
            return False
        except ValueError as odd:
            self._tell(f"119 推送没有成功:{odd}")
            return False
        except (OSError, subprocess.SubprocessError):  # the platform is not there yet
            return False

    def _tell(self, words: str) -> None:
        """Once, however often it is tried again."""
        if words != self._told:
            self._told = words
            print(words, file=sys.stderr, flush=True)

    def _settled(self, name: str) -> bool:
        return self.receipts.get(name, {}).get("state") in ("loaded", "refused", "duplicate")

    def _send(self, table: Table, name: str, body: bytes, rows: int) -> None:
        known = self.receipts.get(name)
        said = {
            "Content-Type": "application/json",
            "Haina-Batch": name,
            "Haina-Statement": json.dumps({"rows": rows}),
        }
        try:
            receipt = (
                self._ask("POST", f"/push/{table.name}", body, said)
                if known is None
                else self._ask("GET", f"/push/receipts/{known['id']}")
            )
        except RefusedError as refused:
            if refused.status not in FINAL:
                raise
            receipt = {"state": "refused", "message": str(refused)}
        self.receipts[name] = receipt
        text = json.dumps(self.receipts, ensure_ascii=False, indent=1) + "\n"
        write_private(self.folder / RECEIPTS, text)
        if receipt["state"] == "refused":
            self._tell(f"119 推送的批次 {name} 没有被收下:{receipt['message']}")

    def _ask(
        self, method: str, path: str, body: bytes | None = None, said: dict[str, str] | None = None
    ) -> dict[str, Any]:
        headers = dict(said or {})
        if path.startswith("/push/"):
            headers["Authorization"] = f"Bearer {self._key()}"
        request = urllib.request.Request(  # noqa: S310 — the platform that we were told
            self.site + path, body, headers, method=method
        )
        # The platform is asked straight, whatever proxies this machine has.
        opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
        try:
            with opener.open(request, timeout=30) as answer:
                found: dict[str, Any] = json.load(answer)
                return found
        except urllib.error.HTTPError as refused:
            with refused:
                words = refused.read(2000).decode("utf-8", "replace")
            raise RefusedError(refused.code, words) from None

    def _key(self) -> str:
        """The key of earlier starts, or a new one from the platform's administrator."""
        kept = self.folder / KEY
        if not kept.exists():
            made = subprocess.run(  # noqa: S603 — the command that we were started with
                list(self.key_command), stdin=subprocess.DEVNULL, capture_output=True, text=True,
                check=True, timeout=120,
            )  # fmt: skip
            write_private(kept, str(json.loads(made.stdout)["key"]))
        return kept.read_text("utf-8").strip()
