"""Deliveries over HTTP: upload, push with a key and its receipt, quarantine mended by its steward."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from haina.kernel.platform import Platform
from haina.resources import collect
from haina.resources.collect import deliveries
from haina.security.access import Role, add_user, change_password, sign_in
from tests.app.support_http import PASSWORD, Prepared, Site, Web, site_over
from tests.resources.collect.loading import apply, content, quarantined, run_all

CSV = """\
name: s
title: 报送箱
agency: ju
kind: %s
connection: %s
placement: %s
tables:
  - name: t
    from: t
    title: 表
    key: [K]
    write: %s
    columns:
      K: {item: k, title: 键}
      V: {item: v, title: 值}
"""
ROWS = b"K,V\n1,a\n2,b\n"


@pytest.fixture
def site(prepared: Prepared, tmp_path: Path) -> Iterator[Site]:
    platform = prepared.copy(tmp_path / "home")
    with site_over(platform, prepared) as made:
        yield made
    platform.close()


@pytest.fixture
def inbox(site: Site, tmp_path: Path) -> Site:
    (site.platform.settings.home / "files").mkdir(exist_ok=True)
    apply(site.platform, tmp_path / "p", CSV % ("csv", "{path: box}", "file", "append"))
    return site


@pytest.fixture
def pushed(site: Site, tmp_path: Path) -> Site:
    apply(site.platform, tmp_path / "p", CSV % ("push", "{}", "push", "upsert"))
    return site


def steward(site: Site) -> Web:
    """The steward of 局."""
    first = add_user(site.platform, "test", "ju_steward", "专员", (Role.STEWARD,), "ju")
    change_password(site.platform, "ju_steward", first, PASSWORD)
    web = site.web("steward")
    token, _ = sign_in(site.platform, "ju_steward", PASSWORD)
    web._client.cookies.set("haina_session", token)
    for cookie in list(web._client.cookies.jar):
        cookie.value = token
    return web


def key_of(site: Site) -> dict[str, str]:
    made = site.web("operator").post("/api/deliveries/keys", json={"source": "s", "title": "程序"})
    assert made.status_code == 200, made.text
    return {"Authorization": f"Bearer {made.json()['key']}"}


def push(site: Site, key: dict[str, str], batch: str, body: Any, **headers: str) -> Any:
    headers = {"Content-Type": "application/json", "Haina-Batch": batch, **key, **headers}
    data = body if isinstance(body, bytes) else json.dumps(body).encode()
    return site.web().post("/push/t", content=data, headers=headers)


def states(platform: Platform) -> list[tuple[str, str]]:
    with platform.database.read() as connection:
        found = collect.list_deliveries(connection, table="t")
    return sorted((one.number, one.state) for one in found)


# Upload


def test_an_uploaded_batch_is_loaded(inbox: Site) -> None:
    made = steward(inbox).post("/api/deliveries/t?file=人口1.csv&number=B1&rows=2", content=ROWS)
    assert made.status_code == 200, made.text
    assert (made.json()["state"], made.json()["bytes"]) == ("received", len(ROWS))
    run_all(inbox.platform)
    assert content(inbox.platform) == {"1": "a", "2": "b"}
    assert states(inbox.platform) == [("B1", "loaded")]
    steward_again = inbox.web("operator")
    steward_again.post("/api/deliveries/t?file=2.csv&number=B2", content=b"K,V\n3,c\n")
    run_all(inbox.platform)
    assert content(inbox.platform) == {"1": "a", "2": "b", "3": "c"}


def test_a_batch_number_comes_once(inbox: Site) -> None:
    web = inbox.web("operator")
    first = web.post("/api/deliveries/t?file=1.csv&number=B1", content=ROWS).json()
    again = web.post("/api/deliveries/t?file=1.csv&number=B1", content=ROWS).json()
    assert again["id"] == first["id"], "sent again: the same receipt"
    other = web.post("/api/deliveries/t?file=1.csv&number=B1", content=ROWS + b"3,c\n")
    assert (other.status_code, other.json()["error"]["code"]) == (409, "batch_number_taken")
    twin = web.post("/api/deliveries/t?file=x.csv&number=B2", content=ROWS).json()
    assert (twin["state"], twin["job"]) == ("duplicate", None)
    run_all(inbox.platform)
    assert len(content(inbox.platform)) == 2
    kept = sorted(one.name for one in deliveries.folder_of(inbox.platform).iterdir())
    assert kept == sorted([first["id"], twin["id"]]), "refused files are not left lying"


def test_a_batch_that_is_not_as_stated_is_refused(inbox: Site) -> None:
    web = inbox.web("operator")
    web.post("/api/deliveries/t?file=1.csv&number=B1&rows=3", content=ROWS)
    run_all(inbox.platform)
    assert states(inbox.platform) == [("B1", "refused")]
    found = web.get("/api/deliveries?table=t").json()[0]
    assert "3 行" in found["message"]
    assert "2 行" in found["message"]
    detail = web.get("/api/sources/s").json()
    assert detail["tables"][0]["last"] is None


def test_a_file_that_cannot_be_read_is_refused_with_its_reason(inbox: Site) -> None:
    web = inbox.web("operator")
    web.post("/api/deliveries/t?file=1.csv&number=B1", content=b"A,B\n1,2\n")
    run_all(inbox.platform)
    found = web.get("/api/deliveries?table=t").json()[0]
    assert found["state"] == "refused"
    assert "K" in found["message"]


@pytest.mark.parametrize("name", ["../../evil.csv", "..\\evil.csv", "a\x00b.csv", "x" * 200])
def test_file_names_lead_nowhere(inbox: Site, name: str) -> None:
    web = inbox.web("operator")
    answer = web.request("POST", "/api/deliveries/t", params={"file": name}, content=ROWS)
    assert answer.status_code == 200, answer.text
    home = inbox.platform.settings.home
    written = [path for path in home.rglob("*") if path.is_file() and path.read_bytes() == ROWS]
    assert [path.parent.parent for path in written] == [deliveries.folder_of(inbox.platform)]


def test_who_may_hand_in(inbox: Site) -> None:
    path = "/api/deliveries/t?file=1.csv"
    assert inbox.web("steward").post(path, content=ROWS).status_code == 403, "of another agency"
    assert inbox.web("officer").post(path, content=ROWS).status_code == 403
    assert inbox.web().post(path, content=ROWS).status_code == 401
    assert steward(inbox).post(path, content=ROWS).status_code == 200
    assert inbox.web("operator").post(path, content=b"").status_code == 422
    assert (
        inbox.web("operator").post("/api/deliveries/zzz?file=1.csv", content=ROWS).status_code
        == 404
    )


def test_a_source_that_we_ask_takes_no_files(site: Site) -> None:
    with site.platform.database.read() as connection:
        direct = next(one for one in collect.list_sources(connection) if one.placement == "direct")
        [name, *_] = [one.name for one in collect.list_tables(connection, direct.name)]
    refused = site.web("operator").post(f"/api/deliveries/{name}?file=1.csv", content=ROWS)
    assert refused.json()["error"]["code"] == "not_a_delivery_source"


def test_a_file_too_large_leaves_nothing(inbox: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(deliveries.Intake, "write", _refuse_all)
    answer = inbox.web("operator").post("/api/deliveries/t?file=1.csv", content=ROWS)
    assert answer.json()["error"]["code"] == "delivery_too_large"
    assert list(deliveries.folder_of(inbox.platform).iterdir()) == []


def _refuse_all(_intake: deliveries.Intake, _block: bytes) -> None:
    raise deliveries.TOO_LARGE(field="file")


# Push


def test_a_pushed_batch_has_a_receipt(pushed: Site) -> None:
    key = key_of(pushed)
    rows = [{"K": "1", "V": "a"}, {"K": "2", "V": None}, {"K": "18446744073709551616", "V": "big"}]
    sent = push(pushed, key, "B1", rows, **{"Haina-Statement": '{"rows": 3}'})
    assert sent.status_code == 202, sent.text
    receipt = sent.json()
    assert (receipt["state"], receipt["number"]) == ("received", "B1")
    assert len(receipt["sha256"]) == 64
    run_all(pushed.platform)
    followed = pushed.web().get(f"/push/receipts/{receipt['id']}", headers=key).json()
    assert (followed["state"], followed["rows"], followed["rejected"]) == ("loaded", 3, 0)
    assert content(pushed.platform) == {"1": "a", "2": None, "18446744073709551616": "big"}
    again = push(pushed, key, "B1", rows)
    assert (again.status_code, again.json()["id"]) == (202, receipt["id"])


@pytest.mark.parametrize(
    ("kind", "body"),
    [("text/csv", ROWS), ("application/x-ndjson", b'{"K":"1","V":"a"}\n{"K":"2","V":"b"}\n')],
)
def test_other_forms_of_a_push(pushed: Site, kind: str, body: bytes) -> None:
    assert push(pushed, key_of(pushed), "B1", body, **{"Content-Type": kind}).status_code == 202
    run_all(pushed.platform)
    assert content(pushed.platform) == {"1": "a", "2": "b"}


@pytest.mark.parametrize(
    ("change", "status", "field"),
    [
        ({"Authorization": "Bearer hp_wrong"}, 401, None),
        ({"Authorization": ""}, 401, None),
        ({"Content-Type": "image/png"}, 422, "Content-Type"),
        ({"Haina-Batch": ""}, 422, "Haina-Batch"),
        ({"Haina-Statement": "[]"}, 422, "Haina-Statement"),
        ({"Haina-Statement": '{"rows": -1}'}, 422, "statement.rows"),
        ({"Haina-Statement": '{"sums": {"Z": 1}}'}, 422, "statement.sums.Z"),
    ],
)
def test_a_push_that_is_refused(
    pushed: Site, change: dict[str, str], status: int, field: str | None
) -> None:
    refused = push(pushed, key_of(pushed), "B1", [{"K": "1"}], **change)
    error = refused.json()["error"]
    assert (refused.status_code, error["field"]) == (status, field)
    assert error["hint"]
    assert states(pushed.platform) == []
    folder = deliveries.folder_of(pushed.platform)
    assert not folder.exists() or list(folder.iterdir()) == []


def test_a_key_is_good_for_its_source_and_while_it_lives(pushed: Site, tmp_path: Path) -> None:
    key = key_of(pushed)
    with pushed.platform.database.read() as connection:
        other = next(one.name for one in collect.list_tables(connection) if one.source != "s")
    refused = pushed.web().post(
        f"/push/{other}", content=b"[]",
        headers={**key, "Content-Type": "application/json", "Haina-Batch": "1"},
    )  # fmt: skip
    assert refused.status_code == 403
    operator = pushed.web("operator")
    [known] = operator.get("/api/deliveries/keys/s").json()
    assert "key" not in known
    assert operator.request("DELETE", f"/api/deliveries/keys/{known['id']}").status_code == 204
    assert push(pushed, key, "B1", []).status_code == 401


# Quarantine over HTTP


def test_the_steward_mends_and_others_do_not(pushed: Site) -> None:
    key = key_of(pushed)
    push(pushed, key, "B1", [{"K": "1", "V": "a\x00b"}, {"K": "2", "V": "b"}])
    run_all(pushed.platform)
    mine = steward(pushed)
    [row] = mine.get("/api/quarantine?table=t").json()
    assert row["reason"] == "nul"
    summary = mine.get("/api/quarantine/t").json()
    assert (summary["states"], summary["mine"]) == ({"open": 1}, True)
    mend = {"rows": [{"id": row["id"], "values": {"K": "1", "V": "ab"}}]}
    for other in ("operator", "steward"):
        assert pushed.web(other).post("/api/quarantine/t/mend", json=mend).status_code == 403
    assert pushed.web("officer").post("/api/quarantine/t/mend", json=mend).status_code == 403
    sent = mine.post("/api/quarantine/t/mend", json=mend)
    assert sent.status_code == 200, sent.text
    run_all(pushed.platform)
    assert content(pushed.platform) == {"1": "ab", "2": "b"}
    assert quarantined(pushed.platform) == []


def test_the_file_of_bad_rows_goes_out_and_comes_back(pushed: Site) -> None:
    push(pushed, key_of(pushed), "B1", [{"K": "1", "V": "a\x00"}, {"K": "2", "V": "b"}])
    run_all(pushed.platform)
    mine = steward(pushed)
    assert pushed.web("operator").get("/api/quarantine/t/file").status_code == 403
    out = mine.get("/api/quarantine/t/file")
    assert "attachment" in out.headers["content-disposition"]
    number = out.text.splitlines()[1].split(",")[0]
    back = f"隔离编号,K,V\n{number},1,mended\n".encode("gb18030")
    assert mine.post("/api/quarantine/t/file", content=back).json()["rows"] == 1
    run_all(pushed.platform)
    assert content(pushed.platform)["1"] == "mended"


def test_what_waits_is_told_by_table(pushed: Site) -> None:
    push(pushed, key_of(pushed), "B1", [{"K": "1", "V": "a\x00"}, {"K": "2", "V": "b"}])
    run_all(pushed.platform)
    told = {one["table"]: one for one in steward(pushed).get("/api/quarantine/waiting").json()}
    assert told["t"] == {
        "table": "t", "title": "表", "source": "s", "agency": "ju", "quarantined": 1, "drifted": 0,
    }  # fmt: skip
    assert all(one["quarantined"] + one["drifted"] for one in told.values())
    assert pushed.web("officer").get("/api/quarantine/waiting").status_code == 403
    assert pushed.web("steward").get("/api/quarantine/waiting").json() == [], "of another agency"
    operator = pushed.web("operator").get("/api/quarantine/waiting").json()
    assert "t" in {one["table"] for one in operator}
