"""The crowded harbour: very much of everything a list shows, written as rows in bulk, and one wide
dataset that lies in the lake. What an installation looks like after years, in a few seconds."""

import itertools
from collections.abc import Iterable, Iterator
from datetime import datetime, timedelta
from typing import Any

import pyarrow as pa
import sqlalchemy as sa
from deltalake import DeltaTable, write_deltalake
from sqlalchemy.engine import Connection

from haina.catalogue.inventory.tables import entry_table, fact_table
from haina.catalogue.lineage.tables import edge_table, use_table
from haina.compute import lake
from haina.compute.lake.tables import dataset_table, version_table
from haina.coordination.organizations import OrganizationSpec, put_organization
from haina.kernel import clock
from haina.kernel.jobs.tables import cause_table, job_table, log_table, run_table, step_table
from haina.kernel.platform import Platform
from haina.resources.collect.tables import (
    alarm_table,
    load_table,
    quarantine_table,
    source_table,
    table_table,
)
from haina.resources.libraries.tables import check_table, recipe_table, summary_table
from haina.security.access.tables import object_table
from haina.services.gateway.tables import call_table, service_table
from tests.browser import crowded_pages, crowded_runs
from tests.browser.crowded_runs import LONG, RUNS, WORDS, title

DATASETS = 5_000
ITEMS = 500
SOURCES = 500
AGENCIES = 60
SERVICES = 500
BAD_ROWS = 3_000
CHECKED = 400
RULES = 12
MODELS = 200
ALARMS = 300
STEPS = 60
LINES = 4_000
# The ones to be opened: a dataset of 500 items with rows, a table of 3,000 bad rows, a model.
WIDE = "std.t0000"
BAD_TABLE = "t0000"
BAD_SOURCE = "s000"
MODEL = "base.m0000"
PLACES = "base.m0001"

Row = dict[str, Any]
Rows = Iterable[Row]

_MYSQL = {"host": "10.20.30.40", "database": "yewu", "user": "reader"}
_CONNECTIONS: tuple[Row, ...] = ({"path": "a.csv"}, _MYSQL, {"path": "a.xlsx"}, {})
_THEMES = ("人口", "法人", "空间", "信用", "民生", "交通", "教育", "卫生健康", "应急", "市场监管")


def fill(platform: Platform) -> str:
    """Write it all; the id of the large run (60 steps, 4,000 lines)."""
    moment = clock.now()
    jobs = [crowded_runs.job(n, moment) for n in range(RUNS)]
    with platform.database.write() as connection:
        _organizations(connection)
        for table, rows in _tables(moment, jobs):
            _insert(connection, table, rows)
    wide = {f"item{at:03d}": [f"{n}-{at}" for n in range(200)] for at in range(ITEMS)}
    _lay_rows(platform, moment, WIDE, wide)
    _lay_rows(platform, moment, PLACES, crowded_pages.place_rows())
    return str(jobs[-1]["id"])


def _organizations(connection: Connection) -> None:
    put_organization(connection, OrganizationSpec(code="county", title="大港县", kind="government"))
    for n in range(AGENCIES):
        full = f"大港县第{n + 1}局" + ("(综合行政执法与应急管理协调办公室)" if n % 9 == 0 else "")
        spec = OrganizationSpec(code=_agency(n), title=full, short=f"{n + 1}局", parent="county")
        put_organization(connection, spec, n)


def _insert(connection: Connection, table: sa.Table, rows: Rows) -> None:
    every = iter(rows)
    while block := list(itertools.islice(every, 2_000)):
        connection.execute(table.insert(), block)


