"""A real PostgreSQL server for the session, and what every test of a kind needs.

`postgresql_server` and `postgresql` may move up to tests/conftest.py as they are.
"""

import os
import shutil
import socket
import subprocess
import uuid
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from haina.kernel.settings import Settings
from haina.resources.collect import kinds


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


@pytest.fixture(scope="session")
def postgresql_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[PgServer]:
    """Started once a session (a second and a half); skipped where there is no initdb."""
    binaries = _pg_binaries()
    if binaries is None:
        pytest.skip("no PostgreSQL server binaries (pg_config --bindir) on this machine")
    # A short path of its own: the server's socket lives in it, and the folders of pytest are
    # closed to the account that the server runs as.
    home = Path("/tmp") / f"haina-pg-{uuid.uuid4().hex[:8]}"
    home.mkdir(mode=0o755)
    port = _free_port()
    try:
        _start(binaries, home, port)
        yield PgServer(port)
    finally:
        _as_server(binaries, home, "pg_ctl", "-D", str(home / "data"), "-m", "fast", "stop")
        shutil.rmtree(home, ignore_errors=True)


@pytest.fixture
def postgresql(postgresql_server: PgServer) -> Iterator[Callable[..., dict[str, Any]]]:
    """Makes an empty database and returns its connection block."""
    made: list[str] = []

    def make(**more: Any) -> dict[str, Any]:
        name = f"t{uuid.uuid4().hex[:12]}"
        postgresql_server.run(f"create database {name}")
        made.append(name)
        block = {"host": "127.0.0.1", "port": postgresql_server.port, "database": name}
        return {**block, "user": "postgres", **more}

    yield make
    for name in made:
        postgresql_server.run(f"drop database {name} with (force)")


@pytest.fixture
def files(tmp_path: Path) -> Path:
    """The one folder that file sources may read."""
    folder = tmp_path / "files"
    folder.mkdir()
    return folder


@pytest.fixture
def context(tmp_path: Path, files: Path) -> kinds.ReadContext:
    settings = Settings(
        home=tmp_path, source_files=(files,), source_networks=("127.0.0.0/8", "::1/128")
    )
    return kinds.ReadContext(settings)


@pytest.fixture(scope="session")
def chinook() -> Path:
    """The Chinook sample beside the repository."""
    folder = Path(__file__).parents[4] / "shared" / "data" / "chinook"
    if not folder.is_dir():
        pytest.skip("no ../shared/data/chinook beside this clone")
    return folder


def _pg_binaries() -> Path | None:
    config = shutil.which("pg_config")
    if config is None:
        return None
    found = subprocess.run([config, "--bindir"], capture_output=True, text=True, check=True)
    folder = Path(found.stdout.strip())
    return folder if (folder / "initdb").exists() else None


def _start(binaries: Path, home: Path, port: int) -> None:
    if os.geteuid() == 0:
        shutil.chown(home, "postgres")
    data = str(home / "data")
    made = _as_server(
        binaries, home, "initdb", "-D", data, "-A", "trust", "-E", "UTF8", "-U", "postgres",
        "--locale=C.UTF-8", "--no-sync",
    )  # fmt: skip
    assert made.returncode == 0, made.stderr
    rules = home / "data" / "pg_hba.conf"
    asked = "host all asked 127.0.0.1/32 scram-sha-256\n"
    rules.write_text(asked + rules.read_text())
    options = f"-p {port} -k {home} -c listen_addresses=127.0.0.1 -c fsync=off"
    log = str(home / "log")
    done = _as_server(binaries, home, "pg_ctl", "-w", "-D", data, "-l", log, "-o", options, "start")
    assert done.returncode == 0, (home / "log").read_text()


def _as_server(
    binaries: Path, home: Path, program: str, *arguments: str
) -> "subprocess.CompletedProcess[str]":
    """PostgreSQL refuses to run as root."""
    user = ["runuser", "-u", "postgres", "--"] if os.geteuid() == 0 else []
    output = home / f"{program}.out"
    with output.open("w") as file:
        done = subprocess.run(
            [*user, str(binaries / program), *arguments],
            stdout=file, stderr=file, text=True, cwd=home, check=False,
        )  # fmt: skip
    done.stderr = output.read_text()
    return done


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
