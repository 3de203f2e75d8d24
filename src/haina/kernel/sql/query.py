"""A query that somebody wrote, checked. Its own text is never run; `sql` is."""

from collections.abc import Collection, Iterator
from dataclasses import dataclass, field

from sqlglot import exp
from sqlglot.optimizer.scope import Scope, ScopeType, traverse_scope

from haina.kernel.errors import HainaError
from haina.kernel.sql import allowed
from haina.kernel.sql.checking import Checker, plain_name, reserved
from haina.kernel.sql.errors import SQL_REFUSED
from haina.kernel.sql.reading import read, written


@dataclass(frozen=True)
class Query:
    """A checked query.

    `sql` is made from the checked tree and is the only text to run; `tables` are the physical
    names `zone.table` that it reads, sorted; `text` is what was written, for positions in errors.
    """

    sql: str
    tables: tuple[str, ...]
    text: str = field(repr=False)
    tree: exp.Query = field(repr=False, compare=False)


def parse_query(text: str, zones: Collection[str] | None = None) -> Query:
    """Read and check one SELECT. `zones`: the zones that tables may be in (None: any plain name).

    Raises HainaError(sql_refused) with line, column and what.
    """
    tree = read(text)
    checker = Checker(text)
    root = _root(tree, checker)
    checker.check(root)
    scopes = _scopes(root)
    tables = sorted({_physical(table, checker, zones) for table in _tables(scopes)})
    _refuse_whole_rows(scopes, checker)
    sql = written(root)
    if written(read(sql)) != sql:
        raise SQL_REFUSED("这种写法会被读出两种意思,请改写。", field="sql")
    return Query(sql, tuple(tables), text, root)


def _root(tree: exp.Expr, checker: Checker) -> exp.Query:
    inner = tree
    while isinstance(inner, exp.Subquery):
        inner = inner.this
    if isinstance(inner, exp.Select) and not inner.expressions:
        raise checker.refused("SELECT 后面没有列。", tree)
    if type(inner).__name__ not in allowed.ROOTS or not isinstance(tree, exp.Query):
        raise checker.refused("只能写 SELECT 查询。", tree)
    return tree


def _scopes(tree: exp.Query) -> list[Scope]:
    try:
        scopes = traverse_scope(tree)
        for scope in scopes:  # computed at first touch, and an odd tree may raise then
            _ = scope.columns, scope.tables, scope.selected_sources, scope.cte_sources
        return scopes
    except Exception:  # noqa: BLE001 - odd trees make the optimizer raise anything
        raise SQL_REFUSED("SQL 中的别名重复,或结构无法识别。", field="sql") from None


def _tables(scopes: list[Scope]) -> Iterator[exp.Table]:
    """Every table node that is not a CTE in the scope where it stands, nor a function."""
    for scope in scopes:
        for table in scope.tables:
            named = isinstance(table.this, exp.Identifier)
            ctes = {name.lower() for name in scope.cte_sources}
            if named and (table.db or table.name.lower() not in ctes):
                yield table


def _physical(table: exp.Table, checker: Checker, zones: Collection[str] | None) -> str:
    """`zone.table`, lower-cased in place where it was not quoted."""
    parts = [table.args.get("db"), table.this]
    for part in parts:
        if isinstance(part, exp.Identifier) and not part.args.get("quoted"):
            part.set("this", part.this.lower())
    zone, name = table.db, table.name
    if not zone:
        raise checker.refused(f"表 {name[:60]} 请写作 分层.表名。", table)
    if not plain_name(zone) or not plain_name(name) or reserved(zone):
        raise checker.refused(f"不允许读取 {zone[:60]}.{name[:60]}。", table)
    if zones is not None and zone not in zones:
        raise checker.refused(f"没有分层 {zone[:60]}。", table)
    return f"{zone}.{name}"


def _refuse_whole_rows(scopes: list[Scope], checker: Checker) -> None:
    """`select t from t` answers whole rows, past every list of columns."""
    for scope in scopes:
        for column in scope.columns:
            if column.table or isinstance(column.this, exp.Star):
                continue
            if _is_whole_row(column.name.lower(), scope):
                raise _whole_row(column, checker)


def _whole_row(column: exp.Column, checker: Checker) -> HainaError:
    name = column.name[:60]
    return checker.refused(
        f"{name} 是表的别名,不能当作列;若是同名的列,请写作 表名.{name}。", column
    )


def _is_whole_row(name: str, scope: Scope | None) -> bool:
    """Whether `name` is a relation here or around here, and no column of it."""
    while scope is not None:
        for alias, (_node, source) in scope.selected_sources.items():
            if alias.lower() == name:
                return not _has_column(source, name)
        scope = None if scope.scope_type == ScopeType.CTE else scope.parent
    return False


def _has_column(source: exp.Expr | Scope, name: str) -> bool:
    if not isinstance(source, Scope):
        return False
    selects = getattr(source.expression, "named_selects", [])
    return any(str(one).lower() == name for one in selects)
