"""A real MariaDB server of our own, thrown away at the end of the run."""

import os
import shutil
import signal
import subprocess
import time
import uuid
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tests.support.processes import fleeting, free_port

_READY_SECONDS = 20.0


@dataclass(frozen=True)
class MariaServer:
    """A server on 127.0.0.1 where root needs no password."""

    port: int
    process: "subprocess.Popen[bytes]"

    def connected(self, database: str | None = None, **more: Any) -> Any:
        """A connection of an independent driver."""
        import pymysql

        return pymysql.connect(
            host="127.0.0.1", port=self.port, user="root", database=database, charset="utf8mb4",
            autocommit=True, ssl_disabled=True, **more,
        )  # fmt: skip

    def run(self, sql: str, *rows: Sequence[Any], database: str | None = None) -> list[Any]:
        """Run statements (parted by `;` at a line's end); with rows, one once for each row."""
        with closing(self.connected(database)) as connection, connection.cursor() as cursor:
            if rows:
                cursor.executemany(sql, rows)
                return []
            for statement in sql.split(";\n"):
                if statement.strip():
                    cursor.execute(statement)
            return list(cursor.fetchall())

    def script(self, path: Path, database: str) -> None:
        with path.open("rb") as file:
            subprocess.run(
                ["mariadb", "--no-defaults", "--protocol=tcp", "-h", "127.0.0.1", "-u", "root",
                 "-P", str(self.port), "--default-character-set=utf8mb4", database],
                check=True,
                stdin=file,
                capture_output=True,
            )  # fmt: skip

    def create(self) -> str:
        """A new database; its name."""
        name = f"t{uuid.uuid4().hex[:12]}"
        self.run(f"create database {name} character set utf8mb4 collate utf8mb4_general_ci")
        return name

    def drop(self, name: str) -> None:
        self.run(f"drop database {name}")

    def kill(self) -> None:
        """As a power cut does."""
        self.process.send_signal(signal.SIGKILL)
        self.process.wait()


def programs() -> tuple[str, str] | None:
    """mariadb-install-db and mariadbd; None on a machine without a server."""
    path = f"{os.environ.get('PATH', '')}:/usr/sbin:/usr/local/sbin"
    found = [shutil.which(name, path=path) for name in ("mariadb-install-db", "mariadbd")]
    return (found[0], found[1]) if found[0] and found[1] else None


@contextmanager
def running_server(binaries: tuple[str, str], *options: str) -> Iterator[MariaServer]:
    """Starts in a second."""
    # The path of a socket may not be long.
    home = fleeting() / f"haina-my-{uuid.uuid4().hex[:8]}"
    home.mkdir(mode=0o755)
    install, program = binaries
    port = free_port()
    common = ["--no-defaults", f"--user={_user()}", f"--datadir={home}/data"]
    try:
        subprocess.run(
            [install, *common, "--auth-root-authentication-method=normal", "--skip-test-db"],
            check=True,
            capture_output=True,
        )
        with (home / "log").open("wb") as log:
            process = subprocess.Popen(
                [program, *common, f"--socket={home}/s", f"--pid-file={home}/pid",
                 f"--port={port}", "--bind-address=127.0.0.1", "--skip-log-bin",
                 "--innodb-flush-log-at-trx-commit=0", *options],
                stdout=log, stderr=log, stdin=subprocess.DEVNULL,
            )  # fmt: skip
        server = MariaServer(port, process)
        try:
            _await(server, home / "log")
            yield server
        finally:
            server.kill()
    finally:
        shutil.rmtree(home, ignore_errors=True)


def _user() -> str:
    import getpass

    return getpass.getuser()


def _await(server: MariaServer, log: Path) -> None:
    import pymysql

    end = time.monotonic() + _READY_SECONDS
    while True:
        try:
            server.connected().close()
        except pymysql.MySQLError:
            late = server.process.poll() is not None or time.monotonic() > end
            assert not late, log.read_text("utf-8", "replace")
            time.sleep(0.05)
        else:
            return
