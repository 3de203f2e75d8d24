"""Ports, passwords and keys of the systems: made once for a county, kept for its owner alone.

They outlive the rows: a platform that has been told them goes on being let in.
"""

from __future__ import annotations

import json
import os
import secrets
import shlex
import socket
import subprocess
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from pathlib import Path

from simulation.systems.programs import Programs, user_name

KEPT = "access.json"
ENVIRONMENT = "systems.env"
STATIONS = "stations"


@dataclass(frozen=True)
class Access:
    """What lets a reader in, and (`owner`) what lets us fill."""

    postgresql_port: int
    mysql_port: int
    sftp_port: int
    api_port: int
    owner: str
    postgresql: str
    mysql: str
    api: str
    private_key: str
    public_key: str
    server_private_key: str
    server_public_key: str

    def environment(self, folder: Path) -> dict[str, str]:
        """The names that packs/wuqing_live takes."""
        return {
            "WUQING_PG_PORT": str(self.postgresql_port),
            "WUQING_PG_PASSWORD": self.postgresql,
            "WUQING_MYSQL_PORT": str(self.mysql_port),
            "WUQING_MYSQL_PASSWORD": self.mysql,
            "WUQING_SFTP_PORT": str(self.sftp_port),
            "WUQING_SFTP_USER": user_name(),
            "WUQING_SFTP_KEY": self.private_key,
            "WUQING_SFTP_HOST_KEY": self.server_public_key,
            "WUQING_SFTP_FOLDER": str(folder / STATIONS),
            "WUQING_API_URL": f"http://127.0.0.1:{self.api_port}",
            "WUQING_API_TOKEN": self.api,
        }

    @property
    def ports(self) -> Mapping[str, int]:
        return {
            "PostgreSQL": self.postgresql_port,
            "MariaDB": self.mysql_port,
            "sshd": self.sftp_port,
            "HTTP 接口": self.api_port,
        }


def access_of(folder: Path, programs: Programs) -> Access:
    """The access of earlier starts, or a new one; the file of the environment beside it."""
    kept = folder / KEPT
    if kept.exists():
        found = Access(**json.loads(kept.read_text("utf-8")))
    else:
        found = _made(folder, programs)
        write_private(kept, json.dumps(asdict(found), indent=1) + "\n")
    lines = [f"{name}={shlex.quote(one)}\n" for name, one in found.environment(folder).items()]
    write_private(folder / ENVIRONMENT, "".join(lines))
    return found


def write_private(path: Path, text: str) -> None:
    """A file that its owner alone may read, whole or not at all."""
    scratch = path.with_name(f".{path.name}.new")
    scratch.unlink(missing_ok=True)
    with os.fdopen(os.open(scratch, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600), "w") as file:
        file.write(text)
    scratch.replace(path)


def _made(folder: Path, programs: Programs) -> Access:
    mine, theirs = _key_pair(folder, programs, "reader"), _key_pair(folder, programs, "server")
    postgresql, mysql, sftp, api = _free_ports(4)
    owner, *words = (secrets.token_urlsafe(24) for _ in range(4))
    return Access(postgresql, mysql, sftp, api, owner, words[0], words[1], words[2], *mine, *theirs)


def _free_ports(count: int) -> list[int]:
    """Held all at once, so that they differ."""
    probes = [socket.create_server(("127.0.0.1", 0)) for _ in range(count)]
    found = [int(probe.getsockname()[1]) for probe in probes]
    for probe in probes:
        probe.close()
    return found


def _key_pair(folder: Path, programs: Programs, name: str) -> tuple[str, str]:
    """Private text and public line of a new key; no file of it is left."""
    file = folder / f".{name}"
    public = file.with_name(f"{file.name}.pub")
    file.unlink(missing_ok=True)
    command = [programs.ssh_keygen, "-q", "-t", "ed25519", "-N", "", "-C", "", "-f", str(file)]
    subprocess.run(command, check=True, stdin=subprocess.DEVNULL)  # noqa: S603 — our own words
    try:
        return file.read_text("ascii"), public.read_text("ascii").strip()
    finally:
        file.unlink()
        public.unlink()
