"""Is every node of a tree on the allow-list, and does it carry only what it may?"""

import re
from collections.abc import Callable

from sqlglot import exp

from haina.kernel.errors import HainaError
from haina.kernel.sql import allowed
from haina.kernel.sql.errors import refuse

_NAME = re.compile(r"[a-z][a-z0-9_]*")
_RESERVED = frozenset({"information_schema", "pg_catalog", "main", "system", "temp", "memory"})
_TITLES = {
    "Pivot": "PIVOT(请改用 case when 汇总)",
    "Columns": "COLUMNS()(请写明各列)",
    "Placeholder": "参数占位符",
    "Parameter": "参数占位符",
    "Command": "这种语句",
    "Into": "SELECT INTO",
    "Lock": "FOR UPDATE",
}


class Checker:
    """Walks one tree of one text; `refuse` points at the culprit."""

    def __init__(self, text: str) -> None:
        self.text = text

    def refused(self, message: str, node: exp.Expr) -> HainaError:
        return refuse(message, node, self.text, what=type(node).__name__)

    def check(self, tree: exp.Expr) -> None:
        """Raises HainaError(sql_refused) for the first node that is not allowed."""
        for node in tree.walk():
            name = type(node).__name__
            if name not in allowed.NODES:
                raise self.refused(f"不允许使用 {_TITLES.get(name, name)}。", node)
            self._check_arguments(node, name)
            special = _SPECIAL.get(name)
            if special:
                special(self, node)

    def _check_arguments(self, node: exp.Expr, name: str) -> None:
        may = allowed.ARGUMENTS.get(name)
        if may is None:
            return
        for key, value in node.args.items():
            if value and key not in may:
                raise self.refused(f"不允许这种写法({name} 的 {key})。", node)

    def function(self, node: exp.Expr) -> None:
        if node.name.lower() not in allowed.NAMED:
            raise self.refused(f"不允许使用函数 {node.name[:60]}。", node)

    def join(self, node: exp.Expr) -> None:
        method = str(node.args.get("method") or "").upper()
        if method not in allowed.JOIN_METHODS:
            raise self.refused(f"不允许 {method} JOIN,请写明关联条件。", node)

    def dot(self, node: exp.Expr) -> None:
        if not isinstance(node.args.get("expression"), (exp.Identifier, exp.Star)):
            raise self.refused("函数请写作 f(x),不要写作 x.f()。", node)

    def data_type(self, node: exp.Expr) -> None:
        if node.this == exp.DType.USERDEFINED:
            raise self.refused("没有这种数据类型。", node)

    def identifier(self, node: exp.Expr) -> None:
        if not node.name.isprintable() or len(node.name) > 200:
            raise self.refused("名称中有不可用的字符,或过长。", node)

    def star(self, node: exp.Expr) -> None:
        if not isinstance(node.parent, (exp.Select, exp.Count, exp.Column)):
            raise self.refused("* 只能作为输出列,或写在 count(*) 中。", node)

    def table(self, node: exp.Expr) -> None:
        """A table is `zone.name`, a CTE, or a function that makes rows from its arguments."""
        this = node.this
        if isinstance(this, exp.Func):
            if type(this).__name__ not in allowed.TABLE_FUNCTIONS:
                raise self.refused("不允许在 FROM 中使用这个函数。", node)
        elif not isinstance(this, exp.Identifier):
            raise self.refused("表名不可用。", node)


_SPECIAL: dict[str, Callable[[Checker, exp.Expr], None]] = {
    "Anonymous": Checker.function,
    "AnonymousAggFunc": Checker.function,
    "Join": Checker.join,
    "Dot": Checker.dot,
    "DataType": Checker.data_type,
    "Identifier": Checker.identifier,
    "Star": Checker.star,
    "Table": Checker.table,
}


def plain_name(name: str) -> bool:
    """Whether `name` may be a part of `zone.table`."""
    return _NAME.fullmatch(name) is not None


def reserved(zone: str) -> bool:
    return zone in _RESERVED or zone.startswith(("pg_", "duckdb"))
