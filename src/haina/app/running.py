"""What the command line does with a running (or resting) installation: run, status, query."""

import csv
import json
import sys
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime
from typing import Any, Literal

from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn
from sqlalchemy.engine import Connection

from haina.app import progress
from haina.app.screen import console, errors, plain, show, show_rows
from haina.compute import lake
from haina.kernel import clock, jobs
from haina.kernel.errors import BAD_INPUT, NOT_FOUND
from haina.kernel.platform import Platform
from haina.kernel.settings import Settings
from haina.kernel.sql import parse_query
from haina.resources import collect
from haina.security.access import Purpose, system_subject

# So long an agency's program may take to push its first batch, once nothing else is left to do.
_PUSH_SECONDS = 90.0


def run_all(
    platform: Platform,
    *,
    only: str | None = None,
    missing: bool = False,
    cause: str,
    pushed: Sequence[str] = (),
) -> progress.Outcome:
    """Queue loads and follow them, and what they set off, to the end; bars while it lasts.
    Tables that are `pushed` are waited for too, until they hold data."""
    started = clock.now()
    batch, queued = progress.request_loads(platform, only=only, missing=missing, cause=cause)
    if not queued and missing:
        console.print("全部表已有数据,无需重复采集。")
    with _bars() as bars:
        tasks: dict[str, Any] = {}

        def show(now: progress.Now) -> None:
            for stage, (ended, known) in now.stages.items():
                if stage not in tasks:
                    title = progress.STAGE_TITLES.get(stage, stage)
                    tasks[stage] = bars.add_task(title, total=known, doing="")
                bars.update(
                    tasks[stage], completed=ended, total=known, doing="、".join(now.running)[:40]
                )

        outcome = progress.wait(platform, batch, show)
        late = _await_pushed(platform, pushed)
        if pushed:
            outcome = progress.wait(platform, batch, show)
            outcome.rows_collected += _rows_pushed(platform, pushed, started)
    outcome.late = [_late(platform, table) for table in late]
    for job in outcome.failed:
        errors.print(f"失败:{job.title}:{(job.error or {}).get('message', '')}", markup=False)
    return outcome


def check_pushed(platform: Platform, tables: Sequence[str]) -> None:
    """Raises HainaError(not_found, bad_input) for what no agency pushes."""
    with platform.database.read() as connection:
        for name in tables:
            source = collect.find_source(connection, collect.find_table(connection, name).source)
            if source.placement != "push":
                raise BAD_INPUT(f"表 {name} 不是推送来的,不必等", field="--await")


def _await_pushed(platform: Platform, tables: Sequence[str]) -> list[str]:
    """Those that still hold nothing when patience ends, or whose batch was refused."""
    end = time.monotonic() + _PUSH_SECONDS
    late = list(tables)
    while late:
        with platform.database.read() as connection:
            late = [one for one in late if not collect.loads_of(connection, one, 1)]
            refused = any(
                batch.state == "refused"
                for one in late
                for batch in collect.list_deliveries(connection, table=one)
            )
        if refused or time.monotonic() > end:
            break
        time.sleep(0.3)
    return late


def _rows_pushed(platform: Platform, tables: Sequence[str], since: datetime) -> int:
    with platform.database.read() as connection:
        return sum(
            load.rows
            for table in tables
            for load in collect.loads_of(connection, table)
            if load.at >= since
        )


def _late(platform: Platform, table: str) -> str:
    """Its title; what to do is said on the way."""
    with platform.database.read() as connection:
        title = collect.find_table(connection, table).spec.title
        refused = [
            one.message
            for one in collect.list_deliveries(connection, table=table)
            if one.state == "refused"
        ]
    why = f"推来的批次没有被收下:{refused[0]}" if refused else "没有等到部门的推送"
    errors.print(
        f"失败:{title}:{why};用 haina deliveries list {table} 看各批的状态。", markup=False
    )
    return title


def _bars() -> Progress:
    return Progress(
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TimeElapsedColumn(),
        TextColumn("[dim]{task.fields[doing]}"),
        console=errors,  # progress is no part of an answer: `run --json` is read by scripts
        transient=False,
        expand=False,
        refresh_per_second=4,
    )


def show_summary(found: dict[str, Any]) -> None:
    zones = "、".join(f"{zone} {count}" for zone, count in found["datasets"].items())
    console.print(
        f"{found['agencies']} 个部门,{found['sources']} 个数据源,{found['tables']} 张表;"
        f"数据集 {zones};目录 {found['entries']} 条,服务 {found['services']} 个",
        markup=False,
    )
    console.print(
        f"检核规则 {found['rules']:,} 条,问题行 {found['failed_rows']:,},"
        f"隔离 {found['quarantined_rows']:,} 行;本次采集 {found['rows_collected']:,} 行,"
        f"用时 {found['seconds']['total']:.1f} 秒,内存峰值 {found['peak_rss_mb']:.0f} MB",
        markup=False,
    )


