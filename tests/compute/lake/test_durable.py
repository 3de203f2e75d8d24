"""fsync: every file, the log entry and every folder that names them, before anyone is told."""

import errno
import os
from pathlib import Path
from typing import Any

import pytest

from haina.compute.lake import WriteMode, Written
from haina.compute.lake.durable import commit_actions
from haina.kernel.jobs import get_job
from tests.compute.lake.conftest import Lake, things


@pytest.fixture
def synced(monkeypatch: pytest.MonkeyPatch) -> list[Path]:
    """Paths in the order in which they were synced."""
    seen: list[Path] = []
    real = os.fsync

    def fsync(handle: int) -> None:
        seen.append(Path(f"/proc/self/fd/{handle}").readlink())
        real(handle)

    monkeypatch.setattr(os, "fsync", fsync)
    return seen


@pytest.mark.parametrize("mode", WriteMode)
def test_all_of_a_commit_is_synced_before_the_pointer_moves(
    thing: Lake, mode: WriteMode, synced: list[Path]
) -> None:
    thing.write(things(1))
    synced.clear()
    before: list[Path] = []

    def look(_written: Written) -> dict[str, Any]:
        before.extend(synced)
        return {}

    version = thing.write(things(1, 2), mode, merge_key=["id"], check=look)
    log = thing.path / "_delta_log"
    files = [
        thing.path / action["add"]["path"]
        for action in commit_actions(thing.path, version.version)
        if "add" in action
    ]
    assert files
    for path in (*files, log / f"{version.version:020d}.json", log, thing.path, thing.path.parent):
        assert path in before
    assert max(before.index(path) for path in files) < before.index(log)


def test_the_first_commit_syncs_the_folders_above(thing: Lake, synced: list[Path]) -> None:
    thing.write(things(1))
    root = thing.platform.settings.lake_root
    assert {root, root / "ods", thing.path, thing.path / "_delta_log"} <= set(synced)


def test_an_adopted_commit_is_synced_again(thing: Lake, synced: list[Path]) -> None:
    context = thing.job()

    def crash(*_: object) -> None:
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        thing.write(things(1), context=context, publish=crash)
    synced.clear()
    thing.write(things(1), context=thing.again(context))
    assert any(path.suffix == ".parquet" for path in synced)
    assert any(path.suffix == ".json" for path in synced)


def test_a_checkpoint_is_synced(thing: Lake, synced: list[Path]) -> None:
    for n in range(21):
        thing.write(things(n))
    assert any(path.name == "_last_checkpoint" for path in synced)
    assert any(".checkpoint" in path.name for path in synced)


def test_a_failed_fsync_ends_the_write(thing: Lake, monkeypatch: pytest.MonkeyPatch) -> None:
    thing.write(things(1))
    before = thing.pointer
    calls: list[int] = []

    def broken(handle: int) -> None:
        calls.append(handle)
        raise OSError(errno.EIO, "Input/output error")

    context = thing.job()
    with pytest.raises(OSError, match="Input/output"), monkeypatch.context() as patch:
        patch.setattr(os, "fsync", broken)
        thing.write(things(2), context=context)
    assert len(calls) == 1  # never tried a second time
    assert thing.pointer == before
    with thing.platform.database.read() as connection:
        assert get_job(connection, context.job.id).state == "running"
