"""接口: data services, declared by packs, called with application keys, metered."""

from haina.services.gateway.contracts import ServiceSpec
from haina.services.gateway.registry import (
    Service,
    find_service,
    list_services,
    put_service,
    retire_service,
)

__all__ = [
    "Service",
    "ServiceSpec",
    "find_service",
    "list_services",
    "put_service",
    "retire_service",
]
