"""HTTP APIs against real servers: ways to page, to log in, to answer; and that nothing is lost."""

import json
import logging
import socket
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pydantic import ValidationError

from haina.kernel.errors import HainaError
from haina.kernel.settings import Settings
from haina.resources.collect import kinds
from haina.resources.collect.kinds.remote import limits
from tests.resources.kinds.reading import found, whole
from tests.support.web import App, Asked, Said, certificate, web

Row = dict[str, Any]
SECRET = "s3cret-T0ken"


@pytest.fixture(autouse=True)
def _hurry(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(limits, "LIMITS", limits.Limits(waits=(0.01, 0.02), connect_seconds=2))


def people(count: int) -> list[Row]:
    return [{"id": n, "name": f"张{n}"} for n in range(count)]


def block(url: str, table: dict[str, Any] | None = None, **more: Any) -> dict[str, Any]:
    return {"url": url, "tables": {"t": table or {}}, "requests_per_minute": 60_000, **more}


def by_page(rows: list[Row], *, total: bool = False) -> App:
    """Page numbers from 1, as most Chinese APIs have them."""

    def app(asked: Asked) -> Said:
        page, size = int(asked.query["pageNo"]), int(asked.query["pageSize"])
        data: dict[str, Any] = {"list": rows[(page - 1) * size : page * size]}
        return Said({"code": 0, "data": {**data, **({"total": len(rows)} if total else {})}})

    return app


NUMBERED = {
    "path": "people",
    "records": "data.list",
    "pages": {"by": "number", "param": "pageNo", "size": "pageSize", "rows": 10},
}


def refused(
    the_block: dict[str, Any], context: kinds.ReadContext, table: kinds.SourceTable | None = None
) -> HainaError:
    """What comes of a whole reading; no secret may be in it."""
    text = kinds.SourceTable("t", (kinds.SourceColumn("id", "", "text"),))
    with pytest.raises(HainaError) as error:
        whole("http", the_block, table or text, context)
    assert error.value.hint
    assert SECRET not in f"{error.value.as_dict()}"
    return error.value


# ways to page


@pytest.mark.parametrize("count", [0, 1, 9, 10, 11, 30])
@pytest.mark.parametrize("total", [False, True])
def test_pages_by_number(context: kinds.ReadContext, count: int, total: bool) -> None:
    table = {**NUMBERED, **({"total": "data.total"} if total else {})}
    table["columns"] = {"id": "integer", "name": "text"}
    with web(by_page(people(count), total=total)) as server:
        read = whole("http", block(server.url, table), "t", context)
    assert read.rows == [(n, f"张{n}") for n in range(count)]
    read.assert_accounted()
    extra = 0 if total and count else 1
    assert len(server.asked) == -(-count // 10) + extra


def test_short_pages_end_only_where_it_is_said(context: kinds.ReadContext) -> None:
    """A server that gives fewer rows a page than were asked for must not cost rows."""

    def stingy(asked: Asked) -> Said:
        page = int(asked.query["pageNo"])
        return Said({"data": {"list": people(12)[(page - 1) * 5 : page * 5]}})

    with web(stingy) as server:
        assert whole("http", block(server.url, NUMBERED), "t", context).table.num_rows == 12
        short = {**NUMBERED, "pages": {**NUMBERED["pages"], "until": "short"}}  # type: ignore[dict-item]
        assert whole("http", block(server.url, short), "t", context).table.num_rows == 5


def test_pages_by_offset_in_the_body_of_a_post(context: kinds.ReadContext) -> None:
    rows = people(23)

    def app(asked: Asked) -> Said:
        assert asked.json["dept"] == "民政"
        start = asked.json["page"]["start"]
        return Said(rows[start : start + asked.json["page"]["limit"]])

    table = {
        "method": "POST",
        "body": {"dept": "民政", "page": {"sort": "id"}},
        "pages": {"by": "offset", "param": "page.start", "size": "page.limit", "rows": 10},
    }
    with web(app) as server:
        read = whole("http", block(server.url, table), "t", context)
    assert read.table.num_rows == 23
    assert server.asked[-1].json["page"] == {"sort": "id", "start": 23, "limit": 10}


def test_pages_by_cursor(context: kinds.ReadContext) -> None:
    rows = people(7)

    def app(asked: Asked) -> Said:
        start = int(asked.query.get("after", "0"))
        following = start + 3 if start + 3 < len(rows) else None
        return Said({"rows": rows[start : start + 3], "next": following})

    table = {"records": "rows", "pages": {"by": "cursor", "param": "after", "next": "next"}}
    with web(app) as server:
        assert whole("http", block(server.url, table), "t", context).table.num_rows == 7


@pytest.mark.parametrize("where", ["header", "body"])
def test_pages_by_link(context: kinds.ReadContext, where: str) -> None:
    rows = people(7)

    def app(asked: Asked) -> Said:
        start = int(asked.query.get("from", "0"))
        link = f"/api/people?from={start + 3}&k=中" if start + 3 < len(rows) else None
        headers = {"Link": f'<{link}>; rel="next", </x>; rel="first"'} if link else {}
        headers = {k: v.replace("中", "%E4%B8%AD") for k, v in headers.items()}
        body = {"rows": rows[start : start + 3], "next": link if where == "body" else None}
        return Said(body, headers=headers if where == "header" else {})

    pages = {"by": "link", **({"next": "next"} if where == "body" else {})}
    table = {"path": "people", "records": "rows", "pages": pages}
    with web(app) as server:
        read = whole("http", block(f"{server.url}/api", table), "t", context)
    assert read.table.num_rows == 7
    assert server.asked[-1].path == "/api/people"


def test_a_link_to_another_host_is_refused(context: kinds.ReadContext) -> None:
    table = {"records": "rows", "pages": {"by": "link", "next": "next"}}
    for link in ("http://10.0.0.1/x", "//other/x", "https://127.0.0.1/x", "file:///etc/passwd"):
        with web(lambda _: Said({"rows": [{"id": "1"}], "next": link})) as server:
            error = refused(block(server.url, table), context)
        assert error.code == "source_redirect_refused"
        assert len(server.asked) == 1


# what an answer holds


def test_numbers_keep_their_digits(context: kinds.ReadContext) -> None:
    text = '[{"a": 1.10, "b": 12345678901234567890.123456789, "c": 1e400, "d": -0, "e": 370281199001011234}]'
    with web(lambda _: Said(text.encode())) as server:
        read = whole("http", block(server.url), "t", context)
    assert read.rows == [
        ("1.10", "12345678901234567890.123456789", "1e400", "-0", "370281199001011234")
    ]


def test_what_json_can_hold(context: kinds.ReadContext) -> None:
    record = {"s": "甲\n", "t": True, "n": None, "o": {"k": [1.50, "x"]}, "l": [], "e": ""}
    text = json.dumps([record], ensure_ascii=False).replace("1.5", "1.50")
    with web(lambda _: Said(text.encode())) as server:
        read = whole("http", block(server.url), "t", context)
    assert read.rows == [("甲\n", "true", None, '{"k":[1.50,"x"]}', "[]", "")]
    types = {column.name: column.lake_type for column in read.source.columns}
    assert types == {"s": "text", "t": "text", "n": "text", "o": "json", "l": "json", "e": "text"}


def test_declared_types_and_bad_records(context: kinds.ReadContext) -> None:
    rows: list[Any] = [
        {"id": 1, "money": 1.10, "day": "2024-02-29"},
        {"id": 2, "money": "x", "day": "2024-02-29"},
        {"id": 3, "money": 2},
        "not an object",
        {"id": 4, "money": 2, "day": "2024-02-30"},
        {"id": 5, "money": {"a": 1}, "day": None},
        {"id": 6, "money": 3, "day": None, "more": "ignored, the columns being declared"},
    ]
    columns = {"id": "integer", "money": "decimal(10,2)", "day": "date"}
    table = {**NUMBERED, "columns": columns}
    with web(by_page(rows)) as server:
        source = found("http", block(server.url, table), context)["t"]
        keyed = kinds.SourceTable("t", source.columns, ("id",))
        read = whole("http", block(server.url, table), keyed, context)
    assert [str(row[0]) for row in read.rows] == ["1", "6"]
    assert [(bad.line, bad.column, bad.reason) for bad in read.rejects] == [
        (2, "money", "not_decimal"),
        (3, "day", "missing_field"),
        (4, None, "not_object"),
        (5, "day", "out_of_range"),
        (6, "money", "not_text"),
    ]
    assert read.rejects[0].message.startswith("第 1 页第 2 行")
    assert read.rejects[0].values == {"id": "2", "money": "x", "day": "2024-02-29"}
    assert read.control.rows == 7


def test_nul_and_half_characters_are_set_aside(context: kinds.ReadContext) -> None:
    with web(lambda _: Said(rb'[{"a":"\u0000"},{"a":"\ud800"},{"a":"\ud83d\ude00"}]')) as server:
        read = whole("http", block(server.url), "t", context)
    assert read.rows == [("😀",)]
    assert [bad.reason for bad in read.rejects] == ["nul", "encoding"]


def test_what_is_nested_too_deep_is_set_aside(context: kinds.ReadContext) -> None:
    deep = b'{"id":' + b"[" * 200 + b"]" * 200 + b"}"
    with web(lambda _: Said(b'[{"id":{}},' + deep + b"]")) as server:
        read = whole("http", block(server.url), "t", context)
    assert read.rows == [("{}",)]
    assert [(bad.line, bad.reason) for bad in read.rejects] == [(2, "too_deep")]


@pytest.mark.parametrize(
    "text",
    [
        '[{"a": 1, "a": 2}]',
        '[{"a": NaN}]',
        '[{"a": 1}] tail',
        '[{"a": 1}',
        '[{"a": "\n"}]',
        "[1, 2]",
        '[{"": 1}]',
        '{"a": 1}',
        '"x"',
        "",
        '[{"a": "\udcff"}]',
    ],
)
def test_json_that_is_not_quite(context: kinds.ReadContext, text: str) -> None:
    with web(lambda _: Said(text.encode("utf-8", "surrogateescape"))) as server:
        error = refused(block(server.url), context)
    assert error.code in ("source_answer_broken", "source_page_differs")


def test_gbk_is_read_when_it_is_said(context: kinds.ReadContext) -> None:
    data = '[{"id": "户籍𠮷"}]'.encode("gb18030")
    headers = {"Content-Type": "application/json; charset=GBK"}
    with web(lambda _: Said(data, headers=headers)) as server:
        assert whole("http", block(server.url), "t", context).rows == [("户籍𠮷",)]


def test_json_lines(context: kinds.ReadContext) -> None:
    data = "".join(f'{{"id": {n}.0, "s": "x\u2028y"}}\r\n' for n in range(3)).encode()
    with web(lambda _: Said(data)) as server:
        read = whole("http", block(server.url, {"format": "jsonl"}), "t", context)
    assert read.rows == [(f"{n}.0", "x\u2028y") for n in range(3)]
    with web(lambda _: Said(data[:-9])) as server:
        error = refused(block(server.url, {"format": "jsonl"}), context)
    assert "第 3 行" in error.message


def test_pages_of_csv(context: kinds.ReadContext) -> None:
    def app(asked: Asked) -> Said:
        start = int(asked.query["from"])
        lines = [f'{n:03},"a,{n}"' if n != 4 else "broken" for n in range(start, min(start + 3, 7))]
        data = "\r\n".join(["编号,说明", *lines]).encode("gb18030")
        return Said(data, headers={"X-Total": "7", "Content-Type": "text/csv"})

    table = {
        "format": "csv",
        "total": "header:X-Total",
        "pages": {"by": "offset", "param": "from"},
    }
    with web(app) as server:
        read = whole("http", block(server.url, table), "t", context)
    assert read.rows == [(f"{n:03}", f"a,{n}") for n in range(7) if n != 4]
    assert [(bad.line, bad.reason) for bad in read.rejects] == [(3, "field_count")]
    assert read.rejects[0].message.startswith("第 2 页第 3 行")
    assert read.control.rows == 7
    assert list(context.spool.iterdir()) == []


def test_compressed_answers(context: kinds.ReadContext) -> None:
    import gzip

    data = json.dumps(people(1000)).encode()
    packed = gzip.compress(data[:500]) + gzip.compress(data[500:])
    with web(lambda _: Said(packed, headers={"Content-Encoding": "gzip"})) as server:
        assert whole("http", block(server.url), "t", context).table.num_rows == 1000
    assert server.asked[0].headers["accept-encoding"] == "gzip"
    with web(lambda _: Said(packed[:-9], headers={"Content-Encoding": "gzip"})) as server:
        assert refused(block(server.url), context).code == "source_failed"
    with web(lambda _: Said(packed, headers={"Content-Encoding": "br"})) as server:
        assert refused(block(server.url), context).code == "source_answer_broken"


# incremental


@pytest.mark.parametrize(
    ("format_", "asked"),
    [
        ("text", "2024-03-01 08:00:00"),
        ("%Y-%m-%dT%H:%M:%S%z", "2024-03-01T08:00:00+0800"),
        ("epoch", "1709251200"),
        ("epoch_ms", "1709251200000"),
    ],
)
def test_the_server_is_asked_for_new_rows(
    context: kinds.ReadContext, format_: str, asked: str
) -> None:
    rows = [{"id": n, "at": f"2024-03-01 0{n}:00:00"} for n in range(10)]
    since = {"column": "at", "param": "since", "format": format_}
    table = {"columns": {"id": "integer", "at": "timestamp_ntz"}, "since": since}
    with web(lambda one: Said(rows[7:] if "since" in one.query else rows)) as server:
        mark = kinds.Watermark("at", "2024-03-01 08:00:00")
        read = whole("http", block(server.url, table), "t", context, since=mark)
        assert server.asked[-1].query["since"] == asked
        assert [row[0] for row in read.rows] == [9]
        assert read.control.watermark == "2024-03-01 09:00:00"
        first = whole("http", block(server.url, table), "t", context, since=kinds.Watermark("at"))
        assert "since" not in server.asked[-1].query
        assert first.control.watermark == "2024-03-01 09:00:00"


# logging in


def guarded(check: Callable[[Asked], bool]) -> App:
    return lambda asked: Said(people(1)) if check(asked) else Said({"msg": SECRET}, 401)


@pytest.mark.parametrize(
    ("auth", "check"),
    [
        ({"by": "bearer"}, lambda a: a.headers.get("authorization") == f"Bearer {SECRET}"),
        ({"by": "header", "name": "X-Key"}, lambda a: a.headers.get("x-key") == SECRET),
        ({"by": "query", "name": "appkey"}, lambda a: a.query.get("appkey") == SECRET),
        (
            {"by": "basic", "user": "u"},
            lambda a: a.headers.get("authorization") == "Basic dTpzM2NyZXQtVDBrZW4=",
        ),
    ],
)
def test_ways_to_log_in(
    context: kinds.ReadContext,
    auth: dict[str, str],
    check: Callable[[Asked], bool],
    caplog: pytest.LogCaptureFixture,
) -> None:
    with caplog.at_level(logging.DEBUG), web(guarded(check)) as server:
        the_block = block(server.url, auth=auth, secret=SECRET, headers={"X-App": "haina"})
        assert whole("http", the_block, "t", context).table.num_rows == 1
        assert server.asked[0].headers["x-app"] == "haina"
        error = refused({**the_block, "secret": "wrong"}, context)
    assert error.code == "source_login_refused"
    assert SECRET not in caplog.text
    assert "dTpzM2NyZXQtVDBrZW4" not in caplog.text


def test_a_token_is_fetched_and_renewed_once(context: kinds.ReadContext) -> None:
    valid: list[str] = []

    def app(asked: Asked) -> Said:
        if asked.path == "/token":
            given = parse_qs(asked.body.decode())
            assert given["client_secret"] == [SECRET]
            assert given["grant_type"] == ["client_credentials"]
            valid[:] = [f"t{len(server.asked)}"]
            return Said({"data": {"token": valid[0]}})
        if asked.headers.get("authorization") != f"Bearer {(valid or [''])[0]}":
            return Said({}, 401)
        page = int(asked.query["pageNo"])
        if page == 2:
            valid[:] = ["expired"] if not expired else valid
            expired.append(page)
        return by_page(people(25))(asked)

    expired: list[int] = []
    with web(app) as server:
        auth = {"by": "token", "user": "id", "token_url": f"{server.url}/token"}
        auth["token_path"] = "data.token"
        the_block = block(server.url, NUMBERED, auth=auth, secret=SECRET)
        read = whole("http", the_block, "t", context)
    assert read.table.num_rows == 25
    paths = [asked.path for asked in server.asked]
    assert paths.count("/token") == 3  # to discover, to read, and when it had run out


def test_a_token_that_is_never_good_is_asked_for_twice_and_no_more(
    context: kinds.ReadContext,
) -> None:
    app: App = lambda a: Said({"access_token": "x"}) if a.path == "/token" else Said({}, 401)  # noqa: E731
    with web(app) as server:
        auth = {"by": "token", "user": "id", "token_url": f"{server.url}/token"}
        error = refused(block(server.url, auth=auth, secret=SECRET), context)
    assert error.code == "source_login_refused"
    assert [asked.path for asked in server.asked] == ["/token", "/", "/token", "/"]


# patience


def test_passing_errors_are_tried_again_for_what_may_be_repeated(
    context: kinds.ReadContext,
) -> None:
    def flaky(asked: Asked) -> Said:
        return Said({}, (503, 429, 500)[len(server.asked) % 3]) if len(server.asked) % 3 else good

    good = Said(people(2))
    with web(flaky) as server:
        assert whole("http", block(server.url), "t", context).table.num_rows == 2
    for more, requests in (({}, 1), ({"repeatable": True}, 3)):
        with web(lambda _: Said({}, 502)) as server:
            error = refused(block(server.url, {"method": "POST", **more}), context)
        assert error.code == "source_failed"
        assert len(server.asked) == requests


def test_requests_keep_to_the_pace(context: kinds.ReadContext) -> None:
    import time

    with web(by_page(people(25))) as server:
        start = time.monotonic()
        whole("http", block(server.url, NUMBERED, requests_per_minute=1200), "t", context)
    assert len(server.asked) == 5
    assert time.monotonic() - start > 0.14  # one to discover, then four, 50 ms apart


def test_a_reading_may_be_left_early(context: kinds.ReadContext) -> None:
    with web(by_page(people(100_000))) as server:
        kind = kinds.get("http")
        connection = kind.connection.model_validate(block(server.url, NUMBERED))
        (table,) = kind.discover(connection, context)
        taken = kinds.preview(kind, connection, table, 15, context=context).rows
    assert taken.num_rows == 15
    assert len(server.asked) < 20


# the way there


def test_redirects_on_the_same_host_are_followed(context: kinds.ReadContext) -> None:
    def app(asked: Asked) -> Said:
        return Said(people(1)) if asked.path == "/new" else Said(b"", 302, {"Location": "/new"})

    with web(app) as server:
        the_block = block(server.url, auth={"by": "bearer"}, secret=SECRET)
        assert whole("http", the_block, "t", context).table.num_rows == 1
    assert server.asked[-1].headers["authorization"] == f"Bearer {SECRET}"


@pytest.mark.parametrize("auth", [{"by": "header", "name": "X-Key"}, {"by": "bearer"}])
def test_another_host_is_not_told_who_asks(
    context: kinds.ReadContext, auth: dict[str, str]
) -> None:
    with web(lambda _: Said(people(1)), host="127.0.0.2") as other:
        moved = Said(b"", 302, {"Location": f"{other.url}/x"})
        with web(lambda _: moved, port=other.port) as server:
            the_block = block(server.url, auth=auth, secret=SECRET, headers={"X-App": "me"})
            assert whole("http", the_block, "t", context).table.num_rows == 1
    told = other.asked[0].headers
    assert set(told) == {"host", "user-agent", "accept-encoding"}
    assert told["host"] == f"127.0.0.2:{other.port}"
    assert SECRET in str(server.asked[0].headers)


def test_tls_with_a_ca_of_our_own(files: Path, context: kinds.ReadContext) -> None:
    tls, ca_file = certificate(files, "127.0.0.1")
    with web(lambda _: Said(people(2)), tls=tls) as server:
        the_block = block(server.url, ca_file=ca_file.name)
        assert whole("http", the_block, "t", context).table.num_rows == 2
        assert refused(block(server.url), context).code == "source_certificate_refused"


def test_a_name_is_resolved_once_and_stays_a_name(
    files: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The second answer of the name server, this machine itself, gains nothing; the certificate
    and the Host header are still those of the name."""
    tls, ca_file = certificate(files, "api.example.gov")
    answers = iter(["127.0.0.2", "127.0.0.1", "127.0.0.1", "127.0.0.1"])
    real = socket.getaddrinfo

    def rebinding(host: Any, port: Any, *rest: Any, **how: Any) -> Any:
        name = host.decode() if isinstance(host, bytes) else host
        return real(next(answers) if name == "api.example.gov" else host, port, *rest, **how)

    monkeypatch.setattr(socket, "getaddrinfo", rebinding)
    context = kinds.ReadContext(
        Settings(home=tmp_path, source_files=(files,), source_networks=("127.0.0.2/32",))
    )
    kind = kinds.get("http")

    def app(asked: Asked) -> Said:  # hangs up, so that each page needs a connection of its own
        return Said(by_page(people(25))(asked).content, headers={"Connection": "close"})

    with (
        web(app, host="127.0.0.2", tls=tls, name="api.example.gov") as server,
        web(app, tls=tls, port=server.port) as inside,
    ):
        connection = kind.connection.model_validate(
            block(server.url, {**NUMBERED, "columns": {"id": "text"}}, ca_file=ca_file.name)
        )
        (table,) = kind.discover(connection, context)
        with kind.read(connection, table, context=context) as reading:
            assert sum(batch.num_rows for batch in reading.batches()) == 25
        # a new reading asks the name server again, and what it says now is refused
        with pytest.raises(HainaError) as error:
            with kind.read(connection, table, context=context) as reading:
                list(reading.batches())
    assert error.value.code == "host_refused"
    assert inside.asked == []
    assert {asked.headers["host"] for asked in server.asked} == {f"api.example.gov:{server.port}"}


def test_the_environment_has_no_say(
    context: kinds.ReadContext, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("HTTP_PROXY", "http_proxy", "ALL_PROXY"):
        monkeypatch.setenv(name, "http://127.0.0.1:1")
    with web(lambda _: Said(people(1))) as server:
        assert whole("http", block(server.url), "t", context).table.num_rows == 1


# what is declared


def test_a_table_that_cannot_be_read_hides_no_other(context: kinds.ReadContext) -> None:
    app: App = lambda a: Said(people(1)) if a.path == "/good" else Said({}, 404)  # noqa: E731
    tables = {"good": {"path": "good"}, "bad": {"path": "bad"}}
    with web(app) as server:
        the_block = {**block(server.url), "tables": tables}
        listed = found("http", the_block, context)
        assert "不可读" in (listed["bad"].comment or "")
        assert len(listed["good"].columns) == 2
        kind = kinds.get("http")
        with pytest.raises(HainaError) as error:
            kind.test(kind.connection.model_validate(the_block), context)
    assert error.value.code == "source_no_table"


def test_optional_fields_may_be_missing(context: kinds.ReadContext) -> None:
    rows = [{"id": n, **({"tel": "1"} if n > 14 else {})} for n in range(20)]
    with web(by_page(rows)) as server:
        error = refused(block(server.url, NUMBERED), context)
        assert error.code == "source_page_differs"
        optional = block(server.url, {**NUMBERED, "optional": ["tel"]})
        read = whole("http", optional, "t", context)
    assert [row[1] for row in read.rows] == [None] * 15 + ["1"] * 5


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"url": "ftp://x"}, "url"),
        ({"url": "file:///etc/passwd"}, "url"),
        ({"url": "https://user:pw@host/"}, "url"),
        ({"url": "https://host/?key=secret"}, "url"),
        ({"url": "http://host:99999/"}, "url"),
        ({"url": "http://ho st/"}, "url"),
        ({"headers": {"Authorization": "x"}}, "headers"),
        ({"headers": {"Cookie": "x"}}, "headers"),
        ({"headers": {"X": "a\r\nHost: b"}}, "headers"),
        ({"headers": {"A b": "x"}}, "headers"),
        ({"auth": {"by": "bearer"}}, ""),
        ({"auth": {"by": "header"}, "secret": "x"}, "auth"),
        ({"auth": {"by": "bearer"}, "secret": "a\nb"}, "secret"),
        ({"auth": {"by": "token", "user": "u", "token_url": "http://x"}, "secret": "x"}, ""),
        ({"tables": {}}, "tables"),
        ({"tables": {"t": {"path": "http://other/x"}}}, "tables"),
        ({"tables": {"t": {"path": "a?key=1"}}}, "tables"),
        ({"tables": {"t": {"path": "../admin"}}}, "tables"),
        ({"tables": {"t": {"columns": {"a": "varchar"}}}}, "tables"),
        ({"tables": {"t": {"pages": {"by": "number"}}}}, "tables"),
        ({"tables": {"t": {"format": "csv", "records": "a"}}}, "tables"),
        ({"tables": {"t": {"format": "xml"}}}, "tables"),
        ({"tables": {"t": {"body": {"a": 1}}}}, "tables"),
        ({"nonsense": 1}, "nonsense"),
    ],
)
def test_blocks_that_are_refused(change: dict[str, Any], field: str) -> None:
    with pytest.raises(ValidationError) as broken:
        kinds.get("http").connection.model_validate({**block("https://api.example"), **change})
    place = broken.value.errors()[0]["loc"]
    assert (str(place[0]) if place else "") == field


def test_the_secret_is_a_sealed_field() -> None:
    fields = kinds.get("http").connection.model_fields
    assert "SecretStr" in str(fields["secret"].annotation)


# all of it at once

_NAMES = st.text(st.characters(exclude_categories=("Cs", "Cc")), min_size=1, max_size=8)
_VALUES = st.one_of(
    st.none(),
    st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\x00"), max_size=12),
    st.integers(),
    st.booleans(),
    st.decimals(allow_nan=False, allow_infinity=False).map(str).map(lambda s: f"#{s}"),
    st.lists(st.integers(), max_size=3),
)


@st.composite
def _tables(draw: st.DrawFn) -> list[Row]:
    """Rows with a number of their own, all with the same names."""
    names = draw(st.lists(_NAMES.filter(lambda name: name != "#"), max_size=4, unique=True))
    count = draw(st.integers(0, 40))
    return [{"#": n, **{name: draw(_VALUES) for name in names}} for n in range(count)]


def _as_text(value: Any) -> str | None:
    if value is None or isinstance(value, str):
        return value
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))


@settings(max_examples=25, suppress_health_check=[HealthCheck.too_slow])
@given(
    rows=_tables(),
    size=st.integers(1, 15),
    way=st.sampled_from(["number", "offset", "cursor", "link"]),
    total=st.booleans(),
    post=st.booleans(),
)
def test_whatever_the_pages_the_rows_are_the_source_s(
    rows: list[Row], size: int, way: str, total: bool, post: bool
) -> None:
    def app(asked: Asked) -> Said:
        given_ = asked.json if post and asked.body != b"{}" else asked.query
        mark = int(given_.get("m", asked.query.get("m", 0)))
        start = mark * size if way == "number" else mark
        following = start + size if start + size < len(rows) else None
        headers = {"Link": f'</x?m={following}>; rel="next"'} if following else {}
        body = {"l": rows[start : start + size], "n": following, "c": len(rows)}
        return Said(body, headers=headers if way == "link" else {})

    pages: dict[str, Any] = {"by": way, "rows": size, "first": 0}
    pages |= {"param": "m"} if way != "link" else {}
    pages |= {"next": "n"} if way == "cursor" else {}
    names = list(rows[0]) if rows else ["#"]
    nested = {name for row in rows for name, value in row.items() if isinstance(value, list)}
    table: dict[str, Any] = {"path": "x", "records": "l", "pages": pages}
    table["columns"] = {name: "json" if name in nested else "text" for name in names}
    table |= {"total": "c"} if total else {}
    table |= {"method": "POST"} if post else {}
    with tempfile.TemporaryDirectory() as home, web(app) as server:
        context = kinds.ReadContext(
            Settings(home=Path(home), source_networks=("127.0.0.0/8",)), batch_rows=7
        )
        read = whole("http", block(server.url, table), "t", context)
    assert read.table.num_rows == len(rows)
    for read_row, row in zip(read.table.to_pylist(), rows, strict=True):
        for name, value in row.items():
            wanted = _as_text(value)
            if name in nested and value is not None:
                wanted = json.dumps(value, ensure_ascii=False, separators=(",", ":"))
            assert read_row[name] == wanted
    read.assert_accounted()
