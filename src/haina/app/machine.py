"""The machine and the parts that an installation stands on: versions, room, settings."""

import os
import platform as host
import shutil
import sqlite3
from collections.abc import Iterator
from dataclasses import dataclass
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import sqlalchemy as sa
from sqlalchemy.engine import Connection

import haina
from haina.compute import lake
from haina.kernel.platform import Platform
from haina.kernel.settings import Settings

_PACKAGES = (
    ("DuckDB", "duckdb"),
    ("Delta Lake (delta-rs)", "deltalake"),
    ("Apache Arrow", "pyarrow"),
    ("sqlglot", "sqlglot"),
    ("SQLAlchemy", "sqlalchemy"),
    ("FastAPI", "fastapi"),
    ("Granian", "granian"),
)
_HIDDEN = "已设置,不显示"


@dataclass(frozen=True)
class Part:
    name: str
    version: str


@dataclass(frozen=True)
class Setting:
    """`name`: the environment variable; `own`: it differs from the default."""

    name: str
    value: str
    meaning: str
    own: bool


@dataclass(frozen=True)
class Room:
    """Bytes. `lake`: of the current versions; older ones stay for retention_days beside them.
    `platform`: the file of the embedded platform database, None for a server. Memory is None
    where the system does not tell."""

    disk_total: int
    disk_free: int
    lake: int
    platform: int | None
    memory_total: int | None
    memory_free: int | None
    server: int | None


def parts(platform: Platform, connection: Connection) -> list[Part]:
    found = [Part("海纳", haina.__version__), Part("Python", host.python_version())]
    if platform.database.is_sqlite:
        found.append(Part("SQLite", sqlite3.sqlite_version))
    else:
        told = connection.execute(sa.text("SHOW server_version")).scalar_one()
        found.append(Part("PostgreSQL", str(told).split()[0]))
    return [*found, *_packages(), Part("操作系统", f"{host.system()} {host.release()}")]


def _packages() -> Iterator[Part]:
    for title, package in _PACKAGES:
        try:
            yield Part(title, version(package))
        except PackageNotFoundError:
            yield Part(title, "没有安装")


def settings_of(settings: Settings) -> list[Setting]:
    """Every setting with its meaning; secrets are only said to be there."""
    found = []
    for name, field in Settings.model_fields.items():
        value = getattr(settings, name)
        own = value != field.default and name != "home"
        found.append(
            Setting(f"HAINA_{name.upper()}", _shown(name, value), field.description or "", own)
        )
    return found


def _shown(name: str, value: Any) -> str:
    if name == "secret_key":
        return _HIDDEN if value else ""
    if name == "database" and value:
        address = urlsplit(value)
        return f"{address.scheme}://{address.hostname or ''}{address.path}"
    return ",".join(map(str, value)) if isinstance(value, tuple) else str(value)


def room(platform: Platform, connection: Connection) -> Room:
    disk = shutil.disk_usage(platform.settings.home)
    memory = dict(_meminfo())
    return Room(
        disk.total,
        disk.free,
        sum(one.bytes or 0 for one in lake.datasets(connection)),
        _size(platform) if platform.database.is_sqlite else None,
        memory.get("MemTotal"),
        memory.get("MemAvailable"),
        _resident(),
    )


def _size(platform: Platform) -> int:
    base = platform.settings.home / "platform.db"
    files = (base, base.with_name("platform.db-wal"))
    return sum(file.stat().st_size for file in files if file.exists())


def _meminfo() -> Iterator[tuple[str, int]]:
    path = Path("/proc/meminfo")
    for line in path.read_text().splitlines() if path.exists() else ():
        name, _, rest = line.partition(":")
        if rest.endswith("kB"):
            yield name, int(rest.split()[0]) * 1024


def _resident() -> int | None:
    path = Path("/proc/self/statm")
    if not path.exists():
        return None
    return int(path.read_text().split()[1]) * os.sysconf("SC_PAGE_SIZE")
