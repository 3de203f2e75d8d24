"""All SQL on profiles."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from haina.compute.profiles.tables import profile_table as table


def known(
    connection: Connection, dataset: str, version: int, masks: str, items: Sequence[str]
) -> dict[str, dict[str, Any]]:
    """What was computed under the same masks, by item."""
    query = sa.select(table.c.item, table.c.found).where(
        table.c.dataset == dataset,
        table.c.version == version,
        table.c.masks == masks,
        table.c.item.in_(items),
    )
    return {row.item: row.found for row in connection.execute(query)}


def keep(
    connection: Connection,
    dataset: str,
    version: int,
    masks: str,
    found: dict[str, dict[str, Any]],
    moment: datetime,
) -> None:
    """Keep what was found; profiles of other versions, and of these items, go."""
    old = sa.or_(table.c.version != version, table.c.item.in_(list(found)))
    connection.execute(table.delete().where(table.c.dataset == dataset, old))
    common = {"dataset": dataset, "version": version, "masks": masks, "at": moment}
    rows = [{**common, "item": item, "found": one} for item, one in found.items()]
    connection.execute(table.insert(), rows)
