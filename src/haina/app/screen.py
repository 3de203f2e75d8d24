"""What the command line prints: tables for people, JSON for scripts, errors on stderr."""

import json
import sys
from datetime import datetime
from typing import TYPE_CHECKING, Any

from rich.console import Console
from rich.table import Table

from haina.kernel import clock
from haina.kernel.errors import HainaError

if TYPE_CHECKING:
    from haina.packs import Plan

console = Console(highlight=False, soft_wrap=True)
errors = Console(stderr=True, highlight=False, soft_wrap=True)

TITLES_OF_LINES = {
    "agencies": "部门",
    "sources": "数据源",
    "tables": "表",
    "datasets": "数据集",
    "entries": "目录条目",
    "services": "数据服务",
    "rules": "检核规则",
    "failed_rows": "问题行",
    "quarantined_rows": "隔离行",
    "arrivals": "到数",
    "active_runs": "在运行",
    "workers": "工作进程",
    "done": "完成的作业",
    "failed": "失败的作业",
    "rows_collected": "采集行数",
    "seconds": "用时(秒)",
    "quarantined": "隔离",
    "next": "接下来",
    "files": "写出的文件",
    "id": "编号",
    "key": "密钥(只显示这一次)",
    "name": "名称",
    "password": "初始口令(首次登录须修改)",
    "disabled": "已停用",
    "result": "结果",
    "call": "调用示例",
    "sent": "已送",
    "number": "批次",
    "state": "状态",
    "rows": "行",
    "job": "作业",
    "python": "Python",
    "sqlite": "SQLite",
    "haina": "海纳",
}
WORDS = {
    "collect": "采集",
    "conform": "标准化",
    "build": "加工",
    "serve": "服务副本",
    "total": "共",
    "received": "已收到",
    "loaded": "已入湖",
    "refused": "未收",
    "duplicate": "内容重复",
    "arrived": "已到",
    "short": "偏少",
    "waiting": "未到期",
    "late": "迟到",
    "unplanned": "不定期",
}

_SIGNS = {"create": "[green]+ 新增[/]", "change": "[yellow]~ 修改[/]", "retire": "[red]- 停用[/]"}


def plain(value: Any) -> Any:
    """Anything we print, as JSON can carry it; times on the wall clock of China."""
    if isinstance(value, datetime):
        return clock.local(value).isoformat(timespec="seconds")
    if hasattr(value, "__dataclass_fields__"):
        return {name: plain(getattr(value, name)) for name in value.__dataclass_fields__}
    if isinstance(value, dict):
        return {str(key): plain(one) for key, one in value.items()}
    if isinstance(value, (list, tuple, set, frozenset)):
        return [plain(one) for one in value]
    return value if isinstance(value, (str, int, float, bool, type(None))) else str(value)


def show(value: Any, *, as_json: bool) -> None:
    """A mapping as lines, or as JSON."""
    if as_json:
        sys.stdout.write(json.dumps(plain(value), ensure_ascii=False, indent=2) + "\n")
        return
    for key, one in plain(value).items():
        console.print(f"{TITLES_OF_LINES.get(key, key)}:{_worded(one)}", markup=False)


def _cell(value: Any) -> str:
    return ("是" if value else "否") if isinstance(value, bool) else str(value)


def _worded(value: Any) -> str:
    if isinstance(value, dict):
        return (
            "、".join(f"{WORDS.get(key, key)} {_worded(one)}" for key, one in value.items()) or "无"
        )
    if isinstance(value, list):
        return "、".join(_worded(one) for one in value) or "无"
    if isinstance(value, bool):
        return "是" if value else "否"
    if isinstance(value, int):
        return f"{value:,}"
    return WORDS.get(str(value), str(value)) if value is not None else ""


def show_rows(
    columns: list[str], rows: list[list[Any]], *, as_json: bool, keys: list[str] | None = None
) -> None:
    """Rows as a table, or as a JSON list of objects."""
    if as_json:
        names = keys or columns
        found = [dict(zip(names, map(plain, row), strict=True)) for row in rows]
        sys.stdout.write(json.dumps(found, ensure_ascii=False, indent=2) + "\n")
        return
    table = Table(header_style="bold", box=None, pad_edge=False)
    for title in columns:  # a cell is folded, never cut: what is cut cannot be acted on
        table.add_column(title, overflow="fold")
    for row in rows:
        table.add_row(*("" if cell is None else _cell(plain(cell)) for cell in row))
    console.print(table)


def show_plan(made: "Plan", *, as_json: bool, done: bool = False) -> None:
    """What would change (or did), object by object."""
    from haina.packs.objects import TITLES

    if as_json:
        show(
            {
                "pack": made.pack.spec.name,
                "changes": [
                    {"name": one.name, "action": one.action, "fields": one.fields}
                    for one in made.changes
                    if one.action != "same"
                ],
                "conflicts": [{"object": name, "path": one.path} for name, one in made.conflicts],
            },
            as_json=True,
        )
        return
    for one in made.changes:
        if one.action != "same":
            kind, name = one.name.split(":", 1)
            fields = f"({'、'.join(one.fields)})" if one.fields else ""
            console.print(f"{_SIGNS[one.action]} {TITLES[kind]} {name}{fields}")
    for name, conflict in made.conflicts:
        console.print(f"[red]! 冲突[/] {name} 的 {conflict.path}")
    count = sum(one.action != "same" for one in made.changes)
    words = "已应用" if done else "将改动"
    console.print(
        f"应用包「{made.pack.spec.title}」:" + (f"{words} {count} 处" if count else "没有变化")
    )


def complain(error: HainaError, *, as_json: bool) -> None:
    """An error in words: what, where, and the way out."""
    if as_json:
        sys.stderr.write(json.dumps({"error": plain(error.as_dict())}, ensure_ascii=False) + "\n")
        return
    errors.print(f"[red]错误[/] {error.message} [dim]({error.code})[/]")
    if error.field:
        errors.print(f"  位置:{error.field}", markup=False)
    if error.hint:
        errors.print(f"  办法:{error.hint}", markup=False)
