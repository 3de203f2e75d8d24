"""Files behind a real OpenSSH server: logging in, listing, fetching, and the formats on top."""

import os
import subprocess
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from pydantic import ValidationError

from haina.kernel.errors import HainaError
from haina.kernel.settings import Settings
from haina.resources.collect import kinds
from haina.resources.collect.kinds.remote.sftp import ssh
from haina.resources.collect.kinds.remote.sftp.connection import fingerprint_of
from tests.resources.kinds.reading import found, whole
from tests.support.sftp import SshServer, can_shadow, make_key, ssh_server, sshd

pytestmark = pytest.mark.skipif(sshd() is None, reason="no sshd on this machine")


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[SshServer]:
    with ssh_server(tmp_path_factory.mktemp("ssh") / "server") as running:
        yield running


@pytest.fixture
def folder(server: SshServer) -> Path:
    """A folder of the test's own on the server."""
    return Path(tempfile.mkdtemp(dir=server.folder))


def write(folder: Path, name: str, rows: int = 3) -> None:
    text = "id,name\n" + "".join(f"{n:03},张{n}\n" for n in range(rows))
    (folder / name).write_text(text, "utf-8")


def refused(block: dict[str, Any], context: kinds.ReadContext) -> HainaError:
    kind = kinds.get("sftp")
    with pytest.raises(HainaError) as error:
        kind.test(kind.connection.model_validate(block), context)
    assert error.value.field
    assert error.value.hint
    shown = f"{error.value.as_dict()}{error.value.__cause__}"
    assert "PRIVATE KEY" not in shown
    assert str(block.get("password") or "PRIVATE KEY") not in shown
    return error.value


def left_behind(context: kinds.ReadContext) -> list[str]:
    return [path.name for path in context.spool.iterdir()]


def test_rows_arrive_as_from_a_local_file(
    server: SshServer, folder: Path, context: kinds.ReadContext
) -> None:
    write(folder, "人口.csv", 5_000)
    read = whole("sftp", server.block(folder), "人口", context)
    assert read.rows == [(f"{n:03}", f"张{n}") for n in range(5_000)]
    read.assert_accounted()
    assert left_behind(context) == []


def test_a_file_of_many_packets_is_whole(
    server: SshServer, folder: Path, context: kinds.ReadContext
) -> None:
    write(folder, "big.csv", 700_000)
    read = whole("sftp", server.block(folder), "big", context)
    assert read.table.num_rows == 700_000
    assert read.rows[-1] == ("699999", "张699999")


def test_one_file_by_its_path_and_options_of_the_format(
    server: SshServer, folder: Path, context: kinds.ReadContext
) -> None:
    (folder / "旧.txt").write_bytes("编号|姓名\n1|李四\n".encode("gb18030"))
    block = server.block(folder / "旧.txt", options={"delimiter": "|", "encoding": "gb18030"})
    assert whole("sftp", block, "旧", context).rows == [("1", "李四")]


def test_several_files_make_one_table_by_a_pattern(
    server: SshServer, folder: Path, context: kinds.ReadContext
) -> None:
    for month in ("01", "02"):
        (folder / f"人口_{month}.csv").write_text(f"id\n{month}\n", "utf-8")
    write(folder, "other.csv")
    block = server.block(folder, options={"pattern": "人口_*.csv", "table": "人口"})
    assert whole("sftp", block, "人口", context).rows == [("01",), ("02",)]


def test_files_that_share_a_stem_keep_their_names(
    server: SshServer, folder: Path, context: kinds.ReadContext
) -> None:
    write(folder, "a.csv", 1)
    write(folder, "a.txt", 2)
    block = server.block(folder)
    assert sorted(found("sftp", block, context)) == ["a.csv", "a.txt"]
    assert whole("sftp", block, "a.txt", context).table.num_rows == 2


def test_only_what_a_table_needs_is_fetched(
    server: SshServer, folder: Path, context: kinds.ReadContext
) -> None:
    write(folder, "a.csv", 1)
    write(folder, "b.csv", 2)
    block = server.block(folder)
    table = found("sftp", block, context)["b"]
    (folder / "a.csv").chmod(0)  # root reads it all the same: so watch what is there
    with kinds.get("sftp").read(
        kinds.get("sftp").connection.model_validate(block), table, context=context
    ) as reading:
        (mirror,) = context.spool.iterdir()
        sizes = {path.name: path.stat().st_size for path in mirror.iterdir()}
        assert sizes == {"a.csv": 0, "b.csv": (folder / "b.csv").stat().st_size}
        assert mirror.stat().st_mode & 0o777 == 0o700
        assert sum(batch.num_rows for batch in reading.batches()) == 2
    assert left_behind(context) == []


