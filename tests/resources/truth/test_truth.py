"""The rules find every planted error and nothing else, on counties that the code never saw."""

from __future__ import annotations

from collections import defaultdict

import pytest

from haina.resources.libraries.conform import _plain_columns
from haina.resources.libraries.recipe import conform_recipe
from haina.standards.elements import load_standards
from simulation.damage import registers_once
from simulation.tables.all import TABLES
from tests.resources.truth.conftest import Fact, Findings, Flag, key_in

pytestmark = pytest.mark.slow

DETERMINISTIC = (
    "check_digit", "code", "birth_mismatch", "sex_mismatch", "orphan", "future_date",
    "impossible_date", "missing", "duplicate", "fullwidth", "length",
)  # fmt: skip


def expected_flag(findings: Findings, fact: Fact) -> Flag:
    """The rule that must flag an error of the truth."""
    table, kind = findings.table(fact), fact["class"]
    if kind == "duplicate":
        return table.name, fact["key"], "key.duplicate"
    column = findings.column(fact)
    # A phone number is of no fixed length (022-29345678 beside 13820000000): its form is wrong.
    if kind == "length" and column.element in ("phone", "office_phone"):
        kind = "format"
    return table.name, fact["key"], f"{column.item}.{kind}"


def measure(expected: set[Flag], found: set[Flag]) -> tuple[float, float]:
    """Recall and precision."""
    both = len(expected & found)
    return both / max(len(expected), 1), both / max(len(found), 1)


def table_of(rows: list[tuple[str, int, float, float]]) -> str:
    lines = [f"{'class':<18}{'n':>6}{'recall':>9}{'precision':>11}"]
    lines += [
        f"{name:<18}{n:>6}{recall:>9.3f}{precision:>11.3f}" for name, n, recall, precision in rows
    ]
    return "\n".join(lines)


def test_each_class_of_error_is_found_exactly(
    findings: Findings, capsys: pytest.CaptureFixture[str]
) -> None:
    expected: dict[str, set[Flag]] = defaultdict(set)
    for fact in findings.of_kind("error"):
        expected[fact["class"]].add(expected_flag(findings, fact))
    found: dict[str, set[Flag]] = defaultdict(set)
    for flag in findings.flags:
        found[flag[2].rsplit(".", 1)[-1]].add(flag)
    found["length"] |= found.pop("format", set())
    rows = [
        (name, len(expected[name]), *measure(expected[name], found[name])) for name in DETERMINISTIC
    ]
    with capsys.disabled():
        print(f"\n{table_of(rows)}\n{findings.seconds:.0f} s")
    wrong = {
        name: {
            "not found": sorted(expected[name] - found[name])[:9],
            "not true": sorted(found[name] - expected[name])[:9],
        }
        for name in DETERMINISTIC
        if expected[name] != found[name]
    }
    assert not wrong
    assert all(expected[name] for name in DETERMINISTIC)


def test_no_other_rule_flags_a_clean_row(findings: Findings) -> None:
    """Numbers, ranges, and rules by hand: what they flag must at least be dirty."""
    dirty = {(findings.table(f).name, f["key"]) for f in findings.of_kind("error")}
    others = {
        flag for flag in findings.flags
        if flag[2].rsplit(".", 1)[-1] not in (*DETERMINISTIC, "format")
    }  # fmt: skip
    assert not {flag for flag in others if flag[:2] not in dirty}
    assert not {flag for flag in others if flag[2].endswith((".number", ".range"))}


def test_near_misses_are_left_alone(findings: Findings) -> None:
    near = findings.of_kind("near_miss")
    assert len({fact["class"] for fact in near}) == 10
    flagged = {(table, key, rule.split(".")[0]) for table, key, rule in findings.flags}
    wrong = [
        fact for fact in near
        if (findings.table(fact).name, fact["key"], findings.column(fact).item) in flagged
    ]  # fmt: skip
    assert not wrong


def test_the_quarantine_is_the_physical_damage(findings: Findings) -> None:
    physical = findings.of_kind("physical")
    lines = {(findings.table(f).name, f["line"]) for f in physical if f["class"] == "bad_line"}
    cells = {
        (findings.table(f).name, f["key"], f["column"])
        for f in physical
        if f["class"] == "bad_cell"
    }
    keys = {table.name: table.key for table in findings.tables.values()}
    assert lines
    assert cells
    assert {(row.table, row.line) for row in findings.quarantine if row.line is not None} == lines
    assert {
        (row.table, key_in(row.raw, keys[row.table]), row.column)
        for row in findings.quarantine
        if row.line is None
    } == cells


