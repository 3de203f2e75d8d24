"""SQL Server through python-tds, which is Python alone. Not tried against a real server."""

from types import ModuleType
from typing import Any

from pydantic import Field

from haina.resources.collect.kinds.contracts import ReadContext
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
    NO_DATABASE,
    NO_RIGHT,
    NO_TABLE,
    SOURCE_CHANGED,
    UNREACHABLE,
)
from haina.resources.collect.kinds.files.paths import resolve
from haina.resources.collect.kinds.rows.lake_types import LakeType

_CONNECT_SECONDS = 10
_MICROSECONDS = 6
_INTEGERS = ("tinyint", "smallint", "int", "bigint")
_DECIMALS = ("decimal", "numeric")
_MONEY = {"money": "decimal(19,4)", "smallmoney": "decimal(10,4)"}
_TEXTS = ("varchar", "nvarchar", "text", "ntext", "xml", "sql_variant", "json")
_CHARS = ("char", "nchar")
_BINARIES = ("binary", "varbinary", "image", "timestamp", "rowversion")
_MOMENTS = ("datetime", "smalldatetime", "datetime2")
_SHAPES = ("geometry", "geography")


class SqlServerConnection(DriverConnection):
    """A schema of a SQL Server database."""

    port: int = Field(1433, ge=1, le=65535, description="端口")
    database: str = Field(min_length=1, description="库名")
    schema_name: str = Field("dbo", min_length=1, alias="schema", description="模式名")
    ca_file: str = Field("", description="根证书(PEM),在允许读取的目录内;填了才加密")


def quoted(name: str) -> str:
    """A name as an SQL identifier."""
    return "[" + name.replace("]", "]]") + "]"


def value(text: str, _made: Statement) -> str:
    """A text in hexadecimal digits: no character of it can be taken for SQL."""
    digits = text.encode("utf-16-le", "surrogatepass").hex()
    return f"cast(0x{digits} as nvarchar(4000))"


def lake_type(declared: Declared) -> str:
    """The lake type of a column declared so."""
    base = declared.base
    if base in _DECIMALS:
        return f"decimal({declared.precision},{declared.scale})"
    if base in ("datetime2", "datetimeoffset") and (declared.scale or 0) > _MICROSECONDS:
        return "text"
    return {
        **dict.fromkeys(_INTEGERS, "integer"), **_MONEY, **dict.fromkeys(_BINARIES, "binary"),
        **dict.fromkeys(_MOMENTS, "timestamp_ntz"), "float": "double", "real": "double",
        "bit": "boolean", "date": "date", "datetimeoffset": "timestamp", "json": "json",
    }.get(base, "text")  # fmt: skip


def text(column: str, declared: Declared, _to: LakeType) -> str:
    """SQL that writes a column exactly."""
    base = declared.base
    if base in _SHAPES:
        wkt = f"{column}.STAsText()"
        return f"'SRID=' + convert(varchar(11), {column}.STSrid) + ';' + {wkt}"
    if base in _CHARS:
        return f"convert(nvarchar(4000), rtrim({column}))"
    if base == "datetimeoffset" and (declared.scale or 0) <= _MICROSECONDS:
        utc = f"cast(switchoffset({column}, '+00:00') as datetime2(6))"
        return f"convert(varchar(27), {utc}, 121) + 'Z'"
    wrapped = _WRITTEN.get(base, "convert(nvarchar(max), {})")
    return wrapped.format(column)


_WRITTEN = {
    **dict.fromkeys((*_INTEGERS, "bit"), "convert(varchar(20), {})"),
    **dict.fromkeys(_DECIMALS, "convert(varchar(41), {})"),
    **dict.fromkeys(_MONEY, "convert(varchar(30), {}, 2)"),
    "float": "convert(varchar(30), {}, 3)",
    "real": "convert(varchar(30), cast({} as float), 3)",
    "date": "convert(varchar(10), {}, 23)",
    **dict.fromkeys(_MOMENTS, "convert(varchar(27), {}, 121)"),
    "datetimeoffset": "convert(varchar(34), {}, 121)",
    "time": "convert(varchar(16), {}, 121)",
    "uniqueidentifier": "lower(convert(char(36), {}))",
    "sql_variant": "convert(nvarchar(4000), {})",
    "hierarchyid": "{}.ToString()",
    **dict.fromkeys(("timestamp", "rowversion"), "convert(varbinary(8), {})"),
    **dict.fromkeys(("binary", "varbinary", "image"), "{}"),
}


def bound(given: str, declared: Declared) -> str:
    """A text as a value of the column's type, under the column's collation."""
    base = declared.base
    if declared.collation:
        kind = "varchar(8000)" if base in ("char", "varchar", "text") else "nvarchar(4000)"
        return f"cast({given} as {kind}) collate {declared.collation}"
    if base == "datetimeoffset":
        return f"cast(replace({given}, N'Z', N' +00:00') as datetimeoffset)"
    if base in (*_MOMENTS, "date"):
        return f"convert({'datetime2' if base == 'datetime2' else base}, {given}, 121)"
    cast = f"decimal(38,{declared.scale})" if base in _DECIMALS else base
    return f"cast({given} as {cast})"


def splits(declared: Declared) -> bool:
    """Whether the column's values can be written as bounds in the order of its index."""
    if declared.base in ("varchar", "nvarchar"):
        return "max" not in declared.declared
    numbers = (*_INTEGERS, *_DECIMALS, *_MONEY)
    return declared.base in (*numbers, *_MOMENTS, "date", "datetimeoffset", "uniqueidentifier")


def row_at(ordered: str, place: int) -> str:
    """One row of a SELECT."""
    return f"{ordered} offset {place} rows fetch next 1 rows only"


