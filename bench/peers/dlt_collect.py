"""dlt: one PostgreSQL table to a Delta table on the local disk, by Arrow batches of its SQL source.
Arguments: port, table, empty folder. Its seconds as JSON."""

import json
import sys
import time

import dlt
from dlt.destinations import filesystem
from dlt.sources.sql_database import sql_table


def main(port: str, table: str, folder: str) -> None:
    """Run the pipeline and count what it wrote."""
    pipeline = dlt.pipeline(
        "bench",
        pipelines_dir=f"{folder}/pipelines",
        destination=filesystem(f"file://{folder}/lake"),
        dataset_name="ods",
    )
    source = sql_table(
        f"postgresql+psycopg2://postgres@127.0.0.1:{port}/postgres",
        table=table,
        backend="pyarrow",
        chunk_size=50_000,
    )
    started = time.perf_counter()
    done = pipeline.run(source, table_format="delta", write_disposition="replace")
    seconds = time.perf_counter() - started
    done.raise_on_failed_jobs()
    from deltalake import DeltaTable

    rows = DeltaTable(f"{folder}/lake/ods/{table}").count()
    print(json.dumps({"seconds": seconds, "rows": rows}))


if __name__ == "__main__":
    main(*sys.argv[1:])
