"""达梦 (DM8) through dmPython. Its catalogue and functions follow Oracle's where they are used
here. Not tried against a real server.
"""

from types import ModuleType
from typing import Any

from pydantic import Field

from haina.resources.collect.kinds.contracts import ReadContext
from haina.resources.collect.kinds.databases.drivers import oracle
from haina.resources.collect.kinds.databases.drivers.dialect import Declared, Dialect, Statement
from haina.resources.collect.kinds.databases.drivers.errors import Phrase, Words
from haina.resources.collect.kinds.databases.drivers.kind import (
    Driver,
    DriverConnection,
    DriverKind,
)
from haina.resources.collect.kinds.databases.drivers.session import DbApiSession
from haina.resources.collect.kinds.errors import (
    LOGIN_REFUSED,
    NO_RIGHT,
    NO_TABLE,
    UNREACHABLE,
)
from haina.resources.collect.kinds.rows.lake_types import LakeType, fits_decimal

_CONNECT_SECONDS = 10
_INTEGERS = ("int", "integer", "bigint", "smallint", "tinyint", "byte", "pls_integer")
_DECIMALS = ("decimal", "dec", "numeric", "number")
_DOUBLES = ("float", "double", "double precision", "real")
_BINARIES = ("binary", "varbinary", "raw", "blob", "image", "longvarbinary")
_CHARS = ("char", "character")
_DATE = "YYYY-MM-DD"


class DamengConnection(DriverConnection):
    """A schema of a DM8 instance."""

    port: int = Field(5236, ge=1, le=65535, description="端口")


def value(text: str, made: Statement) -> str:
    """A parameter."""
    made.values.append(text)
    return "?"


def quoted(name: str) -> str:
    """A name as an SQL identifier."""
    return '"' + name.replace('"', '""') + '"'


def kind_of(declared: Declared) -> str:
    """The family of a type; `datetime` is another name of `timestamp`."""
    base = declared.base.split("(")[0].strip()
    if base.startswith(("timestamp", "datetime")):
        return "timestamp tz" if "time zone" in declared.base else "timestamp"
    if base.startswith("time"):
        return "time"
    return "interval" if base.startswith("interval") else base


def lake_type(declared: Declared) -> str:
    """The lake type of a column declared so."""
    base = kind_of(declared)
    if base in _DECIMALS:
        precision, scale = declared.precision or 0, declared.scale or 0
        return f"decimal({precision},{scale})" if fits_decimal(precision, scale) else "text"
    return {
        **dict.fromkeys(_INTEGERS, "integer"), **dict.fromkeys(_DOUBLES, "double"),
        **dict.fromkeys(_BINARIES, "binary"), "bit": "boolean", "date": "date",
        "timestamp": "timestamp_ntz", "timestamp tz": "timestamp", "json": "json", "jsonb": "json",
    }.get(base, "text")  # fmt: skip


def text(column: str, declared: Declared, _to: LakeType) -> str:
    """SQL that writes a column exactly; doubles come as doubles, and are written by us."""
    base = kind_of(declared)
    if base in _INTEGERS or base in _DECIMALS or base == "bit":
        return f"cast({column} as varchar(60))"
    if base == "date":
        return f"to_char({column}, '{_DATE}')"
    if base == "timestamp":
        return f"to_char({column}, '{_DATE} HH24:MI:SS.FF6')"
    if base == "timestamp tz":
        utc = f"cast({column} at time zone '+00:00' as timestamp(6))"
        return f"to_char({utc}, '{_DATE} HH24:MI:SS.FF6') || 'Z'"
    if base in ("time", "interval", "json", "jsonb"):
        return f"cast({column} as varchar(8000))"
    return f"rtrim({column})" if base in _CHARS else column


def bound(given: str, declared: Declared) -> str:
    """A text as a value of the column's type."""
    base = kind_of(declared)
    if base == "date":
        return f"to_date({given}, '{_DATE}')"
    if base == "timestamp tz":
        return f"cast(replace({given}, 'Z', ' +00:00') as timestamp(6) with time zone)"
    made = {
        **dict.fromkeys(_INTEGERS, "bigint"),
        **dict.fromkeys(_DECIMALS, f"decimal(38,{declared.scale or 0})"),
        **dict.fromkeys(_DOUBLES, "double"),
        "timestamp": "timestamp(6)",
    }.get(base)
    return f"cast({given} as {made})" if made else given


