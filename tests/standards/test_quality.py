"""Rules as expressions of the engine, against definitions written out by hand."""

import re
from datetime import date, datetime

import duckdb
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from haina.standards.elements import CodeSetSpec, ElementSpec, Format, ItemType
from haina.standards.quality import Binding, helped_stages, rules_of, typed_stages

_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
_SIGNS = "0123456789ABCDEFGHJKLMNPQRTUWXY"

ENGINE = duckdb.connect()  # of no tables: one for all examples
ENGINE.execute("SET TimeZone = 'Asia/Shanghai'")  # as in the sandbox

SEX = CodeSetSpec(name="sex", title="性别", codes={"1": "男", "2": "女"}, aliases={"男": "1"})


def judge(binding: Binding, raw: list[str | None]) -> list[tuple[object, set[str]]]:
    """The value and the failed rules of each raw text, as the recipe computes them."""
    rules = [rule for rule in rules_of([binding], []) if rule.item]
    flags = ", ".join(f"coalesce({rule.failing}, false)" for rule in rules)
    stages = (*typed_stages([binding], "raw"), *helped_stages([binding]))
    sql = (
        f'WITH raw AS (SELECT unnest(?::VARCHAR[]) AS "x"), {", ".join(stages)} '
        f"SELECT {binding.value}, [{flags}] FROM helped"
    )
    found = ENGINE.execute(sql, [raw]).fetchall()
    return [
        (value, {rule.kind for rule, failed in zip(rules, failures, strict=True) if failed})
        for value, failures in found
    ]


def bound(element: ElementSpec, code_set: CodeSetSpec | None = None, **more: object) -> Binding:
    return Binding("x", "x", "值", element, code_set, **more)  # type: ignore[arg-type]


ID = bound(ElementSpec(name="id", title="身份证号", format=Format.ID_NUMBER))
USCC = bound(ElementSpec(name="uscc", title="信用代码", format=Format.USCC))


def id_character(body: str) -> str:
    total = sum(int(digit) * weight for digit, weight in zip(body, _WEIGHTS, strict=True))
    return "10X98765432"[total % 11]


def uscc_character(body: str) -> str:
    total = sum(_SIGNS.index(sign) * pow(3, place, 31) for place, sign in enumerate(body))
    return _SIGNS[(31 - total % 31) % 31]


bodies = st.builds(
    lambda place, day, order: f"{place}{day:%Y%m%d}{order:03d}",
    st.integers(110000, 659999),
    st.dates(date(1900, 1, 1), date(2024, 12, 31)),
    st.integers(0, 999),
)


@settings(max_examples=40, deadline=None)
@given(st.lists(bodies, min_size=1, max_size=40))
def test_right_check_digits_pass_and_each_other_fails(found: list[str]) -> None:
    right = [body + id_character(body) for body in found]
    wrong = [body + next(c for c in "0123456789X" if c != id_character(body)) for body in found]
    assert judge(ID, [*right]) == [(text, set()) for text in right]
    assert [kinds for _, kinds in judge(ID, [*wrong])] == [{"check_digit"}] * len(wrong)


@settings(max_examples=30, deadline=None)
@given(st.lists(st.text(_SIGNS, min_size=17, max_size=17), min_size=1, max_size=40))
def test_credit_codes(found: list[str]) -> None:
    right = [body + uscc_character(body) for body in found]
    assert [kinds for _, kinds in judge(USCC, [*right])] == [set()] * len(right)
    wrong = [body + next(c for c in _SIGNS if c != uscc_character(body)) for body in found]
    assert [kinds for _, kinds in judge(USCC, [*wrong])] == [{"check_digit"}] * len(wrong)


def test_an_old_number_gets_its_century_and_check_digit() -> None:
    ((value, kinds),) = judge(ID, ["110105491231002"])
    assert (value, kinds) == ("11010519491231002X", set())


@pytest.mark.parametrize(
    ("text", "kinds"),
    [
        ("11010519491231002x", set()),  # lower-case x is right
        (" 11010519491231002X ", set()),
        ("１１０１０５19491231002X", {"fullwidth"}),
        ("11010519491231002", {"length"}),
        ("11010519490231002X", {"format"}),  # 31 February is no birth date
        ("1101051949123100AX", {"format"}),
        ("12022219740730101" + id_character("12022219740730101"), set()),  # a county of the past
        ("11010520000229001" + id_character("11010520000229001"), set()),
        (None, set()),
        ("", set()),
        ("　", set()),
    ],
)
def test_forms_of_id_numbers(text: str | None, kinds: set[str]) -> None:
    assert judge(ID, [text])[0][1] == kinds


