"""Types of Parquet as types of the lake, value by value, nothing rounded."""

import json
import math
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from haina.resources.collect.kinds.contracts import SourceColumn
from haina.resources.collect.kinds.rows.arrow_checks import flawed_text, without_places
from haina.resources.collect.kinds.rows.casting import cast_text, places_of
from haina.resources.collect.kinds.rows.lake_types import LakeType, fits_decimal, parse

if TYPE_CHECKING:
    import pyarrow as pa

    Column = tuple[pa.Array, dict[int, str]]

_FIRST_DAY, _LAST_DAY = -719_162, 2_932_896  # 0001-01-01 and 9999-12-31
_DAY = 86_400_000_000
_MICROSECONDS = {"s": 1_000_000, "ms": 1_000, "us": 1}
_PER_SECOND = {"s": 1, "ms": 1_000, "us": 1_000_000, "ns": 1_000_000_000}
TYPE_ROWS = [
    ("int8 至 int64、uint8 至 uint32", "integer", ""),
    ("uint64", "decimal(20,0)", ""),
    ("float16、float32、float64", "double", "按二进制值原样加宽"),
    ("decimal(p,s),p 至多 38", "decimal(p,s)", ""),
    ("decimal256、s 为负", "text", "数字原样写成文本"),
    ("boolean", "boolean", ""),
    ("string、large_string、字典、枚举", "text", "非 UTF-8 或含 NUL 的行隔离"),
    ("binary、fixed_size_binary", "binary", ""),
    ("uuid", "text", ""),
    ("date32、date64", "date", "0001 至 9999 年以外的行隔离"),
    ("timestamp(无时区)、int96", "timestamp_ntz", "微秒以下不为零的行隔离,不舍入;年份同上"),
    ("timestamp(带时区)", "timestamp", "同上;以 UTC 保存"),
    ("time32、time64", "text", "时:分:秒,小数位数同来源"),
    ("duration", "text", "秒数"),
    ("list、struct、map", "json", "JSON 文本;map 写成 [键,值] 的数组"),
    ("JSON", "json", "原文"),
    ("null", "text", "全为 NULL"),
]


def column_of(field: "pa.Field") -> SourceColumn:
    """The column that a field makes."""
    return SourceColumn(field.name, str(field.type), lake_type_of(field.type), field.nullable)


def lake_type_of(kind: "pa.DataType") -> str:
    """The lake type of an Arrow type."""
    from pyarrow import types

    if types.is_dictionary(kind):
        return lake_type_of(kind.value_type)
    if isinstance(kind, _extension()):
        named = {"arrow.json": "json", "arrow.uuid": "text"}
        return named.get(kind.extension_name) or lake_type_of(kind.storage_type)
    if types.is_uint64(kind):
        return "decimal(20,0)"
    if types.is_decimal(kind):
        fits = not types.is_decimal256(kind) and fits_decimal(kind.precision, kind.scale)
        return f"decimal({kind.precision},{kind.scale})" if fits else "text"
    if types.is_timestamp(kind):
        return "timestamp" if kind.tz else "timestamp_ntz"
    return _plain_type(kind)


def to_lake(values: "pa.Array", wanted: LakeType) -> "Column":
    """A column in the lake type that is wanted of it; places that do not fit."""
    native = parse(lake_type_of(values.type))
    found, flaws = _native(values, native)
    if native == wanted:
        return found, flaws
    cast = cast_text(_as_text(found), wanted)
    return cast.values, {**cast.bad, **flaws}


def exact_int96(microseconds: "pa.Array", nanoseconds: "pa.Array") -> "Column":
    """int96 as Arrow reads it twice: microseconds drop what is below them, nanoseconds turn over
    beyond the year 2262. Together they say what the file says."""
    import numpy as np

    micro = np.asarray(microseconds.cast("int64").fill_null(0))
    nano = np.asarray(nanoseconds.cast("int64").fill_null(0))
    with np.errstate(over="ignore"):
        below = nano - micro * np.int64(1000)
    bad = dict.fromkeys(np.flatnonzero(below != 0).tolist(), "out_of_range")
    return (without_places(microseconds, bad) if bad else microseconds), bad


def _plain_type(kind: "pa.DataType") -> str:
    from pyarrow import types

    tests = (
        (types.is_boolean, "boolean"),
        (types.is_integer, "integer"),
        (types.is_floating, "double"),
        (types.is_date, "date"),
        (types.is_nested, "json"),
        (_is_bytes, "binary"),
    )
    return next((lake for test, lake in tests if test(kind)), "text")


def _is_bytes(kind: "pa.DataType") -> bool:
    from pyarrow import types

    return bool(
        types.is_binary(kind)
        or types.is_large_binary(kind)
        or types.is_fixed_size_binary(kind)
        or kind == _binary_view()
    )


