"""People, for the page of the security administrator."""

from dataclasses import dataclass
from datetime import datetime
from typing import Annotated

from fastapi import APIRouter, Request
from pydantic import BaseModel, Field

from haina.app.people import add_person, change_person
from haina.coordination.organizations import list_organizations
from haina.security.access import (
    Permission,
    Role,
    Subject,
    User,
    disable_user,
    list_users,
    reset_password,
)
from haina.security.access.guard import guard

router = APIRouter(prefix="/api/people", tags=["人员"])
Steerer = Annotated[Subject, guard(Permission.USERS_STEER)]


class Rights(BaseModel):
    """What a person is called and may do."""

    title: str = Field(max_length=100)
    roles: list[str] = Field(max_length=20)
    agency: str | None = Field(None, max_length=60)


class NewPerson(Rights):
    name: str = Field(max_length=60)


@dataclass(frozen=True)
class Person:
    name: str
    title: str
    roles: list[str]
    agency: str | None
    disabled: bool
    must_change: bool
    created_at: datetime
    last_seen_at: datetime | None


@dataclass(frozen=True)
class RoleChoice:
    """`alone`: its holder may hold no other."""

    name: str
    title: str
    alone: bool


@dataclass(frozen=True)
class AgencyChoice:
    code: str
    title: str
    short: str
    initials: str


@dataclass(frozen=True)
class People:
    """Everyone, and what can be chosen for them: who steers people may read no catalogue."""

    people: list[Person]
    roles: list[RoleChoice]
    agencies: list[AgencyChoice]


@dataclass(frozen=True)
class FirstPassword:
    """Told once; it must be changed at the first sign-in."""

    name: str
    password: str


def _person(user: User) -> Person:
    return Person(
        user.name, user.title, [role.value for role in user.roles], user.agency, user.disabled,
        user.must_change, user.created_at, user.last_seen_at,
    )  # fmt: skip


@router.get("", operation_id="people")
def get_people(request: Request, _subject: Steerer) -> People:
    """全部人员,可选的角色和部门。"""
    with request.app.state.platform.database.read() as connection:
        users, units = list_users(connection), list_organizations(connection)
    return People(
        [_person(user) for user in users],
        [RoleChoice(role.value, role.label, role.alone) for role in Role],
        [AgencyChoice(one.code, one.title, one.short, one.initials) for one in units],
    )


@router.post("", operation_id="add_person", status_code=201)
def post_person(request: Request, subject: Steerer, body: NewPerson) -> FirstPassword:
    """新增人员;初始口令只显示这一次,首次登录须改。"""
    platform = request.app.state.platform
    password = add_person(platform, subject.person, body.name, body.title, body.roles, body.agency)
    return FirstPassword(body.name, password)


@router.put("/{name}", operation_id="change_person", status_code=204)
def put_person(request: Request, subject: Steerer, name: str, body: Rights) -> None:
    """改姓名、角色、部门;其登录立即失效。"""
    platform = request.app.state.platform
    change_person(platform, subject.person, name, body.title, body.roles, body.agency)


@router.post("/{name}/password", operation_id="reset_person", status_code=201)
def post_password(request: Request, subject: Steerer, name: str) -> FirstPassword:
    """重置口令,解除锁定;其登录立即失效。新的初始口令只显示这一次。"""
    password = reset_password(request.app.state.platform, subject.person, name)
    return FirstPassword(name, password)


@router.post("/{name}/disable", operation_id="disable_person", status_code=204)
def post_disable(request: Request, subject: Steerer, name: str) -> None:
    """停用;其登录立即失效。"""
    disable_user(request.app.state.platform, subject.person, name)


@router.post("/{name}/enable", operation_id="enable_person", status_code=204)
def post_enable(request: Request, subject: Steerer, name: str) -> None:
    """重新启用。"""
    disable_user(request.app.state.platform, subject.person, name, disabled=False)
