"""Fields of DBF records as columns of text, a whole column at a time."""

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from haina.resources.collect.kinds.contracts import SourceColumn
from haina.resources.collect.kinds.files.dbf.header import Field, Header
from haina.resources.collect.kinds.files.dbf.memo import Memos
from haina.resources.collect.kinds.files.texts import from_cells, from_strings
from haina.resources.collect.kinds.rows.arrow_checks import without_places
from haina.resources.collect.kinds.rows.casting import places_of

if TYPE_CHECKING:
    import pyarrow as pa

    Column = tuple[pa.Array, dict[int, str]]

_INTEGER_DIGITS = 18
_LARGEST = 38
_EPOCH = 2_440_588  # Julian day of 1970-01-01
_LAST_DAY = 5_373_484  # of 9999-12-31
_FIRST_DAY = 1_721_426  # of 0001-01-01
_DAY_MS = 86_400_000
TYPE_ROWS = [
    ("C 字符、V 变长字符", "text", "去掉右侧空格;全空为 NULL;被截成半个汉字的行隔离"),
    ("N、F 数值(无小数,18 位以内)", "integer", "空白为 NULL;写成 **** 的溢出行隔离"),
    ("N、F 数值(有小数)", "decimal(p,s)", "同上;小数位多于定义的行隔离"),
    ("D 日期", "date", "空白和 00000000 为 NULL"),
    ("T 日期时间", "timestamp_ntz", "毫秒精度"),
    ("L 逻辑", "boolean", "T、Y 为是,F、N 为否,空白和 ? 为 NULL"),
    ("I 整数", "integer", ""),
    ("Y 货币", "decimal(19,4)", ""),
    ("B 双精度", "double", "逐位保真"),
    ("M 备注", "text", "同目录须有同名的 .dbt 或 .fpt;没有时该字段不可读,在表的说明里写明"),
    ("G、P、W、Q 等", "不读", "在表的说明里写明"),
    ("带删除标记(*)的记录", "不读", "条数写在表的说明里"),
]


def column_of(field: Field, *, memos: bool) -> SourceColumn | None:
    """The column that a field makes; None when it cannot be read."""
    shown = f"{field.type}({field.length},{field.decimals})"
    lake = _lake_type(field)
    if lake is None or (field.type == "M" and not memos):
        return None
    return SourceColumn(field.name, shown, lake)


def texts_of(field: Field, records: Any, header: Header, memos: Memos | None) -> "Column":
    """The texts of a field in all records, and places that are bad.

    `records` is an array of bytes of shape (records, length).
    """
    cells = records[:, field.offset : field.offset + field.length]
    if field.type == "M":
        assert memos is not None
        texts, flaws = from_strings(memos.texts(cells, header.codec))
    elif field.type == "V":
        texts, flaws = _varchar(field, records, header)
    elif field.type in _BINARY:
        texts, flaws = _BINARY[field.type](cells)
    else:
        texts, flaws = _WRITTEN[field.type](cells, header.codec)
    return _with_nulls(texts, field, records, header), flaws


def _lake_type(field: Field) -> str | None:
    if field.type in "NF":
        return _number_type(field)
    if field.type == "B" and field.length != 8:
        return None
    return {
        "C": "text", "V": "text", "M": "text", "D": "date", "T": "timestamp_ntz", "L": "boolean",
        "I": "integer", "Y": "decimal(19,4)", "B": "double",
    }.get(field.type)  # fmt: skip


def _number_type(field: Field) -> str:
    if not field.decimals and field.length <= _INTEGER_DIGITS:
        return "integer"
    if field.length <= _LARGEST and field.decimals <= field.length:
        return f"decimal({field.length},{field.decimals})"
    return "text"


def _characters(cells: Any, codec: str) -> "Column":
    return from_cells(cells, codec, trim="right", padding=" \0")


def _number(cells: Any, codec: str) -> "Column":
    import pyarrow.compute as pc

    texts, flaws = from_cells(cells, codec, trim="both", padding=" \0")
    starred = places_of(pc.match_substring_regex(texts, r"^\*+$"))
    if starred:
        texts = without_places(texts, dict.fromkeys(starred, "overflow"))
        flaws.update(dict.fromkeys(starred, "overflow"))
    return texts, flaws


