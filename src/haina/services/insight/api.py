"""The cockpit, for its page."""

from dataclasses import dataclass
from typing import Annotated

from fastapi import APIRouter, Request
from fastapi.responses import FileResponse

from haina.kernel.errors import HainaError
from haina.kernel.platform import Platform
from haina.security.access import Permission, Subject
from haina.security.access.guard import guard
from haina.services.insight.cockpit import Overview, overview
from haina.services.insight.contracts import CockpitSpec, FigureSpec
from haina.services.insight.figures import Figure, Figures, Places
from haina.services.insight.maps import map_digest, map_path
from haina.services.insight.registry import list_cockpits

router = APIRouter(prefix="/api/cockpit", tags=["驾驶舱"])


@dataclass(frozen=True)
class Map:
    """`digest` is in the address of the tiles: another map, another address."""

    digest: str
    title: str
    focus: str | None
    approval: str | None
    source: str
    datum: str


@dataclass(frozen=True)
class Cockpit:
    """`title`, `figures`, `places` and `map` come from the pack's cockpit, if one is applied."""

    title: str
    overview: Overview
    figures: list[Figure]
    places: Places | None
    map: Map | None


@router.get("", operation_id="cockpit")
def get_cockpit(
    request: Request, subject: Annotated[Subject, guard(Permission.COCKPIT_READ)]
) -> Cockpit:
    """驾驶舱的全部数字,各带来源。"""
    state = request.app.state
    if not hasattr(state, "figures"):
        state.figures = Figures(state.engine)
    with state.platform.database.read() as connection:
        found, specs = overview(connection), list_cockpits(connection)
    spec = specs[0] if specs else CockpitSpec(title="政务数据驾驶舱")
    kept: Figures = state.figures
    figures = [figure for one in spec.figures if (figure := _try(kept, subject, one)) is not None]
    places = None
    if spec.places is not None:
        try:
            places = kept.places(subject, spec.places)
        except HainaError:
            places = None  # not made yet: the page says so
    return Cockpit(spec.title, found, figures, places, _map(state.platform, spec))


@router.get("/map/{digest}", operation_id="cockpit_map", response_class=FileResponse)
def get_map(
    request: Request, _subject: Annotated[Subject, guard(Permission.COCKPIT_READ)], digest: str
) -> FileResponse:
    """地图的矢量瓦片(PMTiles),按字节范围读取。"""
    return FileResponse(
        map_path(request.app.state.platform, digest),
        media_type="application/octet-stream",
        headers={"Cache-Control": "private, max-age=31536000, immutable"},
    )


def _map(platform: Platform, spec: CockpitSpec) -> Map | None:
    digest = map_digest(platform, spec)
    if digest is None or spec.map is None:
        return None
    told = spec.map
    return Map(digest, told.title, told.focus, told.approval, told.source, told.datum)


def _try(kept: Figures, subject: Subject, spec: FigureSpec) -> Figure | None:
    """A figure whose dataset has no data yet is left out, never shown as zero."""
    try:
        return kept.figure(subject, spec)
    except HainaError:
        return None
