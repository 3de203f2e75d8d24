"""Maps that packs bring: vector tiles in one file, kept in the installation, served to the cockpit.

A pack's file is HAINA_HOME/maps/<digest>.pmtiles, and <cockpit>.json beside it names it: a map that
changes has another address, so a screen never mixes pieces of two.
"""

import hashlib
import json
import os
import shutil
from collections.abc import Iterable
from pathlib import Path

from haina.kernel.disk import sync_folder
from haina.kernel.errors import NOT_FOUND, kind
from haina.kernel.platform import Platform
from haina.services.insight.contracts import CockpitSpec

BAD_MAP = kind(
    "bad_map", 422, "应用包的地图不能用", "请给出 PMTiles 第 3 版的文件(例如由 tippecanoe 生成)。"
)

_SIGN = b"PMTiles\x03"
_MOST_BYTES = 512 * 1024 * 1024


def check_maps(folder: Path, cockpits: Iterable[CockpitSpec]) -> None:
    """That each declared map is there and is one. Raises HainaError(bad_map)."""
    for spec in cockpits:
        if spec.map is not None:
            _check(folder, spec.map.file)


def _check(folder: Path, file: str) -> None:
    path = (folder / file).resolve()
    if folder.resolve() not in path.parents or not path.is_file():
        raise BAD_MAP(f"没有地图文件 {file}", field=file, hint="请把它放进应用包的 maps 文件夹。")
    if path.stat().st_size > _MOST_BYTES:
        raise BAD_MAP(f"{file} 超过 {_MOST_BYTES // 1024**2} MB", field=file)
    with path.open("rb") as opened:
        if opened.read(len(_SIGN)) != _SIGN:
            raise BAD_MAP(f"{file} 不是 PMTiles 第 3 版的文件", field=file)


def keep_maps(platform: Platform, folder: Path, cockpits: Iterable[CockpitSpec]) -> None:
    """Copy the maps of a pack that is being applied. Raises HainaError(bad_map)."""
    for spec in cockpits:
        if spec.map is not None:
            _check(folder, spec.map.file)
            digest = _keep(_folder(platform), folder / spec.map.file)
            _write(_folder(platform) / f"{spec.name}.json", {spec.map.file: digest})


def _keep(kept: Path, path: Path) -> str:
    """The digest under which the file is kept, whole before it has its name."""
    with path.open("rb") as opened:
        digest = hashlib.file_digest(opened, "sha256").hexdigest()[:16]
    target = kept / f"{digest}.pmtiles"
    if not target.exists():
        kept.mkdir(parents=True, exist_ok=True)
        draft = target.with_name(f".{target.name}.{os.getpid()}")
        shutil.copyfile(path, draft)
        draft.replace(target)
        sync_folder(kept)
    return digest


def _write(path: Path, plain: dict[str, str]) -> None:
    draft = path.with_name(f".{path.name}.{os.getpid()}")
    draft.write_text(json.dumps(plain), encoding="utf-8")
    draft.replace(path)


def _folder(platform: Platform) -> Path:
    return platform.settings.home / "maps"


def map_digest(platform: Platform, spec: CockpitSpec) -> str | None:
    """The digest of a cockpit's map; None when it has none, or none was kept here."""
    index = _folder(platform) / f"{spec.name}.json"
    if spec.map is None or not index.is_file():
        return None
    found: str | None = json.loads(index.read_text(encoding="utf-8")).get(spec.map.file)
    return found if found and (_folder(platform) / f"{found}.pmtiles").is_file() else None


def map_path(platform: Platform, digest: str) -> Path:
    """The file of a digest. Raises HainaError(not_found)."""
    path = _folder(platform) / f"{digest}.pmtiles"
    if not digest.isalnum() or not path.is_file():
        raise NOT_FOUND(f"没有地图 {digest}", field="digest")
    return path
