"""Attacks, each twice: through the allow-list, and straight into the sandbox without it.

Whatever the engine makes of them: nothing secret comes out, nothing is written, they end in time,
the parent stays small and the next session works.
"""

import json
import time
from pathlib import Path

import pytest

from haina.compute.engines import Limits, SandboxPool, SandboxTable
from haina.kernel.errors import HainaError
from haina.kernel.sql import parse_query

SECRET = "绝密-3f9c1"  # as in conftest.py
LIMITS = Limits(seconds=1.0, memory_mb=256, rows=1000, bytes=4_000_000, threads=2)
GRACE = 15.0  # seconds: not for ever, on a busy machine either
GROWTH = 60 * 2**20  # bytes that the parent may grow by

# {s}: a folder with secrets. Refused by the allow-list, each of them.
REFUSED = {
    "csv": "SELECT * FROM read_csv('{s}/secret.csv')",
    "csv auto": "SELECT * FROM read_csv_auto('{s}/secret.csv')",
    "text": "SELECT content FROM read_text('{s}/secret.csv')",
    "blob": "SELECT * FROM read_blob('{s}/*')",
    "json": "SELECT * FROM read_json('{s}/secret.json')",
    "parquet": "SELECT * FROM read_parquet('{s}/*.parquet')",
    "parquet metadata": "SELECT * FROM parquet_metadata('{s}/secret.csv')",
    "sniff": "SELECT * FROM sniff_csv('{s}/secret.csv')",
    "glob": "SELECT * FROM glob('{s}/*')",
    "quoted file": "SELECT * FROM '{s}/secret.csv'",
    "double quoted file": 'SELECT * FROM "{s}/secret.csv"',
    "file as schema": 'SELECT * FROM "{s}"."secret.csv"',
    "file from first": "FROM '{s}/secret.json'",
    "file in with": "WITH a AS (SELECT * FROM '{s}/secret.csv') SELECT * FROM a",
    "file in subquery": "SELECT (SELECT max(a) FROM '{s}/secret.csv')",
    "file behind a comment": "SELECT * FROM /* std.person */ '{s}/secret.csv' -- std.person",
    "passwd": "SELECT * FROM read_csv('/etc/passwd', header=false, sep=':')",
    "proc": "SELECT * FROM read_text('/proc/self/environ')",
    "parent proc": "SELECT * FROM read_text('/proc/1/environ')",
    "dots": "SELECT * FROM read_text('{s}/../../../../../../etc/passwd')",
    "http": "SELECT * FROM read_csv('http://127.0.0.1:9/x.csv')",
    "s3": "SELECT * FROM 's3://bucket/x.parquet'",
    "copy out": "COPY (SELECT 1) TO '{s}/out.csv'",
    "copy in": "COPY std.person FROM '{s}/secret.csv'",
    "export": "EXPORT DATABASE '{s}/out'",
    "import": "IMPORT DATABASE '{s}'",
    "attach": "ATTACH '{s}/out.db' AS d",
    "attach remote": "ATTACH 'http://127.0.0.1:9/x.db' AS d",
    "detach": "DETACH memory",
    "use": "USE system",
    "install": "INSTALL httpfs",
    "install and load": "INSTALL httpfs; LOAD httpfs; SELECT 1",
    "load": "LOAD '{s}/x.duckdb_extension'",
    "set": "SET enable_external_access = true",
    "set memory": "SET memory_limit = '100GB'",
    "reset": "RESET memory_limit",
    "set time zone": "SET TimeZone = 'UTC'",
    "pragma": "PRAGMA enable_profiling='json'",
    "pragma output": "PRAGMA profiling_output='{s}/out.json'",
    "checkpoint": "CHECKPOINT",
    "vacuum": "VACUUM",
    "information schema": "SELECT * FROM information_schema.tables",
    "settings": "SELECT * FROM duckdb_settings()",
    "views": "SELECT sql FROM duckdb_views()",
    "secrets": "SELECT * FROM duckdb_secrets()",
    "pg catalog": "SELECT * FROM pg_catalog.pg_class",
    "main": "SELECT * FROM main.person",
    "system": "SELECT * FROM system.main.duckdb_tables",
    "sqlite master": "SELECT * FROM sqlite_master",
    "query": "SELECT * FROM query('SELECT * FROM read_text(''{s}/secret.csv'')')",
    "query table": "SELECT * FROM query_table('{s}/secret.csv')",
    "serialized sql": "SELECT * FROM json_execute_serialized_sql('x')",
    "prepare": "PREPARE p AS SELECT 1; EXECUTE p",
    "execute": "EXECUTE p",
    "call": "CALL duckdb_settings()",
    "getenv": "SELECT getenv('HAINA_SECRET_KEY')",
    "getenv odd": "SELECT \"getenv\"('HAINA_SECRET_KEY')",
    "current setting": "SELECT current_setting('allowed_paths')",
    "getvariable": "SELECT getvariable('x')",
    "write log": "SELECT write_log('x')",
    "sleep": "SELECT sleep_ms(60000)",
    "pg sleep": "SELECT pg_sleep(60)",
    "nextval": "SELECT nextval('s')",
    "macro": "CREATE MACRO f(x) AS TABLE FROM read_text(x); SELECT * FROM f('{s}/secret.csv')",
    "create": "CREATE TABLE std.x AS SELECT 1",
    "create or replace": "CREATE OR REPLACE VIEW std.person AS SELECT 1",
    "drop": "DROP VIEW std.person",
    "insert": "INSERT INTO std.person VALUES (1, 'x', 2)",
    "cte delete": "WITH d AS (DELETE FROM std.person RETURNING *) SELECT * FROM d",
    "cte insert": "WITH d AS (INSERT INTO std.person SELECT 1 RETURNING *) SELECT * FROM d",
    "two": "SELECT 1; SELECT 2",
    "two behind a comment": "SELECT 1 /* ; */ ; DROP VIEW std.person -- ",
    "unicode quotes": "SELECT * FROM ‘{s}/secret.csv’",
    "unicode semicolon": "SELECT 1\uff1bDROP VIEW std.person",
    "zero width": "SELECT * FROM read\u200b_csv('{s}/secret.csv')",
    "escapes": "SELECT * FROM E'{s}\\u002Fsecret.csv'",
    "full width": "SELECT * FROM \uff52ead_csv('{s}/secret.csv')",
    "describe": "DESCRIBE std.person",
    "show": "SHOW ALL TABLES",
    "summarize": "SUMMARIZE std.person",
    "explain": "EXPLAIN ANALYZE SELECT 1",
    "columns": "SELECT COLUMNS(*) FROM std.person",
    "columns lambda": "SELECT COLUMNS(lambda c: c LIKE 'n%') FROM std.person",
    "whole row": "SELECT p FROM std.person p",
    "whole row outside": "SELECT (SELECT p) FROM std.person p",
    "whole row as text": "SELECT person::VARCHAR FROM std.person",
    "positional join": "SELECT * FROM std.person POSITIONAL JOIN range(3)",
    "natural join": "SELECT * FROM std.person NATURAL JOIN std.person q",
    "pivot": "PIVOT std.person ON name USING sum(age)",
    "pivot in from": "SELECT * FROM std.person PIVOT (sum(age) FOR name IN ('a'))",
    "unpivot": "UNPIVOT std.person ON COLUMNS(*) INTO NAME n VALUE v",
    "time travel": "SELECT * FROM std.person AT (VERSION => 1)",
    "into": "SELECT * INTO std.x FROM std.person",
    "for update": "SELECT * FROM std.person FOR UPDATE",
    "parameter": "SELECT $1, ?",
    "method": "SELECT 'HAINA_SECRET_KEY'.getenv()",
    "qualified function": "SELECT main.getenv('HAINA_SECRET_KEY')",
    "catalog name": "SELECT * FROM memory.std.person",
    "python": "SELECT * FROM secret_frame",
    "repeat table": "SELECT * FROM repeat('x', 1000000000)",
    "deep brackets": "SELECT " + "(" * 5000 + "1" + ")" * 5000,
    "deep subqueries": "SELECT * FROM (" * 300 + "SELECT 1" + ")" * 300,
    "deep case": "SELECT " + "CASE WHEN true THEN " * 500 + "1" + " END" * 500,
    "deep lists": "SELECT " + "[" * 2000 + "]" * 2000,
    "many not": "SELECT " + "NOT " * 5000 + "true",
    "many joins": "SELECT 1 FROM std.person" + " JOIN std.person" * 5000,
    "many from": "SELECT" + " FROM" * 20000,
    "long chain": "SELECT 1" + "+1" * 15000,
    "huge literal": "SELECT '" + "x" * 300_000 + "'",
    "nul": "SELECT '\0'",
}

