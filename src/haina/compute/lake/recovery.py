"""A table brought back to its pointer after writers that died, were refused, or lost their power.

What lies beyond the pointer in the log was acknowledged to nobody. After a kill it is whole, for
the kernel still holds every page; after a power cut any of it may be cut short, empty or missing.
"""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

from haina.compute.lake.contracts import too_late
from haina.compute.lake.durable import commit_actions, entry_of, fsync_commit
from haina.kernel.disk import sync_file, sync_folder
from haina.kernel.ids import new_id

if TYPE_CHECKING:
    from deltalake import DeltaTable

_BOOT = Path("/proc/sys/kernel/random/boot_id")


def boot() -> str:
    """Which start of which machine this is; who wrote under another may have lost the power."""
    try:
        return _BOOT.read_text(encoding="ascii").strip()
    except OSError:
        return f"process {os.getpid()}"


@contextmanager
def first_come(dataset: str) -> Iterator[None]:
    """Raises HainaError(lake_conflict) for a commit that the lake refused because of another's."""
    from deltalake.exceptions import CommitFailedError

    try:
        yield
    except CommitFailedError as error:
        raise too_late(dataset) from error


def opened(path: Path, pointer: int | None) -> "DeltaTable | None":
    """The table with its log made readable; None when there is none."""
    from deltalake import DeltaTable

    _drop_damaged(path, pointer)
    return DeltaTable(str(path)) if DeltaTable.is_deltatable(str(path)) else None


def undo(table: "DeltaTable", path: Path, pointer: int | None) -> None:
    """Take back what was committed but never made current."""
    for version in _beyond(path, pointer):
        _write_again(entry_of(path, version))
    if pointer is None:
        table.delete()
    else:
        table.restore(pointer)
    fsync_commit(path, table.version())


def _beyond(path: Path, pointer: int | None) -> list[int]:
    """The versions of the log after the pointer's."""
    numbers = (one.stem for one in (path / "_delta_log").glob("*.json"))
    known = -1 if pointer is None else pointer
    return sorted(int(one) for one in numbers if one.isdigit() and int(one) > known)


def _drop_damaged(path: Path, pointer: int | None) -> None:
    """Remove the log from the first entry on that is missing or cannot be read. What follows a
    damaged entry was never acknowledged either: who acknowledges has made the log durable up to
    its own entry."""
    beyond = _beyond(path, pointer)
    whole = -1 if pointer is None else pointer
    for version in beyond:
        if version != whole + 1 or not _readable(path, version):
            break
        whole = version
    damaged = [version for version in beyond if version > whole]
    for version in reversed(damaged):
        entry_of(path, version).unlink(missing_ok=True)
    if damaged:
        sync_folder(path / "_delta_log")


def _readable(path: Path, version: int) -> bool:
    try:
        actions: list[Any] = commit_actions(path, version)
    except ValueError:
        return False
    return bool(actions) and all(isinstance(one, dict) for one in actions)


def _write_again(entry: Path) -> None:
    """Later entries stand on this one, which its writer may not have synced. It is written anew:
    where an fsync failed before, only what is written again is sure to reach the disk."""
    draft = entry.with_suffix(f".{new_id()}.again")  # another may be undoing the same
    draft.write_bytes(entry.read_bytes())
    sync_file(draft)
    draft.replace(entry)
