"""What leaves this package: the shape of sources, tables, rejects and readings."""

import os
from collections.abc import Iterator, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple, Protocol, runtime_checkable

from pydantic import BaseModel

from haina.kernel.settings import Settings
from haina.resources.collect.kinds.errors import NO_TABLE
from haina.resources.collect.kinds.rows.rejecting import Reject

if TYPE_CHECKING:
    import pyarrow as pa

BATCH_ROWS = 65_536


@dataclass(frozen=True)
class SourceColumn:
    """A column as the source declares it and as the lake will keep it.

    `read` obeys `lake_type`; a caller may change it, and what does not fit is set aside.
    """

    name: str
    source_type: str
    lake_type: str
    nullable: bool = True
    comment: str | None = None


@dataclass(frozen=True)
class SourceTable:
    """A table of a source. `key` is empty when the source declares none."""

    name: str
    columns: tuple[SourceColumn, ...]
    key: tuple[str, ...] = ()
    comment: str | None = None
    estimated_rows: int | None = None

    def column(self, name: str) -> SourceColumn:
        """Raises HainaError(source_no_table) when the table has no such column."""
        for column in self.columns:
            if column.name == name:
                return column
        raise NO_TABLE(f"表“{self.name}”没有字段“{name}”", field=name)

    def chosen(self, names: Sequence[str] | None) -> tuple[SourceColumn, ...]:
        """The columns of these names, in the order of `names`; all when None."""
        return self.columns if names is None else tuple(self.column(name) for name in names)


@dataclass(frozen=True)
class Watermark:
    """Read only rows whose `column` is above `value` (exclusive); all rows when it is None.

    `value` is text as `Control.watermark` gave it. Rows where the column is NULL are in the
    scope only when `value` is None.
    """

    column: str
    value: str | None = None


@dataclass(frozen=True)
class KeyRange:
    """A slice of a table: rows with `low` <= `column` < `high`, values as text; None is open.

    The slice that is open below also holds the rows where the column is NULL. A kind chooses
    bounds by the order in which it compares, so that its slices are disjoint and leave out none.
    """

    column: str
    low: str | None = None
    high: str | None = None


@dataclass(frozen=True)
class Control:
    """What the source itself says of the same snapshot and scope as the rows.

    `rows` counts good and bad rows; `key_hash` is as `key_hash_of` computes it, '' without a
    key; `watermark` is the highest well-typed value, the old one when nothing is above it.
    """

    rows: int
    key_hash: str
    watermark: str | None = None


class Preview(NamedTuple):
    """Some rows, the rejects among them, and where the source tells before its end: the lines at
    the end that are no rows (totals, signatures, notes), with what each calls itself."""

    rows: "pa.Table"
    rejects: list[Reject]
    footers: tuple[tuple[int, str], ...] = ()


def spool_of(settings: Settings) -> Path:
    """Files on their way, a folder a process."""
    return settings.home / "spool"


@dataclass(frozen=True)
class ReadContext:
    """What reading needs of the installation: networks, file roots and limits."""

    settings: Settings
    max_rejects: int = 10_000
    batch_rows: int = BATCH_ROWS

    @property
    def spool(self) -> Path:
        """Where a reading of this process may put files of its own while it lasts."""
        folder = spool_of(self.settings) / str(os.getpid())
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        return folder


class Reading(Protocol):
    """Rows of one table in one snapshot; alive inside its `with` block only."""

    @property
    def schema(self) -> "pa.Schema":
        """Arrow schema of the lake: names and types of the chosen columns, in order."""

    @property
    def rejects(self) -> list[Reject]:
        """Rows set aside so far; complete once `batches` is exhausted."""

    @property
    def remarks(self) -> list[str]:
        """What people should know of this reading, besides its rows; once it is exhausted."""

    def batches(self) -> "Iterator[pa.RecordBatch]":
        """Good rows in source order, at most `batch_rows` each. May be called once.

        Raises HainaError(too_many_bad_rows) beyond `max_rejects`, and source_* kinds.
        """

    def control(self) -> Control:
        """Counts of the source; call it after `batches` is exhausted (or instead of it)."""


class Kind(Protocol):
    """A kind of source. `connection` is the pydantic model of its connection block."""

    @property
    def name(self) -> str: ...
    @property
    def title(self) -> str: ...
    @property
    def connection(self) -> type[BaseModel]: ...

    def test(self, connection: Any, context: ReadContext) -> None:
        """Return when the source answers; raise HainaError with a way out when not."""

    def discover(self, connection: Any, context: ReadContext) -> list[SourceTable]:
        """All tables and views that can be read, by name."""

    def read(
        self,
        connection: Any,
        table: SourceTable,
        *,
        context: ReadContext,
        columns: Sequence[str] | None = None,
        since: Watermark | None = None,
        part: KeyRange | None = None,
    ) -> AbstractContextManager[Reading]:
        """Open one snapshot of `table`. Key columns are read for the control even if not chosen.

        `part` is one of `slices`, read with its own snapshot and control; a kind whose `slices`
        are always empty is never given one.
        """

    def slices(
        self,
        connection: Any,
        table: SourceTable,
        column: str,
        *,
        context: ReadContext,
        rows: int,
    ) -> list[KeyRange]:
        """Ranges of about `rows` rows each by `column`, in order, covering the whole table: the
        first open below, the last open above. [] when this kind or column cannot be split."""

    def type_rows(self) -> list[tuple[str, str, str]]:
        """Rows of docs/reference/types.md: source type, lake type, remark (Chinese)."""


@dataclass(frozen=True)
class Offered:
    """A file that lies in an inbox. `modified` is its time of change as the place says it."""

    name: str
    bytes: int
    modified: str


@runtime_checkable
class Inbox(Protocol):
    """A kind whose folder may be watched for files that come one by one."""

    @property
    def title(self) -> str: ...

    def offered(self, connection: Any, context: ReadContext) -> list[Offered]:
        """Files that lie still (unchanged for some seconds), by name."""

    def fetched(self, connection: Any, offered: Offered, context: ReadContext) -> Iterator[bytes]:
        """The content in blocks. Raises HainaError(source_changed) when it is not as offered."""
