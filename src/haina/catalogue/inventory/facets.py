"""The facets of entries, each one expression: what narrows a list and what is counted are the same.

Freshness is the age of the newest version; quality the part of the checked rows without a problem.
"""

from datetime import timedelta
from typing import Any

import sqlalchemy as sa

from haina.catalogue.inventory.tables import entry_table as table
from haina.catalogue.inventory.tables import fact_table as fact
from haina.kernel import clock

ZONES = ("ods", "std", "base", "theme", "topic")
FRESH = (("day", timedelta(days=1)), ("week", timedelta(days=7)), ("month", timedelta(days=31)))
GOOD = (("clean", 1.0), ("good", 0.99), ("fair", 0.95))


def expressions() -> dict[str, sa.ColumnElement[Any]]:
    """By facet, its value for an entry that is joined with its facts."""
    return {
        "agency": table.c.agency,
        "zone": _zone(),
        "theme": table.c.theme,
        "grade": table.c.grade,
        "sharing": table.c.sharing,
        "fresh": _fresh(),
        "quality": _quality(),
    }


def _zone() -> sa.ColumnElement[str]:
    return sa.case(*((table.c.dataset.startswith(f"{zone}."), zone) for zone in ZONES), else_="")


def _fresh() -> sa.ColumnElement[str]:
    now = clock.now()
    return sa.case(
        (fact.c.updated_at.is_(None), "never"),
        *((fact.c.updated_at > now - age, name) for name, age in FRESH),
        else_="older",
    )


def _quality() -> sa.ColumnElement[str]:
    """A dataset without rows has no part that is good: it counts as not checked."""
    good = 1.0 - sa.cast(fact.c.failed, sa.Float) / sa.func.nullif(fact.c.checked, 0)
    return sa.case(
        (good.is_(None), "unchecked"),
        *((good >= least, name) for name, least in GOOD),
        else_="poor",
    )
