"""`haina up`: supervisor, first users, packs, one run with progress, summary, serving.

The children are started before anything that they do not wait for is even imported: on two cores
what this process loads is what the server would have to share with.
"""

import fcntl
import json
import os
import socket
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from haina.app.screen import console, show_plan
from haina.app.signals import Told
from haina.app.supervisor import ALREADY_UP, PORT_TAKEN, Supervisor
from haina.kernel.errors import UNAVAILABLE
from haina.kernel.settings import Settings

if TYPE_CHECKING:
    from haina.app.progress import Outcome
    from haina.kernel.platform import Platform


def bring_up(
    settings: Settings,
    *,
    folders: list[Path],
    run: bool,
    leave: bool,
    summary: Path | None,
    pushed: list[str],
) -> int:
    """The whole of `haina up`; the exit code. Who waits for what agencies push must serve."""
    outcome: Outcome | None = None
    with _only_one(settings):
        serves = not leave or bool(run and pushed)
        if serves:
            _refuse_taken_port(settings)
        (settings.home / "files").mkdir(exist_ok=True)  # where people put their own files
        supervisor = Supervisor(settings, server=serves)
        supervisor.start()
        try:
            platform = _opened(settings, supervisor)
            outcome = _fill(platform, folders, run=run, summary=summary, pushed=pushed)
            if not leave:
                _serve(settings)
        finally:
            supervisor.stop()
    return 3 if outcome is not None and (outcome.failed or outcome.late) else 0


def _opened(settings: Settings, supervisor: Supervisor) -> "Platform":
    from haina.kernel.platform import open_platform

    platform = open_platform(settings)
    supervisor.fold(platform.database)
    return platform


def _fill(
    platform: "Platform", folders: list[Path], *, run: bool, summary: Path | None, pushed: list[str]
) -> "Outcome | None":
    """People, declarations and data, as far as they are missing; how the run went, if one did."""
    from haina.app.migrate import migrate

    started = time.monotonic()
    migrate(platform)
    _show_first(platform)
    _apply(platform, folders)
    if not (run or pushed or summary):
        return None

    from haina.app.running import check_pushed, run_all, show_summary
    from haina.app.summary import MemoryWatch, summarise

    outcome = None
    with MemoryWatch(os.getpid()) as memory:
        check_pushed(platform, pushed)
        if run:
            outcome = run_all(platform, missing=True, cause="首次启动", pushed=pushed)
            outcome.seconds["total"] = round(time.monotonic() - started, 2)
        found = summarise(platform, outcome, memory.peak_mb)
    if run:
        show_summary(found)
    if summary is not None:
        summary.write_text(json.dumps(found, ensure_ascii=False, indent=2) + "\n")
    return outcome


@contextmanager
def _only_one(settings: Settings) -> Iterator[None]:
    settings.home.mkdir(parents=True, exist_ok=True, mode=0o700)
    with (settings.home / "up.lock").open("w") as handle:
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise ALREADY_UP(f"{settings.home} 已有一个 haina up 在运行") from None
        yield


def _refuse_taken_port(settings: Settings) -> None:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((settings.host, settings.port))
        except OSError as error:
            raise PORT_TAKEN(
                f"{settings.host}:{settings.port} 不能使用:{error.strerror}", field="HAINA_PORT"
            ) from None


def _show_first(platform: "Platform") -> None:
    from haina.security.access import ROLE_TITLES, Role, first_users

    chosen = first_users(platform)
    if not chosen:
        return
    console.print("首次启动,已建立账号(只显示这一次):")
    for name, password in chosen.items():
        console.print(f"  {ROLE_TITLES[Role(name)]}  {name}  {password}", markup=False)
    kept = platform.settings.home / "first-sign-in"
    console.print(f"口令也保存在 {kept},首次登录须修改。", markup=False)


def _apply(platform: "Platform", folders: list[Path]) -> None:
    if not folders:
        return
    from haina import packs

    for folder in folders:
        made = packs.apply(platform, folder, "terminal:up")
        if not made.quiet:
            created = sum(one.action == "create" for one in made.changes)
            if created > 20:
                console.print(f"应用包「{made.pack.spec.title}」:新增 {created} 处定义")
            else:
                show_plan(made, as_json=False, done=True)


def _serve(settings: Settings) -> None:
    address = f"http://{settings.host}:{settings.port}"
    told = Told()
    _await_ready(address, told)
    if not told.stop:
        console.print(f"海纳已就绪:{address}  (Ctrl+C 停止)", markup=False)
    while not told.stop:
        time.sleep(0.2)


def _await_ready(address: str, told: Told) -> None:
    end = time.monotonic() + 60
    while not told.stop:
        time.sleep(0.1)
        try:
            with urllib.request.urlopen(f"{address}/api/system/health", timeout=2):  # noqa: S310
                return
        except (urllib.error.URLError, OSError):
            if time.monotonic() > end:
                raise UNAVAILABLE(
                    "服务在一分钟内没有起来", hint="看 HAINA_HOME/haina.log。"
                ) from None
