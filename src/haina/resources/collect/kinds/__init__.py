"""Kinds of source, behind one interface: get a kind by name, then test, discover, read.

A new kind is a class that follows `Kind` and is registered here; callers do not change. Nothing
heavy is imported until a table is read, so that the web server may know the kinds.
"""

from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from haina.resources.collect.kinds.contracts import (
    BATCH_ROWS,
    Control,
    KeyRange,
    Kind,
    ReadContext,
    Reading,
    SourceColumn,
    SourceTable,
    Watermark,
)
from haina.resources.collect.kinds.databases.postgresql.kind import PostgresqlKind
from haina.resources.collect.kinds.databases.sqlite.kind import SqliteKind
from haina.resources.collect.kinds.errors import UNKNOWN_KIND
from haina.resources.collect.kinds.files.csv.format import CsvFormat
from haina.resources.collect.kinds.files.formats import FileKind
from haina.resources.collect.kinds.rows.keys import add_hashes, key_hash_of
from haina.resources.collect.kinds.rows.lake_types import LakeType
from haina.resources.collect.kinds.rows.lake_types import parse as lake_type
from haina.resources.collect.kinds.rows.rejecting import REASONS, Reject

if TYPE_CHECKING:
    import pyarrow as pa

__all__ = [
    "BATCH_ROWS",
    "REASONS",
    "Control",
    "KeyRange",
    "Kind",
    "LakeType",
    "ReadContext",
    "Reading",
    "Reject",
    "SourceColumn",
    "SourceTable",
    "Watermark",
    "add_hashes",
    "get",
    "key_hash_of",
    "lake_type",
    "names",
    "preview",
    "register",
    "types_page",
]

_KINDS: dict[str, Kind] = {}


def register(new: Kind) -> None:
    """Add a kind. Raises ValueError when another one has its name."""
    if _KINDS.setdefault(new.name, new) is not new:
        raise ValueError(f"source kind registered twice: {new.name}")


def get(name: str) -> Kind:
    """The kind of this name. Raises HainaError(unknown_source_kind)."""
    if name not in _KINDS:
        raise UNKNOWN_KIND(f"不支持的数据源类型“{name}”", field="kind", available=names())
    return _KINDS[name]


def names() -> list[str]:
    """All kinds, in alphabetical order."""
    return sorted(_KINDS)


def preview(
    kind: Kind,
    connection: Any,
    table: SourceTable,
    rows: int,
    *,
    context: ReadContext,
    columns: Sequence[str] | None = None,
) -> "tuple[pa.Table, list[Reject]]":
    """The first `rows` good rows, and the rows set aside on the way. Stops the source early."""
    import pyarrow as pa

    small = replace(context, batch_rows=min(context.batch_rows, max(rows, 1_000)))
    with kind.read(connection, table, context=small, columns=columns) as reading:
        taken: list[pa.RecordBatch] = []
        wanted = rows
        batches = reading.batches()
        while wanted > 0 and (batch := next(batches, None)) is not None:
            taken.append(batch.slice(0, wanted))
            wanted -= taken[-1].num_rows
        schema, rejects = reading.schema, list(reading.rejects)
    return pa.Table.from_batches(taken, schema), rejects


def types_page() -> str:
    """The content of docs/reference/types.md."""
    from haina.resources.collect.kinds.page import types_page as page

    return page()


register(FileKind(CsvFormat()))
register(PostgresqlKind())
register(SqliteKind())
