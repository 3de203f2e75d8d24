"""`haina doctor`: what is wrong with this installation, and how to mend it."""

import shutil
import sqlite3
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

import sqlalchemy as sa

from haina.app.web import web_folder
from haina.compute import lake
from haina.compute.engines import walls
from haina.kernel import clock, jobs, outbox
from haina.kernel.errors import HainaError
from haina.kernel.platform import Platform
from haina.kernel.settings import Settings
from haina.security import evidence

_LOW_DISK = 2 * 2**30


@dataclass(frozen=True)
class Finding:
    """`state`: good, bad (needs mending) or note (worth knowing)."""

    state: Literal["good", "bad", "note"]
    title: str
    found: str
    cure: str = ""


def examine(settings: Settings, platform: Platform) -> list[Finding]:
    """Every check; one that breaks is itself a finding."""
    found: list[Finding] = []
    for check in (
        _database,
        _sqlite,
        _key,
        _disk,
        _workers,
        _outbox,
        _failed,
        _lake,
        _evidence,
        _sandbox,
        _pages,
    ):
        found += _guarded(check, settings, platform)
    return found


def _guarded(
    check: Callable[[Settings, Platform], Iterator[Finding]],
    settings: Settings,
    platform: Platform,
) -> list[Finding]:
    try:
        return list(check(settings, platform))
    except HainaError as error:
        return [Finding("bad", check.__name__.strip("_"), error.message, error.hint or "")]
    except Exception as error:  # noqa: BLE001 — the doctor outlives what it examines
        return [Finding("bad", check.__name__.strip("_"), f"{type(error).__name__}: {error}")]


def _database(_settings: Settings, platform: Platform) -> Iterator[Finding]:
    with platform.database.read() as connection:
        if not platform.database.is_sqlite:
            yield Finding("good", "平台库", "PostgreSQL 可以连接")
            return
        verdict = str(connection.execute(sa.text("PRAGMA quick_check")).scalar())
    good = verdict == "ok"
    yield Finding(
        "good" if good else "bad",
        "平台库",
        verdict,
        "" if good else "停止平台,从备份恢复 platform.db。",
    )


def _sqlite(_settings: Settings, platform: Platform) -> Iterator[Finding]:
    if platform.database.is_sqlite and sqlite3.sqlite_version_info < (3, 51, 3):
        yield Finding(
            "note",
            "SQLite",
            f"{sqlite3.sqlite_version} 有 WAL 检查点的缺陷,平台已用文件锁避开",
            "不要用别的程序写 platform.db。",
        )


def _key(settings: Settings, _platform: Platform) -> Iterator[Finding]:
    path = settings.home / "secret.key"
    if settings.secret_key or not path.exists():
        yield Finding("good", "平台密钥", "来自环境变量")
    elif path.stat().st_mode & 0o077:
        yield Finding("bad", "平台密钥", "别的用户可以读取", f"chmod 600 {path}")
    else:
        yield Finding("good", "平台密钥", "只有安装者可以读取")


def _disk(settings: Settings, _platform: Platform) -> Iterator[Finding]:
    free = shutil.disk_usage(settings.home).free
    shown = f"剩余 {free / 2**30:.1f} GB"
    yield Finding(
        "bad" if free < _LOW_DISK else "good",
        "磁盘",
        shown,
        "清理或扩容;可调小 HAINA_RETENTION_DAYS。" if free < _LOW_DISK else "",
    )


def _workers(settings: Settings, platform: Platform) -> Iterator[Finding]:
    with platform.database.read() as connection:
        found = jobs.workers(connection)
        waiting = jobs.count_by_state(connection).get("queued", 0)
    alive = [
        one for one in found if (clock.now() - one.seen_at).total_seconds() < settings.lease_seconds
    ]
    if alive:
        yield Finding("good", "工作进程", f"{len(alive)} 个在运行,{waiting} 个作业在等")
    else:
        yield Finding(
            "bad" if waiting else "note",
            "工作进程",
            f"没有在运行,{waiting} 个作业在等",
            "haina up 或 haina worker。",
        )


def _outbox(_settings: Settings, platform: Platform) -> Iterator[Finding]:
    with platform.database.read() as connection:
        stuck = outbox.stuck(connection)
    for event, error in stuck:
        yield Finding("bad", f"事件 {event}", error, "修好原因后会自动再试。")


def _failed(_settings: Settings, platform: Platform) -> Iterator[Finding]:
    with platform.database.read() as connection:
        failed = jobs.list_jobs(connection, state="failed", limit=5).jobs
    for job in failed:
        error = job.error or {}
        yield Finding(
            "note",
            f"失败的运行:{job.title}",
            str(error.get("message", "")),
            str(error.get("hint") or ""),
        )


def _lake(_settings: Settings, platform: Platform) -> Iterator[Finding]:
    with platform.database.read() as connection:
        found = [one for one in lake.datasets(connection) if one.current_version is not None]
        lost = [one.name for one in found if not lake.has_version(platform, one)]
    if lost:
        yield Finding(
            "bad",
            "数据湖",
            f"{len(lost)} 个数据集的当前版本不在湖中:{lost[0]} 等",
            "从备份恢复湖目录,或重新采集、加工。",
        )
    else:
        yield Finding("good", "数据湖", f"{len(found)} 个数据集的当前版本都在")


def _evidence(_settings: Settings, platform: Platform) -> Iterator[Finding]:
    with platform.database.read() as connection:
        verdict = evidence.verify(connection)
    if verdict.whole:
        yield Finding("good", "存证链", f"{verdict.records:,} 条,完整")
    else:
        yield Finding(
            "bad", "存证链", f"第 {verdict.broken_at} 条起对不上", "保留现场,联系审计管理员。"
        )


def _sandbox(_settings: Settings, _platform: Platform) -> Iterator[Finding]:
    found = walls()
    standing = [name for name, stands in found.items() if stands]
    yield Finding(
        "good" if standing else "note",
        "沙箱的操作系统隔离",
        "、".join(standing) or "没有可用的系统隔离,只有引擎自身的限制",
    )


def _pages(_settings: Settings, _platform: Platform) -> Iterator[Finding]:
    built = (Path(web_folder()) / "index.html").is_file()
    yield Finding(
        "good" if built else "bad",
        "页面",
        "已构建" if built else "没有构建",
        "" if built else "make run 会构建页面。",
    )
