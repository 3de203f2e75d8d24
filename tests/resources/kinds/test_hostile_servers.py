"""Servers that mean harm, or are merely broken: each is refused in words, soon, in little memory.

Whatever they do, the reading ends with an error that names a field and a way out, tells no secret
in its words or in the log, and leaves no file behind.
"""

import gzip
import itertools
import logging
import os
import re
import socket
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any

import pytest

from haina.kernel.errors import HainaError
from haina.kernel.settings import Settings
from haina.resources.collect import kinds
from haina.resources.collect.kinds.remote import limits
from tests.resources.kinds.reading import whole
from tests.support.sftp import lying, make_key, ssh_server, sshd
from tests.support.web import App, Asked, Said, Web, certificate, raw, web

SECRET = "s3cret-T0ken"
SECONDS = 30  # far less than for ever, on a busy machine too
MEGABYTES = 350  # above where we were, the servers' own included; most cases stay below 50
TABLE = kinds.SourceTable("t", (kinds.SourceColumn("id", "", "text"),))
NUMBERED = {"records": "rows", "pages": {"by": "number", "param": "page", "rows": 2}}
OK = b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n"

Server = Callable[[], Any]


@pytest.fixture(autouse=True)
def _hurry(monkeypatch: pytest.MonkeyPatch) -> None:
    """The bounds of bytes are the real ones; those of time are shortened."""
    quick = limits.Limits(
        connect_seconds=2, idle_seconds=2, answer_seconds=2, waits=(0.05,), pages=200
    )
    monkeypatch.setattr(limits, "LIMITS", quick)


@pytest.fixture
def only_2(tmp_path: Path, files: Path) -> kinds.ReadContext:
    """A context that may reach 127.0.0.2, where the hostile web servers live, and nothing else."""
    settings = Settings(home=tmp_path, source_files=(files,), source_networks=("127.0.0.2/32",))
    return kinds.ReadContext(settings)


# What has no end is stopped by a count; on a busy machine the clock may be there first.
_COUNTED = ("source_listing_refused", "source_answer_too_large", "source_endless")


def fitting(code: str) -> tuple[str, ...]:
    """The codes with which a hostile server may end."""
    return (code, "source_timed_out") if code in _COUNTED else (code,)


def peak() -> int:
    """The most memory held since `forget_peak`, in MB."""
    found = re.search(r"VmHWM:\s+(\d+)", Path("/proc/self/status").read_text("ascii"))
    assert found is not None
    return int(found[1]) // 1024


def forget_peak() -> None:
    Path("/proc/self/clear_refs").write_text("5", "ascii")


def refused(
    kind: str,
    block: dict[str, Any],
    context: kinds.ReadContext,
    caplog: pytest.LogCaptureFixture,
    table: kinds.SourceTable | str = TABLE,
) -> HainaError:
    forget_peak()
    before, start = peak(), time.monotonic()
    with caplog.at_level(logging.DEBUG), pytest.raises(HainaError) as error:
        whole(kind, block, table, context)
    assert time.monotonic() - start < SECONDS
    assert peak() - before < MEGABYTES
    said = error.value
    assert said.field
    assert said.hint
    assert SECRET not in f"{said.as_dict()}{said!r}{said.__cause__}{caplog.text}"
    assert list(context.spool.iterdir()) == []
    return said


# HTTP: a server is a function that makes one; it may be asked for `url`, and for its own table


def polite(app: App) -> Server:
    return lambda: web(app, host="127.0.0.2")


def rude(talk: Callable[[socket.socket], None], *, hear: bool = True) -> Server:
    return lambda: raw(talk, host="127.0.0.2", hear=hear)


def sends(*parts: bytes, pause: float = 0) -> Callable[[socket.socket], None]:
    """Says the parts, the last of them for ever."""

    def talk(line: socket.socket) -> None:
        for part in parts[:-1]:
            line.sendall(part)
        while True:
            line.sendall(parts[-1])
            if pause:
                time.sleep(pause)

    return talk


def says(data: bytes) -> Callable[[socket.socket], None]:
    return lambda line: line.sendall(data)


