"""SQLite's errors in our words, from the standard library's driver and from ADBC."""

import sqlite3
import sys
from collections.abc import Iterator
from contextlib import contextmanager

from haina.kernel.errors import HainaError
from haina.resources.collect.kinds.errors import FILE_BROKEN, NO_TABLE, SOURCE_FAILED


@contextmanager
def translated() -> Iterator[None]:
    """To stand around calls of a driver only: half way through a result they are plain OSError."""
    try:
        yield
    except HainaError:
        raise
    except Exception as broken:
        if not isinstance(broken, _of_drivers()):
            raise
        raise in_words(str(broken)) from broken


def _of_drivers() -> tuple[type[Exception], ...]:
    """Kinds of exception of the drivers; ADBC's only when it has been imported."""
    manager, arrow = sys.modules.get("adbc_driver_manager"), sys.modules.get("pyarrow")
    if manager is None or arrow is None:
        return (sqlite3.Error,)
    return sqlite3.Error, manager.Error, arrow.ArrowException, OSError


def in_words(text: str) -> HainaError:
    """The HainaError for a text of SQLite."""
    line = (text.splitlines() or [""])[0]
    if "not a database" in text or "malformed" in text:
        return FILE_BROKEN("文件不是 SQLite 数据库,或已损坏")
    if "no such table" in text or "no such column" in text:
        return NO_TABLE(f"数据库里没有所要的表或字段:{line}")
    if "locked" in text or "busy" in text:
        return SOURCE_FAILED("数据库文件正被别的程序独占", hint="请等对方写完后重试。")
    if "unable to open" in text:
        way = "请核对文件权限;WAL 模式的库须连同 -wal 文件一起提供。"
        return FILE_BROKEN("数据库文件打不开", hint=way)
    return SOURCE_FAILED(f"读取 SQLite 出错:{line}")
