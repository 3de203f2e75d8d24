"""Profiles and differences: figures are right, nothing that is masked leaves, and what fewer than
five persons have in common is not told."""

import json
import re
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from haina.compute import Engine, lake
from haina.compute.profiles import profile as profiles
from haina.compute.profiles.bins import bins_of, scale_of_numbers, scale_of_times
from haina.compute.profiles.contracts import FEW, ItemProfile
from haina.kernel.errors import HainaError
from haina.kernel.platform import Platform
from haina.security import evidence
from haina.security.access import Role, Subject
from tests.app.support_http import Prepared, Site, site_over
from tests.support.packs import PERSON_HEADER, id_number, people, write_csv
from tests.support.running import run_all

OFFICER = Subject("a_officer", frozenset({Role.OFFICER}), None)


@pytest.fixture(scope="module")
def site(prepared: Prepared, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    platform = prepared.copy(tmp_path_factory.mktemp("profiles") / "home")
    with site_over(platform, prepared) as found:
        yield found
    platform.close()


def asked(site: Site, dataset: str, who: str = "officer") -> dict[str, Any]:
    answer = site.web(who).get(f"/api/datasets/{dataset}/profile")
    assert answer.status_code == 200, answer.text
    return dict(answer.json())


def items(engine: Engine, dataset: str) -> dict[str, ItemProfile]:
    return {one.item: one for one in profiles.profile(engine, OFFICER, dataset).items}


# What leaves


@pytest.mark.parametrize("who", ["operator", "steward", "officer"])
@pytest.mark.parametrize("dataset", ["ods.person", "std.person", "base.person", "std.grant_paid"])
def test_no_masked_value_is_in_a_profile(site: Site, who: str, dataset: str) -> None:
    for _ in range(2):  # computed, then kept
        text = json.dumps(asked(site, dataset, who), ensure_ascii=False)
        assert not re.search(r"\d{17}[\dX]", text)
        assert not any(id_number(place)[6:] in text for place in range(1, 61))
        assert not re.search(r"张\d", text)


def test_no_masked_value_is_kept(site: Site) -> None:
    asked(site, "std.person")
    with site.platform.database.read() as connection:
        kept = str(connection.exec_driver_sql("SELECT * FROM profile").all())
    assert "id_number" in kept
    assert not re.search(r"\d{17}[\dX]", kept)
    assert not re.search(r"张\d", kept)


def test_a_masked_item_gives_counts_and_lengths_only(site: Site) -> None:
    found = items(site.engine, "std.person")["id_number"]
    assert (found.masked, found.filled, found.empty, found.distinct) == (True, 60, 0, 60)
    assert (found.shortest, found.longest) == (18, 18)
    assert (found.minimum, found.maximum, found.bins, found.common) == (None, None, [], [])


def test_amounts_that_are_hidden_have_no_extremes(site: Site) -> None:
    found = items(site.engine, "std.grant_paid")["amount"]
    assert found.masked
    assert (found.minimum, found.maximum, found.bins, found.common) == (None, None, [], [])


def test_small_groups_of_persons_are_not_told(site: Site) -> None:
    found = items(site.engine, "std.grant_paid")["town"]
    assert [(one.value, one.count) for one in found.common] == [("甲镇", 10), ("乙镇", 6)]
    assert found.few
    dates = items(site.engine, "std.person")["birth_date"]
    assert (dates.minimum, dates.maximum) == (None, None)
    assert all(one.count is None or one.count >= FEW or one.count == 0 for one in dates.bins)


def test_an_item_that_becomes_sensitive_is_not_told_from_what_was_kept(
    prepared: Prepared, tmp_path: Path
) -> None:
    platform = prepared.copy(tmp_path / "home")
    with site_over(platform, prepared) as site:
        assert items(site.engine, "std.person")["sex"].common
        _regrade(platform, "std.person", "sex", 3)
        found = items(site.engine, "std.person")["sex"]
    platform.close()
    assert (found.masked, found.common) == (True, [])


def _regrade(platform: Platform, name: str, item: str, grade: int) -> None:
    with platform.database.write() as connection:
        old = lake.find_dataset(connection, name)
        changed = tuple(
            lake.ItemSpec(one.name, one.title, one.type, one.element,
                          grade if one.name == item else one.grade, one.mask)
            for one in old.items
        )  # fmt: skip
        spec = lake.DatasetSpec(name, old.title, old.owner, old.made_by, old.grade, key=old.key,
                                items=changed)  # fmt: skip
        lake.declare(connection, spec)


@pytest.mark.parametrize("who", ["leader", "security_admin", "audit_admin"])
def test_who_may_not_preview_gets_no_profile(site: Site, who: str) -> None:
    asked(site, "std.person")
    answer = site.web(who).get("/api/datasets/std.person/profile")
    assert (answer.status_code, answer.json()["error"]["code"]) == (403, "forbidden")


@pytest.mark.parametrize(
    ("path", "status", "field"),
    [
        ("std.nothing/profile", 404, "dataset"),
        ("std.person/profile?after=-1", 422, "after"),
        ("std.person/difference?before=1&after=999", 404, "version"),
        ("std.person/difference?before=x&after=1", 422, "before"),
        ("std.nothing/difference?before=1&after=1", 404, "dataset"),
    ],
)
def test_bad_questions(site: Site, path: str, status: int, field: str) -> None:
    answer = site.web("operator").get(f"/api/datasets/{path}")
    assert (answer.status_code, answer.json()["error"]["field"]) == (status, field)


def test_each_asking_is_in_evidence_also_of_what_was_kept(site: Site) -> None:
    asked(site, "base.person")
    with site.platform.database.read() as connection:
        before = evidence.records(connection, limit=100_000)[-1].seq
    asked(site, "base.person")
    with site.platform.database.read() as connection:
        last = evidence.records(connection, limit=100_000)[-1]
    assert last.seq > before
    assert (last.actor, last.act, last.details) == ("a_officer", "data.profile", {"kept": True})


# What it tells


def test_values_are_counted_and_named_by_their_code_set(site: Site) -> None:
    found = items(site.engine, "std.person")["sex"]
    assert [(one.value, one.meaning, one.count) for one in found.common] == [
        ("1", "男", 30), ("2", "女", 30)
    ]  # fmt: skip


def test_bins_of_dates_hold_every_row_that_may_be_told(site: Site) -> None:
    found = items(site.engine, "std.person")["birth_date"]
    years = Counter(1950 + place % 50 for place in range(1, 61))
    for one in found.bins:
        real = sum(count for year, count in years.items() if int(one.low) <= year < int(one.high))
        assert one.count == (real if real >= FEW or real == 0 else None)
    assert len(found.bins) > 5


def test_empties_are_counted_blank_text_among_them(prepared: Prepared, tmp_path: Path) -> None:
    platform = prepared.copy(tmp_path / "home")
    rows = people(60)
    for row in rows[:7]:
        row[3] = "  "
    write_csv(platform.settings.home / "files" / "hj.csv", PERSON_HEADER, rows)
    run_all(platform)
    with site_over(platform, prepared) as site:
        raw = items(site.engine, "ods.person")["XB"]
    platform.close()
    assert (raw.filled, raw.empty, raw.distinct) == (53, 7, 2)


def test_open_data_tell_their_extremes(site: Site) -> None:
    found = items(site.engine, "theme.town")["times"]
    assert (found.minimum, found.maximum, found.masked) == ("2", "10", False)
    assert sum(one.count or 0 for one in found.bins) == 3


def test_a_large_table_is_looked_at_by_a_sample_that_says_so(
    site: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(profiles, "SAMPLE", 30)
    with site.platform.database.write() as connection:
        connection.exec_driver_sql("DELETE FROM profile")
    found = profiles.profile(site.engine, OFFICER, "std.person")
    with site.platform.database.write() as connection:
        connection.exec_driver_sql("DELETE FROM profile")
    assert (found.sampled, found.rows) == (True, 60)
    assert 5 < found.looked < 60


def test_columns_come_page_by_page(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(profiles, "BATCH", 2)
    seen: list[str] = []
    after: int | None = 0
    while after is not None:
        found = profiles.profile(site.engine, OFFICER, "std.person", after)
        assert found.size == 5
        seen += [one.item for one in found.items]
        after = found.next_after
    assert seen == ["no", "id_number", "name", "sex", "birth_date"]


# Bins


@given(st.lists(st.floats(-1e9, 1e9), min_size=2, max_size=50), st.booleans())
def test_every_number_has_a_bin_between_its_edges(values: list[float], personal: bool) -> None:
    low, high = min(values), max(values)
    if low == high:
        return
    scale = scale_of_numbers(low, high, whole=False)
    places = Counter(int((value - scale.start) // scale.width) for value in values)
    assert min(places) >= -1  # rounding may push the lowest over the edge
    assert max(places) <= 21
    told = bins_of(scale, dict(places), personal=personal)
    if personal:
        assert all(one.count is None or one.count == 0 or one.count >= FEW for one in told)
        assert not told or (told[0].count and told[-1].count)
    else:
        assert sum(one.count or 0 for one in told) == len(values)


@given(st.integers(-60_000, 60_000), st.integers(1, 40_000))
def test_a_span_of_days_has_few_bins(first: int, days: int) -> None:
    scale = scale_of_times(first * 86400.0, (first + days) * 86400.0)
    assert scale.unit in ("day", "month", "year")
    assert scale.edge(0) <= scale.edge(1)


# Differences


def test_two_versions_differ_by_what_was_changed(prepared: Prepared, tmp_path: Path) -> None:
    platform = prepared.copy(tmp_path / "home")
    with platform.database.read() as connection:
        old = lake.find_dataset(connection, "std.person").current_version
        raw = lake.find_dataset(connection, "ods.person").current_version
    rows = people(65)[3:]  # three gone, five new
    for row in rows[:4]:
        row[2] = f"李{row[0]}"
    header = (*PERSON_HEADER, "BZ")
    write_csv(platform.settings.home / "files" / "hj.csv", header, [[*row, "新"] for row in rows])
    run_all(platform)
    with site_over(platform, prepared) as site:
        web = site.web("operator")
        found = _difference(web, platform, "std.person", old)
        grown = _difference(web, platform, "ods.person", raw)
        same = web.get(f"/api/datasets/std.person/difference?before={old}&after={old}").json()
    platform.close()
    assert found["rows"] == {"inserted": 5, "updated": 4, "deleted": 3, "equal": 53}
    assert (found["before"]["rows"], found["after"]["rows"]) == (60, 62)
    assert found["columns"] == []
    assert [one["dataset"] for one in found["inputs"]] == ["ods.person"]
    assert found["before"]["run"] != found["after"]["run"]
    [column] = grown["columns"]
    assert (column["column"], column["change"], column["before"]) == ("BZ", "added", None)
    assert same["rows"] == {"inserted": 0, "updated": 0, "deleted": 0, "equal": 60}


def _difference(web: Any, platform: Platform, name: str, old: int | None) -> Any:
    with platform.database.read() as connection:
        new = lake.find_dataset(connection, name).current_version
    answer = web.get(f"/api/datasets/{name}/difference?before={old}&after={new}")
    assert answer.status_code == 200, answer.text
    return answer.json()


def test_a_version_without_files_says_why_its_rows_are_not_compared(
    prepared: Prepared, tmp_path: Path
) -> None:
    platform = prepared.copy(tmp_path / "home")
    with platform.database.write() as connection:
        version = lake.find_dataset(connection, "std.person").current_version
        connection.exec_driver_sql("UPDATE version SET swept = true WHERE dataset = 'std.person'")
    with site_over(platform, prepared) as site:
        path = f"/api/datasets/std.person/difference?before={version}&after={version}"
        found = site.web("operator").get(path).json()
    platform.close()
    assert found["rows"] is None
    assert "保留期" in found["why"]


def test_a_leader_compares_nothing(site: Site) -> None:
    with pytest.raises(HainaError, match="不能比较"):
        from haina.compute.profiles.differences import difference

        leader = Subject("a_leader", frozenset({Role.LEADER}), None)
        difference(site.engine, leader, "std.person", 1, 1)
