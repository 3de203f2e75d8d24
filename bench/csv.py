"""A CSV in GB18030 with bad rows to a queryable dataset, the bad rows in quarantine, against DuckDB
reading a clean UTF-8 copy of it to Parquet (ZSTD too, nothing made durable)."""

import tempfile
from pathlib import Path

import duckdb

from bench import _harness
from bench._loading import installation, load_once, table_block

ROWS = 1_000_000
COLUMNS = 20
BAD_EVERY = 1_000
AT_LEAST = 0.4
NAMES = tuple(f"c{number}" for number in range(COLUMNS))
SOURCE = (
    "name: s\ntitle: 系统\nagency: ju\nkind: csv\n"
    "connection: {path: people.csv, encoding: gb18030}\ntables:\n"
    + table_block("people", "people", "c0", NAMES)
)


def main() -> None:
    """Print the pairs, then the figure."""
    with tempfile.TemporaryDirectory(prefix="haina-csv-") as place:
        folder = Path(place)
        _write(folder)
        with (
            installation(SOURCE, source_files=(folder,)) as platform,
            _harness.memory_of() as memory,
        ):
            load_once(platform, "people")
            pairs = _harness.by_turns(
                lambda: load_once(platform, "people"), lambda: _duckdb(folder), name="csv"
            )
        _harness.report_pairs("csv", pairs, ROWS, at_least=AT_LEAST, peak_rss_mb=memory.peak_mb)


def _write(folder: Path) -> None:
    """The same rows twice; in the GB18030 one each thousandth is bad, in five ways by turns."""
    head = ",".join(NAMES).encode() + b"\r\n"
    with (folder / "people.csv").open("wb") as gb, (folder / "utf8.csv").open("wb") as utf8:
        gb.write(head)
        utf8.write(head)
        for number in range(ROWS):
            line = _line(number)
            utf8.write(line.encode() + b"\r\n")
            data = line.encode("gb18030")
            gb.write((_spoilt(data, number) if number % BAD_EVERY == 7 else data) + b"\r\n")


def _line(number: int) -> str:
    texts = (
        f"{number}", f"张伟{number % 977}", f"12010119900101{number % 10000:04}", "女",
        "1990-01-01", f"滨海新区新港街道{number % 997}号楼", f'"甲,{number % 31}"',
        f"{number / 7:.2f}", "", "群众",
    )  # fmt: skip
    return ",".join((*texts, *texts))


def _spoilt(data: bytes, number: int) -> bytes:
    """A field too few, a field too many, bytes of no character, NUL, text behind a quote."""
    way = number // BAD_EVERY % 5
    if way == 0:
        return data.rpartition(b",")[0]
    if way == 1:
        return data + b",1"
    if way == 2:
        return data[:-4] + b"\x80\xff" + data[-4:]
    if way == 3:
        return data + b"\0"
    return data.replace(b'"', b'"x"', 1)


def _duckdb(folder: Path) -> None:
    target = folder / "peer.parquet"
    with duckdb.connect(config={"threads": 2}) as engine:
        engine.execute(
            f"COPY (FROM read_csv('{folder}/utf8.csv', header=true, all_varchar=true))"
            f" TO '{target}' (FORMAT parquet, COMPRESSION zstd)"
        )
    target.unlink()


if __name__ == "__main__":
    main()
