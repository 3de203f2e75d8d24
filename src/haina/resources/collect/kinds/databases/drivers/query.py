"""All SQL about one table, whatever the database: rows, control, bounds of slices."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from haina.resources.collect.kinds.contracts import KeyRange, SourceColumn, Watermark
from haina.resources.collect.kinds.databases.bounds import conditions
from haina.resources.collect.kinds.databases.drivers.dialect import (
    Declared,
    Dialect,
    Found,
    Statement,
)
from haina.resources.collect.kinds.errors import NO_TABLE
from haina.resources.collect.kinds.rows.lake_types import LakeType, parse
from haina.resources.collect.kinds.rows.scope import bound

_ZONED = re.compile(r"(.*\d:\d\d.*?)(Z|[+-]\d\d(:?\d\d)?)")


@dataclass(frozen=True)
class Plan:
    """A column, its lake type, the SQL that yields its text, and whether to trust its shape."""

    declared: Declared
    to: LakeType
    sql: str
    exact: bool

    @property
    def name(self) -> str:
        return self.declared.name


@dataclass(frozen=True)
class Query:
    """`path` is the table's qualified name in SQL; `found` is fresh from the catalogue."""

    dialect: Dialect
    path: str
    found: Found
    since: Watermark | None = None
    part: KeyRange | None = None

    def plans(self, columns: Sequence[SourceColumn]) -> list[Plan]:
        """One plan a column, in order. Raises HainaError(source_no_table) for a column gone."""
        return [self._plan(column) for column in columns]

    def rows(self, plans: Sequence[Plan]) -> Statement:
        """The rows in scope, each column as text."""
        made = Statement()
        shown = ", ".join(one.sql for one in plans)
        made.sql = f"select {shown} from {self.path}{self._where(made)}"
        return made

    def control(self, key: Sequence[Plan]) -> tuple[Statement, bool]:
        """One row of text: count, sum of key hashes, highest watermark; and whether the second
        is the hash, or has to be computed from the key's rows."""
        made = Statement()
        parts = [(self._column(one.name), one.declared, one.to) for one in key]
        total = self.dialect.hash_sql(parts) if key else None
        highest = self._highest(self.since.column) if self.since else "null"
        made.sql = f"select count(*), {total or 'null'}, {highest} from {self.path}"
        made.sql += self._where(made)
        return made, total is not None

    def lowest(self, column: str) -> Statement:
        """The lowest value of a column, as text."""
        made = Statement()
        made.sql = self._ordered(column, self._text(column), "", 0)
        return made

    def step(self, column: str, low: str, rows: int) -> Statement:
        """The value `rows` places after `low`, as text, and 1 when it lies above it."""
        made = Statement()
        name = self._column(column)
        above = f"{name} > {self._bound(column, low, made)}"
        shown = f"{self._text(column)}, case when {above} then 1 else 0 end"
        since = f"{name} >= {self._bound(column, low, made)}"
        made.sql = self._ordered(column, shown, since, rows)
        return made

    def after(self, column: str, low: str) -> Statement:
        """The lowest value above `low`, as text."""
        made = Statement()
        above = f"{self._column(column)} > {self._bound(column, low, made)}"
        made.sql = self._ordered(column, self._text(column), above, 0)
        return made

    def declared(self, column: str) -> Declared:
        """Raises HainaError(source_no_table) when the table has no such column now."""
        for one in self.found.columns:
            if one.name == column:
                return one
        raise NO_TABLE(f"表“{self.found.name}”已没有字段“{column}”", field=column)

    def _plan(self, column: SourceColumn) -> Plan:
        to, declared = parse(column.lake_type), self.declared(column.name)
        sql = self.dialect.text(self._column(column.name), declared, to)
        return Plan(declared, to, sql, self.dialect.exact(declared, to))

    def _where(self, made: Statement) -> str:
        found = [
            one.sql(self._column(one.column), self._bound(one.column, one.value, made))
            for one in conditions(self.since, self.part)
        ]
        return f" where {' and '.join(found)}" if found else ""

    def _ordered(self, column: str, shown: str, condition: str, place: int) -> str:
        name = self._column(column)
        fit = self.dialect.fit(name, self.declared(column))
        where = " and ".join(part for part in (f"{name} is not null", condition, fit) if part)
        return self.dialect.row_at(
            f"select {shown} from {self.path} where {where} order by {name}", place
        )

    def _highest(self, column: str) -> str:
        name, declared = self._column(column), self.declared(column)
        fit = self.dialect.fit(name, declared)
        taken = f"case when {fit} then {name} end" if fit else name
        return self._text(column, f"max({taken})")

    def _text(self, column: str, expression: str = "") -> str:
        declared = self.declared(column)
        to = parse(self.dialect.lake_type(declared))
        return self.dialect.text(expression or self._column(column), declared, to)

    def _bound(self, column: str, value: str, made: Statement) -> str:
        """Raises HainaError(bad_connection) for a value that is not of the column's type."""
        declared = self.declared(column)
        checked(value, parse(self.dialect.lake_type(declared)))
        return self.dialect.bound(self.dialect.value(value, made), declared)

    def _column(self, name: str) -> str:
        return self.dialect.quoted(self.declared(name).name)


def checked(value: str, to: LakeType) -> None:
    """A database may take 'abc' for 0: what is not of the type is refused here."""
    if to.family in ("integer", "decimal", "double", "date"):
        bound(value, to.arrow)
    elif to.family in ("timestamp", "timestamp_ntz"):
        zoned = _ZONED.fullmatch(value)
        bound(zoned[1] if zoned else value, LakeType("timestamp_ntz").arrow)
