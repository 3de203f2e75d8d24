"""The register of objects: upper rooms write down what policy must know of what they own."""

from sqlalchemy.engine import Connection

from haina.security.access import queries
from haina.security.access.contracts import ObjectFacts


def register_object(connection: Connection, facts: ObjectFacts) -> None:
    """Create or change; default is deny, so an object that is not registered cannot be read."""
    queries.put_object(connection, facts)


def retire_object(connection: Connection, name: str) -> None:
    queries.retire(connection, name)


def object_facts(connection: Connection, names: list[str]) -> dict[str, ObjectFacts]:
    """The facts of those of the names that are registered."""
    return queries.facts_of(connection, names)


def known_objects(connection: Connection, kind: str) -> list[ObjectFacts]:
    return queries.all_facts(connection, kind)