def _native(values: "pa.Array", lake: LakeType) -> "Column":
    """A column in its own lake type."""
    from pyarrow import types

    if types.is_dictionary(values.type):
        values = values.dictionary_decode()
    if isinstance(values.type, _extension()):
        if values.type.extension_name == "arrow.uuid":
            return _written(values.to_pylist())
        values = values.storage
    readers: tuple[tuple[Any, Callable[[Any], Column]], ...] = (
        (types.is_timestamp, lambda moments: _moments(moments, lake)),
        (types.is_date, _days),
        (types.is_nested, _nested),
        (types.is_duration, lambda spans: _written(_seconds(spans))),
    )
    for test, read in readers:
        if test(values.type):
            return read(values)
    if lake.family in ("text", "json"):
        return flawed_text(_as_text(values))
    return values.cast(lake.arrow), {}


def _nested(values: "pa.Array") -> "Column":
    """JSON of nested values; what Python cannot hold (nanoseconds) is out of range."""
    try:
        return _written([_json(one) for one in values.to_pylist()])
    except (ValueError, OverflowError):
        pass
    found: list[str | None] = []
    bad: dict[int, str] = {}
    for place, value in enumerate(values):
        try:
            found.append(_json(value.as_py()))
        except (ValueError, OverflowError):
            found.append(None)
            bad[place] = "out_of_range"
    texts, flaws = _written(found)
    return texts, {**bad, **flaws}


def _as_text(values: "pa.Array") -> "pa.Array":
    """Arrow's text of values; bytes that are no text are found afterwards."""
    import pyarrow as pa
    import pyarrow.compute as pc

    return pc.cast(values, options=pc.CastOptions(pa.string(), allow_invalid_utf8=True))


def _written(values: list[Any]) -> "Column":
    from haina.resources.collect.kinds.files.texts import from_strings

    return from_strings([None if one is None else str(one) for one in values])


def _days(values: "pa.Array") -> "Column":
    import pyarrow as pa
    import pyarrow.compute as pc

    days = values.cast(pa.date32(), safe=False).cast(pa.int32())
    odd = pc.or_(pc.less(days, _FIRST_DAY), pc.greater(days, _LAST_DAY))
    if pa.types.is_date64(values.type):
        rest = pc.subtract(values.cast(pa.int64()), pc.multiply(days.cast(pa.int64()), 86_400_000))
        odd = pc.or_(odd, pc.not_equal(rest, 0))
    bad = dict.fromkeys(places_of(odd), "out_of_range")
    found = days.cast(pa.date32())
    return (without_places(found, bad) if bad else found), bad


def _moments(values: "pa.Array", lake: LakeType) -> "Column":
    import numpy as np
    import pyarrow as pa

    raw = np.asarray(values.cast(pa.int64()).fill_null(0))
    if values.type.unit == "ns":
        micro, odd = raw // 1000, raw % 1000 != 0
    else:
        factor = _MICROSECONDS[values.type.unit]
        odd = np.abs(raw) > np.iinfo(np.int64).max // factor
        micro = np.where(odd, 0, raw) * factor
    odd |= (micro < _FIRST_DAY * _DAY) | (micro >= (_LAST_DAY + 1) * _DAY)
    bad = dict.fromkeys(np.flatnonzero(odd).tolist(), "out_of_range")
    missing = odd | np.asarray(values.is_null())
    return pa.array(micro, pa.int64(), mask=missing).cast(lake.arrow), bad


def _seconds(values: "pa.Array") -> list[str | None]:
    """Durations as exact numbers of seconds."""
    import pyarrow as pa

    per_second = _PER_SECOND[values.type.unit]
    places = len(str(per_second)) - 1
    found: list[str | None] = []
    for value in values.cast(pa.int64()).to_pylist():
        if value is None:
            found.append(None)
            continue
        whole, rest = divmod(abs(value), per_second)
        shown = f"{whole}.{rest:0{places}d}" if places else str(whole)
        found.append("-" + shown if value < 0 else shown)
    return found


def _json(value: Any) -> str | None:
    if value is None:
        return None
    try:
        return _dumped(value)
    except ValueError:  # NaN and Infinity have no place in JSON
        return _dumped(_finite(value))


def _dumped(value: Any) -> str:
    return json.dumps(
        value, ensure_ascii=False, separators=(",", ":"), default=_shown, allow_nan=False
    )


def _finite(value: Any) -> Any:
    if isinstance(value, float):
        return value if math.isfinite(value) else str(value)
    if isinstance(value, dict):
        return {key: _finite(one) for key, one in value.items()}
    return [_finite(one) for one in value] if isinstance(value, list | tuple) else value


def _shown(value: Any) -> str:
    return value.hex() if isinstance(value, bytes) else str(value)


def _extension() -> Any:
    import pyarrow as pa

    return pa.BaseExtensionType


def _binary_view() -> Any:
    import pyarrow as pa

    return pa.binary_view()
