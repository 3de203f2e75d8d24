"""Sign-in, sign-out, who am I, change of password."""

from typing import Annotated

from fastapi import APIRouter, Request, Response
from pydantic import BaseModel, Field

from haina.security.access.contracts import Subject
from haina.security.access.guard import COOKIE, guard
from haina.security.access.sessions import sign_in, sign_out
from haina.security.access.users import change_password

router = APIRouter(prefix="/api/session", tags=["身份"])
AnySubject = Annotated[Subject, guard(None)]


class SignIn(BaseModel):
    name: str = Field(max_length=60)
    password: str = Field(max_length=200)


class ChangePassword(BaseModel):
    old: str = Field(max_length=200)
    new: str = Field(max_length=200)


class Me(BaseModel):
    name: str
    title: str
    roles: list[str]
    role_titles: list[str]
    agency: str | None
    permissions: list[str]
    must_change: bool


def _me(subject: Subject) -> Me:
    roles = sorted(subject.roles)
    return Me(
        name=subject.person,
        title=subject.title,
        roles=[role.value for role in roles],
        role_titles=[role.label for role in roles],
        agency=subject.agency,
        permissions=sorted(permission.value for permission in subject.permissions),
        must_change=subject.must_change,
    )


@router.post("", operation_id="sign_in", openapi_extra={"x-public": True})
def post_session(body: SignIn, request: Request, response: Response) -> Me:
    """登录;凭据写入 HttpOnly Cookie。"""
    platform = request.app.state.platform
    token, subject = sign_in(platform, body.name, body.password)
    response.set_cookie(
        COOKIE,
        token,
        httponly=True,
        samesite="strict",
        path="/",
        secure=request.url.scheme == "https",
        max_age=int(platform.settings.session_hours * 3600),
    )
    return _me(subject)


@router.get("", operation_id="me")
def get_session(subject: AnySubject) -> Me:
    """当前登录的人及其权限。"""
    return _me(subject)


@router.delete("", operation_id="sign_out", status_code=204, dependencies=[guard(None)])
def delete_session(request: Request, response: Response) -> None:
    """退出登录。"""
    sign_out(request.app.state.platform, request.cookies[COOKIE])
    response.delete_cookie(COOKIE, path="/")


@router.post("/password", operation_id="change_password", status_code=204)
def post_password(body: ChangePassword, request: Request, subject: AnySubject) -> None:
    """修改自己的口令;其他地方的登录随之失效。"""
    change_password(request.app.state.platform, subject.person, body.old, body.new)