def _date(cells: Any, codec: str) -> "Column":
    import pyarrow.compute as pc

    texts, flaws = from_cells(cells, codec, trim="both", padding=" \0")
    texts = pc.replace_with_mask(texts, pc.equal(texts, "00000000"), _none())
    pattern = r"^([0-9]{4})([0-9]{2})([0-9]{2})$"
    return pc.replace_substring_regex(texts, pattern, r"\1-\2-\3"), flaws


def _logical(cells: Any, codec: str) -> "Column":
    import pyarrow as pa
    import pyarrow.compute as pc

    texts, flaws = from_cells(cells, codec, trim="both", padding=" \0?")
    for letters, word in (("TtYy", "true"), ("FfNn", "false")):
        said = pc.is_in(texts, pa.array(list(letters)))
        texts = pc.if_else(pc.fill_null(said, False), word, texts)
    odd = places_of(pc.invert(pc.is_in(texts, pa.array(["true", "false", None]))))
    flaws.update(dict.fromkeys(odd, "not_boolean"))
    return texts, flaws


def _integer(cells: Any) -> "Column":
    import pyarrow as pa

    return pa.array(_as(cells, "<i4")).cast(pa.string()), {}


def _currency(cells: Any) -> "Column":
    values = _as(cells, "<i8").tolist()
    signs = ["-" if value < 0 else "" for value in values]
    return from_strings(
        [
            f"{sign}{abs(value) // 10_000}.{abs(value) % 10_000:04d}"
            for sign, value in zip(signs, values, strict=True)
        ]
    )


def _double(cells: Any) -> "Column":
    return from_strings([repr(value) for value in _as(cells, "<f8").tolist()])


def _moment(cells: Any) -> "Column":
    import numpy as np
    import pyarrow as pa

    days, milliseconds = (_as(cells[:, at : at + 4], "<i4").astype(np.int64) for at in (0, 4))
    empty = ((days == 0) & (milliseconds == 0)) | (cells == 0x20).all(axis=1)
    fit = (days >= _FIRST_DAY) & (days <= _LAST_DAY)
    fit &= (milliseconds >= 0) & (milliseconds < _DAY_MS)
    moments = (days - _EPOCH) * _DAY_MS + milliseconds
    shown = np.datetime_as_string(np.where(fit, moments, 0).astype("datetime64[ms]"))
    texts = pa.array(np.char.replace(shown, "T", " ").tolist(), mask=~fit | empty)
    return texts, dict.fromkeys(np.flatnonzero(~fit & ~empty).tolist(), "not_timestamp")


def _varchar(field: Field, records: Any, header: Header) -> "Column":
    """The last byte of a varchar that is not full is its length."""
    import numpy as np

    cells = records[:, field.offset : field.offset + field.length].copy()
    short = _bit(field.full, records, header)
    lengths = np.where(short, cells[:, -1], field.length)
    cells[np.arange(field.length) >= lengths[:, None]] = 0x20
    return from_cells(cells, header.codec, trim="right")


def _with_nulls(texts: "pa.Array", field: Field, records: Any, header: Header) -> "pa.Array":
    import pyarrow as pa
    import pyarrow.compute as pc

    if field.null is None or header.flags is None:
        return texts
    return pc.replace_with_mask(texts, pa.array(_bit(field.null, records, header)), _none())


def _none() -> "pa.Scalar":
    import pyarrow as pa

    return pa.scalar(None, pa.string())


def _bit(bit: int | None, records: Any, header: Header) -> Any:
    import numpy as np

    if bit is None or header.flags is None:
        return np.zeros(len(records), dtype=bool)
    return (records[:, header.flags.offset + bit // 8] >> (bit % 8)) & 1 == 1


def _as(cells: Any, kind: str) -> Any:
    import numpy as np

    return np.ascontiguousarray(cells).view(kind).ravel()


_WRITTEN: "dict[str, Callable[[Any, str], Column]]" = {
    "C": _characters,
    "N": _number,
    "F": _number,
    "D": _date,
    "L": _logical,
}
_BINARY: "dict[str, Callable[[Any], Column]]" = {
    "I": _integer,
    "Y": _currency,
    "B": _double,
    "T": _moment,
}
