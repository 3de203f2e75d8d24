"""Alarms: raised once when a batch is late, cleared by itself when it comes."""

from datetime import datetime, timedelta
from pathlib import Path

import pytest

from haina.kernel import clock
from haina.kernel.errors import HainaError
from haina.kernel.platform import Platform
from haina.resources.collect import alarms
from haina.resources.collect.tables import table_table
from tests.resources.collect.loading import apply, load

SOURCE = """\
name: s
title: 系统
agency: ju
kind: csv
connection: {path: t.csv}
tables:
  - {name: t, from: t, title: 日报, key: [K], cycle: daily, due: "00:00",
     columns: {K: {item: k, title: 键}}}
"""


@pytest.fixture
def owed(platform: Platform, tmp_path: Path) -> Path:
    files = platform.settings.home / "files"
    files.mkdir()
    (files / "t.csv").write_text("K\n1\n")
    apply(platform, tmp_path / "pack", SOURCE)
    long_ago = clock.now() - timedelta(days=3)
    with platform.database.write() as connection:
        connection.execute(table_table.update().values(since=long_ago))
    return files


def look(platform: Platform, moment: datetime | None = None) -> tuple[int, int]:
    with platform.database.write() as connection:
        return alarms.compare(connection, moment or clock.now())


def standing(platform: Platform) -> list[alarms.Alarm]:
    with platform.database.read() as connection:
        return alarms.list_alarms(connection)


def test_late_is_told_once_and_cleared_when_it_comes(platform: Platform, owed: Path) -> None:
    assert look(platform) == (1, 0)
    assert look(platform) == (0, 0)
    [alarm] = standing(platform)
    assert (alarm.reason, alarm.table, alarm.agency) == ("late", "t", "ju")
    assert "日报" in alarm.message
    assert load(platform, "t").state == "done"
    assert look(platform) == (0, 1)
    assert standing(platform) == []
    assert look(platform, clock.now() + timedelta(days=1)) == (1, 0)


def test_far_fewer_rows_than_last_time_is_told(platform: Platform, owed: Path) -> None:
    (owed / "t.csv").write_text("K\n" + "\n".join(map(str, range(100))) + "\n")
    load(platform, "t")
    (owed / "t.csv").write_text("K\n1\n2\n")
    load(platform, "t")
    look(platform)
    [alarm] = standing(platform)
    assert alarm.reason == "short"
    assert "100" in alarm.message


def test_someone_takes_note(platform: Platform, owed: Path) -> None:
    look(platform)
    [alarm] = standing(platform)
    with platform.database.write() as connection:
        alarms.see(connection, "zhang", alarm.id)
    assert standing(platform)[0].seen_by == "zhang"
    with pytest.raises(HainaError), platform.database.write() as connection:
        alarms.see(connection, "zhang", 999)
