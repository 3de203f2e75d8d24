"""MySQL's errors in our words, without the secrets of the connection."""

import ssl
import struct
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from haina.kernel.errors import ErrorKind, HainaError
from haina.resources.collect.kinds.databases.mysql.wire import (
    ConnectionLostError,
    ServerError,
    WireError,
)
from haina.resources.collect.kinds.errors import (
    LOGIN_REFUSED,
    NO_DATABASE,
    NO_RIGHT,
    NO_TABLE,
    SOURCE_CHANGED,
    SOURCE_FAILED,
    UNREACHABLE,
)

_TLS_WAY = "请核对 sslmode 与证书;对方太旧、谈不成加密时可与对方商定后用 disable。"
_BY_CODE: dict[int, tuple[ErrorKind, str, str | None]] = {
    1040: (UNREACHABLE, "数据源的连接数已满", None),
    1203: (UNREACHABLE, "账号的连接数已满", None),
    1226: (UNREACHABLE, "账号用完了对方给的限额", None),
    1044: (NO_DATABASE, "数据源里没有这个库,或账号无权进入", None),
    1049: (NO_DATABASE, "数据源里没有这个库", None),
    1045: (LOGIN_REFUSED, "数据源拒绝登录", None),
    1698: (LOGIN_REFUSED, "数据源拒绝登录", None),
    1130: (LOGIN_REFUSED, "数据源不许本机的地址登录", None),
    1129: (LOGIN_REFUSED, "数据源因多次失败暂时封了本机的地址", None),
    1251: (LOGIN_REFUSED, "数据源要求的认证方式不支持", None),
    1820: (LOGIN_REFUSED, "账号的口令已过期", None),
    1862: (LOGIN_REFUSED, "账号的口令已过期", None),
    3118: (LOGIN_REFUSED, "账号已锁定", None),
    4151: (LOGIN_REFUSED, "账号已锁定", None),
    2059: (LOGIN_REFUSED, "数据源要求的认证方式不支持", None),
    3159: (UNREACHABLE, "数据源只许加密连接", _TLS_WAY),
    2026: (UNREACHABLE, "数据源不支持加密连接", _TLS_WAY),
    1142: (NO_RIGHT, "账号没有读取这张表的权限", None),
    1143: (NO_RIGHT, "账号没有读取某个字段的权限", None),
    1227: (NO_RIGHT, "账号的权限不够", None),
    1146: (NO_TABLE, "数据源里没有这张表", None),
    1054: (NO_TABLE, "表里没有所要的字段", None),
    1356: (SOURCE_FAILED, "视图所引用的表或字段不在了,或定义者失去了权限", None),
    1412: (SOURCE_CHANGED, "读取过程中对方改了表结构", None),
    1205: (SOURCE_FAILED, "对方正锁着这张表", None),
    1317: (SOURCE_FAILED, "数据源取消了查询", None),
    1969: (SOURCE_FAILED, "数据源取消了查询(超时)", None),
    3024: (SOURCE_FAILED, "数据源取消了查询(超时)", None),
    1053: (UNREACHABLE, "数据源正在停机", None),
    1927: (UNREACHABLE, "数据源断开了连接", None),
    2006: (UNREACHABLE, "数据源断开了连接", None),
    2013: (UNREACHABLE, "数据源断开了连接", None),
}


class UnsafePasswordError(Exception):
    """The server asked for the password in clear over a connection that others can read."""


@contextmanager
def translated(secret: str) -> Iterator[None]:
    """Raise HainaError for each error of the driver and of the wire; `secret` is struck out.

    What a broken or hostile server makes the driver stumble over counts as the source's failure.
    """
    from pymysql import MySQLError

    try:
        yield
    except UnsafePasswordError:
        way = "请与对方商定启用 TLS,并把 sslmode 改为 require 或更严。"
        raise LOGIN_REFUSED("对方要求明文口令,连接又没有加密,已拒绝发送", hint=way) from None
    except ConnectionLostError:
        raise UNREACHABLE("读到一半,数据源断开了连接") from None
    except (MySQLError, ServerError) as broken:
        raise in_words(broken, secret) from None
    except ssl.SSLError as broken:
        raise UNREACHABLE(f"加密连接没有谈成:{broken.reason}", hint=_TLS_WAY) from None
    except OSError as broken:
        raise UNREACHABLE(_network(broken)) from None
    except (WireError, RuntimeError, AssertionError, ValueError, LookupError, struct.error) as odd:
        said = _line(str(odd), secret)
        raise SOURCE_FAILED(f"数据源不按 MySQL 协议应答:{said}") from None


def code_of(broken: Exception) -> int:
    """The number of an error of the driver or of an error packet; 0 without one."""
    if isinstance(broken, ServerError):
        return int.from_bytes(broken.args[0][1:3], "little")
    first = broken.args[0] if broken.args else 0
    return first if isinstance(first, int) else 0


def in_words(broken: Exception, secret: str) -> HainaError:
    """The HainaError for an error of the driver or an error packet."""
    original = getattr(broken, "original_exception", None)
    if isinstance(original, OSError):
        return UNREACHABLE(_network(original))
    code = code_of(broken)
    if code in _BY_CODE:
        kind, message, way = _BY_CODE[code]
        return kind(message, hint=way)
    return SOURCE_FAILED(f"读取 MySQL 出错({code}):{_line(_text(broken), secret)}")


def _network(broken: OSError) -> str:
    if isinstance(broken, TimeoutError):
        return "连接数据源超时"
    if isinstance(broken, ConnectionRefusedError):
        return "数据源拒绝连接(端口没有服务)"
    return "连不上数据源"


def _text(broken: Exception) -> str:
    last: Any = broken.args[-1] if broken.args else ""
    return last[3:].decode("utf-8", "replace") if isinstance(last, bytes) else str(last)


def _line(text: str, secret: str) -> str:
    line = (text.splitlines() or [""])[0]
    return (line.replace(secret, "***") if secret else line)[:300]
