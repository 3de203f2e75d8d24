"""A real OpenSSH server of our own, as the present user, and a fake SFTP subsystem for lies."""

import os
import shutil
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tests.support.processes import free_port


@dataclass(frozen=True)
class SshServer:
    """A server on 127.0.0.1 that serves `folder` to the holder of `private_key`."""

    port: int
    folder: Path
    private_key: str
    host_key: str
    log: Path

    def block(self, path: Path | str = "", **more: Any) -> dict[str, Any]:
        """The connection block of a folder in it."""
        return {
            "host": "127.0.0.1",
            "port": self.port,
            "user": current_user(),
            "private_key": self.private_key,
            "host_key": self.host_key,
            "path": str(self.folder / path),
            "format": "csv",
            **more,
        }


def current_user() -> str:
    """Whom sshd lets in when it does not run as root: who started it."""
    import pwd

    return pwd.getpwuid(os.getuid()).pw_name


def sshd() -> str | None:
    """Where the server is; None on a machine without one."""
    return shutil.which("sshd", path="/usr/sbin:/usr/local/sbin:/sbin")


def make_key(
    folder: Path, name: str, type_: str = "ed25519", passphrase: str = ""
) -> tuple[str, str]:
    """A new key pair: private text, and the line of the public one."""
    file = folder / name
    subprocess.run(
        ["ssh-keygen", "-q", "-t", type_, "-N", passphrase, "-C", "", "-f", str(file)], check=True
    )
    return file.read_text("ascii"), file.with_suffix(".pub").read_text("ascii").strip()


@contextmanager
def ssh_server(
    home: Path,
    *,
    subsystem: str = "internal-sftp",
    passphrase: str = "",
    password: str = "",
    **options: str,
) -> Iterator[SshServer]:
    """A running server; `subsystem` is what answers for sftp, `options` go to sshd_config.

    With a password the server sees an /etc/shadow of its own, in a mount namespace of its own."""
    program = sshd()
    assert program is not None
    folder = home / "served"
    folder.mkdir(parents=True)
    home.chmod(0o700)
    private, public = make_key(home, "client", passphrase=passphrase)
    _, host_key = make_key(home, "host")
    (home / "authorized").write_text(public + "\n", "ascii")
    port = free_port()
    said = {
        "Port": str(port),
        "ListenAddress": "127.0.0.1",
        "HostKey": str(home / "host"),
        "AuthorizedKeysFile": str(home / "authorized"),
        "PidFile": "none",
        "UsePAM": "no",
        "StrictModes": "no",
        "PermitRootLogin": "yes",
        "PasswordAuthentication": "no",
        "KbdInteractiveAuthentication": "no",
        "Subsystem": f"sftp {subsystem}",
        "LogLevel": "DEBUG1",
        "MaxStartups": "100",
        **options,
    }
    if password:
        said["PasswordAuthentication"] = "yes"
    config = home / "sshd_config"
    config.write_text("".join(f"{name} {value}\n" for name, value in said.items()), "utf-8")
    if os.getuid() == 0:
        Path("/run/sshd").mkdir(mode=0o755, exist_ok=True)
    log = home / "log"
    command = [program, "-D", "-e", "-f", str(config)]
    if password:
        command = [*_SHADOWED, str(_shadow(home, password)), *command]
    with (
        log.open("wb") as out,
        subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=out, stderr=out) as running,
    ):
        try:
            _wait(port, running, log)
            yield SshServer(port, folder, private, host_key, log)
        finally:
            running.terminate()
            running.wait()


_SHADOWED = ["unshare", "-m", "sh", "-c", 'mount --bind "$0" /etc/shadow && exec "$@"']


def can_shadow() -> bool:
    """Whether we may show a server another /etc/shadow than the machine's."""
    if os.getuid() != 0 or shutil.which("unshare") is None:
        return False
    done = subprocess.run([*_SHADOWED, "/dev/null", "true"], capture_output=True, check=False)
    return done.returncode == 0


def _shadow(home: Path, password: str) -> Path:
    """A shadow file in which only the present user has a password."""
    hashed = subprocess.run(
        ["openssl", "passwd", "-6", "-stdin"],
        input=password,
        capture_output=True,
        text=True,
        check=True,
    ).stdout.strip()
    file = home / "shadow"
    file.write_text(f"{current_user()}:{hashed}:20000:0:99999:7:::\n", "ascii")
    file.chmod(0o600)
    return file


def lying(home: Path, script: str) -> str:
    """A subsystem that says what `script` makes it say: Python with `say(type, body)`,
    `hear() -> (type, number, body)`, `names([(name, attrs)…])`, `attrs(size, mtime, mode)`."""
    file = home / "lying.py"
    file.write_text(_LYING + script, "utf-8")
    return f"{sys.executable} {file}"


_LYING = '''
import struct, sys, time
r, w = sys.stdin.buffer, sys.stdout.buffer
def take(n):
    data = r.read(n)
    if len(data) < n: sys.exit()
    return data
def raw(data): w.write(data); w.flush()
def say(type_, body): raw(struct.pack(">IB", len(body) + 1, type_) + body)
def hear():
    n = struct.unpack(">I", take(4))[0]
    data = take(n)
    return data[0], data[1:5], data[5:]
def text(b): return struct.pack(">I", len(b)) + b
def attrs(size=10, mtime=1, mode=0o100644): return struct.pack(">IQIII", 13, size, mode, mtime, mtime)
FOLDER = attrs(0, 1, 0o040755)
def names(pairs):
    return struct.pack(">I", len(pairs)) + b"".join(text(n) + text(n) + a for n, a in pairs)
def status(code): return struct.pack(">I", code) + text(b"") + text(b"")
INIT, OPEN, CLOSE, READ, LSTAT, FSTAT, OPENDIR, READDIR = 1, 3, 4, 5, 7, 8, 11, 12
STATUS, HANDLE, DATA, NAME, ATTRS = 101, 102, 103, 104, 105
def serve(files, read, stat=None, folder=None):
    """A folder of `files` {name: attrs}; `read(offset, length)` gives bytes or None at the end."""
    listed = 0
    opened = 0
    while True:
        type_, number, body = hear()
        if type_ == INIT: say(2, struct.pack(">I", 3)); continue
        if type_ == LSTAT: say(ATTRS, number + FOLDER)
        elif type_ == OPENDIR: say(HANDLE, number + text(b"d")); listed = 0
        elif type_ == READDIR:
            if folder: say(NAME, number + folder(listed))
            elif listed: say(STATUS, number + status(1))
            else: say(NAME, number + names(list(files.items())))
            listed += 1
        elif type_ == OPEN: say(HANDLE, number + text(b"f")); opened += 1
        elif type_ == FSTAT:
            say(ATTRS, number + (stat() if stat else next(iter(files.values()))))
        elif type_ == READ:
            at, length = struct.unpack(">QI", body[5:17])
            data = read(at, length)
            if data is None: say(STATUS, number + status(1))
            else: say(DATA, number + text(data))
        else: say(STATUS, number + status(0))
'''


def _wait(port: int, running: "subprocess.Popen[bytes]", log: Path) -> None:
    for _ in range(200):
        assert running.poll() is None, log.read_text("utf-8", "replace")
        try:
            socket.create_connection(("127.0.0.1", port), 1).close()
        except OSError:
            time.sleep(0.02)
        else:
            return
    raise AssertionError(log.read_text("utf-8", "replace"))
