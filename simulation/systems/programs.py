"""Which server programs this machine has, and how they are started as who may run them."""

from __future__ import annotations

import os
import pwd
import shutil
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass, fields
from pathlib import Path

PATH = f"{os.environ.get('PATH', os.defpath)}:/usr/sbin:/usr/local/sbin:/sbin"
# What a program comes with on Debian and Ubuntu.
PACKAGES = {
    "initdb": "postgresql",
    "postgres": "postgresql",
    "mariadb_install_db": "mariadb-server",
    "mariadbd": "mariadb-server",
    "sshd": "openssh-server",
    "ssh_keygen": "openssh-client",
    "setpriv": "util-linux",
}


@dataclass(frozen=True)
class Programs:
    """Paths; '' for what is not there."""

    initdb: str
    postgres: str
    mariadb_install_db: str
    mariadbd: str
    sshd: str
    ssh_keygen: str
    setpriv: str

    @property
    def missing(self) -> list[str]:
        """Packages to install, each once."""
        lost = [PACKAGES[one.name] for one in fields(self) if not getattr(self, one.name)]
        if os.geteuid() == 0:
            # Databases do not run as root: their packages bring an account each.
            lost += ["postgresql"] * (not _exists("postgres"))
            lost += ["mariadb-server"] * (not _exists("mysql"))
        return list(dict.fromkeys(lost))


def find_programs() -> Programs:
    return Programs(
        initdb=_postgresql("initdb"),
        postgres=_postgresql("postgres"),
        mariadb_install_db=_which("mariadb-install-db"),
        mariadbd=_which("mariadbd"),
        sshd=_which("sshd"),
        ssh_keygen=_which("ssh-keygen"),
        setpriv=_which("setpriv"),
    )


def user_name() -> str:
    """Who we are; sshd that does not run as root lets in nobody else."""
    return pwd.getpwuid(os.geteuid()).pw_name


def as_account(programs: Programs, account: str, folder: Path, signal: str) -> list[str]:
    """The words before a command that it may run by: as `account` where we are root, and told
    `signal` when we die.

    A folder that the account cannot reach (below /root, say) it enters by a capability.
    """
    dying = ["--pdeathsig", signal]
    if os.geteuid() != 0:
        return [programs.setpriv, *dying, "--"]
    who = ["--reuid", account, "--regid", account, "--init-groups"]
    entry = [programs.setpriv, *who, "--", "test", "-w", str(folder)]
    reaches = subprocess.run(entry, check=False, capture_output=True).returncode == 0  # noqa: S603
    allow = [] if reaches else ["--inh-caps", "+dac_override", "--ambient-caps", "+dac_override"]
    return [programs.setpriv, *who, *allow, *dying, "--"]


def give(folder: Path, account: str) -> Path:
    """A folder that belongs to the account where we are root."""
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    if os.geteuid() == 0:
        shutil.chown(folder, account, account)
    return folder


def _which(name: str) -> str:
    return shutil.which(name, path=PATH) or ""


def _postgresql(name: str) -> str:
    """The newest one; Debian keeps the servers' programs out of the way."""
    return next((str(path) for path in _debian(name) if os.access(path, os.X_OK)), _which(name))


def _debian(name: str) -> Iterator[Path]:
    def number(path: Path) -> int:
        text = path.parts[-3]
        return int(text) if text.isdigit() else 0

    yield from sorted(Path("/usr/lib/postgresql").glob(f"*/bin/{name}"), key=number, reverse=True)


def _exists(account: str) -> bool:
    try:
        pwd.getpwnam(account)
    except KeyError:
        return False
    return True
