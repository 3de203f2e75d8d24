"""The cockpit: its figures are the catalogue's, and it says who should look at what."""

from collections import Counter
from datetime import timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from haina.compute import lake
from haina.kernel import clock, jobs
from haina.kernel.platform import Platform
from haina.resources import collect, libraries
from haina.security.access import Purpose, system_subject
from haina.services.insight.attention import Attention, calls_of
from haina.services.insight.cockpit import overview
from tests.app.support_http import Site
from tests.support.packs import PERSON_HEADER, id_number, people, write_csv
from tests.support.running import run_all


@pytest.fixture(scope="module")
def cockpit(site: Site) -> dict[str, Any]:
    found: dict[str, Any] = site.web("leader").get("/api/cockpit").json()
    return found


def counted(site: Site, sql: str) -> Any:
    return site.engine.read(system_subject("test"), Purpose.QUERY, sql).rows[0][0]


def test_its_title_is_the_packs(cockpit: dict[str, Any]) -> None:
    assert cockpit["title"] == "小县驾驶舱"


def test_rows_by_zone_are_those_that_can_be_counted(site: Site, cockpit: dict[str, Any]) -> None:
    with site.platform.database.read() as connection:
        names = [one.name for one in lake.datasets(connection)]
    rows: Counter[str] = Counter()
    for name in names:
        rows[name.split(".")[0]] += counted(site, f"SELECT count(*) FROM {name}")
    assert cockpit["overview"]["rows"] == dict(rows)
    assert cockpit["overview"]["datasets"] == dict(Counter(n.split(".")[0] for n in names))


def test_counts_of_declarations(cockpit: dict[str, Any]) -> None:
    found = cockpit["overview"]
    assert (found["sources"], found["tables"], found["services"]) == (3, 3, 8)
    assert found["entries"] == 6  # three of std, three of models


def test_figures_are_what_a_query_says(site: Site, cockpit: dict[str, Any]) -> None:
    values = {one["title"]: one["value"] for one in cockpit["figures"]}
    assert values == {
        "人口": counted(site, "SELECT count(*) FROM base.person"),
        "发放次数": counted(site, "SELECT sum(times) FROM topic.aid"),
    }


def test_figures_say_where_they_come_from(cockpit: dict[str, Any]) -> None:
    origin = cockpit["figures"][1]["provenance"]
    assert (origin["dataset"], origin["owner"]) == ("topic.aid", "minzheng")
    assert origin["version"] is not None
    assert origin["at"]
    assert origin["how"]


def test_places_are_rows_of_their_dataset(cockpit: dict[str, Any]) -> None:
    places = cockpit["places"]
    assert {one["name"]: one["values"] for one in places["places"]} == {
        "甲镇": [10], "乙镇": [6], "丙镇": [2],
    }  # fmt: skip
    assert places["titles"] == ["times"]


def test_agencies_add_up_to_all_tables(cockpit: dict[str, Any]) -> None:
    agencies = {one["code"]: one for one in cockpit["overview"]["agencies"]}
    assert {code: one["tables"] for code, one in agencies.items()} == {"gongan": 1, "minzheng": 2}
    assert agencies["gongan"]["rows"] == 60
    assert agencies["minzheng"]["rows"] == 30 + 18


def test_quality_is_that_of_the_checks(site: Site, cockpit: dict[str, Any]) -> None:
    with site.platform.database.read() as connection:
        found = {one.dataset: one for one in libraries.summaries(connection)}
    [agency] = [one for one in cockpit["overview"]["agencies"] if one["code"] == "gongan"]
    checked = found["ods.person"]
    assert (agency["checked_rows"], agency["failed_rows"]) == (checked.total, checked.failed_rows)
    assert agency["quality"] == 1 - checked.failed_rows / checked.total


def test_all_has_arrived_and_nothing_needs_attention(cockpit: dict[str, Any]) -> None:
    assert cockpit["overview"]["arrivals"] == {"arrived": 3}
    assert cockpit["overview"]["attention"] == []
    assert cockpit["overview"]["attention_count"] == 0
    assert cockpit["overview"]["calls"] == []


def test_an_empty_installation_has_an_empty_cockpit(platform: Platform) -> None:
    with platform.database.read() as connection:
        found = overview(connection)
    assert found.attention == []
    assert found.agencies == []
    assert (found.datasets, found.rows, found.arrivals, found.runs_today) == ({}, {}, {}, {})
    assert (found.entries, found.services, found.sources, found.quarantined) == (0, 0, 0, 0)


def test_figures_follow_the_data(own_site: Site) -> None:
    web = own_site.web("leader")
    assert web.get("/api/cockpit").json()["figures"][0]["value"] == 60
    write_csv(own_site.platform.settings.home / "files" / "hj.csv", PERSON_HEADER, people(61))
    run_all(own_site.platform)
    assert web.get("/api/cockpit").json()["figures"][0]["value"] == 61


def attention(platform: Platform) -> dict[str, Attention]:
    with platform.database.read() as connection:
        found = overview(connection).attention
    weights = [one.weight for one in found]
    assert weights == sorted(weights, reverse=True)
    return {one.kind: one for one in found}


