"""应用包: a folder of declarations; planned, applied, exported."""

from haina.packs.applying import apply
from haina.packs.editing import definition, edit
from haina.packs.exporting import export
from haina.packs.planning import Change, Plan, plan
from haina.packs.reading import read_pack
from haina.packs.schema import Pack, PackSpec

__all__ = [
    "Change",
    "Pack",
    "PackSpec",
    "Plan",
    "apply",
    "definition",
    "edit",
    "export",
    "plan",
    "read_pack",
]
