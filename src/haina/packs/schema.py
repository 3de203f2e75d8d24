"""A pack, as its folder says it. The JSON Schemas in docs/reference/pack are made from here.

pack.yaml            name, title, version
organizations.yaml   list of OrganizationSpec
standards/elements.yaml · standards/codes.yaml   lists of ElementSpec · CodeSetSpec
sources/*.yaml       one SourceSpec a file
models/<zone>/<name>.sql   front matter of ModelSpec in a leading /* … */, then one SELECT
services/*.yaml      one ServiceSpec a file, or a list of them
"""

from dataclasses import dataclass, field
from typing import Annotated

from pydantic import StringConstraints

from haina.coordination.organizations import OrganizationSpec
from haina.kernel.declaration import Declaration, Name, Title
from haina.resources.specs import ModelSpec, SourceSpec
from haina.services.gateway.contracts import ServiceSpec
from haina.services.insight import CockpitSpec
from haina.standards.elements import CodeSetSpec, ElementSpec


class PackSpec(Declaration):
    """pack.yaml. `place`: the division code of the county or city the pack is made for."""

    name: Name
    title: Title
    version: Annotated[str, StringConstraints(pattern=r"^\d+\.\d+\.\d+$")] = "0.1.0"
    summary: str = ""
    place: str | None = None


@dataclass(frozen=True)
class Pack:
    """A whole pack, read and checked one by one (what refers to what is checked by the plan)."""

    spec: PackSpec
    organizations: tuple[OrganizationSpec, ...] = ()
    code_sets: tuple[CodeSetSpec, ...] = ()
    elements: tuple[ElementSpec, ...] = ()
    sources: tuple[SourceSpec, ...] = ()
    models: tuple[ModelSpec, ...] = ()
    services: tuple[ServiceSpec, ...] = ()
    cockpits: tuple[CockpitSpec, ...] = ()
    places: dict[str, str] = field(default_factory=dict)
    """Where each declaration stands: object → file."""