# Allowed, and bounded: by time, memory or size.
BOUNDED = {
    "repeat": "SELECT length(repeat('a', 1000000000))",
    "repeat of repeat": "SELECT length(repeat(repeat('a', 100000), 100000))",
    "list resize": "SELECT len(list_resize([1], 2000000000))",
    "range list": "SELECT len(range(2000000000))",
    "range rows": "SELECT sum(a.range * 1.5) FROM range(100000000000) a",
    "string agg": "SELECT length(string_agg(repeat('x', 10000), '')) FROM range(1000000)",
    "list agg": "SELECT len(list(a.range)) FROM range(1000000000) a",
    "group": "SELECT count(*) FROM (SELECT range AS r, count(*) FROM range(100000000) GROUP BY r)",
    "cross joins": "SELECT count(*) FROM range(100000) a, range(100000) b, range(100000) c "
    "WHERE a.range + b.range + c.range = 7.5",
    "recursion": "WITH RECURSIVE t AS (SELECT 1 AS a UNION ALL SELECT a + 1 FROM t) "
    "SELECT max(a) FROM t",
    "doubling": "WITH RECURSIVE t AS (SELECT 'x' AS a UNION ALL SELECT a || a FROM t) "
    "SELECT max(length(a)) FROM t",
    "wide rows": "SELECT repeat('x', 100000) FROM range(1000000)",
    "pad": "SELECT length(lpad('x', 2000000000, 'y'))",
    "regexp": "SELECT regexp_matches(repeat('a', 1000000), '(a*)*(a*)*(a*)*b')",
    "sort": "SELECT max(r) FROM (SELECT uuid() AS r FROM range(50000000) ORDER BY 1)",
    "lambda bomb": "SELECT list_transform(range(100000), lambda x: list_sum(range(100000 + x)))",
    "levenshtein": "SELECT levenshtein(repeat('ab', 300000), repeat('ba', 300000))",
    "printf": "SELECT printf('%2000000000d', 1)",
    "long and": "SELECT 1 WHERE " + " AND ".join(["true"] * 3000),
}
ALL = REFUSED | BOUNDED