def splits(declared: Declared) -> bool:
    """Whether the column's values can be written as bounds in the order of its index."""
    base = kind_of(declared)
    texts = ("varchar", "varchar2")
    return base in (*_INTEGERS, *_DECIMALS, "date", "timestamp", *texts)


def row_at(ordered: str, place: int) -> str:
    """One row of a SELECT."""
    return f"{ordered} limit 1 offset {place}"


DIALECT = Dialect(
    quoted=quoted, value=value, lake_type=lake_type, text=text, bound=bound, splits=splits,
    row_at=row_at,
)  # fmt: skip


def catalogue(schema: str, table: str | None) -> Statement:
    """Columns of a schema, or of one of its tables, out of the views that DM shares with Oracle."""
    made = Statement()
    owner = value(schema, made)
    only = f" and t.table_name = {value(table, made)}" if table is not None else ""
    made.sql = oracle.CATALOGUE_SQL.format(owner=owner, only=only).strip()
    return made


def _connect(module: ModuleType, connection: Any, address: str, _context: ReadContext) -> Any:
    return module.connect(
        user=connection.user,
        password=connection.password.get_secret_value(),
        server=address,
        port=connection.port,
        autoCommit=False,
        login_timeout=_CONNECT_SECONDS,
    )


def _begin(session: DbApiSession) -> bool:
    """Serializable should be one state throughout; as long as nobody has tried it here, the
    control is taken before and after the rows as well."""
    session.run("set transaction isolation level serializable")
    return False


_WORDS = Words(
    "达梦",
    (
        Phrase(("用户名或密码", "-2501", "user name or password"), LOGIN_REFUSED, "数据源拒绝登录"),
        Phrase(("-2106", "无效的表或视图名", "Invalid table or view"), NO_TABLE, "没有这张表"),
        Phrase(("-2207", "无效的列名", "Invalid column"), NO_TABLE, "表里没有所要的字段"),
        Phrase(("-5504", "-5501", "没有", "No privilege"), NO_RIGHT, "账号没有读取这张表的权限"),
        Phrase(("-70028", "-70019", "SOCKET", "socket"), UNREACHABLE, "连不上数据源"),
        Phrase(("-6010", "网络通信异常", "Network communication"), UNREACHABLE, "数据源断开了连接"),
    ),
)

TYPE_ROWS = [
    ("(整个类型表)", "", "未在真实服务器上验证;需要驱动 dmPython(达梦官方)"),
    ("INT、BIGINT、SMALLINT、TINYINT、BYTE", "integer", ""),
    ("DECIMAL(p,s)、NUMERIC(p,s)、NUMBER(p,s)", "decimal(p,s)", "p 至多 38"),
    ("DECIMAL(无位数)", "text", "数字原样写成文本"),
    ("FLOAT、DOUBLE、REAL", "double", ""),
    ("BIT", "boolean", ""),
    ("VARCHAR、VARCHAR2、TEXT、CLOB", "text", ""),
    ("CHAR", "text", "补位的空格不算内容,去掉"),
    ("DATE", "date", ""),
    ("TIMESTAMP、DATETIME", "timestamp_ntz", "微秒精度"),
    ("TIMESTAMP WITH TIME ZONE", "timestamp", "以 UTC 保存"),
    ("BINARY、VARBINARY、BLOB、IMAGE", "binary", ""),
    ("JSON、JSONB", "json", ""),
    ("TIME、INTERVAL 等", "text", "达梦自己的文本写法"),
]

DRIVER = Driver(
    "dameng", "达梦数据库", "dmPython", "dmPython", DamengConnection, DIALECT, _WORDS, _connect,
    _begin, catalogue, TYPE_ROWS,
)  # fmt: skip


def dameng_kind() -> DriverKind:
    """See `Kind`."""
    return DriverKind(DRIVER)
