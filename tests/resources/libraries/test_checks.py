"""Checks: what is wrong is counted and named; what must not be is refused."""

import duckdb
import pytest
from hypothesis import given
from hypothesis import strategies as st

from haina.compute import ISSUES
from haina.compute.engines import Page
from haina.resources import collect
from haina.resources.libraries import CheckResult, checks, results_of, summaries
from haina.standards.quality import Rule
from tests.resources.libraries.working import Work
from tests.support.packs import PERSON_HEADER, id_number, people, write_csv
from tests.support.running import table_of


def write_people(work: Work, rows: list[list[str]]) -> None:
    write_csv(work.platform.settings.home / "files" / "hj.csv", PERSON_HEADER, rows)


def results(work: Work, dataset: str = "ods.person") -> dict[str, CheckResult]:
    with work.platform.database.read() as connection:
        return {one.rule: one for one in results_of(connection, dataset)}


def std(work: Work) -> dict[str, dict[str, object]]:
    """no → the row."""
    return {row["no"]: row for row in table_of(work.platform, "std.person").to_pylist()}


def done(work: Work) -> None:
    work.load()
    work.all()


def test_clean_data_fail_nothing(work: Work) -> None:
    done(work)
    found = results(work)
    assert len(found) > 8
    assert {one.failed for one in found.values()} == {0}
    assert {one.total for one in found.values()} == {20}
    with work.platform.database.read() as connection:
        [summary] = [one for one in summaries(connection) if one.dataset == "ods.person"]
    assert (summary.failed_rows, summary.rules_failed) == (0, 0)


def test_what_is_wrong_is_counted_by_rule_and_named_on_its_row(work: Work) -> None:
    rows = people(20)
    rows[0][1] = "11010519000101123"  # too short
    rows[1][3] = "X"  # no such sex
    rows[2][2] = ""  # no name
    write_people(work, rows)
    done(work)
    found = {name: one.failed for name, one in results(work).items() if one.failed}
    assert found == {"id_number.length": 1, "sex.code": 1, "name.missing": 1}
    issues = {no: row["_issues"] for no, row in std(work).items() if row["_issues"]}
    assert issues == {"1": "id_number.length", "2": "sex.code", "3": "name.missing"}


def test_a_value_that_cannot_be_kept_is_emptied_and_its_neighbours_stay(work: Work) -> None:
    rows = people(20)
    rows[0][1] = "11010519000101123"
    write_people(work, rows)
    done(work)
    row = std(work)["1"]
    assert row["id_number"] is None
    assert (row["name"], row["sex"]) == ("张1", "1")


def test_samples_name_the_failing_keys_and_are_few(work: Work) -> None:
    write_people(work, [[*row[:3], "X", row[4]] for row in people(50)])
    done(work)
    found = results(work)["sex.code"]
    assert found.failed == 50
    assert len(found.sample) == 20
    assert set(found.sample) <= {str(n) for n in range(1, 51)}


def test_most_failures_come_first(work: Work) -> None:
    rows = people(20)
    for row in rows[:5]:
        row[3] = "X"
    rows[9][2] = ""
    write_people(work, rows)
    done(work)
    with work.platform.database.read() as connection:
        counts = [one.failed for one in results_of(connection, "ods.person")]
    assert counts == sorted(counts, reverse=True)


def test_of_rows_with_one_key_the_last_is_kept_and_all_are_told(work: Work) -> None:
    rows = people(20)
    twin = [*rows[4]]
    twin[2] = "后来者"
    write_people(work, [*rows, twin])
    done(work)
    assert results(work)["key.duplicate"].failed == 2
    assert len(std(work)) == 20
    assert std(work)["5"]["name"] == "后来者"


def test_every_row_of_the_source_is_accounted_for(work: Work) -> None:
    """Source = ods + set aside; ods = std + rows without a key + older twins."""
    rows = people(20)
    rows[0][0] = ""
    write_people(work, [*rows, rows[4], rows[4]])
    path = work.platform.settings.home / "files" / "hj.csv"
    path.write_text(path.read_text() + "99,too short\n")
    done(work)
    with work.platform.database.read() as connection:
        aside = collect.quarantined_rows(connection)["person"]
        [load] = collect.loads_of(connection, "person")
    ods, kept = table_of(work.platform, "ods.person").num_rows, len(std(work))
    assert (load.source_rows, ods, aside, kept) == (23, 22, 1, 19)
    without_key = results(work)["no.missing"].failed
    older_twins = results(work)["key.duplicate"].failed - 1
    assert kept + without_key + older_twins == ods
    assert ods + aside == load.source_rows


RULE = """\
    key: [XH]
    rules:
      - {name: grown, title: 应为成年, expr: "birth_date < DATE '1990-01-01'", strong: STRONG}
"""


def add_rule(work: Work, *, strong: bool) -> None:
    text = RULE.replace("STRONG", str(strong).lower())
    work.change("sources/hj.yaml", "    key: [XH]\n", text)


