"""The catalogue, for pages."""

from typing import Annotated, Literal

from fastapi import APIRouter, Depends, Query, Request

from haina.catalogue.inventory.inventory import (
    Entry,
    EntryFilter,
    EntryPage,
    Facets,
    entries,
    facets,
    find_entry,
)
from haina.catalogue.inventory.meanings import Meaning, meanings
from haina.security.access import Permission, Subject
from haina.security.access.guard import guard

router = APIRouter(prefix="/api/catalogue", tags=["数据目录"])
Reader = Annotated[Subject, guard(Permission.CATALOGUE_READ)]
Short = Annotated[str | None, Query(max_length=100)]
Words = Annotated[str, Query(max_length=100)]


def _filter(
    agency: Short = None,
    zone: Short = None,
    theme: Short = None,
    grade: Annotated[int | None, Query(ge=1, le=4)] = None,
    sharing: Short = None,
    fresh: Literal["day", "week", "month", "older", "never"] | None = None,
    quality: Literal["clean", "good", "fair", "poor", "unchecked"] | None = None,
) -> EntryFilter:
    return EntryFilter(agency, zone, theme, grade, sharing, fresh, quality)


Wanted = Annotated[EntryFilter, Depends(_filter)]


@router.get("/entries", operation_id="list_entries")
def get_entries(
    request: Request,
    _subject: Reader,
    wanted: Wanted,
    text: Words = "",
    after: Short = None,
    limit: Annotated[int, Query(ge=1, le=200)] = 50,
) -> EntryPage:
    """按词和分面找信息资源,按名称逐页。"""
    with request.app.state.platform.database.read() as connection:
        return entries(connection, wanted, text=text, after=after, limit=limit)


@router.get("/facets", operation_id="entry_facets")
def get_facets(request: Request, _subject: Reader, wanted: Wanted, text: Words = "") -> Facets:
    """各分面各值的条数,随别的条件变;一个分面不受自己所选的限制。"""
    with request.app.state.platform.database.read() as connection:
        return facets(connection, wanted, text=text)


@router.get("/entries/{dataset}", operation_id="find_entry")
def get_entry(request: Request, _subject: Reader, dataset: str) -> Entry:
    """一条信息资源。"""
    with request.app.state.platform.database.read() as connection:
        return find_entry(connection, dataset)


@router.get("/meanings", operation_id="element_meanings")
def get_meanings(
    request: Request,
    _subject: Reader,
    elements: Annotated[str, Query(max_length=20_000, description="逗号分隔")],
) -> list[Meaning]:
    """数据元的标准含义:名称、格式、范围、代码集;没有的略去。"""
    with request.app.state.platform.database.read() as connection:
        return meanings(connection, elements.split(","))
