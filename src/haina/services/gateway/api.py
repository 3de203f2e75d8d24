"""Data services, for pages: documentation, try-it, keys."""

from typing import Annotated

from fastapi import APIRouter, Request

from haina.security.access import Permission, Subject, guard
from haina.services.gateway.registry import Service, find_service, list_services

router = APIRouter(prefix="/api/services", tags=["数据服务"])
Reader = Annotated[Subject, guard(Permission.SERVICES_READ)]


@router.get("", operation_id="list_services")
def get_services(request: Request, _subject: Reader) -> list[Service]:
    """全部数据服务。"""
    with request.app.state.platform.database.read() as connection:
        return list_services(connection)


@router.get("/{name}", operation_id="find_service")
def get_service(request: Request, _subject: Reader, name: str) -> Service:
    """一个数据服务的声明。"""
    with request.app.state.platform.database.read() as connection:
        return find_service(connection, name)
