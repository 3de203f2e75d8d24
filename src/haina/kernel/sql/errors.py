"""Kinds of error of this package, and where in the text they point."""

from typing import Any

from sqlglot import exp

from haina.kernel.errors import ErrorKind, HainaError, kind

SQL_REFUSED = kind(
    "sql_refused", 422, "SQL 不被允许", "只能写一条 SELECT,表名写作 分层.表名;写法见 SQL 参考。"
)
SQL_UNKNOWN = kind(
    "sql_unknown", 422, "SQL 引用了不存在的表或列", "请核对名称;可在数据目录中查看表和列。"
)


def refuse(message: str, node: exp.Expr | None, text: str, **details: Any) -> HainaError:
    """`sql_refused` with line and column (from 1) of `node` in `text`, and what it is."""
    return at(SQL_REFUSED, message, start_of(node), text, **details)


def at(kind: ErrorKind, message: str, start: int | None, text: str, **details: Any) -> HainaError:
    """An error that points at the character `start` of `text`, when it is known."""
    if start is None:
        return kind(message, field="sql", **details)
    line, column = place(text, start)
    where = f"(第 {line} 行第 {column} 列)"
    return kind(
        message.rstrip("。") + where + "。", field="sql", line=line, column=column, **details
    )


def place(text: str, start: int) -> tuple[int, int]:
    """Line and column, both from 1, of a character."""
    before = text[:start]
    return before.count("\n") + 1, start - (before.rfind("\n") + 1) + 1


def start_of(node: exp.Expr | None) -> int | None:
    """The first known character of a node or of what is in it."""
    if node is None:
        return None
    starts = [one.meta["start"] for one in node.walk() if "start" in one.meta]
    return min(starts, default=None)
