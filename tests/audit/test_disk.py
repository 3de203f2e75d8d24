"""A disk that is full, read-only or not ours, files that are too few, seen from the doors: pages,
interfaces, the command line; and a worker on a small disk that fills up again and again."""

import errno
import json
import os
import random
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

import httpx
import pytest

from haina.app.progress import request_loads
from haina.kernel.platform import Platform
from tests.app.support_http import Prepared
from tests.audit import county
from tests.audit.conftest import Tell
from tests.audit.images import in_memory, new_disk, require_loop_mounts
from tests.audit.shim import Op, Shim
from tests.audit.site import HEADER, client, served
from tests.audit.state import acts_of, differences, state_of
from tests.audit.test_faults import (
    as_sets,
    errors_of,
    small,
    soon_quiet,
    wanted_of,
    working,
)
from tests.conftest import MakePack
from tests.crash.test_killed import nothing_is_wrong
from tests.support.commands import command
from tests.support.packs import id_number
from tests.support.processes import kill_group, wait_until

pytestmark = [pytest.mark.audit, pytest.mark.timeout(900)]

FILLINGS = 8
Acts = dict[str, tuple[str, str, dict[str, Any]]]
MONEY = {"name": "money", "type": "decimal", "grade": 3, "mask": "hide"}
ACTS: Acts = {
    "密钥": ("POST", "/api/services/keys", {"json": {"title": "新应用", "services": ["person"]}}),
    "定义": ("PUT", "/api/definitions/element:money", {"json": {**MONEY, "title": "金额二"}}),
    "采集": ("POST", "/api/sources/tables/person/load", {}),
    "报送": (
        "POST",
        "/api/deliveries/person?file=a.csv&number=n1",
        {"content": HEADER.encode() + f"1,{id_number(7)},张,男,1957-08-08\n".encode() * 3000},
    ),
}


@contextmanager
def small_disk(folder: Path, megabytes: int) -> Iterator[Path]:
    """A disk of its own, in memory."""
    if os.geteuid() != 0:
        pytest.skip("a small disk needs root: mount -t tmpfs")
    folder.mkdir()
    size = f"size={megabytes}m"
    subprocess.run(["mount", "-t", "tmpfs", "-o", size, "tmpfs", str(folder)], check=True)
    try:
        yield folder
    finally:
        subprocess.run(["umount", "--lazy", str(folder)], check=True)


def fill(folder: Path, leave: int = 0) -> Path:
    """Take all room but `leave` bytes."""
    ballast = folder / "ballast"
    with ballast.open("ab", buffering=0) as out:
        with pytest.raises(OSError, match="No space"):
            while True:
                out.write(bytes(65536))
    os.truncate(ballast, max(0, ballast.stat().st_size - leave))
    return ballast


def test_full_disk_under_a_worker(
    sqlite_template: Path, tmp_path: Path, tiny_pack: MakePack,
    chance: random.Random, record_property: Tell,
) -> None:  # fmt: skip
    """小盘(tmpfs)在作业中反复写满又腾空:说明原因,不坏,不丢,腾空后自行做完。"""
    wanted = wanted_of(sqlite_template, tmp_path, tiny_pack)
    with small_disk(tmp_path / "disk", 256) as disk:
        platform = small(disk / "home", sqlite_template, tmp_path, tiny_pack)
        with working(platform, tmp_path / "worker.log", {}):
            for _turn in range(FILLINGS):
                ballast = fill(disk, leave=chance.choice((0, 4096, 20_000, 60_000, 200_000)))
                _ask(platform)
                time.sleep(chance.uniform(1.0, 4.0))
                ballast.unlink()
                request_loads(platform, cause="测试")
                soon_quiet(platform)
            county.settle(platform)
        assert differences(as_sets(wanted), as_sets(state_of(platform))) == {}
        codes = errors_of(platform)
        assert codes <= {"disk_full", "disk_failed", "disk_read_only", "lease_lost"}, codes
        nothing_is_wrong(platform)
        platform.close()
    record_property("写满", FILLINGS)


def _ask(platform: Platform) -> None:
    """On a full disk even this may be refused."""
    from sqlalchemy.exc import OperationalError

    with suppress(OperationalError):
        request_loads(platform, cause="测试")


