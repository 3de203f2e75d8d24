"""fsync of Delta commits: delta-rs makes none on a local disk (facts/reliability §0.1)."""

import json
import os
import shutil
from collections.abc import Iterator
from pathlib import Path
from tempfile import mkdtemp
from typing import Any
from urllib.parse import unquote

from haina.kernel.disk import sync_file, sync_folder

_LOG = "_delta_log"


def entry_of(table: Path, version: int) -> Path:
    """The file of one log entry."""
    return table / _LOG / f"{version:020d}.json"


def commit_actions(table: Path, version: int) -> list[dict[str, Any]]:
    """The actions of one log entry."""
    entry = entry_of(table, version)
    return [json.loads(line) for line in entry.read_text().splitlines() if line.strip()]


def fsync_commit(table: Path, version: int) -> None:
    """Make one commit durable: its data files, its log entry and every folder that names them.

    An error is fatal for the write and its fsync is never retried: the kernel may have dropped the
    pages (PostgreSQL's lesson). The commit is taken out of the log, so that nobody adopts it: who
    tries again writes every byte again.
    """
    try:
        _fsync_commit(table, version)
    except OSError:
        entry_of(table, version).unlink(missing_ok=True)
        raise


def _fsync_commit(table: Path, version: int) -> None:
    folders = {table, table / _LOG, table.parent, table.parent.parent}
    for path in _new_files(table, version):
        sync_file(path)
        folders.update(_between(path.parent, table))
    sync_file(entry_of(table, version))
    for folder in sorted(folders, key=lambda one: -len(one.parts)):
        sync_folder(folder)


def fold(table: Path) -> None:
    """Write a checkpoint. It is made aside and is durable before it gets its name: a checkpoint
    that a power cut left empty would make the whole table unreadable."""
    from deltalake import DeltaTable

    log = table / _LOG
    for left in table.parent.glob(f".{table.name}-*"):
        shutil.rmtree(left, ignore_errors=True)
    aside = Path(mkdtemp(prefix=f".{table.name}-", dir=table.parent))
    try:
        (aside / _LOG).mkdir()
        for path in _needed(log):
            os.link(path, aside / _LOG / path.name)
        DeltaTable(str(aside)).create_checkpoint()
        made = [*(aside / _LOG).glob("*.checkpoint*.parquet"), aside / _LOG / "_last_checkpoint"]
        for path in (one for one in made if one.stat().st_nlink == 1):
            sync_file(path)
            path.replace(log / path.name)
            sync_folder(log)
    finally:
        shutil.rmtree(aside, ignore_errors=True)


def _needed(log: Path) -> Iterator[Path]:
    """Of the log, what follows from the newest checkpoint on."""
    pointer, oldest = log / "_last_checkpoint", 0
    if pointer.exists():
        oldest = int(json.loads(pointer.read_text())["version"])
        yield pointer
    for path in log.iterdir():
        number = path.name.split(".", 1)[0]
        known = path.suffix in (".json", ".parquet")
        if known and number.isdigit() and int(number) >= oldest and path.is_file():
            yield path


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
