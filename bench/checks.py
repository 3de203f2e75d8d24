"""The twelve rules of a table in one scan, in a warm sandbox, against the same twelve conditions by
hand in one aggregate of DuckDB by itself. Great Expectations' time on fewer rows stands beside."""

import os
import tempfile
from pathlib import Path

import duckdb

from bench import _sandbox
from bench._harness import ROOT, by_turns, memory_of, peer, report_pairs
from haina.compute.engines import Session
from haina.resources.libraries import checks
from haina.resources.libraries.recipe import ConformRecipe, conform_recipe
from haina.resources.specs import TableSpec
from haina.standards.elements import CodeSetSpec, ElementSpec, Standards

ROWS = int(os.environ.get("HAINA_BENCH_CHECKS_ROWS", "10_000_000"))
PEER_ROWS = ROWS // 5
AT_LEAST = 0.8
# One row in so many is wrong, in one of four ways.
_WRONG = 1_000

STANDARDS = Standards(
    {
        "id": ElementSpec(name="id", title="身份证号", format="id_number"),
        "day": ElementSpec(name="day", title="日期", type="date", future=True),
        "sex": ElementSpec(name="sex", title="性别", code_set="sex"),
    },
    {"sex": CodeSetSpec(name="sex", title="性别", codes={"1": "男", "2": "女"})},
)

TABLE = TableSpec.model_validate(
    {
        "name": "bench",
        "from": "bench",
        "title": "速度",
        "key": ["no"],
        "columns": {
            "no": {"item": "no", "title": "编号"},
            "id": {"item": "id", "title": "身份证号", "element": "id"},
            "sex": {"item": "sex", "title": "性别", "element": "sex", "same_as": "id"},
            "birth": {"item": "birth", "title": "出生", "element": "day", "same_as": "id"},
        },
    }
)


def rows_sql(rows: int) -> str:
    """Persons, each with a number, birth date and sex of its own, and some of them wrong."""
    return f"""WITH born AS (
        SELECT i, i * 31 % 1000 AS place,
            DATE '1940-01-01' + CAST(i * 7919 % 25000 AS INTEGER) AS day
        FROM range({rows}) AS t(i)
    ), numbered AS (
        SELECT *, '110105' || strftime(day, '%Y%m%d') || lpad(CAST(place AS VARCHAR), 3, '0') AS n17
        FROM born
    ), checked AS (
        SELECT *, n17 || substr('10X98765432', ({_sum_of("n17")}) % 11 + 1, 1) AS number
        FROM numbered
    )
    SELECT CAST(CASE WHEN i % {4 * _WRONG} = 7 THEN i - 1 ELSE i END AS VARCHAR) AS no,
        CASE WHEN i % {4 * _WRONG} = {_WRONG} + 7 THEN substr(number, 1, 16) || '0X' ELSE number END
            AS id,
        CASE WHEN i % {4 * _WRONG} = {2 * _WRONG} + 7 THEN '3'
            ELSE CAST(2 - place % 2 AS VARCHAR) END AS sex,
        CASE WHEN i % {4 * _WRONG} = {3 * _WRONG} + 7 THEN '1949-02-30'
            ELSE CAST(day AS VARCHAR) END AS birth, i AS _seq
    FROM checked"""


_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)


def _sum_of(text: str) -> str:
    """The weighted sum of the first 17 digits (GB 11643)."""
    return " + ".join(
        f"(ascii(substr({text}, {place}, 1)) - 48) * {weight}"
        for place, weight in enumerate(_WEIGHTS, 1)
    )


