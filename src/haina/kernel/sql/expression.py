"""A scalar expression over the columns of one row, as quality rules use it."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field

from sqlglot import exp

from haina.kernel.sql import allowed
from haina.kernel.sql.checking import Checker
from haina.kernel.sql.reading import read, written
from haina.kernel.sql.relations import unknown

_PREFIX = "SELECT "
_REFUSED = (
    allowed.AGGREGATES | allowed.WINDOWS | {"Window", "Subquery", "Select", "Explode", "Star"}
)


@dataclass(frozen=True)
class Expression:
    """A checked expression: `sql` is the only text to run; `columns` it reads, as declared."""

    sql: str
    columns: tuple[str, ...]
    text: str = field(repr=False)

    def renamed(self, names: Mapping[str, str]) -> str:
        """The expression over columns of other names (`names`: declared name → new name)."""
        tree = read(_PREFIX + self.sql)
        for node in tree.find_all(exp.Column):
            new = names.get(node.name, node.name)
            node.parts[0].replace(exp.to_identifier(new, quoted=True))
        return written(tree.expressions[0])


def check_expression(text: str, columns: Collection[str]) -> Expression:
    """Read and check an expression over `columns`; sub-queries and aggregates are refused.

    Raises HainaError(sql_refused), or (sql_unknown) for a column that is not among `columns`.
    """
    tree = read(_PREFIX + text)
    checker = Checker(text)
    _shift(tree)
    body = _only_expression(tree, checker)
    checker.check(body)
    used = [_column(node, columns, checker) for node in list(body.find_all(exp.Column))]
    return Expression(written(body), tuple(sorted(set(used))), text)


def _shift(tree: exp.Expr) -> None:
    """Positions as in the expression alone."""
    for node in tree.walk():
        if "start" in node.meta:
            node.meta["start"] = max(0, node.meta["start"] - len(_PREFIX))


def _only_expression(tree: exp.Expr, checker: Checker) -> exp.Expr:
    whole = isinstance(tree, exp.Select) and len(tree.expressions) == 1
    others = [key for key, value in tree.args.items() if value and key != "expressions"]
    if not whole or others or isinstance(tree.expressions[0], (exp.Alias, exp.Aliases)):
        raise checker.refused("只能写一个表达式。", tree)
    body: exp.Expr = tree.expressions[0]
    for node in body.walk():
        name = type(node).__name__
        aggregate = name.startswith("Anonymous") and node.name.lower() in allowed.NAMED_AGGREGATES
        if name in _REFUSED or aggregate:
            raise checker.refused("表达式只看一行,不能用子查询、汇总或窗口。", node)
    return body


def _column(node: exp.Column, columns: Collection[str], checker: Checker) -> str:
    """The declared name of a column reference; written into the node, quoted."""
    parts = [part.name for part in node.parts]
    by_name = {name.lower(): name for name in columns}
    declared = by_name.get(parts[0].lower())
    if declared is None:
        raise unknown("列", parts[0], columns, node, checker.text)
    node.parts[0].replace(exp.to_identifier(declared, quoted=True))
    return declared
