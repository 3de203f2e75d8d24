"""The allow-list: what passes is what was meant, the rest is refused with a place."""

import re
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import duckdb
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from haina.kernel.errors import HainaError
from haina.kernel.sql import check_expression, literal, parse_query, quote_identifier

TABLE = """
CREATE SCHEMA std;
CREATE TABLE std.t AS SELECT i AS id, i % 3 AS k, i * 1.5 AS v, 'n' || i AS name,
  DATE '2026-01-01' + i::INT AS d, TIMESTAMP '2026-01-01 10:00:00' + to_hours(i) AS ts,
  [i, i + 1, NULL] AS l, {'a': i, 'b': 'x'} AS s, MAP {'k': i} AS m, '{"a": {"b": 1}}' AS j
FROM range(12) r(i);
CREATE TABLE std.u AS SELECT i AS id, 'u' || i AS w FROM range(5, 20) r(i);
"""

# Each is allowed, and means the same after it went through the tree. One a line.
ALLOWED = (Path(__file__).parent / "allowed.sql").read_text(encoding="utf-8").splitlines()


@pytest.fixture(scope="module")
def con() -> duckdb.DuckDBPyConnection:
    made = duckdb.connect()
    made.execute(TABLE)
    return made


@pytest.mark.parametrize("sql", ALLOWED)
def test_allowed_queries_keep_their_meaning(con: duckdb.DuckDBPyConnection, sql: str) -> None:
    again = parse_query(sql).sql
    assert parse_query(again).sql == again
    assert rows(con, again) == rows(con, sql)


def rows(con: duckdb.DuckDBPyConnection, sql: str) -> list[object]:
    columns = con.sql(sql).to_arrow_table().columns
    return list(zip(*(map(str, column.to_pylist()) for column in columns), strict=True))


@pytest.mark.parametrize(
    ("sql", "tables"),
    [
        ("SELECT * FROM std.t, base.x", ("base.x", "std.t")),
        ("WITH t AS (SELECT 1 AS a) SELECT * FROM t", ()),
        ("WITH t AS (SELECT * FROM std.t) SELECT * FROM t", ("std.t",)),
        ("WITH t AS (SELECT 1 AS a) SELECT * FROM t, std.t u", ("std.t",)),
        ("WITH T AS (SELECT 1 AS a) SELECT * FROM t", ()),
        ("SELECT * FROM (WITH q AS (SELECT * FROM a.b) SELECT * FROM q)", ("a.b",)),
        ("SELECT (SELECT max(x) FROM a.b) FROM c.d WHERE EXISTS (FROM e.f)", ("a.b", "c.d", "e.f")),
        ("SELECT 1 FROM a.b UNION SELECT 1 FROM c.d", ("a.b", "c.d")),
        ("SELECT * FROM (a.b JOIN c.d ON true)", ("a.b", "c.d")),
        ('SELECT * FROM "std"."t"', ("std.t",)),
    ],
)
def test_tables(sql: str, tables: tuple[str, ...]) -> None:
    assert parse_query(sql).tables == tables


def test_a_name_of_a_cte_is_not_known_outside_of_it() -> None:
    with pytest.raises(HainaError):
        parse_query("SELECT * FROM (WITH q AS (SELECT 1 AS a) SELECT * FROM q) x, q")


@pytest.mark.parametrize(
    "sql",
    [
        "SELECT t FROM (SELECT 1 AS t) t",
        "WITH n AS (SELECT count(*) AS n FROM std.t) SELECT n FROM n",
        "WITH p AS (SELECT 1 AS x), r AS (SELECT p FROM std.q) SELECT * FROM r, p",
        "SELECT person.person FROM std.person",
    ],
)
def test_a_column_may_be_named_like_a_relation(sql: str) -> None:
    assert parse_query(sql).sql


