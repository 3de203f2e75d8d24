"""python -m simulation.systems --out DIR --divisions data.sqlite [-- COMMAND …]

Keeps the systems up in the foreground: until it is told to stop, until its parent is gone, or as
long as COMMAND runs, which is started once they answer and finds in its environment how to reach
them. Its exit code is the command's. SIGUSR1 (or --pass-day from beside) lets a day pass.
"""

from __future__ import annotations

import argparse
import fcntl
import json
import os
import shlex
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from pathlib import Path
from types import FrameType

from simulation.systems.access import ENVIRONMENT
from simulation.systems.books import MANIFEST, Books, identity, make_books, read_books
from simulation.systems.programs import find_programs
from simulation.systems.pusher import Pusher
from simulation.systems.running import Systems
from simulation.systems.servers import BrokenSystemError

RUNNING, MISSING = "running.pid", 4
BEAT = 0.2


def arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        prog="simulation.systems", description="让各部门的系统运行起来(数据库、接口、文件服务器)"
    )
    parser.add_argument("--check", action="store_true", help="只看缺不缺服务器程序;缺则退出码 4")
    parser.add_argument("--out", type=Path, help="系统的目录")
    parser.add_argument("--divisions", type=Path, help="全国行政区划 data.sqlite")
    parser.add_argument("--persons", type=int, default=120_000, help="人口数")
    parser.add_argument("--seed", type=int, default=20260801, help="随机种子")
    parser.add_argument("--day", type=date.fromisoformat, default=date(2026, 11, 22), help="基准日")
    parser.add_argument("--pass-day", action="store_true", help="让正在运行的系统过一天")
    parser.add_argument("--platform", default="", help="平台地址,如 http://127.0.0.1:8000")
    parser.add_argument("--key-command", default="", help="发推送密钥的命令,打印含 key 的 JSON")
    parser.add_argument("command", nargs="*", help="系统起来后运行的命令(写在 -- 之后)")
    found = parser.parse_args()
    if not found.check and (found.out is None or not (found.pass_day or found.divisions)):
        parser.error("须写明 --out 和 --divisions")
    return found


def tell(words: str) -> None:
    print(words, file=sys.stderr, flush=True)


def check() -> int:
    """What is missing, in words."""
    missing = find_programs().missing
    if not missing:
        return 0
    tell(
        f"这台机器缺少 {'、'.join(missing)},实时对接(数据库、SFTP、接口、推送)不演示,"
        "其余照常。装上再 make run 即有:make machine,或 sudo apt-get install -y "
        + " ".join(missing)
    )
    return MISSING


class Told:
    """What signals ask for; they only leave a note."""

    def __init__(self) -> None:
        self.stop: signal.Signals | None = None
        self.asked = 0
        self.days = 0
        self._parent = os.getppid()
        for name in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            signal.signal(name, self._stop)
        signal.signal(signal.SIGUSR1, self._day)

    def look(self) -> None:
        """A parent that is gone counts as a word to stop."""
        if self.stop is None and os.getppid() != self._parent:
            self._stop(signal.SIGTERM, None)

    def _stop(self, number: int, _: FrameType | None) -> None:
        self.stop = signal.Signals(number)
        self.asked += 1

    def _day(self, _number: int, _frame: FrameType | None) -> None:
        self.days += 1


@contextmanager
def only_one(folder: Path) -> Iterator[None]:
    """The systems of a folder run once; its file says where."""
    folder.mkdir(parents=True, exist_ok=True)
    with (folder / RUNNING).open("a+") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise BrokenSystemError(f"{folder} 的系统已在运行") from None
        file.truncate(0)
        file.write(str(os.getpid()))
        file.flush()
        yield
        file.truncate(0)


def books_of(args: argparse.Namespace, folder: Path) -> Books:
    made_of = identity(args.persons, args.seed, args.day)
    return read_books(folder, made_of) or make_books(folder, args.divisions, made_of)


def run(args: argparse.Namespace) -> int:
    """Raises BrokenSystemError."""
    told, folder, started = Told(), args.out.absolute(), time.monotonic()
    with only_one(folder):
        programs = find_programs()
        if programs.missing:
            return check()
        systems = Systems.of(folder, programs, books_of(args, folder), tell)
        if args.platform and args.key_command:
            key_command = shlex.split(args.key_command)
            systems.pusher = Pusher(folder, args.platform, key_command)
        try:
            systems.start()
            tell(
                f"部门的系统已起来({time.monotonic() - started:.0f} 秒):PostgreSQL、MariaDB、"
                f"SFTP、HTTP 接口;连接方式在 {folder / ENVIRONMENT}"
            )
            return _stay(systems, args.command, told)
        finally:
            systems.stop()


def _stay(systems: Systems, command: list[str], told: Told) -> int:
    """Until the command ends, we are told to stop, or nobody waits for us any more."""
    child = _begin(systems, command) if command and told.stop is None else None
    forwarded = 0
    while child is None or child.poll() is None:
        told.look()
        if told.stop is not None and child is None:
            return 128 + told.stop if command else 0
        if told.stop is not None and child is not None and told.asked > forwarded:
            forwarded = told.asked
            child.send_signal(told.stop)
        _pass_days(systems, told)
        systems.watch()
        time.sleep(BEAT)
    return child.returncode if child.returncode >= 0 else 128 - child.returncode


def _pass_days(systems: Systems, told: Told) -> None:
    while told.days:
        told.days -= 1
        try:
            systems.pass_day()
            tell(f"各系统过了一天(第 {systems.books.turns} 天)")
        except BrokenSystemError as broken:
            tell(f"这一天没有过完:{broken}")


def _begin(systems: Systems, command: list[str]) -> subprocess.Popen[bytes]:
    """In a session of its own, so that Ctrl+C reaches it once, through us; told of our death."""
    words = [systems.programs.setpriv, "--pdeathsig", "TERM", "--", *command]
    environment = {**os.environ, **systems.access.environment(systems.folder)}
    return subprocess.Popen(words, env=environment, start_new_session=True)  # noqa: S603


def pass_day(folder: Path) -> int:
    """Raises BrokenSystemError where nothing runs."""
    pid = _running(folder)
    if pid is None:
        raise BrokenSystemError(f"{folder} 的系统没有在运行")
    before = _turn(folder)
    os.kill(pid, signal.SIGUSR1)
    end = time.monotonic() + 60
    while _turn(folder) == before or (folder / "filled").read_text("utf-8") != _mark(folder):
        if time.monotonic() > end:
            raise BrokenSystemError("等了一分钟,这一天还没有过完")
        time.sleep(BEAT)
    return 0


def _running(folder: Path) -> int | None:
    """Whose lock it is: a number that a killed process left behind may be anybody's by now."""
    if not (folder / RUNNING).exists():
        return None
    with (folder / RUNNING).open("r+") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            text = file.read()
            return int(text) if text else None
    return None


def _manifest(folder: Path) -> dict[str, object]:
    found: dict[str, object] = json.loads((folder / MANIFEST).read_text("utf-8"))
    return found


def _turn(folder: Path) -> object:
    return _manifest(folder)["turn"]


def _mark(folder: Path) -> str:
    told = {name: one for name, one in _manifest(folder).items() if name != "tables"}
    return json.dumps(told, sort_keys=True)


def main() -> int:
    args = arguments()
    try:
        if args.check:
            return check()
        return pass_day(args.out.absolute()) if args.pass_day else run(args)
    except BrokenSystemError as broken:
        tell(f"错误:{broken}")
        return 1


if __name__ == "__main__":
    raise SystemExit(main())
