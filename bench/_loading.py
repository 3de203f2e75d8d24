"""What the benches of collecting share: a PostgreSQL table of persons, an installation with one
source, and loads of it by the real job."""

import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from unittest.mock import patch

from haina.kernel.platform import Platform
from haina.resources.collect import loads
from haina.resources.collect.kinds.databases.postgresql.reading import PostgresqlReading
from tests.resources.collect.loading import apply, load
from tests.support.installation import make_template, new_platform
from tests.support.postgresql import PgServer, binaries, running_server

# Ten columns of the types that agencies have; no two rows alike.
_PERSONS = """
select i as id,
       substr('赵钱孙李周吴郑王冯陈褚卫蒋沈韩杨', (1 + i % 16)::int, 1)
         || substr('建国志强秀英桂兰海燕', (1 + i % 9)::int, 2) as name,
       lpad((i * 7919 % 1000000007)::text, 18, '1201011990') as id_number,
       (1 + i % 2)::smallint as sex,
       date '1940-01-01' + (i % 30000)::int as born,
       '天津市滨海新区新港街道' || i % 997 || '号楼' || i % 31 || '单元' || i % 101 || '室'
         as address,
       (i % 10000019 / 100.0)::numeric(14,2) as amount,
       sqrt(i::double precision) as score,
       i % 3 = 0 as alive,
       timestamptz '2020-01-01 08:00+08' + i * interval '7.000001 second' as updated
from generate_series(1::bigint, {rows}) i
"""
PERSONS = ("id", "name", "id_number", "sex", "born", "address", "amount", "score", "alive",
           "updated")  # fmt: skip


@contextmanager
def server() -> Iterator[PgServer]:
    programs = binaries()
    if programs is None:
        raise SystemExit("no PostgreSQL server on this machine (make machine)")
    with running_server(programs) as found:
        yield found


def make_persons(pg: PgServer, rows: int) -> str:
    """A table of so many persons; its name."""
    name = f"persons_{rows}"
    pg.run(f"create table {name} as {_PERSONS.format(rows=rows)}")
    return _settled(pg, name)


def make_wide(pg: PgServer, rows: int, columns: int) -> str:
    """A table of a key and many columns, by turns text, number, amount of money and time."""
    kinds = ("'天津市滨海新区' || i % 997", "i * {n}", "(i % 1000003 / 100.0)::numeric(14,2)",
             "timestamptz '2020-01-01 08:00+08' + i * interval '1 second'")  # fmt: skip
    picks = ", ".join(f"{kinds[n % 4].format(n=n)} as c{n}" for n in range(1, columns))
    name = f"wide_{columns}"
    pg.run(
        f"create table {name} as select i as id, {picks} from generate_series(1::bigint, {rows}) i"
    )
    return _settled(pg, name)


def _settled(pg: PgServer, name: str) -> str:
    pg.run(f"alter table {name} add primary key (id)")
    pg.run(f"vacuum analyze {name}")
    return name


def postgresql_source(port: int, tables: dict[str, tuple[str, ...]]) -> str:
    """A source of these tables, columns by table; the key is `id`."""
    head = (
        "name: s\ntitle: 系统\nagency: ju\nkind: postgresql\n"
        f"connection: {{host: 127.0.0.1, port: {port}, database: postgres, user: postgres}}\n"
        "tables:\n"
    )
    return head + "".join(table_block(name, name, "id", names) for name, names in tables.items())


def table_block(name: str, from_: str, key: str, columns: tuple[str, ...]) -> str:
    items = "".join(f"      {one}: {{item: {one}, title: {one}}}\n" for one in columns)
    head = f"  - name: {name}\n    from: {from_}\n    title: 表\n    key: [{key}]\n    columns:\n"
    return head + items


@contextmanager
def installation(source: str, **settings: Any) -> Iterator[Platform]:
    """With one source, on a disk of its own folder."""
    with tempfile.TemporaryDirectory(prefix="haina-bench-") as place:
        template = make_template(Path(place) / "template")
        platform = new_platform(
            Path(place) / "home", template=template, source_networks=("127.0.0.0/8",), **settings
        )
        try:
            apply(platform, Path(place) / "pack", source)
            yield platform
        finally:
            platform.close()


def load_once(platform: Platform, table: str) -> None:
    """One load by its job; it must have gone well."""
    job = load(platform, table)
    if job.state != "done":
        raise SystemExit(f"the load of {table} is {job.state}: {job.error}")


@dataclass
class Apart:
    """Seconds that reconciliation took: the source's own count and hash, and reading back."""

    seconds: float = 0.0


@contextmanager
def reconciliation_apart() -> Iterator[Apart]:
    found = Apart()

    def clocked(act: Callable[..., Any]) -> Callable[..., Any]:
        def run(*args: Any, **more: Any) -> Any:
            started = time.perf_counter()
            try:
                return act(*args, **more)
            finally:
                found.seconds += time.perf_counter() - started

        return run

    with ExitStack() as stack:
        for place, name in ((loads, "in_lake"), (PostgresqlReading, "control")):
            stack.enter_context(patch.object(place, name, clocked(getattr(place, name))))
        yield found
