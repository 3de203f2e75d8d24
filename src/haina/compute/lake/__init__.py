"""存: Delta tables by zone, versions with a pointer, written by the protocol of design §4."""

from haina.compute.lake.contracts import (
    Dataset,
    DatasetSpec,
    ItemSpec,
    Pinned,
    Version,
    WriteMode,
    Written,
)
from haina.compute.lake.datasets import (
    columns_of,
    current,
    datasets,
    declare,
    find_dataset,
    has_version,
    path_of,
    pinned,
    retire,
    stale_pointer,
    version_at,
    versions,
)
from haina.compute.lake.durable import commit_actions, file_names, sync_file
from haina.compute.lake.retention import compact, sweep, tidy
from haina.compute.lake.writer import Draft, write

__all__ = [
    "Dataset",
    "DatasetSpec",
    "Draft",
    "ItemSpec",
    "Pinned",
    "Version",
    "WriteMode",
    "Written",
    "columns_of",
    "commit_actions",
    "compact",
    "current",
    "datasets",
    "declare",
    "file_names",
    "find_dataset",
    "has_version",
    "path_of",
    "pinned",
    "retire",
    "stale_pointer",
    "sweep",
    "sync_file",
    "tidy",
    "version_at",
    "versions",
    "write",
]
