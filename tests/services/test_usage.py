"""How a service is used: by the hour and by the day, exact to the call."""

import math
from datetime import timedelta
from typing import Any

import pytest
import sqlalchemy as sa
from hypothesis import given
from hypothesis import strategies as st

from haina.kernel import clock
from haina.kernel.platform import Platform
from haina.services.gateway import queries
from haina.services.gateway.contracts import Call
from haina.services.gateway.metering import write_calls
from haina.services.gateway.tables import call_table
from haina.services.gateway.usage import Window, edges_of
from tests.app.support_http import Site


def write(site: Site, *calls: tuple[int, int, float]) -> None:
    """Calls of `people`: (status, microseconds, hours ago)."""
    now = clock.now()
    write_calls(
        site.platform,
        [
            Call(now - timedelta(hours=past), "people", "app:nobody", status, 1, spent)
            for status, spent, past in calls
        ],
    )


def test_a_call_is_kept_as_it_was_noted(any_platform: Platform) -> None:
    one = Call(clock.now(), "people", "app:\"x'甲", 200, 1, 5)
    write_calls(any_platform, [one, one._replace(status=503, rows=0, microseconds=2**31 - 1)])
    with any_platform.database.read() as connection:
        found = [Call(*row[1:]) for row in connection.execute(sa.select(call_table))]
    assert found == [one, one._replace(status=503, rows=0, microseconds=2**31 - 1)]


def usage(site: Site, window: str = "day", who: str = "operator") -> dict[str, Any]:
    answer = site.web(who).get(f"/api/services/people/usage?window={window}")
    assert answer.status_code == 200, answer.text
    found: dict[str, Any] = answer.json()
    return found


def test_times_are_those_that_half_and_nearly_all_calls_do_not_exceed(own_site: Site) -> None:
    write(own_site, *((200, n * 1000, 0) for n in range(1, 101)), (503, 900_000, 0))
    found = usage(own_site)
    assert (found["calls"], found["failed"]) == (101, 1)
    assert (found["p50"], found["p95"]) == (51, 96)
    last = found["slices"][-1]
    assert (last["calls"], last["p50"], last["p95"]) == (101, 51, 96)
    assert found["statuses"] == [{"status": 200, "calls": 100}, {"status": 503, "calls": 1}]


@given(st.lists(st.integers(1, 10**9), min_size=1, max_size=60))
def test_the_law_of_the_percentile(times: list[int]) -> None:
    """As the platform database says it: the value at the rank that reaches the part."""
    at = clock.now()
    rows = [
        {"at": at, "service": "a", "caller": "b", "status": 200, "rows": 1, "microseconds": one}
        for one in times
    ]
    engine = sa.create_engine("sqlite://")
    call_table.create(engine)
    with engine.begin() as connection:
        connection.execute(call_table.insert(), rows)
        edges = [at - timedelta(hours=1), at + timedelta(hours=1)]
        [found] = queries.calls_by_slice(connection, "a", edges)
    engine.dispose()
    ranked = sorted(times)
    assert found.calls == len(times)
    for part, value in ((50, found.p50), (95, found.p95)):
        assert value == ranked[math.ceil(len(ranked) * part / 100) - 1]


@pytest.mark.parametrize(("window", "slices"), [("day", 24), ("week", 7), ("month", 30)])
def test_slices_have_no_gap_and_hold_every_call(own_site: Site, window: str, slices: int) -> None:
    write(own_site, (200, 1000, 0), (200, 3000, 5), (422, 1000, 30), (200, 1000, 24 * 12))
    found = usage(own_site, window)
    assert len(found["slices"]) == slices
    assert sum(one["calls"] for one in found["slices"]) == found["calls"]
    assert found["calls"] == {"day": 2, "week": 3, "month": 4}[window]
    quiet = [one for one in found["slices"] if one["calls"] == 0]
    assert all(one["p50"] is None for one in quiet)


@given(st.datetimes(timezones=st.just(clock.SHANGHAI)), st.sampled_from(["day", "week", "month"]))
def test_the_present_is_in_the_last_slice(moment: Any, window: Window) -> None:
    if not 1990 < moment.year < 2200:
        return
    edges = edges_of(window, moment)
    assert edges == sorted(set(edges))
    assert edges[-2] <= moment < edges[-1]


def test_who_calls_is_told_to_those_who_give_keys(own_site: Site) -> None:
    web = own_site.web("operator")
    made = web.post("/api/services/keys", json={"title": "资助系统", "services": ["people"]}).json()
    now = clock.now()
    write_calls(own_site.platform, [Call(now, "people", f"app:{made['id']}", 200, 1, 5)] * 3)
    write_calls(own_site.platform, [Call(now, "people", "officer", 422, 0, 5)])
    callers = usage(own_site)["callers"]
    assert [(one["title"], one["by_key"], one["calls"], one["failed"]) for one in callers] == [
        ("资助系统", True, 3, 0),
        ("officer", False, 1, 1),
    ]
    assert usage(own_site, who="officer")["callers"] is None


def test_bad_questions_are_refused(site: Site) -> None:
    web = site.web("operator")
    assert web.get("/api/services/nothing/usage").status_code == 404
    assert web.get("/api/services/people/usage?window=century").status_code == 422


def test_a_service_that_nobody_called(own_site: Site) -> None:
    found = own_site.web("operator").get("/api/services/grant_probe/usage").json()
    assert (found["calls"], found["p50"], found["statuses"]) == (0, None, [])
