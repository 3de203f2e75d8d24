"""区交通局's weighing system: a MariaDB server of our own, in the GBK of its years."""

from __future__ import annotations

import shutil
import subprocess
import tempfile
from collections.abc import Iterable, Mapping
from contextlib import closing
from pathlib import Path
from typing import Any

from simulation.systems.access import Access, write_private
from simulation.systems.books import Books
from simulation.systems.declare import Table, tables_of
from simulation.systems.programs import Programs, as_account, give
from simulation.systems.rows import Row
from simulation.systems.servers import BrokenSystemError, Server
from simulation.systems.turns import Turn

ACCOUNT, OWNER, DATABASE = "mysql", "county", "zhichao"


def prepare(folder: Path, programs: Programs, access: Access) -> None:
    """The files of a server, if there are none yet. Raises BrokenSystemError."""
    home = give(folder / "mariadb", ACCOUNT)
    if not (home / "made").exists():
        shutil.rmtree(home / "data", ignore_errors=True)
        _install(home, programs)
        (home / "made").touch()
    write_private(home / "start.sql", _accounts(access))
    if home.stat().st_uid != (home / "start.sql").stat().st_uid:
        shutil.chown(home / "start.sql", ACCOUNT)


def _install(home: Path, programs: Programs) -> None:
    made = subprocess.run(  # noqa: S603 — programs that we looked up
        [*as_account(programs, ACCOUNT, home, "TERM"), programs.mariadb_install_db,
         "--no-defaults", f"--datadir={home}/data", "--skip-test-db"],
        cwd="/", capture_output=True, text=True, check=False,
    )  # fmt: skip
    if made.returncode != 0:
        raise BrokenSystemError(f"MariaDB 建库失败:{(made.stderr or made.stdout).strip()[-300:]}")


def _accounts(access: Access) -> str:
    """Run by the server before it lets anyone in; a statement a line."""
    lines = [f"CREATE DATABASE IF NOT EXISTS {DATABASE} CHARACTER SET gbk;"]
    for name, password, rights in (
        (OWNER, access.owner, "ALL PRIVILEGES"),
        ("haina", access.mysql, "SELECT"),
    ):
        who = f"'{name}'@'127.0.0.1'"
        lines += [
            f"CREATE USER IF NOT EXISTS {who};",
            f"ALTER USER {who} IDENTIFIED BY '{password}';",
            f"GRANT {rights} ON {DATABASE}.* TO {who};",
        ]
    return "\n".join(lines) + "\n"


def server(folder: Path, programs: Programs, access: Access) -> Server:
    home = folder / "mariadb"
    command = [
        *as_account(programs, ACCOUNT, home, "TERM"), programs.mariadbd, "--no-defaults",
        f"--datadir={home}/data", f"--init-file={home}/start.sql", "--socket=socket",
        f"--port={access.mysql_port}", "--bind-address=127.0.0.1", "--skip-log-bin",
        "--skip-name-resolve", "--default-time-zone=+08:00", "--local-infile=1",
        "--innodb-buffer-pool-size=64M", "--pid-file=pid",
    ]  # fmt: skip
    return Server(
        "区交通局的库(MariaDB)", command, access.mysql_port, folder / "mariadb.log",
        lambda: _answers(access),
    )  # fmt: skip


def _connected(access: Access) -> Any:
    import pymysql

    return pymysql.connect(
        host="127.0.0.1", port=access.mysql_port, user=OWNER, password=access.owner,
        database=DATABASE, charset="utf8mb4", local_infile=True, ssl_disabled=True,
        connect_timeout=5,
    )  # fmt: skip


def _answers(access: Access) -> bool:
    import pymysql

    try:
        _connected(access).close()
    except pymysql.MySQLError:
        return False
    return True


def fill(books: Books, access: Access) -> None:
    """Everything anew."""
    with closing(_connected(access)) as connection, connection.cursor() as cursor:
        for table in tables_of("mysql"):
            cursor.execute(f"DROP TABLE IF EXISTS {table.from_}")
            cursor.execute(_definition(table))
            _load(cursor, table, books.final(table.name))
        connection.commit()


def apply(access: Access, changes: Mapping[str, Turn]) -> None:
    """What a day changed."""
    with closing(_connected(access)) as connection, connection.cursor() as cursor:
        for table in tables_of("mysql"):
            where = " AND ".join(f"{name} = %s" for name in table.keys)
            for key in changes[table.name].gone:
                cursor.execute(f"DELETE FROM {table.from_} WHERE {where}", key)
            _load(cursor, table, changes[table.name].put)
        connection.commit()


def _definition(table: Table) -> str:
    columns = [
        f"{one.name} {one.type}{' not null' if one.required else ''}" for one in table.columns
    ]
    key = f"PRIMARY KEY ({', '.join(table.keys)})"
    mark = table.more.get("watermark")
    index = [f"KEY ({mark})"] if mark else []
    return f"CREATE TABLE {table.from_} ({', '.join([*columns, key, *index])}) ENGINE=InnoDB"


def _load(cursor: Any, table: Table, rows: Iterable[Row]) -> None:
    """New rows, and changed ones in the place of the old."""
    with tempfile.NamedTemporaryFile("w", suffix=".tsv", encoding="utf-8") as file:
        for row in rows:
            cells = (row[name] for name in table.names)
            file.write("\t".join(r"\N" if one is None else one for one in cells) + "\n")
        file.flush()
        cursor.execute(
            f"LOAD DATA LOCAL INFILE %s REPLACE INTO TABLE {table.from_}"
            f" CHARACTER SET utf8mb4 ({', '.join(table.names)})",
            (file.name,),
        )
