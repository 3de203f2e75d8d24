"""Profiles and differences of versions, for pages."""

from typing import Annotated

from fastapi import APIRouter, Query, Request

from haina.compute.door import Engine
from haina.compute.profiles.contracts import Profile
from haina.compute.profiles.differences import Difference, difference
from haina.compute.profiles.profile import profile
from haina.security.access import Permission, Subject
from haina.security.access.guard import guard

router = APIRouter(prefix="/api/datasets", tags=["算力设施"])
Previewer = Annotated[Subject, guard(Permission.DATA_PREVIEW)]


@router.get("/{name}/profile", operation_id="dataset_profile")
def get_profile(
    request: Request,
    subject: Previewer,
    name: str,
    after: Annotated[int, Query(ge=0, le=100_000)] = 0,
) -> Profile:
    """当前版本各信息项的剖面,每次一页;敏感项只有计数,没有值。"""
    engine: Engine = request.app.state.engine
    return profile(engine, subject, name, after)


@router.get("/{name}/difference", operation_id="version_difference")
def get_difference(
    request: Request,
    subject: Previewer,
    name: str,
    before: Annotated[int, Query(ge=0)],
    after: Annotated[int, Query(ge=0)],
) -> Difference:
    """两个版本的不同:列、输入,有主键的还有增、改、删的行数。"""
    engine: Engine = request.app.state.engine
    return difference(engine, subject, name, before, after)
