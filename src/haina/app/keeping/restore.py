"""Bring an installation back from a backup, on an empty place."""

import shutil
from collections.abc import Callable
from pathlib import Path

from sqlalchemy import inspect

from haina.app.bootstrap import open_installation
from haina.app.keeping.contracts import BAD_BACKUP, NOT_EMPTY, Manifest, digest_of, read_manifest
from haina.app.keeping.rows import move_counters, put_lines
from haina.app.migrate import head
from haina.compute import lake
from haina.kernel.database import Database, metadata
from haina.kernel.disk import sync_file, sync_folder
from haina.kernel.platform import Platform
from haina.kernel.settings import Settings
from haina.security import evidence


def check_backup(folder: Path) -> Manifest:
    """Read every byte of a backup. Raises HainaError(bad_backup) that names what is damaged."""
    manifest = read_manifest(folder)
    told_of = {folder / name for name in (*manifest.files, "manifest.json", "manifest.sha256")}
    for path in folder.rglob("*"):
        if path.is_symlink() or (path.is_file() and path not in told_of):
            strange = str(path.relative_to(folder))
            raise BAD_BACKUP(f"备份里多出了清单之外的 {strange}", field=strange)
    for name, told in manifest.files.items():
        path = folder / name
        if not path.resolve().is_relative_to(folder.resolve()):
            raise BAD_BACKUP(f"清单里的路径 {name} 出了备份", field=name)
        if not path.is_file():
            raise BAD_BACKUP(f"备份缺少文件 {name}", field=name)
        if digest_of(path) != tuple(told):
            raise BAD_BACKUP(f"备份的文件 {name} 被改动或损坏", field=name)
    if manifest.revision != head():
        raise BAD_BACKUP(
            f"备份的表结构是 {manifest.revision},这个版本是 {head()}", field="revision",
            hint=f"用 {manifest.product} 版恢复,再升级。",
        )  # fmt: skip
    return manifest


def restore(settings: Settings, folder: Path, actor: str) -> Manifest:
    """Verify the backup, bring it back, and verify what came back.

    Nothing is touched before the whole backup is read and found good; HAINA_HOME must be empty,
    and a database server's database too. Raises HainaError(bad_backup, home_not_empty).
    """
    manifest = check_backup(folder)
    _refuse_occupied(settings)
    _put_files(settings, folder)
    platform = open_installation(settings)
    try:
        _put_rows(platform, folder, manifest, actor)
        _verify(platform, manifest)
    finally:
        platform.close()
    return manifest


def _refuse_occupied(settings: Settings) -> None:
    home = settings.home
    if home.exists() and any(path.name != "haina.conf" for path in home.iterdir()):
        raise NOT_EMPTY(f"{home} 不是空的", field="HAINA_HOME")
    if settings.lake_root.exists() and any(settings.lake_root.iterdir()):
        raise NOT_EMPTY(f"{settings.lake_root} 不是空的", field="HAINA_LAKE")
    if settings.database:
        database = Database(settings.database_url, home / "platform.lock")
        with database.read() as connection:
            taken = inspect(connection).get_table_names()
        database.close()
        if taken:
            raise NOT_EMPTY("平台库里已有表", field="HAINA_DATABASE")


def _put_files(settings: Settings, folder: Path) -> None:
    settings.home.mkdir(parents=True, exist_ok=True, mode=0o700)
    for source, target in ((folder / "home", settings.home), (folder / "lake", settings.lake_root)):
        if source.exists():
            shutil.copytree(source, target, dirs_exist_ok=True, ignore=_own_conf(target))
            _sync_tree(target)


def _sync_tree(root: Path) -> None:
    """Everything below on disk, before rows name it."""
    for path in (*root.rglob("*"), root):
        if path.is_dir():
            sync_folder(path)
        elif path.is_file():
            sync_file(path)


def _own_conf(target: Path) -> Callable[[str, list[str]], set[str]] | None:
    """The new place's own settings win."""
    if not (target / "haina.conf").exists():
        return None
    return lambda _folder, names: {"haina.conf"} & set(names)


def _put_rows(platform: Platform, folder: Path, manifest: Manifest, actor: str) -> None:
    with platform.database.write() as connection:
        for table in reversed(metadata.sorted_tables):
            connection.execute(table.delete())  # what the migrations put there
        for table in metadata.sorted_tables:
            with (folder / "platform" / f"{table.name}.jsonl").open(encoding="utf-8") as lines:
                count = put_lines(connection, table, lines)
            if count != manifest.tables[table.name]:
                raise BAD_BACKUP(f"表 {table.name} 的行数不对", field=table.name)
        move_counters(connection, metadata.sorted_tables)
        evidence.append(connection, actor, "platform.restore", manifest.at, {})


def _verify(platform: Platform, manifest: Manifest) -> None:
    with platform.database.read() as connection:
        verdict = evidence.verify(connection)
        found = {one.name: one for one in lake.datasets(connection)}
    if not verdict.whole:
        raise BAD_BACKUP(f"存证链第 {verdict.broken_at} 条起对不上", field="evidence")
    for name, (version, _rows) in manifest.datasets.items():
        if found[name].current_version != version or not lake.has_version(platform, found[name]):
            raise BAD_BACKUP(f"数据集 {name} 没有完整恢复", field=name)
