"""The platform's HTTP application: who may ask what, and one shape of every answer."""

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest
from fastapi import APIRouter, FastAPI
from fastapi.routing import APIRoute

from haina.app import http
from haina.app.description import openapi_document
from haina.app.http import create_app, refuse_open_routes
from haina.compute import Engine
from haina.compute.engines import SandboxPool
from haina.kernel import jobs
from haina.kernel.platform import Platform
from haina.security.access import Role
from haina.security.access.contracts import ROLE_PERMISSIONS, Permission
from haina.security.access.guard import Guard
from tests.app.support_http import PASSWORD, Prepared, Site, site_over
from tests.support.packs import id_number

SHELL = "<!doctype html><title>海纳</title>"

# Wherever a route has a name in its address, one that exists nowhere.
NOWHERE = "zzz"

# Programs of agencies, who show a push key instead of a session.
OWN_KEYS = {"push", "push_receipt"}


@pytest.fixture(scope="module")
def pages(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Built pages, and a secret beside them."""
    base = tmp_path_factory.mktemp("web")
    (base / "secret.txt").write_text("top secret")
    folder = base / "dist"
    (folder / "assets").mkdir(parents=True)
    (folder / "index.html").write_text(SHELL)
    (folder / "assets" / "main.js").write_text("// main")
    (folder / "icon.svg").write_text("<svg/>")
    (folder / "leak.txt").symlink_to(base / "secret.txt")
    return folder


@pytest.fixture(scope="module")
def site(
    prepared: Prepared, pages: Path, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Site]:
    platform = prepared.copy(tmp_path_factory.mktemp("shared") / "home")
    with site_over(platform, prepared, pages) as made:
        yield made
    platform.close()


def routes() -> list[APIRoute]:
    """Every route of the API as it is declared."""
    found = [route for router in http.ROUTERS for route in router.routes]
    assert all(isinstance(route, APIRoute) for route in found)
    return [route for route in found if isinstance(route, APIRoute)]


def permission_of(route: APIRoute) -> Permission | None:
    [asked] = [d.call for d in route.dependant.dependencies if isinstance(d.call, Guard)]
    return asked.permission


def is_public(route: APIRoute) -> bool:
    return bool((route.openapi_extra or {}).get("x-public"))


def address(route: APIRoute) -> tuple[str, str]:
    [method] = sorted(route.methods or set())
    return method, re.sub(r"\{[^}]+\}", NOWHERE, route.path)


CLOSED = [route for route in routes() if not is_public(route)]


def unguarded() -> dict[str, str]:
    """A route that forgot its permission."""
    return {}


def named(route: APIRoute) -> str:
    return str(route.operation_id)


def assert_error(answer: httpx.Response, status: int) -> dict[str, Any]:
    """The one shape of errors; the error."""
    assert answer.status_code == status, answer.text
    body = answer.json()
    assert set(body) == {"error"}
    error: dict[str, Any] = body["error"]
    assert set(error) == {"code", "message", "field", "hint", "details"}
    assert re.search(r"[\u4e00-\u9fff]", error["message"])
    assert re.search(r"[\u4e00-\u9fff]", error["hint"])
    return error


# Who may ask


def test_only_signing_in_and_health_are_public() -> None:
    assert {named(route) for route in routes() if is_public(route)} == {
        "sign_in",
        "health",
        *OWN_KEYS,
    }


@pytest.mark.parametrize("route", CLOSED, ids=named)
def test_nothing_is_answered_to_strangers(site: Site, route: APIRoute) -> None:
    method, path = address(route)
    error = assert_error(site.web().request(method, path), 401)
    assert error["code"] == "unauthenticated"


@pytest.mark.parametrize("route", CLOSED, ids=named)
def test_a_made_up_session_opens_nothing(site: Site, route: APIRoute) -> None:
    method, path = address(route)
    answer = site.web().request(method, path, headers={"cookie": "haina_session=made-up"})
    assert_error(answer, 401)


@pytest.mark.parametrize("role", list(Role), ids=lambda role: role.value)
def test_a_role_may_ask_what_its_permissions_say(own_copy: Site, role: Role) -> None:
    """Refused exactly where the declared permission is not among the role's."""
    web = own_copy.web(role.value)
    own_copy.app.state.stopping.set()  # streams end at once
    wrong = []
    for route in CLOSED:
        if named(route) == "sign_out":
            continue
        method, path = address(route)
        answer = web.request(method, path)
        asked = permission_of(route)
        refused = answer.status_code == 403
        if refused is (asked is None or asked in ROLE_PERMISSIONS[role]):
            wrong.append((named(route), answer.status_code))
        assert answer.status_code != 401, named(route)
    assert not wrong


@pytest.fixture
def own_copy(prepared: Prepared, tmp_path: Path) -> Iterator[Site]:
    platform = prepared.copy(tmp_path / "own")
    with site_over(platform, prepared) as made:
        yield made
    platform.close()


def test_the_three_administrators_share_no_permission() -> None:
    three = [
        ROLE_PERMISSIONS[r] for r in (Role.SYSTEM_ADMIN, Role.SECURITY_ADMIN, Role.AUDIT_ADMIN)
    ]
    assert sum(map(len, three)) == len(frozenset().union(*three))


@pytest.mark.parametrize("route", CLOSED, ids=named)
def test_before_the_first_password_is_changed_only_the_session_is_open(
    site: Site, route: APIRoute
) -> None:
    method, path = address(route)
    if named(route) == "sign_out":
        return  # tested by itself: it would end the session of the others
    answer = site.web("newcomer").request(method, path)
    if path.startswith("/api/session"):
        assert answer.status_code in (200, 422)
    else:
        assert assert_error(answer, 403)["code"] == "must_change_password"


def test_a_route_must_name_its_permission() -> None:
    """A route that forgot its permission stops the start, wherever it stands."""
    router = APIRouter(prefix="/api/open")
    router.add_api_route("/door", unguarded, methods=["GET"])
    nested = APIRouter()
    nested.include_router(router)
    for opened in (router, nested):
        app = FastAPI(openapi_url=None)
        app.include_router(opened)
        with pytest.raises(RuntimeError, match="/api/open/door"):
            refuse_open_routes(app)


def test_an_application_with_an_open_route_does_not_start(
    platform: Platform, monkeypatch: pytest.MonkeyPatch
) -> None:
    router = APIRouter()
    router.add_api_route("/api/open", unguarded, methods=["GET"])
    monkeypatch.setattr(http, "ROUTERS", (*http.ROUTERS, router))
    with pytest.raises(RuntimeError, match="/api/open"):
        create_app(platform, Engine(platform, SandboxPool(0)))


# The session


def test_signing_in_sets_a_cookie_that_scripts_and_other_sites_cannot_use(own_copy: Site) -> None:
    asked = {"name": "a_operator", "password": PASSWORD}
    answer = own_copy.web().post("/api/session", json=asked)
    assert answer.status_code == 200
    cookie = answer.headers["set-cookie"].lower()
    assert "httponly" in cookie
    assert "samesite=strict" in cookie
    assert answer.json()["name"] == "a_operator"


@pytest.mark.parametrize("name", ["a_operator", "nobody"])
def test_a_wrong_password_and_an_unknown_name_look_the_same(own_copy: Site, name: str) -> None:
    answer = own_copy.web().post("/api/session", json={"name": name, "password": "wrong"})
    error = assert_error(answer, 401)
    assert (error["code"], error["message"]) == ("bad_sign_in", "用户名或口令不对")


def test_signing_out_ends_the_session(own_copy: Site) -> None:
    web = own_copy.web("leader")
    assert web.get("/api/session").json()["roles"] == ["leader"]
    assert web.request("DELETE", "/api/session").status_code == 204
    fresh = own_copy.web("leader")
    assert_error(fresh.get("/api/session"), 401)


def test_a_disabled_person_is_out_at_once(own_copy: Site) -> None:
    from haina.security.access import disable_user

    web = own_copy.web("leader")
    assert web.get("/api/cockpit").status_code == 200
    disable_user(own_copy.platform, "test", "a_leader")
    assert_error(web.get("/api/cockpit"), 401)


def test_changing_the_password_opens_the_rest(own_copy: Site) -> None:
    from haina.security.access import reset_password

    first = reset_password(own_copy.platform, "test", "newcomer")
    web = own_copy.web()
    web.post("/api/session", json={"name": "newcomer", "password": first})
    changed = web.post("/api/session/password", json={"old": first, "new": PASSWORD})
    assert changed.status_code == 204
    assert web.post("/api/session", json={"name": "newcomer", "password": PASSWORD})
    assert web.get("/api/system").status_code == 200


# Acts from other sites


@pytest.mark.parametrize(
    "origin",
    ["http://evil.example", "null", "http://testserver.evil.example", "http://testserver:1"],
)
@pytest.mark.parametrize("method", ["POST", "PUT", "DELETE", "PATCH"])
def test_acts_from_another_sites_page_are_refused(site: Site, origin: str, method: str) -> None:
    answer = site.web("operator").request(method, "/api/session", headers={"origin": origin})
    assert assert_error(answer, 403)["code"] == "forbidden"


def test_acts_from_our_own_page_are_not(own_copy: Site) -> None:
    asked = {"name": "a_operator", "password": PASSWORD}
    headers = {"origin": "http://testserver"}
    assert own_copy.web().post("/api/session", json=asked, headers=headers).status_code == 200


def test_looking_from_another_site_is_harmless(site: Site) -> None:
    answer = site.web("leader").get("/api/cockpit", headers={"origin": "http://evil.example"})
    assert answer.status_code == 200
    assert "access-control-allow-origin" not in answer.headers


# Errors


@pytest.mark.parametrize(
    "path",
    ["/api/nothing", "/api/datasets/std.nothing", "/api/runs/nothing", "/api/sources/nothing",
     "/api/services/nothing", "/api/models/base.nothing", "/api/catalogue/entries/std.nothing",
     "/api/datasets/std.nothing/preview", "/api/definitions/source:nothing"],
)  # fmt: skip
def test_what_is_not_there(site: Site, path: str) -> None:
    assert assert_error(site.web("operator").get(path), 404)["code"] == "not_found"


@pytest.mark.parametrize(
    ("method", "path"),
    [("DELETE", "/api/cockpit"), ("POST", "/api/runs"), ("PUT", "/api/session")],
)
def test_a_method_that_a_path_does_not_know(site: Site, method: str, path: str) -> None:
    assert_error(site.web("operator").request(method, path), 405)


@pytest.mark.parametrize(
    ("path", "field"),
    [("/api/runs?limit=0", "limit"), ("/api/runs?limit=many", "limit"),
     ("/api/catalogue/entries?text=" + "x" * 101, "text"),
     ("/api/datasets/std.person/preview?rows=201", "rows"),
     ("/api/datasets/std.person/preview?version=new", "version"),
     ("/api/quality/std.person/rows", "rule")],
)  # fmt: skip
def test_a_bad_value_is_named_by_its_field(site: Site, path: str, field: str) -> None:
    error = assert_error(site.web("operator").get(path), 422)
    assert (error["code"], error["field"]) == ("bad_input", field)


@pytest.mark.parametrize(
    ("body", "field"),
    [({}, "sql"), ({"sql": 1}, "sql"), ({"sql": "SELECT 1", "rows": 10_001}, "rows")],
)
def test_a_bad_body_is_named_by_its_field(site: Site, body: Any, field: str) -> None:
    answer = site.web("operator").post("/api/datasets/query", json=body)
    assert assert_error(answer, 422)["field"] == field


def test_a_body_that_is_no_json(site: Site) -> None:
    answer = site.web("operator").post(
        "/api/datasets/query", content=b"{", headers={"content-type": "application/json"}
    )
    assert_error(answer, 422)


STRANGE = ["%00", "std.%00", "std.", ".", "a.b.c", "std.person%27", "%22", "'; --", "std..x"]


@pytest.mark.parametrize("route", [r for r in CLOSED if "{" in r.path], ids=named)
def test_strange_names_are_never_our_fault(own_copy: Site, route: APIRoute) -> None:
    own_copy.app.state.stopping.set()
    web = own_copy.web("operator")
    [method] = sorted(route.methods or set())
    for name in STRANGE:
        path = re.sub(r"\{[^}]+\}", name, route.path)
        answer = web.request(method, f"{path}?rule=%00", json={})
        assert answer.status_code < 500, (path, answer.text)


def test_an_error_of_ours_has_a_number_and_no_details(
    site: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    def breaks(*_: Any, **__: Any) -> None:
        raise RuntimeError("the secret is 42")

    monkeypatch.setattr("haina.services.insight.api.overview", breaks)
    answer = site.web("leader").get("/api/cockpit")
    error = assert_error(answer, 500)
    assert error["details"]["number"] in error["message"]
    assert "42" not in answer.text


# What browsers are told


@pytest.mark.parametrize("path", ["/", "/api/session", "/api/nothing", "/assets/main.js"])
def test_browsers_are_told_what_pages_may_do(site: Site, path: str) -> None:
    headers = site.web("operator").get(path).headers
    policy = headers["content-security-policy"]
    assert "default-src 'self'" in policy
    assert "frame-ancestors 'none'" in policy
    assert "unsafe-eval" not in policy
    assert "script-src 'self';" in policy
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["referrer-policy"] == "same-origin"


# Pages


@pytest.mark.parametrize("path", ["/", "/catalogue/std.person", "/runs/01ABC", "/a/b/c", "/apiary"])
def test_every_address_of_the_pages_gives_the_shell(site: Site, path: str) -> None:
    answer = site.web().get(path)
    assert (answer.status_code, answer.text) == (200, SHELL)
    assert answer.headers["cache-control"] == "no-cache"


def test_built_files_are_kept_by_browsers(site: Site) -> None:
    answer = site.web().get("/assets/main.js")
    assert answer.text == "// main"
    assert "max-age=31536000" in answer.headers["cache-control"]
    assert site.web().get("/icon.svg").headers["cache-control"] == "no-cache"


@pytest.mark.parametrize(
    "path",
    ["/../secret.txt", "/..%2fsecret.txt", "/%2e%2e/secret.txt", "/assets/../../secret.txt",
     "/assets/%2e%2e/%2e%2e/secret.txt", "//etc/passwd", "/%2fetc/passwd", "/leak.txt",
     "/..%5csecret.txt"],
)  # fmt: skip
def test_nothing_beside_the_pages_is_given_away(site: Site, path: str) -> None:
    answer = site.web().get(path)
    assert "secret" not in answer.text
    assert "root:" not in answer.text
    assert (answer.status_code, answer.text) == (200, SHELL)


def test_a_page_with_a_nul_in_its_address(site: Site) -> None:
    assert site.web().get("/a%00b").status_code < 500


def test_an_unknown_address_of_the_api_is_no_page(site: Site) -> None:
    assert_error(site.web().get("/api/nothing"), 404)
    assert_error(site.web().get("/data/nothing"), 404)


def test_without_built_pages_the_api_works_alone(platform: Platform) -> None:
    app = create_app(platform, Engine(platform, SandboxPool(0)), None)
    assert "/{path:path}" not in {getattr(route, "path", "") for route in app.routes}


def test_the_description_names_every_route_once() -> None:
    document = openapi_document()
    names = [
        operation["operationId"] for path in document["paths"].values()
        for operation in path.values()
    ]  # fmt: skip
    assert sorted(names) == sorted(named(route) for route in routes())
    assert len(set(names)) == len(names)


# Streams


def events(answer: httpx.Response) -> list[Any]:
    assert answer.headers["content-type"].startswith("text/event-stream")
    return [json.loads(one[6:]) for one in answer.text.split("\n\n") if one.startswith("data: ")]


def test_the_stream_of_runs_tells_at_once_and_ends(own_copy: Site) -> None:
    own_copy.app.state.stopping.set()
    [first] = events(own_copy.web("operator").get("/api/runs/events"))
    assert first["active"] == []
    assert first["today"] == {"done": len(first["ended"])}


def test_the_stream_of_one_run_tells_at_once_and_ends(own_copy: Site) -> None:
    own_copy.app.state.stopping.set()
    with own_copy.platform.database.read() as connection:
        job = jobs.list_jobs(connection, limit=1).jobs[0]
    [first] = events(own_copy.web("operator").get(f"/api/runs/{job.id}/events"))
    assert first["detail"]["job"]["id"] == job.id
    assert [one["name"] for one in first["detail"]["steps"]]


def test_a_stream_ends_by_itself(own_copy: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("haina.compute.runs_api._STREAM_SECONDS", 0.2)
    monkeypatch.setattr("haina.compute.runs_api._TICK_SECONDS", 0.05)
    answer = own_copy.web("operator").get("/api/runs/events")
    assert len(events(answer)) == 1  # nothing changed, so only signs of life follow
    assert answer.text.count(": \n\n") == 3


def test_the_stream_of_a_run_that_is_not_there(site: Site) -> None:
    assert_error(site.web("operator").get("/api/runs/nothing/events"), 404)


# Rows


def ask(site: Site, sql: str, rows: int = 1000) -> httpx.Response:
    return site.web("operator").post("/api/datasets/query", json={"sql": sql, "rows": rows})


@pytest.mark.parametrize(
    "sql",
    ["DROP TABLE std.person", "DELETE FROM std.person", "SELECT 1; SELECT 2", "PRAGMA version",
     "SELECT * FROM read_csv('/etc/passwd')", "SELECT * FROM '/etc/passwd'", "ATTACH 'x.db'",
     "COPY std.person TO 'x.csv'", "SELECT getenv('HOME')", "SET memory_limit='1GB'", "", "SELEC",
     "INSTALL httpfs", "SELECT * FROM duckdb_settings()", "CALL pragma_version()"],
)  # fmt: skip
def test_sql_that_is_more_than_a_question_is_refused(site: Site, sql: str) -> None:
    assert assert_error(ask(site, sql), 422)["code"].startswith("sql_")


def test_a_query_of_a_dataset_that_is_not_there(site: Site) -> None:
    assert_error(ask(site, "SELECT * FROM std.nothing"), 404)


def test_a_query_sees_masked_values(site: Site) -> None:
    answer = ask(site, "SELECT no, id_number, name, sex FROM std.person WHERE no = '12'").json()
    whole = id_number(12)
    assert answer["rows"] == [["12", f"{whole[:6]}********{whole[-4:]}", "张**", "2"]]
    assert [name for name, _ in answer["columns"]] == ["no", "id_number", "name", "sex"]


def test_a_query_cannot_find_by_what_is_masked(site: Site) -> None:
    sql = f"SELECT count(*) FROM std.person WHERE id_number = '{id_number(12)}'"
    assert ask(site, sql).json()["rows"] == [[0]]


def test_an_answer_is_cut_at_the_rows_asked_for(site: Site) -> None:
    answer = ask(site, "SELECT no FROM std.person", rows=7).json()
    assert (len(answer["rows"]), answer["truncated"]) == (7, True)


def test_a_query_that_fails_says_why(site: Site) -> None:
    assert_error(ask(site, "SELECT CAST(name AS INTEGER) FROM std.person"), 422)


def test_a_query_that_takes_too_long(prepared: Prepared, tmp_path: Path) -> None:
    from tests.support.installation import new_platform

    prepared.copy(tmp_path / "own").close()
    platform = new_platform(tmp_path / "own", query_seconds=0.5)
    with site_over(platform, prepared) as site:
        sql = "SELECT sum(a.x * b.x) FROM range(200000) AS a(x), range(200000) AS b(x)"
        assert assert_error(ask(site, sql), 504)["code"] == "query_timeout"
    platform.close()


def test_an_answer_that_is_too_large_is_cut_and_says_so(
    site: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    from dataclasses import replace

    limits = site.engine._limits()
    monkeypatch.setattr(site.engine, "_limits", lambda: replace(limits, bytes=10_000))
    answer = ask(site, "SELECT repeat('x', 1000000) AS x FROM std.person").json()
    assert (answer["rows"], answer["truncated"]) == ([], True)


SENSITIVE = {id_number(place) for place in range(1, 61)} | {f"张{n}" for n in range(1, 61)}
DATASETS = ["ods.person", "std.person", "base.person", "ods.aid", "std.aid", "topic.aid",
            "ods.grant_paid", "std.grant_paid"]  # fmt: skip


@pytest.mark.parametrize("role", list(Role), ids=lambda role: role.value)
@pytest.mark.parametrize("dataset", DATASETS)
def test_a_preview_shows_no_role_what_is_sensitive(site: Site, role: Role, dataset: str) -> None:
    answer = site.web(role.value).get(f"/api/datasets/{dataset}/preview?rows=200")
    if Permission.DATA_PREVIEW not in ROLE_PERMISSIONS[role]:
        assert_error(answer, 403)
        return
    assert answer.status_code == 200, answer.text
    cells = {cell for row in answer.json()["rows"] for cell in row}
    assert len(answer.json()["rows"]) > 5
    assert not cells & SENSITIVE


def test_bookkeeping_columns_stay_behind(site: Site) -> None:
    answer = site.web("officer").get("/api/datasets/std.person/preview").json()
    assert answer["columns"]
    assert not [name for name, _ in answer["columns"] if name.startswith("_")]
    assert {len(row) for row in answer["rows"]} == {len(answer["columns"])}
    detail = site.web("officer").get("/api/datasets/std.person").json()["dataset"]
    assert [one["name"] for one in detail["items"]] == [name for name, _ in answer["columns"]]


def test_a_preview_of_a_past_version(site: Site) -> None:
    detail = site.web("officer").get("/api/datasets/std.person").json()
    version = detail["versions"][-1]["version"]
    path = "/api/datasets/std.person/preview"
    assert site.web("officer").get(f"{path}?version={version}").status_code == 200
    assert_error(site.web("officer").get(f"{path}?version=999"), 404)