def run_now(settings: Settings, platform: Platform, name: str | None, *, as_json: bool) -> int:
    """Collect now. Works are done by the workers that live; without one, by one of our own."""
    with platform.database.read() as connection:
        known = {one.name for one in collect.list_tables(connection)}
        known |= {one.name for one in collect.list_sources(connection)}
        alive = _alive(connection, settings)
    if name is not None and name not in known:
        raise NOT_FOUND(
            f"没有数据源或表 {name}", field="name", hint="用 haina sources list 查看有哪些。"
        )
    with _worker(settings, platform, needed=not alive):
        outcome = run_all(platform, only=name, cause="命令行")
    with platform.database.read() as connection:
        quarantined = collect.quarantined_rows(connection)
        mine = {one.name for one in collect.list_tables(connection)
                if name in (None, one.name, one.source)}  # fmt: skip
    bad = {table: count for table, count in quarantined.items() if table in mine}
    found: dict[str, Any] = {
        "done": outcome.done,
        "failed": [job.title for job in outcome.failed],
        "rows_collected": outcome.rows_collected,
        "seconds": outcome.seconds,
        "quarantined": bad,
    }
    if bad and not as_json:
        found["next"] = f"用 haina quarantine list {next(iter(bad))} 看隔离的行和原因"
    show(found, as_json=as_json)
    return 3 if outcome.failed else 0


@contextmanager
def _worker(settings: Settings, platform: Platform, *, needed: bool) -> Iterator[None]:
    """A worker of our own, for as long as the block runs, where none lives."""
    if not needed:
        yield
        return
    from haina.app.worker import Worker

    own = Worker(platform, settings)
    own.start()
    try:
        yield
    finally:
        own.stop()


def work_off(settings: Settings, platform: Platform, job: str) -> None:
    """Wait until a job has ended."""
    with platform.database.read() as connection:
        needed = not _alive(connection, settings)
    with _worker(settings, platform, needed=needed):
        while True:
            with platform.database.read() as connection:
                if jobs.get_job(connection, job).state in ("done", "failed", "cancelled"):
                    return
            time.sleep(0.2)


def _alive(connection: Connection, settings: Settings) -> bool:
    return any(
        (clock.now() - one.seen_at).total_seconds() < settings.lease_seconds
        for one in jobs.workers(connection)
    )


def show_status(platform: Platform, *, as_json: bool) -> None:
    """The state of the installation in a few lines."""
    from haina.app.summary import summarise

    found = summarise(platform, None, 0)
    with platform.database.read() as connection:
        arrived = Counter(one.state for one in collect.arrivals(connection))
        running = [job.title for job in jobs.active_jobs(connection)]
        workers = len(jobs.workers(connection))
    state = {
        key: found[key]
        for key in (
            "agencies",
            "sources",
            "tables",
            "datasets",
            "entries",
            "services",
            "rules",
            "failed_rows",
            "quarantined_rows",
        )
    }
    show(
        {**state, "arrivals": dict(arrived), "active_runs": running, "workers": workers},
        as_json=as_json,
    )


def answer_query(
    platform: Platform,
    sql: str,
    form: Literal["table", "csv", "json"],
    rows: int,
    actor: str,
    as_of: datetime | None = None,
) -> None:
    """Read-only SQL through the sandbox; with `as_of` (China time unless it says otherwise) of the
    versions that were current then."""
    from haina.app.bootstrap import open_engine

    engine = open_engine(platform, warm=0)
    try:
        page = engine.read(
            system_subject(actor),
            Purpose.QUERY,
            sql,
            rows=rows,
            at=_versions(platform, sql, as_of) if as_of else None,
        )
    finally:
        engine.close()
    names = [name for name, _ in page.columns]
    if form == "csv":
        writer = csv.writer(sys.stdout)
        writer.writerow(names)
        writer.writerows([[_harmless(cell) for cell in row] for row in page.rows])
    else:
        show_rows(names, page.rows, as_json=form == "json")
    if page.truncated:
        sys.stderr.write(f"只显示前 {rows:,} 行;用 --rows 调整。\n")


def _versions(platform: Platform, sql: str, moment: datetime) -> dict[str, int]:
    """The version of each dataset in a query that was current at a moment."""
    at = moment if moment.tzinfo else moment.replace(tzinfo=clock.SHANGHAI)
    with platform.database.read() as connection:
        return {
            name: lake.version_at(connection, name, at) for name in sorted(parse_query(sql).tables)
        }


def _harmless(cell: Any) -> Any:
    """A text that a spreadsheet would run as a formula is made a plain text."""
    if isinstance(cell, str) and cell[:1] in ("=", "+", "-", "@", "\t", "\r"):
        return "'" + cell
    return json.dumps(plain(cell), ensure_ascii=False) if isinstance(cell, (list, dict)) else cell
