"""The register of services."""

from dataclasses import dataclass
from typing import Any

from sqlalchemy.engine import Connection, Row

from haina.catalogue.lineage import put_use, remove_use
from haina.kernel.errors import NOT_FOUND
from haina.services.gateway import queries
from haina.services.gateway.contracts import ServiceSpec


@dataclass(frozen=True)
class Service:
    spec: ServiceSpec
    pack: str | None


def put_service(connection: Connection, spec: ServiceSpec, pack: str | None) -> None:
    """Create, change or bring back; the dataset's users can see it."""
    remove_use(connection, f"service:{spec.name}")
    put_use(connection, spec.dataset, f"service:{spec.name}", spec.title)
    queries.put(
        connection,
        spec.name,
        {
            "title": spec.title,
            "dataset": spec.dataset,
            "pack": pack,
            "retired": False,
            "spec": spec.model_dump(mode="json", exclude_defaults=True),
        },
    )


def retire_service(connection: Connection, name: str) -> None:
    """No longer answered; its copy is forgotten at once and its file removed soon after."""
    remove_use(connection, f"service:{name}")
    queries.retire(connection, name)
    queries.drop_copy(connection, name)


def find_service(connection: Connection, name: str) -> Service:
    """Raises HainaError(not_found)."""
    row = queries.one(connection, name)
    if row is None:
        raise NOT_FOUND(f"没有数据服务 {name}", field="service")
    return _service(row)


def list_services(connection: Connection) -> list[Service]:
    return [_service(row) for row in queries.living(connection)]


def _service(row: Row[Any]) -> Service:
    return Service(ServiceSpec.model_validate(row.spec), row.pack)