def test_full_disk_under_the_server(
    prepared: Prepared, tmp_path: Path, record_property: Tell
) -> None:
    """盘写满时每个写入的接口答 507 并说明,读照常;腾空后照常写入,没有半截的。"""
    with small_disk(tmp_path / "disk", 64) as disk:
        platform = prepared.copy(disk / "home")
        with served(platform, tmp_path / "server.log") as port:
            before, ballast = acts_of(platform), fill(disk)
            for name, told in _answers(port, prepared).items():
                assert _says(told) == (507, "disk_full"), (name, told.text)
            assert _read(port, prepared) == [200, 200, 200]
            assert _called(port, prepared).status_code in (503, 507), "no answer without its record"
            assert acts_of(platform) == before
            assert not [*(platform.settings.home / "deliveries").glob("*")]
            _refused_backup(platform, disk / "backup")
            ballast.unlink()
            again = _answers(port, prepared)
            assert {one.is_success for one in again.values()} == {True}, again
            assert _called(port, prepared).status_code == 200
        done = acts_of(platform) - before
        assert {act for _, act, _ in done} >= {"definition.edit", "delivery.receive"}
        platform.close()
    record_property("写入点", len(ACTS) + 2)


def _refused_backup(platform: Platform, folder: Path) -> None:
    done = command(platform.settings.home, "backup", str(folder), "--json")
    assert done.returncode == 1
    assert json.loads(done.stderr)["error"]["code"] == "disk_full", done.stderr
    assert not folder.exists()


SERVER_FAULTS: list[tuple[Op, str, int, tuple[int, str]]] = [
    ("write", "platform.db-wal\n", errno.EIO, (503, "disk_failed")),
    ("sync", "platform.db-wal\n", errno.EIO, (503, "disk_failed")),
    ("write", "platform.db-wal\n", errno.ENOSPC, (507, "disk_full")),
    ("write", "platform.db-wal\n", errno.EROFS, (503, "disk_")),
]


def test_faults_under_the_server(
    prepared: Prepared, tmp_path: Path, shim: Shim, record_property: Tell
) -> None:
    """服务写入时 EIO、ENOSPC、EROFS:不答成功,答 503 或 507 与原因;之后不用人手,照常写入。"""
    platform, struck = prepared.copy(tmp_path / "home"), 0
    with served(platform, tmp_path / "server.log", shim.environment) as port:
        for op, path, error, (status, code) in SERVER_FAULTS:
            for name in ACTS:
                shim.fail(op, error, path, count=1_000)
                told = _answers(port, prepared, name, number=f"{op}{error}")[name]
                if shim.hits:
                    found = _says(told)
                    assert (found[0], found[1][: len(code)]) == (status, code), (name, told.text)
                else:  # a load that waits already is not asked for again: nothing is written
                    assert (name, told.status_code) == ("采集", 200), told.text
                struck += shim.hits > 0
                shim.heal()
            assert all(one.status_code < 500 for one in _answers(port, prepared).values())
        for op in ("write", "sync", "open"):
            shim.fail(op, errno.EIO, "/deliveries/", count=1_000)
            told = _answers(port, prepared, "报送", number=f"x{op}")["报送"]
            shim.heal()
            assert _says(told) == (503, "disk_failed"), told.text
            again = _answers(port, prepared, "报送", number=f"x{op}")["报送"]
            assert again.is_success, again.text
    acts_of(platform)
    assert struck >= len(SERVER_FAULTS) * (len(ACTS) - 1)
    platform.close()
    record_property("故障", struck + 3)


def _answers(
    port: int, prepared: Prepared, only: str | None = None, number: str | None = None
) -> dict[str, httpx.Response]:
    with client(port, prepared) as web:
        return {
            name: web.request(method, path.replace("n1", number or name.encode().hex()), **more)
            for name, (method, path, more) in ACTS.items()
            if only in (None, name)
        }


def _says(answer: httpx.Response) -> tuple[int, str]:
    """Status and code; the sentence and the way out are there, in Chinese."""
    error = answer.json()["error"]
    assert any("\u4e00" <= letter <= "\u9fff" for letter in error["message"]), error
    assert error["hint"]
    return answer.status_code, error["code"]


def _read(port: int, prepared: Prepared) -> list[int]:
    with client(port, prepared) as web:
        paths = ("/api/sources", "/api/services", "/api/runs")
        return [web.get(path).status_code for path in paths]


