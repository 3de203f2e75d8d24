"""Which exceptions mean that the disk failed, and what people are told."""

import errno
import os
import sqlite3
from pathlib import Path

import pytest
import sqlalchemy as sa

from haina.kernel.disk import DISK_KINDS, disk_error
from haina.kernel.errors import NOT_FOUND, HainaError

ERRNO = {
    errno.ENOSPC: "disk_full",
    errno.EDQUOT: "disk_full",
    errno.EIO: "disk_failed",
    errno.EROFS: "disk_read_only",
    errno.EACCES: "disk_read_only",
    errno.EMFILE: "too_many_open_files",
}


def code_of(error: BaseException) -> str | None:
    found = disk_error(error)
    return None if found is None else found.code


@pytest.mark.parametrize("number", ERRNO)
def test_by_number(number: int) -> None:
    assert code_of(OSError(number, os.strerror(number))) == ERRNO[number]


@pytest.mark.parametrize("number", ERRNO)
def test_by_what_a_library_passes_on(number: int) -> None:
    said = f"Generic LocalFileSystem error: {os.strerror(number)} (os error {number})"
    assert code_of(Exception(said)) == ERRNO[number]


def test_behind_other_exceptions() -> None:
    with pytest.raises(ValueError, match="broke") as found:
        try:
            raise OSError(errno.ENOSPC, "full")
        except OSError as cause:
            raise ValueError("the writer broke") from cause
    assert code_of(found.value) == "disk_full"


def test_what_is_no_disk() -> None:
    assert disk_error(ValueError("x")) is None
    assert disk_error(FileNotFoundError(errno.ENOENT, "x")) is None
    assert disk_error(Exception("code 28 (os error 2)")) is None
    hidden = NOT_FOUND("没有")
    hidden.__cause__ = OSError(errno.EIO, "x")
    assert disk_error(hidden) is None, "who raised it knows better"


def test_a_sqlite_database_that_cannot_grow(tmp_path: Path) -> None:
    engine = sa.create_engine(f"sqlite:///{tmp_path}/x.db")
    with engine.begin() as connection:
        connection.exec_driver_sql("CREATE TABLE t (a TEXT)")
        connection.exec_driver_sql("PRAGMA max_page_count=2")
        with pytest.raises(sa.exc.OperationalError) as full:
            connection.exec_driver_sql(f"INSERT INTO t VALUES ('{'x' * 100_000}')")
    assert code_of(full.value) == "disk_full"
    with pytest.raises(sqlite3.OperationalError) as busy:
        one, two = (sqlite3.connect(tmp_path / "x.db", timeout=0) for _ in "12")
        one.execute("BEGIN IMMEDIATE")
        two.execute("BEGIN IMMEDIATE")
    one.close()
    two.close()
    assert code_of(busy.value) is None


def test_each_kind_says_a_way_out() -> None:
    for kind in DISK_KINDS:
        error = kind()
        assert isinstance(error, HainaError)
        assert error.status in (503, 507)
        assert error.hint.endswith("。")
