"""fsync of Delta commits: delta-rs makes none on a local disk (facts/reliability §0.1)."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import unquote

from haina.kernel.disk import sync_file, sync_folder


def commit_actions(table: Path, version: int) -> list[dict[str, Any]]:
    """The actions of one log entry."""
    entry = table / "_delta_log" / f"{version:020d}.json"
    return [json.loads(line) for line in entry.read_text().splitlines() if line.strip()]


def fsync_commit(table: Path, version: int) -> None:
    """Make one commit durable: its data files, its log entry and every folder that names them.

    An error is fatal for the write and never retried: after a failed fsync the kernel may have
    dropped the pages (PostgreSQL's lesson).
    """
    folders = {table, table / "_delta_log", table.parent, table.parent.parent}
    for path in _new_files(table, version):
        sync_file(path)
        folders.update(_between(path.parent, table))
    sync_file(table / "_delta_log" / f"{version:020d}.json")
    for folder in sorted(folders, key=lambda one: -len(one.parts)):
        sync_folder(folder)


def fsync_checkpoint(table: Path) -> None:
    """Make the newest checkpoint and its pointer durable."""
    log = table / "_delta_log"
    for path in [*log.glob("*.checkpoint*.parquet"), log / "_last_checkpoint"]:
        sync_file(path)
    sync_folder(log)


def _new_files(table: Path, version: int) -> Iterator[Path]:
    for action in commit_actions(table, version):
        for name in ("add", "cdc"):
            if name in action:
                yield table / unquote(action[name]["path"])


def _between(folder: Path, table: Path) -> Iterator[Path]:
    while folder != table and table in folder.parents:
        yield folder
        folder = folder.parent


def file_names(table: Path, version: int) -> list[str]:
    """The data files of one version, relative to the table's folder."""
    from urllib.parse import unquote

    import pyarrow as pa
    from deltalake import DeltaTable

    found = pa.table(DeltaTable(str(table), version=version).get_add_actions(flatten=True))
    return [unquote(name) for name in found.column("path").to_pylist()]
