"""报送: batches that an agency hands in — uploaded, pushed, or laid into a watched folder.

A delivery is one file and one batch. It is written down and safe on disk before its receipt is
given; then it is loaded by the same path as everything else. A batch number comes once: the same
content again gets the same receipt, other content under it is refused.
"""

import hashlib
import os
import re
import shutil
from collections.abc import Iterable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from fnmatch import fnmatch
from pathlib import Path
from typing import Any, BinaryIO

from sqlalchemy.engine import Connection, Row

from haina.kernel import clock
from haina.kernel.disk import sync_folder
from haina.kernel.errors import BAD_INPUT, NOT_FOUND, kind
from haina.kernel.ids import new_id
from haina.kernel.jobs import NewJob, enqueue
from haina.kernel.platform import Platform
from haina.resources.collect import delivery_queries as queries
from haina.resources.collect.sources import Source, Table
from haina.resources.collect.statements import Statement, statement_of
from haina.security import evidence

NUMBER_TAKEN = kind(
    "batch_number_taken",
    409,
    "这个批次号已用于另一份内容",
    "若是新的一批,请换一个批次号;若是更正,请在批次号后加后缀重送。",
)
TOO_LARGE = kind(
    "delivery_too_large",
    413,
    "报送的文件太大",
    "请分成几个文件,或请平台管理员调大 HAINA_DELIVERY_MB。",
)
NOT_DELIVERED_TO = kind(
    "not_a_delivery_source",
    422,
    "这个数据源不收报送",
    "只有文件报送和推送的数据源可以交文件;直连和前置库由平台自己去取。",
)

LOAD = "collect.load"
_BLOCK = 1024 * 1024
_NUMBER = re.compile(r"[^\s\x00-\x1f]{1,100}")
# The format that reads a delivery, by the end of its name; the source's own kind comes first.
_KINDS = {
    ".csv": "csv", ".tsv": "csv", ".txt": "csv", ".xlsx": "workbook", ".xls": "workbook",
    ".et": "workbook", ".xlsm": "workbook", ".json": "json", ".jsonl": "jsonl",
    ".ndjson": "jsonl", ".parquet": "parquet", ".dbf": "dbf",
}  # fmt: skip


@dataclass(frozen=True)
class Delivery:
    """`state`: received, loaded, refused (see `message`), duplicate (its content came before)."""

    id: str
    table: str
    source: str
    number: str
    via: str
    file: str
    kind: str
    bytes: int
    digest: str
    statement: dict[str, Any] | None
    state: str
    message: str | None
    job: str | None
    rows: int | None
    rejected: int | None
    received_at: datetime
    received_by: str


@dataclass(frozen=True)
class Kept:
    """A file that is safe on disk, under its delivery: how long it is, and its SHA-256."""

    delivery: str
    path: Path
    bytes: int
    digest: str


def folder_of(platform: Platform) -> Path:
    """Where deliveries lie. They are kept: a batch can be looked at, and loaded again."""
    return platform.settings.home / "deliveries"


class Intake:
    """Takes a file in, block by block; whole and fsynced, or nothing is left of it.

    Raises HainaError(delivery_too_large, bad_input).
    """

    def __init__(self, platform: Platform, name: str) -> None:
        self.delivery = new_id()
        folder = folder_of(platform) / self.delivery
        folder.mkdir(mode=0o700, parents=True)
        self._path = folder / _safe_name(name)
        self._most = platform.settings.delivery_mb * 1024 * 1024
        try:
            self._file = self._path.open("wb")
        except OSError:
            folder.rmdir()
            raise
        self._digest, self._size = hashlib.sha256(), 0

    def write(self, block: bytes) -> None:
        self._size += len(block)
        if self._size > self._most:
            raise TOO_LARGE(f"文件超过 {self._most // 1024 // 1024} MB", field="file")
        self._digest.update(block)
        self._file.write(block)

    def done(self) -> Kept:
        if self._size == 0:
            raise BAD_INPUT("文件是空的", field="file")
        self._file.flush()
        os.fsync(self._file.fileno())
        self._file.close()
        for folder in list(self._path.parents)[:3]:
            sync_folder(folder)
        return Kept(self.delivery, self._path, self._size, self._digest.hexdigest())

    def drop(self) -> None:
        with suppress(OSError):  # what a full disk did not take is tried again by closing
            self._file.close()
        shutil.rmtree(self._path.parent, ignore_errors=True)


def keep(platform: Platform, blocks: Iterable[bytes], name: str) -> Kept:
    """Take a whole file in."""
    intake = Intake(platform, name)
    try:
        for block in blocks:
            intake.write(block)
        return intake.done()
    except BaseException:
        intake.drop()
        raise


def blocks_of(file: BinaryIO) -> Iterable[bytes]:
    while block := file.read(_BLOCK):
        yield block


def check_taker(source: Source) -> None:
    """Raises HainaError(not_a_delivery_source) when agencies cannot hand files to a source."""
    if source.placement not in ("file", "push"):
        raise NOT_DELIVERED_TO(f"数据源「{source.title}」不收报送", field="source")


def forget(kept: Kept) -> None:
    """Leave nothing of a file that was not written down."""
    shutil.rmtree(kept.path.parent, ignore_errors=True)


