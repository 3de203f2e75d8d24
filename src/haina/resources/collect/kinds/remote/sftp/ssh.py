"""OpenSSH's client as the way to a server: it logs in and encrypts, `protocol` speaks through it.

There is no Python library for this that is both well kept and freely licensed; the client is on
every Linux. It is told everything by options, and reads no file of the machine's or the user's.
Secrets go by files of a private folder, which are gone as soon as the login is done, and by the
environment of that one process: never on a command line.
"""

import re
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

from haina.kernel.errors import ErrorKind, HainaError
from haina.resources.collect.kinds.contracts import ReadContext
from haina.resources.collect.kinds.errors import (
    BAD_CONNECTION,
    HOST_KEY_REFUSED,
    LOGIN_REFUSED,
    NO_SSH_CLIENT,
    SOURCE_FAILED,
    UNREACHABLE,
)
from haina.resources.collect.kinds.remote import limits
from haina.resources.collect.kinds.remote.sftp.connection import SftpConnection, fingerprint_of
from haina.resources.collect.kinds.remote.sftp.pipes import Ended, Pipes
from haina.resources.collect.kinds.remote.sftp.protocol import Sftp
from haina.resources.collect.networks import check_host

PATH = "/usr/local/bin:/usr/bin:/bin"
_ALIAS = "haina-source"
_ANSWER = "HAINA_SFTP_ANSWER"
_ASKPASS = f'#!/bin/sh\nprintf "%s\\n" "${_ANSWER}"\n'
_FOUND_KEY = re.compile(r"^debug1: Server host key: (\S+) (SHA256:\S+)", re.MULTILINE)
# What ssh says when it gives up, first match wins: our error, its sentence, the field to look at.
_LAST_WORDS: tuple[tuple[str, ErrorKind, str, str], ...] = (
    ("Permission denied", LOGIN_REFUSED, "数据源拒绝登录", "user"),
    ("Too many authentication failures", LOGIN_REFUSED, "数据源拒绝登录", "user"),
    ("Load key", BAD_CONNECTION, "私钥读不懂,或它的口令不对", "private_key"),
    ("Connection refused", UNREACHABLE, "数据源拒绝连接(端口没有服务)", "port"),
    ("timed out", UNREACHABLE, "连接数据源超时", "host"),
    ("not responding", UNREACHABLE, "数据源中途不再答话", "host"),
    ("No route to host", UNREACHABLE, "没有到数据源的路由", "host"),
    ("Network is unreachable", UNREACHABLE, "没有到数据源的网络", "host"),
    ("subsystem request failed", SOURCE_FAILED, "对方没有开 SFTP 服务", "host"),
    ("Unable to negotiate", UNREACHABLE, "双方没有共同的加密算法", "host"),
    ("kex_exchange_identification", SOURCE_FAILED, "对方答的不是 SSH", "port"),
    ("banner exchange", SOURCE_FAILED, "对方答的不是 SSH", "port"),
)


@contextmanager
def session(connection: SftpConnection, context: ReadContext) -> Iterator[Sftp]:
    """A conversation with a server that is who it should be, logged in.

    Raises HainaError(host_refused, source_unreachable, source_host_key_refused,
    source_login_refused, no_ssh_client, …), also for a session that breaks inside the block.
    """
    ssh, address = program("ssh"), check_host(connection.host, connection.port, context.settings)
    with TemporaryDirectory(dir=context.spool, prefix="ssh-") as folder:
        _prepare(Path(folder), connection, _known_key(connection, address))
        command = [ssh, *_options(connection, address), "-s", _ALIAS, "sftp"]
        with _running(command, Path(folder), connection) as (child, pipes):
            try:
                pipes.allow(limits.LIMITS.connect_seconds + limits.LIMITS.idle_seconds)
                sftp = Sftp(pipes)
                sftp.begin()
                _forget(Path(folder))
                yield sftp
            except Ended:
                _end(child)
                pipes.drain()
                raise in_words(pipes.said, connection) from None


def program(name: str) -> str:
    """Where a program of OpenSSH is. Raises HainaError(no_ssh_client)."""
    found = shutil.which(name, path=PATH)
    if found is None:
        raise NO_SSH_CLIENT(f"这台机器上没有 {name} 命令", field="kind")
    return found


def in_words(said: str, connection: SftpConnection) -> HainaError:
    """The HainaError for what ssh said before it ended."""
    lines = [line for line in said.splitlines() if not line.startswith("debug1:")]
    words = "\n".join(lines)
    if "ost key" in words and ("verification failed" in words or "requested strict" in words):
        found = _FOUND_KEY.search(said)
        return refused_key(connection, [f"{found[2]}({found[1]})"] if found else [])
    for mark, kind, message, field in _LAST_WORDS:
        if mark in words:
            return kind(message, field=field)
    return SOURCE_FAILED("SSH 连接中断", field="host", said=_shown(lines, connection))


def refused_key(connection: SftpConnection, found: list[str]) -> HainaError:
    """The error of a server that showed other keys than the one declared."""
    shown = "、".join(found) or "未能取得"
    return HOST_KEY_REFUSED(
        f"主机密钥与登记的不符:登记 {connection.fingerprint},对方出示 {shown}",
        field="host_key",
        found=found,
    )


def _shown(lines: list[str], connection: SftpConnection) -> str:
    last = next((line for line in reversed(lines) if line.strip()), "")
    for secret in connection.secrets:
        last = last.replace(secret, "***") if secret else last
    return "".join(mark for mark in last if mark.isprintable())[:200]


