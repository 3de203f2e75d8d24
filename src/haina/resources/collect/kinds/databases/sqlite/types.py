"""How a declared type of SQLite becomes a type of the lake, and what may be stored under it.

SQLite types values, not columns: any value may lie in any column. A column is read as its
declaration says; a value of another storage class is set aside, never bent.
"""

import re

from haina.resources.collect.kinds.rows.lake_types import LakeType, fits_decimal

_DECIMAL = re.compile(
    r"(?:DECIMAL|NUMERIC|NUMBER)\s*\(\s*(\d+)\s*(?:,\s*(\d+)\s*)?\)", re.IGNORECASE
)


def affinity_of(declared: str) -> str:
    """SQLite's own rule, in its own order: integer, text, blob, real or numeric."""
    name = declared.upper()
    if "INT" in name:
        return "integer"
    if any(part in name for part in ("CHAR", "CLOB", "TEXT")):
        return "text"
    if not name or "BLOB" in name:
        return "blob"
    return "real" if any(part in name for part in ("REAL", "FLOA", "DOUB")) else "numeric"


def lake_type_of(declared: str) -> str:
    """The lake type of a column declared so. Dates are kept as the text that they are."""
    decimal = _DECIMAL.fullmatch(declared.strip())
    if decimal and fits_decimal(int(decimal[1]), int(decimal[2] or 0)):
        return f"decimal({int(decimal[1])},{int(decimal[2] or 0)})"
    if declared.upper().startswith("BOOL"):
        return "boolean"
    if "BLOB" in declared.upper():
        return "binary"
    return {"integer": "integer", "real": "double"}.get(affinity_of(declared), "text")


def storages_of(declared: str, to: LakeType) -> tuple[str, ...]:
    """Storage classes that are right for a column declared so and read as `to`."""
    affinity = affinity_of(declared)
    match to.family:
        case "integer" | "boolean":
            return ("text",) if affinity == "text" else ("integer",)
        case "double":
            return {"real": ("real",), "text": ("text",)}.get(affinity, ("real", "integer"))
        case "decimal":
            return ("text",) if affinity == "text" else ("integer", "real")
        case "binary":
            return ("blob",)
        case "date" | "timestamp" | "timestamp_ntz":
            return ("text",)
    return ("text",) if affinity == "text" else ("text", "integer", "real")


TYPE_ROWS = [
    ("INTEGER、INT、BIGINT 等(名称含 INT)", "integer", "存了文本、小数的行隔离"),
    ("REAL、FLOAT、DOUBLE", "double", "逐位保真"),
    ("DECIMAL(p,s)、NUMERIC(p,s)", "decimal(p,s)", "小数位多于 s 或位数多于 p 的行隔离;p 至多 38"),
    ("NUMERIC、DECIMAL(无位数)及其他", "text", "数值写成最短的、可逐位还原的文本"),
    ("TEXT、CHAR、VARCHAR、CLOB", "text", "存了二进制、非 UTF-8 或含 NUL 的行隔离;空串仍是空串"),
    ("BOOLEAN", "boolean", "只认 0 和 1"),
    ("DATE、DATETIME、TIMESTAMP、TIME", "text", "SQLite 没有日期类型,原样保留;标准层再转换"),
    ("BLOB", "binary", "存了文本、数值的行隔离"),
    ("未声明类型", "text", "文本和数值都收;二进制的行隔离"),
]
