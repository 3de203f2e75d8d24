"""The page of people: who may steer them, what is refused, and what follows at once."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from haina.security import evidence
from haina.security.access import Role, disable_user, sign_in
from haina.security.access.guard import COOKIE
from tests.app.support_http import PASSWORD, Prepared, Site, Web, site_over

NEW = {"name": "li.si", "title": "李四", "roles": ["steward"], "agency": "gongan"}


@pytest.fixture
def site(tmp_path: Path, prepared: Prepared) -> Iterator[Site]:
    platform = prepared.copy(tmp_path / "home")
    with site_over(platform, prepared) as made:
        yield made
    platform.close()


@pytest.fixture
def steerer(site: Site) -> Web:
    return site.web("security_admin")


def person(web: Web, name: str) -> dict[str, Any]:
    everyone = web.get("/api/people").json()["people"]
    [found] = [one for one in everyone if one["name"] == name]
    return dict(found)


def signed_in(site: Site, name: str, password: str) -> Web:
    token, _ = sign_in(site.platform, name, password)
    return Web(site.app, site.runner, {COOKIE: token})


def refused(web: Web, method: str, path: str, body: Any = None) -> tuple[int, str, str | None]:
    answer = web.request(method, f"/api/people{path}", json=body)
    error = answer.json()["error"]
    assert error["message"]
    assert error["hint"]
    return answer.status_code, error["code"], error["field"]


def test_the_list_says_who_there_is_and_what_can_be_chosen(steerer: Web) -> None:
    told = steerer.get("/api/people").json()
    assert {"a_steward", "a_leader", "newcomer"} <= {one["name"] for one in told["people"]}
    assert "password" not in str(told["people"][0])
    assert [one["name"] for one in told["roles"] if one["alone"]] == [
        "system_admin", "security_admin", "audit_admin",
    ]  # fmt: skip
    assert "gongan" in {one["code"] for one in told["agencies"]}


def test_who_is_added_signs_in_and_must_change_the_password(site: Site, steerer: Web) -> None:
    made = steerer.post("/api/people", json=NEW)
    assert made.status_code == 201
    web = signed_in(site, "li.si", made.json()["password"])
    me = web.get("/api/session").json()
    assert (me["agency"], me["roles"], me["must_change"]) == ("gongan", ["steward"], True)
    assert web.get("/api/runs").json()["error"]["code"] == "must_change_password"
    assert made.json()["password"] not in steerer.get("/api/people").text


@pytest.mark.parametrize(
    ("change", "status", "code", "field"),
    [
        ({"name": "Li Si"}, 422, "bad_input", "name"),
        ({"name": "x" * 61}, 422, "bad_input", "name"),
        ({"name": "a_leader"}, 409, "user_exists", "name"),
        ({"title": "  "}, 422, "bad_input", "title"),
        ({"title": "x" * 101}, 422, "bad_input", "title"),
        ({"roles": []}, 422, "bad_input", "roles"),
        ({"roles": ["king"]}, 422, "bad_input", "roles"),
        ({"roles": ["operator", "audit_admin"]}, 422, "bad_input", "roles"),
        ({"agency": None}, 422, "bad_input", "agency"),
        ({"agency": "gongann"}, 422, "bad_input", "agency"),
    ],
)
def test_what_is_wrong_is_said_with_its_field(
    steerer: Web, change: dict[str, Any], status: int, code: str, field: str
) -> None:
    assert refused(steerer, "POST", "", {**NEW, **change}) == (status, code, field)
    if "name" not in change:
        assert refused(steerer, "PUT", "/a_steward", {**NEW, **change}) == (status, code, field)


def test_nobody_is_where_nobody_is(steerer: Web) -> None:
    assert refused(steerer, "PUT", "/nobody", NEW) == (404, "not_found", "name")
    for act in ("password", "disable", "enable"):
        assert refused(steerer, "POST", f"/nobody/{act}") == (404, "not_found", "name")


@pytest.mark.parametrize("role", [one for one in Role if one is not Role.SECURITY_ADMIN])
def test_no_other_role_sees_or_steers_people(site: Site, role: Role) -> None:
    web = site.web(role.value)
    for method, path in (
        ("GET", ""), ("POST", ""), ("PUT", "/a_leader"),
        ("POST", "/a_leader/password"), ("POST", "/a_leader/disable"), ("POST", "/a_leader/enable"),
    ):  # fmt: skip
        assert refused(web, method, path, NEW)[:2] == (403, "forbidden")


def test_who_is_disabled_is_out_at_once(site: Site, steerer: Web) -> None:
    web = site.web("leader")
    assert web.get("/api/session").status_code == 200
    assert steerer.post("/api/people/a_leader/disable").status_code == 204
    assert web.get("/api/session").status_code == 401
    assert person(steerer, "a_leader")["disabled"] is True
    assert steerer.post("/api/people/a_leader/enable").status_code == 204
    signed_in(site, "a_leader", PASSWORD)


def test_an_open_stream_ends_with_the_session(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    """Of some 20 ticks only the first is answered: the second finds nobody."""
    from haina.compute import runs_api

    def once(_platform: Any) -> dict[str, str]:
        disable_user(site.platform, "test", "a_operator")
        return {"told": "once"}

    monkeypatch.setattr(runs_api, "_TICK_SECONDS", 0.01)
    monkeypatch.setattr(runs_api, "_STREAM_SECONDS", 0.2)
    monkeypatch.setattr(runs_api, "_live", once)
    assert site.web("operator").get("/api/runs/events").text == 'data: {"told": "once"}\n\n'


def test_rights_change_at_once_and_the_person_signs_in_anew(site: Site, steerer: Web) -> None:
    web = site.web("officer")
    rights = {"title": "王五", "roles": ["steward"], "agency": "gongan"}
    assert steerer.request("PUT", "/api/people/a_officer", json=rights).status_code == 204
    assert web.get("/api/session").status_code == 401
    me = signed_in(site, "a_officer", PASSWORD).get("/api/session").json()
    assert (me["title"], me["roles"], me["agency"]) == ("王五", ["steward"], "gongan")


def test_a_password_that_was_reset_is_told_once(site: Site, steerer: Web) -> None:
    web = site.web("officer")
    told = steerer.post("/api/people/a_officer/password").json()
    assert web.get("/api/session").status_code == 401
    me = signed_in(site, "a_officer", told["password"]).get("/api/session").json()
    assert me["must_change"] is True


def test_the_last_security_administrator_stays(steerer: Web) -> None:
    own = "/a_security_admin"
    assert refused(steerer, "POST", f"{own}/disable")[:2] == (409, "last_administrator")
    lessened = {"title": "x", "roles": ["officer"], "agency": None}
    assert refused(steerer, "PUT", own, lessened)[:2] == (409, "last_administrator")
    assert steerer.get("/api/people").status_code == 200


def test_each_act_is_in_evidence_with_who_did_it(site: Site, steerer: Web) -> None:
    steerer.post("/api/people", json=NEW)
    steerer.request("PUT", "/api/people/li.si", json={**NEW, "title": "李思"})
    for act in ("password", "disable", "enable"):
        steerer.post(f"/api/people/li.si/{act}")
    with site.platform.database.read() as connection:
        last = evidence.records(connection)[-5:]
        assert evidence.verify(connection).whole
    assert [(one.act, one.actor, one.object) for one in last] == [
        (act, "a_security_admin", "user:li.si")
        for act in (
            "users.add", "users.change", "users.reset_password", "users.disable", "users.enable",
        )
    ]  # fmt: skip
