"""A table in a lake of its own, and DuckDB beside it on the same terms as a sandbox."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import duckdb
import pyarrow as pa
from deltalake import DeltaTable, WriterProperties, write_deltalake

from haina.compute.engines import Limits, SandboxPool, SandboxTable, Session

MEMORY_MB = 1024
# What a sandbox yields to others: on a busy machine the peer must yield as much.
_NICE = 5


def write(path: Path, sql: str) -> None:
    """A Delta table of the rows of a query, packed as the lake packs."""
    with duckdb.connect() as engine:
        write_batches(path, engine.sql(sql).to_arrow_reader(100_000))


def write_batches(path: Path, batches: pa.RecordBatchReader) -> None:
    write_deltalake(str(path), batches, writer_properties=WriterProperties(compression="ZSTD"))


@contextmanager
def sandbox(name: str, path: Path) -> Iterator[Session]:
    """A warm sandbox over the table, with what a job may use."""
    limits = Limits(
        seconds=3600, memory_mb=MEMORY_MB, rows=None, bytes=None, threads=2,
        spill_mb=16 * MEMORY_MB,
    )  # fmt: skip
    pool = SandboxPool(1)
    try:
        with pool.session([SandboxTable(name, str(path), 0)], limits) as session:
            session.rows(f"SELECT count(*) FROM {name}")
            yield session
    finally:
        pool.close()


def be_as_nice() -> None:
    """From now on this process, and the peer in it, yields the CPU as a sandbox does."""
    os.nice(_NICE - os.nice(0))


@contextmanager
def alone(name: str, path: Path) -> Iterator[duckdb.DuckDBPyConnection]:
    """DuckDB by itself over the files of the table."""
    zone, _dot, table = name.partition(".")
    with duckdb.connect(config={"threads": 2}) as engine:
        rows = f"read_parquet({DeltaTable(path).file_uris()!r})"
        engine.execute(f"CREATE SCHEMA {zone}; CREATE VIEW {zone}.{table} AS FROM {rows}")
        yield engine
