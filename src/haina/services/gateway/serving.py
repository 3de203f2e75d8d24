"""Serving copies: what point reads are answered from. One SQLite file a service and version:
key → the answer, already written as JSON, with sensitive items already masked.

Rebuilt when the dataset has a new version or the service another declaration; swapped by moving a
row of the platform database, so that a reader sees one version or the next, never half of one.
"""

import hashlib
import json
import sqlite3
import time
from collections.abc import Collection, Iterator
from pathlib import Path
from typing import Any

from sqlalchemy.engine import Connection

from haina.compute import Engine, lake
from haina.compute.lake import Pinned
from haina.compute.masks import masked
from haina.compute.system import read_as_system
from haina.kernel import clock
from haina.kernel.database import in_transaction
from haina.kernel.disk import sync_file, sync_folder
from haina.kernel.jobs import Cause, JobContext, NewJob, enqueue
from haina.kernel.platform import Platform
from haina.kernel.sql import literal, quote_identifier, quote_name
from haina.security.access import Mask, Purpose, decide, object_facts
from haina.services.gateway import queries
from haina.services.gateway.contracts import ServiceSpec
from haina.services.gateway.registry import find_service, list_services
from haina.services.gateway.subjects import application_subject

SERVE = "gateway.serve"

KEY_SEPARATOR = "\x1f"
_MOST_ROWS_A_KEY = 100
_FORGOTTEN_SECONDS = 600.0


def has_copy(spec: ServiceSpec) -> bool:
    return spec.kind in ("key", "verify")


def folder_of(platform: Platform) -> Path:
    return platform.settings.home / "serving"


def recipe_of(sql: str) -> str:
    """Changes when the copy must be made anew: with the declaration, and with the masks."""
    return hashlib.sha256(sql.encode()).hexdigest()


def request_copies(
    platform: Platform, datasets: Collection[str] | None = None, *, batch: str | None = None
) -> int:
    """Queue the copies that are behind their dataset or their declaration."""
    _remove_forgotten(platform)
    with platform.database.read() as connection:
        stale = list(_stale(connection, datasets))
        causes = {spec.name: _cause(connection, spec) for spec in stale}
    if not stale:
        return 0
    with platform.database.write() as connection:
        made = [
            enqueue(
                connection,
                NewJob(
                    SERVE,
                    f"更新服务副本 {spec.title}",
                    {"service": spec.name},
                    cause="数据或声明已更新",
                    causes=(causes[spec.name],),
                    lock=f"serve:{spec.name}",
                    dedupe=f"serve:{spec.name}",
                    subject=f"service:{spec.name}",
                    priority=30,
                    batch=batch,
                ),
            )
            for spec in stale
        ]
    return sum(job is not None for job in made)


def _cause(connection: Connection, spec: ServiceSpec) -> Cause:
    """The version that the copy is made of, and the job that wrote it."""
    newest = lake.versions(connection, spec.dataset, limit=1)[0]
    copy = queries.copies(connection).get(spec.name)
    return Cause("input", spec.dataset, newest.version, copy and copy.version, newest.job)


def _stale(connection: Connection, datasets: Collection[str] | None) -> Iterator[ServiceSpec]:
    copies = queries.copies(connection)
    versions = {one.name: one.current_version for one in lake.heads(connection)}
    for service in list_services(connection):
        spec, copy = service.spec, copies.get(service.spec.name)
        if datasets is not None and spec.dataset not in datasets:
            continue
        version = versions.get(spec.dataset)
        if not has_copy(spec) or version is None:
            continue
        recipe = recipe_of(_copy_sql(connection, spec))
        behind = copy is None or (copy.version, copy.recipe) != (version, recipe)
        if behind and _can_be_made(connection, spec, version):
            yield spec


def _can_be_made(connection: Connection, spec: ServiceSpec, version: int) -> bool:
    """Not while the dataset still waits to be made anew with the items that were declared."""
    known = lake.columns_of(connection, spec.dataset, version)
    return known >= {*spec.by, *spec.returns, *spec.compare}


def on_version_published(platform: Platform, payloads: list[dict[str, Any]]) -> None:
    """The event handler."""
    names = {payload["dataset"] for payload in payloads}
    request_copies(platform, names, batch=payloads[0].get("batch"))


def build_copy(engine: Engine, context: JobContext) -> dict[str, Any]:
    """The job: payload {service}."""
    platform = context.platform
    with platform.database.read() as connection:
        spec = find_service(connection, context.payload["service"]).spec
        pinned = lake.current(platform, connection, [spec.dataset])[0]
        sql = _copy_sql(connection, spec)
        copy = queries.copies(connection).get(spec.name)
    recipe = recipe_of(sql)
    if copy is not None and (copy.version, copy.recipe) == (pinned.version, recipe):
        # Queued while another job was making just this: what is behind is asked every few seconds.
        return {"rows": copy.rows, "version": copy.version}
    path = folder_of(platform) / f"{spec.name}.{pinned.version}.{recipe[:8]}.db"
    with context.step("copy") as handle:
        handle.rows_out = _write(engine, context, pinned, sql, path)
    with context.transaction() as connection:
        queries.put_copy(
            connection,
            spec.name,
            {
                "dataset": spec.dataset,
                "version": pinned.version,
                "recipe": recipe,
                "file": path.name,
                "rows": handle.rows_out,
                "at": clock.now(),
            },
        )
    _remove_others(path, spec.name)
    return {"rows": handle.rows_out, "version": pinned.version}


