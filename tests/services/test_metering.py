"""No answer without its record."""

import asyncio
from typing import Any

import pytest
import sqlalchemy as sa

from haina.security import evidence
from haina.services.gateway import queries
from tests.app.support_http import Site
from tests.services.calling import Client, calls
from tests.support.packs import id_number


def records(site: Site, act: str) -> list[evidence.Record]:
    with site.platform.database.read() as connection:
        return [one for one in evidence.records(connection, limit=10_000) if one.act == act]


def test_a_call_is_recorded_with_its_caller_outcome_and_rows(
    own_site: Site, own_client: Client
) -> None:
    own_client.get("person", id_number=id_number(1))
    own_client.get("person", id_number=id_number(999))
    own_client.get("person")
    own_client.get("people", limit=3)
    found = calls(own_site.platform)[-4:]
    assert [(one.service, one.status, one.rows) for one in found] == [
        ("person", 200, 1),
        ("person", 200, 0),
        ("person", 422, 0),
        ("people", 200, 3),
    ]
    assert len({one.caller for one in found}) == 1
    assert found[0].caller.startswith("app:")
    assert all(one.microseconds > 0 for one in found)


def test_the_record_is_there_when_the_answer_begins(own_site: Site, own_client: Client) -> None:
    before = len(calls(own_site.platform))
    seen: list[int] = []
    own_client.at_start = lambda: seen.append(len(calls(own_site.platform)))
    own_client.get("person", id_number=id_number(1))
    assert seen == [before + 1]


@pytest.mark.parametrize(
    ("service", "parameters"),
    [
        ("person", {"id_number": id_number(1)}),
        ("person_match", {"id_number": id_number(1), "name": "张1", "sex": "1"}),
        ("people", {}),
        ("grants", {}),
    ],
)
def test_a_call_that_cannot_be_recorded_is_not_answered(
    own_client: Client,
    monkeypatch: pytest.MonkeyPatch,
    service: str,
    parameters: dict[str, str],
) -> None:
    def refuse(*_: Any) -> None:
        raise sa.exc.OperationalError("INSERT", {}, Exception("disk full"))

    monkeypatch.setattr(queries, "insert_calls", refuse)
    answer = own_client.get(service, **parameters)
    assert answer.status == 503
    assert set(answer.body) == {"error"}
    assert "张" not in str(answer.body)
    assert answer.headers["retry-after"]


def test_a_call_is_not_recorded_when_its_evidence_cannot_be(
    own_site: Site, own_client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_: Any, **__: Any) -> int:
        raise RuntimeError("the chain is broken")

    before = len(calls(own_site.platform))
    monkeypatch.setattr(evidence, "append", refuse)
    assert own_client.get("person", id_number=id_number(1)).status == 503
    monkeypatch.undo()
    assert len(calls(own_site.platform)) == before


def test_service_recovers_when_records_can_be_written_again(
    own_client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as broken:
        broken.setattr(queries, "insert_calls", lambda *_: 1 / 0)
        assert own_client.get("person", id_number=id_number(1)).status == 503
    assert own_client.get("person", id_number=id_number(1)).status == 200


def test_calls_at_the_same_time_are_all_recorded(own_site: Site, own_client: Client) -> None:
    before = len(calls(own_site.platform))

    async def many() -> list[int]:
        query = f"id_number={id_number(1)}"
        found = await asyncio.gather(
            *(own_client.answer("GET", "person", query) for _ in range(100))
        )
        return [one.status for one in found]

    assert own_client.runner.run(many()) == [200] * 100
    assert len(calls(own_site.platform)) == before + 100


def test_evidence_covers_every_call_and_stays_whole(own_site: Site, own_client: Client) -> None:
    before = sum(one.details["count"] for one in records(own_site, "service.calls"))
    for place in range(5):
        own_client.get("person", id_number=id_number(place + 1))
    after = sum(one.details["count"] for one in records(own_site, "service.calls"))
    assert after == before + 5
    with own_site.platform.database.read() as connection:
        assert evidence.verify(connection).whole


def test_evidence_of_calls_holds_no_parameters(own_site: Site, own_client: Client) -> None:
    own_client.get("person", id_number=id_number(1))
    last = records(own_site, "service.calls")[-1]
    assert set(last.details) == {"count", "digest"}


def test_a_scan_is_in_evidence_as_a_reading(own_site: Site, own_client: Client) -> None:
    own_client.get("people", limit=1)
    last = records(own_site, "data.service")[-1]
    assert last.actor.startswith("app:")
    assert last.object.startswith("std.person@")
