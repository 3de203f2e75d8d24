"""血缘: which dataset and item comes from which, and who uses it."""

from haina.catalogue.lineage.lineage import (
    Edge,
    Use,
    all_inputs,
    downstream,
    edges_into,
    edges_out_of,
    put_lineage,
    put_use,
    remove_lineage,
    remove_use,
    uses_of,
)

__all__ = [
    "Edge",
    "Use",
    "all_inputs",
    "downstream",
    "edges_into",
    "edges_out_of",
    "put_lineage",
    "put_use",
    "remove_lineage",
    "remove_use",
    "uses_of",
]