def _copy_sql(connection: Connection, spec: ServiceSpec) -> str:
    """key → JSON of the answer: masked items for `key`, the compared values for `verify`."""
    facts = object_facts(connection, [spec.dataset])[spec.dataset]
    masks = decide(application_subject("copy"), facts, Purpose.SERVICE).masks
    key = ", ".join(f"CAST({quote_identifier(name)} AS VARCHAR)" for name in spec.by)
    present = " AND ".join(f"{quote_identifier(name)} IS NOT NULL" for name in spec.by)
    if spec.kind == "key":
        pairs = [(name, masked(name, masks.get(name, Mask.NONE))) for name in spec.returns]
    else:
        pairs = [(name, f"CAST({quote_identifier(name)} AS VARCHAR)") for name in spec.compare]
    fields = ", ".join(f"{quote_identifier(name)} := {value}" for name, value in pairs)
    return (
        f"SELECT concat_ws({literal(KEY_SEPARATOR)}, {key}) AS k, "
        f"CAST(to_json(list(struct_pack({fields}))[1:{_MOST_ROWS_A_KEY}]) AS VARCHAR) AS v "
        f"FROM {quote_name(spec.dataset)} WHERE {present} GROUP BY 1 ORDER BY 1"
    )


def _write(engine: Engine, context: JobContext, pinned: Pinned, sql: str, path: Path) -> int:
    """The file, whole and durable before anything names it; the number of keys."""
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    draft = path.with_name(f".{path.name}.{context.run_id}")
    draft.unlink(missing_ok=True)
    count = 0
    try:
        with (
            read_as_system(engine, "服务副本", [pinned]) as session,
            context.stopping(session.cancel),
        ):
            count = _fill(draft, session.batches(sql), context)
        sync_file(draft)
        draft.replace(path)
    finally:
        draft.unlink(missing_ok=True)
    sync_folder(path.parent)
    sync_folder(path.parent.parent)
    return count


def _fill(draft: Path, batches: Any, context: JobContext) -> int:
    count = 0
    file = sqlite3.connect(draft, isolation_level=None)
    try:
        file.executescript(
            "PRAGMA journal_mode=OFF; PRAGMA synchronous=OFF; BEGIN; "
            "CREATE TABLE answer (k TEXT PRIMARY KEY, v TEXT) WITHOUT ROWID;"
        )
        for batch in batches:
            context.check()
            rows = zip(batch.column(0).to_pylist(), batch.column(1).to_pylist(), strict=True)
            file.executemany("INSERT INTO answer VALUES (?, ?)", rows)
            count += batch.num_rows
        file.execute("COMMIT")
    finally:
        file.close()
    return count


def _remove_forgotten(platform: Platform) -> None:
    """Files that nothing names: of retired services, or of a builder that died. New ones are left
    alone, for their builder may be about to name them."""
    with platform.database.read() as connection:
        named = {row.file for row in queries.copies(connection).values()}
    edge = time.time() - _FORGOTTEN_SECONDS
    for path in folder_of(platform).glob("*.db*"):
        if path.name not in named and path.stat().st_mtime < edge:
            path.unlink(missing_ok=True)


def _remove_others(path: Path, service: str) -> None:
    """Older copies go; a reader that has one open keeps its file until it looks again."""
    for other in path.parent.glob(f"{service}.*.db"):
        if other != path:
            other.unlink(missing_ok=True)


class Copies:
    """The copies as this process has them open; looks for newer ones once a second at most."""

    def __init__(self, platform: Platform) -> None:
        self._platform = platform
        self._open: dict[str, tuple[str, sqlite3.Cursor]] = {}

    def refresh(self) -> None:
        """Open what is new. Called from one thread."""
        assert not in_transaction()
        with self._platform.database.read() as connection:
            rows = queries.copies(connection)
        for service, row in rows.items():
            if self._open.get(service, ("", None))[0] != row.file:
                path = folder_of(self._platform) / row.file
                if path.exists():
                    self._open[service] = (row.file, _reader(path))
        for service in set(self._open) - set(rows):
            del self._open[service]

    def find(self, service: str, key: str) -> list[dict[str, Any]] | None:
        """The rows of a key, [] when there is none; None when the copy is not there yet."""
        opened = self._open.get(service)
        if opened is None:
            return None
        row = opened[1].execute("SELECT v FROM answer WHERE k = ?", (key,)).fetchone()
        found: list[dict[str, Any]] = [] if row is None else json.loads(row[0])
        return found

    def find_text(self, service: str, key: str) -> str | None:
        """The rows of a key as the JSON text they are kept as."""
        opened = self._open.get(service)
        if opened is None:
            return None
        row = opened[1].execute("SELECT v FROM answer WHERE k = ?", (key,)).fetchone()
        return "[]" if row is None else row[0]

    def version_file(self, service: str) -> str | None:
        opened = self._open.get(service)
        return None if opened is None else opened[0]


def _reader(path: Path) -> sqlite3.Cursor:
    # immutable: a copy is never written again, so no locks and no look at the file's change.
    file = sqlite3.connect(
        f"file:{path}?mode=ro&immutable=1", uri=True, check_same_thread=False, isolation_level=None
    )
    return file.cursor()