def pages(*bodies: bytes | Any) -> App:
    """Page 1, page 2…; the last one for ever."""

    def app(asked: Asked) -> Said:
        body = bodies[min(int(asked.query["page"]), len(bodies)) - 1]
        return body(asked) if callable(body) else Said(body)

    return app


def rows(*ids: int | str) -> dict[str, Any]:
    return {"rows": [{"id": one, "name": "x"} for one in ids]}


def moved(location: str, status: int = 302) -> App:
    return lambda _: Said(b"", status, {"Location": location})


def fresh() -> App:
    numbers = itertools.count()
    return lambda _: Said({"rows": [{"id": next(numbers)}], "next": f"c{next(numbers)}"})


CURSOR = {"records": "rows", "pages": {"by": "cursor", "param": "c", "next": "next"}}
FIRST = rows(1, 2)
MILLION = b"[{" + b",".join(b'"c%d":1' % n for n in range(1_000_000)) + b"}]"
BOMB = gzip.compress(b"[" + b" " * (1 << 30), 9)
HTTP: dict[str, tuple[Server, dict[str, Any], str]] = {
    "endless body": (
        rude(sends(OK + b"\r\n[", b'{"id":1},' * 8192)),
        {},
        "source_answer_too_large",
    ),
    "endless chunks": (
        rude(
            sends(OK + b"Transfer-Encoding: chunked\r\n\r\n", b"10000\r\n" + b"x" * 65536 + b"\r\n")
        ),
        {},
        "source_answer_too_large",
    ),
    "endless pages": (polite(fresh()), NUMBERED, "source_endless"),
    "the same page for ever": (polite(pages(FIRST)), NUMBERED, "source_endless"),
    "endless empty pages": (
        polite(lambda _: Said({"rows": [], "next": str(time.monotonic_ns())})),
        CURSOR,
        "source_endless",
    ),
    "endless cursors": (polite(fresh()), CURSOR, "source_endless"),
    "a cursor loop": (
        polite(
            lambda a: Said({**rows(str(a.query)), "next": "b" if a.query.get("c") == "a" else "a"})
        ),
        CURSOR,
        "source_endless",
    ),
    "the same rows behind new cursors": (
        polite(lambda _: Said({**FIRST, "next": str(time.monotonic_ns())})),
        CURSOR,
        "source_endless",
    ),
    "one byte a second": (rude(sends(OK + b"\r\n[", b" ", pause=0.5)), {}, "source_timed_out"),
    "one byte of header a second": (rude(sends(OK, b"X", pause=0.5)), {}, "source_timed_out"),
    "never an answer": (rude(lambda _: time.sleep(15)), {}, "source_timed_out"),
    "an endless promise": (
        rude(sends(b"HTTP/1.1 100 Continue\r\n\r\n", pause=0.001)),
        {},
        "source_timed_out",
    ),
    "gzip bomb": (
        polite(lambda _: Said(BOMB, headers={"Content-Encoding": "gzip"})),
        {},
        "source_answer_too_large",
    ),
    "gzip bomb of two skins": (
        polite(lambda _: Said(gzip.compress(BOMB), headers={"Content-Encoding": "gzip, gzip"})),
        {},
        "source_answer_broken",
    ),
    "to file://": (polite(moved("file:///etc/passwd")), {}, "source_redirect_refused"),
    "to gopher": (polite(moved("gopher://127.0.0.2:70/x")), {}, "source_redirect_refused"),
    "to nowhere": (polite(moved("http://[")), {}, "source_redirect_refused"),
    "to another port": (polite(moved("http://127.0.0.2:22/")), {}, "source_redirect_refused"),
    "with a password": (polite(moved(f"//u:{SECRET}@127.0.0.2/")), {}, "source_redirect_refused"),
    "round in circles": (polite(moved("/again")), {}, "source_redirect_refused"),
    "a POST that is sent on": (
        polite(moved("/again", 307)),
        {"method": "POST", "repeatable": True},
        "source_redirect_refused",
    ),
    "HTML from the second page": (
        polite(pages(FIRST, b"<html><form action=login>")),
        NUMBERED,
        "source_answer_broken",
    ),
    "other columns from the second page": (
        polite(pages(FIRST, {"rows": [{"id": 3, "name": "x", "extra": 1}]})),
        {**NUMBERED, "told": True},
        "source_page_differs",
    ),
    "fewer columns from the second page": (
        polite(pages(FIRST, {"rows": [{"name": 3}]})),
        NUMBERED,
        "source_page_differs",
    ),
    "numbers for rows from the second page": (
        polite(pages(FIRST, {"rows": [1, 2]})),
        NUMBERED,
        "source_answer_broken",
    ),
    "an error with status 200": (
        polite(pages(FIRST, {"code": 401, "msg": f"bad {SECRET}"})),
        NUMBERED,
        "source_answer_broken",
    ),
    "a login page with status 200": (
        polite(
            lambda _: Said(
                f"<!DOCTYPE html>{SECRET}".encode(), headers={"Content-Type": "text/html"}
            )
        ),
        {},
        "source_answer_broken",
    ),
    "500 for ever": (polite(lambda _: Said({"msg": SECRET}, 500)), {}, "source_failed"),
    "429 for a year": (
        polite(lambda _: Said(b"", 429, {"Retry-After": "31536000"})),
        {},
        "source_busy",
    ),
    "429 until 2099": (
        polite(lambda _: Said(b"", 429, {"Retry-After": "Thu, 31 Dec 2099 23:59:59 GMT"})),
        {},
        "source_busy",
    ),
    "429 for ever": (polite(lambda _: Said(b"", 429, {"Retry-After": "0"})), {}, "source_busy"),
    "Content-Length too short": (
        rude(says(OK + b'Content-Length: 5\r\n\r\n[{"id":1}]')),
        {},
        "source_answer_broken",
    ),
    "Content-Length too long": (
        rude(says(OK + b'Content-Length: 500\r\n\r\n[{"id":1}]')),
        {},
        "source_failed",
    ),
    "Content-Length of two minds": (
        rude(says(OK + b'Content-Length: 10\r\nContent-Length: 4\r\n\r\n[{"id":1}]')),
        {},
        "source_answer_broken",
    ),
    "a flood of headers": (rude(sends(OK, b"X-Flood: y\r\n" * 1000)), {}, "source_answer_broken"),
    "one endless header": (rude(sends(OK + b"X: ", b"y" * 65536)), {}, "source_answer_broken"),
    "no HTTP at all": (rude(says(b"SSH-2.0-OpenSSH_9.2\r\n")), {}, "source_failed"),
    "a million columns": (
        polite(lambda _: Said(MILLION)),
        {},
        "source_answer_too_large",
    ),
    "a new column in each row": (
        polite(lambda _: Said([{f"c{n}": 1} for n in range(100_000)])),
        {},
        "source_answer_too_large",
    ),
    "deep JSON": (polite(lambda _: Said(b"[" * 1_000_000)), {}, "source_answer_broken"),
    "millions of empty lists": (
        polite(lambda _: Said(b"[" + b"[]," * 8_000_000 + b"[]]")),
        {},
        "source_answer_too_large",
    ),
    "a line of 2 GB": (
        rude(sends(OK + b'\r\n{"id":"', b"x" * (1 << 20))),
        {"format": "jsonl"},
        "source_answer_too_large",
    ),
    "a line of 2 GB of CSV": (
        rude(sends(OK + b"\r\nid,name\n1,", b"x" * (1 << 20))),
        {"format": "csv"},
        "source_answer_too_large",
    ),
    "a total above the rows": (
        polite(pages({**FIRST, "total": 9}, {"rows": [], "total": 9})),
        {**NUMBERED, "total": "total"},
        "source_total_disagrees",
    ),
    "a total below the rows": (
        polite(pages({**FIRST, "total": 1})),
        {**NUMBERED, "total": "total"},
        "source_total_disagrees",
    ),
    "a total that changes": (
        polite(pages({**FIRST, "total": 9}, {**rows(3, 4), "total": 10})),
        {**NUMBERED, "total": "total"},
        "source_total_disagrees",
    ),
    "a total of words": (
        polite(pages({**FIRST, "total": "many"})),
        {**NUMBERED, "total": "total"},
        "source_answer_broken",
    ),
    "cut in mid page": (
        rude(says(OK + b'Transfer-Encoding: chunked\r\n\r\n5\r\n[{"id\r\n')),
        {},
        "source_failed",
    ),
    "hangs up": (rude(lambda _: None), {}, "source_failed"),
}


