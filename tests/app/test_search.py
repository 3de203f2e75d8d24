"""One box finds everything that the asker may see; the system page tells no secret."""

from collections.abc import Iterator
from typing import Any

import pytest

from haina.app import machine
from haina.kernel.platform import Platform
from haina.kernel.settings import Settings
from tests.app.support_http import Prepared, Site, site_over


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory, prepared: Prepared) -> Iterator[Site]:
    platform = prepared.copy(tmp_path_factory.mktemp("searched") / "home")
    with site_over(platform, prepared) as made:
        yield made


def found(site: Site, text: str, role: str = "operator", **more: Any) -> list[tuple[str, str]]:
    answer = site.web(role).get("/api/search", params={"text": text, **more})
    assert answer.status_code == 200, answer.text
    return [(one["kind"], one["key"]) for one in answer.json()]


def test_found_by_title_code_item_and_first_letters(site: Site) -> None:
    by_code = found(site, "base.person")
    assert ("entry", "base.person") in by_code
    assert ("model", "base.person") in by_code
    [title] = [
        one["title"]
        for one in site.web("operator").get("/api/search", params={"text": "person"}).json()
        if one["kind"] == "service" and one["key"] == "person"
    ]
    assert ("service", "person") in found(site, title)
    assert "item" in {kind for kind, _ in found(site, "身份证号")}
    assert "item" in {kind for kind, _ in found(site, "sfzh")}
    assert {kind for kind, _ in found(site, "标准化")} == {"run"}


def test_only_what_the_asker_may_see(site: Site) -> None:
    kinds = {kind for kind, _ in found(site, "a", "officer", limit=20)}
    assert not kinds & {"source", "run"}
    refused = site.web("security_admin").get("/api/search", params={"text": "a"})
    assert refused.status_code == 403


@pytest.mark.parametrize("text", ["%", "_", "'", "\\", "  ", "\u0000", "没有" * 50])
def test_odd_questions_find_nothing_and_break_nothing(site: Site, text: str) -> None:
    answer = site.web("operator").get("/api/search", params={"text": text})
    assert answer.status_code == 200
    assert len(answer.json()) < 60


def test_bad_questions_are_refused(site: Site) -> None:
    web = site.web("operator")
    for asked in ({}, {"text": ""}, {"text": "字" * 101}, {"text": "a", "limit": 21}):
        assert web.get("/api/search", params=asked).status_code == 422


def test_each_kind_is_bounded(site: Site) -> None:
    counts: dict[str, int] = {}
    for kind, _ in found(site, "e", limit=2):
        counts[kind] = counts.get(kind, 0) + 1
    assert counts
    assert max(counts.values()) <= 2


def test_the_system_tells_versions_settings_and_room(site: Site) -> None:
    facts = site.web("operator").get("/api/system/facts").json()
    assert {"海纳", "Python", "SQLite", "DuckDB"} <= {one["name"] for one in facts["parts"]}
    named = {one["name"]: one for one in facts["settings"]}
    assert set(named) == {f"HAINA_{name.upper()}" for name in Settings.model_fields}
    assert all(one["meaning"] for one in named.values())
    room = site.web("operator").get("/api/system").json()["room"]
    assert 0 < room["disk_free"] <= room["disk_total"]
    assert room["lake"] > 0
    examined = site.web("operator").get("/api/system/examination").json()
    assert {"数据湖", "存证链"} <= {one["title"] for one in examined}


def test_secrets_among_the_settings_are_not_told(any_platform: Platform) -> None:
    settings = any_platform.settings.model_copy(
        update={"secret_key": "dG9wLXNlY3JldA==", "database": "postgresql://me:hush@db:5432/haina"}
    )
    told = {one.name: one for one in machine.settings_of(settings)}
    assert told["HAINA_DATABASE"].value == "postgresql://db/haina"
    assert told["HAINA_SECRET_KEY"].own
    assert not any("hush" in one.value or "dG9w" in one.value for one in told.values())
    with any_platform.database.read() as connection:
        assert machine.room(any_platform, connection).disk_total > 0
        assert machine.parts(any_platform, connection)[2].version[0].isdigit()