def test_what_is_late_is_named_with_its_agency(
    own_platform: Platform, monkeypatch: pytest.MonkeyPatch
) -> None:
    moment = clock.local(clock.now()).replace(hour=12) + timedelta(days=2)
    monkeypatch.setattr(clock, "now", lambda: moment)
    found = attention(own_platform)
    assert set(found) == {"late"}
    assert found["late"].agency in ("gongan", "minzheng")
    assert found["late"].title.endswith("应到未到")


def test_a_run_that_failed_is_named_with_its_link(own_platform: Platform) -> None:
    (own_platform.settings.home / "files" / "bt.csv").write_text("XH,SFZH\n1,2\n")
    done = run_all(own_platform)
    [failed] = [job for job in done if job.state == "failed"]
    found = attention(own_platform)["failed_run"]
    assert found.link == f"/runs/{failed.id}"
    assert "补贴发放" in found.title


def test_a_run_that_failed_is_no_matter_once_it_went_well(own_platform: Platform) -> None:
    path = own_platform.settings.home / "files" / "bt.csv"
    good = path.read_text()
    path.write_text("XH,SFZH\n1,2\n")
    run_all(own_platform)
    assert "failed_run" in attention(own_platform)
    path.write_text(good)
    run_all(own_platform)
    assert "failed_run" not in attention(own_platform)


def test_failed_runs_are_forgotten_after_a_day(
    own_platform: Platform, monkeypatch: pytest.MonkeyPatch
) -> None:
    (own_platform.settings.home / "files" / "bt.csv").write_text("XH,SFZH\n1,2\n")
    run_all(own_platform)
    later = clock.now() + timedelta(days=1, minutes=1)
    monkeypatch.setattr(clock, "now", lambda: later)
    assert "failed_run" not in attention(own_platform)


def test_poor_quality_names_the_agency_and_the_rows(own_platform: Platform) -> None:
    rows = [[*row[:3], "X", *row[4:]] if int(row[0]) <= 9 else row for row in people(60)]
    write_csv(own_platform.settings.home / "files" / "hj.csv", PERSON_HEADER, rows)
    run_all(own_platform)
    found = attention(own_platform)["quality"]
    assert found.agency == "gongan"
    assert "9 行有质量问题" in found.title


def test_far_fewer_rows_than_last_time(own_platform: Platform) -> None:
    write_csv(own_platform.settings.home / "files" / "hj.csv", PERSON_HEADER, people(30))
    run_all(own_platform)
    found = attention(own_platform)["short"]
    assert found.agency == "gongan"
    assert "30" in found.title
    assert "60" in found.title


def test_rows_set_aside_wait_for_someone(own_platform: Platform) -> None:
    path = own_platform.settings.home / "files" / "hj.csv"
    path.write_text(path.read_text() + f"61,{id_number(61)},张61,男\n")
    run_all(own_platform)
    found = attention(own_platform)["quarantine"]
    assert found.link == "/sources/hj/quarantine/person"
    assert "1 行隔离" in found.title
    with own_platform.database.read() as connection:
        assert overview(connection).quarantined == 1
        assert collect.quarantined_rows(connection) == {"person": 1}


def test_runs_of_today_are_counted_by_state(own_platform: Platform) -> None:
    with own_platform.database.read() as connection:
        found = overview(connection).runs_today
        assert found == jobs.count_by_state(connection)


def test_an_attention_says_whom_to_call_and_since_when(own_platform: Platform) -> None:
    (own_platform.settings.home / "files" / "bt.csv").write_text("XH,SFZH\n1,2\n")
    run_all(own_platform)
    found = attention(own_platform)["failed_run"]
    assert found.agency == "minzheng"
    assert found.agency_title
    assert found.since is not None


def test_an_agency_is_called_once_about_all_its_matters(
    own_platform: Platform, monkeypatch: pytest.MonkeyPatch
) -> None:
    moment = clock.local(clock.now()).replace(hour=12) + timedelta(days=2)
    monkeypatch.setattr(clock, "now", lambda: moment)
    with own_platform.database.read() as connection:
        found = overview(connection)
    assert found.attention_count == 3
    assert {one.agency: one.kinds for one in found.calls} == {
        "gongan": {"late": 1},
        "minzheng": {"late": 2},
    }
    assert [one.worst.weight for one in found.calls] == [9000, 9000]


@given(
    st.lists(
        st.builds(
            Attention,
            st.sampled_from(("late", "short", "quality", "failed_run", "quarantine")),
            st.integers(0, 10_000),
            st.text(max_size=3),
            st.sampled_from((None, "a", "b", "c")),
            st.just("/"),
        ),
        max_size=12,
    )
)
def test_calls_hold_every_matter_once(found: list[Attention]) -> None:
    found.sort(key=lambda one: -one.weight)
    calls = calls_of(found)
    assert len({one.agency for one in calls}) == len(calls)
    assert sum(one.count for one in calls) == len(found)
    assert all(sum(one.kinds.values()) == one.count for one in calls)
    order = [(one.worst.weight, one.count) for one in calls]
    assert order == sorted(order, reverse=True)


def test_what_flows_in_is_told_by_agency_and_hour(cockpit: dict[str, Any]) -> None:
    agencies = {one["code"]: one for one in cockpit["overview"]["agencies"]}
    assert all(len(one["hours"]) == 24 for one in agencies.values())
    assert sum(agencies["gongan"]["hours"]) == 60
    assert agencies["gongan"]["newest"]
    assert agencies["gongan"]["rows_today"] in (0, 60)  # 0 when midnight has passed since
