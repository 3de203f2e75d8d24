"""What a backup says of itself."""

import hashlib
import json
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from haina.kernel.errors import kind

BAD_BACKUP = kind("bad_backup", 422, "备份不可用", "换一份备份;已有的数据没有被动过。")
BACKUP_EXISTS = kind("backup_exists", 409, "备份的位置已有东西", "换一个还不存在的文件夹名。")
NOT_EMPTY = kind(
    "home_not_empty", 409, "恢复的位置不是空的", "把 HAINA_HOME 指向还不存在的文件夹,平台库须为空。"
)
BACKUP_RACED = kind("backup_raced", 503, "备份时有文件被清理", "请重试;备份时不要整理数据湖。")

FORMAT = 1
_BLOCK = 1 << 20


@dataclass(frozen=True)
class Manifest:
    """`revision`: of the platform database's tables. `tables`: rows by name. `datasets`: the
    version that each one's pointer names, and its rows. `files`: path → (bytes, SHA-256)."""

    format: int
    product: str
    revision: str
    at: str
    database: str
    tables: dict[str, int]
    datasets: dict[str, tuple[int, int]]
    files: dict[str, tuple[int, str]]

    def text(self) -> str:
        return json.dumps(asdict(self), ensure_ascii=False, sort_keys=True, indent=1)


def digest_of(path: Path) -> tuple[int, str]:
    """(bytes, SHA-256) of a file, read block by block."""
    found, size = hashlib.sha256(), 0
    with path.open("rb") as handle:
        while block := handle.read(_BLOCK):
            found.update(block)
            size += len(block)
    return size, found.hexdigest()


def read_manifest(folder: Path) -> Manifest:
    """Raises HainaError(bad_backup): no backup, a damaged one, or of another kind."""
    try:
        text = (folder / "manifest.json").read_bytes()
        told = (folder / "manifest.sha256").read_text().strip()
    except OSError:
        raise BAD_BACKUP(f"{folder} 里没有备份,或备份没有写完", field="folder") from None
    if hashlib.sha256(text).hexdigest() != told:
        raise BAD_BACKUP("备份的清单被改动或损坏", field="manifest.json")
    return _manifest(json.loads(text))


def _manifest(said: dict[str, Any]) -> Manifest:
    if said.get("format") != FORMAT:
        raise BAD_BACKUP("备份的格式不认识", field="format", hint="用写这份备份的版本恢复。")
    pairs = {name: {key: tuple(value) for key, value in said[name].items()} for name in _PAIRS}
    return Manifest(**{**said, **pairs})


_PAIRS = ("datasets", "files")
