"""A sandbox: one session, from the trusted preparation through the lock-down to its end.

Imported by the zygote, run in its forks. Nothing here may start a thread, a connection or a table
at import.
"""

import os
import resource
import socket
import threading
import traceback
from typing import Any

import duckdb
import pyarrow as pa
import pyarrow.compute

from haina.compute.engines import confine, seccomp, tables, wire
from haina.compute.engines.plain import explain
from haina.compute.engines.shown import columns_of

_REQUEST = 16 * 2**20
_PREPARE_SECONDS = 60.0
_PAGE_ROWS = 8_192
_STREAM_ROWS = 65_536

Message = dict[str, Any]


class RefusalError(Exception):
    """What the parent is told instead of a result: a code of contracts.py and a sentence."""

    def __init__(self, code: str, message: str, **details: Any) -> None:
        super().__init__(message)
        self.as_message: Message = {"error": code, "message": message, "details": details}


def serve(sock: socket.socket, achieved: Message, con: duckdb.DuckDBPyConnection) -> None:
    """Answer one session until the parent closes it."""
    confine.first_to_die()
    _silence()
    try:
        wire.send_json(sock, {"pid": os.getpid()})
        setup = wire.receive_json(sock, _REQUEST)
        confine.alarm(_PREPARE_SECONDS)
        got = _prepared(sock, con, setup)
        confine.alarm(0)
        wire.send_json(sock, {"ok": True, "walls": achieved | got})
        while True:
            answer(sock, con, setup["limits"], wire.receive_json(sock, _REQUEST))
    except (wire.WireError, OSError):
        return


def _prepared(sock: socket.socket, con: duckdb.DuckDBPyConnection, setup: Message) -> Message:
    try:
        return prepare(con, setup)
    except Exception:
        # The only message that may carry paths: the parent writes it to its log, nowhere else.
        wire.send_json(sock, {"error": "prepare", "reason": traceback.format_exc()[-4000:]})
        raise


def _silence() -> None:
    # The engine can be told to print; nothing of it belongs to the log of the server.
    nowhere = os.open(os.devnull, os.O_RDWR)
    for fd in (0, 1, 2):
        os.dup2(nowhere, fd)


def connect() -> duckdb.DuckDBPyConnection:
    """The engine, ahead of any session: most of what a start costs, and no thread yet."""
    con = duckdb.connect(
        ":memory:",
        config={
            "threads": 1,
            "async_threads": 0,
            "temp_directory": "",
            "autoinstall_known_extensions": "false",
            "autoload_known_extensions": "false",
            "allow_community_extensions": "false",
            "python_enable_replacements": "false",
        },
    )
    con.sql("SELECT 1").to_arrow_reader(1).read_all()
    return con


def prepare(con: duckdb.DuckDBPyConnection, setup: Message) -> Message:
    """Resolve the tables, make the views, shut all doors. Answers the walls that stand."""
    limits, folder = setup["limits"], setup["folder"]
    if confine.threads() != 1:
        raise RuntimeError("threads before the walls")
    resolved = [tables.resolve(**one) for one in setup["tables"]]
    files = [file for table in resolved for file in table.files]
    privileges = confine.no_new_privileges()
    # Before the engine starts its threads: they inherit this wall, older threads do not get it.
    landlock = confine.landlock(files, folder)
    _size(con, limits, folder)
    for table in resolved:
        tables.create_view(con, table)
    _lock(con, files)
    confine.limit_session(limits["memory_mb"], limits["spill_mb"])
    calls = seccomp.install(writes=folder is not None)
    return {"no_new_privileges": privileges, "landlock": landlock, "seccomp": calls}


def _size(con: duckdb.DuckDBPyConnection, limits: Message, folder: str | None) -> None:
    con.execute(f"SET memory_limit = '{int(limits['memory_mb'])}MB'")
    con.execute(f"SET threads = {int(limits['threads'])}")
    if folder:
        con.execute(f"SET temp_directory = {tables.text(folder)}")
        con.execute(f"SET max_temp_directory_size = '{int(limits['spill_mb'])}MB'")


def _lock(con: duckdb.DuckDBPyConnection, files: list[str]) -> None:
    paths = ", ".join(tables.text(file) for file in files)
    con.execute(f"SET allowed_paths = [{paths}]")
    con.execute("SET TimeZone = 'Asia/Shanghai'")
    con.execute("SET max_expression_depth = 250")
    con.execute("SET preserve_insertion_order = true")
    con.execute("SET enable_external_access = false")
    con.execute("SET lock_configuration = true")


