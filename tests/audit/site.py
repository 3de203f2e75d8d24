"""A served installation, and people who write to it and remember what they were promised."""

import hashlib
import itertools
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx

from haina.kernel.platform import Platform
from haina.security.access.guard import COOKIE
from tests.app.support_http import Prepared
from tests.audit import county
from tests.support.packs import id_number
from tests.support.processes import Process, free_port, kill_group, start, wait_until

HEADER = "XH,SFZH,XM,XB,CSRQ\n"


def client(port: int, prepared: Prepared, role: str = "operator") -> httpx.Client:
    return httpx.Client(
        base_url=f"http://127.0.0.1:{port}",
        cookies={COOKIE: prepared.tokens[role]},
        timeout=60,
        trust_env=False,
    )


def healthy(port: int) -> bool:
    try:
        return httpx.get(f"http://127.0.0.1:{port}/api/system/health", trust_env=False).is_success
    except httpx.HTTPError:
        return False


def serve(platform: Platform, port: int, log: Path, extra: dict[str, str] | None = None) -> Process:
    """The server alone, answering."""
    environment = {**county.surroundings(platform, port=port, web=log.parent), **(extra or {})}
    process = start("haina.app.server", environment, log)
    wait_until(lambda: healthy(port) or process.poll() is not None, 120, "the start of the server")
    assert process.poll() is None, log.read_text()[-2000:]
    return process


@contextmanager
def served(platform: Platform, log: Path, extra: dict[str, str] | None = None) -> Iterator[int]:
    """The port of a server that is ended afterwards."""
    port = free_port()
    process = serve(platform, port, log, extra)
    try:
        yield port
    finally:
        kill_group(process)


@dataclass
class Promises:
    """What was asked for and what was acknowledged."""

    asked: Counter[str] = field(default_factory=Counter)
    kept: Counter[str] = field(default_factory=Counter)
    keys: set[str] = field(default_factory=set)
    disabled: set[str] = field(default_factory=set)
    titles: list[tuple[str, bool]] = field(default_factory=list)
    deliveries: dict[str, str] = field(default_factory=dict)


class People:
    """Three of them, who write as fast as they are answered until they are told to stop."""

    def __init__(self, prepared: Prepared, promises: Promises) -> None:
        self._prepared, self.promises = prepared, promises
        self._numbers = itertools.count(int(time.time() * 1e6))
        self._stop = threading.Event()
        self._threads: list[threading.Thread] = []

    def start(self, port: int) -> None:
        self._stop.clear()
        acts = (self._keep_keys, self._edit, self._deliver, self._call)
        self._threads = [
            threading.Thread(target=self._repeat, args=(act, port), daemon=True) for act in acts
        ]
        for thread in self._threads:
            thread.start()

    def stop(self) -> None:
        self._stop.set()
        for thread in self._threads:
            thread.join(90)

    def _repeat(self, act: Callable[[httpx.Client], None], port: int) -> None:
        with client(port, self._prepared) as web:
            while not self._stop.is_set():
                try:
                    act(web)
                except httpx.HTTPError:
                    time.sleep(0.05)  # killed: what was under way was not acknowledged

    def _keep_keys(self, web: httpx.Client) -> None:
        self.promises.asked["key"] += 1
        body = {"title": f"应用{next(self._numbers)}", "services": ["person"]}
        answer = web.post("/api/services/keys", json=body)
        if answer.is_success:
            key = answer.json()["id"]
            self.promises.keys.add(key)
            self.promises.kept["key"] += 1
            if web.delete(f"/api/services/keys/{key}").is_success:
                self.promises.disabled.add(key)

    def _edit(self, web: httpx.Client) -> None:
        title = f"金额{next(self._numbers)}"
        self.promises.asked["edit"] += 1
        self.promises.titles.append((title, False))
        body = {"name": "money", "title": title, "type": "decimal", "grade": 3, "mask": "hide"}
        answer = web.put("/api/definitions/element:money", json=body)
        assert answer.status_code < 500, answer.text
        if answer.is_success:
            self.promises.titles[-1] = (title, True)
            self.promises.kept["edit"] += 1

    def _deliver(self, web: httpx.Client) -> None:
        number = str(next(self._numbers))
        text = f"{HEADER}{number},{id_number(7)},张,男,1957-08-08\n".encode()
        self.promises.asked["delivery"] += 1
        answer = web.post(
            "/api/deliveries/person", params={"file": "a.csv", "number": number}, content=text
        )
        assert answer.status_code < 500, answer.text
        if answer.is_success:
            self.promises.deliveries[number] = hashlib.sha256(text).hexdigest()
            self.promises.kept["delivery"] += 1

    def _call(self, web: httpx.Client) -> None:
        self.promises.asked["call"] += 1
        answer = web.get(
            "/data/person",
            params={"id_number": id_number(1)},
            headers={"Authorization": f"Bearer {self._prepared.key}"},
        )
        if answer.is_success or answer.status_code == 429:
            self.promises.kept["call"] += 1


def broken_promises(platform: Platform, promises: Promises, before: Counter[Any]) -> list[str]:
    """What was acknowledged and is not there, or was done by halves. `before`: the acts that were
    in evidence at the beginning."""
    from tests.audit.state import acts_of

    with platform.database.read() as connection:
        rows = connection.exec_driver_sql
        keys = {row[0]: bool(row[1]) for row in rows("SELECT id, disabled FROM service_key")}
        deliveries = {row[0]: row[1] for row in rows("SELECT number, digest FROM delivery")}
        title = rows("SELECT title FROM standard WHERE name = 'money'").scalar()
        calls = rows("SELECT count(*) FROM service_call").scalar() or 0
    told = [f"key {one}" for one in promises.keys - set(keys)]
    told += [f"disabled {one}" for one in promises.disabled if not keys.get(one)]
    told += [
        f"delivery {number}"
        for number, digest in promises.deliveries.items()
        if deliveries.get(number) != digest
    ]
    told += _files_missing(platform)
    kept = [place for place, (_, done) in enumerate(promises.titles) if done]
    last = promises.titles[kept[-1] :] if kept else []  # none promised: the old one may stand
    if last and title not in {one for one, _ in last}:
        told.append(f"title {title} is none of {last}")
    if not promises.kept["call"] <= calls:
        told.append(f"{calls} calls of {promises.kept['call']}")
    done = Counter[str]()
    for (_, act, _), count in (acts_of(platform) - before).items():
        done[act] += count
    for act, name in (("delivery.receive", "delivery"), ("definition.edit", "edit")):
        if not promises.kept[name] <= done[act] <= promises.asked[name]:
            told.append(f"{done[act]} acts {act}; {promises.kept[name]} of {promises.asked[name]}")
    return told


def _files_missing(platform: Platform) -> list[str]:
    with platform.database.read() as connection:
        rows = connection.exec_driver_sql("SELECT id, digest FROM delivery").fetchall()
    told = []
    for number, digest in rows:
        files = list((platform.settings.home / "deliveries" / number).glob("*"))
        if [hashlib.sha256(one.read_bytes()).hexdigest() for one in files] != [digest]:
            told.append(f"file of delivery {number}")
    return told
