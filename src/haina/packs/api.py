"""Definitions, for screens: what is in force, and a change of it."""

from typing import Annotated, Any

from fastapi import APIRouter, Request

from haina.packs.editing import definition, edit
from haina.security.access import Permission, Subject, guard

router = APIRouter(prefix="/api/definitions", tags=["应用包"])
Reader = Annotated[Subject, guard(Permission.SOURCES_READ)]
Steerer = Annotated[Subject, guard(Permission.SOURCES_STEER)]


@router.get("/{name}", operation_id="find_definition")
def get_definition(request: Request, _subject: Reader, name: str) -> dict[str, Any]:
    """一个对象(如 source:名、model:分层.名)现行的定义。"""
    return definition(request.app.state.platform, name)


@router.put("/{name}", operation_id="edit_definition")
def put_definition(
    request: Request, subject: Steerer, name: str, body: dict[str, Any]
) -> dict[str, Any]:
    """改一个对象的定义,立即生效;下次应用包时与文件夹三方合并。"""
    platform = request.app.state.platform
    edit(platform, name, body, subject.person)
    return definition(platform, name)
