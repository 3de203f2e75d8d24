"""The rules of a table, made from its bindings; each an SQL condition that is true where a row is
wrong. They stand over the relation `helped` of the stages (see bindings for its columns), and over
`_duplicate`.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from haina.kernel.sql import literal
from haina.standards.elements import Format, ItemType
from haina.standards.quality import values
from haina.standards.quality.bindings import Binding

DIMENSIONS = ("规范性", "完整性", "准确性", "一致性", "时效性", "可访问性")
"""The six of GB/T 36344-2018."""

_LENGTHS: dict[Format, tuple[int, ...]] = {
    Format.ID_NUMBER: (15, 18),
    Format.USCC: (18,),
    Format.MOBILE: (11,),
    Format.PLACE_CODE: (2, 4, 6, 9, 12),
    Format.PLATE: (7, 8),
}
CHECKED = (Format.ID_NUMBER, Format.USCC)
"""Formats whose last character checks the others."""
_DAY = "(?:0[1-9]|[12][0-9]|3[01])"
_PATTERNS: dict[Format, str] = {
    Format.ID_NUMBER: rf"[1-9]\d{{5}}(?:(?:18|19|20)\d\d(?:0[1-9]|1[0-2]){_DAY}\d{{3}}[\dX]"
    rf"|\d\d(?:0[1-9]|1[0-2]){_DAY}\d{{3}})",
    Format.USCC: r"[0-9A-HJ-NPQRTUWXY]{18}",
    Format.MOBILE: r"1[3-9]\d{9}",
    Format.PHONE: r"(\+?86[- ]?)?1[3-9]\d{9}|(0\d{2,3}[- ]?)?[2-9]\d{6,7}(-\d{1,6})?",
    Format.PLACE_CODE: r"[1-9]\d+",
    Format.PLATE: r"[\x{4e00}-\x{9fff}][A-HJ-NP-Z]([A-HJ-NP-Z0-9]{4}[A-HJ-NP-Z0-9挂学警港澳]"
    r"|[A-HJK][A-HJ-NP-Z0-9]\d{4}|\d{5}[A-HJK])",
}


@dataclass(frozen=True)
class Rule:
    """`name` is `item.class`; `failing` is SQL, true where a row is wrong; `voids` says that the
    value cannot be kept in `std`; `strong`: a version with failures is refused."""

    name: str
    title: str
    dimension: str
    item: str | None
    failing: str
    voids: bool = False
    strong: bool = False

    @property
    def kind(self) -> str:
        return self.name.rsplit(".", 1)[-1]


def rules_of(bindings: Sequence[Binding], key_items: Sequence[str]) -> list[Rule]:
    """All rules that follow from the bindings of a table."""
    by_item = {binding.item: binding for binding in bindings}
    rules = [rule for binding in bindings for rule in _of_item(binding, by_item)]
    label = "、".join(by_item[item].title for item in key_items)
    rules.append(Rule("key.duplicate", f"{label}重复", "准确性", None, "_duplicate"))
    return rules


def _of_item(binding: Binding, by_item: dict[str, Binding]) -> Iterator[Rule]:
    if binding.required:
        yield _rule(binding, "missing", "不得为空", "完整性", f"{binding.clean} IS NULL")
    if binding.element is not None:
        yield from _of_element(binding)
    if binding.same_as is not None:
        yield from _of_identity(binding, by_item[binding.same_as])
    if binding.refers is not None:
        yield _orphan(binding)


def _of_element(binding: Binding) -> Iterator[Rule]:
    if binding.ascii:
        yield _rule(binding, "fullwidth", "含全角字符", "规范性", binding.wide)
    yield from _of_form(binding)
    if binding.code_set is not None:
        yield _rule(
            binding,
            "code",
            f"不在代码集「{binding.code_set.title}」中",
            "规范性",
            f"{_of_right_length(binding)} AND {binding.value} IS NULL",
            voids=True,
        )
    elif binding.type in (ItemType.DATE, ItemType.TIMESTAMP):
        yield from _of_date(binding)
    elif binding.type is not ItemType.TEXT:
        yield from _of_number(binding)


def _of_form(binding: Binding) -> Iterator[Rule]:
    """Length, then form, then check digit: each only where the one before holds."""
    text = binding.clean
    length = _length_fails(binding)
    if length is not None:
        yield _rule(
            binding, "length", "长度不对", "规范性", f"coalesce({length}, false)", voids=True
        )
    pattern = _pattern(binding)
    if pattern is not None:
        fits = f"regexp_full_match({text}, {literal(pattern)})"
        fails = f"NOT {binding.formed if binding.format in CHECKED else fits}"
        yield _rule(
            binding,
            "format",
            "格式不对",
            "规范性",
            f"{_of_right_length(binding)} AND {fails}",
            voids=True,
        )
    if binding.format in CHECKED:
        yield _rule(
            binding,
            "check_digit",
            "校验码不对",
            "准确性",
            f"{binding.formed} AND NOT {binding.verified}",
            voids=True,
        )


def check_fails(binding: Binding) -> str:
    """SQL: the last character is not the one that the others ask for."""
    text = binding.clean
    if binding.format is Format.USCC:
        return values.uscc_check_fails(text)
    expected = values.id_check_character(binding.digits)
    return f"length({text}) = 18 AND substr({text}, 18, 1) <> {expected}"


def well_formed(binding: Binding) -> str:
    """SQL: the text has the length and form of its format; the birth date in an id exists."""
    assert binding.format is not None
    fits = f"regexp_full_match({binding.clean}, {literal(_PATTERNS[binding.format])})"
    form = f"{_of_right_length(binding)} AND {fits}"
    if binding.format is Format.ID_NUMBER:
        form += f" AND {binding.birth} <= current_date"
    return form


def _length_fails(binding: Binding) -> str | None:
    element, text = binding.element, binding.clean
    assert element is not None
    allowed = element.lengths or (_LENGTHS.get(element.format) if element.format else None)
    tests = []
    if allowed:
        tests.append(f"length({text}) NOT IN ({', '.join(map(str, allowed))})")
    if element.max_length:
        tests.append(f"length({text}) > {element.max_length}")
    return " OR ".join(tests) or None


def _of_right_length(binding: Binding) -> str:
    fails = _length_fails(binding)
    present = f"{binding.clean} IS NOT NULL"
    return present if fails is None else f"{present} AND NOT ({fails})"


def _pattern(binding: Binding) -> str | None:
    element = binding.element
    assert element is not None
    return element.pattern or (_PATTERNS.get(element.format) if element.format else None)


def _of_date(binding: Binding) -> Iterator[Rule]:
    assert binding.element is not None
    yield _rule(
        binding,
        "impossible_date",
        "日期不存在或写法不对",
        "规范性",
        f"{binding.clean} IS NOT NULL AND {binding.value} IS NULL",
        voids=True,
    )
    if not binding.element.future:
        yield _rule(
            binding,
            "future_date",
            "日期在将来",
            "准确性",
            f"coalesce(CAST({binding.value} AS DATE) > current_date, false)",
            voids=True,
        )


def _of_number(binding: Binding) -> Iterator[Rule]:
    element = binding.element
    assert element is not None
    yield _rule(
        binding,
        "number",
        "不是数",
        "规范性",
        f"{binding.clean} IS NOT NULL AND {binding.value} IS NULL",
        voids=True,
    )
    tests = []
    if element.minimum is not None:
        tests.append(f"{binding.value} < {element.minimum!r}")
    if element.maximum is not None:
        tests.append(f"{binding.value} > {element.maximum!r}")
    if tests:
        yield _rule(
            binding,
            "range",
            "超出值域",
            "准确性",
            f"coalesce({' OR '.join(tests)}, false)",
            voids=True,
        )


def _of_identity(binding: Binding, identity: Binding) -> Iterator[Rule]:
    """Birth date or sex against the id number of the row, where that number is right."""
    right = identity.verified
    if binding.type is ItemType.DATE:
        yield _rule(
            binding,
            "birth_mismatch",
            "与身份证号中的出生日期不一致",
            "一致性",
            f"{right} AND coalesce({binding.value} <= current_date AND "
            f"{binding.value} <> {identity.birth}, false)",
        )
    else:
        yield _rule(
            binding,
            "sex_mismatch",
            "与身份证号中的性别不一致",
            "一致性",
            f"{right} AND coalesce({binding.value} IN ('1','2') AND "
            f"{binding.value} <> {values.id_sex(identity.clean)}, false)",
        )


def _orphan(binding: Binding) -> Rule:
    assert binding.refers is not None
    known = f"{binding.value} IN (SELECT known FROM known_{binding.item})"
    form = _of_right_length(binding) if binding.element else f"{binding.clean} IS NOT NULL"
    return _rule(
        binding,
        "orphan",
        f"在 {binding.refers[0]} 中找不到",
        "一致性",
        f"{form} AND {binding.value} IS NOT NULL AND NOT ({known})",
    )


def _rule(
    binding: Binding, kind: str, what: str, dimension: str, failing: str, *, voids: bool = False
) -> Rule:
    return Rule(
        f"{binding.item}.{kind}", f"{binding.title}{what}", dimension, binding.item, failing, voids
    )
