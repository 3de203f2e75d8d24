"""Who may not call, and what is not a call."""

import time
from pathlib import Path

import pytest

from haina.services.gateway import asgi, disable_key, list_keys
from tests.app.support_http import Site
from tests.services.calling import Answer, Client, calls, client_of
from tests.support.packs import id_number


def asked_with(client: Client, header: str | None) -> Answer:
    headers = {} if header is None else {"authorization": header}
    return client.ask("GET", "person", f"id_number={id_number(1)}", headers=headers)


@pytest.mark.parametrize(
    "header",
    [None, "", "Bearer ", "Bearer hk_wrong", "Basic aGs6eA==", "hk_bare", "Bearer é"],
)
def test_without_a_good_key_nothing_is_answered(client: Client, header: str | None) -> None:
    answer = asked_with(client, header)
    assert (answer.status, answer.code) == (401, "unauthenticated")
    assert answer.body["error"]["hint"]


def test_the_word_bearer_may_be_written_in_any_case(client: Client) -> None:
    assert asked_with(client, f"bEARER {client.key}").status == 200


def test_a_key_is_good_for_the_services_it_names_alone(site: Site) -> None:
    narrow = client_of(site.platform, site.engine, site.prepared.narrow_key, site.runner)
    assert narrow.get("person", id_number=id_number(1)).status == 200
    answer = narrow.get("people")
    assert (answer.status, answer.code) == (403, "forbidden")


def test_strangers_do_not_learn_which_services_there_are(client: Client) -> None:
    there = asked_with(client, "Bearer hk_wrong")
    absent = client.ask("GET", "no_such", headers={"authorization": "Bearer hk_wrong"})
    assert there.body == absent.body


def test_an_unknown_service_is_not_found(client: Client) -> None:
    answer = client.get("no_such")
    assert (answer.status, answer.code) == (404, "not_found")


@pytest.mark.parametrize("name", ["", "person/", "PERSON", "../api/session", "person%00"])
def test_a_name_is_taken_literally(client: Client, name: str) -> None:
    assert client.get(name).status == 404


def test_a_disabled_key_ends_within_a_second(own_site: Site, own_client: Client) -> None:
    assert own_client.get("person", id_number=id_number(1)).status == 200
    with own_site.platform.database.read() as connection:
        [found] = [one for one in list_keys(connection) if one.title == "全部"]
    disable_key(own_site.platform, "test", found.id)
    time.sleep(1.05)
    assert own_client.get("person", id_number=id_number(1)).status == 401


def test_a_new_key_works_within_a_second(own_site: Site, own_client: Client) -> None:
    from haina.services.gateway import add_key

    assert own_client.get("person", id_number=id_number(1)).status == 200
    _, own_client.key = add_key(own_site.platform, "test", "新", ["person"])
    time.sleep(1.05)
    assert own_client.get("person", id_number=id_number(1)).status == 200


def test_keys_are_not_stored_as_they_are(own_site: Site) -> None:
    own_site.platform.database.checkpoint()
    home = Path(own_site.platform.settings.home)
    assert own_site.prepared.key.encode() not in (home / "platform.db").read_bytes()


def test_too_many_calls_a_minute_are_put_off(own_client: Client) -> None:
    statuses = [own_client.get("rare", id_number=id_number(1)).status for _ in range(3)]
    assert statuses == [200, 200, 429]
    answer = own_client.get("rare", id_number=id_number(1))
    assert answer.code == "too_many_requests"
    assert int(answer.headers["retry-after"]) > 0
    assert "rows" not in answer.body


def test_the_limit_of_one_service_is_not_that_of_another(own_client: Client) -> None:
    for _ in range(3):
        own_client.get("rare", id_number=id_number(1))
    assert own_client.get("person", id_number=id_number(1)).status == 200


@pytest.mark.parametrize("method", ["PUT", "DELETE", "PATCH", "OPTIONS", "TRACE"])
def test_other_methods_are_refused(client: Client, method: str) -> None:
    answer = client.ask(method, "person", f"id_number={id_number(1)}")
    assert answer.status == 422
    assert answer.body["error"]["field"] == "method"


@pytest.mark.parametrize(
    "body",
    [b"{", b"[]", b'"a"', b"1", b"\xff", b'{"id_number": ["a"]}', b'{"id_number": {"a": 1}}',
     b'{"id_number": "\\ud800"}', b"NaN"],
)  # fmt: skip
def test_a_body_that_is_no_object_of_values_is_refused(client: Client, body: bytes) -> None:
    answer = client.post("person", body)
    assert (answer.status, answer.code) == (422, "bad_input")


def test_a_body_of_64_kb_is_read_and_a_larger_one_is_not(client: Client) -> None:
    frame = len(b'{"id_number": ""}')
    most = 64 * 1024 - frame
    assert client.post("person", {"id_number": "1" * most}).rows == []
    answer = client.post("person", {"id_number": "1" * (most + 1)})
    assert answer.status == 422
    assert "64 KB" in answer.body["error"]["message"]


@pytest.mark.parametrize(
    "query", [b"\xff=1", b"&".join(b"p%d=1" % n for n in range(101)), b"id_number=%FF%FE"]
)
def test_an_address_that_cannot_be_read_is_never_our_fault(client: Client, query: bytes) -> None:
    assert client.ask("GET", "person", query).status < 500


def test_strangers_leave_no_record(own_site: Site, own_client: Client) -> None:
    before = len(calls(own_site.platform))
    asked_with(own_client, None)
    own_client.get("no_such")
    assert len(calls(own_site.platform)) == before


def test_answers_are_not_to_be_kept_or_sniffed(client: Client) -> None:
    headers = client.get("person", id_number=id_number(1)).headers
    assert headers["cache-control"] == "no-store"
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["content-type"] == "application/json; charset=utf-8"


def test_computations_beyond_the_line_are_told_to_come_back(
    client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(asgi, "_MOST_WAITING_SCANS", -asgi._MOST_SCANS)
    answer = client.get("people")
    assert (answer.status, answer.code) == (503, "unavailable")
    assert answer.headers["retry-after"].isdigit()
    assert client.get("person", id_number=id_number(1)).status == 200, "no computation"
    monkeypatch.undo()
    assert client.get("people").status == 200