@pytest.mark.parametrize("name", HTTP)
def test_hostile_web_server(
    name: str, only_2: kinds.ReadContext, caplog: pytest.LogCaptureFixture
) -> None:
    server, declared, code = HTTP[name]
    told = declared.get("told")  # columns as the first page has them, none declared
    table = {k: v for k, v in declared.items() if k != "told"}
    with server() as running:
        block = {
            "url": running.url,
            "auth": {"by": "bearer"},
            "secret": SECRET,
            "requests_per_minute": 60_000,
            "tables": {"t": table if told else {"columns": {"id": "text"}, **table}},
        }
        assert refused("http", block, only_2, caplog).code in fitting(code)


@pytest.mark.parametrize(
    "location",
    [
        "http://127.0.0.1:{port}/",
        "http://localhost:{port}/",
        "http://127.1:{port}/",
        "http://2130706433:{port}/",
        "http://[::1]:{port}/",
        "http://[::ffff:127.0.0.1]:{port}/",
        "http://169.254.169.254:{port}/latest/meta-data/",
        "http://100.100.100.200:{port}/latest/meta-data/",
        "//0.0.0.0:{port}/",
    ],
)
def test_redirect_into_our_own_house(
    location: str, only_2: kinds.ReadContext, caplog: pytest.LogCaptureFixture
) -> None:
    with ExitStack() as stack:
        where: list[str] = []
        outside = stack.enter_context(
            web(lambda _: Said(b"", 302, {"Location": where[0]}), host="127.0.0.2")
        )
        inside = stack.enter_context(web(lambda _: Said([{"id": 1}]), port=outside.port))
        where.append(location.format(port=outside.port))
        error = refused("http", {"url": outside.url, "tables": {"t": {}}}, only_2, caplog)
    assert error.code == "host_refused"
    assert inside.asked == []


