"""Engines: where SQL is computed. The door of the sandbox; importing it imports no engine."""

from haina.compute.engines.contracts import (
    QUERY_CANCELLED,
    QUERY_FAILED,
    QUERY_MEMORY,
    QUERY_TIMEOUT,
    QUERY_TOO_LARGE,
    SANDBOX_DOWN,
    Limits,
    Page,
    SandboxTable,
)
from haina.compute.engines.pool import SandboxPool, walls
from haina.compute.engines.session import Batches, Session

__all__ = [
    "QUERY_CANCELLED",
    "QUERY_FAILED",
    "QUERY_MEMORY",
    "QUERY_TIMEOUT",
    "QUERY_TOO_LARGE",
    "SANDBOX_DOWN",
    "Batches",
    "Limits",
    "Page",
    "SandboxPool",
    "SandboxTable",
    "Session",
    "walls",
]
