"""PostgreSQL's errors in our words, without the secrets of the connection."""

from collections.abc import Iterator
from contextlib import contextmanager

from haina.kernel.errors import ErrorKind, HainaError
from haina.resources.collect.kinds.errors import (
    LOGIN_REFUSED,
    NO_DATABASE,
    NO_RIGHT,
    NO_TABLE,
    SOURCE_FAILED,
    UNREACHABLE,
)

_BY_STATE: tuple[tuple[str, ErrorKind, str], ...] = (
    ("42501", NO_RIGHT, "账号没有读取这张表的权限"),
    ("42P01", NO_TABLE, "数据源里没有这张表"),
    ("42703", NO_TABLE, "表里没有所要的字段"),
    ("57014", SOURCE_FAILED, "数据源取消了查询(多半是超时)"),
    ("40001", SOURCE_FAILED, "备库回放与读取冲突"),
    ("53300", UNREACHABLE, "数据源的连接数已满"),
    ("22021", SOURCE_FAILED, "库里有不能转成 UTF-8 的文字"),
)
# A connection error has no SQLSTATE in the driver, and the server may speak Chinese.
_BY_TEXT: tuple[tuple[tuple[str, ...], ErrorKind, str], ...] = (
    (
        (
            "authentication failed",
            "认证失败",
            "no password supplied",
            "no pg_hba.conf",
            "pg_hba.conf",
        ),
        LOGIN_REFUSED,
        "数据源拒绝登录",
    ),
    (
        ("does not support SSL", "SSL", "certificate"),
        UNREACHABLE,
        "加密连接没有谈成,请核对 sslmode 与证书",
    ),
    (("role ", "角色"), LOGIN_REFUSED, "数据源没有这个用户"),
    (("database ", "数据库"), NO_DATABASE, "数据源里没有这个库"),
    (("timeout", "timed out", "超时"), UNREACHABLE, "连接数据源超时"),
    (("refused", "拒绝"), UNREACHABLE, "数据源拒绝连接(端口没有服务)"),
    (("too many", "remaining connection slots"), UNREACHABLE, "数据源的连接数已满"),
    (("Failed to connect", "could not connect"), UNREACHABLE, "连不上数据源"),
)


@contextmanager
def translated(secret: str) -> Iterator[None]:
    """Raise HainaError for each error of the driver. `secret` is struck out of its text.

    To stand around calls of the driver only, never around a caller's own code: half way through
    a result the driver's errors are plain OSError.
    """
    from adbc_driver_manager import Error
    from pyarrow import ArrowException

    try:
        yield
    except Error as broken:
        raise in_words(str(broken), broken.sqlstate, secret) from None
    except (ArrowException, OSError) as broken:
        raise in_words(str(broken), None, secret) from None


def in_words(text: str, state: str | None, secret: str) -> HainaError:
    """The HainaError for a text and SQLSTATE of the driver."""
    for code, kind, message in _BY_STATE:
        if state == code:
            return kind(message)
    if state is None and "connect" in text:
        for words, kind, message in _BY_TEXT:
            if any(word in text for word in words):
                return kind(message)
    return SOURCE_FAILED(f"读取 PostgreSQL 出错:{_first_line(text, secret)}")


def _first_line(text: str, secret: str) -> str:
    line = text.split("\n", maxsplit=1)[0].split("Query was:", maxsplit=1)[0].strip()
    return (line.replace(secret, "***") if secret else line)[:300]
