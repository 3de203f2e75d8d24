"""Oracle through python-oracledb's thin mode, which needs no client of Oracle's (12.1 or newer).

The text of each type is Oracle's own, under session settings that this kind makes. Not tried
against a real server.
"""

from types import ModuleType
from typing import Any, Literal

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
    SOURCE_FAILED,
    UNREACHABLE,
)
from haina.resources.collect.kinds.rows.lake_types import LakeType, fits_decimal

_CONNECT_SECONDS = 10.0
_DIGITS_OF_INTEGER = 18
_MICROSECONDS = 6
_SESSION = (
    "alter session set nls_numeric_characters = '.,'",
    "alter session set nls_comp = binary",
    "alter session set nls_sort = binary",
    "alter session set time_zone = '+00:00'",
    "set transaction read only",
)
_MOMENT = "YYYY-MM-DD HH24:MI:SS"
_TEXTS = ("varchar2", "nvarchar2", "varchar", "clob", "nclob", "long")
_CHARS = ("char", "nchar")
_BINARIES = ("raw", "blob", "long raw", "bfile")
_DOUBLES = ("binary_float", "binary_double")


class OracleConnection(DriverConnection):
    """A schema of an Oracle service."""

    port: int = Field(1521, ge=1, le=65535, description="端口")
    service: str = Field(min_length=1, description="服务名(SERVICE_NAME)")
    protocol: Literal["tcp", "tcps"] = Field("tcp", description="加密连接,tcps 为加密并校验证书链")


def quoted(name: str) -> str:
    """A name as an SQL identifier: Oracle's names cannot hold a double quote."""
    return '"' + name.replace('"', "") + '"'


def value(text: str, made: Statement) -> str:
    """A parameter by its place."""
    made.values.append(text)
    return f":{len(made.values)}"


def kind_of(declared: Declared) -> str:
    """The family of a type, its modifiers aside: `timestamp(6) with time zone` has its own."""
    base = declared.base.split("(")[0].strip()
    if not base.startswith("timestamp"):
        return "interval" if base.startswith("interval") else base
    return "timestamp tz" if "time zone" in declared.base else "timestamp"


def lake_type(declared: Declared) -> str:
    """The lake type of a column declared so."""
    base = kind_of(declared)
    if base == "number":
        return _number(declared)
    if base in _BINARIES:
        return "binary"
    if base in _DOUBLES:
        return "double"
    if base.startswith("timestamp") and (declared.scale or 0) > _MICROSECONDS:
        return "text"
    return {
        "date": "timestamp_ntz", "timestamp": "timestamp_ntz", "timestamp tz": "timestamp",
        "boolean": "boolean", "json": "json",
    }.get(base, "text")  # fmt: skip


def _number(declared: Declared) -> str:
    precision, scale = declared.precision, declared.scale or 0
    if precision is None and declared.scale == 0:
        return "decimal(38,0)"  # INTEGER
    if precision is None or not fits_decimal(precision, scale):
        return "text"
    if scale == 0 and precision <= _DIGITS_OF_INTEGER:
        return "integer"
    return f"decimal({precision},{scale})"


def text(column: str, declared: Declared, _to: LakeType) -> str:
    """SQL that writes a column exactly; doubles come as doubles, and are written by us."""
    base = kind_of(declared)
    if base in ("number", "float"):
        return f"to_char({column}, 'TM9')"
    if base == "date":
        return _moment(column, _MOMENT)
    if base == "timestamp":
        return _moment(column, f"{_MOMENT}.FF{_places(declared)}")
    if base == "timestamp tz":
        return f"{_moment(f'sys_extract_utc({column})', f'{_MOMENT}.FF{_places(declared)}')} || 'Z'"
    if base in _CHARS:
        return f"rtrim({column})"
    wrapped = {
        "interval": "to_char({})", "rowid": "rowidtochar({})", "urowid": "to_char({})",
        "xmltype": "xmlserialize(content {} as clob)", "json": "json_serialize({} returning clob)",
        "boolean": "case {} when true then '1' when false then '0' end",
        "sdo_geometry": "sdo_util.to_wktgeometry({})",
    }.get(base)  # fmt: skip
    return wrapped.format(column) if wrapped else column


def _places(declared: Declared) -> int:
    return 9 if (declared.scale or 0) > _MICROSECONDS else _MICROSECONDS


def _moment(column: str, form: str) -> str:
    """Years before the first carry their sign, so that they are seen and set aside."""
    before = f"{column} < date '0001-01-01'"
    return (
        f"case when {before} then to_char({column}, 'S{form}') else to_char({column}, '{form}') end"
    )


def bound(given: str, declared: Declared) -> str:
    """A text as a value of the column's type."""
    base = kind_of(declared)
    if base in ("number", "float"):
        return f"to_number({given})"
    if base in _DOUBLES:
        return f"to_binary_double({given})"
    if base == "date":
        return f"to_date({given}, '{_MOMENT}')"
    if base == "timestamp":
        return f"to_timestamp({given}, '{_MOMENT}.FF')"
    if base == "timestamp tz":
        zoned = f"replace({given}, 'Z', '+00:00')"
        return f"to_timestamp_tz({zoned}, '{_MOMENT}.FFTZH:TZM')"
    return f"cast({given} as {declared.declared})" if base in _CHARS else given


def splits(declared: Declared) -> bool:
    """Whether the column's values can be written as bounds in the order of its index."""
    base = kind_of(declared)
    return base in ("number", "date", "timestamp", "timestamp tz", "varchar2", "nvarchar2")


def row_at(ordered: str, place: int) -> str:
    """One row of a SELECT."""
    return f"{ordered} offset {place} rows fetch next 1 rows only"


