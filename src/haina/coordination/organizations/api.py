"""Organizations, for pages."""

from typing import Annotated

from fastapi import APIRouter, Request

from haina.coordination.organizations.organizations import Organization, list_organizations
from haina.security.access import Permission, Subject
from haina.security.access.guard import guard

router = APIRouter(prefix="/api/organizations", tags=["统筹管理"])


@router.get("", operation_id="list_organizations")
def get_organizations(
    request: Request, _subject: Annotated[Subject, guard(Permission.CATALOGUE_READ)]
) -> list[Organization]:
    """全部机构,按次序。"""
    with request.app.state.platform.database.read() as connection:
        return list_organizations(connection)
