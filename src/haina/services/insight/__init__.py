"""分析、驾驶舱: what happens, where, how sure we are, who acts."""

from haina.services.insight.contracts import CockpitSpec, FigureSpec, PlacesSpec
from haina.services.insight.registry import list_cockpits, put_cockpit, retire_cockpit

__all__ = [
    "CockpitSpec",
    "FigureSpec",
    "PlacesSpec",
    "list_cockpits",
    "put_cockpit",
    "retire_cockpit",
]
