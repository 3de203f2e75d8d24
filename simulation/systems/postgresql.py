"""区卫健委's databases: a PostgreSQL server of our own, filled and changed as the agency does."""

from __future__ import annotations

import io
import json
import shutil
import signal
import subprocess
from collections.abc import Iterable, Mapping, Sequence
from contextlib import closing
from decimal import Decimal
from pathlib import Path
from typing import Any

from simulation.systems.access import Access, write_private
from simulation.systems.books import Books
from simulation.systems.declare import SOURCES, Column, Table, tables_of
from simulation.systems.programs import Programs, as_account, give
from simulation.systems.rows import Row
from simulation.systems.servers import BrokenSystemError, Server
from simulation.systems.turns import Turn

ACCOUNT, OWNER, DATABASE = "postgres", "county", "weijian"
_STATEMENTS = "front.dzd"


def prepare(folder: Path, programs: Programs, access: Access) -> None:
    """The files of a server, if there are none yet. Raises BrokenSystemError."""
    home = give(folder / "postgresql", ACCOUNT)
    if (home / "data" / "PG_VERSION").exists() and not (home / "password").exists():
        return
    shutil.rmtree(home / "data", ignore_errors=True)
    write_private(home / "password", access.owner)
    if home.stat().st_uid != (home / "password").stat().st_uid:
        shutil.chown(home / "password", ACCOUNT)
    made = subprocess.run(  # noqa: S603 — programs that we looked up
        [*as_account(programs, ACCOUNT, home, "TERM"), programs.initdb, "-D", str(home / "data"),
         "-A", "scram-sha-256", "-E", "UTF8", "-U", OWNER, "--locale=C",
         f"--pwfile={home / 'password'}"],
        cwd="/", capture_output=True, text=True, check=False,
    )  # fmt: skip
    if made.returncode != 0:
        raise BrokenSystemError(f"PostgreSQL 建库失败:{made.stderr.strip()[-300:]}")
    (home / "password").unlink()


def server(folder: Path, programs: Programs, access: Access) -> Server:
    home = folder / "postgresql"
    command = [
        *as_account(programs, ACCOUNT, home, "INT"), programs.postgres, "-D", str(home / "data"),
        "-p", str(access.postgresql_port), "-c", "listen_addresses=127.0.0.1",
        "-c", "unix_socket_directories=", "-c", "timezone=Asia/Shanghai",
        "-c", "max_connections=30", "-c", "shared_buffers=32MB",
    ]  # fmt: skip
    return Server(
        "区卫健委的库(PostgreSQL)", command, access.postgresql_port, folder / "postgresql.log",
        lambda: _answers(access), signal.SIGINT,
    )  # fmt: skip


def _connected(access: Access, database: str) -> Any:
    import pg8000.native

    return pg8000.native.Connection(
        OWNER, host="127.0.0.1", port=access.postgresql_port, database=database,
        password=access.owner, timeout=60,
    )  # fmt: skip


def _answers(access: Access) -> bool:
    import pg8000.exceptions

    try:
        _connected(access, "postgres").close()
    except (pg8000.exceptions.Error, OSError):
        return False
    return True


def fill(books: Books, access: Access) -> None:
    """Everything anew, in one database that takes the old one's place."""
    with closing(_connected(access, "postgres")) as server:
        server.run(f"DROP DATABASE IF EXISTS {DATABASE} WITH (FORCE)")
        server.run(f"CREATE DATABASE {DATABASE}")
    with closing(_connected(access, DATABASE)) as connection:
        connection.run("BEGIN")
        for table in tables_of("postgresql"):
            connection.run(f"CREATE SCHEMA IF NOT EXISTS {_schema(table)}")
            connection.run(_definition(table))
            _copy(connection, table, books.final(table.name))
        connection.run(
            f"CREATE TABLE {_STATEMENTS} (table_name text, batch_no text, row_count bigint,"
            " control_sums text, stated_at timestamptz)"
        )
        _state(connection, books)
        _let_in(connection, access.postgresql)
        connection.run("COMMIT")


def apply(books: Books, access: Access, changes: Mapping[str, Turn]) -> None:
    """What a day changed, in one transaction, with the agency's new statement."""
    with closing(_connected(access, DATABASE)) as connection:
        connection.run("BEGIN")
        for table in tables_of("postgresql"):
            change = changes[table.name]
            put = [table.key_of(row) for row in change.put]
            _delete(connection, table, [*change.gone, *put])
            _copy(connection, table, change.put)
        _state(connection, books)
        connection.run("COMMIT")


def _schema(table: Table) -> str:
    source = next(one for one in SOURCES if one.name == table.source)
    return str(source.more["connection"]["schema"])


def _place(table: Table) -> str:
    return f"{_schema(table)}.{table.from_}"


def _definition(table: Table) -> str:
    columns = [
        f"{one.name} {one.type}{' not null' if one.required else ''}" for one in table.columns
    ]
    return f"CREATE TABLE {_place(table)} ({', '.join(columns)}, PRIMARY KEY ({table.keys[0]}))"


def _copy(connection: Any, table: Table, rows: Iterable[Row]) -> None:
    lines = "".join(
        "\t".join(_cell(column, row[column.name]) for column in table.columns) + "\n"
        for row in rows
    )
    names = ", ".join(table.names)
    connection.run(f"COPY {_place(table)} ({names}) FROM STDIN", stream=io.BytesIO(lines.encode()))


def _cell(column: Column, value: str | None) -> str:
    if value is None:
        return r"\N"
    text = "{" + ",".join(json.loads(value)) + "}" if column.type.endswith("[]") else value
    return text.replace("\\", r"\\").replace("\t", r"\t").replace("\n", r"\n")


def _delete(connection: Any, table: Table, keys: Sequence[tuple[str | None, ...]]) -> None:
    for key in keys:
        name = table.keys[0]
        connection.run(f"DELETE FROM {_place(table)} WHERE {name}::text = :key", key=key[0])


def _state(connection: Any, books: Books) -> None:
    """对账单: the agency counts its own table, and adds it up."""
    for table in tables_of("postgresql"):
        if not table.sums:
            continue
        rows = books.final(table.name)
        sums = {
            name: str(sum((Decimal(row[name] or 0) for row in rows), Decimal(0)))
            for name in table.sums
        }
        connection.run(
            f"INSERT INTO {_STATEMENTS} VALUES (:name, :batch, :count, :sums, clock_timestamp())",
            name=table.from_, batch=f"{table.from_}-{books.turns:04d}", count=len(rows),
            sums=json.dumps(sums),
        )  # fmt: skip


def _let_in(connection: Any, password: str) -> None:
    """The platform's account: it may read, and nothing else."""
    if not connection.run("SELECT 1 FROM pg_roles WHERE rolname = 'haina'"):
        connection.run("CREATE ROLE haina LOGIN")
    connection.run(f"ALTER ROLE haina PASSWORD '{password}'")
    for schema in sorted({_schema(table) for table in tables_of("postgresql")}):
        connection.run(f"GRANT USAGE ON SCHEMA {schema} TO haina")
        connection.run(f"GRANT SELECT ON ALL TABLES IN SCHEMA {schema} TO haina")
