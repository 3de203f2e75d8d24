"""A pack as a flat list of named objects (`source:gongan_huji` → its declaration), and back."""

from typing import Any

from pydantic import BaseModel

from haina.coordination.organizations import OrganizationSpec
from haina.packs.schema import Pack
from haina.resources.specs import ModelSpec, SourceSpec
from haina.services.gateway.contracts import ServiceSpec
from haina.services.insight import CockpitSpec
from haina.standards.elements import CodeSetSpec, ElementSpec

KINDS: dict[str, type[BaseModel]] = {
    "organization": OrganizationSpec,
    "code_set": CodeSetSpec,
    "element": ElementSpec,
    "source": SourceSpec,
    "model": ModelSpec,
    "service": ServiceSpec,
    "cockpit": CockpitSpec,
}
"""In the order in which they are applied: later kinds refer to earlier ones."""

TITLES = {
    "organization": "机构",
    "code_set": "代码集",
    "element": "数据元",
    "source": "数据源",
    "model": "加工模型",
    "service": "数据服务",
    "cockpit": "驾驶舱",
}


def objects_of(pack: Pack) -> dict[str, dict[str, Any]]:
    """Every declaration of a pack by its full name, without defaults."""
    found: dict[str, dict[str, Any]] = {}
    for kind, specs in (
        ("organization", pack.organizations),
        ("code_set", pack.code_sets),
        ("element", pack.elements),
        ("source", pack.sources),
        ("model", pack.models),
        ("service", pack.services),
        ("cockpit", pack.cockpits),
    ):
        for spec in specs:
            found[f"{kind}:{name_of(kind, spec)}"] = dump(spec)
    return found


def name_of(kind: str, spec: BaseModel) -> str:
    key = {"organization": "code", "model": "dataset"}.get(kind, "name")
    return str(getattr(spec, key))


def dump(spec: BaseModel) -> dict[str, Any]:
    """The declaration as plain JSON: defaults are never written out."""
    plain = spec.model_dump(mode="json", by_alias=True, exclude_defaults=True)
    plain.pop("first_line", None)
    return plain


def load(name: str, plain: dict[str, Any]) -> BaseModel:
    return KINDS[name.split(":", maxsplit=1)[0]].model_validate(plain)
