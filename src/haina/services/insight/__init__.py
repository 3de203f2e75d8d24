"""分析、驾驶舱: what happens, where, how sure we are, who acts."""

from haina.services.insight.contracts import CockpitSpec, FigureSpec, MapSpec, PlacesSpec
from haina.services.insight.maps import check_maps, keep_maps
from haina.services.insight.registry import list_cockpits, put_cockpit, retire_cockpit

__all__ = [
    "CockpitSpec",
    "FigureSpec",
    "MapSpec",
    "PlacesSpec",
    "check_maps",
    "keep_maps",
    "list_cockpits",
    "put_cockpit",
    "retire_cockpit",
]
