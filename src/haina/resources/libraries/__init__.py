"""治理: `ods` made into `std` by its bindings, models, check results, and what became stale."""

from haina.resources.libraries.checks import CheckResult, CheckSummary, results_of, summaries
from haina.resources.libraries.conform import CONFORM, conform, declare_conform, retire_conform
from haina.resources.libraries.models import (
    BUILD,
    Model,
    build,
    declare_model,
    find_model,
    list_models,
    retire_model,
)
from haina.resources.libraries.stale import on_version_published, request_stale

__all__ = [
    "BUILD",
    "CONFORM",
    "CheckResult",
    "CheckSummary",
    "Model",
    "build",
    "conform",
    "declare_conform",
    "declare_model",
    "find_model",
    "list_models",
    "on_version_published",
    "request_stale",
    "results_of",
    "retire_conform",
    "retire_model",
    "summaries",
]