def test_what_has_not_changed_is_not_fetched_to_be_listed_again(
    server: SshServer, folder: Path, context: kinds.ReadContext, monkeypatch: pytest.MonkeyPatch
) -> None:
    from haina.resources.collect.kinds.remote.sftp.protocol import Sftp

    fetched: list[bytes] = []
    real = Sftp.fetch

    def noting(self: Sftp, path: bytes, *rest: Any) -> None:
        fetched.append(path)
        real(self, path, *rest)

    monkeypatch.setattr(Sftp, "fetch", noting)
    write(folder, "a.csv")
    first = found("sftp", server.block(folder), context)
    assert found("sftp", server.block(folder), context) == first
    assert len(fetched) == 1
    (folder / "a.csv").write_text("id,name,more\n1,2,3\n", "utf-8")
    assert len(found("sftp", server.block(folder), context)["a"].columns) == 3


def test_names_of_strangers(server: SshServer, folder: Path, context: kinds.ReadContext) -> None:
    write(folder, "-oProxyCommand=x.csv", 1)
    write(folder, "a*b?[c].csv", 1)
    write(folder, "line\nend.csv")
    (folder / "户籍.csv").write_text("id\n9\n", "utf-8")
    gbk = os.fsencode(folder) + b"/" + "社保.csv".encode("gbk")
    Path(os.fsdecode(gbk)).write_text("id\n7\n", "utf-8")
    (folder / "link.csv").symlink_to("/etc/passwd")
    (folder / ".hidden.csv").write_text("id\n", "utf-8")
    (folder / "deeper.csv").mkdir()
    block = server.block(folder)
    tables = found("sftp", block, context)
    good = {"-oProxyCommand=x", "a*b?[c]", "户籍", "社保"}
    assert set(tables) == good | {"line\ufffdend.csv", "link.csv"}
    assert "控制字符" in (tables["line\ufffdend.csv"].comment or "")
    assert "链接不跟随" in (tables["link.csv"].comment or "")
    assert whole("sftp", block, "社保", context).rows == [("7",)]
    assert whole("sftp", block, "-oProxyCommand=x", context).table.num_rows == 1


def test_a_link_is_not_followed_as_the_path_either(
    server: SshServer, folder: Path, context: kinds.ReadContext
) -> None:
    (folder / "way").symlink_to("/etc")
    assert refused(server.block(folder / "way"), context).code == "file_missing"


def test_bad_rows_are_set_aside(
    server: SshServer, folder: Path, context: kinds.ReadContext
) -> None:
    (folder / "a.csv").write_text("id,name\n1,x\n2\n3,z\n", "utf-8")
    read = whole("sftp", server.block(folder), "a", context)
    assert [reject.line for reject in read.rejects] == [3]
    read.assert_accounted()


def test_an_inbox_offers_what_lies_still(
    server: SshServer, folder: Path, context: kinds.ReadContext, monkeypatch: pytest.MonkeyPatch
) -> None:
    kind = kinds.get("sftp")
    assert isinstance(kind, kinds.Inbox)
    connection = kind.connection.model_validate(server.block(folder))
    write(folder, "人口.csv", 100_000)
    (folder / "人口.csv.statement.json").write_text('{"rows": 100000}', "utf-8")
    write(folder, "growing.csv")
    write(folder, "other.json")

    def meanwhile(_: float) -> None:
        write(folder, "growing.csv", 9)
        write(folder, "new.csv")

    monkeypatch.setattr(time, "sleep", meanwhile)
    offered = kind.offered(connection, context)
    monkeypatch.undo()
    assert [one.name for one in offered] == ["人口.csv", "人口.csv.statement.json"]
    content = b"".join(kind.fetched(connection, offered[0], context))
    assert content == (folder / "人口.csv").read_bytes()
    (folder / "人口.csv").write_text("id\n", "utf-8")
    with pytest.raises(HainaError) as error:
        list(kind.fetched(connection, offered[0], context))
    assert error.value.code == "source_changed"
    assert left_behind(context) == []


def test_host_key_by_fingerprint(
    server: SshServer, folder: Path, context: kinds.ReadContext
) -> None:
    write(folder, "a.csv", 1)
    fingerprint = fingerprint_of(" ".join(server.host_key.split()[:2]))
    block = server.block(folder, host_key=fingerprint)
    assert whole("sftp", block, "a", context).table.num_rows == 1


@pytest.mark.parametrize("how", ["key", "fingerprint"])
def test_another_host_key_is_refused_and_named(
    server: SshServer, tmp_path: Path, context: kinds.ReadContext, how: str
) -> None:
    _, other = make_key(tmp_path, "other")
    key = other if how == "key" else fingerprint_of(other)
    error = refused(server.block(host_key=key, password="hunter2 秘密"), context)
    assert error.code == "source_host_key_refused"
    assert fingerprint_of(server.host_key) in error.message
    assert "Accepted" not in server.log.read_text("utf-8", "replace").split("Connection from")[-1]


def test_an_unknown_type_of_host_key_is_refused(
    server: SshServer, tmp_path: Path, context: kinds.ReadContext
) -> None:
    _, other = make_key(tmp_path, "other", "ecdsa")
    error = refused(server.block(host_key=other), context)
    assert error.code == "source_host_key_refused"


