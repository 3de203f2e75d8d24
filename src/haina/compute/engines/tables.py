"""Delta tables as views of DuckDB over exact files. Runs in the sandbox, before the lock-down."""

import json
import re
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import unquote

import duckdb
from deltalake import DeltaTable

_SIMPLE = {
    "string": "VARCHAR",
    "long": "BIGINT",
    "integer": "INTEGER",
    "short": "SMALLINT",
    "byte": "TINYINT",
    "float": "FLOAT",
    "double": "DOUBLE",
    "boolean": "BOOLEAN",
    "binary": "BLOB",
    "date": "DATE",
    "timestamp": "TIMESTAMP WITH TIME ZONE",
    "timestamp_ntz": "TIMESTAMP",
}
_DECIMAL = re.compile(r"decimal\((\d+),\s*(-?\d+)\)")
# Features of the reader that need no work of ours; any other may change what the files mean.
_FEATURES = {"timestampNtz"}


@dataclass(frozen=True)
class Resolved:
    """One pinned version: absolute file names, columns (name, DuckDB type), partition columns."""

    name: str
    files: list[str]
    columns: list[tuple[str, str]]
    partitions: list[str]
    select: str | None


def resolve(name: str, path: str, version: int, select: str | None) -> Resolved:
    """Read the Delta log. Raises ValueError for a table that plain files cannot answer."""
    table = DeltaTable(path, version=version)
    unknown = set(table.protocol().reader_features or []) - _FEATURES
    if unknown:
        raise ValueError(f"reader features {sorted(unknown)}")
    names = table.get_add_actions().column("path").to_pylist()
    files = [str(Path(path) / unquote(str(one))) for one in names]
    fields = json.loads(table.schema().to_json())["fields"]
    columns = [(str(field["name"]), sql_type(field["type"])) for field in fields]
    return Resolved(name, files, columns, list(table.metadata().partition_columns), select)


def sql_type(delta: Any) -> str:
    """The DuckDB type of a type in a Delta schema. Raises ValueError for an unknown one."""
    if isinstance(delta, str):
        decimal = _DECIMAL.fullmatch(delta)
        if decimal:
            return f"DECIMAL({decimal[1]},{decimal[2]})"
        if delta in _SIMPLE:
            return _SIMPLE[delta]
    elif delta["type"] == "array":
        return sql_type(delta["elementType"]) + "[]"
    elif delta["type"] == "map":
        return f"MAP({sql_type(delta['keyType'])}, {sql_type(delta['valueType'])})"
    elif delta["type"] == "struct":
        fields = (f"{quoted(one['name'])} {sql_type(one['type'])}" for one in delta["fields"])
        return f"STRUCT({', '.join(fields)})"
    raise ValueError(f"Delta type {delta}")


def quoted(name: str) -> str:
    return '"' + name.replace('"', '""') + '"'


def text(value: str) -> str:
    return "'" + value.replace("'", "''") + "'"


def create_view(con: duckdb.DuckDBPyConnection, table: Resolved) -> None:
    """The view `zone.name`: the columns of the pinned schema, in its order and with its types."""
    zone, _dot, name = table.name.partition(".")
    con.execute(f"CREATE SCHEMA IF NOT EXISTS {quoted(zone)}")
    rows = _rows(con, table)
    body = f"WITH __rows AS ({rows}) {table.select}" if table.select else rows
    con.execute(f"CREATE VIEW {quoted(zone)}.{quoted(name)} AS {body}")


def _rows(con: duckdb.DuckDBPyConnection, table: Resolved) -> str:
    if not table.files:
        nothing = ", ".join(
            f"CAST(NULL AS {kind}) AS {quoted(name)}" for name, kind in table.columns
        )
        return f"SELECT {nothing} WHERE false"
    source = _source(table)
    found = con.execute(f"DESCRIBE SELECT * FROM {source}").fetchall()
    have = {str(row[0]): str(row[1]) for row in found}
    columns = ", ".join(_column(name, kind, have) for name, kind in table.columns)
    return f"SELECT {columns} FROM {source}"


def _source(table: Resolved) -> str:
    files = ", ".join(text(file) for file in table.files)
    types = dict(table.columns)
    hive = "false"
    if table.partitions:
        named = ", ".join(f"{quoted(one)}: {text(types[one])}" for one in table.partitions)
        hive = f"true, hive_types={{{named}}}"
    many = "true" if len(table.files) > 1 else "false"
    return f"read_parquet([{files}], union_by_name={many}, hive_partitioning={hive})"


def _column(name: str, kind: str, have: dict[str, str]) -> str:
    # A cast stops filters from reaching the files, so only where the type is another.
    if name not in have:
        return f"CAST(NULL AS {kind}) AS {quoted(name)}"
    if have[name] == kind:
        return quoted(name)
    return f"CAST({quoted(name)} AS {kind}) AS {quoted(name)}"