DIALECT = Dialect(
    quoted=quoted, value=value, lake_type=lake_type, text=text, bound=bound, splits=splits,
    row_at=row_at,
)  # fmt: skip

CATALOGUE_SQL = """
select t.table_name, m.comments, t.num_rows, c.column_name, c.data_type,
       case when c.char_length > 0 then c.char_length end,
       c.data_precision, c.data_scale, null, c.nullable, n.comments, k.position
from (select owner, table_name, num_rows from all_tables where table_name not like 'BIN$%'
      union all select owner, view_name, null from all_views) t
join all_tab_columns c on c.owner = t.owner and c.table_name = t.table_name
left join all_tab_comments m on m.owner = t.owner and m.table_name = t.table_name
left join all_col_comments n
  on n.owner = c.owner and n.table_name = c.table_name and n.column_name = c.column_name
left join (select p.owner, p.table_name, p.column_name, p.position
           from all_constraints q
           join all_cons_columns p on p.owner = q.owner and p.constraint_name = q.constraint_name
           where q.constraint_type = 'P') k
  on k.owner = c.owner and k.table_name = c.table_name and k.column_name = c.column_name
where t.owner = {owner}{only}
order by t.table_name, c.column_id
"""


def catalogue(schema: str, table: str | None) -> Statement:
    """Columns of a schema, or of one of its tables. An unquoted user name is in capitals."""
    made = Statement()
    owner = value(schema, made)
    only = f" and t.table_name = {value(table, made)}" if table is not None else ""
    made.sql = CATALOGUE_SQL.format(owner=owner, only=only).strip()
    return made


def _connect(module: ModuleType, connection: Any, address: str, _context: ReadContext) -> Any:
    module.defaults.fetch_lobs = False  # text and bytes instead of handles to fetch them by
    return module.connect(
        user=connection.user,
        password=connection.password.get_secret_value(),
        host=address,
        port=connection.port,
        service_name=connection.service,
        protocol=connection.protocol,
        ssl_server_dn_match=False,  # the address is pinned: its name is not the certificate's
        tcp_connect_timeout=_CONNECT_SECONDS,
        expire_time=1,
    )


def _begin(session: DbApiSession) -> bool:
    """A read-only transaction of Oracle's sees one state throughout."""
    for statement in _SESSION:
        session.run(statement)
    return True


_WORDS = Words(
    "Oracle",
    (
        Phrase(("ORA-01017", "ORA-01005", "ORA-28000"), LOGIN_REFUSED, "数据源拒绝登录"),
        Phrase(("ORA-28001",), LOGIN_REFUSED, "账号的口令已过期"),
        Phrase(("ORA-12514", "ORA-12505", "DPY-6001", "DPY-6003"), NO_DATABASE, "没有这个服务名"),
        Phrase(("ORA-01045", "ORA-01031"), NO_RIGHT, "账号的权限不够"),
        Phrase(("ORA-00942",), NO_TABLE, "没有这张表,或账号没有读取它的权限"),
        Phrase(("ORA-00904",), NO_TABLE, "表里没有所要的字段"),
        Phrase(("ORA-01555", "ORA-01466"), SOURCE_CHANGED, "表改动太多,快照已经失效"),
        Phrase(("DPY-3010",), UNREACHABLE, "数据库版本太旧:驱动的精简模式要求 12.1 或更新"),
        Phrase(("ORA-00028", "ORA-03113", "DPY-4011"), UNREACHABLE, "数据源断开了连接"),
        Phrase(("ORA-01013",), SOURCE_FAILED, "数据源取消了查询"),
        Phrase(("DPY-6005", "DPY-6000", "ORA-12541"), UNREACHABLE, "连不上数据源"),
    ),
)  # fmt: skip

_UNTRIED = "未在真实服务器上验证"
TYPE_ROWS = [
    ("(整个类型表)", "", _UNTRIED + ";需要驱动 oracledb(精简模式,Oracle 12.1 或更新)"),
    ("NUMBER(p),p 至多 18", "integer", ""),
    ("NUMBER(p,s)、INTEGER", "decimal(p,s)", "p 至多 38"),
    ("NUMBER(无位数)、FLOAT、s 为负", "text", "数字原样写成文本"),
    ("BINARY_FLOAT、BINARY_DOUBLE", "double", "NaN、Inf 的行隔离"),
    ("VARCHAR2、NVARCHAR2、CLOB、NCLOB、LONG", "text", "Oracle 的空串就是 NULL"),
    ("CHAR、NCHAR", "text", "补位的空格不算内容,去掉"),
    ("DATE", "timestamp_ntz", "Oracle 的 DATE 带时分秒;公元前的行隔离"),
    ("TIMESTAMP(至多 6 位)", "timestamp_ntz", "同上"),
    ("TIMESTAMP WITH (LOCAL) TIME ZONE(至多 6 位)", "timestamp", "以 UTC 保存"),
    ("TIMESTAMP(多于 6 位)", "text", "九位小数"),
    ("RAW、BLOB、LONG RAW", "binary", ""),
    ("JSON", "json", ""),
    ("BOOLEAN", "boolean", ""),
    ("INTERVAL、ROWID、XMLTYPE、SDO_GEOMETRY", "text", "Oracle 自己的文本写法"),
]

DRIVER = Driver(
    "oracle", "Oracle 数据库", "oracledb", "oracledb", OracleConnection, DIALECT, _WORDS, _connect,
    _begin, catalogue, TYPE_ROWS,
)  # fmt: skip


def oracle_kind() -> DriverKind:
    """See `Kind`."""
    return DriverKind(DRIVER)
