"""Lineage of columns, against a brute-force definition and by example."""

from dataclasses import dataclass

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from haina.kernel.errors import HainaError
from haina.kernel.sql import lineage, parse_query

SCHEMAS = {"std.p": ["id", "a", "b", "l"], "std.q": ["id", "c", "D"]}
P = {name: ("std.p", name) for name in SCHEMAS["std.p"]}
Q = {name: ("std.q", name) for name in SCHEMAS["std.q"]}


SWAPPING = (
    "WITH RECURSIVE t AS (SELECT id, a, b FROM std.p UNION ALL SELECT q.id, t.b, t.a FROM t "
    "JOIN std.q ON q.id = t.id) SELECT * FROM t"
)


@pytest.mark.parametrize(
    ("sql", "columns", "conditions"),
    [
        ("SELECT * FROM std.q", [{Q["id"]}, {Q["c"]}, {Q["D"]}], set()),
        ("SELECT p.id, c + d AS x FROM std.p JOIN std.q q ON q.id = p.id WHERE a > 1",
         [{P["id"]}, {Q["c"], Q["D"]}], {P["a"], P["id"], Q["id"]}),
        ("SELECT id FROM std.p JOIN std.q USING (id)", [{P["id"], Q["id"]}], {P["id"], Q["id"]}),
        ("SELECT id FROM std.p SEMI JOIN std.q USING (id)", [{P["id"]}], {P["id"], Q["id"]}),
        ("WITH x AS (SELECT id, sum(b) AS s FROM std.p GROUP BY id) SELECT s FROM x ORDER BY id",
         [{P["b"]}], {P["id"]}),
        ("WITH x(u, v) AS (SELECT id, a FROM std.p) SELECT v FROM x", [{P["a"]}], set()),
        ("WITH p AS (SELECT c AS id FROM std.q) SELECT id FROM p", [{Q["c"]}], set()),
        ("SELECT a FROM std.p UNION ALL SELECT c FROM std.q", [{P["a"], Q["c"]}], set()),
        ("SELECT a FROM std.p UNION ALL BY NAME SELECT c, d AS a FROM std.q",
         [{P["a"], Q["D"]}, {Q["c"]}], set()),
        ("SELECT a FROM std.p EXCEPT SELECT c FROM std.q", [{P["a"]}], {Q["c"]}),
        (SWAPPING,
         [{P["id"], Q["id"]}, {P["a"], P["b"]}, {P["a"], P["b"]}], {P["id"], Q["id"]}),
        ("SELECT (SELECT max(c) FROM std.q WHERE q.id = p.id) AS m FROM std.p",
         [{Q["c"]}], {P["id"], Q["id"]}),
        ("SELECT count(*) AS n FROM std.p WHERE EXISTS (SELECT 1 FROM std.q WHERE q.id = p.id)",
         [set()], {P["id"], Q["id"]}),
        ("SELECT list_transform(l, lambda x: x + b) AS t FROM std.p", [{P["l"], P["b"]}], set()),
        ("SELECT u.x FROM std.p, unnest(l) u(x)", [{P["l"]}], set()),
        ("SELECT row_number() OVER w AS n FROM std.p WINDOW w AS (PARTITION BY id ORDER BY a)",
         [{P["id"], P["a"]}], set()),
        ("SELECT a AS z, z + b AS y FROM std.p WHERE y > 1", [{P["a"]}, {P["a"], P["b"]}],
         {P["a"], P["b"]}),
        ("SELECT * EXCLUDE (l) REPLACE (a + b AS a) FROM std.p",
         [{P["id"]}, {P["a"], P["b"]}, {P["b"]}], set()),
        ("SELECT s.a, p.b, std.p.id FROM std.p, std.p s", [{P["a"]}, {P["b"]}, {P["id"]}], set()),
        ("SELECT x.n FROM std.p p, LATERAL (SELECT p.a + c AS n FROM std.q) x",
         [{P["a"], Q["c"]}], set()),
        ("FROM (VALUES (1, 2)) v(x, y) SELECT y", [set()], set()),
        ("SELECT i FROM range(3) t(i)", [set()], set()),
    ],
)  # fmt: skip
def test_by_example(
    sql: str, columns: list[set[tuple[str, str]]], conditions: set[tuple[str, str]]
) -> None:
    got = lineage(parse_query(sql), SCHEMAS)
    assert [set(one.sources) for one in got.columns] == columns
    assert set(got.conditions) == conditions


def test_names_of_output() -> None:
    got = lineage(parse_query("SELECT a AS 甲, p.B, * EXCLUDE (a) FROM std.p"), SCHEMAS)
    assert [one.name for one in got.columns] == ["甲", "B", "id", "b", "l"]


