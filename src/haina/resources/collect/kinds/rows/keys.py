"""The hash of keys: one number that says whether two sides hold the same rows.

For each row: the key values as canonical text, joined by U+001F; the first 60 bits of their md5;
all rows summed modulo 2^64, as 16 hex digits. The order of rows does not matter, and hashes of
disjoint parts add up (`add_hashes`). It guards against loss and doubling, not against an enemy.

Canonical text: integers in digits; decimals with all places of their scale; booleans true/false;
dates and times in ISO form with a space, UTC, no trailing zeros; bytes in lower hex; doubles as
DuckDB writes them; NULL as U+001E.
"""

from collections.abc import Iterable, Iterator, Sequence
from functools import cache
from itertools import chain
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import duckdb
    import pyarrow as pa

NO_KEY = ""
_MODULUS = 1 << 64


def key_hash_of(rows: Any, key: Sequence[str]) -> str:
    """Hash of the `key` columns of a pa.Table, RecordBatch, reader or iterable of batches.

    Returns '' when `key` is empty. Memory stays bounded on readers and iterables.
    """
    if not key:
        return NO_KEY
    keys = _keys_only(rows, key)
    if keys is None:
        return as_hex(0)
    with _engine().cursor() as engine:
        engine.register("keys", keys)
        found = engine.execute(_hash_sql([field.type for field in keys.schema])).fetchone()
    return as_hex(int(found[0] or 0) if found else 0)


def key_hashes(rows: "pa.Table", key: Sequence[str]) -> list[str]:
    """The hash of each row by itself, in order."""
    keys = _keys_only(rows, key)
    if keys is None or not key:
        return [NO_KEY] * rows.num_rows
    with _engine().cursor() as engine:
        engine.register("keys", keys)
        text = _row_sql([field.type for field in keys.schema])
        found = engine.execute(f"select substr(md5({text}), 1, 15) from keys").fetchall()
    return [as_hex(int(row[0], 16)) for row in found]


def add_hashes(*hashes: str | None) -> str:
    """The hash of the union of disjoint parts; '' when no part has one."""
    known = [part for part in hashes if part]
    return as_hex(sum(int(part, 16) for part in known)) if known else NO_KEY


def minus_hash(whole: str, part: str) -> str:
    """The hash of what is left of `whole` without `part`."""
    if not whole or not part:
        return whole
    return as_hex(int(whole, 16) - int(part, 16))


def as_hex(total: int) -> str:
    """16 hex digits of a sum modulo 2^64."""
    return f"{total % _MODULUS:016x}"


@cache
def _engine() -> "duckdb.DuckDBPyConnection":
    """One a process: opening it costs ten times what the keys of a batch do. Nothing is kept in it,
    and each use has a cursor, that is a connection, of its own."""
    import duckdb

    return duckdb.connect(config={"threads": 1, "enable_external_access": False})


def _keys_only(rows: Any, key: Sequence[str]) -> "pa.RecordBatchReader | pa.Table | None":
    """The key columns alone, named k0, k1…: DuckDB takes names that differ in case for one."""
    import pyarrow as pa

    names = [f"k{place}" for place in range(len(key))]
    if isinstance(rows, pa.Table):
        return rows.select(list(key)).rename_columns(names)
    batches = _renamed([rows] if isinstance(rows, pa.RecordBatch) else rows, key, names)
    first = next(batches, None)
    if first is None:
        return None
    return pa.RecordBatchReader.from_batches(first.schema, chain([first], batches))


def _renamed(
    rows: "Iterable[pa.RecordBatch]", key: Sequence[str], names: list[str]
) -> "Iterator[pa.RecordBatch]":
    for batch in rows:
        yield batch.select(list(key)).rename_columns(names)


def _hash_sql(types: "Sequence[pa.DataType]") -> str:
    return f"select sum(('0x' || substr(md5({_row_sql(types)}), 1, 15))::hugeint) from keys"


def _row_sql(types: "Sequence[pa.DataType]") -> str:
    parts = [f"coalesce({_text_sql(f'k{n}', kind)}, chr(30))" for n, kind in enumerate(types)]
    return " || chr(31) || ".join(parts)


def _text_sql(column: str, kind: "pa.DataType") -> str:
    import pyarrow as pa

    if pa.types.is_timestamp(kind) and kind.tz:
        return f"({column} at time zone 'UTC')::varchar"
    if pa.types.is_binary(kind) or pa.types.is_large_binary(kind):
        return f"lower(hex({column}))"
    return f"{column}::varchar"