def _called(port: int, prepared: Prepared) -> httpx.Response:
    return httpx.get(
        f"http://127.0.0.1:{port}/data/person",
        params={"id_number": id_number(1)},
        headers={"Authorization": f"Bearer {prepared.key}"},
        trust_env=False,
        timeout=60,
    )


def test_read_only_disk(prepared: Prepared, tmp_path: Path, record_property: Tell) -> None:
    """盘被重新挂成只读:命令说清楚,不出堆栈;挂回读写后照常。"""
    require_loop_mounts()
    commands = (("apply", prepared.pack), ("status",), ("worker",), ("backup", str(tmp_path / "b")))
    with in_memory() as folder, new_disk(folder, 256) as disk:
        prepared.copy(disk.mount / "home").close()
        subprocess.run(["mount", "-o", "remount,ro", str(disk.mount)], check=True)
        for one in commands:
            done = command(disk.mount / "home", *one, "--json" if one[0] != "worker" else "--help")
            assert "Traceback" not in done.stderr, (one, done.stderr[-800:])
            if done.returncode:
                code = json.loads(done.stderr)["error"]["code"]
                assert code == "disk_read_only", (one, done.stderr)
        refused = command(disk.mount / "home", "apply", prepared.pack, "--json")
        assert refused.returncode == 1
        subprocess.run(["mount", "-o", "remount,rw", str(disk.mount)], check=True)
        done = command(disk.mount / "home", "apply", prepared.pack, "--json")
        assert done.returncode == 0, done.stderr
    record_property("命令", len(commands))


def test_lost_permission(
    sqlite_template: Path, tmp_path: Path, tiny_pack: MakePack, record_property: Tell
) -> None:
    """湖目录失去写权限:作业说明原因并等待;改好后自行做完。"""
    if os.geteuid() != 0 or shutil.which("setpriv") is None:
        pytest.skip("a worker without rights of its own needs root and setpriv")
    wanted = wanted_of(sqlite_template, tmp_path, tiny_pack)
    platform = small(tmp_path / "home", sqlite_template, tmp_path, tiny_pack)
    lake = platform.settings.lake_root
    lake.mkdir(mode=0o500)
    request_loads(platform, cause="测试")
    process = _without_rights(platform, tmp_path / "worker.log")
    try:
        wait_until(lambda: "disk_read_only" in errors_of(platform), 90, "the complaint")
        lake.chmod(0o700)
        county.settle(platform)
    finally:
        kill_group(process)
    assert differences(wanted, state_of(platform)) == {}
    assert errors_of(platform) == {"disk_read_only"}
    nothing_is_wrong(platform)
    platform.close()
    record_property("次", 1)


def _without_rights(platform: Platform, log: Path) -> "subprocess.Popen[bytes]":
    """Root, but bound by permissions like everybody else."""
    limited = ["setpriv", "--bounding-set=-dac_override,-dac_read_search"]
    with log.open("ab") as out:
        return subprocess.Popen(
            [*limited, sys.executable, "-m", "haina.app.worker"],
            env=county.surroundings(platform), stdout=out, stderr=out,
            stdin=subprocess.DEVNULL, start_new_session=True,
        )  # fmt: skip


def test_few_file_handles(
    sqlite_template: Path, tmp_path: Path, tiny_pack: MakePack, record_property: Tell
) -> None:
    """进程只许打开 64 个文件:照常做完,或说明原因;放开后自行做完。"""
    wanted = wanted_of(sqlite_template, tmp_path, tiny_pack)
    platform = small(tmp_path / "home", sqlite_template, tmp_path, tiny_pack)
    request_loads(platform, cause="测试")
    limited = ["prlimit", "--nofile=64", sys.executable, "-m", "haina.app.worker"]
    with (tmp_path / "worker.log").open("ab") as out:
        process = subprocess.Popen(
            limited, env=county.surroundings(platform), stdout=out, stderr=out,
            stdin=subprocess.DEVNULL, start_new_session=True,
        )  # fmt: skip
    try:
        time.sleep(20)
    finally:
        kill_group(process)
    assert errors_of(platform) <= {"too_many_open_files"}
    county.finish(platform, tmp_path / "worker.log")
    assert differences(wanted, state_of(platform)) == {}
    nothing_is_wrong(platform)
    platform.close()
    record_property("次", 1)
