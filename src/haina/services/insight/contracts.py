"""The cockpit as a pack declares it."""

from typing import Literal

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


class CockpitSpec(Declaration):
    """pages/cockpit.yaml."""

    name: Name = "cockpit"
    title: Title
    figures: tuple[FigureSpec, ...] = ()
    places: PlacesSpec | None = None
