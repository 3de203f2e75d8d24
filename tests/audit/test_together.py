"""Many writers at once: threads and processes on the platform database; append, merge, compaction
and retention on one dataset."""

import json
import random
import sqlite3
from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest

from haina.compute import lake
from haina.compute.lake import DatasetSpec
from haina.kernel.platform import Platform
from haina.security import evidence
from tests.audit.conftest import Tell
from tests.audit.writers import DATASET
from tests.support.installation import new_platform
from tests.support.processes import environment, start
from tests.support.running import table_of

PROCESSES = 4
BOOKS_SECONDS = 600
DATASET_SECONDS = 120
ROLES = ("append", "append", "merge", "merge", "tidy")

pytestmark = pytest.mark.timeout(1500)


@pytest.mark.audit
def test_database(
    sqlite_template: Path, tmp_path: Path, chance: random.Random, record_property: Tell
) -> None:
    """4 个进程各 32 个线程在平台库上读、写、领作业、折叠日志十分钟:没有一个“database is locked”。"""
    done = books(sqlite_template, tmp_path, BOOKS_SECONDS, chance)
    record_property("读写", sum(done.values()))


@pytest.mark.audit
def test_lake(
    sqlite_template: Path, tmp_path: Path, chance: random.Random, record_property: Tell
) -> None:
    """追加、合并、压实、清理同时对一个数据集:行的多重集等于按版本次序重放的模型。"""
    counted = dataset(sqlite_template, tmp_path, DATASET_SECONDS, chance)
    for name, count in counted.items():
        record_property(name, count)


def books(template: Path, folder: Path, seconds: float, chance: random.Random) -> Counter[str]:
    """What was done, by kind; nothing of it failed, and the database is whole."""
    platform = new_platform(folder / "home", template=template)
    said = _together(platform, folder, ["books"] * PROCESSES, seconds, chance)
    assert [one["errors"] for one in said] == [[]] * PROCESSES
    done = sum((Counter[str](one["done"]) for one in said), Counter[str]())
    with platform.database.read() as connection:
        assert evidence.verify(connection).whole
        acts = evidence.records(connection, limit=10_000_000)
    assert sum(one.act == "together" for one in acts) == done["_write_act"]
    platform.close()
    raw = sqlite3.connect(folder / "home" / "platform.db")
    assert raw.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
    raw.close()
    return done


def dataset(template: Path, folder: Path, seconds: float, chance: random.Random) -> dict[str, int]:
    """How often each thing was done. The dataset is what the model says."""
    platform = _declared(folder / "home", template)
    said = _together(platform, folder, ROLES, seconds, chance)
    done: Counter[str] = Counter()
    writes: list[tuple[int, str, list[list[str]]]] = []
    for role, one in zip(ROLES, said, strict=True):
        done[role] += len(one["acknowledged"])
        done["conflicts"] += one["conflicts"]
        if role in ("append", "merge"):
            writes += [(version, role, rows) for version, rows in one["acknowledged"]]
    table = table_of(platform, DATASET)
    found = Counter(zip(*(table.column(name).to_pylist() for name in "kv"), strict=True))
    assert found == _model(writes)
    versions = [version for version, _, _ in writes]
    assert len(set(versions)) == len(versions), "two writes were told the same version"
    assert all(done[role] for role in ROLES), done
    platform.close()
    words = {"append": "追加", "merge": "合并", "tidy": "压实与清理"}
    return {words.get(name, "冲突重来"): count for name, count in done.items()}


def _model(writes: list[tuple[int, str, list[list[str]]]]) -> Counter[tuple[str, ...]]:
    """The rows after all writes, in the order of their versions."""
    appended: Counter[tuple[str, ...]] = Counter()
    merged: dict[str, tuple[str, ...]] = {}
    for _version, role, rows in sorted(writes):
        if role == "append":
            appended.update(map(tuple, rows))
        else:
            merged.update({row[0]: tuple(row) for row in rows})
    return appended + Counter(merged.values())


def _declared(home: Path, template: Path) -> Platform:
    platform = new_platform(home, template=template, retention_days=0)
    with platform.database.write() as connection:
        lake.declare(connection, DatasetSpec(DATASET, "一起写", "office", "collect", key=("k",)))
    return platform


def _together(
    platform: Platform, folder: Path, roles: Sequence[str], seconds: float, chance: random.Random
) -> list[dict[str, Any]]:
    """The last line of each process; all must end well."""
    env = environment(platform.settings.home, retention_days=0)
    logs = [folder / f"{place}.{role}.log" for place, role in enumerate(roles)]
    running = [
        start("tests.audit.writers", env, log, role, str(seconds), str(chance.randrange(10**6)))
        for role, log in zip(roles, logs, strict=True)
    ]
    ended = [process.wait(seconds + 300) for process in running]
    for code, log in zip(ended, logs, strict=True):
        assert code == 0, log.read_text()[-3_000:]
    return [json.loads(log.read_text().splitlines()[-1]) for log in logs]
