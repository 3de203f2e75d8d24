"""A county nobody has seen, taken through the platform as a worker would: 采 → 存 → 标准化 → 加工.

Three counties of different seeds are made; every agency's files come from one of them, so that
one run judges all 125 tables on three unseen worlds. The agencies that the models join are of
one county.
"""

from __future__ import annotations

import json
import time
from collections.abc import Iterator
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq
import pytest

from haina import packs
from haina.app.bootstrap import event_handlers, job_kinds, open_engine, open_installation
from haina.compute import Engine, lake
from haina.compute.engines import Session
from haina.compute.system import read_as_system
from haina.kernel.clock import SHANGHAI
from haina.kernel.jobs import Runner, active_jobs, list_jobs
from haina.kernel.outbox import Dispatcher
from haina.kernel.platform import Platform
from haina.kernel.settings import load
from haina.packs import Pack
from haina.resources import collect
from haina.resources.libraries import request_stale
from haina.resources.specs import ColumnSpec, TableSpec
from simulation.__main__ import generate
from simulation.tables.agencies import AGENCIES
from tests.simulation.divisions import write_divisions

PACK = Path(__file__).resolve().parents[3] / "packs" / "wuqing"
PERSONS = 3000
SEEDS = (314159, 271828, 161803)
JOINED = {
    "gongan", "minzheng", "renshe", "weijian", "yibao", "jiaoyu", "shichang", "shuiwuju", "tongji",
    "nongye", "caizheng", "guihua", "fagai", "shengtai",
}  # fmt: skip
PATIENCE = 270.0

Fact = dict[str, Any]
Flag = tuple[str, str, str]
"""Table, key of the row, rule."""


@dataclass
class Findings:
    """What the truth says, and what the platform found."""

    pack: Pack
    platform: Platform
    engine: Engine
    facts: list[Fact]
    topics: list[Fact]
    seconds: float
    tables: dict[tuple[str, str], TableSpec] = field(default_factory=dict)
    flags: set[Flag] = field(default_factory=set)
    quarantine: list[collect.Quarantined] = field(default_factory=list)

    def table(self, fact: Fact) -> TableSpec:
        return self.tables[fact["agency"], fact["table"]]

    def column(self, fact: Fact) -> ColumnSpec:
        return self.table(fact).columns[fact["column"]]

    def of_kind(self, kind: str) -> list[Fact]:
        return [fact for fact in self.facts if fact["kind"] == kind]

    def rows(self, sql: str, *datasets: str) -> list[list[Any]]:
        with self.session(*datasets) as session:
            return session.rows(sql).rows

    def session(self, *datasets: str) -> AbstractContextManager[Session]:
        with self.platform.database.read() as connection:
            pinned = lake.current(self.platform, connection, list(datasets))
        return read_as_system(self.engine, "test", pinned)


def _county_of(agency: str) -> int:
    if agency in JOINED:
        return 0
    others = [code for code in AGENCIES if code not in JOINED]
    return 1 + others.index(agency) % 2


def _make_counties(root: Path) -> tuple[list[Fact], list[Fact]]:
    """Files of the sources, truth and topics."""
    (root / "files" / "sources").mkdir(parents=True)
    (root / "files" / "divisions").mkdir()
    divisions = write_divisions(root / "files" / "divisions" / "data.sqlite")
    facts: list[Fact] = []
    for place, seed in enumerate(SEEDS):
        out = root / f"county{place}"
        generate(out, divisions, PERSONS, seed, datetime.now(SHANGHAI).date())
        mine = {agency for agency in AGENCIES if _county_of(agency) == place}
        for agency in mine:
            (root / "files" / "sources" / agency).symlink_to(out / agency)
        rows = pq.read_table(out / "truth.parquet").to_pylist()
        facts += [fact for fact in rows if fact["agency"] in mine]
    return facts, pq.read_table(root / "county0" / "topics.parquet").to_pylist()


def _failures(platform: Platform) -> list[str]:
    with platform.database.read() as connection:
        failed = list_jobs(connection, limit=1000).jobs
    return [f"{job.subject}: {job.error}" for job in failed if job.state == "failed"]


def _work(platform: Platform, engine: Engine) -> None:
    """Load every table, then whatever becomes stale, until nothing is left to do."""
    with platform.database.write() as connection:
        for table in collect.list_tables(connection):
            collect.request_load(connection, table, "test")
    runner = Runner(platform, job_kinds(engine), slots=3)
    clerk = Dispatcher(platform, event_handlers())
    runner.start()
    end = time.monotonic() + PATIENCE
    try:
        while time.monotonic() < end:
            clerk.run_once()
            with platform.database.read() as connection:
                busy = len(active_jobs(connection))
            if not busy and not clerk.run_once() and not request_stale(platform):
                return
            assert not _failures(platform)
            time.sleep(0.2)
        pytest.fail("the work was not done in time")
    finally:
        runner.stop()


def _flags(pack: Pack, session: Session) -> set[Flag]:
    """Every failed rule of every row, as `std` tells it."""
    parts = []
    for source in pack.sources:
        for table in source.tables:
            keys = ", ".join(f'CAST("{item}" AS VARCHAR)' for item in table.key_items)
            parts.append(
                f"SELECT '{table.name}', concat_ws('|', {keys}), unnest(string_split(_issues, ';'))"
                f" FROM {table.std} WHERE _issues IS NOT NULL"
            )
    return {(row[0], row[1], row[2]) for row in session.rows(" UNION ALL ".join(parts)).rows}


def _quarantine(platform: Platform) -> list[collect.Quarantined]:
    with platform.database.read() as connection:
        return collect.quarantine_page(connection, limit=100_000)


@pytest.fixture(scope="session")
def findings(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Findings]:
    started = time.monotonic()
    root = tmp_path_factory.mktemp("truth")
    facts, topics = _make_counties(root)
    # The links of the agencies lead out of `files`, hence the whole root may be read.
    settings = load(home=root / "home", source_files=(root / "files", root))
    platform = open_installation(settings)
    engine = open_engine(platform, warm=2)
    try:
        pack = packs.apply(platform, PACK, "test").pack
        _work(platform, engine)
        found = Findings(pack, platform, engine, facts, topics, time.monotonic() - started)
        found.tables = {
            (source.agency, table.from_): table
            for source in pack.sources
            for table in source.tables
        }
        with found.session(*[table.std for table in found.tables.values()]) as session:
            found.flags = _flags(pack, session)
        found.quarantine = _quarantine(platform)
        yield found
    finally:
        engine.close()
        platform.close()


def key_in(raw: str, key: tuple[str, ...]) -> str:
    """The key of a row of a database that was set aside."""
    values = json.loads(raw)
    return "|".join(str(values[name]) for name in key)
