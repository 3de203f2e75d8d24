"""Kinds of source, behind one interface: get a kind by name, then test, discover, read.

A new kind is a class that follows `Kind` and is registered here; callers do not change. Nothing
heavy is imported until a table is read, so that the web server may know the kinds.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Any

from haina.resources.collect.kinds.contracts import (
    BATCH_ROWS,
    Control,
    Inbox,
    KeyRange,
    Kind,
    Preview,
    ReadContext,
    Reading,
    SourceColumn,
    SourceTable,
    Watermark,
    spool_of,
)
from haina.resources.collect.kinds.databases.drivers.dameng import dameng_kind
from haina.resources.collect.kinds.databases.drivers.kingbase import KingbaseKind
from haina.resources.collect.kinds.databases.drivers.oracle import oracle_kind
from haina.resources.collect.kinds.databases.drivers.sqlserver import sqlserver_kind
from haina.resources.collect.kinds.databases.mysql.kind import MysqlKind
from haina.resources.collect.kinds.databases.postgresql.kind import PostgresqlKind
from haina.resources.collect.kinds.databases.sqlite.kind import SqliteKind
from haina.resources.collect.kinds.errors import UNKNOWN_KIND
from haina.resources.collect.kinds.files.csv.format import CsvFormat
from haina.resources.collect.kinds.files.dbf.format import DbfFormat
from haina.resources.collect.kinds.files.fixed_width.format import FixedWidthFormat
from haina.resources.collect.kinds.files.formats import FileKind
from haina.resources.collect.kinds.files.json.format import JsonFormat, JsonLinesFormat
from haina.resources.collect.kinds.files.parquet.format import ParquetFormat
from haina.resources.collect.kinds.files.workbook.format import WorkbookFormat
from haina.resources.collect.kinds.push import PushKind
from haina.resources.collect.kinds.remote.http.kind import HttpKind
from haina.resources.collect.kinds.remote.sftp.kind import SftpKind
from haina.resources.collect.kinds.rows.keys import add_hashes, key_hash_of, minus_hash
from haina.resources.collect.kinds.rows.lake_types import LakeType
from haina.resources.collect.kinds.rows.lake_types import parse as lake_type
from haina.resources.collect.kinds.rows.rejecting import REASONS, Reject
from haina.resources.collect.kinds.rows.scope import highest_of

__all__ = [
    "BATCH_ROWS",
    "REASONS",
    "Control",
    "Inbox",
    "KeyRange",
    "Kind",
    "LakeType",
    "Preview",
    "ReadContext",
    "Reading",
    "Reject",
    "SourceColumn",
    "SourceTable",
    "Watermark",
    "add_hashes",
    "get",
    "highest_of",
    "is_of_files",
    "key_hash_of",
    "lake_type",
    "minus_hash",
    "names",
    "preview",
    "register",
    "spool_of",
    "text_rows",
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


def is_of_files(name: str) -> bool:
    """Whether sources of this kind are files that an agency hands in."""
    from haina.resources.collect.kinds.files.formats import FileKind

    return name == "sftp" or isinstance(_KINDS.get(name), FileKind)


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
) -> Preview:
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
        footers = getattr(reading, "footers", ())
    return Preview(pa.Table.from_batches(taken, schema), rejects, footers)


def text_rows(
    chunks: "Iterable[Sequence[Mapping[str, str | None]]]",
    table: SourceTable,
    context: ReadContext,
) -> Reading:
    """A reading of rows given as text by column (mended rows, say)."""
    from haina.resources.collect.kinds.rows.sieving import Selection
    from haina.resources.collect.kinds.rows.text_rows import TextRowsReading

    return TextRowsReading(chunks, Selection.of(table, None), context)


def types_page() -> str:
    """The content of docs/reference/types.md."""
    from haina.resources.collect.kinds.page import types_page as page

    return page()


register(FileKind(CsvFormat()))
register(FileKind(DbfFormat()))
register(FileKind(FixedWidthFormat()))
register(FileKind(JsonFormat()))
register(FileKind(JsonLinesFormat()))
register(FileKind(ParquetFormat()))
register(FileKind(WorkbookFormat()))
register(MysqlKind())
register(KingbaseKind())
register(oracle_kind())
register(sqlserver_kind())
register(dameng_kind())
register(PostgresqlKind())
register(PushKind())
register(SqliteKind())
register(HttpKind())
register(SftpKind())
