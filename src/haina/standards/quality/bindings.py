"""A binding: a raw column, the item it becomes, and the standard it is held to."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from haina.kernel.sql import quote_identifier
from haina.standards.elements import CodeSetSpec, ElementSpec, Format, ItemType


@dataclass(frozen=True)
class Binding:
    """`same_as`: the item of the id number that a birth date or sex must agree with.
    `refers`: the relation and column whose values this one must be among.
    `passes`: it has a type already and no element: it is taken as it is."""

    column: str
    item: str
    title: str
    element: ElementSpec | None = None
    code_set: CodeSetSpec | None = None
    codes: Mapping[str, str] = field(default_factory=dict)
    required: bool = False
    same_as: str | None = None
    refers: tuple[str, str] | None = None
    date_format: str | None = None
    passes: bool = False

    @property
    def type(self) -> ItemType:
        return self.element.type if self.element else ItemType.TEXT

    @property
    def format(self) -> Format | None:
        return self.element.format if self.element else None

    @property
    def ascii(self) -> bool:
        """Is the right content plain ASCII, so that full-width signs are folded and reported?"""
        e = self.element
        if e is None:
            return False
        return bool(e.format or e.code_set or e.lengths or e.pattern) or e.type is not ItemType.TEXT

    @property
    def raw(self) -> str:
        """SQL of the raw value."""
        return quote_identifier(self.column)

    @property
    def text(self) -> str:
        """SQL of the raw text without blanks at its ends (NULL when nothing is left)."""
        return quote_identifier(f"t_{self.item}")

    @property
    def clean(self) -> str:
        """SQL of the cleaned text, as named in the relation of cleaned rows."""
        return quote_identifier(f"c_{self.item}")

    @property
    def wide(self) -> str:
        """SQL of: the raw text held full-width signs."""
        return quote_identifier(f"w_{self.item}")

    @property
    def birth(self) -> str:
        """SQL of the birth date in an id number (NULL where there is none)."""
        return quote_identifier(f"b_{self.item}")

    @property
    def digits(self) -> str:
        """SQL of the first 17 digits of an id number as one integer."""
        return quote_identifier(f"n_{self.item}")

    @property
    def formed(self) -> str:
        """SQL of: the text has the length and form of its format (id numbers and credit codes)."""
        return quote_identifier(f"f_{self.item}")

    @property
    def verified(self) -> str:
        """SQL of: it is well formed and its check digit is right."""
        return quote_identifier(f"x_{self.item}")

    @property
    def value(self) -> str:
        """SQL of the typed value (NULL where the text cannot be one)."""
        return quote_identifier(f"v_{self.item}")
