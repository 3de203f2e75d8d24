"""OpenAPI 3.1 of data services, from their declarations."""

from collections.abc import Mapping
from typing import Any

from haina.compute.lake import Dataset
from haina.services.gateway.contracts import ServiceSpec

_STATUSES = {
    "400": "请求有误",
    "401": "密钥无效",
    "403": "密钥不能调用此服务",
    "422": "参数有误",
    "429": "调用过于频繁",
    "503": "暂不可用",
}


def openapi_of(services: list[tuple[ServiceSpec, Dataset | None]]) -> dict[str, Any]:
    """One document for some services."""
    return {
        "openapi": "3.1.0",
        "info": {"title": "海纳数据服务", "version": "1"},
        "security": [{"key": []}],
        "components": {"securitySchemes": {"key": {"type": "http", "scheme": "bearer"}}},
        "paths": {f"/data/{spec.name}": _path(spec, dataset) for spec, dataset in services},
    }


def _path(spec: ServiceSpec, dataset: Dataset | None) -> dict[str, Any]:
    titles = {item.name: item.title for item in dataset.items} if dataset else {}
    responses: dict[str, Any] = {
        "200": {
            "description": "成功",
            "content": {"application/json": {"schema": _answer(spec, titles)}},
        }
    }
    responses |= {code: {"description": words} for code, words in _STATUSES.items()}
    return {
        "get": {
            "operationId": spec.name,
            "summary": spec.title,
            "description": spec.summary,
            "parameters": [
                {
                    "name": name,
                    "in": "query",
                    "required": needed,
                    "description": titles.get(name, ""),
                    "schema": {"type": "string"},
                }
                for name, needed in parameters_of(spec)
            ],
            "responses": responses,
        }
    }


def curl_of(spec: ServiceSpec, key: str, site: str) -> str:
    """A call to be copied: the parameters that are needed, with their names in place of values."""
    needed = [name for name, must in parameters_of(spec) if must]
    query = " ".join(f"--data-urlencode '{name}=<{name}>'" for name in needed)
    return f"curl -G -H 'Authorization: Bearer {key}' {site}/data/{spec.name} {query}".strip()


def parameters_of(spec: ServiceSpec) -> list[tuple[str, bool]]:
    """(name, needed) of each parameter."""
    found = [(name, True) for name in (*spec.by, *spec.compare)]
    found += [(name, False) for name in spec.filters]
    if spec.kind == "list":
        found += [("limit", False), ("after", False)]
    return found


def _answer(spec: ServiceSpec, titles: Mapping[str, str]) -> dict[str, Any]:
    if spec.kind == "verify":
        return _object({"agrees": {"type": "boolean", "description": "所给的值是否全部一致"}})
    names = spec.returns or (*spec.group_by, *spec.figures)
    figures = {name: figure.title for name, figure in spec.figures.items()}
    row = _object(
        {name: {"description": figures.get(name) or titles.get(name, "")} for name in names}
    )
    fields: dict[str, Any] = {"rows": {"type": "array", "items": row}}
    if spec.kind == "list":
        fields["next_after"] = {"type": ["string", "null"]}
    if spec.kind == "aggregate":
        fields |= {"hidden_groups": {"type": "integer"}, "smallest_group": {"type": "integer"}}
    return _object(fields)


def _object(properties: dict[str, Any]) -> dict[str, Any]:
    return {"type": "object", "properties": properties}