@contextmanager
def tls_web(files: Path, app: App, *names: str, **how: Any) -> Iterator[tuple[Web, str]]:
    tls, ca_file = certificate(files, *names, **how)
    with web(app, host="127.0.0.2", tls=tls) as server:
        yield server, ca_file.name


def test_from_https_down_to_http(
    files: Path, only_2: kinds.ReadContext, caplog: pytest.LogCaptureFixture
) -> None:
    with web(lambda _: Said([{"id": 1}]), host="127.0.0.2") as plain:
        with tls_web(files, moved(f"{plain.url}/"), "127.0.0.2") as (server, ca_file):
            block = {"url": server.url, "ca_file": ca_file, "tables": {"t": {}}}
            block |= {"auth": {"by": "bearer"}, "secret": SECRET}
            error = refused("http", block, only_2, caplog)
    assert error.code == "source_redirect_refused"
    assert plain.asked == []


@pytest.mark.parametrize(
    ("names", "days", "word"),
    [(("other.example",), (-1, 30), "match"), (("127.0.0.2",), (-30, -1), "expired")],
)
def test_certificate_that_is_not_good(
    files: Path,
    only_2: kinds.ReadContext,
    caplog: pytest.LogCaptureFixture,
    names: tuple[str, ...],
    days: tuple[int, int],
    word: str,
) -> None:
    with tls_web(files, lambda _: Said([{"id": 1}]), *names, days=days) as (server, ca_file):
        block = {"url": server.url, "ca_file": ca_file, "tables": {"t": {}}}
        block |= {"auth": {"by": "bearer"}, "secret": SECRET}
        error = refused("http", block, only_2, caplog)
    assert error.code == "source_certificate_refused"
    assert word in error.message
    assert server.asked == []