@pytest.mark.parametrize(
    ("sql", "line", "column", "what", "near"),
    [
        ("SELECT id,\n  bb FROM std.p", 2, 3, "bb", "b"),
        ("SELECT 1 FROM\nstd.pp", 2, 1, "std.pp", "std.p"),
        ("SELECT p.idd FROM std.p", 1, 8, "p.idd", None),
        ("SELECT x.* FROM std.p", 1, 8, "x", None),
        ("SELECT 1 FROM std.p JOIN std.q USING (c)", 1, 39, "c", "c"),
    ],
)
def test_unknown_names(sql: str, line: int, column: int, what: str, near: str | None) -> None:
    with pytest.raises(HainaError) as caught:
        lineage(parse_query(sql), SCHEMAS)
    assert caught.value.code == "sql_unknown"
    details = caught.value.details
    assert (details["line"], details["column"], details["what"]) == (line, column, what)
    if near:
        assert details.get("near") == near


@pytest.mark.timeout(60)  # what doubles with each of thirty would not end
def test_twenty_columns_over_thirty_ctes_are_traced_once() -> None:
    items = ", ".join(f"a.c{i} + b.c{(i + 1) % 20} AS c{i}" for i in range(20))
    one = "x{0} AS (SELECT {1} FROM x{2} a JOIN x{3} b USING (c0))"
    more = (one.format(i, items, i - 1, max(0, i - 2)) for i in range(1, 30))
    parts = ["x0 AS (SELECT * FROM std.t)", *more]
    items = ", ".join(f"c{i}" for i in range(1, 20))
    query = parse_query(f"WITH {', '.join(parts)} SELECT {items} FROM x29")
    schemas = {"std.t": [f"c{i}" for i in range(20)]}
    got = lineage(query, schemas)
    assert len(got.columns) == 19


@dataclass(frozen=True)
class Relation:
    """A random query and, by construction, the sources of each of its columns."""

    sql: str
    columns: dict[str, frozenset[tuple[str, str]]]


def base(name: str) -> Relation:
    columns = {one.lower(): frozenset({(name, one)}) for one in SCHEMAS[name]}
    return Relation(f"SELECT * FROM {name}", columns)


@st.composite
def projection(draw: st.DrawFn, inner: Relation) -> Relation:
    names = draw(st.lists(st.sampled_from(sorted(inner.columns)), min_size=1, max_size=4))
    items, columns = [], {}
    for at, name in enumerate(names):
        other = draw(st.sampled_from(sorted(inner.columns)))
        items.append(f"coalesce(s.{name}, {other}) AS o{at}")
        columns[f"o{at}"] = inner.columns[name] | inner.columns[other]
    if draw(st.booleans()):
        return Relation(f"SELECT {', '.join(items)} FROM ({inner.sql}) s", columns)
    return Relation(f"WITH s AS ({inner.sql}) SELECT {', '.join(items)} FROM s", columns)


def union(left: Relation, right: Relation) -> Relation:
    width = min(len(left.columns), len(right.columns))
    one, two = list(left.columns)[:width], list(right.columns)[:width]
    sql = (
        f"SELECT {', '.join(one)} FROM ({left.sql}) UNION ALL SELECT {', '.join(two)} "
        f"FROM ({right.sql})"
    )
    columns = {
        name: left.columns[name] | right.columns[other]
        for name, other in zip(one, two, strict=True)
    }
    return Relation(sql, columns)


@st.composite
def join(draw: st.DrawFn, left: Relation, right: Relation) -> Relation:
    name = draw(st.sampled_from(sorted(left.columns)))
    other = draw(st.sampled_from(sorted(right.columns)))
    sql = f"SELECT x.{name} AS m, y.{other} AS n FROM ({left.sql}) x, ({right.sql}) y"
    return Relation(sql, {"m": left.columns[name], "n": right.columns[other]})


def deeper(inner: st.SearchStrategy[Relation]) -> st.SearchStrategy[Relation]:
    two = st.tuples(inner, inner)
    return st.one_of(
        inner.flatmap(projection),
        two.map(lambda pair: union(*pair)),
        two.flatmap(lambda pair: join(*pair)),
    )


NESTS = st.recursive(st.sampled_from([base("std.p"), base("std.q")]), deeper, max_leaves=8)


@settings(max_examples=150, deadline=None)
@given(NESTS)
def test_random_nests(relation: Relation) -> None:
    got = lineage(parse_query(relation.sql), SCHEMAS)
    assert [one.sources for one in got.columns] == list(relation.columns.values())
