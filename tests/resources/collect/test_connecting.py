"""What values are by their own form, what is proposed of it, and how rows stand to elements."""

from typing import Any

import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from haina.resources.collect.connecting.judging import judged, standards_of
from haina.resources.collect.connecting.naming import aliases_of, called
from haina.resources.collect.connecting.proposing import (
    element_like,
    element_of,
    guard_of,
    guarded,
    propose_columns,
)
from haina.resources.collect.guessing import Guess, fits_of, guess_of
from haina.resources.collect.shapes import (
    Look,
    Shape,
    is_bank_card,
    is_id_number,
    is_mobile,
    is_uscc,
    look_at,
)
from haina.resources.specs import TableSpec
from haina.security.access import Mask
from haina.standards.elements import CodeSetSpec, ElementSpec, Format, ItemType, Standards
from tests.support.packs import id_number

ID = ElementSpec(
    name="id_number", title="公民身份号码", format=Format.ID_NUMBER, grade=3, mask=Mask.ID_NUMBER
)
SEX = ElementSpec(name="sex", title="性别", code_set="sex")
PHONE = ElementSpec(name="phone", title="联系电话", format=Format.PHONE, grade=3, mask=Mask.PHONE)
OFFICE = ElementSpec(name="office_phone", title="办公电话", format=Format.PHONE)
DAY = ElementSpec(name="birth", title="出生日期", type=ItemType.DATE)
CODES = CodeSetSpec(name="sex", title="性别代码", codes={"1": "男", "2": "女"})
KNOWN = Standards({one.name: one for one in (ID, SEX, PHONE, OFFICE, DAY)}, {"sex": CODES})
NOTHING = Standards({}, {})


def with_luhn(body: str) -> str:
    """By the words of the rule, not by the code under test."""
    total = 0
    for place, digit in enumerate(reversed(body)):
        value = int(digit) * (2 if place % 2 == 0 else 1)
        total += value // 10 + value % 10
    return body + str(-total % 10)


def wide(text: str) -> str:
    return "".join(chr(ord(sign) + 0xFEE0) for sign in text)


@given(st.integers(0, 5000))
def test_a_right_id_number_is_known_and_a_wrong_digit_is_not(place: int) -> None:
    right = id_number(place)
    assert is_id_number(right)
    for at in (0, 9, 16):
        changed = str((int(right[at]) + 1) % 10)
        assert not is_id_number(right[:at] + changed + right[at + 1 :])


@given(st.lists(st.text("0123456789", min_size=18, max_size=18), min_size=8, max_size=30))
@settings(max_examples=60)
def test_random_digits_are_no_column_of_id_numbers(texts: list[str]) -> None:
    assert look_at(dict.fromkeys(texts)).shape is not Shape.ID_NUMBER


@given(st.from_regex(r"[1-9][0-9]{14,17}", fullmatch=True))
def test_luhn_knows_a_card_and_each_wrong_digit_of_it(body: str) -> None:
    card = with_luhn(body)
    assert is_bank_card(card)
    assert not is_bank_card(card[:-1] + str((int(card[-1]) + 1) % 10))


def test_codes_of_units_that_are_public_and_real_forms() -> None:
    """91350100M000100Y43 is the example of GB 32100-2015 itself."""
    assert is_uscc("91350100M000100Y43")
    assert not is_uscc("91350100M000100Y44")
    assert not is_uscc("91350100I000100Y43")


@given(st.from_regex(r"1[3-9][0-9]{9}", fullmatch=True))
def test_mobiles(text: str) -> None:
    assert is_mobile(text)
    assert not is_mobile("12" + text[2:])
    assert not is_mobile(text + "0")


@pytest.mark.parametrize(
    ("values", "shape"),
    [
        ([id_number(n) for n in range(9)], Shape.ID_NUMBER),
        ([wide(id_number(n)) for n in range(9)], Shape.ID_NUMBER),
        ([*(id_number(n) for n in range(7)), "无", "不详", "1", None, ""], Shape.ID_NUMBER),
        ([*(id_number(n) for n in range(3)), *("甲" for _ in range(7))], None),
        (["13800000000", "+8613900000001", "18611112222"], Shape.MOBILE),
        ([13800000000, 13900000001], Shape.MOBILE),
        ([with_luhn(f"62284801234567{n:04d}") for n in range(5)], Shape.BANK_CARD),
        ([str(10**15 + n) for n in range(40)], None),
        (["", None, "  "], None),
        ([], None),
    ],
)  # fmt: skip
def test_most_of_the_values_say_what_a_column_is(values: list[Any], shape: Shape | None) -> None:
    assert look_at(values).shape is shape