def memory() -> int:
    pages = Path("/proc/self/statm").read_text(encoding="ascii").split()[1]
    return int(pages) * 4096


def attempt(pool: SandboxPool, person: SandboxTable, sql: str) -> str:
    """Everything that comes back: the rows, or the error."""
    try:
        with pool.session([person], LIMITS) as session:
            page = session.rows(sql)
            return json.dumps([page.columns, page.rows], ensure_ascii=False)
    except HainaError as error:
        return json.dumps(error.as_dict(), ensure_ascii=False)


def harmless(pool: SandboxPool, person: SandboxTable, secret: Path, sql: str) -> str:
    before, size, started = sorted(secret.iterdir()), memory(), time.monotonic()
    got = attempt(pool, person, sql)
    took = time.monotonic() - started
    assert took < LIMITS.seconds + GRACE, took
    assert SECRET not in got
    assert "root:" not in got
    assert str(secret) not in got or "secret.csv" not in got
    assert sorted(secret.iterdir()) == before
    assert memory() - size < GROWTH
    with pool.session([person], LIMITS) as session:
        assert session.rows("SELECT count(*) FROM std.person").rows == [[3]]
    return got


@pytest.mark.parametrize("name", REFUSED)
def test_refused_by_the_allow_list(secret: Path, name: str) -> None:
    sql = REFUSED[name].replace("{s}", str(secret))
    with pytest.raises(HainaError) as caught:
        parse_query(sql)
    assert caught.value.code == "sql_refused"


@pytest.mark.parametrize("name", BOUNDED)
def test_allowed_and_bounded(
    pool: SandboxPool, person: SandboxTable, secret: Path, name: str
) -> None:
    harmless(pool, person, secret, parse_query(BOUNDED[name]).sql)


@pytest.mark.parametrize("name", ALL)
def test_bounded_without_the_allow_list(
    pool: SandboxPool, person: SandboxTable, secret: Path, name: str
) -> None:
    harmless(pool, person, secret, ALL[name].replace("{s}", str(secret)))
