"""The power cut while an installation writes: the disk is copied as a cut would leave it."""

import random
import signal
import sqlite3
import time
from dataclasses import dataclass
from pathlib import Path

import pytest

from haina.compute import lake
from haina.kernel.platform import Platform
from haina.security import evidence
from tests.audit import county
from tests.audit.conftest import Tell
from tests.audit.images import attached, in_memory, new_disk, require_loop_mounts
from tests.audit.shim import Shim
from tests.audit.state import State, differences, state_of
from tests.crash.test_killed import is_quiet, nothing_is_wrong
from tests.support.installation import new_platform
from tests.support.processes import Process, kill_group, start
from tests.support.running import table_of

pytestmark = [pytest.mark.audit, pytest.mark.timeout(1500)]

IMAGES = 25
FINISHED = 2


@dataclass(frozen=True)
class Acknowledged:
    """What readers were told before the cut."""

    versions: frozenset[tuple[str, int, int]]
    done: frozenset[str]
    evidence: int
    head: str


def acknowledged(platform: Platform) -> Acknowledged:
    with platform.database.snapshot() as connection:
        versions = frozenset(
            (name, version, rows)
            for name, version, rows in connection.exec_driver_sql(
                "SELECT dataset, version, rows FROM version WHERE NOT swept"
            )
        )
        done = connection.exec_driver_sql("SELECT id FROM job WHERE state = 'done'")
        verdict = evidence.verify(connection)
        assert verdict.whole
        return Acknowledged(
            versions, frozenset(row[0] for row in done), verdict.records, verdict.head
        )


def losses(platform: Platform, told: Acknowledged) -> list[str]:
    """What of the acknowledged is not there, or cannot be read, after the cut."""
    found = acknowledged(platform)
    lost = [f"version {one}" for one in told.versions - found.versions]
    lost += [f"job {one}" for one in told.done - found.done]
    with platform.database.read() as connection:
        records = evidence.records(connection, limit=1_000_000)
        if told.evidence and records[told.evidence - 1].digest != told.head:
            lost.append(f"evidence {told.evidence}")
        names = [one.name for one in lake.datasets(connection) if one.current_version is not None]
        expected = {name: lake.versions(connection, name, limit=1)[0].rows for name in names}
    for name, rows in expected.items():
        read = table_of(platform, name).num_rows
        if read != rows:
            lost.append(f"{name}: {read} rows of {rows}")
    copies = sqlite3.connect(platform.settings.home / "platform.db")
    for file, rows in copies.execute("SELECT file, rows FROM serving_copy"):
        copy = sqlite3.connect(f"file:{platform.settings.home}/serving/{file}?mode=ro", uri=True)
        if copy.execute("SELECT count(*) FROM answer").fetchone() != (rows,):
            lost.append(f"copy {file}")
        copy.close()
    assert copies.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
    copies.close()
    return lost


@pytest.mark.parametrize("piece", range(4))
def test_power_cut(
    piece: int, calm: State, sources: Path, sqlite_template: Path, tmp_path: Path,
    chance: random.Random, record_property: Tell,
) -> None:  # fmt: skip
    """写入中断电(复制挂载着的 ext4 映像):已确认的全在,湖、指针、存证相符,之后自行做完。"""
    require_loop_mounts()
    finished = set(chance.sample(range(IMAGES), FINISHED))
    with in_memory() as folder:
        cuts = _cuts(folder, sources, sqlite_template, tmp_path, chance)
        for number, (image, told) in enumerate(cuts):
            with attached(image, folder / "after") as disk:
                home = disk.mount / "home"
                platform = new_platform(home, source_files=(sources,))
                assert losses(platform, told) == [], f"image {number}"
                if number in finished:
                    _finish(platform, tmp_path)
                    assert differences(calm, state_of(platform)) == {}
                    nothing_is_wrong(platform)
                platform.close()
            image.unlink()
    record_property("断电", len(cuts))
    record_property("做完并逐行比对", len(finished))


def test_the_trial_finds_losses_without_fsync(
    sources: Path, sqlite_template: Path, tmp_path: Path, shim: Shim,
    chance: random.Random, record_property: Tell,
) -> None:  # fmt: skip
    """对照:把 fsync 换成空操作,同样的断电试验必须发现丢失。"""
    require_loop_mounts()
    shim.no_sync()
    damaged = 0
    with in_memory() as folder:
        cuts = _cuts(folder, sources, sqlite_template, tmp_path, chance, shim.environment, 5)
        for image, told in cuts:
            with attached(image, folder / "after") as disk:
                damaged += _is_damaged(disk.mount / "home", told)
            image.unlink()
    record_property("断电", len(cuts))
    record_property("发现丢失", damaged)
    # Not each: what the kernel happened to write back in time is there.
    assert damaged > len(cuts) / 2


def _is_damaged(home: Path, told: Acknowledged) -> bool:
    if not (home / "platform.db").exists():
        return True
    platform = new_platform(home)
    try:
        return bool(losses(platform, told))
    except Exception:  # noqa: BLE001
        return True  # a store that does not even open
    finally:
        platform.close()


def _cuts(
    folder: Path, sources: Path, template: Path, logs: Path, chance: random.Random,
    extra: dict[str, str] | None = None, count: int = IMAGES,
) -> list[tuple[Path, Acknowledged]]:  # fmt: skip
    """Power cuts at random moments of the work, and what was acknowledged before each."""
    made: list[tuple[Path, Acknowledged]] = []
    with new_disk(folder) as disk:
        platform = county.applied(disk.mount / "home", template, sources)
        disk.flush()
        with_extra = {**_SLOW_LEASE, **(extra or {})}
        process = county.worker_at_work(platform, logs / "worker.log", with_extra)
        try:
            while len(made) < count:
                time.sleep(chance.uniform(0.1, 1.4))
                kill_group(process, signal.SIGSTOP)
                told = acknowledged(platform)
                disk.cut(folder / f"cut{len(made)}.img")
                made.append((folder / f"cut{len(made)}.img", told))
                kill_group(process, signal.SIGCONT)
                if is_quiet(platform):
                    break
        finally:
            kill_group(process, signal.SIGCONT)
            kill_group(process)
            platform.close()
    assert len(made) >= min(count, 5), "the work was over before the power was cut"
    return made


# Stopped for a copy, a worker does not lose its work.
_SLOW_LEASE = {"HAINA_LEASE_SECONDS": "30"}


def _finish(platform: Platform, logs: Path) -> None:
    """A worker on a machine that was started anew, until nothing is left."""
    worker = _after_boot(platform, logs)
    try:
        county.settle(platform)
    finally:
        kill_group(worker)


def _after_boot(platform: Platform, logs: Path) -> Process:
    boot = logs / "boot_id"
    boot.write_text("00000000-0000-4000-8000-000000000001\n")
    return start("tests.audit.booted", county.surroundings(platform), logs / "after.log", str(boot))