def test_a_rule_by_hand_sees_typed_values(work: Work) -> None:
    write_people(work, people(50))
    add_rule(work, strong=False)
    done(work)
    found = results(work)["row.grown"]
    # Places 40 to 49 were born in the nineties.
    assert (found.failed, found.title, found.strong) == (10, "应为成年", False)
    assert std(work)["45"]["_issues"] == "row.grown"
    assert std(work)["5"]["_issues"] is None


def test_a_rule_by_hand_is_not_failed_by_what_is_not_known(work: Work) -> None:
    rows = people(5)
    rows[0][4] = ""
    write_people(work, rows)
    add_rule(work, strong=False)
    done(work)
    assert results(work)["row.grown"].failed == 0


def test_a_strong_rule_refuses_the_version(work: Work) -> None:
    add_rule(work, strong=True)
    done(work)
    good = work.version("std.person")
    write_people(work, people(50))
    done(work)
    job = work.last("std.person")
    assert job.state == "failed"
    assert job.error is not None
    assert (job.error["code"], job.error["field"]) == ("strong_rule_failed", "row.grown")
    assert "10 行" in job.error["message"]
    assert work.version("std.person") == good
    assert len(std(work)) == 20


def test_after_the_data_are_mended_the_next_version_is_current(work: Work) -> None:
    add_rule(work, strong=True)
    write_people(work, people(50))
    done(work)
    assert work.version("std.person") is None
    write_people(work, people(30))
    done(work)
    assert len(std(work)) == 30


@pytest.mark.parametrize(
    ("sql", "rule"),
    [
        ("SELECT id_number, name, sex FROM std.person\nUNION ALL\n"
         "SELECT id_number, name, sex FROM std.person\n", "key.duplicate"),
        ("SELECT nullif(id_number, id_number) AS id_number, name, sex FROM std.person\n",
         "key.missing"),
    ],
)  # fmt: skip
def test_a_model_whose_key_does_not_hold_is_refused(work: Work, sql: str, rule: str) -> None:
    done(work)
    good = work.version("base.person")
    front = "/*\ntitle: 人口\nowner: gongan\nkey: [id_number]\n*/\n"
    (work.folder / "models/base/person.sql").write_text(front + sql)
    work.apply()
    work.all()
    job = work.last("base.person")
    assert job.error is not None
    assert (job.error["code"], job.error["field"]) == ("strong_rule_failed", rule)
    assert work.version("base.person") == good
    assert table_of(work.platform, "base.person").num_rows == 20


def test_failing_keys_that_are_sensitive_are_masked(work: Work) -> None:
    work.change(
        "models/base/person.sql",
        "key: [id_number]\n",
        "key: [id_number]\nchecks:\n  - {name: man, title: 应为男, expr: \"sex = '1'\"}\n",
    )
    done(work)
    found = results(work, "base.person")["row.man"]
    assert found.failed == 10
    everyone = {id_number(n) for n in range(1, 21)}
    assert found.sample
    assert not set(found.sample) & everyone
    assert all("*" in one for one in found.sample)


def test_results_belong_to_the_version_they_were_found_on(work: Work) -> None:
    done(work)
    first = work.version("ods.person")
    write_people(work, [[*row[:3], "X", row[4]] for row in people(5)])
    done(work)
    with work.platform.database.read() as connection:
        before = {one.rule: one for one in results_of(connection, "ods.person", first)}
    assert (before["sex.code"].total, before["sex.code"].failed) == (20, 0)
    assert (results(work)["sex.code"].total, results(work)["sex.code"].failed) == (5, 5)


@given(st.lists(st.tuples(st.booleans(), st.sampled_from([True, False, None]))))
def test_flags_and_the_text_made_of_them_tell_the_same(
    rows: list[tuple[bool, bool | None]],
) -> None:
    rules = [Rule(f"{item}.wrong", item, "准确性", item, "false") for item in "ab"]
    with duckdb.connect() as engine:
        engine.execute("CREATE TABLE t (k VARCHAR, r0 BOOLEAN, r1 BOOLEAN)")
        for place, flags in enumerate(rows):
            engine.execute("INSERT INTO t VALUES (?, ?, ?)", [f"{place:03}", *flags])
        names = "CASE WHEN r0 THEN 'a.wrong' END, CASE WHEN r1 THEN 'b.wrong' END"
        kept = f"(SELECT k, nullif(concat_ws('{checks.ISSUE_SEPARATOR}', {names}), '') AS {ISSUES} FROM t)"
        scanned = engine.execute(checks.scan_sql(rules, "k", "t")).fetchall()
        told = engine.execute(checks.issues_sql("k", kept)).fetchall()
    from_flags = checks.found_of(Page([], [list(one) for one in scanned], False), rules)
    from_text = checks.found_of_issues(Page([], [list(one) for one in told], False), rules)
    assert from_flags == from_text