def _tables(moment: datetime, jobs: list[Row]) -> Iterator[tuple[sa.Table, Rows]]:
    large = jobs[-1]
    yield source_table, map(_source, range(SOURCES))
    yield table_table, (_table(n, moment) for n in range(DATASETS // 4))
    yield dataset_table, (_dataset(n, moment) for n in range(DATASETS))
    yield object_table, map(_object, range(DATASETS))
    yield entry_table, (_entry(n, moment) for n in range(DATASETS))
    yield fact_table, (_fact(n, moment) for n in range(DATASETS))
    yield edge_table, _edges()
    yield recipe_table, map(_recipe, range(MODELS))
    yield job_table, jobs
    yield cause_table, map(crowded_runs.cause, jobs)
    yield run_table, (crowded_runs.run(job) for job in jobs if job["started_at"])
    small = (crowded_runs.steps(one, 2) for one in jobs[-500:-1])
    yield step_table, itertools.chain(crowded_runs.steps(large, STEPS), *small)
    yield log_table, (crowded_runs.line(large, n) for n in range(LINES))
    yield load_table, (_load(n, job) for n, job in enumerate(jobs) if job["state"] == "done")
    yield quarantine_table, (_bad(n, str(jobs[0]["id"]), moment) for n in range(BAD_ROWS))
    yield summary_table, (_summary(n, str(jobs[0]["id"]), moment) for n in range(CHECKED))
    yield check_table, (_check(n, rule) for n in range(CHECKED) for rule in range(RULES))
    yield alarm_table, (_alarm(n, moment) for n in range(ALARMS))
    yield service_table, map(_service, range(SERVICES))
    yield use_table, map(_use, range(SERVICES))
    yield call_table, (_call(n, moment) for n in range(RUNS))
    yield from crowded_pages.tables(moment, BAD_SOURCE, BAD_TABLE, PLACES)


def _agency(n: int) -> str:
    return f"agency{n % AGENCIES:02d}"


def _name(n: int) -> str:
    """Each table has its raw and its standard dataset; models fill the rest."""
    at = n // 2
    if at >= DATASETS // 4:
        return f"base.m{n - DATASETS // 2:04d}"
    return f"{('ods', 'std')[n % 2]}.t{at:04d}"


def _items(n: int) -> list[Row]:
    count = ITEMS if _name(n) == WIDE else 8
    return [
        {
            "name": f"item{at:03d}",
            "title": f"第 {at + 1} 项{WORDS[at % len(WORDS)]}",
            "type": "text",
            "element": None,
            "grade": 1 + at % 3,
            "mask": "none",
        }
        for at in range(count)
    ]


def _dataset(n: int, moment: datetime) -> Row:
    zone = _name(n).split(".")[0]
    return {
        "name": _name(n),
        "zone": zone,
        "title": title(n // 2),
        "summary": "全量台账,按日更新。",
        "owner": _agency(n // 2),
        "made_by": {"ods": "collect", "std": "conform", "base": "model"}[zone],
        "grade": 1 + n % 4,
        "theme": _THEMES[n % len(_THEMES)],
        "key": ["item000"],
        "items": _items(n),
        "pack": None,
        "current_version": None,
        "content_version": None,
        "rows": None,
        "bytes": None,
        "updated_at": moment - timedelta(hours=n % 900),
        "retired": False,
    }


def _object(n: int) -> Row:
    return {
        "name": _name(n),
        "kind": "dataset",
        "title": title(n // 2),
        "owner": _agency(n // 2),
        "grade": 1 + n % 4,
        "items": {item["name"]: [item["grade"], "none"] for item in _items(n)},
        "retired": False,
    }


def _entry(n: int, moment: datetime) -> Row:
    return {
        "dataset": _name(n),
        "title": title(n // 2),
        "summary": "全量台账,按日更新。",
        "agency": _agency(n // 2),
        "theme": _THEMES[n % len(_THEMES)],
        "cycle": "daily",
        "sharing": ("conditional", "unconditional", "none")[n % 3],
        "sharing_basis": "政务数据共享条例第十四条",
        "grade": 1 + n % 4,
        "state": ("published", "draft")[n % 5 == 0],
        "words": f"{_name(n)} {title(n // 2)}".lower(),
        "created_at": moment - timedelta(days=400),
        "changed_at": moment - timedelta(hours=n),
    }


def _fact(n: int, moment: datetime) -> Row:
    updated = moment - timedelta(hours=n % 900)
    return {"dataset": _name(n), "updated_at": updated, "checked": 10_000, "failed": n % 700}


def _edges() -> Iterator[Row]:
    for n in range(DATASETS // 4):
        yield _edge(f"std.t{n:04d}", None, f"ods.t{n:04d}", None)
    # The wide dataset is read by every model.
    for n in range(MODELS):
        yield _edge(f"base.m{n:04d}", None, WIDE, None)
        yield _edge(f"base.m{n:04d}", "item000", WIDE, "item000")


def _edge(dataset: str, item: str | None, source: str, source_item: str | None) -> Row:
    return {
        "dataset": dataset,
        "item": item,
        "from_dataset": source,
        "from_item": source_item,
    }


def _recipe(n: int) -> Row:
    name, called = f"base.m{n:04d}", title(n)
    sql = f"SELECT item000, item001, {n} AS turn\nFROM {WIDE}\nWHERE item002 IS NOT NULL"
    model = {"dataset": name, "title": called, "owner": _agency(n), "sql": sql, "key": ["item000"]}
    return {
        "dataset": name,
        "kind": "model",
        "title": called,
        "spec": {"model": model, "inputs": [WIDE]},
        "digest": f"{n:064x}",
        "retired": False,
    }


def _source(n: int) -> Row:
    return {
        "name": f"s{n:03d}",
        "title": f"{n + 1}号业务系统" + (LONG if n % 17 == 0 else ""),
        "agency": _agency(n),
        "kind": ("csv", "mysql", "workbook", "push")[n % 4],
        "connection": _CONNECTIONS[n % 4],
        "secrets": {},
        "placement": ("file", "direct", "file", "push")[n % 4],
        "inbox": False,
        "statements": None,
        "window": None,
        "rows_per_second": None,
        "schedule": "30 2 * * *",
        "pack": None,
        "retired": False,
    }


def _table(n: int, moment: datetime) -> Row:
    columns = {f"C{at}": {"item": f"item{at:03d}", "title": f"第 {at + 1} 列"} for at in range(8)}
    spec = {"name": f"t{n:04d}", "from": f"T_{n}", "title": title(n), "key": ["C0"]}
    return {
        "name": f"t{n:04d}",
        "source": f"s{n % SOURCES:03d}",
        "spec": {**spec, "columns": columns, "cycle": ("daily", "weekly", "monthly")[n % 3]},
        "watermark": None,
        "shape": None,
        "since": moment - timedelta(days=400),
        "retired": False,
    }


def _load(n: int, job: Row) -> Row:
    return {
        "job": job["id"],
        "table": f"t{n % 1250:04d}",
        "version": n // 1250,
        "mode": "full",
        "at": job["started_at"],
        "rows": 10_000 + n,
        "rejected": BAD_ROWS if n == 0 else n % 7,
        "source_rows": 10_000 + n,
        "source_hash": f"{n:016x}",
        "lake_hash": f"{n:016x}",
        "agrees": n % 40 != 0,
        "mended": 0,
        "changes": {},
        "slices": 0,
        "delivery": None,
        "statement": None,
        "watermark_from": None,
        "watermark_to": None,
    }


def _bad(n: int, job: str, moment: datetime) -> Row:
    values = {f"C{at}": f"值 {n}-{at}" for at in range(8)}
    return {
        "table": BAD_TABLE,
        "job": job,
        "line": n + 2,
        "column": f"C{n % 8}",
        "reason": ("not_date", "not_double", "encoding")[n % 3],
        "message": f"第 {n + 2} 行:字段“C{n % 8}”不能按声明的类型解读",
        "raw": ",".join(values.values()),
        "raw_digest": f"{n:032x}",
        "values": values,
        "key_hash": None,
        "mended": None,
        "decided_by": None,
        "state": "open",
        "at": moment,
    }


def _summary(n: int, job: str, moment: datetime) -> Row:
    return {
        "dataset": f"ods.t{n:04d}",
        "version": 0,
        "job": job,
        "at": moment - timedelta(hours=n),
        "total": 10_000,
        "failed_rows": n,
        "rules": RULES,
        "rules_failed": n % RULES,
    }


def _check(n: int, rule: int) -> Row:
    return {
        "dataset": f"ods.t{n:04d}",
        "version": 0,
        "rule": f"item{rule:03d}.missing",
        "title": f"第 {rule + 1} 项不得为空",
        "dimension": ("完整性", "规范性", "准确性", "一致性")[rule % 4],
        "item": f"item{rule:03d}",
        "strong": False,
        "total": 10_000,
        "failed": n if rule < n % RULES else 0,
        "sample": [f"{n}-{at}" for at in range(20)] if rule < n % RULES else [],
    }


def _alarm(n: int, moment: datetime) -> Row:
    return {
        "reason": "late",
        "table": f"t{n:04d}",
        "agency": _agency(n),
        "message": f"{title(n)} 应在 08:00 前到,还没有到",
        "raised_at": moment - timedelta(hours=n),
        "cleared_at": None,
        "seen_by": None,
    }


def _service(n: int) -> Row:
    spec = {"name": f"v{n:03d}", "title": f"{title(n)}查询", "kind": "list"}
    return {
        "name": spec["name"],
        "title": spec["title"],
        "dataset": WIDE,
        "spec": {**spec, "dataset": WIDE, "returns": [f"item{at:03d}" for at in range(40)]},
        "pack": None,
        "retired": False,
    }


def _use(n: int) -> Row:
    return {"dataset": WIDE, "user": f"service:v{n:03d}", "title": f"{title(n)}查询"}


def _call(n: int, moment: datetime) -> Row:
    return {
        "at": moment - timedelta(minutes=n),
        "service": f"v{n % SERVICES:03d}",
        "caller": f"app{n % 70}",
        "status": 200 if n % 11 else 503,
        "rows": n % 50,
        "microseconds": 900 + n % 40_000,
    }


def _lay_rows(platform: Platform, moment: datetime, name: str, rows: dict[str, list[str]]) -> None:
    """Rows of one dataset, in the lake."""
    path = str(lake.path_of(platform, name))
    write_deltalake(path, pa.table(rows))
    schema = [[name, "string"] for name in rows]
    found: Row = {"rows": len(rows["item000"]), "bytes": 100_000}
    values: Row = {"job": None, "inputs": [], "checks": {}, "at": moment, "swept": False}
    held = {"dataset": name, "version": DeltaTable(path).version(), "schema": schema}
    with platform.database.write() as connection:
        connection.execute(version_table.insert().values(**held, **found, **values))
        current = {"current_version": held["version"], "content_version": held["version"]}
        change = dataset_table.update().where(dataset_table.c.name == name)
        connection.execute(change.values(**current, **found))
