"""编目: entries that agencies declare, each carried by a dataset."""

from haina.catalogue.inventory.inventory import (
    Entry,
    EntryPage,
    EntrySpec,
    Facets,
    count_entries,
    entries,
    facets,
    find_entry,
    put_entry,
    retire_entry,
)

__all__ = [
    "Entry",
    "EntryPage",
    "EntrySpec",
    "Facets",
    "count_entries",
    "entries",
    "facets",
    "find_entry",
    "put_entry",
    "retire_entry",
]
