"""How a type of MySQL or MariaDB becomes a type of the lake, and how it is written as text."""

from haina.resources.collect.kinds.databases.drivers.dialect import Declared
from haina.resources.collect.kinds.rows.lake_types import LakeType, fits_decimal

INTEGERS = ("tinyint", "smallint", "mediumint", "int", "bigint", "year")
FLOATS = ("float", "double")
TEXTS = ("char", "varchar", "tinytext", "text", "mediumtext", "longtext", "enum", "set")
BINARIES = ("binary", "varbinary", "tinyblob", "blob", "mediumblob", "longblob")
SHAPES = (
    "geometry", "point", "linestring", "polygon", "multipoint", "multilinestring", "multipolygon",
    "geometrycollection", "geomcollection",
)  # fmt: skip
# Character sets of which each value has its one place in UTF-8.
_PLAIN = ("", "utf8mb4", "utf8mb3", "utf8", "ascii", "latin1")
_NATIVE = {
    **dict.fromkeys(INTEGERS, "integer"),
    **dict.fromkeys(FLOATS, "double"),
    **dict.fromkeys(BINARIES, "binary"),
    "date": "date",
    "datetime": "timestamp_ntz",
    "timestamp": "timestamp",
    "json": "json",
}


def lake_type(declared: Declared) -> str:
    """The lake type of a column declared so."""
    if declared.base == "decimal":
        precision, scale = declared.precision or 0, declared.scale or 0
        return f"decimal({precision},{scale})" if fits_decimal(precision, scale) else "text"
    if declared.base == "bigint" and "unsigned" in declared.declared:
        return "decimal(20,0)"
    if declared.base == "bit":
        return "boolean" if declared.precision == 1 else "text"
    return _NATIVE.get(declared.base, "text")


def text(column: str, declared: Declared, to: LakeType) -> str:
    """SQL that the server writes exactly; it answers everything in text by itself."""
    if declared.base in FLOATS:
        return f"{column} * 1e0"  # else six digits of a float, or as many as were declared
    if declared.base == "bit":
        return _bits(column, declared, to)
    if declared.base in SHAPES:
        # The text of a geometry has no place for its reference system.
        srid = f"if(st_srid({column}) = 0, '', concat('SRID=', st_srid({column}), ';'))"
        return f"concat({srid}, st_astext({column}))"
    if declared.charset not in _PLAIN:
        return _converted(column, declared.charset)
    return column


def _bits(column: str, declared: Declared, to: LakeType) -> str:
    """As many binary digits as declared; a number where a number is wanted."""
    if to.family == "binary":
        return column
    if to.family in ("text", "json"):
        return f"lpad(bin({column} + 0), {declared.precision or 1}, '0')"
    return f"{column} + 0"


def _converted(column: str, charset: str) -> str:
    """UTF-8, but where a character has none: then the bytes behind FF, which no UTF-8 has.

    The server by itself puts a question mark there, and nobody would know.
    """
    utf8 = f"convert({column} using utf8mb4)"
    back = f"cast(convert({utf8} using {charset}) as binary)"
    same = f"{back} = cast({column} as binary)"
    return f"if({same}, cast({utf8} as binary), concat(0xff, cast({column} as binary)))"


def exact(declared: Declared, to: LakeType) -> bool:
    """Whether the server's text is in the lake's own form whatever the value."""
    return declared.base not in TEXTS and lake_type(declared) == _written(to)


def _written(to: LakeType) -> str:
    return f"decimal({to.precision},{to.scale})" if to.family == "decimal" else to.family


def bound(value: str, declared: Declared) -> str:
    """A text as a value of the column's type: MySQL compares a number with text as doubles."""
    if declared.charset:
        return f"convert({value} using {declared.charset}) collate {declared.collation}"
    if declared.base in FLOATS:
        return f"({value} + 0e0)"
    return f"cast({value} as {_comparable(declared)})"


def _comparable(declared: Declared) -> str:
    """The type that a bound of this column is cast to."""
    if declared.base == "decimal":
        return f"decimal({declared.precision},{declared.scale})"
    if declared.base in INTEGERS:
        unsigned = "unsigned" in declared.declared or declared.base == "year"
        return "unsigned" if unsigned else "signed"
    times = {"datetime": "datetime(6)", "timestamp": "datetime(6)", "time": "time(6)"}
    return times.get(declared.base, "date" if declared.base == "date" else "char")


def fit(column: str, declared: Declared) -> str:
    """Only whole dates are bounds and watermarks."""
    if declared.base in ("date", "datetime", "timestamp"):
        return f"(year({column}) > 0 and month({column}) > 0 and day({column}) > 0)"
    return ""


def splits(declared: Declared) -> bool:
    """Whether the column's values can be written as bounds in the order of its index."""
    if declared.base in ("char", "varchar", "decimal", "date", "datetime", "timestamp"):
        return True
    return declared.base in INTEGERS or declared.base in FLOATS


def hash_sql(key: list[tuple[str, Declared, LakeType]]) -> str | None:
    """The sum of key hashes, where the server's text is the lake's: integers and text."""
    if not all(_hashed(declared, to) for _, declared, to in key):
        return None
    texts = [f"cast(convert({column} using utf8mb4) as binary)" for column, _, _ in key]
    joined = ", 0x1f, ".join(f"ifnull({one}, 0x1e)" for one in texts)
    total = f"cast(conv(substr(md5(concat({joined})), 1, 15), 16, 10) as unsigned)"
    # A key with NUL in it is set aside without a hash.
    nul = " or ".join(
        f"locate(0x00, {one}) > 0"
        for one, (_, declared, _) in zip(texts, key, strict=True)
        if declared.base in TEXTS
    )
    return f"sum({f'case when {nul} then 0 else {total} end' if nul else total})"


def _hashed(declared: Declared, to: LakeType) -> bool:
    if declared.base in TEXTS:
        return to.family == "text" and declared.charset in _PLAIN
    plain = "zerofill" not in declared.declared and declared.base != "year"
    return declared.base in INTEGERS and to.family == "integer" and plain


TYPE_ROWS = [
    ("tinyint、smallint、mediumint、int", "integer", "tinyint(1) 也是整数,2 仍是 2;补零不算内容"),
    ("year", "integer", ""),
    ("bigint", "integer", ""),
    ("bigint unsigned", "decimal(20,0)", "大于 2^63 的值完整保留"),
    ("decimal(p,s)", "decimal(p,s)", "p 至多 38"),
    ("decimal,p 大于 38", "text", "数字原样写成文本"),
    ("float、double", "double", "float 按二进制值原样加宽"),
    ("bit(1)", "boolean", ""),
    ("bit(n)", "text", "n 位二进制数字"),
    ("char、varchar、text、enum、set", "text", "转成 UTF-8;转不回原样的、含 NUL 的行隔离"),
    ("date", "date", "0000-00-00、缺月缺日、公元 0 年的行隔离;改为 text 则原样保留"),
    ("datetime", "timestamp_ntz", "同上;微秒精度"),
    ("timestamp", "timestamp", "同上;会话时区固定为 UTC"),
    ("time", "text", "可为负,可超过 24 小时"),
    ("json", "json", "原文;MariaDB 的 json 凭 json_valid 约束认出"),
    ("binary、varbinary、blob", "binary", ""),
    ("geometry、point 等", "text", "WKT;有坐标系的前面写 SRID=…;"),
    ("uuid、inet4、inet6 等", "text", "数据库自己的文本写法"),
]  # fmt: skip