@contextmanager
def _running(
    command: list[str], folder: Path, connection: SftpConnection
) -> "Iterator[tuple[subprocess.Popen[bytes], Pipes]]":
    pipe = subprocess.PIPE
    with subprocess.Popen(  # noqa: S603 - a fixed program, options of our own making
        command,
        stdin=pipe,
        stdout=pipe,
        stderr=pipe,
        cwd=folder,
        env=_environment(folder, connection),
        start_new_session=True,
        bufsize=0,
    ) as child:
        pipes = Pipes(child)
        try:
            yield child, pipes
        finally:
            _end(child)
            pipes.close()


def _end(child: "subprocess.Popen[bytes]") -> None:
    child.kill()
    child.wait()


def _prepare(folder: Path, connection: SftpConnection, known_key: str) -> None:
    """The files that ssh is pointed to. The folder is the reader's alone."""
    (folder / "known_hosts").write_text(f"{_ALIAS} {known_key}\n", "ascii")
    (folder / "askpass").touch(mode=0o700)
    (folder / "askpass").write_text(_ASKPASS, "ascii")
    key = connection.private_key.get_secret_value()
    if key:
        (folder / "key").touch(mode=0o600)
        (folder / "key").write_text(key.replace("\r\n", "\n").rstrip("\n") + "\n", "utf-8")


def _forget(folder: Path) -> None:
    for name in ("key", "askpass"):
        (folder / name).unlink(missing_ok=True)


def _environment(folder: Path, connection: SftpConnection) -> dict[str, str]:
    """All that ssh knows of its surroundings: no agent, no locale, no home of ours."""
    made = {"PATH": PATH, "LC_ALL": "C", "HOME": str(folder)}
    password = connection.password.get_secret_value()
    if password:
        # DISPLAY is for clients before 8.4, which know no SSH_ASKPASS_REQUIRE.
        made |= {"SSH_ASKPASS_REQUIRE": "force", "DISPLAY": ":", _ANSWER: password}
        made["SSH_ASKPASS"] = str((folder / "askpass").absolute())
    return made


def _options(connection: SftpConnection, address: str) -> list[str]:
    by_key = bool(connection.private_key.get_secret_value())
    asks = bool(connection.password.get_secret_value())
    how = "publickey" if by_key else "password,keyboard-interactive"
    said = {
        "HostName": address.replace("%", "%%"),
        "HostKeyAlias": _ALIAS,
        "Port": str(connection.port),
        "StrictHostKeyChecking": "yes",
        "UserKnownHostsFile": "known_hosts",
        "GlobalKnownHostsFile": "none",
        "PreferredAuthentications": how,
        "IdentitiesOnly": "yes",
        "IdentityFile": "key" if by_key else "none",
        "BatchMode": "no" if asks else "yes",
        "NumberOfPasswordPrompts": "1",
        "ConnectTimeout": str(max(1, int(limits.LIMITS.connect_seconds))),
        **_FIXED,
    }
    options = [f"-o{name}={value}" for name, value in said.items()]
    return ["-F", "none", "-T", "-x", "-a", *options, "-l", connection.user]


_FIXED = {
    "AddKeysToAgent": "no",
    "CanonicalizeHostname": "no",
    "CheckHostIP": "no",
    "ClearAllForwardings": "yes",
    "Compression": "no",
    "ConnectionAttempts": "1",
    "ControlMaster": "no",
    "ControlPath": "none",
    "EscapeChar": "none",
    "ForwardAgent": "no",
    "ForwardX11": "no",
    "GSSAPIAuthentication": "no",
    "HostbasedAuthentication": "no",
    "IdentityAgent": "none",
    "LogLevel": "DEBUG1",  # it says the fingerprint that it found
    "PermitLocalCommand": "no",
    "ProxyCommand": "none",
    "ServerAliveCountMax": "3",
    "ServerAliveInterval": "10",
    "Tunnel": "no",
    "UpdateHostKeys": "no",
    "VerifyHostKeyDNS": "no",
}


def _known_key(connection: SftpConnection, address: str) -> str:
    """The declared key; for a fingerprint the key of the server's that has it.

    ssh then demands that the server proves to hold it. Raises HainaError(source_unreachable,
    source_host_key_refused).
    """
    if connection.known_key is not None:
        return connection.known_key
    keys = _scanned(connection, address)
    for key in keys:
        if fingerprint_of(key) == connection.fingerprint:
            return key
    if not keys:
        raise UNREACHABLE("连不上数据源,或对方答的不是 SSH", field="host")
    raise refused_key(connection, [f"{fingerprint_of(key)}({key.split()[0]})" for key in keys])


def _scanned(connection: SftpConnection, address: str) -> list[str]:
    """The keys that a server shows, as `type base64`."""
    seconds = max(1, int(limits.LIMITS.connect_seconds))
    command = [program("ssh-keyscan"), "-T", str(seconds), "-p", str(connection.port)]
    try:
        done = subprocess.run(  # noqa: S603 - as above
            [*command, "-t", "ed25519,ecdsa,rsa", address],
            stdin=subprocess.DEVNULL,
            capture_output=True,
            timeout=3 * seconds,
            env={"PATH": PATH, "LC_ALL": "C"},
            check=False,
        )
    except subprocess.TimeoutExpired:
        raise UNREACHABLE("连接数据源超时", field="host") from None
    shown = (line.split() for line in done.stdout.decode("ascii", "replace").splitlines())
    return [f"{words[1]} {words[2]}" for words in shown if len(words) == 3]
