"""What an item means by the standard that it is bound to."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy.engine import Connection

from haina.standards.elements import CodeSetSpec, ElementSpec, Standards, load_standards

_CODES = 60


@dataclass(frozen=True)
class Code:
    code: str
    title: str


@dataclass(frozen=True)
class CodeSet:
    """`codes`: the first of `size`."""

    name: str
    title: str
    source: str
    size: int
    codes: list[Code]


@dataclass(frozen=True)
class Meaning:
    """An element as people read it. `source`: the standard that says so."""

    element: str
    title: str
    source: str
    summary: str
    type: str
    format: str | None
    lengths: list[int]
    max_length: int | None
    pattern: str | None
    minimum: float | None
    maximum: float | None
    code_set: CodeSet | None


def meanings(connection: Connection, names: Sequence[str]) -> list[Meaning]:
    """The elements among `names`, in their order; names that are none are left out."""
    standards = load_standards(connection)
    known = [
        standards.elements[name] for name in dict.fromkeys(names) if name in standards.elements
    ]
    return [_meaning(element, standards) for element in known]


def _meaning(element: ElementSpec, standards: Standards) -> Meaning:
    codes = standards.code_set_of(element)
    return Meaning(
        element.name,
        element.title,
        element.source,
        element.summary,
        element.type.value,
        element.format.value if element.format else None,
        list(element.lengths),
        element.max_length,
        element.pattern,
        element.minimum,
        element.maximum,
        _codes(codes) if codes else None,
    )


def _codes(codes: CodeSetSpec) -> CodeSet:
    first = [Code(*pair) for pair in list(codes.codes.items())[:_CODES]]
    return CodeSet(codes.name, codes.title, codes.source, len(codes.codes), first)
