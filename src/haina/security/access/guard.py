"""The guard of routes: `subject: Annotated[Subject, guard(Permission.RUNS_READ)]`.

A route that names no permission is refused at start-up (app.http), so nothing is open by mistake.
"""

from typing import Any

from fastapi import Depends, Request

from haina.kernel.errors import FORBIDDEN, UNAUTHENTICATED
from haina.security.access.contracts import MUST_CHANGE, Permission, Subject
from haina.security.access.sessions import subject_of_token

COOKIE = "haina_session"


def caller(request: Request) -> Subject | None:
    """Who asks, as of now; None once the session has ended."""
    token = request.cookies.get(COOKIE)
    return subject_of_token(request.app.state.platform, token) if token else None


class Guard:
    """Depends on this: it signs the caller in by cookie and asks for one permission.

    `permission` None means any signed-in person, even one who has yet to change the password.
    """

    def __init__(self, permission: Permission | None) -> None:
        self.permission = permission

    def __call__(self, request: Request) -> Subject:
        subject = caller(request)
        if subject is None:
            raise UNAUTHENTICATED()
        if self.permission is not None:
            if subject.must_change:
                raise MUST_CHANGE()
            if not subject.may(self.permission):
                raise FORBIDDEN(f"需要权限 {self.permission.value}")
        return subject


def guard(permission: Permission | None) -> Any:
    """A FastAPI dependency that yields the Subject."""
    return Depends(Guard(permission))
