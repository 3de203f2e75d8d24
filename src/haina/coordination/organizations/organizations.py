"""Organizations as a pack declares them and as others see them."""

from dataclasses import dataclass
from typing import Literal

from sqlalchemy.engine import Connection

from haina.coordination.organizations import queries
from haina.kernel import pinyin
from haina.kernel.declaration import Declaration, Name, Title


class OrganizationSpec(Declaration):
    """A unit. `kind`: a government of a place, an agency of one, or a village unit.
    `place`: its division code (GB/T 2260 and below)."""

    code: Name
    title: Title
    short: str = ""
    kind: Literal["government", "agency", "village"] = "agency"
    parent: Name | None = None
    place: str | None = None
    contact: str = ""


@dataclass(frozen=True)
class Organization:
    """`initials`: first letters of the readings of its names, by which it is found as one types."""

    code: str
    title: str
    short: str
    kind: str
    parent: str | None
    place: str | None
    contact: str
    initials: str = ""


def put_organization(connection: Connection, spec: OrganizationSpec, position: int = 0) -> None:
    """Create, change or bring back."""
    queries.put(
        connection,
        spec.code,
        {
            "title": spec.title,
            "short": spec.short or spec.title,
            "kind": spec.kind,
            "parent": spec.parent,
            "place": spec.place,
            "contact": spec.contact,
            "position": position,
            "retired": False,
        },
    )


def remove_organization(connection: Connection, code: str) -> None:
    """Retired, never dropped: what it owned still names it."""
    queries.retire(connection, code)


def list_organizations(connection: Connection) -> list[Organization]:
    return [
        Organization(
            row.code, row.title, row.short, row.kind, row.parent, row.place, row.contact,
            " ".join(filter(None, map(pinyin.initials, dict.fromkeys((row.short, row.title))))),
        )
        for row in queries.living(connection)
    ]  # fmt: skip
