"""Point reads through the gateway (key checked, limit taken, answer looked up, call written down
durably before it is answered) against a constant answer from bare ASGI on the same server;
Datasette on the same table beside it. The load is `wrk`: 128 connections, keys by chance."""

import csv
import re
import shutil
import socket
import sqlite3
import statistics
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

from bench._harness import PEERS, ROOT, Memory, Pair, median_ratio, memory_of, report
from haina import packs
from haina.kernel.platform import Platform
from haina.services.gateway import add_key
from tests.support.installation import make_template, new_platform
from tests.support.packs import FILES, PERSON_HEADER, people, write_csv
from tests.support.processes import environment, free_port, kill_group, start, wait_until
from tests.support.running import run_all

ROWS = 100_000
SECONDS = 5
PAIRS = 5
CONNECTIONS = 128
AT_LEAST = 0.40

_SERVICE = """\
name: card
title: 人口卡片
kind: key
dataset: std.person
by: [no]
returns: [no, name, sex, birth_date]
per_minute: 1000000
"""
_PACK = ("pack.yaml", "organizations.yaml", "standards/codes.yaml", "standards/elements.yaml",
         "sources/hj.yaml")  # fmt: skip
_SCRIPT = """\
local path, suffix = "%s", "%s"
math.randomseed(os.time())
request = function() return wrk.format("GET", path .. math.random(1, %d) .. suffix) end
"""


def main() -> None:
    """Print the turns, then the figure."""
    program = shutil.which("wrk")
    if program is None:
        raise SystemExit("这台机器上没有 wrk:apt-get install wrk")
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        platform, key = _installation(folder)
        ours = stack.enter_context(_served(folder, "haina.app.server", platform))
        constant = stack.enter_context(_constant(folder))
        peer = stack.enter_context(_datasette(folder))
        loads = {
            "ours": Load(program, folder, f"{ours.url}/data/card?no=", key=key),
            "constant": Load(program, folder, f"{constant.url}/"),
            "datasette": Load(program, folder, f"{peer.url}/person/person/", suffix=".json"),
        }
        for one in loads.values():
            one.run(1)  # warm
        with memory_of(ours.pid) as memory:
            turns = [_turn(loads, turn) for turn in range(PAIRS)]
        _print_figure(turns, memory)


class Load:
    """One kind of call, again and again, for a while."""

    def __init__(
        self, program: str, folder: Path, url: str, *, suffix: str = "", key: str = ""
    ) -> None:
        base, _, rest = url.partition("//")[2].partition("/")
        self._script = folder / f"{abs(hash(url))}.lua"
        self._script.write_text(_SCRIPT % (f"/{rest}", suffix, ROWS))
        self._command = [
            program,
            "-t1",
            f"-c{CONNECTIONS}",
            "--timeout=30s",
            "-s",
            str(self._script),
        ]
        self._command += ["-H", f"Authorization: Bearer {key}"] if key else []
        self._base = f"http://{base}"

    def run(self, seconds: int) -> float:
        """Calls a second. Raises when one of them was not answered with 200."""
        command = [*self._command, f"-d{seconds}s", self._base]
        said = subprocess.run(command, capture_output=True, text=True, check=True).stdout
        if "Non-2xx" in said or "Socket errors" in said:
            raise SystemExit(f"{self._base}: {said}")
        found = re.search(r"Requests/sec:\s+([\d.]+)", said)
        assert found is not None, said
        return float(found[1])


def _turn(loads: dict[str, Load], turn: int) -> dict[str, float]:
    names = list(loads)
    found = {name: loads[name].run(SECONDS) for name in names[turn % 3 :] + names[: turn % 3]}
    print(
        f"每秒:海纳 {found['ours']:,.0f} 次,恒定答复 {found['constant']:,.0f} 次"
        f"({found['ours'] / found['constant']:.2f}),Datasette {found['datasette']:,.0f} 次",
        flush=True,
    )
    return found


def _print_figure(turns: list[dict[str, float]], memory: Memory) -> None:
    pairs = [Pair(1 / one["ours"], 1 / one["constant"]) for one in turns]
    beside = statistics.median(one["datasette"] for one in turns)
    report(
        "gateway",
        ours=statistics.median(one["ours"] for one in turns),
        against=statistics.median(one["constant"] for one in turns),
        ratio=median_ratio(pairs),
        at_least=AT_LEAST,
        peak_rss_mb=memory.peak_mb,
        datasette=round(beside),
    )


def _installation(folder: Path) -> tuple[Platform, str]:
    """The table, its service with a copy, and a key."""
    template = make_template(folder / "template")
    platform = new_platform(folder / "home", template=template)
    files = platform.settings.home / "files"
    files.mkdir()
    write_csv(files / "hj.csv", PERSON_HEADER, people(ROWS))
    pack = folder / "pack"
    for name in (*_PACK, "services/card.yaml"):
        path = pack / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(FILES.get(name, _SERVICE), encoding="utf-8")
    packs.apply(platform, pack, "bench")
    done = run_all(platform, patience=300)
    assert {one.state for one in done} == {"done"}, [one.error for one in done]
    return platform, add_key(platform, "bench", "压测", ["card"])[1]


class Served:
    """A server on a port of its own."""

    def __init__(self, pid: int, port: int) -> None:
        self.pid, self.port, self.url = pid, port, f"http://127.0.0.1:{port}"


@contextmanager
def _served(folder: Path, module: str, platform: Platform) -> Iterator[Served]:
    port = free_port()
    env = environment(platform.settings.home, port=port)
    process = start(module, env, folder / "server.log")
    try:
        wait_until(lambda: _listens(port), 30, module)
        yield Served(process.pid, port)
    finally:
        kill_group(process)


@contextmanager
def _constant(folder: Path) -> Iterator[Served]:
    port = free_port()
    process = start("bench._constant", environment(folder), folder / "constant.log", str(port))
    try:
        wait_until(lambda: _listens(port), 30, "the constant answer")
        yield Served(process.pid, port)
    finally:
        kill_group(process)


@contextmanager
def _datasette(folder: Path) -> Iterator[Served]:
    """The same rows, the number as primary key."""
    path, port = folder / "person.db", free_port()
    with sqlite3.connect(path) as file, (folder / "home/files/hj.csv").open() as rows:
        file.execute("CREATE TABLE person (no TEXT PRIMARY KEY, id, name, sex, birth_date)")
        file.executemany("INSERT INTO person VALUES (?, ?, ?, ?, ?)", list(csv.reader(rows))[1:])
    command = [
        str(PEERS.with_name("datasette")),
        "serve",
        "--immutable",
        str(path),
        "-p",
        str(port),
    ]
    with (folder / "datasette.log").open("wb") as log:
        process = subprocess.Popen(command, cwd=ROOT, stdout=log, stderr=log)
    try:
        wait_until(lambda: _listens(port), 60, "Datasette")
        yield Served(process.pid, port)
    finally:
        process.kill()
        process.wait(10)


def _listens(port: int) -> bool:
    with socket.socket() as probe:
        probe.settimeout(1)
        return probe.connect_ex(("127.0.0.1", port)) == 0


if __name__ == "__main__":
    main()
