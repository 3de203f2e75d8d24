"""Complaints of pydantic in Chinese: what is wrong with a value, in words for people."""

from collections.abc import Mapping
from difflib import get_close_matches
from typing import Any

_WORDS = {
    "missing": "不能缺少",
    "extra_forbidden": "不认识的字段",
    "string_too_short": "太短",
    "string_too_long": "太长",
    "too_short": "项数太少",
    "too_long": "项数太多",
    "string_pattern_mismatch": "格式不对",
    "string_type": "应为文本",
    "int_type": "应为整数",
    "int_parsing": "应为整数",
    "int_from_float": "应为整数",
    "float_type": "应为数",
    "float_parsing": "应为数",
    "bool_type": "应为 true 或 false",
    "bool_parsing": "应为 true 或 false",
    "dict_type": "应为「名: 值」",
    "model_type": "应为「名: 值」",
    "model_attributes_type": "应为「名: 值」",
    "list_type": "应为列表",
    "tuple_type": "应为列表",
    "greater_than": "太小",
    "greater_than_equal": "太小",
    "less_than": "太大",
    "less_than_equal": "太大",
    "json_invalid": "不是合法的 JSON",
    "datetime_from_date_parsing": "应为日期时间",
    "datetime_parsing": "应为日期时间",
    "date_from_datetime_parsing": "应为日期",
    "enum": "不在可选值中",
}


def words_of(error: Mapping[str, Any]) -> str:
    """One error of `ValidationError.errors()`, without its place."""
    if error["type"] == "literal_error":
        return "应为 " + str(error["ctx"]["expected"]).replace(" or ", "、").replace(", ", "、")
    said = str(error["msg"])
    return _WORDS.get(error["type"], said.removeprefix("Value error, "))


def close_to(word: str, known: "Any") -> str:
    """`(是不是 X?)` when a known word is like this one, else nothing."""
    found = get_close_matches(word, list(known), n=1, cutoff=0.6)
    return f"(是不是 {found[0]}?)" if found else ""
