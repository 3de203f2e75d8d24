"""Which columns of which tables each output column comes from. One walk, each part seen once."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from sqlglot import exp

from haina.kernel.sql.errors import SQL_REFUSED, at, start_of
from haina.kernel.sql.query import Query
from haina.kernel.sql.reading import written
from haina.kernel.sql.relations import NOTHING, Column, Relation, Sight, Source, Sources, unknown

_ROUNDS = 64  # of a recursive CTE until its sources stop growing


@dataclass(frozen=True)
class OutputColumn:
    """An output column, and the (table, column) pairs that its value is computed from."""

    name: str
    sources: frozenset[tuple[str, str]]


@dataclass(frozen=True)
class Lineage:
    """`columns` in order of output; `conditions` decide which rows there are, their groups and
    order; `reads` is every column that the query names or expands, used or not."""

    columns: tuple[OutputColumn, ...]
    conditions: frozenset[tuple[str, str]]
    reads: frozenset[tuple[str, str]]


def lineage(query: Query, schemas: Mapping[str, Sequence[str]]) -> Lineage:
    """Trace a query. `schemas`: columns of each table `zone.name`, in order.

    Raises HainaError(sql_unknown) for a table or column that is not there, with line, column and
    the nearest name.
    """
    tracer = _Tracer(query.text, schemas)
    relation = tracer.query(query.tree, None, {})
    columns = tuple(OutputColumn(one.name, one.sources) for one in relation.columns)
    return Lineage(columns, frozenset(tracer.conditions), frozenset(tracer.reads))


class _Tracer:
    def __init__(self, text: str, schemas: Mapping[str, Sequence[str]]) -> None:
        self.text = text
        self.schemas = schemas
        self.conditions: set[Source] = set()
        self.reads: set[Source] = set()

    # Queries

    def query(self, node: exp.Expr, outside: Sight | None, ctes: dict[str, Relation]) -> Relation:
        """The relation that a query answers."""
        ctes = self.with_(node, outside, ctes)
        if isinstance(node, exp.Select):
            return self.select(node, outside, ctes)
        if isinstance(node, exp.SetOperation):
            return self.set_operation(node, outside, ctes)
        if isinstance(node, exp.Values):
            return self.values(node, Sight(outside, ctes))
        if isinstance(node, exp.Subquery):
            inner = self.query(node.this, outside, ctes)
            self.tail(node, inner, Sight(outside, ctes))
            return inner
        raise at(SQL_REFUSED, "这里只能是查询。", start_of(node), self.text)

    def with_(
        self, node: exp.Expr, outside: Sight | None, ctes: dict[str, Relation]
    ) -> dict[str, Relation]:
        block = node.args.get("with_")
        if block is None:
            return ctes
        ctes = dict(ctes)
        for cte in block.expressions:
            name, columns = cte.alias.lower(), _alias_columns(cte)
            if block.args.get("recursive") and isinstance(cte.this, exp.SetOperation):
                relation = self.recursive(cte.this, name, columns, outside, ctes)
            else:
                relation = self.query(cte.this, outside, ctes)
            ctes[name] = relation.named([name], columns, in_star=True)
        return ctes

    def recursive(
        self,
        node: exp.SetOperation,
        name: str,
        columns: list[str],
        outside: Sight | None,
        ctes: dict[str, Relation],
    ) -> Relation:
        """The fixed point: what the base gives, and the steps add to it, until nothing is new."""
        whole = self.query(node.this, outside, ctes)
        for _round in range(_ROUNDS):
            known = ctes | {name: whole.named([name], columns, in_star=True)}
            step = _united(whole, self.query(node.expression, outside, known))
            if step == whole:
                break
            whole = step
        return whole

    def set_operation(
        self, node: exp.SetOperation, outside: Sight | None, ctes: dict[str, Relation]
    ) -> Relation:
        """Both sides by position or by name; EXCEPT and INTERSECT only filter by their right."""
        chain: list[exp.SetOperation] = [node]
        while isinstance(chain[-1].this, exp.SetOperation) and not chain[-1].this.args.get("with_"):
            chain.append(chain[-1].this)
        relation = self.query(chain[-1].this, outside, ctes)
        for one in reversed(chain):
            right = self.query(one.expression, outside, ctes)
            if isinstance(one, exp.Union):
                relation = _united(relation, right, by_name=bool(one.args.get("by_name")))
            else:
                self.conditions.update(*(column.sources for column in right.columns))
            self.tail(one, relation, Sight(outside, ctes))
        return relation

    def tail(self, node: exp.Expr, relation: Relation, sight: Sight) -> None:
        """ORDER BY, LIMIT and OFFSET of a set operation: names are those of the output."""
        sight.relations = [relation]
        for key in ("order", "limit", "offset"):
            part = node.args.get(key)
            if part is not None:
                self.conditions |= self.value(part, sight)

    def values(self, node: exp.Values, sight: Sight) -> Relation:
        rows = [
            row.expressions if isinstance(row, exp.Tuple) else [row] for row in node.expressions
        ]
        width = max((len(row) for row in rows), default=0)
        columns = []
        for at_column in range(width):
            cells = [self.value(row[at_column], sight) for row in rows if at_column < len(row)]
            columns.append(Column(f"col{at_column}", NOTHING.union(*cells)))
        return Relation(tuple(columns))

    # SELECT

    def select(
        self, node: exp.Select, outside: Sight | None, ctes: dict[str, Relation]
    ) -> Relation:
        sight = Sight(outside, ctes)
        if node.args.get("from_"):
            self.add(node.args["from_"].this, sight)
        for join in node.args.get("joins") or []:
            self.join(join, sight)
        for lateral in node.args.get("laterals") or []:
            self.add(lateral, sight)
        for window in node.args.get("windows") or []:
            sight.windows[window.name.lower()] = self.value(window, sight)
        columns: list[Column] = []
        for one in node.expressions:
            columns.extend(self.output(one, sight))
        self.filters(node, sight)
        return Relation(tuple(columns))

    def filters(self, node: exp.Select, sight: Sight) -> None:
        for key in ("distinct", "where", "group", "having", "qualify", "order", "limit", "offset"):
            part = node.args.get(key)
            if part is not None:
                self.conditions |= self.value(part, sight)

    def output(self, node: exp.Expr, sight: Sight) -> list[Column]:
        """The columns of one item of the list; an alias is in sight of the items after it."""
        if isinstance(node, exp.Star):
            return self.star(node, sight.star(), sight)
        if isinstance(node, exp.Column) and isinstance(node.this, exp.Star):
            names = [part.name.lower() for part in node.parts[:-1]]
            relation = sight.relation(names)
            if relation is None:
                raise unknown("表", ".".join(names), _names(sight), node, self.text)
            return self.star(node.this, list(relation.columns), sight)
        if isinstance(node, exp.Aliases):
            sources = self.value(node.this, sight)
            return [Column(one.name, sources) for one in node.expressions]
        sources = self.value(node, sight)
        name = node.alias_or_name or written(node)
        if isinstance(node, exp.Alias):
            sight.aliases[name.lower()] = sources
        return [Column(name, sources)]

    def star(self, node: exp.Expr, columns: list[Column], sight: Sight) -> list[Column]:
        """`*` with its EXCLUDE, REPLACE and RENAME."""
        self.reads.update(*(column.sources for column in columns))
        dropped = {one.name.lower() for one in node.args.get("except_") or []}
        replaced = {
            one.alias.lower(): self.value(one.this, sight) for one in node.args.get("replace") or []
        }
        renamed = {one.this.name.lower(): one.alias for one in node.args.get("rename") or []}
        out = []
        for column in columns:
            name = column.name.lower()
            if name not in dropped:
                shown = renamed.get(name, column.name)
                out.append(Column(shown, replaced.get(name, column.sources)))
        return out

    # FROM

    def join(self, node: exp.Join, sight: Sight) -> None:
        seen = sight.relations[:]
        in_star = str(node.args.get("kind") or "").upper() not in ("SEMI", "ANTI")
        self.add(node.this, sight, in_star=in_star)
        new = sight.relations[len(seen) :]
        for one in node.args.get("using") or []:
            name = one.name.lower()
            sources = [each.by_name[name] for each in (*seen, *new) if name in each.by_name]
            if len(sources) < 2:
                known = [column.name for each in new for column in each.columns]
                raise unknown("列", one.name, known, one, self.text)
            both = NOTHING.union(*sources)
            # The right side of a semi join only decides whether a row stays.
            sight.merged[name] = both if in_star else NOTHING.union(*sources[:-1])
            self.conditions |= both
            self.reads |= both
        if node.args.get("on") is not None:
            self.conditions |= self.value(node.args["on"], sight)

    def add(self, node: exp.Expr, sight: Sight, *, in_star: bool = True) -> None:
        """Put one item of FROM in sight, with what is joined inside it."""
        columns, alias = _alias_columns(node), node.alias
        if isinstance(node, exp.Subquery) and isinstance(node.this, exp.Table) and not alias:
            self.add(node.this, sight, in_star=in_star)  # brackets around joins
        elif isinstance(node, exp.Table) and isinstance(node.this, exp.Identifier):
            relation = self.table(node, sight)
            names = [alias] if alias else [node.name, f"{node.db}.{node.name}"]
            sight.relations.append(relation.named(names, columns, in_star=in_star))
        else:
            relation = self.derived(node, sight)
            sight.relations.append(relation.named([alias], columns, in_star=in_star))
        for join in node.args.get("joins") or []:
            self.join(join, sight)
        for lateral in node.args.get("laterals") or []:
            self.add(lateral, sight)

    def table(self, node: exp.Table, sight: Sight) -> Relation:
        if not node.db and node.name.lower() in sight.ctes:
            return sight.ctes[node.name.lower()]
        name = f"{node.db}.{node.name}" if node.db else node.name
        schema = self.schemas.get(name)
        if schema is None:
            raise unknown("表", name, [*self.schemas, *sight.ctes], node, self.text)
        return Relation(tuple(Column(one, frozenset({(name, one)})) for one in schema))

    def derived(self, node: exp.Expr, sight: Sight) -> Relation:
        """A sub-query, VALUES, or rows made by a function of what stands before it."""
        inner = node.this if isinstance(node, (exp.Table, exp.Lateral)) else node
        if isinstance(inner, (exp.Query, exp.Values)):
            return self.query(inner, sight, sight.ctes)
        return Relation((Column(_row_name(inner), self.value(inner, sight)),))

    # Expressions

    def value(self, node: exp.Expr, sight: Sight) -> Sources:
        """All physical columns that an expression reads, sub-queries included."""
        found: set[Source] = set()
        todo: list[tuple[exp.Expr, frozenset[str]]] = [(node, frozenset())]
        while todo:
            one, bound = todo.pop()
            if isinstance(one, exp.Column):
                found |= self.column(one, sight, bound)
                continue
            if isinstance(one, exp.Query):
                relation = self.query(one, sight, sight.ctes)
                if not isinstance(one.parent, exp.Exists):
                    found.update(*(column.sources for column in relation.columns))
                continue
            if isinstance(one, exp.Window):
                found |= sight.windows.get(one.alias.lower(), NOTHING)
            bound = bound | _bound(one)
            todo.extend((child, bound) for child in one.iter_expressions())
        return frozenset(found)

    def column(self, node: exp.Column, sight: Sight, bound: frozenset[str]) -> Sources:
        parts = [part.name.lower() for part in node.parts]
        if parts[0] in bound or isinstance(node.this, exp.Star):
            return NOTHING
        sources = sight.find(parts)
        if sources is None:
            written_name = ".".join(part.name for part in node.parts)
            raise unknown("列", written_name, sight.known(), node, self.text)
        self.reads |= sources
        return sources


def _united(left: Relation, right: Relation, *, by_name: bool = False) -> Relation:
    if not by_name:
        others = [column.sources for column in right.columns]
        others += [NOTHING] * (len(left.columns) - len(others))
        pairs = zip(left.columns, others, strict=False)
        return Relation(tuple(Column(one.name, one.sources | more) for one, more in pairs))
    both = [
        Column(one.name, one.sources | right.by_name.get(one.name.lower(), NOTHING))
        for one in left.columns
    ]
    new = [one for one in right.columns if one.name.lower() not in left.by_name]
    return Relation((*both, *new))


def _alias_columns(node: exp.Expr) -> list[str]:
    alias = node.args.get("alias")
    return [one.name for one in alias.columns] if isinstance(alias, exp.TableAlias) else []


def _row_name(node: exp.Expr) -> str:
    """The name that DuckDB gives to the column of a table function."""
    if isinstance(node, exp.GenerateSeries):
        return "range" if node.args.get("is_end_exclusive") else "generate_series"
    return "unnest"


def _bound(node: exp.Expr) -> frozenset[str]:
    """Names that stand for elements of a list inside a lambda or a comprehension."""
    if isinstance(node, exp.Lambda):
        return frozenset(one.name.lower() for one in node.expressions)
    if isinstance(node, exp.Comprehension):
        names = [node.args.get("expression"), node.args.get("position")]
        return frozenset(one.name.lower() for one in names if isinstance(one, exp.Expr))
    return frozenset()


def _names(sight: Sight) -> list[str]:
    return [name for one in sight.relations for name in one.names]