def column(name: str, comment: str | None = None) -> dict[str, Any]:
    return {"name": name, "source_type": "text", "lake_type": "string", "nullable": True,
            "comment": comment}  # fmt: skip


def said(look: Look) -> dict[str, Any]:
    return dict(vars(look))


def test_a_column_is_bound_by_its_values_where_its_name_says_nothing() -> None:
    looks = {"zjhm": said(Look(40, Shape.ID_NUMBER, 39))}
    (bound,) = propose_columns([column("zjhm")], looks, KNOWN)
    assert (bound.element, bound.title, bound.kept) == ("id_number", "公民身份号码", False)
    (alone,) = propose_columns([column("zjhm")], looks, NOTHING)
    assert alone.element is None, "no element is invented"
    assert (alone.guard.grade, alone.guard.mask, alone.guard.open) == (3, Mask.ID_NUMBER, False)


def test_a_laxer_element_does_not_lift_what_the_values_want() -> None:
    looks = {"性别": said(Look(40, Shape.ID_NUMBER, 40))}
    (found,) = propose_columns([column("性别")], looks, KNOWN)
    assert (found.element, found.kept, found.guard.grade) == ("sex", True, 3)


@pytest.mark.parametrize(
    ("name", "look", "grade", "mask", "is_open"),
    [
        ("备注", Look(40), 2, Mask.NONE, True),
        ("备注", Look(2), 3, Mask.NONE, True),
        ("备注", None, 3, Mask.NONE, True),
        ("户主姓名", Look(40), 3, Mask.NAME, False),
        ("家庭住址", None, 3, Mask.ADDRESS, False),
        ("人员_住址", Look(40), 3, Mask.ADDRESS, False),
        ("发放账号", Look(40), 3, Mask.TAIL, False),
        ("x", Look(9, Shape.BANK_CARD, 9), 3, Mask.TAIL, False),
        ("x", Look(9, Shape.MOBILE, 9), 3, Mask.PHONE, False),
        ("x", Look(9, Shape.USCC, 9), 2, Mask.NONE, True),
    ],
)
def test_nothing_unbound_is_public(
    name: str, look: Look | None, grade: int, mask: Mask, is_open: bool
) -> None:
    guard = guard_of(name, None, look)
    assert (guard.grade, guard.mask, guard.open) == (grade, mask, is_open)


def test_who_says_nothing_of_a_column_gets_its_guard_and_who_says_is_heard() -> None:
    found = [{**column("a"), "look": said(Look(9, Shape.MOBILE, 9))}, {**column("b"), "look": None}]
    made = guarded(
        {"a": {"item": "a", "title": "甲"}, "b": {"item": "b", "title": "乙"},
         "c": {"item": "c", "title": "丙", "grade": 1}, "d": {"element": "sex"}, "e": "no column"},
        found,
    )  # fmt: skip
    assert (made["a"]["grade"], made["a"]["mask"]) == (3, "phone")
    assert (made["b"]["grade"], "mask" in made["b"]) == (3, False)
    assert (made["c"]["grade"], made["d"], made["e"]) == (1, {"element": "sex"}, "no column")


def test_the_more_exact_and_the_more_careful_element_is_meant() -> None:
    assert element_of("联系电话", None, KNOWN) is PHONE
    assert element_of("电话", None, KNOWN) is PHONE
    assert element_like(Shape.MOBILE, KNOWN) is PHONE
    assert element_like(Shape.BANK_CARD, KNOWN) is None


def test_an_element_answers_to_what_people_call_it() -> None:
    assert "身份证" in aliases_of(ID)
    assert "公民身份号码" not in aliases_of(ID)
    assert {"身份证号", "gmsfhm", "公民身份号码"} <= called(ID)


def test_rows_are_judged_as_they_will_be_in_std() -> None:
    rows = pa.table({
        "sfz": [id_number(1), id_number(2)[:-1] + "?", "12", None],
        "xb": ["1", "男", "2", "3"],
        "rq": ["2020-01-31", "2020-02-30", "", "2020/3/1"],
    })  # fmt: skip
    bound = standards_of({"sfz": "id_number", "xb": "sex", "rq": "birth", "gone": "sex"}, KNOWN)
    found = {one["column"]: one for one in judged(rows, bound)}
    assert {name: (one["failed"], one["rows"]) for name, one in found.items()} == {
        "sfz": (2, 4), "xb": (2, 4), "rq": (1, 4),
    }  # fmt: skip
    assert found["sfz"]["reasons"] == {"长度不对": 1, "格式不对": 1}
    assert found["xb"]["examples"] == ["男", "3"]
    assert judged(rows, []) == []
    assert judged(rows.slice(0, 0), bound) == []


