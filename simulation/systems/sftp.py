"""区气象局's file server: an sshd of our own, for SFTP and nothing else, and the files on it."""

from __future__ import annotations

import csv
import io
import json
import os
from decimal import Decimal
from pathlib import Path

from simulation.systems.access import STATIONS, Access, write_private
from simulation.systems.books import Books
from simulation.systems.declare import Table, tables_of
from simulation.systems.programs import Programs, user_name
from simulation.systems.rows import Row
from simulation.systems.servers import Server, listens

STATEMENT = ".statement.json"


def prepare(folder: Path, access: Access) -> None:
    home = folder / "sshd"
    home.mkdir(mode=0o700, exist_ok=True)
    (folder / STATIONS).mkdir(exist_ok=True)
    write_private(home / "host", access.server_private_key)
    write_private(home / "authorized", access.public_key + "\n")
    said = {
        "Port": str(access.sftp_port),
        "ListenAddress": "127.0.0.1",
        "HostKey": f'"{home}/host"',
        "AuthorizedKeysFile": f'"{home}/authorized"',
        "PidFile": "none",
        # Without PAM a root whose password is locked, as Ubuntu's is, would be kept out.
        "UsePAM": "yes" if _is_locked() else "no",
        "StrictModes": "no",
        "PermitRootLogin": "prohibit-password",
        "PasswordAuthentication": "no",
        "KbdInteractiveAuthentication": "no",
        "DisableForwarding": "yes",
        "PermitTTY": "no",
        "Subsystem": "sftp internal-sftp -R",
        "ForceCommand": "internal-sftp -R",
    }
    write_private(home / "config", "".join(f"{name} {one}\n" for name, one in said.items()))
    if os.geteuid() == 0:
        Path("/run/sshd").mkdir(mode=0o755, exist_ok=True)


def _is_locked() -> bool:
    """Whether we are root, and root has no password to sign in with."""
    if os.geteuid() != 0:
        return False
    lines = Path("/etc/shadow").read_text("utf-8").splitlines()
    return any(line.startswith(f"{user_name()}:!") for line in lines)


def server(folder: Path, programs: Programs, access: Access) -> Server:
    dying = [programs.setpriv, "--pdeathsig", "TERM", "--"]
    command = [*dying, programs.sshd, "-D", "-e", "-f", str(folder / "sshd" / "config")]
    return Server(
        "区气象局的文件服务器(SFTP)", command, access.sftp_port, folder / "sshd.log",
        lambda: listens(access.sftp_port),
    )  # fmt: skip


def lay_out(folder: Path, books: Books) -> None:
    """Every batch as a file with its statement beside it; files that lie there stay as they are,
    and those of another county go."""
    wanted: set[str] = set()
    for table in tables_of("sftp"):
        for name, rows in books.batches(table.name).items():
            wanted |= {name, name + STATEMENT}
            # The statement first: who sees the file finds it.
            _write(folder / STATIONS / (name + STATEMENT), _statement(table, name, rows))
            _write(folder / STATIONS / name, _csv(table, rows))
    for old in (folder / STATIONS).iterdir():
        if old.name not in wanted:
            old.unlink()


def _write(path: Path, data: bytes) -> None:
    if path.exists() and path.read_bytes() == data:
        return
    scratch = path.with_name(f".{path.name}")
    scratch.write_bytes(data)
    scratch.replace(path)


def _csv(table: Table, rows: list[Row]) -> bytes:
    out = io.StringIO()
    writer = csv.DictWriter(out, table.names, lineterminator="\r\n")
    writer.writeheader()
    writer.writerows(rows)
    return out.getvalue().encode("gb18030")


def _statement(table: Table, name: str, rows: list[Row]) -> bytes:
    sums = {
        column: str(sum((Decimal(row[column] or 0) for row in rows), Decimal(0)))
        for column in table.sums
    }
    told = {"number": name.removesuffix(".csv"), "rows": len(rows), "sums": sums}
    return json.dumps(told, ensure_ascii=False).encode()
