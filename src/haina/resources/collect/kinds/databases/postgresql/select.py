"""The SQL that PostgreSQL is asked: names are quoted, values are never in the text."""

from collections.abc import Sequence
from dataclasses import dataclass

from haina.resources.collect.kinds.contracts import SourceColumn, Watermark
from haina.resources.collect.kinds.databases.postgresql.types import (
    CatalogueType,
    expression,
    finite,
)
from haina.resources.collect.kinds.errors import NO_TABLE
from haina.resources.collect.kinds.rows.lake_types import LakeType, parse

# The bound of an incremental reading: COPY takes no parameters, so it is set beforehand, by
# parameter, as a variable of the transaction.
SINCE = "haina.since"
SET_SINCE_SQL = f"select set_config('{SINCE}', $1, true)"
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

    def plans(self, columns: Sequence[SourceColumn]) -> list[PgPlan]:
        """One plan a column, in order. Raises HainaError(source_no_table) for a column gone."""
        return [self._plan(column) for column in columns]

    def rows_sql(self, plans: Sequence[PgPlan], since: Watermark | None) -> str:
        """The rows in scope."""
        return f"select {', '.join(one.sql for one in plans)} {self._scope(since)}"

    def control_sql(self, key: Sequence[PgPlan], since: Watermark | None) -> str:
        """One row of text: count, sum of key hashes (NULL without key), highest watermark."""
        total = f"sum({_hash(key)})::text" if key else "null::text"
        highest = self._highest(since.column) if since else "null::text"
        return f"select count(*)::text, {total}, {highest} {self._scope(since)}"

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

    def _scope(self, since: Watermark | None) -> str:
        tail = f"from {quoted(self.schema)}.{quoted(self.table)}"
        if since is None or since.value is None:
            return tail
        declared = self.type_of(since.column).declared
        return f"{tail} where {quoted(since.column)} > current_setting('{SINCE}')::{declared}"


def quoted(name: str) -> str:
    """A name as an SQL identifier."""
    return '"' + name.replace('"', '""') + '"'


def _hash(key: Sequence[PgPlan]) -> str:
    """The hash of a row, as keys.py defines it."""
    texts = [f"coalesce(({one.sql})::text, chr(30))" for one in key]
    return f"('x' || substr(md5({' || chr(31) || '.join(texts)}), 1, 15))::bit(60)::bigint"
