"""Text to a syntax tree, guarded: a parser of recursive functions must not be fed a spiral."""

import logging
from collections import Counter

import sqlglot
from sqlglot import exp
from sqlglot.errors import ParseError, SqlglotError, TokenError
from sqlglot.tokenizer_core import Token, TokenType

from haina.kernel.errors import HainaError
from haina.kernel.sql.errors import SQL_REFUSED, at, refuse

DIALECT = "duckdb"
# It reports each refused statement as a warning; the refusal itself is the report.
logging.getLogger("sqlglot").setLevel(logging.ERROR)
MAX_BYTES = 200_000
MAX_NODES = 20_000
MAX_DEPTH = 100
# Parts that the parser descends into without a bracket; its compiled code would overrun the stack.
_MAX_OF_A_KIND = 300
_DESCENDING = frozenset(
    {TokenType.FROM, TokenType.JOIN, TokenType.WITH, TokenType.SELECT, TokenType.NOT}
    | {TokenType.INTERVAL, TokenType.CASE, TokenType.LATERAL, TokenType.TILDE}
)
# The parser's time doubles with each JOIN that has no condition yet.
_MAX_OPEN_JOINS = 4
_UNCONDITIONAL = frozenset({TokenType.CROSS, TokenType.NATURAL})
_OPENING = frozenset({TokenType.L_PAREN, TokenType.L_BRACKET, TokenType.L_BRACE})
_CLOSING = frozenset({TokenType.R_PAREN, TokenType.R_BRACKET, TokenType.R_BRACE})
_UNCHAINED = (exp.Binary, exp.SetOperation)


def read(text: str) -> exp.Expr:
    """The tree of the one statement in `text`. Raises HainaError(sql_refused)."""
    if len(text) > MAX_BYTES or len(text.encode(errors="replace")) > MAX_BYTES:
        raise SQL_REFUSED(f"SQL 超过 {MAX_BYTES // 1000} kB。", field="sql")
    if "\0" in text or _has_surrogate(text):
        raise SQL_REFUSED("SQL 中有不可用的字符。", field="sql")
    tokens = _tokens(text)
    _check_tokens(tokens, text)
    _check_joins(tokens, text)
    tree = _parsed(tokens, text)
    _check_size(tree, text)
    return tree


def _has_surrogate(text: str) -> bool:
    return any("\ud800" <= one <= "\udfff" for one in text)


def _tokens(text: str) -> list[Token]:
    try:
        return sqlglot.tokenize(text, read=DIALECT)
    except TokenError:
        raise SQL_REFUSED("SQL 中有没有结束的引号或注释。", field="sql") from None
    except Exception:  # noqa: BLE001 - garbage makes the tokenizer raise anything
        raise SQL_REFUSED("SQL 无法识别。", field="sql") from None


def _check_tokens(tokens: list[Token], text: str) -> None:
    depth = 0
    seen: Counter[TokenType] = Counter()
    for token in tokens:
        kind = token.token_type
        depth += (kind in _OPENING) - (kind in _CLOSING)
        seen[kind] += kind in _DESCENDING
        if depth > MAX_DEPTH or seen[kind] > _MAX_OF_A_KIND:
            raise at(SQL_REFUSED, "SQL 嵌套过深或过长。", token.start, text, what=token.text[:40])


def _check_joins(tokens: list[Token], text: str) -> None:
    """JOINs still without ON or USING, each of its own bracket; those left over count for ever."""
    levels, left_over = [0], 0
    before: TokenType | None = None
    for token in tokens:
        kind = token.token_type
        if kind in _OPENING:
            levels.append(0)
        elif kind in _CLOSING and len(levels) > 1:
            left_over += levels.pop()
        elif kind == TokenType.JOIN and before not in _UNCONDITIONAL:
            levels[-1] += 1
        elif kind == TokenType.USING or (kind == TokenType.ON and before != TokenType.DISTINCT):
            levels[-1] = max(0, levels[-1] - 1)
        if sum(levels) + left_over > _MAX_OPEN_JOINS:
            raise at(SQL_REFUSED, "JOIN 缺少 ON 或 USING 条件。", token.start, text, what="JOIN")
        before = kind


def _parsed(tokens: list[Token], text: str) -> exp.Expr:
    try:
        trees = sqlglot.Dialect.get_or_raise(DIALECT).parser().parse(tokens, text)
    except ParseError as error:
        raise _syntax(error, text) from None
    except (SqlglotError, RecursionError):
        raise SQL_REFUSED("SQL 无法识别,或嵌套过深。", field="sql") from None
    except Exception:  # noqa: BLE001 - garbage makes the parser raise anything
        raise SQL_REFUSED("SQL 无法识别。", field="sql") from None
    if len(trees) != 1 or trees[0] is None:
        raise SQL_REFUSED("只能写一条语句,去掉多余的分号。", field="sql", what=";")
    return trees[0]


def _syntax(error: ParseError, text: str) -> HainaError:
    first = error.errors[0] if error.errors else {}
    near = str(first.get("highlight") or "")[:40]
    line, column = first.get("line"), first.get("col")
    if not near or not isinstance(line, int) or not isinstance(column, int):
        return SQL_REFUSED("SQL 语法错误,语句可能没有写完。", field="sql")
    starts = sum(len(one) + 1 for one in text.split("\n")[: line - 1])
    return at(
        SQL_REFUSED, f"语法错误,在「{near}」附近。", starts + column - len(near), text, what=near
    )


def _check_size(tree: exp.Expr, text: str) -> None:
    """Count nodes and depth without recursion; chains like `a + b + c` are not depth."""
    count = 0
    todo = [(tree, 1)]
    while todo:
        node, depth = todo.pop()
        count += 1
        if count > MAX_NODES or depth > MAX_DEPTH:
            raise refuse("SQL 嵌套过深或过长。", node, text, what=type(node).__name__)
        chain = isinstance(node, _UNCHAINED)
        for key, child in _children(node):
            todo.append((child, depth if chain and key == "this" else depth + 1))


def _children(node: exp.Expr) -> list[tuple[str, exp.Expr]]:
    found: list[tuple[str, exp.Expr]] = []
    for key, value in node.args.items():
        many = value if isinstance(value, list) else [value]
        found.extend((key, one) for one in many if isinstance(one, exp.Expr))
    return found


def written(tree: exp.Expr) -> str:
    """The tree as DuckDB SQL, without comments. Raises HainaError(sql_refused)."""
    try:
        return tree.sql(dialect=DIALECT, comments=False)
    except (SqlglotError, RecursionError):
        raise SQL_REFUSED("SQL 无法识别,或嵌套过深。", field="sql") from None
    except Exception:  # noqa: BLE001 - trees of garbage make the generator raise anything
        raise SQL_REFUSED("SQL 无法识别。", field="sql") from None
