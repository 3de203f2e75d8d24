"""Paths of file sources: only below the roots that the settings allow, symlinks followed first."""

from pathlib import Path

from haina.kernel.settings import Settings
from haina.resources.collect.kinds.errors import FILE_MISSING, FILE_REFUSED


def resolve(path: str, settings: Settings) -> Path:
    """The real path of a file or folder that may be read.

    A relative path is looked for below each root in turn. Raises HainaError(file_refused)
    outside the roots, whether or not something is there, and file_missing inside.
    """
    if "\x00" in path or not path.strip():
        raise FILE_MISSING("文件路径为空或含有空字符", field="path")
    roots = [root.resolve() for root in settings.file_roots]
    inside = [real for real in _candidates(path, roots) if _below(real, roots)]
    if not inside:
        raise FILE_REFUSED(f"“{path}”不在允许读取的目录内", field="path", hint=_where(roots))
    for real in inside:
        if real.is_file() or real.is_dir():
            return real
    raise FILE_MISSING(f"找不到“{path}”", field="path", hint=_where(roots))


def _where(roots: list[Path]) -> str:
    shown = "、".join(str(root) for root in roots)
    return f"请把文件放进 {shown};要读别的目录,在设置 HAINA_SOURCE_FILES 里加上它。"


def _candidates(path: str, roots: list[Path]) -> list[Path]:
    given = Path(path)
    if given.is_absolute():
        return [given.resolve()]
    return [(root / given).resolve() for root in roots]


def _below(real: Path, roots: list[Path]) -> bool:
    return any(real == root or root in real.parents for root in roots)