def test_what_std_tells_is_what_the_recipe_finds(findings: Findings) -> None:
    """`_issues` of the published rows against the rules asked one by one."""
    for place in (("gongan", "T_JDC"), ("minzheng", "db_dx"), ("xinfang", "信访件")):
        spec = findings.tables[place]
        with findings.platform.database.read() as connection:
            plain = _plain_columns(connection, spec.ods)
            recipe = conform_recipe(spec, load_standards(connection), plain)
        asked: set[Flag] = set()
        with findings.session(*recipe.inputs) as session:
            for rule in recipe.rules:
                sql = recipe.failing_keys_sql(rule.name, recipe.raw_key_text())
                asked |= {(spec.name, row[0], rule.name) for row in session.rows(sql).rows}
        assert asked == {flag for flag in findings.flags if flag[0] == spec.name}


IDENTITIES = (("id_number", "person_name"), ("uscc", "company_name"))
COMPARED = {
    "minzheng_dibao", "minzheng_death", "minzheng_elder_allowance", "renshe_insured",
    "weijian_visit", "weijian_vaccination", "yibao_insured", "jiaoyu_student",
}  # fmt: skip
"""The tables that topic.name_conflict compares with the police."""


def _second_entries(findings: Findings) -> set[Flag]:
    """In registers that know a person or firm once: one number, two keys, two spellings."""
    registers = {
        (table.agency.code, table.name)
        for table in TABLES
        if registers_once(table) and table.rows.maker != "homes"  # of which one may have two
    }
    parts = []
    for place in registers:
        spec = findings.tables[place]
        items = {column.item for column in spec.columns.values()}
        key = spec.key_items[0]
        for number, label in (pair for pair in IDENTITIES if items.issuperset(pair)):
            parts.append(
                f"SELECT '{spec.name}', a.{key}, b.{key} FROM {spec.std} a JOIN {spec.std} b "
                f"ON a.{number} = b.{number} AND a.{key} < b.{key} AND a.{label} <> b.{label}"
            )
    datasets = [findings.tables[place].std for place in registers]
    return {(r[0], r[1], r[2]) for r in findings.rows(" UNION ALL ".join(parts), *datasets)}


def test_soft_classes_are_measured(findings: Findings, capsys: pytest.CaptureFixture[str]) -> None:
    """Variants are no errors: models list them for the agencies to look at."""
    variants = {
        (findings.table(fact).name, fact["key"], "name_variant")
        for fact in findings.of_kind("soft")
        if fact["class"] == "name_variant"
        and findings.table(fact).name in COMPARED
        and findings.column(fact).item == "person_name"
    }
    listed = {
        (row[0], row[1], "name_variant")
        for row in findings.rows(
            "SELECT table_name, record_no FROM topic.name_conflict", "topic.name_conflict"
        )
    }
    told = {
        (findings.table(f).name, *sorted((f["key"], f["detail"])))
        for f in findings.of_kind("soft")
        if f["class"] == "near_duplicate"
    }
    pairs = _second_entries(findings)
    rows = [
        ("name_variant", len(variants), *measure(variants, listed)),
        ("near_duplicate", len(told), *measure(told, pairs)),
    ]
    with capsys.disabled():
        print(f"\n{table_of(rows)}")
    # A second entry without a number, or of a house, is beyond this simple comparison.
    least = {"name_variant": (0.9, 0.9), "near_duplicate": (0.4, 0.7)}
    for name, _, recall, precision in rows:
        assert recall >= least[name][0], name
        assert precision >= least[name][1], name


def test_the_topics_of_relief_are_measured(
    findings: Findings, capsys: pytest.CaptureFixture[str]
) -> None:
    rows = []
    for topic in ("dibao_missing", "dibao_wrong"):
        reason = "'income_below_line'" if topic == "dibao_missing" else "reason"
        found = {
            (topic, row[0], row[1])
            for row in findings.rows(
                f"SELECT id_number, {reason} FROM topic.{topic}", f"topic.{topic}"
            )
        }
        true = {
            (topic, fact["id_number"], fact["reason"])
            for fact in findings.topics
            if fact["topic"] == topic
        }
        rows.append((topic, len(true), *measure(true, found)))
    with capsys.disabled():
        print(f"\n{table_of(rows)}")
    assert all(recall >= 0.6 and precision >= 0.6 for _, _, recall, precision in rows)


def test_people_and_townships_add_up(findings: Findings) -> None:
    ((people, unnamed, unplaced),) = findings.rows(
        "SELECT count(*), count(*) - count(person_name), "
        "count(*) - count(CASE WHEN person_name IS NULL OR person_name_from IS NOT NULL THEN 1 END)"
        " FROM base.person", "base.person",
    )  # fmt: skip
    ((townships, population),) = findings.rows(
        "SELECT count(*), sum(population) FROM topic.township_summary", "topic.township_summary"
    )
    assert people >= 2400
    assert unnamed <= people // 200
    assert unplaced == 0
    assert townships == 4
    assert 0.8 * people < float(population) <= people
