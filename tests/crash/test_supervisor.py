"""The supervisor killed: its children end by themselves, and it may be started again."""

import os
import signal
import socket
import urllib.request
from pathlib import Path

import pytest

from haina.app.summary import _descends
from tests.conftest import MakePack
from tests.support.processes import environment, kill_group, start, wait_until

pytestmark = [pytest.mark.crash, pytest.mark.slow]


def _port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _healthy(port: int) -> bool:
    try:
        with urllib.request.urlopen(
            f"http://127.0.0.1:{port}/api/system/health", timeout=2
        ) as answer:
            return bool(answer.status == 200)
    except OSError:
        return False


def _children(root: int) -> set[int]:
    parents = {}
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit():
            try:
                parents[int(entry.name)] = int(
                    (entry / "stat").read_text().rsplit(")", 1)[1].split()[1]
                )
            except OSError:
                continue
    return {pid for pid in parents if pid != root and _descends(pid, root, parents)}


def _alive(pid: int) -> bool:
    try:
        return (Path("/proc") / str(pid) / "stat").read_text().rsplit(")", 1)[1].split()[0] != "Z"
    except OSError:
        return False


def test_children_do_not_outlive_their_supervisor(tmp_path: Path, tiny_pack: MakePack) -> None:
    home = tmp_path / "home"
    folder = tiny_pack(tmp_path / "pack", home / "files")
    port = _port()
    env = environment(home, port=port, web=tmp_path / "none")
    up = ("up", "--pack", str(folder), "--run")
    for _ in range(2):
        first = start("haina", env, tmp_path / "up.log", *up)
        try:
            wait_until(lambda: _healthy(port), 40, "the start")
            children = _children(first.pid)
            assert len(children) >= 2
            os.kill(first.pid, signal.SIGKILL)
            first.wait(5)
            wait_until(lambda: not any(map(_alive, children)), 40, "the end of the children")
            assert not _healthy(port)
        finally:
            kill_group(first)


def test_children_still_starting_notice_that_their_supervisor_died(tmp_path: Path) -> None:
    env = environment(tmp_path / "home", port=_port(), web=tmp_path / "none")
    up = start("haina", env, tmp_path / "up.log", "up")
    try:
        wait_until(lambda: bool(_children(up.pid)), 40, "the first child")
        children = _children(up.pid)
        os.kill(up.pid, signal.SIGKILL)
        up.wait(5)
        wait_until(lambda: not any(map(_alive, children)), 40, "the end of the children")
    finally:
        kill_group(up)


def test_a_killed_child_is_started_again(tmp_path: Path) -> None:
    home, port = tmp_path / "home", _port()
    env = environment(home, port=port, web=tmp_path / "none")
    up = start("haina", env, tmp_path / "up.log", "up")
    try:
        wait_until(lambda: _healthy(port), 40, "the start")
        for child in _children(up.pid):
            command = (Path("/proc") / str(child) / "cmdline").read_bytes()
            if b"haina.app.server" in command:
                os.kill(child, signal.SIGKILL)
        wait_until(lambda: not _healthy(port), 5, "the end of the server")
        wait_until(lambda: _healthy(port), 30, "the new server")
        os.kill(up.pid, signal.SIGTERM)
        assert up.wait(30) == 0
    finally:
        kill_group(up)
