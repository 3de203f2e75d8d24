"""Queries, models and runs through HTTP: called back, exported, pointed at, and explained."""

import threading
import time
from collections.abc import Iterator

import pytest

from haina.compute.engines import Page
from haina.compute.exporting import csv_of
from haina.compute.pointing import find
from haina.kernel.errors import HainaError
from haina.kernel.jobs import reading_queries
from haina.kernel.platform import Platform
from haina.security import evidence
from haina.security.access import Purpose, system_subject
from tests.app.support_http import Prepared, Site, site_over
from tests.support.running import run_all

SLOW = "SELECT sum(a.x * b.x) FROM range(400000) AS a(x), range(400000) AS b(x)"


@pytest.fixture(scope="module")
def site(prepared: Prepared, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    platform = prepared.copy(tmp_path_factory.mktemp("query") / "home")
    with site_over(platform, prepared) as found:
        yield found
    platform.close()


def message(site: Site, sql: str) -> str:
    answer = site.web("operator").post("/api/datasets/query", json={"sql": sql})
    assert answer.status_code >= 400
    return str(answer.json()["error"]["message"])


# Where it is wrong


@pytest.mark.parametrize(
    ("sql", "where"),
    [
        ("SELECT no,\n  nothing\nFROM std.person", "第 2 行第 3 列"),
        ("SELECT no\nFROM std.nothing", "第 2 行第 6 列"),
        ("SELECT no -- nothing\n, 'nothing', nothing FROM std.person", "第 2 行第 14 列"),
        ("SELECT no\nFROM std.person\nWHERE frobnicate(no)", "第 3 行第 7 列"),
        ("SELECT no\nFROM std.person WHERE", "语法"),
    ],
)
def test_an_error_says_where_it_stands(site: Site, sql: str, where: str) -> None:
    assert where in message(site, sql)


def test_names_are_found_outside_of_literals_and_comments() -> None:
    assert find("a", "SELECT 'a' /* a */, ba, A") == 24
    assert find("std.person", 'SELECT 1 FROM std . "person"') == 14
    assert find("nothing", "SELECT 1") is None
    assert find("a", "'it''s a', a") == 11


# Calling back


def test_a_query_can_be_called_back_by_who_asked_it(site: Site) -> None:
    asker, other = system_subject("test"), system_subject("other")
    ended: list[HainaError] = []

    def ask() -> None:
        try:
            site.engine.read(asker, Purpose.QUERY, SLOW, ticket="slow-1")
        except HainaError as error:
            ended.append(error)

    thread = threading.Thread(target=ask)
    thread.start()
    try:
        assert not site.engine.cancel(other, "slow-1")
        _until(lambda: site.engine.cancel(asker, "slow-1"))
        thread.join(10)
        assert [error.code for error in ended] == ["query_cancelled"]
        assert not site.engine.cancel(asker, "slow-1")
    finally:
        thread.join(30)


def _until(happens: object) -> None:
    end = time.monotonic() + 10
    while not happens():  # type: ignore[operator]
        assert time.monotonic() < end
        time.sleep(0.02)


def test_nothing_to_stop_and_tickets_that_are_none(site: Site) -> None:
    web = site.web("operator")
    assert web.post("/api/datasets/query/none/cancel").json() == {"stopped": False}
    bad = web.post("/api/datasets/query", json={"sql": "SELECT 1", "ticket": "a b"})
    assert bad.status_code == 422
    assert site.web("officer").post("/api/datasets/query/none/cancel").status_code == 403


# Export


def test_an_export_is_masked_marked_and_in_evidence(site: Site) -> None:
    sql = "SELECT no, id_number, name FROM std.person ORDER BY no LIMIT 3"
    answer = site.web("operator").post("/api/datasets/query.csv", json={"sql": sql})
    shown = site.web("operator").post("/api/datasets/query", json={"sql": sql}).json()["rows"]
    assert answer.content.startswith(b"\xef\xbb\xbfno,id_number,name\r\n")
    lines = answer.content.decode("utf-8-sig").split("\r\n")[1:4]
    assert lines == [",".join(row) for row in shown]
    assert "********" in lines[0]
    assert answer.headers["x-truncated"] == "0"
    with site.platform.database.read() as connection:
        acts = [record.act for record in evidence.records(connection, limit=100_000)]
    assert "data.export" in acts


def test_who_may_not_query_may_not_export(site: Site) -> None:
    for role in ("steward", "officer", "leader"):
        answer = site.web(role).post("/api/datasets/query.csv", json={"sql": "SELECT 1"})
        assert answer.status_code == 403
    bad = site.web("operator").post("/api/datasets/query.csv", json={"sql": "DROP TABLE x"})
    assert bad.json()["error"]["code"] == "sql_refused"


def test_no_cell_of_an_export_is_computed_by_a_spreadsheet() -> None:
    page = Page(
        [("=1+1", "VARCHAR"), ("n", "INTEGER"), ("l", "VARCHAR[]")], [["=cmd|x", -5, ["a"]]], False
    )
    assert "".join(csv_of(page)) == '\ufeff\'=1+1,n,l\r\n\'=cmd|x,-5,"[""a""]"\r\n'


# What may be asked about


def test_what_may_be_asked_about_comes_with_columns_by_name(site: Site) -> None:
    web = site.web("operator")
    every = {one["name"]: one for one in web.get("/api/datasets/askable").json()}
    assert every["std.person"]["columns"] == []
    [person] = web.get("/api/datasets/askable?names=std.person,std.nothing").json()
    columns = {column["name"]: column for column in person["columns"]}
    assert columns["id_number"]["masked"]
    assert not columns["sex"]["masked"]
    assert "_seq" not in columns
    assert site.web("leader").get("/api/datasets/askable").status_code == 403


# Why a run is, and models


def test_a_run_tells_its_causes_and_what_it_set_off(site: Site) -> None:
    web = site.web("operator")
    runs = {run["subject"]: run for run in web.get("/api/runs?limit=200").json()["runs"]}
    conform = runs["std.person"]
    around = web.get(f"/api/runs/{conform['id']}/around").json()
    assert around["causes"][0]["kind"] == "first"
    raw = next(one for one in around["causes"] if one["object"] == "ods.person")
    assert raw["run"]["id"] == runs["ods.person"]["id"]
    assert (raw["version"], raw["before"]) == (runs["ods.person"]["result"]["version"], None)
    load = web.get(f"/api/runs/{runs['ods.person']['id']}/around").json()
    assert conform["id"] in [one["id"] for one in load["set_off"]]
    assert load["set_off_count"] >= len(load["set_off"]) > 0
    assert web.get("/api/runs/nothing/around").status_code == 404


@pytest.mark.parametrize(
    "query", ["seconds=1", "seconds=99999999", "until=2026-01-01T00:00:00", "until=x"]
)
def test_windows_that_are_none_are_refused(site: Site, query: str) -> None:
    answer = site.web("operator").get(f"/api/runs/timeline?{query}")
    assert answer.status_code == 422
    assert answer.json()["error"]["field"] in ("seconds", "until")


def test_runs_are_found_by_agency(site: Site) -> None:
    web = site.web("operator")
    with site.platform.database.read() as connection:
        owners = {job.subject for job in reading_queries.list_jobs(connection, limit=500).jobs}
    found = {run["subject"] for run in web.get("/api/runs?agency=gongan&limit=200").json()["runs"]}
    assert found
    assert found < owners
    assert web.get("/api/runs?agency=nobody").json()["runs"] == []


def test_a_model_is_built_when_a_person_asks(prepared: Prepared, tmp_path: object) -> None:
    platform: Platform = prepared.copy(tmp_path / "home")  # type: ignore[operator]
    with site_over(platform, prepared) as site:
        web = site.web("operator")
        [name, *_] = [one["dataset"] for one in web.get("/api/models").json()]
        assert web.get(f"/api/models/{name}").json()["stale"] is None
        first = web.post(f"/api/models/{name}/build").json()
        again = web.post(f"/api/models/{name}/build").json()
        assert (first["waited"], again) == (False, {"run": first["run"], "waited": True})
        assert site.web("officer").post(f"/api/models/{name}/build").status_code == 403
        assert web.post("/api/models/base.nothing/build").status_code == 404
        run_all(platform, load=False)
        view = next(one for one in web.get("/api/models").json() if one["dataset"] == name)
        assert (view["last"]["run"], view["last"]["state"]) == (first["run"], "done")
        around = web.get(f"/api/runs/{first['run']}/around").json()
        assert [(one["kind"], one["object"]) for one in around["causes"]] == [
            ("person", "a_operator")
        ]
    platform.close()
