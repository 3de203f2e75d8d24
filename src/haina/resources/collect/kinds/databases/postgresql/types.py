"""How a type of PostgreSQL becomes a type of the lake, and how it is asked for.

Only what the driver hands over exactly is read natively; all else is asked for as text, so that
no wire bytes, no rounded number and no flattened array reaches the lake.
"""

from dataclasses import dataclass

from haina.resources.collect.kinds.rows.lake_types import fits_decimal

_NATIVE = {
    "int2": ("integer", "int8"),
    "int4": ("integer", "int8"),
    "int8": ("integer", "int8"),
    "float4": ("double", "float8"),
    "float8": ("double", "float8"),
    "bool": ("boolean", "bool"),
    "bytea": ("binary", "bytea"),
    "date": ("date", "date"),
    "timestamp": ("timestamp_ntz", "timestamp"),
    "timestamptz": ("timestamp", "timestamptz"),
}

_SPLITS = (
    *("int2", "int4", "int8", "float4", "float8", "numeric", "date", "timestamp", "timestamptz"),
    *("text", "varchar", "bpchar", "uuid"),
)


@dataclass(frozen=True)
class CatalogueType:
    """A base type as pg_catalog has it: domains are already followed to their base.

    `declared` is the type as PostgreSQL itself writes it, fit to stand in SQL.
    """

    declared: str
    name: str
    modifier: int = -1
    is_array: bool = False


def lake_type_of(found: CatalogueType) -> str:
    """The lake type of a column of this type."""
    if found.is_array or found.name in ("json", "jsonb"):
        return "json"
    if found.name == "numeric":
        return _decimal(found.modifier)
    return _NATIVE.get(found.name, ("text", ""))[0]


def _decimal(modifier: int) -> str:
    """numeric(p,s) out of its type modifier; text when the lake cannot keep it exactly."""
    precision, scale = (modifier - 4) >> 16 & 0xFFFF, (modifier - 4) & 0x7FF
    if modifier < 0 or not fits_decimal(precision, scale):
        return "text"
    return f"decimal({precision},{scale})"


def expression(column: str, found: CatalogueType, family: str) -> tuple[str, str]:
    """SQL that yields the column for this family of lake type, and the family it arrives in.

    Text is asked for wherever family and source type are not the same thing; it is cast here.
    """
    native = _NATIVE.get(found.name)
    if not found.is_array and native and native[0] == family:
        return f"{column}::{native[1]}", family
    if found.is_array:
        return f"array_to_json({column})::text", "text"
    return f"{column}::text", "text"


def finite(column: str, found: CatalogueType) -> str:
    """A FILTER that keeps infinity and NaN, above which nothing lies, out of a maximum."""
    if found.is_array:
        return ""
    if found.name in ("date", "timestamp", "timestamptz"):
        return f" filter (where isfinite({column}) and {column} < '10000-01-01')"
    if found.name in ("numeric", "float4", "float8"):
        return f" filter (where {column}::text not in ('NaN', 'Infinity'))"
    return ""


def splits(found: CatalogueType) -> bool:
    """Whether the values can be written as bounds in the order of their index."""
    return not found.is_array and found.name in _SPLITS


TYPE_ROWS = [
    ("smallint、integer、bigint", "integer", ""),
    ("real、double precision", "double", "real 按二进制值原样加宽"),
    ("numeric(p,s)", "decimal(p,s)", "p 至多 38;NaN、Infinity 的行隔离"),
    ("numeric(无位数)、p 大于 38、s 为负", "text", "数字原样写成文本"),
    ("boolean", "boolean", ""),
    ("text、varchar", "text", ""),
    ("char(n)", "text", "补位的空格不算内容,去掉"),
    ("date", "date", "infinity、公元前和 9999 年以后的行隔离"),
    ("timestamp", "timestamp_ntz", "同上;微秒精度"),
    ("timestamptz", "timestamp", "同上;以 UTC 保存"),
    ("bytea", "binary", ""),
    ("json、jsonb", "json", "原文"),
    ("数组", "json", "array_to_json,多维不丢"),
    (
        "uuid、枚举、money、time、timetz、interval、inet、cidr、macaddr、xml、bit、几何、范围、tsvector、复合类型等",
        "text",
        "PostgreSQL 自己的文本写法",
    ),
    ("域(domain)", "同其基础类型", ""),
]
