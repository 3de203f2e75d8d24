"""The catalogue, for pages."""

from typing import Annotated

from fastapi import APIRouter, Query, Request

from haina.catalogue.inventory.inventory import (
    Entry,
    EntryPage,
    Facets,
    entries,
    facets,
    find_entry,
)
from haina.security.access import Permission, Subject, guard

router = APIRouter(prefix="/api/catalogue", tags=["数据目录"])
Reader = Annotated[Subject, guard(Permission.CATALOGUE_READ)]
Short = Annotated[str | None, Query(max_length=100)]


@router.get("/entries", operation_id="list_entries")
def get_entries(
    request: Request,
    _subject: Reader,
    text: Annotated[str, Query(max_length=100)] = "",
    agency: Short = None,
    zone: Short = None,
    theme: Short = None,
    sharing: Short = None,
    after: Short = None,
    limit: Annotated[int, Query(ge=1, le=200)] = 50,
) -> EntryPage:
    """按词和分面找信息资源,按名称逐页。"""
    with request.app.state.platform.database.read() as connection:
        return entries(
            connection,
            text=text,
            agency=agency,
            zone=zone,
            theme=theme,
            sharing=sharing,
            after=after,
            limit=limit,
        )


@router.get("/facets", operation_id="entry_facets")
def get_facets(request: Request, _subject: Reader) -> Facets:
    """各分面的条数。"""
    with request.app.state.platform.database.read() as connection:
        return facets(connection)


@router.get("/entries/{dataset}", operation_id="find_entry")
def get_entry(request: Request, _subject: Reader, dataset: str) -> Entry:
    """一条信息资源。"""
    with request.app.state.platform.database.read() as connection:
        return find_entry(connection, dataset)
