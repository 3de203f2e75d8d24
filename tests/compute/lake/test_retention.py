"""Versions of the past, compaction, retention."""

from datetime import timedelta
from typing import Any

import pytest

from haina import packs
from haina.compute import lake
from haina.compute.lake import WriteMode, retention
from haina.compute.lake.contracts import LAKE_CONFLICT
from haina.compute.lake.tables import version_table
from haina.kernel import clock
from haina.kernel.errors import HainaError
from haina.kernel.platform import Platform
from haina.resources.libraries import request_stale
from tests.compute.lake.conftest import NAME, Lake, things
from tests.conftest import MakePack
from tests.support.packs import write_sources
from tests.support.running import rows_of, run_all


def ids(rows: list[dict[str, Any]]) -> list[int]:
    return sorted(row["id"] for row in rows)


def age(thing: Lake, version: int, days: int) -> None:
    with thing.platform.database.write() as connection:
        connection.execute(
            version_table.update()
            .where(version_table.c.version == version)
            .values(at=clock.now() - timedelta(days=days))
        )


def test_time_travel_by_version_and_by_time(any_thing: Lake) -> None:
    made = [any_thing.write(things(n)).version for n in range(3)]
    for version, days in zip(made, (30, 20, 10), strict=True):
        age(any_thing, version, days)
    for n, version in enumerate(made):
        assert ids(any_thing.rows(version)) == [n]
    with any_thing.platform.database.read() as connection:
        for days, version in ((25, made[0]), (15, made[1]), (1, made[2])):
            moment = clock.now() - timedelta(days=days)
            assert lake.version_at(connection, NAME, moment) == version
        with pytest.raises(HainaError) as refused:
            lake.version_at(connection, NAME, clock.now() - timedelta(days=99))
        assert refused.value.code == "no_version"
        with pytest.raises(HainaError) as refused:
            lake.pinned(any_thing.platform, connection, NAME, 99)
        assert refused.value.code == "not_found"


def test_a_sweep_keeps_what_is_named(any_thing: Lake) -> None:
    made = [any_thing.write(things(n)).version for n in range(5)]
    for version in made:
        age(any_thing, version, 99)
    assert lake.sweep(any_thing.job(), NAME, {made[1]}) == 3
    assert ids(any_thing.rows()) == [4]
    assert ids(any_thing.rows(made[1])) == [1]
    with any_thing.platform.database.read() as connection:
        for version in (made[0], made[2], made[3]):
            with pytest.raises(HainaError) as refused:
                lake.pinned(any_thing.platform, connection, NAME, version)
            assert refused.value.code == "version_gone"


def test_a_sweep_keeps_what_is_young(any_thing: Lake) -> None:
    made = [any_thing.write(things(n)).version for n in range(3)]
    assert lake.sweep(any_thing.job(), NAME, set()) == 0
    assert [ids(any_thing.rows(version)) for version in made] == [[0], [1], [2]]


def test_a_write_follows_a_sweep(any_thing: Lake) -> None:
    for n in range(3):
        age(any_thing, any_thing.write(things(n), WriteMode.APPEND).version, 99)
    lake.sweep(any_thing.job(), NAME, set())
    any_thing.write(things(9), WriteMode.APPEND)
    assert ids(any_thing.rows()) == [0, 1, 2, 9]
    any_thing.write(things(2, 5), WriteMode.MERGE, merge_key=["id"])
    assert ids(any_thing.rows()) == [0, 1, 2, 5, 9]


def test_compaction_keeps_the_rows(any_thing: Lake) -> None:
    for n in range(10):
        any_thing.write(things(n, n), WriteMode.APPEND)
    before = any_thing.rows()
    version = lake.compact(any_thing.job(), NAME)
    assert version is not None
    assert any_thing.pointer == version.version
    assert any_thing.rows() == before
    assert lake.compact(any_thing.job(), NAME) is None


def test_compaction_makes_nothing_stale(
    platform: Platform, tiny_pack: MakePack, tmp_path: Any
) -> None:
    files = platform.settings.home / "files"
    packs.apply(platform, tiny_pack(tmp_path / "pack", files), "test")
    run_all(platform)
    thing = Lake(platform)
    names = ("ods.person", "std.person", "base.person")
    content = {name: rows_of(platform, name) for name in names}
    for _ in range(2):
        for name in names:
            context = thing.job()
            assert lake.compact(context, name, smallest_gain=0) is not None
            thing.finish(context)
    assert request_stale(platform) == 0
    assert {name: rows_of(platform, name) for name in names} == content
    write_sources(files, 24)
    run_all(platform)
    assert len(rows_of(platform, "base.person")) == 24
    assert request_stale(platform) == 0


def test_a_dataset_without_data_has_nothing_to_tidy(thing: Lake) -> None:
    assert lake.compact(thing.job(), NAME) is None
    assert lake.sweep(thing.job(), NAME, set()) == 0


def test_has_version_looks_into_the_log(thing: Lake) -> None:
    thing.write(things(1))
    with thing.platform.database.read() as connection:
        found = lake.find_dataset(connection, NAME)
    assert lake.has_version(thing.platform, found)
    (thing.path / "_delta_log" / f"{found.current_version:020d}.json").unlink()
    assert not lake.has_version(thing.platform, found)


def test_a_compaction_never_puts_old_rows_over_newer_ones(
    thing: Lake, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A load becomes current between the look of the compaction and its write."""
    for number in range(4):
        thing.write(things(number), WriteMode.APPEND)
    real = lake.versions

    def with_a_load(*given: Any, **more: Any) -> Any:
        monkeypatch.undo()
        found = real(*given, **more)
        thing.write(things(99), WriteMode.APPEND)
        return found

    monkeypatch.setattr(retention, "versions", with_a_load)
    with pytest.raises(HainaError) as refused:
        lake.compact(thing.job("c"), NAME, smallest_gain=2)
    assert refused.value.kind is LAKE_CONFLICT
    assert [row["id"] for row in thing.rows()] == [0, 1, 2, 3, 99]


def test_full_files_are_not_written_again(thing: Lake, monkeypatch: pytest.MonkeyPatch) -> None:
    """However many there are: a large table would be rewritten every night."""
    for number in range(4):
        thing.write(things(number), WriteMode.APPEND)
    monkeypatch.setattr(retention, "_FULL_BYTES", 2)
    assert lake.compact(thing.job(), NAME, smallest_gain=2) is None
