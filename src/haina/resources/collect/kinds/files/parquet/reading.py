"""Row groups of a Parquet file, a batch at a time."""

from collections.abc import Generator, Iterator
from contextlib import ExitStack, contextmanager
from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING, Any, BinaryIO

from haina.kernel.errors import HainaError
from haina.resources.collect.kinds.contracts import ReadContext, Watermark
from haina.resources.collect.kinds.errors import (
    FILE_BROKEN,
    FILE_EMPTY,
    FILE_TOO_LARGE,
    TOO_MANY_COLUMNS,
    WRONG_FORMAT,
)
from haina.resources.collect.kinds.files.limits import (
    PARQUET_FOOTER,
    PARQUET_LIST,
    TEXT_AT_ONCE,
)
from haina.resources.collect.kinds.files.parquet.pages import check_pages
from haina.resources.collect.kinds.files.parquet.types import exact_int96, to_lake
from haina.resources.collect.kinds.files.texts import FileReading
from haina.resources.collect.kinds.rows.lake_types import parse
from haina.resources.collect.kinds.rows.rejecting import Shown
from haina.resources.collect.kinds.rows.sieving import Selection, TypedRows, schema_of

if TYPE_CHECKING:
    import pyarrow as pa


class ParquetReading(FileReading):
    """A `Reading` over one open file. `line` of a reject is the number of its row, from 1."""

    def __init__(
        self,
        path: Path,
        file: BinaryIO,
        selection: Selection,
        since: Watermark | None,
        context: ReadContext,
    ) -> None:
        super().__init__(file, selection, since, context)
        self._path = path
        self._names = [column.name for column in selection.all]

    def _typed(self) -> Generator[TypedRows, None, None]:
        with opened(self._path, self._texts()) as parquet, reading_errors():
            check_pages(self._file, parquet.metadata, set(self._names))
            number = 1
            for batch, nanoseconds in self._read(parquet):
                for start, length in portions(batch):
                    fine = {name: one.slice(start, length) for name, one in nanoseconds.items()}
                    yield self._rows(batch.slice(start, length), fine, number)
                    number += length
            if number - 1 != parquet.metadata.num_rows:
                raise FILE_BROKEN(
                    f"文件说有 {parquet.metadata.num_rows:,} 行,实际 {number - 1:,} 行"
                )

    def _rows(
        self, batch: "pa.RecordBatch", nanoseconds: "dict[str, pa.Array]", first: int
    ) -> TypedRows:
        import pyarrow as pa

        arrays, found = [], []
        for column in self._selection.all:
            values = batch.column(column.name)
            bad: dict[int, str] = {}
            if column.name in nanoseconds:
                values, bad = exact_int96(values, nanoseconds[column.name])
            typed, flaws = to_lake(values, parse(column.lake_type))
            arrays.append(typed)
            found.append({**flaws, **bad})
        typed_batch = pa.RecordBatch.from_arrays(arrays, schema=schema_of(self._selection.all))
        rows = TypedRows(typed_batch, batch, lines=range(first, first + batch.num_rows))
        for column, bad in zip(self._selection.all, found, strict=True):
            rows.flaw(bad, column.name)
        return rows

    def _show(self, rows: TypedRows, place: int) -> Shown:
        values = {name: _shown(rows.source.column(name)[place]) for name in self._names}
        return Shown.of(values)

    def _texts(self) -> list[str]:
        """Columns to be left as dictionaries until they are looked at."""
        return [one.name for one in self._selection.all if parse(one.lake_type).family == "text"]

    def _read(self, parquet: Any) -> "Iterator[tuple[pa.RecordBatch, dict[str, pa.Array]]]":
        """Batches; columns of int96 in microseconds, and once more in nanoseconds."""
        rows, names = self._context.batch_rows, self._names
        coarse = parquet.iter_batches(batch_size=rows, columns=names, use_threads=False)
        twice = [name for name in int96_columns(parquet.metadata) if name in names]
        if not twice:
            yield from ((batch, {}) for batch in coarse)
            return
        with opened(self._path, [], int96="ns") as again:
            fine = again.iter_batches(batch_size=rows, columns=twice, use_threads=False)
            for batch, other in zip(coarse, fine, strict=True):
                yield batch, {name: other.column(name) for name in twice}


