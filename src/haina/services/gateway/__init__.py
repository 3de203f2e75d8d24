"""接口: data services, declared by packs, called with application keys, metered."""

from haina.services.gateway.contracts import ServiceSpec
from haina.services.gateway.describe import curl_of
from haina.services.gateway.keys import Key, add_key, disable_key, list_keys
from haina.services.gateway.registry import (
    Service,
    find_service,
    list_services,
    put_service,
    retire_service,
)
from haina.services.gateway.serving import SERVE, build_copy, on_version_published, request_copies

__all__ = [
    "SERVE",
    "Key",
    "Service",
    "ServiceSpec",
    "add_key",
    "build_copy",
    "curl_of",
    "disable_key",
    "find_service",
    "list_keys",
    "list_services",
    "on_version_published",
    "put_service",
    "request_copies",
    "retire_service",
]
