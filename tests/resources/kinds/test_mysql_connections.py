"""MySQL connections: accounts, passwords, TLS, servers that die and servers that are hostile."""

import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import closing, suppress
from dataclasses import replace
from pathlib import Path
from typing import Any

import pymysql
import pytest

from haina.kernel.errors import HainaError
from haina.resources.collect import kinds
from haina.resources.collect.kinds.databases.drivers.dialect import Statement
from haina.resources.collect.kinds.databases.mysql.session import opened
from tests.resources.kinds.reading import found, whole
from tests.support.mariadb import MariaServer, programs, running_server

Make = Callable[..., dict[str, Any]]
My = tuple[dict[str, Any], Callable[..., Any]]


@pytest.fixture
def my(mariadb: Make, mariadb_server: MariaServer) -> My:
    """A connection block to an empty database, and a way to run statements in it."""
    block = mariadb()

    def run(sql: str, *rows: Any) -> list[Any]:
        return mariadb_server.run(sql, *rows, database=block["database"])

    return block, run


def _fails(block: dict[str, Any], context: kinds.ReadContext, **change: Any) -> HainaError:
    kind = kinds.get("mysql")
    with pytest.raises(HainaError) as failed:
        kind.test(kind.connection(**{**block, **change}), context)
    assert failed.value.hint
    return failed.value


@pytest.fixture
def account(mariadb_server: MariaServer) -> Iterator[str]:
    """An account with a password and no rights."""
    mariadb_server.run("create or replace user asked identified by 'right'")
    yield "asked"
    mariadb_server.run("drop user asked")


def test_errors_in_words(my: My, account: str, context: kinds.ReadContext) -> None:
    block, _ = my
    wrong = _fails(block, context, user=account, password="s3cret-wrong")
    assert wrong.code == "source_login_refused"
    assert "s3cret" not in str(wrong.as_dict())
    assert _fails(block, context, user="nobody-here").code == "source_login_refused"
    assert _fails(block, context, database="nope").code == "source_no_database"
    no_right = _fails(block, context, user=account, password="right")
    assert no_right.code == "source_no_database"
    assert "无权" in no_right.message
    refused = _fails(block, context, sslmode="require")
    assert refused.code == "source_unreachable"
    assert "加密" in refused.message
    with socket.socket() as closed:
        closed.bind(("127.0.0.1", 0))
        assert _fails(block, context, port=closed.getsockname()[1]).code == "source_unreachable"


def test_an_account_that_may_read_one_table(
    my: My, account: str, context: kinds.ReadContext
) -> None:
    block, run = my
    run("create table public(a int primary key, b int);\ncreate table secret(a int primary key)")
    run("create table partly(a int primary key, b int, c int);\ninsert into public values (1, 2)")
    everything = found("mysql", block, context)
    run(f"grant select on public to {account};\ngrant select (a, c) on partly to {account}")
    mine = {**block, "user": account, "password": "right"}
    tables = found("mysql", mine, context)
    assert {name: [one.name for one in table.columns] for name, table in tables.items()} == {
        "public": ["a", "b"], "partly": ["a", "c"],
    }  # fmt: skip
    assert tables["public"].key == ("a",)
    assert whole("mysql", mine, "public", context).rows == [(1, 2)]
    assert whole("mysql", mine, "partly", context).rows == []
    for name, code in (("secret", "source_no_table"), ("partly", "source_no_table")):
        with pytest.raises(HainaError) as refused:
            whole("mysql", mine, everything[name], context)
        assert refused.value.code == code