def test_another_private_key_is_refused(
    server: SshServer, tmp_path: Path, context: kinds.ReadContext
) -> None:
    private, _ = make_key(tmp_path, "stranger")
    assert refused(server.block(private_key=private), context).code == "source_login_refused"
    assert left_behind(context) == []


def test_a_private_key_with_a_password_of_its_own(
    tmp_path: Path, context: kinds.ReadContext
) -> None:
    with ssh_server(tmp_path / "ssh", passphrase="口令 $(touch x) '\"") as server:
        write(server.folder, "a.csv", 1)
        block = server.block(password="口令 $(touch x) '\"")
        assert whole("sftp", block, "a", context).table.num_rows == 1
        assert refused({**block, "password": "wrong"}, context).code in (
            "bad_connection",
            "source_login_refused",
        )


def test_login_by_password(tmp_path: Path, context: kinds.ReadContext) -> None:
    if not can_shadow():
        pytest.skip("may not give a server an /etc/shadow of its own (root and mount namespaces)")
    with ssh_server(tmp_path / "ssh", password="Pa ss$word`;'\"%h口") as server:
        write(server.folder, "a.csv", 1)
        block = {**server.block(private_key=""), "password": "Pa ss$word`;'\"%h口"}
        assert whole("sftp", block, "a", context).table.num_rows == 1
        assert refused({**block, "password": "wrong"}, context).code == "source_login_refused"


def test_secrets_are_on_no_command_line_and_soon_off_the_disk(
    server: SshServer, folder: Path, context: kinds.ReadContext, monkeypatch: pytest.MonkeyPatch
) -> None:
    seen: list[list[str]] = []
    real = subprocess.Popen

    def noting(command: Any, **how: Any) -> Any:
        seen.append(list(command))
        return real(command, **how)

    write(folder, "a.csv")
    kind = kinds.get("sftp")
    connection = kind.connection.model_validate(server.block(folder, password="hunter2"))
    monkeypatch.setattr(subprocess, "Popen", noting)
    with ssh.session(connection, context):  # type: ignore[arg-type]
        (private,) = context.spool.iterdir()
        assert sorted(path.name for path in private.iterdir()) == ["known_hosts"]
        assert private.stat().st_mode & 0o777 == 0o700
    (command,) = seen
    assert not [word for word in command if "hunter2" in word or "PRIVATE" in word]
    assert command[1:3] == ["-F", "none"]


def test_no_client_is_a_clear_error(
    server: SshServer, context: kinds.ReadContext, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(ssh, "PATH", str(tmp_path))
    error = refused(server.block(), context)
    assert error.code == "no_ssh_client"
    assert "openssh-client" in error.hint


def test_loopback_is_refused_unless_allowed(server: SshServer, tmp_path: Path) -> None:
    context = kinds.ReadContext(Settings(home=tmp_path))
    assert refused(server.block(), context).code == "host_refused"


def test_what_is_not_there(server: SshServer, folder: Path, context: kinds.ReadContext) -> None:
    assert refused(server.block("nothing"), context).code == "file_missing"
    assert refused(server.block(folder), context).code == "file_empty"
    write(folder, "a.csv")
    table = found("sftp", server.block(folder), context)["a"]
    (folder / "a.csv").unlink()
    with pytest.raises(HainaError) as gone:
        whole("sftp", server.block(folder), table, context)
    assert gone.value.code == "source_no_table"


def test_a_port_without_a_server(server: SshServer, context: kinds.ReadContext) -> None:
    assert refused(server.block(port=1), context).code == "source_unreachable"


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("host_key", ""),
        ("host_key", "SHA256:short"),
        ("host_key", "ssh-ed25519 AAAA"),
        ("host_key", "ssh-ed25519 !!!\nother"),
        ("user", "-oProxyCommand=x"),
        ("user", "a b"),
        ("user", "a\nb"),
        ("format", "postgresql"),
        ("format", "sftp"),
        ("format", "nonsense"),
        ("options", {"path": "/etc"}),
        ("options", {"delimiter": "ab"}),
        ("options", {"nonsense": 1}),
        ("path", ""),
        ("path", "a\x00b"),
        ("private_key", "not a key"),
        ("port", 0),
    ],
)
def test_blocks_that_are_refused(server: SshServer, field: str, value: Any) -> None:
    with pytest.raises(ValidationError) as broken:
        kinds.get("sftp").connection.model_validate({**server.block(), field: value})
    assert "PRIVATE KEY-----\n" not in broken.value.errors()[0]["msg"]


def test_a_login_is_needed(server: SshServer) -> None:
    with pytest.raises(ValidationError):
        kinds.get("sftp").connection.model_validate(server.block(private_key=""))


def test_both_secrets_are_sealed_fields() -> None:
    fields = kinds.get("sftp").connection.model_fields
    secret = [name for name, info in fields.items() if "Secret" in str(info.annotation)]
    assert secret == ["password", "private_key"]
