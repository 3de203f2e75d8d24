"""A local folder that is watched: which files lie still in it, and their content."""

import os
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from haina.kernel.errors import HainaError
from haina.resources.collect.kinds.contracts import Offered, ReadContext
from haina.resources.collect.kinds.errors import BAD_CONNECTION, SOURCE_CHANGED
from haina.resources.collect.kinds.files.paths import resolve

STATEMENT = ".statement.json"
# A file that was written to this short while ago may still grow.
SETTLE_SECONDS = 5.0
_BLOCK = 1024 * 1024


def offered(connection: Any, suffixes: tuple[str, ...], context: ReadContext) -> list[Offered]:
    """Files of these suffixes, and the statements beside them, by name."""
    folder = _folder(connection, context)
    found = []
    for path in sorted(folder.iterdir()):
        wanted = path.suffix.lower() in suffixes or path.name.endswith(STATEMENT)
        if not wanted or path.name.startswith((".", "~")) or not _is_ours(path, context):
            continue
        state = path.stat()
        if time.time() - state.st_mtime >= SETTLE_SECONDS:
            found.append(_offered(path.name, state))
    return found


def fetched(connection: Any, wanted: Offered, context: ReadContext) -> Iterator[bytes]:
    """The content of one file. Raises HainaError(source_changed) when it is not as offered."""
    folder = _folder(connection, context)
    path = resolve(str(folder / Path(wanted.name).name), context.settings)
    with path.open("rb") as file:
        _check(wanted, os.fstat(file.fileno()))
        while block := file.read(_BLOCK):
            yield block
        _check(wanted, os.fstat(file.fileno()))


def _folder(connection: Any, context: ReadContext) -> Path:
    folder = resolve(connection.path, context.settings)
    if not folder.is_dir():
        raise BAD_CONNECTION(
            f"“{connection.path}”不是文件夹", field="path", hint="收件夹(inbox)须是一个文件夹。"
        )
    return folder


def _is_ours(path: Path, context: ReadContext) -> bool:
    """A file below the roots; a link that leads out of them is none of ours."""
    try:
        return resolve(str(path), context.settings).is_file()
    except HainaError:
        return False


def _offered(name: str, state: os.stat_result) -> Offered:
    return Offered(name, state.st_size, str(state.st_mtime_ns))


def _check(wanted: Offered, state: os.stat_result) -> None:
    if _offered(wanted.name, state) != wanted:
        raise SOURCE_CHANGED(f"“{wanted.name}”正在被改动", field="path")