TABLE = TableSpec.model_validate({
    "name": "t", "from": "t", "title": "表", "key": ["身份证号"],
    "columns": {
        "身份证号": {"item": "sfzh", "title": "身份证号", "element": "id_number"},
        "住址": {"item": "dz", "title": "住址"},
        "生日": {"item": "sr", "title": "生日", "element": "birth"},
    },
})  # fmt: skip


def guess(raw: str, reason: str = "field_count", delimiter: str | None = None) -> Guess:
    found = guess_of(raw, reason, list(TABLE.columns), delimiter, fits_of(TABLE, KNOWN))
    assert found is not None
    return found


@pytest.mark.parametrize(
    ("raw", "address", "day"),
    [
        (f"{id_number(1)},一号楼,二单元,2020-01-02", "一号楼,二单元", "2020-01-02"),
        (f"{id_number(1)},一号楼,2020-01-02,,", "一号楼", "2020-01-02"),
        (f"{id_number(1)},2020-01-02", None, "2020-01-02"),
        (f"{id_number(1)},一号楼", "一号楼", None),
        (f"{id_number(1)}\t一,号\t2020-01-02", "一,号", "2020-01-02"),
    ],
)
def test_a_row_of_too_many_or_too_few_fields_is_laid_where_it_fits(
    raw: str, address: str | None, day: str | None
) -> None:
    found = guess(raw)
    assert found.values == {"身份证号": id_number(1), "住址": address, "生日": day}
    assert found.expected == 3


def test_masks_say_what_a_column_holds_where_no_element_does() -> None:
    """Rows as agencies write them: the address has a comma in it; the name is left out."""
    held = {"号": "id_number", "姓名": "name", "手机": "phone", "卡": "tail", "住址": "address"}
    columns = {
        name: {"item": f"i{at}", "title": name, "grade": 3, "mask": mask}
        for at, (name, mask) in enumerate(held.items())
    } | {"人数": {"item": "n", "title": "人数"}}
    spec = {"name": "t", "from": "t", "title": "表", "key": ["号"], "columns": columns}
    fits = fits_of(TableSpec.model_validate(spec), NOTHING)

    def cells(raw: str) -> list[str | None]:
        found = guess_of(raw, "field_count", list(columns), ",", fits)
        assert found is not None
        return list(found.values.values())

    start = [id_number(1), "李四", "13900000001", "6228480123456780001"]
    assert cells(",".join([*start, "一号", "二单元", "7"])) == [*start, "一号,二单元", "7"]
    without = [start[0], *start[2:], "东港镇", "8"]
    assert cells(",".join(without)) == [start[0], None, *start[2:], "东港镇", "8"]


def test_a_guess_says_what_was_guessed() -> None:
    found = guess(f"{id_number(1)},一号楼,二单元,2020-01-02")
    assert found.note == "有 4 个字段,表头是 3 个;把多出的并进“住址”是猜的,请核对。"
    few = guess(f"{id_number(1)},2020-01-02")
    assert few.note == "有 2 个字段,表头是 3 个;住址 留空是猜的,请核对。"


def test_what_cannot_be_guessed_is_left_to_the_person() -> None:
    columns = list(TABLE.columns)
    assert guess_of("没有分隔符", "field_count", columns, None, fits_of(TABLE, KNOWN)) is None
    assert guess_of("", "field_count", columns, ",", fits_of(TABLE, KNOWN)) is None
    far = guess(",".join("x" * 60))
    assert (far.fields, far.values) == (60, {})
    torn = guess(f"{id_number(1)},\\xC3\\x28,2020-01-02", "encoding")
    assert torn.values["住址"] is None, "marks of bytes are not their content"
    quoted = guess(f'{id_number(1)},"一号,2020-01-02', "unclosed_quote")
    assert quoted.values["住址"] == "一号"


@given(st.text(max_size=80), st.sampled_from(["field_count", "nul", "bad_quote", "encoding"]))
def test_whatever_came_a_guess_is_of_the_columns_or_none(raw: str, reason: str) -> None:
    found = guess_of(raw, reason, list(TABLE.columns), None, fits_of(TABLE, KNOWN))
    assert found is None or set(found.values) in (set(), set(TABLE.columns))
