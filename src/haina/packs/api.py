"""Definitions, for screens: what is in force, and a change of it."""

from typing import Annotated, Any

from fastapi import APIRouter, Request
from pydantic import BaseModel, Field

from haina.packs.editing import definition, edit
from haina.packs.making import Made, make_source
from haina.packs.publishing import publish_service
from haina.resources.collect.connecting import draft_of
from haina.security.access import Permission, Subject
from haina.security.access.guard import guard

router = APIRouter(prefix="/api/definitions", tags=["应用包"])
Reader = Annotated[Subject, guard(Permission.SOURCES_READ)]
Steerer = Annotated[Subject, guard(Permission.SOURCES_STEER)]
Publisher = Annotated[Subject, guard(Permission.SERVICES_STEER)]


class NewSource(BaseModel):
    """`source`: the declaration as in a pack's sources/*.yaml, without kind and connection: those
    are the draft's."""

    draft: str = Field(max_length=20)
    source: dict[str, Any]


class NewService(BaseModel):
    """`service`: the declaration as in a pack's services/*.yaml."""

    service: dict[str, Any]


class PublishedService(BaseModel):
    name: str


@router.post("/sources", operation_id="make_source", status_code=201)
def post_source(request: Request, subject: Steerer, body: NewSource) -> Made:
    """接入一个数据源:由试过的连接和选定的表生成定义,随即首次采集。"""
    platform = request.app.state.platform
    with platform.database.read() as connection:
        draft = draft_of(connection, body.draft, subject.person)
    return make_source(platform, draft, body.source, subject.person)


@router.post("/services", operation_id="publish_service", status_code=201)
def post_service(request: Request, subject: Publisher, body: NewService) -> PublishedService:
    """发布一个数据服务:写法与应用包的 services/*.yaml 相同,立即生效。"""
    platform = request.app.state.platform
    return PublishedService(name=publish_service(platform, body.service, subject.person))


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
