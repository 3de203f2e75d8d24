"""docs/reference/types.md, made from what the kinds say of themselves."""

import sys

from haina.resources.collect import kinds
from haina.resources.collect.kinds.rows.lake_types import families
from haina.resources.collect.kinds.rows.rejecting import REASONS

_COMMAND = "python -m haina.resources.collect.kinds.page > docs/reference/types.md"


def types_page() -> str:
    """The whole page as Markdown."""
    parts = [_HEAD.format(command=_COMMAND), _lake_table()]
    parts += [_kind_section(kinds.get(name)) for name in kinds.names()]
    parts += [_reasons()]
    return "\n".join(parts)


_HEAD = """# 字段类型

数据进入湖中贴源层(ods)时,来源类型怎样变成湖中类型。原则:放得下就逐值保真;放不下的行带着原因进入隔离区,绝不改值;拿不准的一律存成文本。

本页由代码生成,请勿手改;重新生成:`{command}`。
"""


def _lake_table() -> str:
    rows = [f"| `{name}` | {title} |" for name, title in families()]
    return "\n".join(["## 湖中类型", "", "| 湖中类型 | 显示为 |", "|---|---|", *rows, ""])


def _kind_section(kind: kinds.Kind) -> str:
    shown = dict(families())
    rows = [
        f"| {source} | {f'`{lake}`' if lake in shown else lake} | {shown.get(lake, '')} | {note} |"
        for source, lake, note in kind.type_rows()
    ]
    head = ["| 来源类型 | 湖中类型 | 显示为 | 说明 |", "|---|---|---|---|"]
    return "\n".join([f"## {kind.title}(`{kind.name}`)", "", *head, *rows, ""])


def _reasons() -> str:
    rows = [f"| `{code}` | {title} |" for code, title in REASONS.items()]
    return "\n".join(["## 隔离原因", "", "| 代码 | 含义 |", "|---|---|", *rows, ""])


if __name__ == "__main__":
    sys.stdout.write(types_page())
