"""Write an installation out while it runs."""

import hashlib
import json
import shutil
from collections.abc import Iterator
from pathlib import Path

from sqlalchemy.engine import Connection

import haina
import haina.app.bootstrap
from haina.app.keeping import contracts
from haina.app.keeping.contracts import BACKUP_EXISTS, BACKUP_RACED, Manifest, digest_of
from haina.app.keeping.rows import lines_of
from haina.app.migrate import revision_of
from haina.compute import lake
from haina.kernel import clock
from haina.kernel.database import metadata
from haina.kernel.disk import sync_file, sync_folder
from haina.kernel.platform import Platform
from haina.security import evidence

# What of HAINA_HOME belongs to a backup beside the database and the lake.
_KEPT = ("secret.key", "haina.conf", "files", "deliveries", "maps", "serving")


def back_up(platform: Platform, folder: Path, actor: str) -> Manifest:
    """Write a backup into `folder`, which must not exist; nothing is there until all of it is.

    The platform's key is in it, without which sealed secrets cannot be opened: who has the backup
    has the data. Raises HainaError(backup_exists, backup_raced).
    """
    if folder.exists():
        raise BACKUP_EXISTS(f"{folder} 已经存在", field="folder")
    part = folder.with_name(f"{folder.name}.partial")
    shutil.rmtree(part, ignore_errors=True)
    part.mkdir(parents=True, mode=0o700)
    with platform.database.write() as connection:
        evidence.append(connection, actor, "platform.backup", str(folder)[:300], {})
    manifest = _written(platform, part)
    _seal(part, manifest)
    part.rename(folder)
    sync_folder(folder.parent)
    return manifest


def _written(platform: Platform, part: Path) -> Manifest:
    with platform.database.snapshot() as connection:
        tables = _tables(connection, part / "platform")
        datasets = [one for one in lake.datasets(connection) if one.current_version is not None]
        revision = revision_of(connection)
    for one in datasets:
        _copy_dataset(platform, one, part)
    for name in _KEPT:
        _copy_kept(platform.settings.home / name, part / "home" / name)
    return Manifest(
        contracts.FORMAT,
        haina.__version__,
        str(revision),
        clock.now().isoformat(),
        "SQLite" if platform.database.is_sqlite else "PostgreSQL",
        tables,
        {one.name: (one.current_version or 0, one.rows or 0) for one in datasets},
        {str(path.relative_to(part)): digest_of(path) for path in _files(part)},
    )


def _tables(connection: Connection, folder: Path) -> dict[str, int]:
    folder.mkdir()
    counts = {}
    for table in metadata.sorted_tables:
        counts[table.name] = 0
        with (folder / f"{table.name}.jsonl").open("w", encoding="utf-8") as handle:
            for line in lines_of(connection, table):
                handle.write(f"{line}\n")
                counts[table.name] += 1
    return counts


def _copy_dataset(platform: Platform, dataset: lake.Dataset, part: Path) -> None:
    """Its files and its log up to the version that the pointer names: what came later was not yet
    acknowledged when the database was read."""
    source = lake.path_of(platform, dataset.name)
    target = part / "lake" / source.relative_to(platform.settings.lake_root)
    newest = dataset.current_version or 0
    try:
        for path in _of_version(source, newest):
            copied = target / path.relative_to(source)
            copied.parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(path, copied)
    except FileNotFoundError:
        raise BACKUP_RACED(f"{dataset.name} 的文件在备份时被清理", field="dataset") from None


def _of_version(source: Path, newest: int) -> Iterator[Path]:
    log = source / "_delta_log"
    yield log / f"{newest:020d}.json"  # without it the version is not there
    for path in sorted(log.iterdir()):
        number = path.name.split(".", 1)[0]
        if number.isdigit() and int(number) < newest and path.is_file():
            yield path
    pointer = log / "_last_checkpoint"
    if pointer.exists() and int(json.loads(pointer.read_text())["version"]) <= newest:
        yield pointer
    yield from (path for path in source.rglob("*.parquet") if log not in path.parents)


def _copy_kept(source: Path, target: Path) -> None:
    if source.is_dir():
        shutil.copytree(source, target, ignore=_links)
    elif source.exists():
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copy2(source, target)


def _links(folder: str, names: list[str]) -> set[str]:
    """Links lead out of the installation: what they name is not its own."""
    return {name for name in names if (Path(folder) / name).is_symlink()}


def _files(part: Path) -> Iterator[Path]:
    yield from (path for path in sorted(part.rglob("*")) if path.is_file())


def _seal(part: Path, manifest: Manifest) -> None:
    """Everything on disk before the manifest says so."""
    for path in _files(part):
        sync_file(path)
    text = manifest.text().encode()
    for name, content in (
        ("manifest.json", text),
        ("manifest.sha256", hashlib.sha256(text).hexdigest().encode()),
    ):
        (part / name).write_bytes(content)
        sync_file(part / name)
    for folder in (part, *(path for path in part.rglob("*") if path.is_dir())):
        sync_folder(folder)