def test_a_silent_server_is_a_timeout(
    context: kinds.ReadContext, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(
        "haina.resources.collect.kinds.databases.mysql.session._CONNECT_SECONDS", 0.5
    )
    with socket.create_server(("127.0.0.1", 0)) as silent:
        block = {"host": "127.0.0.1", "port": silent.getsockname()[1], "database": "d", "user": "u"}
        error = _fails(block, context, password="s3cret")
    assert error.code == "source_unreachable"


def test_the_network_is_checked_first(context: kinds.ReadContext) -> None:
    closed = replace(context, settings=context.settings.model_copy(update={"source_networks": ()}))
    assert (
        _fails({"host": "localhost", "database": "d", "user": "u"}, closed).code == "host_refused"
    )


def test_the_address_checked_is_the_one_connected_to(
    my: My, context: kinds.ReadContext, monkeypatch: pytest.MonkeyPatch
) -> None:
    block, _ = my
    asked: list[str] = []

    def pinned(host: str, _port: int, _settings: object) -> str:
        asked.append(host)
        return "127.0.0.1"

    monkeypatch.setattr(
        "haina.resources.collect.kinds.databases.mysql.session.check_host",
        pinned,
    )
    kind = kinds.get("mysql")
    kind.test(kind.connection(**{**block, "host": "name.that.resolves.nowhere.invalid"}), context)
    assert asked == ["name.that.resolves.nowhere.invalid"]


def test_secrets_do_not_show() -> None:
    connection = kinds.get("mysql").connection(host="h", database="d", user="u", password="s3cret")
    assert "s3cret" not in repr(connection) + connection.model_dump_json()


@pytest.mark.parametrize("password", ["a b", "it's", "back\\slash", "口令", ""])
def test_any_password(
    password: str, my: My, mariadb_server: MariaServer, context: kinds.ReadContext
) -> None:
    block, _ = my
    with closing(mariadb_server.connected()) as connection, connection.cursor() as cursor:
        cursor.execute("create or replace user any_one identified by %s", (password,))
        cursor.execute(f"grant all on {block['database']}.* to any_one")
    kind = kinds.get("mysql")
    kind.test(kind.connection(**{**block, "user": "any_one", "password": password}), context)


def test_a_server_killed_in_mid_read(context: kinds.ReadContext) -> None:
    binaries = programs()
    assert binaries is not None
    with running_server(binaries) as server:
        name = server.create()
        server.run("create table t(id int primary key, s varchar(200));\n"
                   "insert into t select seq, repeat('x', 200) from seq_1_to_300000",
                   database=name)  # fmt: skip
        block = {"host": "127.0.0.1", "port": server.port, "database": name, "user": "root"}
        kind = kinds.get("mysql")
        table = found("mysql", block, context)["t"]
        with kind.read(kind.connection(**block), table, context=context) as reading:
            batches = reading.batches()
            next(batches)
            server.kill()
            with pytest.raises(HainaError) as lost:
                list(batches)
    assert lost.value.code == "source_unreachable"


@pytest.fixture(scope="module")
def tls(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[MariaServer, Path]]:
    """A server with a certificate for db.agency.example, and its CA."""
    from tests.support.certificates import issue

    folder = tmp_path_factory.mktemp("tls")
    folder.chmod(0o755)
    ca = issue(folder, "db.agency.example")
    binaries = programs()
    assert binaries is not None
    options = [
        f"--ssl-ca={ca}",
        f"--ssl-cert={folder}/server.pem",
        f"--ssl-key={folder}/server.key",
    ]
    with running_server(binaries, *options) as server:
        yield server, ca


def test_tls(
    tls: tuple[MariaServer, Path], context: kinds.ReadContext, files: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    server, ca = tls
    (files / "ca.pem").write_bytes(ca.read_bytes())
    server.run("create or replace user safe identified by 'pass' require ssl;\n"
               "grant all on *.* to safe")  # fmt: skip
    monkeypatch.setattr(
        "haina.resources.collect.kinds.databases.mysql.session.check_host",
        lambda host, port, settings: "127.0.0.1",
    )
    block = {"host": "db.agency.example", "port": server.port, "database": "mysql", "user": "safe",
             "password": "pass"}  # fmt: skip
    kind = kinds.get("mysql")
    for good in (
        {"sslmode": "prefer"}, {"sslmode": "require"}, {"sslmode": "verify-ca", "ca_file": "ca.pem"},
        {"sslmode": "verify-full", "ca_file": "ca.pem"},
        {"host": "other.example", "sslmode": "verify-ca", "ca_file": "ca.pem"},
    ):  # fmt: skip
        kind.test(kind.connection(**{**block, **good}), context)
    for bad in (
        {"sslmode": "verify-full"}, {"sslmode": "verify-ca"},
        {"host": "other.example", "sslmode": "verify-full", "ca_file": "ca.pem"},
    ):  # fmt: skip
        assert _fails(block, context, **bad).code == "source_unreachable"
    assert _fails(block, context, sslmode="disable").code == "source_login_refused"
    read = whole("mysql", {**block, "sslmode": "require"}, "help_topic", context)
    assert read.table.num_rows == read.control.rows > 500


# A server of our own, to be hostile with.

_GREETING = (
    b"\x0a8.0.36\0\x01\0\0\0" + b"12345678\0" + b"\xff\xf7\x2d\x02\0\xff\xc1\x15" + b"\0" * 10
    + b"123456789012\0mysql_native_password\0"
)  # fmt: skip
_OK = b"\0\0\0\x02\0\0\0"


class FakeServer:
    """Says `login` after the client's answer, then `answers` in turn, then OK for all else."""

    def __init__(self, *answers: bytes, login: bytes = _OK) -> None:
        self.heard: list[bytes] = []
        self._answers = list(answers)
        self._login = login
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.port = self._listener.getsockname()[1]
        self._thread = threading.Thread(target=self._serve, daemon=True)
        self._thread.start()

    def close(self) -> None:
        self._listener.close()
        self._thread.join(5)

    def _serve(self) -> None:
        with suppress(OSError):
            link, _ = self._listener.accept()
            with link, link.makefile("rb") as stream:
                link.settimeout(0.5)
                self._say(link, 0, _GREETING)
                self._hear(stream)
                self._say(link, 2, self._login)
                while packet := self._hear(stream):
                    said = self._answer(packet)
                    self._say(link, 1, said)

    def _answer(self, packet: bytes) -> bytes:
        chatter = (b"\x03SET", b"\x03set", b"\x03start")
        return _OK if packet.startswith(chatter) or not self._answers else self._answers.pop(0)

    def _hear(self, stream: Any) -> bytes:
        head = stream.read(4)
        body = stream.read(int.from_bytes(head[:3], "little")) if len(head) == 4 else b""
        self.heard.append(body)
        return body

    @staticmethod
    def _say(link: socket.socket, number: int, payload: bytes) -> None:
        link.sendall(len(payload).to_bytes(3, "little") + bytes([number]) + payload)


def test_a_server_that_asks_for_a_file_gets_none(
    tmp_path: Path, context: kinds.ReadContext
) -> None:
    secret = tmp_path / "secret"
    secret.write_text("not for you")
    for reads in (False, True):
        server = FakeServer(b"\xfb" + str(secret).encode())
        block = {"host": "127.0.0.1", "port": server.port, "database": "d", "user": "u"}
        kind = kinds.get("mysql")
        connection = kind.connection(**block, sslmode="disable")
        with pytest.raises(HainaError) as refused:
            if reads:
                _stream(connection, context)
            else:
                kind.discover(connection, context)
        server.close()
        assert refused.value.code == "source_failed"
        assert not any(b"not for you" in packet for packet in server.heard)
        capabilities = int.from_bytes(server.heard[0][:4], "little")
        assert not capabilities & pymysql.constants.CLIENT.LOCAL_FILES


def _stream(connection: Any, context: kinds.ReadContext) -> None:
    with opened(connection, context) as session:
        list(session.stream(Statement("select 1"), 10))


@pytest.mark.parametrize("way", [b"mysql_clear_password", b"dialog", b"mysql_old_password"])
def test_a_password_is_never_sent_in_clear(way: bytes, context: kinds.ReadContext) -> None:
    server = FakeServer(login=b"\xfe" + way + b"\0\x03Password: ")
    block = {"host": "127.0.0.1", "port": server.port, "database": "d", "user": "u"}
    error = _fails(block, context, password="s3cret")
    server.close()
    assert error.code == "source_login_refused"
    assert not any(b"s3cret" in packet for packet in server.heard)


@pytest.mark.parametrize("answer", [b"\x02", b"\xff\xff", b"garbage" * 9, b"\x00"])
def test_a_server_that_talks_nonsense(answer: bytes, context: kinds.ReadContext) -> None:
    server = FakeServer(answer)
    connection = kinds.get("mysql").connection(
        host="127.0.0.1", port=server.port, database="d", user="u", sslmode="disable"
    )
    with pytest.raises(HainaError) as broken:
        kinds.get("mysql").discover(connection, context)
    server.close()
    assert broken.value.status >= 500
