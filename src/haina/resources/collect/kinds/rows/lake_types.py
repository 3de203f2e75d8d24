"""The closed list of types that the lake keeps, and what each is in Arrow and on screen.

A lake type is written as text (`decimal(18,2)`), so that it travels in YAML, JSON and tables.
"""

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from haina.kernel.errors import kind

if TYPE_CHECKING:
    import pyarrow as pa

BAD_LAKE_TYPE = kind(
    "bad_lake_type", 422, "不认识的字段类型", "可用的类型见 docs/reference/types.md。"
)

_SHOWN = {
    "text": "文本",
    "integer": "整数",
    "decimal": "定点小数",
    "double": "浮点数",
    "boolean": "是否",
    "date": "日期",
    "timestamp": "时刻(带时区)",
    "timestamp_ntz": "日期时间",
    "binary": "二进制",
    "json": "JSON",
}
_DECIMAL = re.compile(r"decimal\((\d{1,2}),(\d{1,2})\)")


@dataclass(frozen=True)
class LakeType:
    """One type of the lake: its family, and precision and scale of a decimal (else 0, 0)."""

    family: str
    precision: int = 0
    scale: int = 0

    @property
    def shown(self) -> str:
        """The name that people read, in Chinese."""
        name = _SHOWN[self.family]
        return f"{name}({self.precision},{self.scale})" if self.precision else name

    @property
    def arrow(self) -> "pa.DataType":
        """The Arrow type of a column of this type; Delta keeps each of them unchanged."""
        import pyarrow as pa

        if self.family == "decimal":
            return pa.decimal128(self.precision, self.scale)
        return {
            "integer": pa.int64(),
            "double": pa.float64(),
            "boolean": pa.bool_(),
            "date": pa.date32(),
            "timestamp": pa.timestamp("us", "UTC"),
            "timestamp_ntz": pa.timestamp("us"),
            "binary": pa.binary(),
        }.get(self.family, pa.string())


def parse(text: str) -> LakeType:
    """Read a lake type. Raises HainaError(bad_lake_type) for anything outside the list."""
    found = _DECIMAL.fullmatch(text)
    if found:
        precision, scale = int(found[1]), int(found[2])
        if fits_decimal(precision, scale):
            return LakeType("decimal", precision, scale)
    elif text in _SHOWN and text != "decimal":
        return LakeType(text)
    raise BAD_LAKE_TYPE(f"不认识的字段类型“{text}”", field="lake_type")


def fits_decimal(precision: int, scale: int) -> bool:
    """Whether the lake can keep decimals of this precision and scale."""
    return 1 <= precision <= 38 and 0 <= scale <= precision


def families() -> list[tuple[str, str]]:
    """The closed list: (lake type as written, name on screen)."""
    return [
        ("decimal(p,s)" if name == "decimal" else name, title) for name, title in _SHOWN.items()
    ]
