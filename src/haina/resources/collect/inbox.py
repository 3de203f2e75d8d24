"""A watched folder: each new file in it is a delivery, taken once it lies still.

The folder is the agency's: nothing in it is moved or deleted. A file is known again by its name,
size and time of change. Beside `人口.csv` may lie its statement, `人口.csv.statement.json`
({"number": …, "rows": …, "sums": {…}}).
"""

import json
from typing import Any

from haina.kernel.errors import BAD_INPUT, HainaError
from haina.kernel.jobs import JobContext
from haina.resources.collect import deliveries, delivery_queries, kinds
from haina.resources.collect.kinds.contracts import Offered
from haina.resources.collect.sources import Source, Table, list_tables, open_connection

STATEMENT = ".statement.json"


def take_in(context: JobContext, source: Source) -> dict[str, Any]:
    """Take every new file of a source's inbox; how many, and which belong to no table."""
    kind = kinds.get(source.kind)
    if not isinstance(kind, kinds.Inbox):
        raise BAD_INPUT(f"「{kind.title}」不能用作收件夹(inbox)", field="inbox")
    connection = open_connection(context.platform, source)
    read_context = kinds.ReadContext(context.platform.settings)
    offered = kind.offered(connection, read_context)
    with context.platform.database.read() as database:
        tables = list_tables(database, source.name)
        taken = delivery_queries.files_of(database, source.name)
    said = {one.name: one for one in offered}
    received, strangers = 0, []
    for one in offered:
        if one.name.endswith(STATEMENT) or mark_of(one) in taken:
            continue
        table = deliveries.table_of_file(tables, one.name)
        if table is None:
            strangers.append(one.name)
            continue
        context.check()
        beside = said.get(one.name + STATEMENT)
        received += _take(context, source, table, one, beside, kind, connection, read_context)
    for name in strangers[:20]:
        context.log(f"收件夹里的“{name}”不属于任何已声明的表,未收", "warning")
    return {"received": received, "unknown": strangers[:20]}


def mark_of(offered: Offered) -> str:
    return f"{offered.name}|{offered.bytes}|{offered.modified}"


def _take(
    context: JobContext,
    source: Source,
    table: Table,
    offered: Offered,
    beside: Offered | None,
    kind: kinds.Inbox,
    connection: Any,
    read_context: kinds.ReadContext,
) -> int:
    """Fetch one file and write it down as a delivery; a file that still grows waits."""
    try:
        blocks = kind.fetched(connection, offered, read_context)
        kept = deliveries.keep(context.platform, blocks, offered.name)
        stated = None if beside is None else _statement(kind, connection, beside, read_context)
    except HainaError as error:
        context.log(f"“{offered.name}”暂未收下:{error.message}", "warning")
        return 0
    with context.transaction() as database:
        deliveries.receive(
            database, source, table, kept,
            via="folder", actor=f"source:{source.name}", mark=mark_of(offered),
            number=None if stated is None else stated.get("number"), statement=stated,
            batch=context.job.batch,
        )  # fmt: skip
    return 1


def _statement(
    kind: kinds.Inbox, connection: Any, offered: Offered, read_context: kinds.ReadContext
) -> dict[str, Any]:
    text = b"".join(kind.fetched(connection, offered, read_context))
    try:
        found = json.loads(text)
    except ValueError:
        raise BAD_INPUT(f"对账单“{offered.name}”不是 JSON", field="statement") from None
    if not isinstance(found, dict):
        raise BAD_INPUT(f"对账单“{offered.name}”应为 JSON 对象", field="statement")
    return found
