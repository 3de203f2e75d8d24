"""The register of cockpits."""

from sqlalchemy.engine import Connection

from haina.catalogue.lineage import put_use, remove_use
from haina.services.insight import queries
from haina.services.insight.contracts import CockpitSpec


def put_cockpit(connection: Connection, spec: CockpitSpec, pack: str | None) -> None:
    user = f"cockpit:{spec.name}"
    remove_use(connection, user)
    names = {figure.dataset for figure in spec.figures}
    names |= {spec.places.dataset} if spec.places else set()
    for name in sorted(names):
        put_use(connection, name, user, spec.title)
    queries.put(
        connection,
        spec.name,
        {
            "title": spec.title,
            "pack": pack,
            "spec": spec.model_dump(mode="json", exclude_defaults=True),
        },
    )


def retire_cockpit(connection: Connection, name: str) -> None:
    remove_use(connection, f"cockpit:{name}")
    queries.remove(connection, name)


def list_cockpits(connection: Connection) -> list[CockpitSpec]:
    return [CockpitSpec.model_validate(spec) for spec in queries.specs(connection)]
