"""接入: a new source on screen — its connection tried, its tables looked at, its declaration
proposed. What is typed is kept sealed in a draft until the source is made; rows are shown, and
kept nowhere."""

from haina.resources.collect.connecting.drafts import (
    Draft,
    Upload,
    draft_of,
    forget_draft,
    opened_block,
    settle,
    start,
)
from haina.resources.collect.connecting.loading import first_loads
from haina.resources.collect.connecting.naming import code_name, item_names
from haina.resources.collect.connecting.proposing import (
    columns_of,
    guarded,
    propose_table,
    table_name,
)

__all__ = [
    "Draft",
    "Upload",
    "code_name",
    "columns_of",
    "draft_of",
    "first_loads",
    "forget_draft",
    "guarded",
    "item_names",
    "opened_block",
    "propose_table",
    "settle",
    "start",
    "table_name",
]