def receive(
    connection: Connection,
    source: Source,
    table: Table,
    kept: Kept,
    *,
    via: str,
    actor: str,
    number: str | None = None,
    statement: Mapping[str, Any] | None = None,
    mark: str | None = None,
    batch: str | None = None,
) -> Delivery:
    """Write a delivery down and queue its load, in the caller's transaction.

    `mark` is how an inbox knows its file again; `batch` is that of jobs which whoever waits for
    the load follows. Raises HainaError(batch_number_taken, bad_input).
    """
    delivery = kept.delivery
    number = number or f"{clock.local(clock.now()):%Y%m%d}-{delivery}"
    if not _NUMBER.fullmatch(number):
        raise BAD_INPUT("批次号须为 1 到 100 个字符,不含空白", field="number")
    again = queries.by_number(connection, table.name, number)
    if again is not None:
        return _again(again, kept)
    stated = statement_of(statement, table.spec)
    twin = queries.by_digest(connection, table.name, kept.digest)
    row: dict[str, Any] = {
        "id": delivery,
        "table": table.name,
        "source": source.name,
        "number": number,
        "via": via,
        "file": (mark or kept.path.name)[:300],
        "kind": _kind_of(source, kept.path),
        "bytes": kept.bytes,
        "digest": kept.digest,
        "statement": None if stated is None else dict(statement or {}),
        "state": "duplicate" if twin else "received",
        "message": f"内容与批次 {twin.number} 相同,未重复入湖" if twin else None,
        "received_at": clock.now(),
        "received_by": actor,
    }
    row["job"] = None if twin else _queue(connection, table, delivery, number, batch)
    queries.insert(connection, row)
    evidence.append(
        connection,
        actor,
        "delivery.receive",
        f"table:{table.name}",
        {"delivery": delivery, "number": number, "sha256": kept.digest, "bytes": kept.bytes},
    )
    return find_delivery(connection, delivery)


def _again(row: Row[Any], kept: Kept) -> Delivery:
    forget(kept)
    if row.digest != kept.digest:
        raise NUMBER_TAKEN(f"批次号 {row.number} 已于 {row.received_at:%Y-%m-%d} 收到另一份内容",
                           field="number", delivery=row.id)  # fmt: skip
    return Delivery(**row._mapping)


def _queue(
    connection: Connection, table: Table, delivery: str, number: str, batch: str | None
) -> str | None:
    return enqueue(
        connection,
        NewJob(
            LOAD,
            f"采集 {table.spec.title} 批次 {number}",
            {"table": table.name, "delivery": delivery},
            cause=f"收到批次 {number}",
            lock=f"dataset:{table.spec.ods}",
            dedupe=f"{LOAD}:{table.name}:{delivery}",
            subject=table.spec.ods,
            batch=batch,
            priority=45,
        ),
    )


def _kind_of(source: Source, path: Path) -> str:
    """The kind that reads a delivered file: by its ending for pushes, else the source's own."""
    if source.kind != "push":
        return str(source.connection.get("format") or source.kind)
    return kind_by_ending(path)


def kind_by_ending(path: Path) -> str:
    """The kind that reads a file of this name. Raises HainaError(bad_input)."""
    found = _KINDS.get(path.suffix.lower())
    if found is None:
        raise BAD_INPUT(f"不认识的文件类型“{path.suffix}”", field="file")
    return found


def find_delivery(connection: Connection, delivery: str) -> Delivery:
    """Raises HainaError(not_found)."""
    row = queries.one(connection, delivery)
    if row is None:
        raise NOT_FOUND(f"没有批次 {delivery}", field="delivery")
    return Delivery(**row._mapping)


def list_deliveries(
    connection: Connection, *, table: str | None = None, source: str | None = None, limit: int = 100
) -> list[Delivery]:
    """Newest first."""
    return [
        Delivery(**row._mapping)
        for row in queries.page(connection, table=table, source=source, limit=limit)
    ]


def path_of(platform: Platform, delivery: Delivery) -> Path:
    """The one data file of a delivery. Raises HainaError(not_found) when it is gone."""
    folder = folder_of(platform) / delivery.id
    files = sorted(folder.iterdir()) if folder.is_dir() else []
    if not files:
        raise NOT_FOUND(f"批次 {delivery.number} 的文件已不在", field="delivery")
    return files[0]


def stated(delivery: Delivery, table: Table) -> Statement | None:
    return statement_of(delivery.statement, table.spec)


def table_of_file(tables: Iterable[Table], name: str) -> Table | None:
    """Which table a file belongs to: by `files`, else the longest `from` that its name starts
    with."""
    stem = Path(name).name
    by_glob = [one for one in tables if one.spec.files and fnmatch(stem, one.spec.files)]
    by_name = [one for one in tables if not one.spec.files and stem.startswith(_stem_of(one))]
    found = by_glob or sorted(by_name, key=lambda one: len(_stem_of(one)), reverse=True)
    return found[0] if found else None


def _stem_of(table: Table) -> str:
    return table.spec.from_.partition("#")[0]


def _safe_name(name: str) -> str:
    """The last part of what someone calls a file, fit for any file system."""
    last = re.split(r"[/\\]", name)[-1]
    clean = re.sub(r"[\x00-\x1f\x7f<>:\"|?*]", "_", last).strip(" .") or "data"
    head, dot, tail = clean.rpartition(".")
    return (head[:80] + dot + tail[:10]) if dot else clean[:80]
