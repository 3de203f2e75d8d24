"""The register of elements and code sets."""

from collections.abc import Mapping
from dataclasses import dataclass

from sqlalchemy.engine import Connection

from haina.standards.elements import queries
from haina.standards.elements.contracts import CodeSetSpec, ElementSpec


@dataclass(frozen=True)
class Standards:
    """All standards in force, by name."""

    elements: Mapping[str, ElementSpec]
    code_sets: Mapping[str, CodeSetSpec]

    def code_set_of(self, element: ElementSpec) -> CodeSetSpec | None:
        return self.code_sets[element.code_set] if element.code_set else None


def load_standards(connection: Connection) -> Standards:
    elements = (ElementSpec.model_validate(spec) for spec in queries.specs(connection, "element"))
    code_sets = (CodeSetSpec.model_validate(spec) for spec in queries.specs(connection, "code_set"))
    return Standards({one.name: one for one in elements}, {one.name: one for one in code_sets})


def put_element(connection: Connection, spec: ElementSpec) -> None:
    queries.put(
        connection,
        "element",
        spec.name,
        spec.title,
        spec.model_dump(mode="json", exclude_defaults=True),
    )


def put_code_set(connection: Connection, spec: CodeSetSpec) -> None:
    queries.put(
        connection,
        "code_set",
        spec.name,
        spec.title,
        spec.model_dump(mode="json", exclude_defaults=True),
    )


def remove_element(connection: Connection, name: str) -> None:
    queries.remove(connection, "element", name)


def remove_code_set(connection: Connection, name: str) -> None:
    queries.remove(connection, "code_set", name)
