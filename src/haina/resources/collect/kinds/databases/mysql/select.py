"""MySQL's dialect."""

from haina.resources.collect.kinds.databases.drivers.dialect import Dialect, Statement
from haina.resources.collect.kinds.databases.mysql import types


def quoted(name: str) -> str:
    """A name as an SQL identifier."""
    return "`" + name.replace("`", "``") + "`"


def value(text: str, _made: Statement) -> str:
    """A text in hexadecimal digits: no character of it can be taken for SQL."""
    return f"_utf8mb4 x'{text.encode('utf-8', 'surrogatepass').hex()}'"


def row_at(ordered: str, place: int) -> str:
    """One row of a SELECT."""
    return f"{ordered} limit 1 offset {place}"


DIALECT = Dialect(
    quoted=quoted,
    value=value,
    lake_type=types.lake_type,
    text=types.text,
    bound=types.bound,
    splits=types.splits,
    row_at=row_at,
    exact=types.exact,
    fit=types.fit,
    hash_sql=types.hash_sql,
)
