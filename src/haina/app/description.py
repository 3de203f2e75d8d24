"""The OpenAPI description of the platform's API: from it the web's client is generated, and against
it every answer is tested."""

from typing import Any

from fastapi import FastAPI

import haina
from haina.app.http import ROUTERS

_JSON = "application/json"
_ERROR = {
    "title": "Error",
    "description": "The one shape of an error, whatever its status.",
    "type": "object",
    "required": ["error"],
    "properties": {
        "error": {
            "type": "object",
            "required": ["code", "message", "field", "hint", "details"],
            "properties": {
                "code": {"type": "string", "description": "docs/reference/errors.md"},
                "message": {"type": "string"},
                "field": {"type": ["string", "null"]},
                "hint": {"type": "string"},
                "details": {"type": "object"},
            },
        }
    },
}


def openapi_document() -> dict[str, Any]:
    """Needs no installation."""
    app = FastAPI(title="海纳 Haina", version=haina.__version__)
    for router in ROUTERS:
        app.include_router(router)
    document = app.openapi()
    schemas = document["components"]["schemas"]
    for name in ("HTTPValidationError", "ValidationError"):  # what our own handler replaces
        schemas.pop(name, None)
    schemas["Error"] = _ERROR
    for path in document["paths"].values():
        for operation in path.values():
            _refuses(operation["responses"])
    return document


def _refuses(responses: dict[str, Any]) -> None:
    responses.pop("422", None)
    content = {_JSON: {"schema": {"$ref": "#/components/schemas/Error"}}}
    responses["default"] = {"description": "拒绝或失败,附代号、原因和办法", "content": content}
