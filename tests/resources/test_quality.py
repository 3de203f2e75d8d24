"""Quality by rule, by day and by version, and from a failure to the run that brought it."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest

from haina.kernel import clock
from haina.kernel.platform import Platform
from haina.resources.libraries import queries
from haina.resources.libraries.quality import RuleFilter, by_day, dimensions, failing_rules
from tests.app.support_http import Prepared, Site, Web, site_over
from tests.support.packs import PERSON_HEADER, people, write_csv
from tests.support.running import run_all


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory, prepared: Prepared) -> Iterator[Site]:
    """Loaded clean, then with three bad sexes and one bad number, then with one bad sex."""
    platform = prepared.copy(tmp_path_factory.mktemp("quality") / "home")
    for bad in (3, 1):
        rows = people(60)
        for row in rows[:bad]:
            row[3] = "X"
        rows[9][1] = "1101051900"
        write_csv(platform.settings.home / "files" / "hj.csv", PERSON_HEADER, rows)
        run_all(platform)
    with site_over(platform, prepared) as found:
        yield found
    platform.close()


@pytest.fixture
def web(site: Site) -> Web:
    return site.web("officer")


def answer(web: Web, path: str) -> Any:
    found = web.get(f"/api/quality/{path}".rstrip("/"))
    assert found.status_code == 200, found.text
    return found.json()


def test_failing_rules_come_with_how_many_failed_before(web: Web) -> None:
    found = answer(web, "rules?dataset=ods.person")["rules"]
    rules = {one["rule"]: (one["failed"], one["before"]) for one in found}
    assert rules["sex.code"] == (1, 3)
    assert rules["id_number.length"] == (1, 1)
    assert all(failed > 0 for failed, _ in rules.values())
    assert [one["failed"] for one in found] == sorted(
        (one["failed"] for one in found), reverse=True
    )


@pytest.mark.parametrize(
    ("query", "some"),
    [
        ("agency=gongan", True),
        ("agency=minzheng&dataset=ods.person", False),
        ("text=性别", True),
        ("text=没有这样的规则", False),
        ("dimension=规范性", True),
        ("agency=nobody", False),
    ],
)
def test_failing_rules_narrow(web: Web, query: str, some: bool) -> None:
    assert bool(answer(web, f"rules?{query}")["rules"]) is some


def test_pages_of_rules_give_each_once(web: Web) -> None:
    whole = answer(web, "rules?limit=200")["rules"]
    seen: list[Any] = []
    after = ""
    while True:
        page = answer(web, f"rules?limit=1{f'&after={after}' if after else ''}")
        seen += page["rules"]
        after = page["next_after"]
        if after is None:
            break
    assert seen == whole
    assert len(whole) > 1


def test_dimensions_count_rules_and_failures(site: Site, web: Web) -> None:
    found = {one["dimension"]: one for one in answer(web, "dimensions?agency=gongan")}
    rules = answer(web, "rules?agency=gongan&limit=200")["rules"]
    for name, one in found.items():
        failing = [rule["failed"] for rule in rules if rule["dimension"] == name]
        assert (one["rules_failed"], one["failed"]) == (len(failing), sum(failing))
        assert one["rules"] >= one["rules_failed"]


def test_the_trend_of_a_dataset_and_of_a_rule(web: Web) -> None:
    whole = answer(web, "ods.person/trend")
    assert [one["failed"] for one in whole] == [0, 4, 2]
    assert [one["version"] for one in whole] == sorted(one["version"] for one in whole)
    assert len({one["job"] for one in whole}) == 3
    sex = answer(web, "ods.person/trend?rule=sex.code")
    assert [one["failed"] for one in sex] == [0, 3, 1]
    none = answer(web, "ods.person/trend?rule=nothing")
    assert [one["failed"] for one in none] == [None, None, None]
    assert len(answer(web, "ods.person/trend?limit=1")) == 1


def test_today_is_as_the_newest_checks_say(web: Web) -> None:
    [today] = answer(web, "trend?agency=gongan&days=1")
    assert today["datasets"] >= 2
    newest = [one for one in answer(web, "") if one["dataset"] == "ods.person"]
    assert today["failed_rows"] == newest[0]["failed_rows"] == 2


def test_failing_rows_lead_to_the_run_that_brought_them(site: Site, web: Web) -> None:
    found = answer(web, "std.person/runs?rule=sex.code")
    [one] = found["runs"]
    assert (one["rows"], found["why"]) == (1, None)
    run = site.web("operator").get(f"/api/runs/{one['run']}")
    assert run.status_code == 200
    assert answer(web, "ods.person/runs?rule=sex.code") == found
    assert answer(web, "std.person/runs?rule=' OR 1=1 --")["runs"] == []


@pytest.mark.parametrize(
    ("path", "status"),
    [
        ("rules?after=x", 422),
        ("rules?after=1|x", 422),
        ("rules?after=99999999999999999999|a|b", 422),
        ("rules?limit=0", 422),
        ("trend?days=0", 422),
        ("std.nothing/runs?rule=x", 404),
        ("std.person/runs?rule=%00", 422),
    ],
)
def test_bad_questions(web: Web, path: str, status: int) -> None:
    assert web.get(f"/api/quality/{path}").status_code == status


def test_a_leader_sees_the_trend_but_not_the_runs_of_rows(site: Site) -> None:
    leader = site.web("leader")
    assert leader.get("/api/quality/trend").status_code == 200
    assert leader.get("/api/quality/std.person/runs?rule=sex.code").status_code == 403


# On both platform databases


def _check(platform: Platform, dataset: str, version: int, days_ago: float, failed: int) -> None:
    summary = {
        "job": "j",
        "at": clock.now() - timedelta(days=days_ago),
        "total": 100,
        "failed_rows": failed,
        "rules": 2,
        "rules_failed": int(failed > 0),
    }
    common: dict[str, Any] = {
        "title": "规则",
        "item": None,
        "strong": False,
        "total": 100,
        "sample": [],
    }
    results = [
        {**common, "rule": "a.code", "dimension": "规范性", "failed": failed},
        {**common, "rule": "b.missing", "dimension": "完整性", "failed": 0},
    ]
    with platform.database.write() as connection:
        queries.put_results(connection, dataset, version, summary, results)


def test_a_day_carries_what_was_checked_before(any_platform: Platform) -> None:
    _check(any_platform, "ods.a", 1, 40, 10)
    _check(any_platform, "ods.a", 2, 2, 20)
    _check(any_platform, "ods.b", 1, 1, 0)
    _check(any_platform, "ods.b", 2, 1, 50)
    with any_platform.database.read() as connection:
        found = by_day(connection, 4)
    assert [(one.datasets, one.total, one.failed_rows) for one in found] == [
        (1, 100, 10), (1, 100, 20), (2, 200, 70), (2, 200, 70)
    ]  # fmt: skip
    today = clock.local(clock.now()).date()
    assert [one.day for one in found] == [today - timedelta(days=n) for n in (3, 2, 1, 0)]


def test_only_the_newest_check_counts(any_platform: Platform) -> None:
    for version, failed in ((1, 9), (2, 4), (3, 0)):
        _check(any_platform, "ods.a", version, 3 - version, failed)
    _check(any_platform, "ods.b", 1, 1, 7)
    _check(any_platform, "ods.b", 5, 0, 8)
    with any_platform.database.read() as connection:
        [rule] = failing_rules(connection, RuleFilter()).rules
        found = {one.dimension: one for one in dimensions(connection)}
    assert (rule.dataset, rule.version, rule.failed, rule.before) == ("ods.b", 5, 8, 7)
    assert (found["规范性"].rules, found["规范性"].rules_failed, found["规范性"].failed) == (
        2,
        1,
        8,
    )
    assert found["完整性"].rules_failed == 0
