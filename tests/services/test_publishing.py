"""A service that is published on screen answers like one of a pack, and outlives its packs."""

from pathlib import Path
from typing import Any

import pytest

from haina import packs
from haina.packs.exporting import export
from tests.app.support_http import Site
from tests.services.calling import client_of
from tests.support.packs import id_number
from tests.support.running import run_all

NEW = {
    "name": "sex_of",
    "title": "查性别",
    "kind": "key",
    "dataset": "base.person",
    "by": ["id_number"],
    "returns": ["sex"],
}


def publish(site: Site, who: str = "operator", **changes: Any) -> Any:
    said = {**NEW, **changes}
    return site.web(who).post("/api/definitions/services", json={"service": said})


def test_published_and_called(own_site: Site) -> None:
    assert publish(own_site).json() == {"name": "sex_of"}
    assert {job.state for job in run_all(own_site.platform)} == {"done"}  # the copy
    web = own_site.web("operator")
    made = web.post("/api/services/keys", json={"title": "甲", "services": ["sex_of"]}).json()
    client = client_of(own_site.platform, own_site.engine, made["key"], own_site.runner)
    assert client.get("sex_of", id_number=id_number(2)).rows == [{"sex": "2"}]
    assert web.get("/api/services/sex_of").json()["pack"] == "screen"


def test_it_outlives_its_packs_and_is_written_to_a_folder(own_site: Site, tmp_path: Path) -> None:
    publish(own_site)
    packs.apply(own_site.platform, Path(own_site.prepared.pack), "test")
    assert own_site.web("operator").get("/api/services/sex_of").status_code == 200
    assert export(own_site.platform, tmp_path / "screen") == ["services/sex_of.yaml"]
    again = packs.apply(own_site.platform, tmp_path / "screen", "test")
    assert not again.conflicts
    assert own_site.web("operator").get("/api/services/sex_of").status_code == 200


@pytest.mark.parametrize(
    ("changes", "status", "field"),
    [
        ({"name": "person"}, 409, "name"),
        ({"name": "keys"}, 409, "name"),
        ({"name": "new"}, 409, "name"),
        ({"name": "Sex Of"}, 422, "name"),
        ({"dataset": "base.nothing"}, 422, None),
        ({"returns": ["nothing"]}, 422, None),
        ({"returns": []}, 422, None),
        ({"kind": "magic"}, 422, "kind"),
        ({"per_minute": 0}, 422, "per_minute"),
        ({"strange": 1}, 422, "strange"),
    ],
)
def test_bad_services_are_refused(
    site: Site, changes: dict[str, Any], status: int, field: str | None
) -> None:
    answer = publish(site, **changes)
    assert answer.status_code == status, answer.text
    error = answer.json()["error"]
    assert error["message"]
    assert error["hint"]
    if field is not None:
        assert error["field"] == field


def test_only_who_steers_services_publishes(site: Site) -> None:
    assert publish(site, who="leader").status_code == 403
    assert publish(site, who="officer").status_code == 403
