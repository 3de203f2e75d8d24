"""The SQL that PostgreSQL is asked: names are quoted, values are never in the text."""

from collections.abc import Sequence
from dataclasses import dataclass

from haina.resources.collect.kinds.contracts import KeyRange, SourceColumn, Watermark
from haina.resources.collect.kinds.databases.bounds import conditions
from haina.resources.collect.kinds.databases.postgresql.types import (
    CatalogueType,
    expression,
    finite,
    splits,
)
from haina.resources.collect.kinds.errors import NO_TABLE
from haina.resources.collect.kinds.rows.lake_types import LakeType, parse

# Bounds of a reading: COPY takes no parameters, so they are set beforehand, by parameter, as
# variables of the transaction.
SET_BOUND_SQL = "select set_config($1, $2, true)"
_HASHED_IN_SQL = ("integer", "text", "boolean")


@dataclass(frozen=True)
class PgPlan:
    """A column, its lake type, the SQL that yields it and the family in which it arrives."""

    name: str
    to: LakeType
    sql: str
    arrives: str

    @property
    def hashed_in_sql(self) -> bool:
        """Whether the server writes its canonical text exactly as the lake does."""
        return self.arrives == self.to.family and self.arrives in _HASHED_IN_SQL


@dataclass(frozen=True)
class Query:
    """All SQL about one table; `types` by column, fresh from the catalogue."""

    schema: str
    table: str
    types: dict[str, CatalogueType]
    since: Watermark | None = None
    part: KeyRange | None = None

    @property
    def bounds(self) -> list[tuple[str, str]]:
        """Variables of the transaction that the SQL of a reading counts on: name, value."""
        found = conditions(self.since, self.part)
        return [(_variable(place), one.value) for place, one in enumerate(found)]

    def plans(self, columns: Sequence[SourceColumn]) -> list[PgPlan]:
        """One plan a column, in order. Raises HainaError(source_no_table) for a column gone."""
        return [self._plan(column) for column in columns]

    def rows_sql(self, plans: Sequence[PgPlan]) -> str:
        """The rows in scope."""
        return f"select {', '.join(one.sql for one in plans)} {self._scope()}"

    def control_sql(self, key: Sequence[PgPlan]) -> str:
        """One row of text: count, sum of key hashes (NULL without key), highest watermark."""
        total = f"sum({_hash(key)})::text" if key else "null::text"
        highest = self._highest(self.since.column) if self.since else "null::text"
        return f"select count(*)::text, {total}, {highest} {self._scope()}"

    def cuts_sql(self, column: str, rows: int) -> str | None:
        """Each `rows`th value of a column in its own order, the lowest first, as text.

        None for a type that cannot be cut. Read along an index where there is one.
        """
        if not splits(self.type_of(column)):
            return None
        name, path = quoted(column), f"{quoted(self.schema)}.{quoted(self.table)}"
        numbered = f"select {name} as c, row_number() over (order by {name}) as n from {path}"
        every = f"(n - 1) % {int(rows)} = 0"
        return (
            f"select s.c::text as cut from ({numbered} where {name} is not null) s"
            f" where {every} group by s.c order by s.c"
        )

    def type_of(self, column: str) -> CatalogueType:
        """Raises HainaError(source_no_table) when the table has no such column now."""
        if column not in self.types:
            raise NO_TABLE(f"表“{self.table}”已没有字段“{column}”", field=column)
        return self.types[column]

    def _plan(self, column: SourceColumn) -> PgPlan:
        to = parse(column.lake_type)
        sql, arrives = expression(quoted(column.name), self.type_of(column.name), to.family)
        return PgPlan(column.name, to, sql, arrives)

    def _highest(self, column: str) -> str:
        found = finite(quoted(column), self.type_of(column))
        return f"(max({quoted(column)}){found})::text"

    def _scope(self) -> str:
        tail = f"from {quoted(self.schema)}.{quoted(self.table)}"
        found = [
            one.sql(quoted(one.column), self._bound(one.column, place))
            for place, one in enumerate(conditions(self.since, self.part))
        ]
        return f"{tail} where {' and '.join(found)}" if found else tail

    def _bound(self, column: str, place: int) -> str:
        return f"current_setting('{_variable(place)}')::{self.type_of(column).declared}"


def quoted(name: str) -> str:
    """A name as an SQL identifier."""
    return '"' + name.replace('"', '""') + '"'


def _variable(place: int) -> str:
    return f"haina.bound{place}"


def _hash(key: Sequence[PgPlan]) -> str:
    """The hash of a row, as keys.py defines it."""
    texts = [f"coalesce(({one.sql})::text, chr(30))" for one in key]
    return f"('x' || substr(md5({' || chr(31) || '.join(texts)}), 1, 15))::bit(60)::bigint"
