"""A process that counts in the platform database, for the test of the write lock."""

import sys
from pathlib import Path

import sqlalchemy as sa

from haina.kernel.database import Database


def count(home: Path, times: int) -> None:
    database = Database(f"sqlite:///{home / 'platform.db'}", home / "platform.lock")
    for turn in range(times):
        with database.write() as connection:
            seen = connection.execute(sa.text("SELECT n FROM counter")).scalar_one()
            connection.execute(sa.text("UPDATE counter SET n = :n"), {"n": seen + 1})
        if turn % 10 == 0:
            database.checkpoint()
    database.close()


if __name__ == "__main__":
    count(Path(sys.argv[1]), int(sys.argv[2]))
