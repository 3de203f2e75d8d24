"""The platform's HTTP application: routes of all modules, one shape of errors, the web pages."""

import asyncio
import logging
from collections.abc import Awaitable, Callable, Iterable, Iterator
from pathlib import Path
from typing import Any

from fastapi import FastAPI, Request, Response
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from fastapi.routing import APIRoute
from starlette.exceptions import HTTPException

import haina
from haina.app import people_api, search_api, system_api
from haina.app.web import serve_pages
from haina.catalogue.inventory import api as inventory_api
from haina.catalogue.lineage import api as lineage_api
from haina.compute import Engine, query_api, runs_api
from haina.compute import api as compute_api
from haina.compute.profiles import api as profiles_api
from haina.coordination.organizations import api as organizations_api
from haina.kernel.complaints import words_of
from haina.kernel.disk import disk_error
from haina.kernel.errors import BAD_INPUT, FORBIDDEN, INTERNAL, NOT_FOUND, HainaError
from haina.kernel.ids import new_id
from haina.kernel.platform import Platform
from haina.packs import api as packs_api
from haina.resources.collect import api as collect_api
from haina.resources.collect import delivery_api, quarantine_api
from haina.resources.collect.connecting import api as connect_api
from haina.resources.libraries import api as libraries_api
from haina.resources.libraries import quality_api
from haina.security.access import api as access_api
from haina.security.access.guard import Guard
from haina.services.gateway import api as gateway_api
from haina.services.insight import api as insight_api

_log = logging.getLogger("haina")

ROUTERS = (
    access_api.router,
    organizations_api.router,
    inventory_api.router,
    lineage_api.router,
    query_api.router,
    compute_api.router,
    profiles_api.router,
    runs_api.router,
    collect_api.router,
    connect_api.router,
    quarantine_api.router,
    delivery_api.router,
    delivery_api.push_router,
    quality_api.router,
    libraries_api.router,
    libraries_api.models_router,
    gateway_api.router,
    insight_api.router,
    packs_api.router,
    people_api.router,
    search_api.router,
    system_api.router,
)

CONTENT_POLICY = (
    "default-src 'self'; script-src 'self'; style-src 'self' 'unsafe-inline'; "
    "img-src 'self' data: blob:; worker-src 'self' blob:; connect-src 'self'; font-src 'self'; "
    "frame-ancestors 'none'; base-uri 'none'; form-action 'self'"
)


def create_app(platform: Platform, engine: Engine, web: Path | None = None) -> FastAPI:
    """The application over an open installation. `web`: the built pages, if there are any."""
    app = FastAPI(
        title="海纳 Haina",
        version=haina.__version__,
        docs_url=None,
        redoc_url=None,
        openapi_url=None,
    )
    app.state.platform = platform
    app.state.engine = engine
    app.state.stopping = asyncio.Event()
    for router in ROUTERS:
        app.include_router(router)
    refuse_open_routes(app)
    _handle_errors(app)
    app.middleware("http")(_guarded)
    serve_pages(app, web)
    return app


def refuse_open_routes(app: FastAPI) -> None:
    """A route is denied until it names its permission: one that forgot stops the start."""
    for route in _all_routes(app.routes):
        if not isinstance(route, APIRoute) or not _is_guarded(route):
            raise RuntimeError(f"route without a permission: {route}")


def _all_routes(routes: Iterable[Any]) -> Iterator[Any]:
    """FastAPI keeps an included router as one entry, which holds its routes."""
    for route in routes:
        inner = getattr(route, "original_router", None)
        if inner is None:
            yield route
        else:
            yield from _all_routes(inner.routes)


def _is_guarded(route: APIRoute) -> bool:
    public = bool((route.openapi_extra or {}).get("x-public"))
    calls = [dependency.call for dependency in route.dependant.dependencies]
    return public or any(isinstance(call, Guard) for call in calls)


def _handle_errors(app: FastAPI) -> None:
    @app.exception_handler(HainaError)
    async def _known(_request: Request, error: HainaError) -> JSONResponse:
        headers = {"Retry-After": "5"} if error.status in (429, 503) else None
        return JSONResponse({"error": error.as_dict()}, error.status, headers)

    @app.exception_handler(RequestValidationError)
    async def _invalid(request: Request, error: RequestValidationError) -> JSONResponse:
        return await _known(request, _bad_input(error))

    @app.exception_handler(HTTPException)
    async def _http(request: Request, error: HTTPException) -> JSONResponse:
        found = (
            NOT_FOUND("没有这个地址")
            if error.status_code == 404
            else BAD_INPUT(f"请求方式不对({error.status_code})")
        )
        answer = await _known(request, found)
        answer.status_code = error.status_code
        return answer

    @app.exception_handler(Exception)
    async def _unknown(request: Request, error: Exception) -> JSONResponse:
        number = new_id()
        _log.exception("error %s at %s", number, request.url.path, exc_info=error)
        unexpected = INTERNAL(f"平台内部出错,编号 {number}", number=number)
        return await _known(request, disk_error(error) or unexpected)


def _bad_input(error: RequestValidationError) -> HainaError:
    first: dict[str, Any] = error.errors()[0]
    field = ".".join(str(part) for part in first["loc"] if part not in ("body", "query", "path"))
    return BAD_INPUT(f"{field or '请求内容'} {words_of(first)}", field=field or None)


async def _guarded(
    request: Request, call_next: Callable[[Request], Awaitable[Response]]
) -> Response:
    """Refuse acts that come from another site's page; say what browsers may do with ours."""
    if request.method not in ("GET", "HEAD", "OPTIONS") and not _same_origin(request):
        return JSONResponse({"error": FORBIDDEN("请求来自别的站点").as_dict()}, 403)
    response = await call_next(request)
    response.headers.setdefault("Content-Security-Policy", CONTENT_POLICY)
    response.headers.setdefault("X-Content-Type-Options", "nosniff")
    response.headers.setdefault("Referrer-Policy", "same-origin")
    return response


def _same_origin(request: Request) -> bool:
    origin = request.headers.get("origin")
    return origin is None or origin.split("://", 1)[-1] == request.headers.get("host")
