"""After a power cut: what lies beyond the pointer may be cut short, empty or missing."""

import errno
import os
import re
from collections.abc import Callable
from pathlib import Path

import pytest

from haina.compute import lake
from haina.compute.lake import WriteMode, recovery, writer
from haina.compute.lake.durable import entry_of, fold
from tests.compute.lake.conftest import Lake, things

Damage = Callable[[Path], object]
DAMAGES: dict[str, Damage] = {
    "empty": lambda path: path.write_bytes(b""),
    "zeros": lambda path: path.write_bytes(bytes(path.stat().st_size)),
    "cut": lambda path: os.truncate(path, path.stat().st_size // 2),
    "gone": lambda path: path.unlink(),
}


class Crash(Exception):
    pass


def crash(*_: object) -> None:
    raise Crash


def ids(thing: Lake) -> list[int]:
    return [row["id"] for row in thing.rows()]


def reboot(monkeypatch: pytest.MonkeyPatch, folder: Path) -> None:
    """The machine's number of this start, as it is after another one."""
    number = folder / "boot_id"
    number.write_text("another start\n")
    monkeypatch.setattr(recovery, "_BOOT", number)


def unacknowledged(thing: Lake, *ids: int) -> int:
    """A commit that never became current; its version."""
    with pytest.raises(Crash):
        thing.write(things(*ids), WriteMode.APPEND, publish=crash)
    return thing.log


@pytest.mark.parametrize(
    ("damage", "first"), [*((damage, False) for damage in DAMAGES), ("cut", True)]
)
def test_a_damaged_end_of_the_log_is_dropped(thing: Lake, damage: str, first: bool) -> None:
    if not first:
        thing.write(things(1))
    DAMAGES[damage](entry_of(thing.path, unacknowledged(thing, 2)))
    thing.write(things(3), WriteMode.APPEND)
    assert ids(thing) == ([3] if first else [1, 3])


@pytest.mark.parametrize("damage", ["zeros", "gone"])
def test_what_follows_a_damaged_entry_is_dropped_too(thing: Lake, damage: str) -> None:
    thing.write(things(1))
    early = unacknowledged(thing, 2)
    unacknowledged(thing, 3)  # undoes the first and leaves a commit of its own
    DAMAGES[damage](entry_of(thing.path, early))
    thing.write(things(4), WriteMode.APPEND)
    assert ids(thing) == [1, 4]


def test_acknowledged_versions_stand_on_durable_entries_alone(
    thing: Lake, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A cut after an undo damages no entry that the next version needs: all were synced."""
    synced: list[str] = []
    real = os.fsync

    def fsync(handle: int) -> None:
        name = str(Path(f"/proc/self/fd/{handle}").readlink())
        synced.append(re.sub(r"\.[0-9a-z]+\.again$", "", name))
        real(handle)

    thing.write(things(1))
    left = unacknowledged(thing, 2)
    monkeypatch.setattr(os, "fsync", fsync)
    version = thing.write(things(3), WriteMode.APPEND).version
    entries = [str(entry_of(thing.path, n)).removesuffix(".json") for n in range(left, version + 1)]
    assert set(entries) <= {one.removesuffix(".json") for one in synced}


def test_after_another_start_of_the_machine_a_commit_is_written_again(
    thing: Lake, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    context = thing.job()
    with pytest.raises(Crash):
        thing.write(things(1, 2), context=context, publish=crash)
    for path in thing.path.glob("*.parquet"):
        os.truncate(path, 0)  # it was never synced
    reboot(monkeypatch, tmp_path)
    thing.write(things(1, 2), context=thing.again(context))
    assert (thing.asked, ids(thing)) == (2, [1, 2])


@pytest.mark.parametrize("at", range(5))
def test_after_a_failed_fsync_every_byte_is_written_again(
    thing: Lake, monkeypatch: pytest.MonkeyPatch, at: int
) -> None:
    thing.write(things(1))
    context, calls, real = thing.job(), [0], os.fsync

    def broken(handle: int) -> None:
        calls[0] += 1
        if calls[0] == at + 1:
            raise OSError(errno.EIO, os.strerror(errno.EIO))
        real(handle)

    files = set(thing.path.glob("*.parquet"))
    with pytest.raises(OSError, match="Input/output"), monkeypatch.context() as patch:
        patch.setattr(os, "fsync", broken)
        thing.write(things(2), WriteMode.APPEND, context=context)
    lost = set(thing.path.glob("*.parquet")) - files
    assert len(lost) == 1
    thing.write(things(2), WriteMode.APPEND, context=thing.again(context))
    assert (thing.asked, ids(thing)) == (3, [1, 2])
    with thing.platform.database.read() as connection:
        current = lake.current(thing.platform, connection, ["ods.thing"])[0]
    from deltalake import DeltaTable

    named = {Path(one).name for one in DeltaTable(current.path).file_uris()}
    assert not named & {one.name for one in lost}, "pages of the failed fsync are not trusted"


def test_folding_leaves_nothing_beside_and_survives_its_own_death(thing: Lake) -> None:
    for n in range(3):
        thing.write(things(n), WriteMode.APPEND)
    (thing.path.parent / ".thing-left").mkdir()  # of one that was killed
    for _ in range(2):
        fold(thing.path)
        thing.write(things(9), WriteMode.APPEND)
    assert sorted(path.name for path in thing.path.parent.iterdir()) == ["thing"]
    assert len(list((thing.path / "_delta_log").glob("*.checkpoint.parquet"))) == 2
    assert ids(thing) == [0, 1, 2, 9, 9]


def test_a_fold_that_fails_is_no_failure_of_the_write(
    thing: Lake, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: object, **__: object) -> None:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    monkeypatch.setattr(writer, "_CHECKPOINT_EVERY", 2)
    thing.write(things(1))
    with monkeypatch.context() as patch:
        patch.setattr(os, "link", full)
        thing.write(things(2), WriteMode.APPEND)
    thing.write(things(3), WriteMode.APPEND)
    assert ids(thing) == [1, 2, 3]