@contextmanager
def opened(path: Path, dictionaries: list[str], *, int96: str = "us") -> Iterator[Any]:
    """The file as a pyarrow ParquetFile, its footer found fit to be read.

    Raises HainaError(file_empty, wrong_file_format, file_broken, too_many_columns).
    """
    import pyarrow.parquet as pq

    with path.open("rb") as file:
        _check_footer(file)
    with ExitStack() as stack:
        with reading_errors():
            parquet = stack.enter_context(
                pq.ParquetFile(
                    path,
                    memory_map=False,
                    pre_buffer=False,
                    buffer_size=1024 * 1024,
                    read_dictionary=dictionaries,
                    coerce_int96_timestamp_unit=int96,
                    thrift_string_size_limit=PARQUET_FOOTER,
                    thrift_container_size_limit=PARQUET_LIST,
                )
            )
        yield parquet


def int96_columns(metadata: Any) -> list[str]:
    """Top columns that are stored as int96."""
    columns = (metadata.schema.column(place) for place in range(metadata.num_columns))
    return [one.path for one in columns if one.physical_type == "INT96" and one.path == one.name]


def portions(batch: "pa.RecordBatch") -> Iterator[tuple[int, int]]:
    """Slices of a batch whose texts, unfolded, are not too large.

    Raises HainaError(file_too_large) when a single row is.
    """
    import numpy as np

    lengths = _unfolded(batch)
    if not int(lengths.sum()) > TEXT_AT_ONCE:
        yield 0, batch.num_rows
        return
    if int(lengths.max()) > TEXT_AT_ONCE:
        raise FILE_TOO_LARGE("有一行的文本过大")
    bins = np.cumsum(lengths) // TEXT_AT_ONCE
    edges = [0, *(np.flatnonzero(np.diff(bins)) + 1).tolist(), batch.num_rows]
    for start, end in pairwise(edges):
        yield start, end - start


def _unfolded(batch: "pa.RecordBatch") -> Any:
    """How many bytes of text each row has in columns that are dictionaries."""
    import numpy as np
    import pyarrow as pa
    import pyarrow.compute as pc

    total = np.zeros(batch.num_rows, dtype=np.int64)
    for column in batch.columns:
        if pa.types.is_dictionary(column.type) and len(column.dictionary):
            lengths = pc.binary_length(column.dictionary)
            taken = pc.fill_null(lengths.take(column.indices), 0)
            total += np.asarray(taken, dtype=np.int64)
    return total


@contextmanager
def reading_errors() -> Iterator[None]:
    """What Arrow says of a file, in our words."""
    import pyarrow as pa

    try:
        yield
    except HainaError:
        raise
    except MemoryError:  # also Arrow's own
        raise FILE_TOO_LARGE("数据展开后超出了可用的内存") from None
    except (pa.ArrowException, OSError) as broken:
        if "size limit" in str(broken):
            raise TOO_MANY_COLUMNS("字段或行组多得离谱") from None
        raise FILE_BROKEN("Parquet 文件已损坏或不完整") from None


def _check_footer(file: BinaryIO) -> None:
    head = file.read(4)
    if not head:
        raise FILE_EMPTY("文件里没有内容")
    size = file.seek(0, 2)
    file.seek(max(0, size - 8))
    tail = file.read(8)
    if head == b"PARE" or tail.endswith(b"PARE"):
        raise FILE_BROKEN(
            "Parquet 文件加了密", hint="请对方提供不加密的文件,或改走加密的传输通道。"
        )
    if head != b"PAR1":
        raise WRONG_FORMAT("这不是 Parquet 文件")
    length = int.from_bytes(tail[:4], "little")
    if size < 12 or not tail.endswith(b"PAR1") or length > size - 12:
        raise FILE_BROKEN("Parquet 文件不完整")
    if length > PARQUET_FOOTER:
        raise TOO_MANY_COLUMNS("Parquet 文件的目录过大,字段或行组多得离谱")


def _shown(value: Any) -> str | None:
    """A value as people may read it, also one that Python's own types cannot hold."""
    import pyarrow as pa

    if not value.is_valid:
        return None
    if pa.types.is_dictionary(value.type):
        value = value.value
    try:
        if pa.types.is_string(value.type) or pa.types.is_large_string(value.type):
            return str(value.as_buffer().to_pybytes().decode("utf-8", "surrogateescape"))
        return str(value.as_py())
    except (ValueError, OverflowError, pa.ArrowException):
        return str(value.value)
