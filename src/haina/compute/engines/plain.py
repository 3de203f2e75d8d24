"""Errors of the engine as sentences for people: no paths, no values of others' rows."""

import re

import duckdb

_NAME = r'"((?:[^"]|"")*)"'
_POSITION = re.compile(r"^LINE (\d+):", re.MULTILINE)

# Pattern over the engine's message, sentence. Groups are names that people wrote themselves.
_SENTENCES = [
    (rf"Referenced column {_NAME} not found", "没有列 {0}。"),
    (rf"Referenced table {_NAME} not found", "没有引用到表 {0}。"),
    (r"Table with name (\w+) does not exist", "没有表 {0},或没有查看它的权限。"),
    (rf"Table {_NAME} does not have a column named {_NAME}", "表 {0} 没有列 {1}。"),
    (rf"Ambiguous reference to column name {_NAME}", "列 {0} 在多张表中都有,请写明表名。"),
    (r"Scalar Function with name (\w+) does not exist", "没有函数 {0}。"),
    (r"Aggregate Function with name (\w+) does not exist", "没有汇总函数 {0}。"),
    (
        r"No function matches the given name and argument types '(\w+)\(",
        "函数 {0} 的参数类型不对。",
    ),
    (rf"column {_NAME} must appear in the GROUP BY", "列 {0} 既没有汇总,也不在 GROUP BY 中。"),
    (rf"syntax error at or near {_NAME}", "语法错误,在 {0} 附近。"),
    (r"syntax error at end of input", "语法错误,语句没有写完。"),
    (r"aggregate function calls cannot be nested", "汇总函数不能嵌套。"),
    (r"(?:GROUP BY|WHERE) clause cannot contain aggregates", "GROUP BY、WHERE 中不能用汇总函数。"),
    (r"same number of result columns|equal number of result columns", "各部分的列数不一致。"),
    (r"More than one row returned by a subquery", "子查询返回了多于一行。"),
    (r"[Mm]ax(?:imum)? (?:expression )?(?:recursion )?depth", "表达式嵌套过深。"),
    (r"[Dd]ivision by zero|[Dd]ivide by zero", "除数为零。"),
    (r"Overflow|out of range|Out of Range", "数值超出类型能表示的范围。"),
]
_CLASSES: list[tuple[type[BaseException], str]] = [
    (duckdb.ConversionException, "类型转换失败:有的值不能转成所要的类型,可改用 try_cast。"),
    (duckdb.OutOfRangeException, "数值超出类型能表示的范围。"),
    (duckdb.ParserException, "语法错误。"),
    (duckdb.SyntaxException, "语法错误。"),
    (duckdb.BinderException, "语句中的列、类型或函数不匹配。"),
    (duckdb.CatalogException, "语句引用了不存在的表或函数。"),
    (duckdb.PermissionException, "沙箱不允许这项操作。"),
    (duckdb.InvalidInputException, "输入的值不可用。"),
    (duckdb.NotImplementedException, "计算引擎不支持这种写法。"),
    (duckdb.IOException, "读取数据文件失败,数据版本可能已被清理。"),
]


def explain(error: BaseException) -> tuple[str, str, list[str]]:
    """(code of contracts.py, sentence, names in it) for an error of the engine."""
    text = str(error)
    if isinstance(error, duckdb.InterruptException) or "INTERRUPT" in text[:40].upper():
        return "query_timeout", "查询超过了时间限额,已停止。", []
    if isinstance(error, (duckdb.OutOfMemoryException, MemoryError)) or "Out of Memory" in text:
        return "query_memory", "查询所需内存超出限额。", []
    sentence, names = _sentence(error, text)
    return "query_failed", sentence + _place(text), names


def _sentence(error: BaseException, text: str) -> tuple[str, list[str]]:
    for pattern, sentence in _SENTENCES:
        found = re.search(pattern, text)
        if found and not any(unsafe(group) for group in found.groups()):
            return sentence.format(*found.groups()), list(found.groups())[::-1]
    for kind, sentence in _CLASSES:
        if isinstance(error, kind):
            return sentence, []
    return "查询执行失败。", []


def unsafe(name: str) -> bool:
    """Whether a name out of a message may be more than a name: a path, or a long value."""
    return len(name) > 64 or "/" in name or "\\" in name or "\n" in name


def _place(text: str) -> str:
    found = _POSITION.search(text)
    return f"(第 {found[1]} 行)" if found else ""
