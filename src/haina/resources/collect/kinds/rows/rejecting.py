"""Bad rows: set aside one by one, with a reason, bounded in number and in size."""

import json
import re
from dataclasses import dataclass

from haina.resources.collect.kinds.errors import TOO_MANY_BAD_ROWS

RAW_BYTES = 4096

REASONS = {
    "field_count": "字段个数与表头不符",
    "missing_field": "这一行没有这个字段",
    "encoding": "含有不能按文件编码解读的字节",
    "unclosed_quote": "引号没有闭合",
    "bad_quote": "引号之后还有多余的内容",
    "nul": "含有空字符(NUL)",
    "not_text": "不是文本",
    "not_integer": "不是整数",
    "not_decimal": "不是数值",
    "not_double": "不是数值",
    "not_boolean": "不是是否值(0 或 1)",
    "not_date": "不是日期(YYYY-MM-DD)",
    "not_timestamp": "不是日期时间(YYYY-MM-DD hh:mm:ss)",
    "not_binary": "不是二进制",
    "out_of_range": "超出字段类型的范围或小数位数",
    "digits_lost": "整数按数值存放,已超过 15 位有效数字,末位不可信",
    "error_cell": "单元格是错误值(如 #N/A)",
    "formula_cell": "公式没有保存结果",
    "footer": "表尾(合计、填表人、说明等),不是数据行",
    "not_json": "不是合法的 JSON",
    "not_object": "不是 JSON 对象",
    "duplicate_key": "同一个键出现了两次",
    "not_finite": "NaN、Infinity 不是 JSON 数值",
    "too_deep": "嵌套太深",
    "record_length": "记录长度与定义不符",
    "overflow": "数值放不下,来源只留下了 *",
    "memo_missing": "备注字段的内容不在备注文件里",
    "bad_flag": "记录的删除标记不认识",
}


@dataclass(frozen=True)
class Reject:
    """A row that was set aside.

    `line` is the physical line of a file (header is 1), None for databases; `column` is None
    when the row as a whole is bad; `reason` is a code of REASONS; `raw` is at most 4 kB of the
    row as the source holds it, undecodable bytes shown as \\xNN; `key_hash` is the hash of its
    key (16 hex digits, see keys.py), None when the key cannot be read. `values` are the columns as
    text, for people to mend; None when they cannot be told apart, or were cut.
    """

    line: int | None
    column: str | None
    reason: str
    message: str
    raw: str
    key_hash: str | None = None
    values: dict[str, str | None] | None = None


@dataclass(frozen=True)
class Shown:
    """A bad row as people may read it: its raw text, and its columns as text if they are known."""

    raw: str
    values: dict[str, str | None] | None = None

    @classmethod
    def of(cls, values: dict[str, str | None]) -> "Shown":
        """A row that has no text of its own (databases): shown as JSON."""
        return cls(json.dumps(values, ensure_ascii=False), values)


class RejectBin:
    """Collects rejects; raises HainaError(too_many_bad_rows) beyond `limit`."""

    def __init__(self, limit: int) -> None:
        self._limit = limit
        self.rows: list[Reject] = []

    def add(
        self,
        reason: str,
        shown: "Shown | str",
        *,
        line: int | None = None,
        column: str | None = None,
        key_hash: str | None = None,
    ) -> None:
        if len(self.rows) >= self._limit:
            raise TOO_MANY_BAD_ROWS(
                f"坏行超过 {self._limit} 行,已停止读取;最近的原因:{self.rows[-1].message}"
                if self.rows
                else "出现坏行,已停止读取",
                reasons=self.reasons(),
            )
        shown = shown if isinstance(shown, Shown) else Shown(shown)
        raw = clip(shown.raw)
        values = shown.values if raw == shown.raw else None
        message = _message(reason, line, column)
        self.rows.append(Reject(line, column, reason, message, raw, key_hash, values))

    def reasons(self) -> dict[str, int]:
        """How many rows were set aside for each reason."""
        counts: dict[str, int] = {}
        for row in self.rows:
            counts[row.reason] = counts.get(row.reason, 0) + 1
        return counts


def clip(raw: str) -> str:
    """At most RAW_BYTES of UTF-8, cut between characters, lone surrogates shown as \\xNN."""
    shown = re.sub(r"[\ud800-\udfff]", _escaped, raw[:RAW_BYTES])
    data = shown.encode("utf-8")
    return shown if len(data) <= RAW_BYTES else data[:RAW_BYTES].decode("utf-8", "ignore")


def _escaped(found: re.Match[str]) -> str:
    return f"\\x{ord(found[0]) & 0xFF:02x}"


def _message(reason: str, line: int | None, column: str | None) -> str:
    where = "" if line is None else f"第 {line} 行"
    where += "" if column is None else f"字段“{column}”"
    return f"{where}:{REASONS[reason]}" if where else REASONS[reason]
