"""What goes into a sandbox and what comes out of it: frozen data and kinds of error."""

from dataclasses import dataclass
from typing import Any

from haina.kernel.errors import kind

QUERY_FAILED = kind("query_failed", 422, "查询执行失败", "请按提示修改 SQL 后重试。")
QUERY_TIMEOUT = kind(
    "query_timeout", 504, "查询超时", "请缩小范围、先过滤再关联,或改为加工模型在后台运行。"
)
QUERY_MEMORY = kind(
    "query_memory", 422, "查询所需内存超出限额", "请先过滤或先汇总再关联,减少一次处理的数据量。"
)
QUERY_TOO_LARGE = kind(
    "query_too_large", 413, "查询结果超出限额", "请增加过滤条件或汇总,减少返回的行和列。"
)
QUERY_CANCELLED = kind("query_cancelled", 409, "查询已取消", "如仍需要结果,请重新运行。")
SANDBOX_DOWN = kind(
    "sandbox_down", 503, "计算沙箱暂不可用", "请稍后再试;若持续,请运行 haina doctor。"
)


@dataclass(frozen=True)
class SandboxTable:
    """One relation that a session may read.

    `name` is `zone.table`; `path` the local folder of the Delta table; `version` the pinned Delta
    version; `select` trusted SQL of the view over the relation `__rows` (masks, row filter).
    """

    name: str
    path: str
    version: int
    select: str | None = None


@dataclass(frozen=True)
class Limits:
    """What one query of a session may use.

    `seconds` is wall time, the reader's pauses included; `memory_mb` the engine's memory;
    `rows` and `bytes` bound the result (None: no bound); `spill_mb` is disk in a private folder
    that vanishes with the session (0: nothing is ever written).
    """

    seconds: float
    memory_mb: int
    rows: int | None
    bytes: int | None
    threads: int
    spill_mb: int = 0


@dataclass(frozen=True)
class Page:
    """A result for people: `columns` are (name, type), rows are lists that JSON can carry."""

    columns: list[tuple[str, str]]
    rows: list[list[Any]]
    truncated: bool
