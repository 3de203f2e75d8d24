"""Connecting a source over HTTP: tried, looked at, made, loaded, written out; and every bad door."""

import io
import json
import threading
import zipfile
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa

from haina import packs
from haina.kernel.platform import Platform
from haina.resources.collect.connecting.proposing import element_of
from haina.security import evidence
from haina.standards.elements import ElementSpec, Format, Standards
from tests.app.support_http import Prepared, Site, Web, site_over
from tests.support.installation import new_platform
from tests.support.packs import id_number, write_sqlite
from tests.support.postgresql import PgServer
from tests.support.running import run_all

SECRET = "Tr0ub4dor-and-more"
PEOPLE = "身份证号,姓名,备注\n" + "".join(f"{id_number(n)},张{n},好\n" for n in range(1, 31))


@pytest.fixture
def site(prepared: Prepared, tmp_path: Path) -> Iterator[Site]:
    platform = prepared.copy(tmp_path / "home")
    with site_over(platform, prepared) as made:
        yield made
    platform.close()


@pytest.fixture
def operator(site: Site) -> Web:
    return site.web("operator")


@pytest.fixture(scope="module")
def shared(prepared: Prepared, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """For what changes nothing."""
    platform = prepared.copy(tmp_path_factory.mktemp("shared") / "home")
    with site_over(platform, prepared) as made:
        yield made
    platform.close()


@pytest.fixture(scope="module")
def ready(shared: Site) -> dict[str, Any]:
    """A draft that could be made a source."""
    web = shared.web("operator")
    draft = upload(web, "a.csv", b"id,v\n1,a\n")
    return tried(web, way="upload", kind="csv", draft=draft["id"])


@pytest.fixture
def database(postgresql_server: PgServer) -> Iterator[dict[str, Any]]:
    """The connection of an account that is asked for its password."""
    name = postgresql_server.create()
    postgresql_server.run(f"create role asked login password '{SECRET}'")
    postgresql_server.run("create table qiye (id int primary key, mc text)", database=name)
    postgresql_server.run("comment on table qiye is '企业'", database=name)
    postgresql_server.run(
        "insert into qiye select n, '企业' || n from generate_series(1, 7) n", database=name
    )
    postgresql_server.run("grant select on qiye to asked", database=name)
    port = postgresql_server.port
    yield {"host": "127.0.0.1", "port": port, "database": name, "user": "asked"}
    postgresql_server.drop(name)
    postgresql_server.run("drop role asked")


def open_house(prepared: Prepared, home: Path) -> Platform:
    """An installation that may connect to this machine."""
    prepared.copy(home).close()
    return new_platform(home, source_networks=("127.0.0.0/8",))


def upload(web: Web, name: str, content: bytes, way: str = "upload") -> dict[str, Any]:
    answer = web.post("/api/connect/files", params={"file": name, "way": way}, content=content)
    assert answer.status_code == 200, answer.text
    return dict(answer.json())


def test_(web: Web, **attempt: Any) -> Any:
    return web.post("/api/connect/tests", json=attempt)


test_.__test__ = False  # type: ignore[attr-defined]


def tried(web: Web, **attempt: Any) -> dict[str, Any]:
    answer = test_(web, **attempt)
    assert answer.status_code == 200, answer.text
    return dict(answer.json())


def declared(draft: dict[str, Any], **more: Any) -> dict[str, Any]:
    """The declaration as proposed."""
    tables = [
        {
            "name": one["name"],
            "from": one["from_"],
            "title": one["title"],
            "key": one["key"],
            "cycle": "irregular",
            **({"files": one["files"]} if one["files"] else {}),
            "columns": {
                column["name"]: {
                    "item": column["item"],
                    "title": column["title"],
                    **({"element": column["element"]} if column["element"] else {}),
                }
                for column in one["columns"]
            },
        }
        for one in draft["tables"]
    ]
    return {
        "name": draft["name"], "title": draft["title"], "agency": "gongan", "tables": tables, **more
    }  # fmt: skip


def make(web: Web, draft: dict[str, Any], **more: Any) -> Any:
    body = {"draft": draft["id"], "source": declared(draft, **more)}
    return web.post("/api/definitions/sources", json=body)


def code(answer: Any) -> str:
    return str(answer.json()["error"]["code"])


def rows_in(site: Site, dataset: str) -> int:
    answer = site.web("operator").get(f"/api/datasets/{dataset}/preview?rows=200")
    assert answer.status_code == 200, answer.text
    return len(answer.json()["rows"])


# The way through


def test_a_file_by_upload_from_draft_to_catalogue(site: Site, operator: Web) -> None:
    draft = upload(operator, "人口.csv", PEOPLE.encode("gb18030"))
    assert (draft["kind"], draft["tables"]) == ("csv", None)
    draft = tried(operator, way="upload", kind="csv", draft=draft["id"])
    (table,) = draft["tables"]
    assert [column["item"] for column in table["columns"]] == ["sfzh", "xm", "bz"]
    assert [column["element"] for column in table["columns"]] == ["id_number", "person_name", None]
    asked = {"table": "人口", "bound": {"身份证号": "id_number", "姓名": "id_number"}}
    seen = operator.post(f"/api/connect/drafts/{draft['id']}/rows", json=asked).json()
    assert seen["rows"][0] == [id_number(1), "张1", "好"]
    assert [(one["column"], one["failed"], one["rows"]) for one in seen["verdicts"]] == [
        ("身份证号", 0, 30), ("姓名", 30, 30),
    ]  # fmt: skip
    assert seen["verdicts"][1]["examples"] == ["张1", "张2", "张3"]
    made = make(operator, draft)
    assert made.status_code == 201, made.text
    assert list(made.json()["jobs"]) == [table["name"]]
    run_all(site.platform, load=False)
    assert rows_in(site, f"ods.{table['name']}") == 30
    entry = operator.get(f"/api/catalogue/entries/std.{table['name']}")
    assert entry.status_code == 200, entry.text
    after = operator.get(f"/api/connect/drafts/{draft['id']}").json()
    assert after["made"]["source"] == draft["name"] == "rk"
    again = operator.post(f"/api/sources/tables/{table['name']}/load")
    assert again.json() == {"job": None}, "what was handed in is not fetched again"


def test_what_nobody_bound_or_graded_is_not_public(site: Site, operator: Web) -> None:
    """A column called nothing, full of id numbers; one of cards; one of which nothing was seen."""
    rows = [f"{n},{id_number(n)},{with_luhn(n)},,{n}" for n in range(1, 31)]
    text = "编号,甲,乙,丙,丁\n" + "\n".join(rows)
    draft = upload(operator, "册.csv", text.encode())
    draft = tried(operator, way="upload", kind="csv", draft=draft["id"])
    guards = {one["name"]: one["guard"] for one in draft["tables"][0]["columns"]}
    assert (guards["甲"]["shape"], guards["甲"]["alike"]) == ("id_number", 30)
    assert [guards[name]["grade"] for name in "甲乙丙丁"] == [3, 3, 3, 2]
    with site.platform.database.read() as connection:
        row = connection.execute(sa.text("select found from connect_draft")).scalar_one()
    assert id_number(1) not in str(row), "what was looked at is kept nowhere"
    source = declared(draft)
    for column in source["tables"][0]["columns"].values():
        column.pop("element", None)
    body = {"draft": draft["id"], "source": source}
    assert operator.post("/api/definitions/sources", json=body).status_code == 201
    run_all(site.platform, load=False)
    name = draft["tables"][0]["name"]
    for zone in ("ods", "std"):
        answer = operator.get(f"/api/datasets/{zone}.{name}/preview?rows=5").text
        assert id_number(1) not in answer
        assert id_number(1)[:6] + "*" * 8 + id_number(1)[-4:] in answer
        assert with_luhn(1) not in answer
    keys = operator.get(f"/api/quality/ods.{name}").text
    assert id_number(1) not in keys


def with_luhn(place: int) -> str:
    body = f"622848012345{place:04d}"
    doubled = (int(digit) * (2 - at % 2) for at, digit in enumerate(reversed(body)))
    return body + str(-sum(one // 10 + one % 10 for one in doubled) % 10)


def test_a_workbook_of_two_sheets_is_two_batches(site: Site, operator: Web) -> None:
    from tests.app.test_steward import workbook

    path = site.platform.settings.home / "book.xlsx"
    workbook(path)
    draft = upload(operator, "册.xlsx", path.read_bytes())
    draft = tried(operator, way="upload", kind="workbook", draft=draft["id"])
    made = make(operator, draft)
    assert made.status_code == 201, made.text
    done = run_all(site.platform, load=False)
    assert all(job.state == "done" for job in done if job.kind == "collect.load")


def test_lines_that_are_no_rows_are_told_before_they_come(site: Site, operator: Web) -> None:
    from tests.app.test_steward import workbook

    path = site.platform.settings.home / "book.xlsx"
    workbook(path)
    draft = upload(operator, "救助.xlsx", path.read_bytes())
    draft = tried(operator, way="upload", kind="workbook", draft=draft["id"])
    [table] = draft["tables"]
    assert table["footers"] == [{"line": 9, "word": "合计"}, {"line": 10, "word": "填表人"}]
    asked = {"table": table["sample"], "rows": 30, "bound": {}}
    seen = operator.post(f"/api/connect/drafts/{draft['id']}/rows", json=asked).json()
    assert "合计" not in str(seen["rejects"])
    said = declared(draft)
    said["tables"][0]["footers"] = "leave"
    body = {"draft": draft["id"], "source": said}
    made = operator.post("/api/definitions/sources", json=body)
    assert made.status_code == 201, made.text
    run_all(site.platform, load=False)
    told = operator.get(f"/api/sources/{draft['name']}").json()["tables"][0]
    assert told["balance"]["dismissed"] == 2


def test_a_watched_folder_takes_what_lies_in_it(site: Site, operator: Web) -> None:
    import os

    folder = site.platform.settings.home / "files" / "box"
    folder.mkdir(parents=True)
    for month in ("202601", "202602"):
        path = folder / f"名册_{month}.csv"
        path.write_text(f"编号,月\n{month},{month}\n", encoding="utf-8")
        os.utime(path, (1_700_000_000, 1_700_000_000))
    draft = tried(operator, way="folder", kind="csv", connection={"path": "box"})
    (table,) = draft["tables"]
    assert (table["files"], table["sample"]) == ("名册*", "名册_202602")
    source = declared(draft)
    source["tables"][0]["write"] = "upsert"
    made = operator.post("/api/definitions/sources", json={"draft": draft["id"], "source": source})
    assert made.status_code == 201, made.text
    run_all(site.platform, load=False)
    assert rows_in(site, f"ods.{table['name']}") == 2


def test_a_sqlite_file_and_a_push(site: Site, operator: Web) -> None:
    write_sqlite(site.platform.settings.home / "files" / "a.db", "t1", ("ID", "XM"), [["1", "甲"]])
    draft = tried(operator, way="database", kind="sqlite", connection={"path": "a.db"})
    assert draft["tables"][0]["sure"] is True
    assert make(operator, draft).status_code == 201
    sample = upload(operator, "推.json", b'[{"id": 1, "v": "a"}]', way="push")
    pushed = tried(operator, way="push", kind="push", draft=sample["id"])
    made = make(operator, pushed)
    assert made.status_code == 201, made.text
    assert set(made.json()["jobs"].values()) == {None}
    found = operator.get(f"/api/sources/{pushed['name']}").json()["source"]
    assert (found["placement"], found["fetches"]) == ("push", False)


def test_a_database_with_a_wrong_password_first_and_no_trace_of_the_right_one(
    prepared: Prepared, tmp_path: Path, database: dict[str, Any], capfd: Any
) -> None:
    platform = open_house(prepared, tmp_path / "home")
    with site_over(platform, prepared) as site:
        web = site.web("operator")
        wrong = test_(
            web, way="database", kind="postgresql",
            connection={**database, "password": "Wr0ng-and-typed"},
        )  # fmt: skip
        assert code(wrong) == "source_login_refused"
        assert "Wr0ng-and-typed" not in wrong.text
        draft = tried(
            web, way="database", kind="postgresql", connection={**database, "password": SECRET}
        )
        assert [one["name"] for one in draft["tables"]] == ["qiye"]
        assert draft["tables"][0]["title"] == "企业"
        answers = [json.dumps(draft)]
        # Typed once: another look needs it no more, but only at the same place.
        draft = tried(
            web, way="database", kind="postgresql", connection=database, draft=draft["id"]
        )
        moved = {**database, "host": "localhost"}
        elsewhere = test_(
            web, way="database", kind="postgresql", connection=moved, draft=draft["id"]
        )
        assert (elsewhere.status_code, code(elsewhere)) == (422, "bad_input")
        made = make(web, draft)
        assert made.status_code == 201, made.text
        run_all(platform, load=False)
        table = draft["tables"][0]["name"]
        assert rows_in(site, f"ods.{table}") == 7
        paths = (
            f"/api/sources/{draft['name']}", f"/api/definitions/source:{draft['name']}",
            f"/api/connect/drafts/{draft['id']}", "/api/runs", f"/api/lineage/ods.{table}",
        )  # fmt: skip
        answers += [web.get(path).text for path in paths]
    # A change of the definition needs no password; a change of its place does.
    new = packs.definition(platform, f"source:{draft['name']}")
    packs.edit(platform, f"source:{draft['name']}", {**new, "title": "新名"}, "test")
    away = {**new, "connection": {**new["connection"], "host": "10.9.9.9"}}
    with pytest.raises(Exception, match="没有设置"):
        packs.edit(platform, f"source:{draft['name']}", away, "test")
    written = tmp_path / "export"
    packs.export(platform, written)
    made_plan = packs.plan(platform, written)
    assert made_plan.quiet, made_plan.changes
    answers += [path.read_text() for path in written.rglob("*.yaml")]
    platform.database.checkpoint()
    platform.close()
    for word in (SECRET, "Wr0ng-and-typed"):
        assert not any(word in answer for answer in answers)
        for path in (tmp_path / "home").rglob("*"):
            assert not path.is_file() or word.encode() not in path.read_bytes(), path
    out, err = capfd.readouterr()
    assert SECRET not in out + err


def test_an_api_that_asks_for_a_token(prepared: Prepared, tmp_path: Path) -> None:
    class Answers(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            known = self.headers["Authorization"] == f"Bearer {SECRET}"
            self.send_response(200 if known else 401)
            self.end_headers()
            self.wfile.write(json.dumps({"data": [{"id": "1"}, {"id": "2"}]}).encode())

        def log_message(self, *_: Any) -> None:
            return

    platform = open_house(prepared, tmp_path / "home")
    server = ThreadingHTTPServer(("127.0.0.1", 0), Answers)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    block = {
        "url": f"http://127.0.0.1:{server.server_port}",
        "auth": {"by": "bearer"},
        "tables": {"renkou": {"path": "/r", "records": "data"}},
    }
    with site_over(platform, prepared) as site:
        web = site.web("operator")
        wrong = test_(web, way="api", kind="http", connection={**block, "secret": "not-this-one"})
        assert wrong.status_code >= 400
        assert "not-this-one" not in wrong.text
        draft = tried(web, way="api", kind="http", connection={**block, "secret": SECRET})
        seen = web.post(f"/api/connect/drafts/{draft['id']}/rows", json={"table": "renkou"})
        assert seen.json()["rows"] == [["1"], ["2"]]
        assert make(web, draft).status_code == 201
        run_all(platform, load=False)
        assert rows_in(site, f"ods.{draft['tables'][0]['name']}") == 2
    server.shutdown()
    server.server_close()
    platform.close()


def test_an_exported_folder_and_what_is_made_after_it(
    site: Site, operator: Web, tmp_path: Path
) -> None:
    def one(name: str) -> None:
        draft = upload(operator, f"{name}.csv", b"id,v\n1,a\n")
        draft = tried(operator, way="upload", kind="csv", draft=draft["id"])
        assert make(operator, draft).status_code == 201

    one("first")
    folder = tmp_path / "out"
    assert packs.export(site.platform, folder) == ["sources/first.yaml"]
    packs.apply(site.platform, folder, "test")
    one("second")
    later = packs.apply(site.platform, folder, "test")
    assert later.quiet, "what was made on screen since is not retired by an older folder"
    assert packs.export(site.platform, folder) == ["sources/second.yaml"]
    assert packs.plan(site.platform, folder).quiet


def test_each_act_is_in_evidence(site: Site, operator: Web) -> None:
    draft = upload(operator, "a.csv", b"id,v\n1,a\n")
    draft = tried(operator, way="upload", kind="csv", draft=draft["id"])
    operator.post(f"/api/connect/drafts/{draft['id']}/rows", json={"table": "a"})
    make(operator, draft)
    with site.platform.database.read() as connection:
        acts = [one.act for one in evidence.records(connection)]
    wanted = ["source.upload", "source.test", "source.preview", "source.create"]
    assert [one for one in acts if one in wanted] == wanted


# The kinds


def test_the_kinds_tell_their_fields_from_their_models(shared: Site) -> None:
    found = shared.web("operator").get("/api/connect/kinds").json()
    by = {(one["way"], one["name"]): one for one in found}
    fields = {one["name"]: one for one in by["database", "postgresql"]["fields"]}
    assert fields["host"]["required"]
    assert fields["host"]["title"] == "主机名或地址"
    assert (fields["password"]["shape"], fields["password"]["default"]) == ("secret", None)
    assert "verify-full" in fields["sslmode"]["choices"]
    assert fields["sslmode"]["help"] == "verify-full 最稳妥"
    assert by["database", "oracle"]["driver"] == "oracledb"
    assert "pip" in by["database", "oracle"]["driver_hint"]
    assert {one["way"] for one in found} == {"database", "upload", "folder", "api", "push"}
    for one in found:
        for field in walk(one["fields"]):
            assert field["title"] not in ("", field["name"]), (one["name"], field["name"])


def walk(fields: list[dict[str, Any]]) -> Iterator[dict[str, Any]]:
    for field in fields:
        yield field
        yield from walk(field["fields"])


# Bad doors


@pytest.mark.parametrize(
    ("attempt", "wanted"),
    [
        ({"way": "database", "kind": "access97"}, "unknown_source_kind"),
        ({"way": "database", "kind": "csv"}, "bad_input"),
        ({"way": "database", "kind": "postgresql"}, "bad_input"),
        (
            {"way": "database", "kind": "postgresql",
             "connection": {"host": "127.0.0.1", "database": "d", "user": "u"}},
            "host_refused",
        ),
        (
            {"way": "database", "kind": "mysql",
             "connection": {"host": "169.254.169.254", "database": "d", "user": "u"}},
            "host_refused",
        ),
        (
            {"way": "api", "kind": "http",
             "connection": {"url": "http://[::1]:9/", "tables": {"t": {}}}},
            "host_refused",
        ),
        ({"way": "folder", "kind": "csv", "connection": {"path": "/etc"}}, "file_refused"),
        ({"way": "folder", "kind": "csv", "connection": {"path": "../.."}}, "file_refused"),
        ({"way": "database", "kind": "sqlite", "connection": {"path": "/etc/passwd"}},
         "file_refused"),
        ({"way": "upload", "kind": "csv"}, "bad_input"),
        ({"way": "push", "kind": "push"}, "bad_input"),
        ({"way": "upload", "kind": "csv", "draft": "nobody"}, "not_found"),
        ({"way": "by_pigeon", "kind": "csv"}, "bad_input"),
    ],
)  # fmt: skip
def test_what_cannot_be_connected_says_why(
    shared: Site, attempt: dict[str, Any], wanted: str
) -> None:
    answer = test_(shared.web("operator"), **attempt)
    assert answer.status_code >= 400
    assert code(answer) == wanted
    assert answer.json()["error"]["hint"]


def test_a_variable_of_the_server_is_not_to_be_had(
    shared: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DEPLOY_TOKEN", SECRET)
    connection = {"host": "10.0.0.1", "database": "d", "user": "u", "password": "${DEPLOY_TOKEN}"}
    web = shared.web("operator")
    answer = test_(web, way="database", kind="postgresql", connection=connection)
    assert (answer.status_code, code(answer)) == (422, "bad_input")


def test_a_file_that_is_too_large_stops_at_the_door(prepared: Prepared, tmp_path: Path) -> None:
    prepared.copy(tmp_path / "home").close()
    platform = new_platform(tmp_path / "home", delivery_mb=1)
    sent = 0

    async def endless() -> Any:
        nonlocal sent
        for _ in range(2048):
            sent += 1
            yield b"x" * 2**20

    with site_over(platform, prepared) as site:
        web = site.web("operator")
        answer = web.post("/api/connect/files?file=big.csv", content=endless())
        assert (answer.status_code, code(answer)) == (413, "delivery_too_large")
    assert not list((tmp_path / "home" / "deliveries").glob("*/big.csv"))
    platform.close()


def test_a_bomb_is_refused_and_harms_nobody(shared: Site) -> None:
    operator = shared.web("operator")
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("a.csv", b"0," * 2**26)
    draft = upload(operator, "bomb.zip", packed.getvalue())
    answer = test_(operator, way="upload", kind="csv", draft=draft["id"])
    assert answer.status_code in (413, 422)
    assert code(answer) == "archive_too_large"


@pytest.mark.parametrize("name", ["../../evil.csv", "a\x00b.csv", "..", "C:\\x\\y.csv", ".csv"])
def test_names_of_files_are_made_safe(site: Site, operator: Web, name: str) -> None:
    draft = upload(operator, name, b"id,v\n1,a\n")
    tried(operator, way="upload", kind="csv", draft=draft["id"])
    kept = [
        path for path in (site.platform.settings.home / "deliveries").rglob("*") if path.is_file()
    ]
    assert all(path.parent.parent == site.platform.settings.home / "deliveries" for path in kept)


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"agency": "nowhere"}, None),
        ({"name": "Bad Name"}, "name"),
        ({"name": "hj"}, "name"),
        ({"schedule": "whenever"}, None),
        ({"kind": "sqlite"}, "kind"),
        ({"connection": {"path": "/etc"}}, "connection"),
        ({"tables": []}, "tables"),
        ({"colour": "red"}, "colour"),
        ({"window": "25:00-26:00"}, "window"),
    ],
)
def test_a_bad_declaration_makes_nothing(
    shared: Site, ready: dict[str, Any], change: dict[str, Any], field: str | None
) -> None:
    operator = shared.web("operator")
    before = operator.get("/api/sources").json()
    answer = make(operator, ready, **change)
    assert answer.status_code in (409, 422), answer.text
    if field is not None:
        assert answer.json()["error"]["field"] == field
    assert operator.get("/api/sources").json() == before


@pytest.mark.parametrize(
    ("change", "wanted"),
    [
        ({"name": "person"}, "conflict"),
        ({"key": ["nowhere"]}, "bad_input"),
        ({"mode": "incremental"}, "bad_input"),
        ({"columns": {"id": {"item": "a", "title": "甲", "element": "nothing"}}}, "bad_input"),
        ({"columns": {"id": {"item": "a", "title": "甲"}, "v": {"item": "a", "title": "乙"}}},
         "bad_input"),
        ({"columns": {"id": {"item": "a", "title": "甲", "refers": "std.a.zz"}}}, "bad_input"),
    ],
)  # fmt: skip
def test_a_bad_table_makes_nothing(
    shared: Site, ready: dict[str, Any], change: dict[str, Any], wanted: str
) -> None:
    source = declared(ready)
    source["tables"][0] |= change
    body = {"draft": ready["id"], "source": source}
    answer = shared.web("operator").post("/api/definitions/sources", json=body)
    assert code(answer) == wanted, answer.text


def test_twice_the_same_name_and_twice_the_same_draft(operator: Web) -> None:
    draft = upload(operator, "a.csv", b"id,v\n1,a\n")
    draft = tried(operator, way="upload", kind="csv", draft=draft["id"])
    source = declared(draft)
    source["tables"] *= 2
    twice = operator.post("/api/definitions/sources", json={"draft": draft["id"], "source": source})
    assert code(twice) == "bad_input"
    assert make(operator, draft).status_code == 201
    assert code(make(operator, draft)) == "conflict"


def test_a_draft_is_of_one_person_and_nobody_else_may_connect(site: Site, operator: Web) -> None:
    draft = upload(operator, "a.csv", b"id,v\n1,a\n")
    for who in ("steward", "officer", "leader", "system_admin", "security_admin"):
        web = site.web(who)
        assert web.get(f"/api/connect/drafts/{draft['id']}").status_code == 403
        assert web.get("/api/connect/kinds").status_code == 403
        assert test_(web, way="upload", kind="csv").status_code == 403
        assert web.post("/api/connect/files?file=a.csv", content=b"x").status_code == 403
        assert make(web, {**draft, "tables": []}).status_code == 403
    with site.platform.database.read() as connection:
        from haina.kernel.errors import HainaError
        from haina.resources.collect.connecting import draft_of

        with pytest.raises(HainaError, match="不是您的"):
            draft_of(connection, draft["id"], "another operator")


def test_what_is_given_up_leaves_nothing(site: Site, operator: Web) -> None:
    draft = upload(operator, "a.csv", b"id,v\n1,a\n")
    assert operator.request("DELETE", f"/api/connect/drafts/{draft['id']}").status_code == 204
    assert operator.get(f"/api/connect/drafts/{draft['id']}").status_code == 404
    assert not list((site.platform.settings.home / "deliveries").glob("*/a.csv"))


@pytest.mark.parametrize(
    ("column", "found"),
    [("身份证号", "id"), ("人员信息_身份证号", "id"), ("SFZH", "id"), ("身份证号是否核验", None)],
)
def test_an_element_is_known_by_the_lowest_of_the_headers(column: str, found: str | None) -> None:
    known = ElementSpec(name="id", title="公民身份号码", format=Format.ID_NUMBER)
    element = element_of(column, None, Standards({"id": known}, {}))
    assert (element.name if element else None) == found
