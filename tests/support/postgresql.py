"""A real PostgreSQL server of our own, thrown away at the end of the run."""

import os
import shutil
import subprocess
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tests.support.processes import fleeting, free_port


@dataclass(frozen=True)
class PgServer:
    """A server on 127.0.0.1 that trusts `postgres`, and asks `asked` for its password."""

    port: int

    def run(self, sql: str, *rows: Any, database: str = "postgres") -> list[Any]:
        """Run statements by an independent driver; with rows, once for each row."""
        import pg8000.native

        with pg8000.native.Connection(
            "postgres", host="127.0.0.1", port=self.port, database=database
        ) as connection:
            if not rows:
                return connection.run(sql) or []
            connection.run("begin")
            for row in rows:
                connection.run(sql, **row)
            connection.run("commit")
            return []

    def script(self, path: Path, database: str) -> None:
        subprocess.run(
            ["psql", "-q", "-v", "ON_ERROR_STOP=1", "-h", "127.0.0.1", "-p", str(self.port),
             "-U", "postgres", "-d", database, "-f", str(path)],
            check=True,
            capture_output=True,
        )  # fmt: skip

    def create(self, *, like: str = "template1") -> str:
        """A new database; its name."""
        name = f"t{uuid.uuid4().hex[:12]}"
        self.run(f"create database {name} template {like}")
        return name

    def drop(self, name: str) -> None:
        self.run(f"drop database {name} with (force)")

    def url(self, database: str) -> str:
        """As HAINA_DATABASE says it."""
        return f"postgresql://postgres@127.0.0.1:{self.port}/{database}"


def binaries() -> Path | None:
    """Where initdb is; None on a machine without a server."""
    config = shutil.which("pg_config")
    if config is None:
        return None
    found = subprocess.run([config, "--bindir"], capture_output=True, text=True, check=True)
    folder = Path(found.stdout.strip())
    return folder if (folder / "initdb").exists() else None


@contextmanager
def running_server(programs: Path) -> Iterator[PgServer]:
    """Starts in a second and a half."""
    # A short path of its own: the server's socket lives in it, and the folders of pytest are
    # closed to the account that the server runs as.
    home = fleeting() / f"haina-pg-{uuid.uuid4().hex[:8]}"
    home.mkdir(mode=0o755)
    port = free_port()
    try:
        _start(programs, home, port)
        yield PgServer(port)
    finally:
        _as_server(programs, home, "pg_ctl", "-D", str(home / "data"), "-m", "fast", "stop")
        shutil.rmtree(home, ignore_errors=True)


def _start(programs: Path, home: Path, port: int) -> None:
    if os.geteuid() == 0:
        shutil.chown(home, "postgres")
    data = str(home / "data")
    made = _as_server(
        programs, home, "initdb", "-D", data, "-A", "trust", "-E", "UTF8", "-U", "postgres",
        "--locale=C.UTF-8", "--no-sync",
    )  # fmt: skip
    assert made.returncode == 0, made.stderr
    rules = home / "data" / "pg_hba.conf"
    asked = "host all asked 127.0.0.1/32 scram-sha-256\n"
    rules.write_text(asked + rules.read_text())
    options = f"-p {port} -k {home} -c listen_addresses=127.0.0.1 -c fsync=off"
    log = str(home / "log")
    done = _as_server(programs, home, "pg_ctl", "-w", "-D", data, "-l", log, "-o", options, "start")
    assert done.returncode == 0, (home / "log").read_text()


def _as_server(
    programs: Path, home: Path, program: str, *arguments: str
) -> "subprocess.CompletedProcess[str]":
    """PostgreSQL refuses to run as root."""
    user = ["runuser", "-u", "postgres", "--"] if os.geteuid() == 0 else []
    output = home / f"{program}.out"
    with output.open("w") as file:
        done = subprocess.run(
            [*user, str(programs / program), *arguments],
            stdout=file, stderr=file, text=True, cwd=home, check=False,
        )  # fmt: skip
    done.stderr = output.read_text()
    return done
