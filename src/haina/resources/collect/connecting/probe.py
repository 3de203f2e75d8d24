"""A process that asks a source once: what it holds, or some rows of a table.

The server imports no engine and must not hang on a stranger's network or unfold a hostile file in
its own memory. So what is asked comes in as JSON on standard input, the answer leaves as JSON on
standard output, and the process is killed when it does not end. Secrets come in by the pipe alone.
"""

import json
import resource
import signal
import sys
import time
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from haina.kernel.errors import INTERNAL, HainaError
from haina.kernel.settings import Settings
from haina.resources.collect import kinds
from haina.resources.collect.connecting.errors import TOO_MUCH
from haina.resources.collect.connecting.judging import judged
from haina.resources.collect.kinds.errors import NO_TABLE
from haina.resources.collect.shapes import Look, look_at
from haina.resources.collect.sources import check_connection

if TYPE_CHECKING:
    import pyarrow as pa

MOST_TABLES = 5_000
MOST_LOOKED_AT = 40
LOOKED_AT_ROWS = 50
LOOK_SECONDS = 30.0
LONGEST_CELL = 200
MOST_CELLS = 20_000
_HIDDEN = "***"


def main() -> None:
    """Answers {"value": …} or {"error": …}."""
    request = json.loads(sys.stdin.buffer.read())
    _confine(request["memory_mb"], request["seconds"])
    try:
        answer = {"value": _asked(request)}
    except HainaError as error:
        answer = {"error": _without(error.as_dict(), request["secrets"])}
    except MemoryError:
        answer = {"error": TOO_MUCH().as_dict()}
    except Exception as error:  # noqa: BLE001 — what it says may hold what was typed
        answer = {"error": INTERNAL(f"探查时出现意外({type(error).__name__})").as_dict()}
    text = json.dumps(answer, ensure_ascii=False, default=str)
    sys.stdout.buffer.write(text.encode("utf-8", "replace"))


@dataclass(frozen=True)
class Glance:
    """What the columns of a table look like, and its lines at the end that are no rows."""

    looks: dict[str, Look]
    footers: tuple[tuple[int, str], ...]


def _asked(request: dict[str, Any]) -> Any:
    kind = kinds.get(request["kind"])
    connection = check_connection(request["kind"], request["connection"])
    context = kinds.ReadContext(Settings(**request["settings"]))
    if request["do"] == "rows":
        return _rows(kind, connection, context, request)
    start = time.monotonic()
    kind.test(connection, context)
    if request["inbox"] and isinstance(kind, kinds.Inbox):
        kind.offered(connection, context)  # a folder, not a file
    found = kind.discover(connection, context)
    seen = _looks(kind, connection, context, found, start)
    return {
        "tables": [_table(one, seen.get(one.name)) for one in found[:MOST_TABLES]],
        "more": max(0, len(found) - MOST_TABLES),
    }


def _looks(
    kind: kinds.Kind,
    connection: Any,
    context: kinds.ReadContext,
    tables: Sequence[kinds.SourceTable],
    start: float,
) -> dict[str, Glance]:
    """What the values of the first tables look like, as far as the time goes: nothing is lost
    where it does not, and no value is kept. Whoever waits is to wait little longer for it."""
    found: dict[str, Glance] = {}
    longest = time.monotonic() - start
    for table in [one for one in tables if one.columns][:MOST_LOOKED_AT]:
        before = time.monotonic()
        if before - start + longest > LOOK_SECONDS:
            break
        few = max(1, min(LOOKED_AT_ROWS, MOST_CELLS // len(table.columns)))
        try:
            some = kinds.preview(kind, connection, table, few, context=context)
        except (HainaError, MemoryError):
            continue  # the preview of this table, or its first load, will say why
        found[table.name] = Glance(looks_of(some.rows), some.footers)
        longest = max(longest, time.monotonic() - before)
    return found


def looks_of(rows: "pa.Table") -> dict[str, Look]:
    return {name: look_at(rows.column(name).to_pylist()) for name in rows.column_names}


def _said(look: Look | None) -> dict[str, Any] | None:
    return None if look is None else vars(look)


def _table(table: kinds.SourceTable, seen: Glance | None) -> dict[str, Any]:
    looks = seen.looks if seen else {}
    return {
        "name": table.name,
        "comment": table.comment,
        "rows": table.estimated_rows,
        "key": list(table.key),
        "footers": [list(one) for one in seen.footers] if seen else [],
        "columns": [
            {
                "name": one.name,
                "source_type": one.source_type,
                "lake_type": one.lake_type,
                "nullable": one.nullable,
                "comment": one.comment,
                "look": _said(looks.get(one.name)),
            }
            for one in table.columns
        ],
    }


def _rows(
    kind: kinds.Kind, connection: Any, context: kinds.ReadContext, request: dict[str, Any]
) -> dict[str, Any]:
    name = request["table"]
    tables = kind.discover(connection, context)
    table = next((one for one in tables if one.name == name), None)
    if table is None or not table.columns:
        raise NO_TABLE(f"数据源里没有可读的表“{name}”", field="table")
    few = max(1, min(request["rows"], MOST_CELLS // len(table.columns)))
    found, rejects, _ = kinds.preview(kind, connection, table, few, context=context)
    return {
        "columns": found.column_names,
        "rows": [
            [None if value is None else str(value)[:LONGEST_CELL] for value in row.values()]
            for row in found.to_pylist()
        ],
        "rejects": [
            {"line": one.line, "column": one.column, "message": one.message}
            for one in rejects[:50]
            if one.reason != "footer"  # told of the table as a whole
        ],
        "verdicts": judged(found, request["bound"]),
        "looks": {column: _said(look) for column, look in looks_of(found).items()},
    }


def _confine(memory_mb: int, seconds: float) -> None:
    """Bounds of our own, should whoever started us be gone."""
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    resource.setrlimit(resource.RLIMIT_DATA, (memory_mb * 2**20, memory_mb * 2**20))
    signal.setitimer(signal.ITIMER_REAL, seconds + 5)


def _without(said: Any, secrets: list[str]) -> Any:
    """Whatever a driver said of a secret, it does not leave."""
    if isinstance(said, dict):
        return {name: _without(value, secrets) for name, value in said.items()}
    if isinstance(said, list):
        return [_without(value, secrets) for value in said]
    for secret in secrets if isinstance(said, str) else ():
        said = said.replace(secret, _HIDDEN)
    return said


if __name__ == "__main__":
    main()
