"""The platform database: its write lock, its transactions, its moments."""

import subprocess
import sys
import threading
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path

import pytest
import sqlalchemy as sa

from haina.kernel import clock
from haina.kernel.database import Database, Json, UtcTime, forbid_transaction, in_transaction
from haina.kernel.platform import Platform

_PROCESSES, _TIMES = 4, 60


def test_writers_of_four_processes_lose_nothing(platform: Platform) -> None:
    home = platform.settings.home
    with platform.database.write() as connection:
        connection.execute(sa.text("CREATE TABLE counter (n INTEGER)"))
        connection.execute(sa.text("INSERT INTO counter VALUES (0)"))
    command = [sys.executable, "-m", "tests.support.counting", str(home), str(_TIMES)]
    root = Path(__file__).parents[2]
    writers = [
        subprocess.Popen(
            command, cwd=root, env={"PYTHONPATH": f"{root / 'src'}:{root}"}, stderr=subprocess.PIPE
        )
        for _ in range(_PROCESSES)
    ]
    said = [writer.communicate(timeout=60)[1].decode() for writer in writers]
    assert [writer.returncode for writer in writers] == [0] * _PROCESSES, said
    assert not any("locked" in words for words in said)
    with platform.database.read() as connection:
        assert connection.execute(sa.text("SELECT n FROM counter")).scalar() == _PROCESSES * _TIMES
        assert connection.execute(sa.text("PRAGMA integrity_check")).scalar() == "ok"


def test_thirty_two_threads_lose_nothing(any_platform: Platform) -> None:
    database = any_platform.database
    with database.write() as connection:
        connection.execute(sa.text("CREATE TABLE counter (n INTEGER)"))
        connection.execute(sa.text("INSERT INTO counter VALUES (0)"))
    broken: list[Exception] = []

    def add() -> None:
        try:
            for _ in range(5):
                with database.write() as connection:
                    connection.execute(sa.text("UPDATE counter SET n = n + 1"))
        except Exception as error:  # noqa: BLE001 — shown by the test
            broken.append(error)

    threads = [threading.Thread(target=add) for _ in range(32)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert not broken
    with database.read() as connection:
        assert connection.execute(sa.text("SELECT n FROM counter")).scalar() == 160


def test_a_transaction_that_raises_leaves_nothing(any_platform: Platform) -> None:
    database = any_platform.database
    with database.write() as connection:
        connection.execute(sa.text("CREATE TABLE note (word VARCHAR(9))"))
    with pytest.raises(ZeroDivisionError), database.write() as connection:
        connection.execute(sa.text("INSERT INTO note VALUES ('half')"))
        raise ZeroDivisionError
    with database.read() as connection:
        connection.execute(sa.text("INSERT INTO note VALUES ('read')"))
    with database.read() as connection:
        assert connection.execute(sa.text("SELECT count(*) FROM note")).scalar() == 0


def test_nested_transactions_are_refused(any_platform: Platform) -> None:
    with (
        any_platform.database.write(),
        pytest.raises(RuntimeError, match="inside a transaction"),
        any_platform.database.write(),
    ):
        pass
    assert not in_transaction()
    with any_platform.database.write():
        pass


def test_slow_work_is_refused_inside_a_transaction(any_platform: Platform) -> None:
    forbid_transaction("work")
    with any_platform.database.write(), pytest.raises(RuntimeError, match="work inside"):
        forbid_transaction("work")
    with any_platform.database.read():
        forbid_transaction("work")


_moments = sa.Table(
    "moment",
    sa.MetaData(),
    sa.Column("n", sa.Integer, primary_key=True),
    sa.Column("at", UtcTime),
    sa.Column("said", Json),
)


def test_moments_keep_their_zone_and_order(any_platform: Platform) -> None:
    first = datetime(2026, 3, 1, 7, 59, 59, 1, clock.SHANGHAI)
    later = [
        datetime(2026, 3, 1, 0, 0, tzinfo=UTC),
        datetime(2026, 2, 28, 22, 0, 0, 999_999, timezone(timedelta(hours=-3))),
        None,
    ]
    with any_platform.database.write() as connection:
        _moments.create(connection)
        rows = [{"n": n, "at": at, "said": {"中": [n]}} for n, at in enumerate([first, *later])]
        connection.execute(_moments.insert(), rows)
    with any_platform.database.read() as connection:
        found = {row.n: row for row in connection.execute(sa.select(_moments))}
        query = sa.select(_moments.c.n).where(_moments.c.at > first).order_by(_moments.c.at)
        assert list(connection.execute(query).scalars()) == [1, 2]
    assert [found[n].at for n in range(4)] == [first, *later]
    assert found[0].at.tzinfo is UTC
    assert found[3].said == {"中": [3]}


def test_a_moment_without_zone_is_refused_on_sqlite(platform: Platform) -> None:
    with platform.database.write() as connection:
        _moments.create(connection)
    with pytest.raises(sa.exc.StatementError, match="without a zone"):
        with platform.database.write() as connection:
            connection.execute(_moments.insert().values(n=1, at=datetime(2026, 1, 1)))


def test_checkpoints_pass_while_readers_read(platform: Platform) -> None:
    database = platform.database
    with database.write() as connection:
        connection.execute(sa.text("CREATE TABLE note (word TEXT)"))
    for _ in range(20):
        with database.read() as reader:
            before = reader.execute(sa.text("SELECT count(*) FROM note")).scalar()
            with database.write() as connection:
                connection.execute(sa.text("INSERT INTO note VALUES ('x')"))
            database.checkpoint()
            # One consistent view, whatever is folded meanwhile.
            assert reader.execute(sa.text("SELECT count(*) FROM note")).scalar() == before
    database.checkpoint()
    wal = platform.settings.home / "platform.db-wal"
    assert not wal.exists() or wal.stat().st_size == 0
    with database.read() as reader:
        assert reader.execute(sa.text("SELECT count(*) FROM note")).scalar() == 20


def test_only_we_checkpoint(platform: Platform) -> None:
    with platform.database.read() as connection:
        pragma = {
            name: connection.exec_driver_sql(f"PRAGMA {name}").scalar()
            for name in ("journal_mode", "synchronous", "wal_autocheckpoint", "foreign_keys")
        }
    assert pragma == {
        "journal_mode": "wal", "synchronous": 2, "wal_autocheckpoint": 0, "foreign_keys": 1,
    }  # fmt: skip


def test_a_database_closed_twice_is_closed(tmp_path: Path) -> None:
    database = Database(f"sqlite:///{tmp_path / 'a.db'}", tmp_path / "lock")
    with database.write() as connection:
        connection.execute(sa.text("CREATE TABLE t (a)"))
    database.close()
    database.close()
