"""A folder on an SFTP server as a source: files are fetched whole, then read as local ones.

So a file cannot change any more while it is read, and every kind of local files is there at once:
the fetched files lie in a private folder under the names that they have on the server, and the
kind of files is pointed to it. Files that a table does not need are there by name only.
"""

import json
import os
import shutil
import time
from collections import OrderedDict
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from functools import partial
from pathlib import Path, PurePosixPath
from tempfile import TemporaryDirectory
from typing import Any

from haina.resources.collect.kinds.contracts import (
    KeyRange,
    Offered,
    ReadContext,
    Reading,
    SourceTable,
    Watermark,
)
from haina.resources.collect.kinds.errors import (
    ANSWER_TOO_LARGE,
    FILE_EMPTY,
    NO_TABLE,
    SOURCE_CHANGED,
)
from haina.resources.collect.kinds.files.formats import FileKind
from haina.resources.collect.kinds.files.places import ZIP
from haina.resources.collect.kinds.remote import limits
from haina.resources.collect.kinds.remote.sftp.connection import SftpConnection
from haina.resources.collect.kinds.remote.sftp.listing import Entry, Listing, listed, needed_for
from haina.resources.collect.kinds.remote.sftp.protocol import Sftp

_TYPE_ROWS = [
    ("文件", "同该种类", "format 所指的文件种类,如 CSV 文件;字段类型见各自一节"),
]
_STATEMENT, _STATEMENT_SUFFIX = ".statement.json", ".json"
_REMEMBERED = 200
_SPARE_DISK = 256 * limits.MIB


class SftpKind:
    """See `Kind`."""

    name = "sftp"
    title = "SFTP 文件夹"
    connection = SftpConnection

    def __init__(self) -> None:
        self._known: OrderedDict[tuple[Any, ...], list[SourceTable]] = OrderedDict()

    def test(self, connection: SftpConnection, context: ReadContext) -> None:
        """Logs in, lists, and reads the smallest file."""
        with _session(connection, context) as sftp:
            listing = _listed(sftp, connection)
            if not listing.readable:
                raise FILE_EMPTY(f"“{connection.path}”里没有可读的文件", field="path")
            smallest = min(listing.readable, key=lambda entry: entry.size)
            with _mirror(context) as folder:
                _fetch(sftp, [smallest], folder)
                local = _local(connection, folder / smallest.name, pattern=False)
                _files(connection).test(local, _within(context, folder))

    def discover(self, connection: SftpConnection, context: ReadContext) -> list[SourceTable]:
        """What was listed alike before is not fetched again."""
        with _session(connection, context) as sftp:
            listing = _listed(sftp, connection)
            state = _state(connection, listing)
            if state not in self._known:
                self._remember(state, _discovered(sftp, connection, listing, context))
        return list(self._known[state])

    @contextmanager
    def read(
        self,
        connection: SftpConnection,
        table: SourceTable,
        *,
        context: ReadContext,
        columns: Sequence[str] | None = None,
        since: Watermark | None = None,
        part: KeyRange | None = None,
    ) -> Iterator[Reading]:
        assert part is None, "files are not split"
        with _mirror(context) as folder:
            with _session(connection, context) as sftp:
                listing = _listed(sftp, connection)
                pattern = str(connection.options.get("pattern", ""))
                needed = needed_for(table.name, listing.readable, pattern)
                if not needed:
                    raise NO_TABLE(f"找不到表“{table.name}”的文件", field="table")
                _fetch(sftp, needed, folder)
            _name_only(listing, needed, folder)
            with _files(connection).read(
                _local(connection, _place(listing, folder)),
                table,
                context=_within(context, folder),
                columns=columns,
                since=since,
            ) as reading:
                yield reading

    def slices(
        self,
        connection: SftpConnection,
        table: SourceTable,
        column: str,
        *,
        context: ReadContext,
        rows: int,
    ) -> list[KeyRange]:
        return []

    def offered(self, connection: SftpConnection, context: ReadContext) -> list[Offered]:
        """See `Inbox`. A server's clock may be wrong, so it is asked twice."""
        with _session(connection, context) as sftp:
            before = {entry.path: entry.seen for entry in _inbox(sftp, connection)}
            time.sleep(limits.LIMITS.settle_seconds)
            now = _inbox(sftp, connection)
        still = [entry for entry in now if before.get(entry.path) == entry.seen]
        return sorted((_offered(entry) for entry in still), key=lambda one: one.name)

    def fetched(
        self, connection: SftpConnection, offered: Offered, context: ReadContext
    ) -> Iterator[bytes]:
        """See `Inbox`."""
        with _mirror(context) as folder:
            with _session(connection, context) as sftp:
                found = [one for one in _inbox(sftp, connection) if _offered(one) == offered]
                if not found:
                    raise SOURCE_CHANGED(f"“{offered.name}”已被改动或取走", field="path")
                _fetch(sftp, found, folder)
            with (folder / offered.name).open("rb") as file:
                yield from iter(partial(file.read, limits.MIB), b"")

    def type_rows(self) -> list[tuple[str, str, str]]:
        return _TYPE_ROWS

    def _remember(self, state: tuple[Any, ...], tables: list[SourceTable]) -> None:
        self._known[state] = tables
        while len(self._known) > _REMEMBERED:
            self._known.popitem(last=False)


