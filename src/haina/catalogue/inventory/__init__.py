"""编目: entries that agencies declare, each carried by a dataset."""

from haina.catalogue.inventory.inventory import (
    Entry,
    EntryFilter,
    EntryPage,
    EntrySpec,
    Facets,
    best_entries,
    count_entries,
    entries,
    facets,
    find_entry,
    note_check,
    note_update,
    put_entry,
    retire_entry,
)

__all__ = [
    "Entry",
    "EntryFilter",
    "EntryPage",
    "EntrySpec",
    "Facets",
    "best_entries",
    "count_entries",
    "entries",
    "facets",
    "find_entry",
    "note_check",
    "note_update",
    "put_entry",
    "retire_entry",
]
