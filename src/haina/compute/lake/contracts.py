"""What leaves the lake: frozen pictures of datasets and versions."""

from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any

from haina.kernel.errors import HainaError, kind

LAKE_CONFLICT = kind("lake_conflict", 503, "数据集刚被别的写入改动", "作业会自动重试。")


def too_late(dataset: str) -> HainaError:
    """Another writer was faster: HainaError(lake_conflict)."""
    return LAKE_CONFLICT(f"数据集 {dataset} 刚被别的写入改动")


LAKE_BROKEN = kind("lake_broken", 503, "湖中数据与平台库不一致", "请运行 haina doctor。")
NO_VERSION = kind("no_version", 404, "数据集还没有数据", "请先运行它的采集或加工。")
VERSION_GONE = kind("version_gone", 410, "这个版本的数据已过保留期", "请选更近的版本。")


class WriteMode(StrEnum):
    """How rows get into a dataset: REPLACE all of it; APPEND; MERGE by key (new rows in, known
    keys updated); INSERT by key (new rows in, known keys left alone); COMPARE with all of it
    (MERGE, rows alike left alone, and keys that no longer come deleted)."""

    REPLACE = "replace"
    APPEND = "append"
    MERGE = "merge"
    INSERT = "insert"
    COMPARE = "compare"

    @property
    def by_key(self) -> bool:
        return self in (WriteMode.MERGE, WriteMode.INSERT, WriteMode.COMPARE)


@dataclass(frozen=True)
class ItemSpec:
    """A column of a dataset: its name, its title and what it is bound to."""

    name: str
    title: str
    type: str = "text"
    element: str | None = None
    grade: int = 1
    mask: str = "none"


@dataclass(frozen=True)
class DatasetSpec:
    """A dataset as its maker declares it. `made_by`: collect, conform or model."""

    name: str
    title: str
    owner: str
    made_by: str
    grade: int = 1
    summary: str = ""
    theme: str = ""
    key: tuple[str, ...] = ()
    items: tuple[ItemSpec, ...] = ()
    pack: str | None = None


@dataclass(frozen=True)
class Dataset:
    """`content_version`: the version whose rows the current one holds (a compaction only rewrites
    files)."""

    name: str
    zone: str
    title: str
    summary: str
    owner: str
    made_by: str
    grade: int
    theme: str
    key: tuple[str, ...]
    items: tuple[ItemSpec, ...]
    pack: str | None
    current_version: int | None
    content_version: int | None
    rows: int | None
    bytes: int | None
    updated_at: datetime | None

    def item(self, name: str) -> ItemSpec | None:
        return next((item for item in self.items if item.name == name), None)


@dataclass(frozen=True)
class DatasetHead:
    """A dataset without its items: for lists of all of them, which must not weigh what the items
    weigh."""

    name: str
    zone: str
    title: str
    owner: str
    current_version: int | None
    content_version: int | None
    rows: int | None
    updated_at: datetime | None


@dataclass(frozen=True)
class Pinned:
    """A dataset at one version: what a computation reads."""

    dataset: str
    path: str
    version: int


@dataclass(frozen=True)
class Origin:
    """How the current version of a dataset came about."""

    job: str | None
    inputs: tuple[tuple[str, int], ...]
    checks: dict[str, Any]


@dataclass(frozen=True)
class Version:
    dataset: str
    version: int
    job: str | None
    rows: int
    bytes: int
    inputs: tuple[tuple[str, int], ...]
    schema: tuple[tuple[str, str], ...]
    checks: dict[str, Any] = field(default_factory=dict)
    at: datetime | None = None


@dataclass(frozen=True)
class Written:
    """What one Delta commit brought: its version, rows added, rows and bytes in all; and what a
    merge did: rows inserted, updated, deleted."""

    version: int
    rows_added: int
    rows: int
    bytes: int
    schema: tuple[tuple[str, str], ...]
    changes: dict[str, int] = field(default_factory=dict)