def answer(
    sock: socket.socket, con: duckdb.DuckDBPyConnection, limits: Message, request: Message
) -> None:
    """Compute one request under its time, and send its result and its end."""
    confine.limit_query(limits["seconds"], limits["threads"])
    confine.alarm(limits["seconds"] + 1)
    timer = threading.Timer(limits["seconds"], con.interrupt)
    timer.daemon = True
    timer.start()
    try:
        if request["do"] == "keep":
            end = _keep(con, request["name"], request["sql"])
        else:
            end = _SERVE[request["do"]](sock, _relation(con, request["sql"]), limits)
    except RefusalError as refusal:
        end = refusal.as_message
    except wire.WireError:
        raise
    except Exception as error:  # noqa: BLE001 - engines raise all sorts; each becomes a sentence
        code, message, names = explain(error)
        end = {"error": code, "message": message, "details": {"names": names}}
    finally:
        timer.cancel()
    end["peak_mb"] = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    wire.send_json(sock, end)
    confine.alarm(0)


def _keep(con: duckdb.DuckDBPyConnection, name: str, sql: str) -> Message:
    """Not by way of a relation, which would bind the query once more: for the many expressions of
    a standard that takes as long as to compute a small table."""
    kept = f"CREATE OR REPLACE TABLE {tables.quoted(name)} AS (\n{sql}\n)"
    con.execute(_one_statement(con, kept, duckdb.StatementType.CREATE))
    return {"ok": True}


def _relation(con: duckdb.DuckDBPyConnection, sql: str) -> duckdb.DuckDBPyRelation:
    relation = con.sql(_one_statement(con, sql, duckdb.StatementType.SELECT))
    if relation is None:
        raise RefusalError("query_failed", "这条语句没有结果可返回,请写成 SELECT 查询。")
    return relation


def _one_statement(
    con: duckdb.DuckDBPyConnection, sql: str, kind: duckdb.StatementType
) -> duckdb.Statement:
    """What `sql` says, parsed once, by the engine's own parser: the second look at what people
    wrote."""
    statements = con.extract_statements(sql)
    if len(statements) != 1 or statements[0].type != kind:
        raise RefusalError("query_failed", "只能执行一条 SELECT 查询。")
    return statements[0]


def _rows(_sock: socket.socket, relation: duckdb.DuckDBPyRelation, limits: Message) -> Message:
    """A page as one message; cut at the limits and marked so."""
    names = [[name, str(kind)] for name, kind in zip(relation.columns, relation.types, strict=True)]
    rows: list[list[Any]] = []
    size, truncated = 0, False
    for batch in relation.to_arrow_reader(_PAGE_ROWS):
        size += batch.get_total_buffer_size()
        room = _room(limits, len(rows), size)
        rows.extend(list(row) for row in zip(*columns_of(batch.slice(0, room)), strict=True))
        if room < batch.num_rows:
            truncated = True
            break
    return {"columns": names, "rows": rows, "truncated": truncated}


def _room(limits: Message, have: int, size: int) -> int:
    """How many rows of this batch still fit: none once the bytes are used up."""
    if limits["bytes"] is not None and size > limits["bytes"]:
        return 0
    return _PAGE_ROWS if limits["rows"] is None else max(0, limits["rows"] - have)


def _stream(sock: socket.socket, relation: duckdb.DuckDBPyRelation, limits: Message) -> Message:
    """Arrow messages: the schema, then each batch. Raises RefusalError beyond the limits."""
    reader = relation.to_arrow_reader(_STREAM_ROWS)
    schema = _undictionaried(reader.schema)
    same_schema = schema.equals(reader.schema)
    wire.send(sock, wire.ARROW, memoryview(schema.serialize()))
    rows = size = 0
    for batch in reader:
        rows, size = rows + batch.num_rows, size + batch.nbytes
        _check_size(limits, rows, size)
        same = batch if same_schema else batch.cast(schema)
        wire.send(sock, wire.ARROW, memoryview(same.serialize()))
    return {"rows": rows}


def _check_size(limits: Message, rows: int, size: int) -> None:
    if limits["rows"] is not None and rows > limits["rows"]:
        raise RefusalError(
            "query_too_large", f"结果超过 {limits['rows']} 行。", rows=limits["rows"]
        )
    if limits["bytes"] is not None and size > limits["bytes"]:
        raise RefusalError(
            "query_too_large", f"结果超过 {limits['bytes']} 字节。", bytes=limits["bytes"]
        )


def _undictionaried(schema: pa.Schema) -> pa.Schema:
    """Enumerations as plain values: a dictionary does not travel in single messages."""
    if not any(pa.types.is_dictionary(field.type) for field in schema):
        return schema
    fields = [
        field.with_type(field.type.value_type) if pa.types.is_dictionary(field.type) else field
        for field in schema
    ]
    return pa.schema(fields)


_SERVE = {"rows": _rows, "batches": _stream}
