"""What differs from database to database: how names, values, types and pages are written."""

from collections.abc import Callable
from dataclasses import dataclass, field

from haina.resources.collect.kinds.contracts import SourceColumn, SourceTable
from haina.resources.collect.kinds.rows.lake_types import LakeType


@dataclass(frozen=True)
class Declared:
    """A column as the catalogue of the source has it at this moment.

    `base` is the bare type name in lower case; `declared` is the type as the source writes it.
    """

    name: str
    declared: str
    base: str
    precision: int | None = None
    scale: int | None = None
    charset: str = ""
    collation: str = ""
    nullable: bool = True
    comment: str | None = None
    key_place: int = 0


@dataclass(frozen=True)
class Found:
    """A table or view of the catalogue.

    `steady` says that statements of one transaction see it in one state.
    """

    name: str
    columns: tuple[Declared, ...]
    comment: str | None = None
    estimate: int | None = None
    steady: bool = True

    def source_table(self, lake_type: "Callable[[Declared], str]") -> SourceTable:
        """As the rest of the house knows a table."""
        key = sorted((one.key_place, one.name) for one in self.columns if one.key_place)
        columns = tuple(
            SourceColumn(one.name, one.declared, lake_type(one), one.nullable, one.comment)
            for one in self.columns
        )
        return SourceTable(
            self.name, columns, tuple(name for _, name in key), self.comment, self.estimate
        )


@dataclass
class Statement:
    """SQL, and the values that go beside it in a session that takes parameters."""

    sql: str = ""
    values: list[str] = field(default_factory=list)


def no_condition(_column: str, _declared: Declared) -> str:
    """For dialects in which each value may be a bound."""
    return ""


def not_exact(_declared: Declared, _to: LakeType) -> bool:
    """For dialects whose text is looked at value by value."""
    return False


def not_hashed(_key: list[tuple[str, Declared, LakeType]]) -> str | None:
    """For dialects whose server cannot hash keys as the lake does."""
    return None


@dataclass(frozen=True)
class Dialect:
    """One database's way of saying things.

    - `quoted`: a name as an identifier; `value`: a text as SQL, put into the statement's values
      where the database takes parameters, else written so that it cannot end early.
    - `lake_type`: what the lake keeps; `text`: SQL that writes a column (or an expression of its
      type) exactly, as text (as bytes for a binary one).
    - `exact`: whether that text always has the form that the lake's type wants, so that its shape
      need not be looked at.
    - `bound`: a value's SQL made comparable with the column, under the column's own order.
    - `fit`: a condition that keeps values which cannot be a bound or a watermark out; '' for none.
    - `splits`: whether a column may be cut into slices.
    - `row_at`: a SELECT (with its ORDER BY) reduced to the row at this place, from 0.
    - `hash_sql`: the sum of key hashes over (column SQL, type, lake type), as rows/keys.py defines
      it; None as a value when this key cannot be hashed by the server.
    """

    quoted: Callable[[str], str]
    value: Callable[[str, Statement], str]
    lake_type: Callable[[Declared], str]
    text: Callable[[str, Declared, LakeType], str]
    bound: Callable[[str, Declared], str]
    splits: Callable[[Declared], bool]
    row_at: Callable[[str, int], str]
    exact: Callable[[Declared, LakeType], bool] = not_exact
    fit: Callable[[str, Declared], str] = no_condition
    hash_sql: Callable[[list[tuple[str, Declared, LakeType]]], str | None] = not_hashed
