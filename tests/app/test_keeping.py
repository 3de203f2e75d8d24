"""A backup of a running installation comes back whole, on either platform database; a damaged one
is refused before anything is touched."""

import json
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from haina.app import keeping
from haina.app.keeping.backup import back_up
from haina.app.keeping.rows import lines_of
from haina.compute import lake
from haina.kernel.database import metadata
from haina.kernel.errors import HainaError
from haina.kernel.jobs import NewJob, enqueue
from haina.kernel.platform import Platform
from haina.kernel.settings import load
from haina.security import evidence
from haina.security.access import Purpose, system_subject
from tests.app.support_http import Prepared
from tests.support.installation import new_platform
from tests.support.postgresql import PgServer
from tests.support.running import engine_of, run_all


@pytest.fixture(scope="module")
def home(prepared: Prepared, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Platform]:
    platform = prepared.copy(tmp_path_factory.mktemp("kept") / "home")
    yield platform
    platform.close()


@pytest.fixture(scope="module")
def backup(home: Platform, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("backups") / "one"
    back_up(home, folder, "test")
    return folder


def rows_of(platform: Platform) -> dict[str, list[str]]:
    with platform.database.snapshot() as connection:
        return {table.name: list(lines_of(connection, table)) for table in metadata.sorted_tables}


def content(platform: Platform) -> dict[str, list[list[object]]]:
    """All rows of each dataset that people may ask for, as an operator reads them."""
    asker = system_subject("test")
    with platform.database.read() as connection:
        names = [one.name for one in lake.datasets(connection) if one.current_version is not None]
    with engine_of(platform) as engine:
        return {
            name: sorted(
                engine.read(asker, Purpose.QUERY, f"SELECT * FROM {name}").rows,
                key=lambda row: json.dumps(row, default=str),
            )
            for name in names
        }


def test_what_comes_back_is_what_was_there(home: Platform, backup: Path, tmp_path: Path) -> None:
    manifest = keeping.restore(load(home=tmp_path / "new"), backup, "test")
    back = new_platform(tmp_path / "new")
    try:
        mine, theirs = rows_of(home), rows_of(back)
        mine["evidence"] = mine["evidence"][: manifest.tables["evidence"]]
        assert json.loads(theirs["evidence"].pop())["act"] == "platform.restore"
        assert {name: rows for name, rows in theirs.items() if rows != mine[name]} == {}
        assert content(back) == content(home)
        with back.database.read() as connection:
            assert evidence.verify(connection).whole
        assert run_all(back, load=False) is not None  # and it works on
    finally:
        back.close()


def test_a_county_grows_from_sqlite_onto_postgresql_and_back(
    backup: Path, home: Platform, postgresql_server: PgServer, tmp_path: Path
) -> None:
    name = postgresql_server.create()
    url = postgresql_server.url(name)
    keeping.restore(load(home=tmp_path / "pg", database=url), backup, "test")
    grown = new_platform(tmp_path / "pg", database=url)
    try:
        assert content(grown) == content(home)
        with grown.database.write() as connection:  # counters go on where they were
            enqueue(connection, NewJob("lake.tidy", "整理", {}, cause="test"))
        keeping.back_up(grown, tmp_path / "second", "test")
        theirs = rows_of(grown)
    finally:
        grown.close()
    keeping.restore(load(home=tmp_path / "small"), tmp_path / "second", "test")
    small = new_platform(tmp_path / "small")
    try:
        mine = rows_of(small)
        mine["evidence"].pop()
        assert {table: rows for table, rows in mine.items() if rows != theirs[table]} == {}
    finally:
        small.close()
        postgresql_server.drop(name)


def test_a_backup_while_others_write_is_one_moment(home: Platform, tmp_path: Path) -> None:
    """Jobs and evidence are written in one transaction each: a backup never holds one of a pair."""
    stop = threading.Event()

    def write() -> None:
        while not stop.is_set():
            with home.database.write() as connection:
                job = enqueue(connection, NewJob("lake.tidy", "成对", {}, cause="test"))
                evidence.append(connection, "test", "pair", str(job), {})

    writer = threading.Thread(target=write)
    writer.start()
    try:
        for place in range(3):
            folder = tmp_path / str(place)
            keeping.back_up(home, folder, "test")
            jobs = _lines(folder, "job", lambda row: row["title"] == "成对")
            pairs = _lines(folder, "evidence", lambda row: row["act"] == "pair")
            assert {row["id"] for row in jobs} == {row["object"] for row in pairs}
            assert keeping.check_backup(folder).tables["job"] >= len(jobs)
    finally:
        stop.set()
        writer.join()


def _lines(folder: Path, table: str, wanted) -> list[dict]:  # type: ignore[no-untyped-def,type-arg]
    text = (folder / "platform" / f"{table}.jsonl").read_text()
    return [row for row in map(json.loads, text.splitlines()) if wanted(row)]


def _flip(folder: Path) -> None:
    path = next((folder / "lake").rglob("*.parquet"))
    bent = bytearray(path.read_bytes())
    bent[len(bent) // 2] ^= 1
    path.write_bytes(bytes(bent))


def _lose(folder: Path) -> None:
    next((folder / "lake").rglob("*.json")).unlink()


def _shorten(folder: Path) -> None:
    path = folder / "platform" / "evidence.jsonl"
    path.write_text("".join(path.read_text().splitlines(keepends=True)[:-1]))


def _add(folder: Path) -> None:
    (folder / "home" / "strange").write_text("x")


def _link(folder: Path) -> None:
    (folder / "home" / "link").symlink_to("/etc")


def _rewrite(folder: Path) -> None:
    path = folder / "manifest.json"
    path.write_text(path.read_text().replace('"format": 1', '"format": 1 '))


def _half(folder: Path) -> None:
    (folder / "manifest.json").unlink()


@pytest.mark.parametrize("damage", [_flip, _lose, _shorten, _add, _link, _rewrite, _half])
def test_a_damaged_backup_touches_nothing(backup: Path, tmp_path: Path, damage) -> None:  # type: ignore[no-untyped-def]
    import shutil

    bad = shutil.copytree(backup, tmp_path / "bad", symlinks=True)
    damage(bad)
    with pytest.raises(HainaError) as refused:
        keeping.restore(load(home=tmp_path / "new"), bad, "test")
    assert refused.value.kind.code == "bad_backup"
    assert refused.value.hint
    assert not (tmp_path / "new").exists()


def test_places_that_hold_something_are_left_alone(
    backup: Path, home: Platform, tmp_path: Path
) -> None:
    (tmp_path / "used").mkdir()
    (tmp_path / "used" / "mine").write_text("mine")
    with pytest.raises(HainaError, match="不是空的"):
        keeping.restore(load(home=tmp_path / "used"), backup, "test")
    assert [path.name for path in (tmp_path / "used").iterdir()] == ["mine"]
    with pytest.raises(HainaError, match="已经存在"):
        keeping.back_up(home, backup, "test")
    assert not list(backup.parent.glob("*.partial"))
