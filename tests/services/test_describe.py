"""The description of services that integrators are given, and what pages say of one."""

from typing import Any

import pytest

from tests.app.support_http import Site
from tests.services.calling import Client
from tests.support.packs import id_number

SERVICES = ["grant_bounds", "grant_probe", "grants", "people", "person", "person_card",
            "person_match", "rare"]  # fmt: skip


@pytest.fixture(scope="module")
def document(site: Site) -> dict[str, Any]:
    found: dict[str, Any] = site.web("officer").get("/api/services/openapi.json").json()
    return found


def operation(document: dict[str, Any], name: str) -> dict[str, Any]:
    found: dict[str, Any] = document["paths"][f"/data/{name}"]["get"]
    return found


def test_it_is_openapi_3_1(document: dict[str, Any]) -> None:
    assert document["openapi"] == "3.1.0"
    assert document["info"]["title"]
    assert document["info"]["version"]


def test_every_service_is_in_it(document: dict[str, Any]) -> None:
    assert sorted(document["paths"]) == [f"/data/{name}" for name in SERVICES]


def test_operations_have_names_of_their_own(document: dict[str, Any]) -> None:
    names = [operation(document, name)["operationId"] for name in SERVICES]
    assert len(set(names)) == len(names)


def test_every_operation_asks_for_a_key(document: dict[str, Any]) -> None:
    [asked] = document["security"]
    scheme = document["components"]["securitySchemes"][next(iter(asked))]
    assert scheme == {"type": "http", "scheme": "bearer"}


@pytest.mark.parametrize("name", SERVICES)
def test_every_response_is_described(document: dict[str, Any], name: str) -> None:
    responses = operation(document, name)["responses"]
    assert {"200", "401", "403", "422", "429", "503"} <= set(responses)
    assert all(one["description"] for one in responses.values())


@pytest.mark.parametrize("name", SERVICES)
def test_parameters_are_well_formed(document: dict[str, Any], name: str) -> None:
    parameters = operation(document, name)["parameters"]
    assert all(one["in"] == "query" and one["schema"] == {"type": "string"} for one in parameters)
    assert len({one["name"] for one in parameters}) == len(parameters)


@pytest.mark.parametrize(
    ("name", "needed", "optional"),
    [
        ("person", {"id_number"}, set()),
        ("people", set(), {"sex", "no", "id_number", "limit", "after"}),
        ("person_match", {"id_number", "name", "sex"}, set()),
        ("grants", set(), {"town"}),
    ],
)
def test_parameters_are_those_that_are_taken(
    document: dict[str, Any], name: str, needed: set[str], optional: set[str]
) -> None:
    parameters = operation(document, name)["parameters"]
    assert {one["name"] for one in parameters if one["required"]} == needed
    assert {one["name"] for one in parameters if not one["required"]} == optional


@pytest.mark.parametrize(
    ("name", "parameters"),
    [
        ("person", {"id_number": id_number(1)}),
        ("people", {"limit": 2}),
        ("person_match", {"id_number": id_number(1), "name": "张1", "sex": "1"}),
        ("grants", {}),
        ("grant_bounds", {}),
    ],
)
def test_answers_have_the_described_shape(
    document: dict[str, Any], client: Client, name: str, parameters: dict[str, Any]
) -> None:
    content = operation(document, name)["responses"]["200"]["content"]["application/json"]
    schema = content["schema"]["properties"]
    body = client.get(name, **parameters).body
    assert set(body) == set(schema)
    for row in body.get("rows", []):
        assert set(row) == set(schema["rows"]["items"]["properties"])


def test_a_page_of_a_service_tells_its_use(own_site: Site, own_client: Client) -> None:
    own_client.get("person", id_number=id_number(1))
    own_client.get("person")
    found = own_site.web("officer").get("/api/services/person").json()
    assert (found["usage"]["calls"], found["usage"]["failed"]) == (2, 1)
    assert found["usage"]["mean_milliseconds"] > 0
    assert found["copy_version"] is not None
    assert found["titles"]["name"]
    assert [one["name"] for one in found["parameters"]] == ["id_number"]


def test_trying_answers_as_calling_does(site: Site, client: Client) -> None:
    asked = {"id_number": id_number(7)}
    tried = site.web("officer").post("/api/services/person/try", json={"parameters": asked}).json()
    assert tried["status"] == 200
    assert tried["body"] == client.get("person", **asked).body


def test_trying_shows_errors_as_calling_does(site: Site, client: Client) -> None:
    tried = site.web("officer").post("/api/services/person/try", json={}).json()
    assert tried["status"] == 422
    assert tried["body"] == client.get("person").body


def test_trying_is_recorded(own_site: Site) -> None:
    from tests.services.calling import calls

    own_site.web("officer").post("/api/services/people/try", json={"parameters": {"limit": "2"}})
    last = calls(own_site.platform)[-1]
    assert (last.service, last.caller, last.status, last.rows) == ("people", "a_officer", 200, 2)


def test_a_key_is_shown_once(own_site: Site) -> None:
    web = own_site.web("operator")
    made = web.post("/api/services/keys", json={"title": "新程序", "services": ["person"]}).json()
    assert made["key"].startswith("hk_")
    listed = web.get("/api/services/keys/all").text
    assert made["id"] in listed
    assert made["key"] not in listed


def test_a_key_for_a_service_that_is_not_there_is_refused(site: Site) -> None:
    asked = {"title": "新程序", "services": ["nope"]}
    answer = site.web("operator").post("/api/services/keys", json=asked)
    assert answer.status_code == 404
    assert "nope" in answer.json()["error"]["message"]
