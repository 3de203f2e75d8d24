"""The first load of a source that was just made: asked for in the transaction that makes it."""

import os
import shutil
from collections.abc import Mapping, Sequence

from sqlalchemy.engine import Connection

from haina.kernel.ids import new_id
from haina.kernel.platform import Platform
from haina.resources.collect import deliveries
from haina.resources.collect.connecting.drafts import Draft
from haina.resources.collect.deliveries import Kept
from haina.resources.collect.requests import request_load
from haina.resources.collect.sources import find_source, list_tables


def copies(platform: Platform, draft: Draft, count: int) -> list[Kept]:
    """The uploaded file once for each of `count` tables: a delivery is of one table."""
    if draft.upload is None or draft.way != "upload":
        return []
    first = draft.upload.kept(platform)
    return [first, *(_again(platform, first) for _ in range(count - 1))]


def _again(platform: Platform, kept: Kept) -> Kept:
    name = new_id()
    folder = deliveries.folder_of(platform) / name
    folder.mkdir(mode=0o700, parents=True)
    path = folder / kept.path.name
    try:
        os.link(kept.path, path)
    except OSError:
        shutil.copyfile(kept.path, path)
    return Kept(name, path, kept.bytes, kept.digest)


def first_loads(
    connection: Connection, source: str, actor: str, files: Sequence[Kept] = ()
) -> Mapping[str, str | None]:
    """Queue what can be had now: the job of each table, None where nothing is to be asked."""
    found = find_source(connection, source)
    tables = list_tables(connection, source)
    if not files:
        cause = f"{found.title} 接入后首次采集"
        return {one.name: request_load(connection, one, cause) for one in tables}
    return {
        table.name: deliveries.receive(
            connection, found, table, kept, via="upload", actor=actor
        ).job
        for table, kept in zip(tables, files, strict=True)
    }