@contextmanager
def _session(connection: SftpConnection, context: ReadContext) -> Iterator[Sftp]:
    from haina.resources.collect.kinds.remote.sftp.ssh import session

    with session(connection, context) as sftp:
        yield sftp


def _files(connection: SftpConnection) -> FileKind:
    """The kind of local files that the format names; the connection has been checked for it."""
    from haina.resources.collect import kinds

    kind = kinds.get(connection.format)
    assert isinstance(kind, FileKind)
    return kind


def _listed(sftp: Sftp, connection: SftpConnection) -> Listing:
    return listed(sftp, connection, (*_files(connection).suffixes, ZIP))


def _inbox(sftp: Sftp, connection: SftpConnection) -> list[Entry]:
    """Files of the format's, and statements beside them."""
    suffixes = (*_files(connection).suffixes, ZIP)
    found = listed(sftp, connection, (*suffixes, _STATEMENT_SUFFIX)).readable
    return [
        one
        for one in found
        if one.name.endswith(_STATEMENT) or PurePosixPath(one.name).suffix.lower() in suffixes
    ]


def _offered(entry: Entry) -> Offered:
    return Offered(entry.name, entry.size, str(entry.seen.mtime))


def _discovered(
    sftp: Sftp, connection: SftpConnection, listing: Listing, context: ReadContext
) -> list[SourceTable]:
    """The tables of all files; a file that may not be read says why, and hides no other."""
    broken = [SourceTable(one.name, (), (), f"不可读:{one.flaw}") for one in listing.broken]
    if not listing.readable:
        return broken
    with _mirror(context) as folder:
        _fetch(sftp, listing.readable, folder)
        local = _local(connection, _place(listing, folder))
        found = _files(connection).discover(local, _within(context, folder))
    return sorted([*found, *broken], key=lambda table: table.name)


@contextmanager
def _mirror(context: ReadContext) -> Iterator[Path]:
    with TemporaryDirectory(dir=context.spool, prefix="sftp-") as folder:
        yield Path(folder).resolve()


def _fetch(sftp: Sftp, entries: Iterable[Entry], folder: Path) -> None:
    """Raises HainaError(source_answer_too_large, source_changed, …)."""
    wanted = list(entries)
    size = sum(entry.size for entry in wanted)
    if size > limits.LIMITS.folder_bytes:
        raise ANSWER_TOO_LARGE(f"文件共有 {size // limits.MIB:,} MB,超过上限", field="path")
    if size + _SPARE_DISK > shutil.disk_usage(folder).free:
        raise ANSWER_TOO_LARGE(
            f"文件共有 {size // limits.MIB:,} MB,本机磁盘放不下", field="path", hint="请清理磁盘。"
        )
    for entry in wanted:
        to = os.open(folder / entry.name, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        try:
            sftp.fetch(entry.path, entry.seen, to)
        finally:
            os.close(to)


def _name_only(listing: Listing, fetched: list[Entry], folder: Path) -> None:
    """Files that are not needed still have a say in the names of tables."""
    for entry in listing.readable:
        if entry not in fetched:
            (folder / entry.name).touch()


def _place(listing: Listing, folder: Path) -> Path:
    return folder / listing.entries[0].name if listing.alone else folder


def _local(connection: SftpConnection, path: Path, *, pattern: bool = True) -> Any:
    """The connection block of the kind of local files."""
    options = {**connection.options, "path": str(path)}
    if not pattern:
        options = {k: v for k, v in options.items() if k not in ("pattern", "table")}
    return _files(connection).connection.model_validate(options)


def _within(context: ReadContext, folder: Path) -> ReadContext:
    """The same limits, with our folder as the only one that may be read."""
    settings = context.settings.model_copy(update={"source_files": (folder,)})
    return replace(context, settings=settings)


def _state(connection: SftpConnection, listing: Listing) -> tuple[Any, ...]:
    """What tables depend on; no secret is in it."""
    plain = connection.model_dump(mode="json", exclude={"password", "private_key"})
    files = tuple((one.path, one.seen, one.flaw) for one in listing.entries)
    return json.dumps(plain, sort_keys=True), files