DIALECT = Dialect(
    quoted=quoted, value=value, lake_type=lake_type, text=text, bound=bound, splits=splits,
    row_at=row_at,
)  # fmt: skip

# A type of one's own is followed to its base; those of the CLR are their own base.
CATALOGUE_SQL = """
select o.name, cast(m.value as nvarchar(4000)),
       (select sum(p.rows) from sys.partitions p
        where p.object_id = o.object_id and p.index_id in (0, 1)),
       c.name, y.name,
       case when y.name in ('nchar', 'nvarchar') and c.max_length > 0 then c.max_length / 2
            when y.name in ('char', 'varchar', 'binary', 'varbinary', 'nchar', 'nvarchar')
            then c.max_length end,
       case when y.name in ('decimal', 'numeric') then c.precision end,
       case when y.name in ('decimal', 'numeric', 'datetime2', 'datetimeoffset', 'time')
            then c.scale end,
       c.collation_name, convert(varchar(1), c.is_nullable), cast(n.value as nvarchar(4000)),
       k.key_ordinal
from sys.objects o
join sys.schemas s on s.schema_id = o.schema_id
join sys.columns c on c.object_id = o.object_id
join sys.types y on y.user_type_id =
     case when c.system_type_id = 240 then c.user_type_id else c.system_type_id end
left join sys.indexes i on i.object_id = o.object_id and i.is_primary_key = 1
left join sys.index_columns k
  on k.object_id = i.object_id and k.index_id = i.index_id and k.column_id = c.column_id
left join sys.extended_properties m
  on m.class = 1 and m.major_id = o.object_id and m.minor_id = 0 and m.name = 'MS_Description'
left join sys.extended_properties n
  on n.class = 1 and n.major_id = o.object_id and n.minor_id = c.column_id
 and n.name = 'MS_Description'
where o.type in ('U', 'V') and s.name = {schema}{only}
order by o.name, c.column_id
"""


def catalogue(schema: str, table: str | None) -> Statement:
    """Columns of a schema, or of one of its tables."""
    made = Statement()
    only = f" and o.name = {value(table, made)}" if table is not None else ""
    made.sql = CATALOGUE_SQL.format(schema=value(schema, made), only=only).strip()
    return made


def _connect(module: ModuleType, connection: Any, address: str, context: ReadContext) -> Any:
    ca = resolve(connection.ca_file, context.settings) if connection.ca_file else None
    return module.connect(
        dsn=address,
        port=connection.port,
        database=connection.database,
        user=connection.user,
        password=connection.password.get_secret_value(),
        login_timeout=_CONNECT_SECONDS,
        timeout=None,
        appname="haina",
        autocommit=True,
        readonly=True,
        cafile=str(ca) if ca else None,
        validate_host=False,  # the address is pinned: its name is not the certificate's
    )


def _begin(session: DbApiSession) -> bool:
    """A snapshot where the database allows it; else the control is taken twice."""
    allowed = session.row(
        Statement(
            "select convert(varchar(1), snapshot_isolation_state) from sys.databases"
            " where name = db_name()"
        )
    )
    steady = allowed is not None and allowed[0] == "1"
    if steady:
        session.run("set transaction isolation level snapshot")
    session.run("begin transaction")
    return steady


_WORDS = Words(
    "SQL Server",
    (
        Phrase(("Login failed", "18456", "登录失败"), LOGIN_REFUSED, "数据源拒绝登录"),
        Phrase(("Cannot open database", "4060", "无法打开"), NO_DATABASE, "数据源里没有这个库"),
        Phrase(("permission was denied", "拒绝了对"), NO_RIGHT, "账号没有读取这张表的权限"),
        Phrase(("Invalid object name", "对象名"), NO_TABLE, "数据源里没有这张表"),
        Phrase(("Invalid column name", "列名"), NO_TABLE, "表里没有所要的字段"),
        Phrase(("Snapshot isolation transaction", "3960", "3961"), SOURCE_CHANGED, "表结构有改动"),
        Phrase(("timed out", "timeout", "refused", "closed", "Connection"), UNREACHABLE,
               "连不上数据源,或连接断开了"),
    ),
)  # fmt: skip

TYPE_ROWS = [
    ("(整个类型表)", "", "未在真实服务器上验证;需要驱动 python-tds,SQL Server 2016 或更新"),
    ("tinyint、smallint、int、bigint", "integer", ""),
    ("decimal(p,s)、numeric(p,s)", "decimal(p,s)", ""),
    ("money、smallmoney", "decimal(p,s)", "四位小数"),
    ("float、real", "double", "逐位保真"),
    ("bit", "boolean", ""),
    ("varchar、nvarchar、text、ntext、xml", "text", ""),
    ("char、nchar", "text", "补位的空格不算内容,去掉"),
    ("date", "date", ""),
    ("datetime、smalldatetime、datetime2(至多 6 位)", "timestamp_ntz", ""),
    ("datetimeoffset(至多 6 位)", "timestamp", "以 UTC 保存"),
    ("datetime2(7)、datetimeoffset(7)、time", "text", "SQL Server 自己的文本写法"),
    ("binary、varbinary、image、rowversion", "binary", ""),
    ("uniqueidentifier", "text", "小写"),
    ("geometry、geography", "text", "SRID=…; 加 WKT"),
    (
        "sql_variant、hierarchyid",
        "text",
        "SQL Server 自己的文本写法;sql_variant 里的浮点数可能不全",
    ),
]

DRIVER = Driver(
    "sqlserver", "SQL Server 数据库", "pytds", "python-tds", SqlServerConnection, DIALECT, _WORDS,
    _connect, _begin, catalogue, TYPE_ROWS,
)  # fmt: skip


def sqlserver_kind() -> DriverKind:
    """See `Kind`."""
    return DriverKind(DRIVER)