@pytest.mark.parametrize(
    "sql",
    [
        "SELECT p FROM std.t p",
        "SELECT t FROM std.t",
        "SELECT T FROM std.t",
        "SELECT (SELECT p) FROM std.t p",
        "SELECT x.* FROM std.t p, (SELECT p) x",
        "SELECT to_json(p) FROM std.t p",
        "SELECT 1 FROM std.t p WHERE p IS NOT NULL",
        "SELECT 1 FROM std.t p ORDER BY p",
        "SELECT list(p) FROM std.t p GROUP BY ALL",
        "SELECT 1 FROM std.t p WHERE EXISTS (SELECT 1 UNION SELECT p)",
    ],
)
def test_whole_rows_are_refused(sql: str) -> None:
    with pytest.raises(HainaError, match="别名"):
        parse_query(sql)


def test_zones() -> None:
    assert parse_query("FROM std.t", {"std"}).tables == ("std.t",)
    with pytest.raises(HainaError, match="没有分层 base"):
        parse_query("FROM base.t", {"std"})


@pytest.mark.parametrize(
    ("sql", "line", "column", "what"),
    [
        ("SELECT a,\n  getenv('x')\nFROM std.t", 2, 3, "Anonymous"),
        ("SELECT *\nFROM 'x.csv'", 2, 6, "Table"),
        ("SELECT 中文 FROM std.t t, t2", 1, 25, "Table"),
        ("SELEC 1", 1, 7, "1"),
    ],
)
def test_a_refusal_says_where(sql: str, line: int, column: int, what: str) -> None:
    with pytest.raises(HainaError) as caught:
        parse_query(sql)
    assert caught.value.details == {"line": line, "column": column, "what": what}
    assert f"第 {line} 行第 {column} 列" in caught.value.message


CHINESE = re.compile(r"[\u4e00-\u9fff]")
WORDS = """
SELECT FROM WHERE ( ) [ ] { } , . ; * + - / ' " a std.t 1 1e9 'x' JOIN ON USING AS WITH RECURSIVE
UNION ALL EXCEPT LATERAL UNNEST VALUES PIVOT CASE WHEN THEN END NOT IN IS NULL BETWEEN AND OR LIKE
:: : := -> ->> => lambda x: GROUP BY ORDER LIMIT % OVER PARTITION FILTER INTERVAL DATE CAST ? $1 # @
~ ^ | & << $$ -- /* */ E' INTO COLUMNS read_csv query DISTINCT ON TABLESAMPLE ASOF POSITIONAL AT
EXCLUDE REPLACE struct map row list OVERWRITE BIGINT
"""
GARBAGE = st.one_of(
    st.text(max_size=200),
    st.lists(st.sampled_from(WORDS.split()), max_size=30).map(" ".join),
)


def refusal(check: Callable[[], str]) -> str | None:
    """The SQL that passed, or None when it was refused in a sentence; other errors come through."""
    try:
        return check()
    except HainaError as error:
        proper = error.code in ("sql_refused", "sql_unknown") and CHINESE.search(error.message)
        if not proper:
            raise
        return None


@settings(max_examples=400, deadline=None)
@given(GARBAGE)
@example("SELECT a -> -> b")
@example("\ud800")
@example("SELECT '\0'")
@example("select * from a.b.c.d.e.f")
def test_garbage_is_refused_and_no_more(text: str) -> None:
    sql = refusal(lambda: parse_query(text).sql)
    assert sql is None or parse_query(sql).sql == sql


@settings(max_examples=200, deadline=None)
@given(GARBAGE)
def test_garbage_expressions(text: str) -> None:
    assert refusal(lambda: check_expression(text, ["a", "x"]).sql) != ""


SPIRALS = """
( [ {'a':_ NOT_ -_ FROM_ JOIN_std.t_ CASE_WHEN_ INTERVAL_ struct(a_ x_->_ lambda_x:_ 1_+_1_-_ a.
UNION_SELECT_1_ a::INT:: WITH_a_AS_( f( JOIN_LATERAL_(SELECT_1)_ JOIN_std.t_JOIN_std.t_ON_true_
CROSS_JOIN_std.t_ JOIN_(SELECT_DISTINCT_ON_(a)_1)_ JOIN_(SELECT_1_FROM_std.t_JOIN_std.t_JOIN_std.t_
JOIN_std.t_JOIN_std.t_ON_true_ON_true_ POSITIONAL_JOIN_std.t_ DATE_ a[ CASE_ SELECT_ LATERAL_
cast(a_AS_ EXISTS_( a_IN_( map(a,_ ~_ a_BETWEEN_
"""


