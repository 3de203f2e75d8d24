"""What only one page of the crowded harbour shows: people, keys, batches handed in, drift, a cockpit."""

from collections.abc import Iterable, Iterator
from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa

from haina.kernel.ids import new_id
from haina.resources.collect.tables import delivery_table, drift_table
from haina.security.access.tables import user_table
from haina.services.gateway.tables import key_table
from haina.services.insight.tables import cockpit_table
from tests.browser.crowded_runs import title

KEYS = 300
DELIVERIES = 400
CHANGES = 300
PLACES = 120
ROLES = ("steward", "officer", "officer", "leader")
USERS = 1_000
SURNAMES = ("王", "李", "张", "刘", "欧阳", "上官", "诸葛")
GIVEN = ("建国", "敏", "晓梅", "志强", "阿依古丽·买买提明·艾力")

Row = dict[str, Any]


def tables(
    moment: datetime, source: str, table: str, places: str
) -> Iterator[tuple[sa.Table, Iterable[Row]]]:
    """For one source and one table of it; `places`: the dataset of `place_rows`."""
    yield user_table, (_user(n, moment) for n in range(USERS))
    yield key_table, (_key(n, moment) for n in range(KEYS))
    yield delivery_table, (_delivery(n, moment, source, table) for n in range(DELIVERIES))
    yield drift_table, (_change(n, moment, table) for n in range(CHANGES))
    yield cockpit_table, [_cockpit(places)]


def place_rows() -> dict[str, list[str]]:
    """One row a place: its code, its name, and two numbers."""
    names = [f"第{n + 1}街道办事处" if n % 7 else f"{n + 1}镇" for n in range(PLACES)]
    numbers = {
        f"item{at:03d}": [str((n * 7919 * at) % 100_000) for n in range(PLACES)] for at in (3, 6)
    }
    return {"item000": [f"1201{n:05d}" for n in range(PLACES)], "item001": names, **numbers}


def _key(n: int, moment: datetime) -> Row:
    return {
        "id": f"k{n:03d}",
        "title": f"{title(n)}应用",
        "agency": None,
        "digest": f"{n:064x}",
        "services": [f"v{at:03d}" for at in range(n % 30)],
        "created_by": "operator",
        "created_at": moment - timedelta(days=n),
        "disabled": n % 9 == 8,
    }


def _user(n: int, moment: datetime) -> Row:
    return {
        "name": f"person.{n:04d}",
        "title": f"{'欧阳司徒上官诸葛'[n % 8]}{title(n)[: n % 12 + 1]}",
        "roles": [ROLES[n % 4]],
        "agency": f"agency{n % 60:02d}" if n % 40 else None,
        "password": "",
        "must_change": n % 6 == 5,
        "disabled": n % 9 == 8,
        "failures": 0,
        "created_at": moment - timedelta(days=n),
        "last_seen_at": moment - timedelta(hours=n) if n % 6 != 5 else None,
    }


def _delivery(n: int, moment: datetime, source: str, table: str) -> Row:
    state = ("loaded", "loaded", "refused", "duplicate")[n % 4]
    return {
        "id": new_id(),
        "table": table,
        "source": source,
        "number": f"2026-{n:04d}",
        "via": ("upload", "push")[n % 2],
        "file": f"{title(n)}.csv",
        "kind": "csv",
        "bytes": 1_000_000 + n,
        "digest": f"{n:064x}",
        "statement": None,
        "state": state,
        "message": "对账单写 10,000 行,实到 9,990 行" if state == "refused" else None,
        "job": None,
        "rows": 10_000 + n if state == "loaded" else None,
        "rejected": n % 7 if state == "loaded" else None,
        "received_at": moment - timedelta(hours=n),
        "received_by": "steward",
    }


def _change(n: int, moment: datetime, table: str) -> Row:
    change = ("new", "lost", "retyped")[n % 3]
    return {
        "table": table,
        "job": "none",
        "at": moment - timedelta(hours=n),
        "change": change,
        "column": f"YWXT_KZZD_{n:03d}",
        "was": None if change == "new" else "varchar(20)",
        "now": None if change == "lost" else "bigint",
        "advice": "请与部门核对:这一列的含义变了没有,下游是否用到。",
        "state": "open" if n < CHANGES // 2 else "accepted",
        "decided_by": None if n < CHANGES // 2 else "steward",
    }


def _cockpit(places: str) -> Row:
    figures = ["item003", "item006"]  # of grade 1: nothing is laid over them
    spec = {
        "title": "大港县政务数据驾驶舱",
        "places": {"dataset": places, "code": "item000", "name": "item001", "figures": figures},
    }
    return {"name": "cockpit", "title": spec["title"], "spec": spec, "pack": None}