def test_a_tls_handshake_that_drips(
    only_2: kinds.ReadContext, caplog: pytest.LogCaptureFixture
) -> None:
    with raw(
        sends(b"\x16\x03\x03\x40\x00", b"\x02", pause=0.3), host="127.0.0.2", hear=False
    ) as server:
        block = {"url": server.url.replace("http:", "https:"), "tables": {"t": {}}}
        error = refused("http", block, only_2, caplog)
    assert error.code in ("source_timed_out", "source_unreachable")


def test_a_name_that_comes_to_mean_ourselves(
    only_2: kinds.ReadContext, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    """DNS rebinding between pages, with the server hanging up so that we must connect again."""
    answers = itertools.chain(["127.0.0.2"], itertools.repeat("127.0.0.1"))
    real = socket.getaddrinfo

    def rebinding(host: Any, *rest: Any, **how: Any) -> Any:
        return real(
            next(answers) if host in ("evil.example", b"evil.example") else host, *rest, **how
        )

    monkeypatch.setattr(socket, "getaddrinfo", rebinding)
    goodbye = {"Connection": "close"}
    numbers = itertools.count()
    app: App = lambda _: Said({"rows": [{"id": next(numbers)}]}, headers=goodbye)  # noqa: E731
    with ExitStack() as stack:
        outside = stack.enter_context(web(app, host="127.0.0.2", name="evil.example"))
        inside = stack.enter_context(web(app, port=outside.port))
        table = {**NUMBERED, "columns": {"id": "text"}}
        block = {"url": outside.url, "tables": {"t": table}, "requests_per_minute": 60_000}
        error = refused("http", block, only_2, caplog)
    assert error.code == "source_endless"
    assert len(outside.asked) == 200
    assert inside.asked == []


# SFTP

needs_sshd = pytest.mark.skipif(sshd() is None, reason="no sshd on this machine")
FILES = {
    "a file without end": (
        'serve({b"t.csv": attrs(10)}, lambda at, n: b"x" * n)',
        "source_changed",
    ),
    "a file that says it is 8 EB": (
        'serve({b"t.csv": attrs(1 << 63)}, lambda at, n: b"x" * n)',
        "source_no_table",
    ),
    "a file that grows": (
        'n = iter(range(99))\n'
        'serve({b"t.csv": attrs(10)}, lambda at, n: b"id\\n1234567"[at:at+n] or None,'
        " stat=lambda: attrs(10 + next(n)))",
        "source_changed",
    ),
    "a file that is swapped": (
        'n = iter(range(99))\n'
        'serve({b"t.csv": attrs(10, 1)}, lambda at, n: b"id\\n1234567"[at:at+n] or None,'
        " stat=lambda: attrs(10, 1 + next(n)))",
        "source_changed",
    ),
    "a file that shrinks": (
        'serve({b"t.csv": attrs(1000)}, lambda at, n: None)',
        "source_changed",
    ),
    "a byte at a time": (
        'serve({b"t.csv": attrs(40000)}, lambda at, n: time.sleep(0.2) or b"x")',
        "source_timed_out",
    ),
    "more than was asked for": (
        'serve({b"t.csv": attrs(10)}, lambda at, n: b"x" * (n + 1))',
        "source_answer_broken",
    ),
    "nothing, again and again": (
        'serve({b"t.csv": attrs(10)}, lambda at, n: b"")',
        "source_answer_broken",
    ),
    "a name that climbs": (
        'serve({b"../../../../tmp/t.csv": attrs(3)}, lambda at, n: b"id\\n"[at:at+n] or None)',
        "source_listing_refused",
    ),
    "a name from the root": (
        'serve({b"/etc/cron.d/t.csv": attrs(3)}, lambda at, n: b"id\\n"[at:at+n] or None)',
        "source_listing_refused",
    ),
    "a name with NUL": (
        'serve({b"t.csv\\0.txt": attrs(3)}, lambda at, n: None)',
        "source_listing_refused",
    ),
    "a folder without end": (
        'serve({}, None, folder=lambda n: names([(b"f%d-%d.csv" % (n, i), attrs()) for i in range(100)]))',
        "source_listing_refused",
    ),
    "a folder that is never done with nothing": (
        "serve({}, None, folder=lambda n: names([]))",
        "source_listing_refused",
    ),
    "a packet of 4 GB": ('hear(); raw(b"\\xff\\xff\\xff\\xff\\x02"); time.sleep(9)', "source_answer_broken"),
    "lengths that lead beyond the packet": (
        'hear(); say(2, struct.pack(">I", 3)); t, n, b = hear()\n'
        'say(ATTRS, n + struct.pack(">IQ", 0x8000000d, 5)); time.sleep(9)',
        "source_answer_broken",
    ),
    "answers to what was not asked": (
        'hear(); say(2, struct.pack(">I", 3)); hear(); say(ATTRS, b"oops" + FOLDER); time.sleep(9)',
        "source_answer_broken",
    ),
    "no SFTP behind the login": ('raw(b"Welcome to our server!\\r\\n"); time.sleep(9)', "source_answer_broken"),
    "silence behind the login": ("time.sleep(30)", "source_timed_out"),
    "an old version": ('hear(); say(2, struct.pack(">I", 2))', "source_answer_broken"),
    "goodbye": ('sys.stderr.write("x" * 300000)', "source_failed"),
}  # fmt: skip


@needs_sshd
@pytest.mark.parametrize("name", FILES)
def test_hostile_sftp_server(
    name: str, tmp_path: Path, context: kinds.ReadContext, caplog: pytest.LogCaptureFixture
) -> None:
    script, code = FILES[name]
    home = tmp_path / "ssh"
    home.mkdir()
    with ssh_server(home, subsystem=lying(home, script)) as server:
        block = server.block(password=SECRET)
        error = refused("sftp", block, context, caplog)
    assert error.code in fitting(code)
    assert not Path("/tmp/t.csv").exists()


@needs_sshd
def test_a_host_key_that_changed(
    tmp_path: Path, context: kinds.ReadContext, caplog: pytest.LogCaptureFixture
) -> None:
    _, other = make_key(tmp_path, "other")
    with ssh_server(tmp_path / "ssh") as server:
        error = refused("sftp", server.block(host_key=other, password=SECRET), context, caplog)
    assert error.code == "source_host_key_refused"
    assert "SHA256:" in error.message


def _ssh_block(port: int, tmp_path: Path, *, fingerprint: bool) -> dict[str, Any]:
    private, public = make_key(tmp_path, "client")
    key = "SHA256:" + "A" * 43 if fingerprint else public
    return {
        "host": "127.0.0.1", "port": port, "user": "u", "private_key": private,
        "password": SECRET, "host_key": key, "path": "/x", "format": "csv",
    }  # fmt: skip


def stops(line: socket.socket) -> None:
    line.sendall(b"SSH-2.0-x\r\n")
    time.sleep(15)


TALKS: dict[str, Callable[[socket.socket], None]] = {
    "never speaks": lambda _: time.sleep(15),
    "a flood of banner": sends(b"Unauthorized access is prohibited! \x1b[2J\r\n" * 500),
    "one endless line": sends(b"x" * 65536),
    "one byte a second": sends(b"y", pause=0.5),
    "stops after its version": stops,
    "garbage after its version": sends(b"SSH-2.0-x\r\n", os.urandom(4096)),
    "web": says(b"HTTP/1.1 400 Bad Request\r\nConnection: close\r\n\r\n"),
    "hangs up": lambda _: None,
}


@pytest.mark.parametrize("name", TALKS)
@pytest.mark.parametrize("fingerprint", [False, True])
def test_what_is_no_ssh_server(
    name: str,
    fingerprint: bool,
    tmp_path: Path,
    context: kinds.ReadContext,
    caplog: pytest.LogCaptureFixture,
) -> None:
    with raw(TALKS[name], hear=False) as server:
        block = _ssh_block(server.port, tmp_path, fingerprint=fingerprint)
        error = refused("sftp", block, context, caplog)
    assert error.code in ("source_unreachable", "source_failed", "source_timed_out")