def test_spirals_do_not_overrun_the_stack() -> None:
    """In a thread, as a server would, and in a process of its own, because it might crash."""
    code = (
        "import threading\nfrom haina.kernel.sql import parse_query\n"
        "from haina.kernel.errors import HainaError\n"
        "def run():\n"
        f"  for part in {SPIRALS.replace(chr(10), chr(32))!r}.split():\n"
        "    part = part.replace('_', ' ')\n"
        "    for head in ('SELECT ', 'SELECT * FROM std.t '):\n"
        "      for times in (90, 290, 3000, 18000):\n"
        "        try: parse_query(head + part * times)\n"
        "        except HainaError: pass\n"
        "  print('alive')\n"
        "thread = threading.Thread(target=run); thread.start(); thread.join()"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert (done.returncode, done.stdout) == (0, "alive\n"), done.stderr[-500:]


@pytest.mark.parametrize(
    ("text", "columns"),
    [
        ("a > 1 AND 年龄 < 150", ("a", "年龄")),
        ("length(A) = 18 OR a IS NULL", ("a",)),
        ("regexp_full_match(a, '[0-9]{17}[0-9X]')", ("a",)),
        ("list_contains([1, 2], a)", ("a",)),
        ("list_transform([1], lambda x: x + a)", ("a",)),
        ("s.field = 1", ("s",)),
        ("1 = 1", ()),
    ],
)
def test_expressions(text: str, columns: tuple[str, ...]) -> None:
    got = check_expression(text, ["a", "年龄", "s"])
    assert got.columns == columns
    assert check_expression(got.sql, ["a", "年龄", "s"]).sql == got.sql


REFUSED_EXPRESSIONS = """
sum(a) > 1
a IN (SELECT 1)
(SELECT 1)
row_number() OVER ()
a, a
a AS b
1 FROM x
a; DROP TABLE x
getenv('x')
*
count(*)
unnest([1])
string_agg(a, ',')
a) FROM (SELECT 1
a WHERE true
EXISTS (SELECT 1)
a UNION SELECT 1
max_by(a, a)
""".strip().split("\n")


@pytest.mark.parametrize("text", [*REFUSED_EXPRESSIONS, "", "a -- \n; b"])
def test_refused_expressions(text: str) -> None:
    with pytest.raises(HainaError) as caught:
        check_expression(text, ["a"])
    assert caught.value.code == "sql_refused"


def test_an_unknown_column_has_a_place_and_a_neighbour() -> None:
    with pytest.raises(HainaError) as caught:
        check_expression("a > 1 AND nmae = 'x'", ["a", "name"])
    assert caught.value.code == "sql_unknown"
    assert caught.value.details == {"line": 1, "column": 11, "what": "nmae", "near": "name"}
    assert caught.value.hint == "是不是想写 name?"


ENGINE = duckdb.connect()  # of no tables: one for all examples


@given(st.text(min_size=1).filter(lambda text: "\0" not in text))
def test_literals_and_identifiers_come_back(text: str) -> None:
    if any("\ud800" <= one <= "\udfff" for one in text):
        return
    table = ENGINE.execute(f"SELECT {literal(text)} AS {quote_identifier(text)}")
    assert table.description[0][0] == text
    assert table.fetchall() == [(text,)]


@pytest.mark.parametrize("value", [None, True, -1, 2**70, 1.5, float("inf"), -0.1])
def test_literals_of_numbers(value: object) -> None:
    text = literal(value)  # type: ignore[arg-type]
    sql = f"SELECT {text}" if value is True else f"SELECT {text}, [5 -{text}]"
    row = ENGINE.execute(sql).fetchone()
    assert row is not None
    assert float(row[0]) == value if isinstance(value, float) else row[0] == value