def test_codes_and_aliases() -> None:
    sex = bound(ElementSpec(name="sex", title="性别", code_set="sex"), SEX, codes={"F": "2"})
    assert judge(sex, ["1", "男", "F", "女士", "１", None]) == [
        ("1", set()),
        ("1", set()),
        ("2", set()),
        (None, {"code"}),
        ("1", {"fullwidth"}),
        (None, set()),
    ]


def test_dates_in_every_habit() -> None:
    birth = bound(ElementSpec(name="d", title="日期", type=ItemType.DATE))
    day = date(2020, 1, 31)
    habits = ["2020-01-31", "20200131", "2020/1/31", "2020年1月31日", "2020.01.31"]
    assert judge(birth, [*habits]) == [(day, set())] * len(habits)
    assert [kinds for _, kinds in judge(birth, ["2023-02-30", "2021-13-05", "无"])] == [
        {"impossible_date"}
    ] * 3
    assert judge(birth, ["2999-01-01"])[0][1] == {"future_date"}
    assert judge(birth, ["2024-02-29"])[0][1] == set()


@settings(max_examples=60, deadline=None)
@given(st.lists(st.one_of(st.none(), st.text(max_size=30)), min_size=1, max_size=20))
def test_no_text_breaks_the_engine(found: list[str | None]) -> None:
    usable = [None if text is None else re.sub("[\x00\ud800-\udfff]", "", text) for text in found]
    for binding in (ID, USCC, bound(ElementSpec(name="n", title="数", type=ItemType.DECIMAL))):
        assert len(judge(binding, usable)) == len(usable)


def test_moments_as_databases_tell_them() -> None:
    moment = bound(ElementSpec(name="at", title="时间", type=ItemType.TIMESTAMP))
    told = {
        "2026-01-02 03:04:05": datetime(2026, 1, 2, 3, 4, 5),
        "2026-01-02 03:04:05.250": datetime(2026, 1, 2, 3, 4, 5, 250_000),
        "2026-01-02T03:04:05.25": datetime(2026, 1, 2, 3, 4, 5, 250_000),
        "2026-01-02 03:04:05+08": datetime(2026, 1, 2, 3, 4, 5),
        "2026-01-01 19:04:05.5+00:00": datetime(2026, 1, 2, 3, 4, 5, 500_000),
        "2026-01-01T19:04:05+0000": datetime(2026, 1, 2, 3, 4, 5),
        "2026年1月2日": datetime(2026, 1, 2),
    }
    assert judge(moment, [*told]) == [(value, set()) for value in told.values()]
    [(value, failed)] = judge(moment, ["2026-02-30 03:04:05+08"])
    assert value is None
    assert failed


_BLANK = " \t\r\n\u3000\u00a0"
_FORMATS = ["%Y-%m-%d", "%Y%m%d", "%Y/%m/%d", "%Y年%m月%d日", "%Y.%m.%d",
            "%Y-%m-%d %H:%M:%S", "%Y-%m-%d %H:%M:%S.%f"]  # fmt: skip


@given(st.lists(st.text(alphabet=f"{_BLANK}\x00!\x01a中Ａ\u2003".replace("\x00", "")), max_size=30))
def test_blanks_at_the_ends_and_nothing_else_are_taken_off(texts: list[str]) -> None:
    """However it is seen that there is nothing to take off."""
    found = [value for value, _ in judge(Binding("x", "x", "甲"), list(texts))]
    assert found == [text.strip(_BLANK) or None for text in texts]


@given(st.lists(st.text(alphabet="0129-/.年月日 :+_", max_size=12), min_size=1, max_size=40))
def test_dates_told_by_their_form_are_those_of_the_formats_in_order(texts: list[str]) -> None:
    binding = Binding("x", "x", "日", ElementSpec(name="d", title="日", type=ItemType.DATE))
    found = [value for value, _ in judge(binding, list(texts))]
    plain = [text.strip(_BLANK) or None for text in texts]
    sql = (
        f"SELECT CAST(try_strptime(x, {_FORMATS}) AS DATE) FROM (SELECT unnest(?::VARCHAR[]) AS x)"
    )
    assert found == [row[0] for row in ENGINE.execute(sql, [plain]).fetchall()]
