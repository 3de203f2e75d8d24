"""Relations and what is in sight of an expression, while a query is traced."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from difflib import get_close_matches

from sqlglot import exp

from haina.kernel.errors import HainaError
from haina.kernel.sql.errors import SQL_UNKNOWN, at, start_of

Source = tuple[str, str]
Sources = frozenset[Source]
NOTHING: Sources = frozenset()


@dataclass(frozen=True)
class Column:
    """A column of a relation and the physical columns behind it."""

    name: str
    sources: Sources


@dataclass(frozen=True)
class Relation:
    """Something in FROM: its columns in order, and the names it answers to (lower-case)."""

    columns: tuple[Column, ...]
    names: frozenset[str] = frozenset()
    in_star: bool = True  # the right side of a semi join is not
    by_name: Mapping[str, Sources] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        found: dict[str, Sources] = {}
        for column in self.columns:
            found.setdefault(column.name.lower(), column.sources)
        object.__setattr__(self, "by_name", found)

    def named(self, names: Iterable[str], columns: list[str], *, in_star: bool) -> "Relation":
        """The same under other names; `columns` rename the first ones."""
        renamed = [
            Column(columns[at] if at < len(columns) else one.name, one.sources)
            for at, one in enumerate(self.columns)
        ]
        return Relation(tuple(renamed), frozenset(one.lower() for one in names), in_star)


@dataclass
class Sight:
    """What one SELECT can see: relations, merged USING columns, its own aliases, its outside."""

    outside: "Sight | None"
    ctes: dict[str, Relation]
    relations: list[Relation] = field(default_factory=list)
    merged: dict[str, Sources] = field(default_factory=dict)
    aliases: dict[str, Sources] = field(default_factory=dict)
    windows: dict[str, Sources] = field(default_factory=dict)

    def find(self, parts: list[str]) -> Sources | None:
        """The sources of a dotted name, here or outside; None when nobody knows it."""
        for look in (self._column, self._qualified, self._field):
            found = look(parts)
            if found is not None:
                return found
        return self.outside.find(parts) if self.outside else None

    def _column(self, parts: list[str]) -> Sources | None:
        name = parts[0]
        if len(parts) > 1:
            return None
        if name in self.merged:
            return self.merged[name]
        owners = [one.by_name[name] for one in self.relations if name in one.by_name]
        if owners:
            return NOTHING.union(*owners)
        return self.aliases.get(name)

    def _qualified(self, parts: list[str]) -> Sources | None:
        """`table.column`, `zone.table.column`, and fields of structures behind these."""
        for length in (2, 1):
            owner, rest = ".".join(parts[:length]), parts[length:]
            for one in self.relations:
                if rest and owner in one.names and rest[0] in one.by_name:
                    return one.by_name[rest[0]]
        return None

    def _field(self, parts: list[str]) -> Sources | None:
        return self._column(parts[:1]) if len(parts) > 1 else None

    def relation(self, names: list[str]) -> Relation | None:
        wanted = ".".join(names)
        return next((one for one in self.relations if wanted in one.names), None)

    def star(self) -> list[Column]:
        """The columns of `*`: each merged one once, where it stands first."""
        out: list[Column] = []
        seen: set[str] = set()
        for relation in self.relations:
            for column in relation.columns if relation.in_star else ():
                name = column.name.lower()
                if name in self.merged:
                    if name not in seen:
                        out.append(Column(column.name, self.merged[name]))
                    seen.add(name)
                else:
                    out.append(column)
        return out

    def known(self) -> list[str]:
        """All names of columns in sight, for a suggestion."""
        here = [column.name for one in self.relations for column in one.columns]
        return here + (self.outside.known() if self.outside else [])


def unknown(what: str, name: str, known: Iterable[str], node: exp.Expr, text: str) -> HainaError:
    """`sql_unknown`, with the nearest known name as the way out."""
    error = at(SQL_UNKNOWN, f"没有{what} {name[:80]}。", start_of(node), text, what=name[:80])
    lowered: dict[str, str] = {}
    for one in known:
        lowered.setdefault(one.lower(), one)
    close = get_close_matches(name.lower(), list(lowered), 1, 0.6)
    if close:
        error.hint = f"是不是想写 {lowered[close[0]]}?"
        error.details["near"] = lowered[close[0]]
    return error