_WIDE = "[\\x{ff01}-\\x{ff5e}\\x{3000}]"
_ID = "[1-9]\\d{5}(?:18|19|20)\\d\\d(?:0[1-9]|1[0-2])(?:0[1-9]|[12][0-9]|3[01])\\d{3}[\\dX]"
# By hand: what somebody would write who knows the table. A text is trimmed, empty is NULL.
BY_HAND = f"""
WITH trimmed AS (
    SELECT nullif(trim(no), '') AS no, upper(nullif(trim(id), '')) AS id,
        nullif(trim(sex), '') AS sex, nullif(trim(birth), '') AS birth FROM ods.bench
), valued AS (
    SELECT *, try_cast(birth AS DATE) AS born,
        try_strptime(substr(id, 7, 8), '%Y%m%d')::DATE AS id_born,
        coalesce(regexp_full_match(id, '{_ID}') AND id_born <= current_date, false) AS formed,
        formed AND substr('10X98765432', ({_sum_of("id")}) % 11 + 1, 1) = substr(id, 18, 1)
            AS verified
    FROM trimmed
)
SELECT
    count(*) FILTER (no IS NULL),
    count(*) FILTER (strlen(id) <> length(id) AND regexp_matches(id, '{_WIDE}')),
    count(*) FILTER (length(id) NOT IN (15, 18)),
    count(*) FILTER (length(id) IN (15, 18) AND NOT formed),
    count(*) FILTER (formed AND NOT verified),
    count(*) FILTER (strlen(sex) <> length(sex) AND regexp_matches(sex, '{_WIDE}')),
    count(*) FILTER (sex NOT IN ('1', '2')),
    count(*) FILTER (
        verified AND sex IN ('1', '2') AND (ascii(substr(id, 17, 1)) - sex::INTEGER) % 2 <> 0
    ),
    count(*) FILTER (strlen(birth) <> length(birth) AND regexp_matches(birth, '{_WIDE}')),
    count(*) FILTER (birth IS NOT NULL AND born IS NULL),
    count(*) FILTER (verified AND born <> id_born),
    count(no) - count(DISTINCT no)
FROM valued"""


def main() -> None:
    """Print the pairs, then the figure."""
    recipe = conform_recipe(TABLE, STANDARDS)
    assert len(recipe.rules) == 12
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "bench"
        _sandbox.write(path, rows_sql(ROWS))
        with (
            memory_of() as memory,
            _sandbox.sandbox(TABLE.ods, path) as session,
        ):
            _sandbox.be_as_nice()
            judge(session, recipe)
            peak = memory.peak_mb
            with _sandbox.alone(TABLE.ods, path) as engine:
                _same(judge(session, recipe), engine)
                pairs = by_turns(
                    lambda: judge(session, recipe),
                    lambda: engine.execute(BY_HAND).fetchall(),
                    name=f"12 条规则 × {ROWS:,} 行",
                )
        beside = _great_expectations(Path(folder))
    print(f"Great Expectations,{PEER_ROWS:,} 行:{beside:.1f} 秒")
    report_pairs(
        "checks", pairs, ROWS, at_least=AT_LEAST, peak_rss_mb=peak, great_expectations=beside,
        great_expectations_rows=PEER_ROWS,
    )  # fmt: skip


def judge(session: Session, recipe: ConformRecipe) -> list[int]:
    """What the job does: keys that stand twice, then all rules in one scan."""
    for name, sql in recipe.aside:
        session.keep(name, sql)
    page = session.rows(recipe.check_sql(kept=False))
    return [one["failed"] for one in checks.found_of(page, recipe.rules).results]


def _same(ours: list[int], engine: duckdb.DuckDBPyConnection) -> None:
    """Both found the same, but for keys: by hand only the surplus rows are counted."""
    row = engine.execute(BY_HAND).fetchone()
    theirs = list(row or ())
    theirs[-1] *= 2
    if ours != theirs or not any(ours):
        raise SystemExit(f"海纳找到 {ours},对照找到 {theirs}")


def _great_expectations(folder: Path) -> float:
    file = folder / "peer.parquet"
    with duckdb.connect() as engine:
        engine.execute(f"COPY ({rows_sql(PEER_ROWS)}) TO '{file}' (FORMAT parquet)")
    found = peer(ROOT / "bench" / "peers" / "great_expectations_checks.py", str(file))
    return float(found["seconds"])


if __name__ == "__main__":
    main()
