"""The cockpit as a pack declares it."""

from typing import Annotated, Literal

from pydantic import StringConstraints

from haina.kernel.declaration import DatasetName, Declaration, Name, Title


class FigureSpec(Declaration):
    """A large figure: rows of a dataset, or a sum of an item over it."""

    title: Title
    dataset: DatasetName
    function: Literal["count", "sum"] = "count"
    item: Name | None = None
    unit: str = ""


class PlacesSpec(Declaration):
    """The schematic: a dataset with one row a place; drawn as tiles, labelled 示意."""

    dataset: DatasetName
    code: Name
    name: Name
    figures: tuple[Name, ...]


class MapSpec(Declaration):
    """The map of the cockpit: vector tiles (PMTiles) in the pack's maps/, with the layers
    `district` (areas with code and name) and `label` (a point for each name).

    `focus`: the code of the district that the cockpit is about. `approval`: its 审图号; without one
    the page says 非审定地图. `datum`, `source`: where the coordinates come from, told beside it.
    """

    file: Annotated[str, StringConstraints(pattern=r"^maps/[A-Za-z0-9_-]{1,60}\.pmtiles$")]
    title: Title
    focus: str | None = None
    approval: str | None = None
    source: str = ""
    datum: str = ""


class CockpitSpec(Declaration):
    """pages/cockpit.yaml."""

    name: Name = "cockpit"
    title: Title
    figures: tuple[FigureSpec, ...] = ()
    places: PlacesSpec | None = None
    map: MapSpec | None = None
