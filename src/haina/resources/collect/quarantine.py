"""Quarantine: rows that were set aside, mended by people and sent again, or put away for good.

States: pending (its load is not published yet), open, resent (mended, on its way), mended (in the
lake), dismissed (left out for good, with a name to it), superseded (a later full load brought the
table anew), refused (its whole load was refused). A row that was mended once is mended again by
itself when the source sends it in the same words.
"""

import csv
import hashlib
import io
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from datetime import datetime
from typing import Any

from sqlalchemy.engine import Connection, Row

from haina.kernel.errors import BAD_INPUT, CONFLICT, NOT_FOUND
from haina.kernel.jobs import NewJob, enqueue
from haina.resources.collect import quarantine_queries as queries
from haina.resources.collect.guessing import KINDS, REASONS, Guess, fits_of, guess_of
from haina.resources.collect.kinds import Reject
from haina.resources.collect.queries import loads_since_whole
from haina.resources.collect.sources import Source, Table
from haina.security import evidence
from haina.standards.elements import Standards

MEND = "collect.mend"
NUMBER = "隔离编号"
_REASON = "隔离原因"
_MOST = 10_000

Values = dict[str, str | None]


@dataclass(frozen=True)
class Quarantined:
    """A row set aside. `values`: its columns as text, None when they cannot be told apart;
    `guess`: how they may be told apart, for those who may mend it; `mended`: what people put in
    its place."""

    id: int
    table: str
    job: str
    line: int | None
    column: str | None
    reason: str
    message: str
    raw: str
    values: Values | None
    mended: Values | None
    state: str
    decided_by: str | None
    at: datetime
    guess: Guess | None = None


@dataclass(frozen=True)
class Mend:
    """`values` by column as text; a column that is left out keeps what it was."""

    id: int
    values: Values


def records(
    table: str, job: str, at: datetime, rejects: Sequence[Reject], state: str
) -> list[dict[str, Any]]:
    """Rows of the table of quarantine."""
    return [
        {
            **asdict(reject),
            "table": table,
            "job": job,
            "state": state,
            "at": at,
            "raw_digest": digest_of(reject.raw),
            "mended": None,
            "decided_by": None,
        }
        for reject in rejects
    ]


def digest_of(raw: str) -> str:
    return hashlib.sha256(raw.encode("utf-8", "surrogatepass")).hexdigest()[:32]


def quarantine_page(
    connection: Connection,
    *,
    table: str | None = None,
    state: str = "open",
    reason: str | None = None,
    before: int | None = None,
    limit: int = 50,
) -> list[Quarantined]:
    """Newest first."""
    rows = queries.page(
        connection, table=table, state=state, reason=reason, before=before, limit=limit
    )
    return [_quarantined(row) for row in rows]


def with_guesses(
    rows: Sequence[Quarantined], table: Table, source: Source, standards: Standards
) -> list[Quarantined]:
    """Rows that could not be told apart, told apart as well as it goes."""
    if source.kind not in KINDS:
        return list(rows)
    said = source.connection.get("delimiter")
    delimiter = said if isinstance(said, str) and len(said) == 1 else None
    seen = [name for name, one in (table.shape or {}).items() if not one.get("gone")]
    columns, fits = seen or list(table.spec.columns), fits_of(table.spec, standards)

    def guessed(row: Quarantined) -> Quarantined:
        if row.values is not None or row.reason not in REASONS:
            return row
        found = guess_of(row.raw, row.reason, columns, delimiter, fits)
        if found is None:
            return row
        known = {name: text for name, text in found.values.items() if name in table.spec.columns}
        return replace(row, guess=replace(found, values=known))

    return [guessed(row) for row in rows]


def _quarantined(row: Row[Any]) -> Quarantined:
    hidden = ("key_hash", "raw_digest")
    return Quarantined(**{key: value for key, value in row._mapping.items() if key not in hidden})


def quarantined_rows(connection: Connection) -> dict[str, int]:
    """Open rows by table."""
    found = {table: states.get("open", 0) for table, states in queries.counts(connection).items()}
    return {table: count for table, count in found.items() if count}


def resend(connection: Connection, actor: str, table: Table, mends: Sequence[Mend]) -> str | None:
    """Mend rows and send them again, in the caller's transaction; the job that takes them.

    Raises HainaError(bad_input, not_found, conflict).
    """
    rows = _open_rows(connection, table, [mend.id for mend in mends])
    for mend in mends:
        values = {**(rows[mend.id].values or {}), **_known(table, mend.values)}
        lost = [name for name in table.spec.key if not values.get(name)]
        if lost:
            raise BAD_INPUT(
                f"第 {mend.id} 号隔离行还没有主键 {'、'.join(lost)}", field=f"{mend.id}.{lost[0]}"
            )
        queries.decide(connection, mend.id, "resent", actor, values)
    evidence.append(
        connection,
        actor,
        "quarantine.resend",
        f"table:{table.name}",
        {"rows": sorted(rows)[:100], "count": len(rows)},
    )
    return request_mend(connection, table, actor)


def request_mend(connection: Connection, table: Table, actor: str) -> str | None:
    return enqueue(
        connection,
        NewJob(
            MEND,
            f"重送 {table.spec.title} 的修正行",
            {"table": table.name},
            cause=f"{actor} 修正隔离行后重送",
            lock=f"dataset:{table.spec.ods}",
            dedupe=f"{MEND}:{table.name}",
            subject=table.spec.ods,
            priority=40,
        ),
    )


def dismiss(connection: Connection, actor: str, table: Table, ids: Sequence[int]) -> int:
    """Leave rows out for good. Raises HainaError(not_found, conflict)."""
    rows = _open_rows(connection, table, ids)
    queries.set_state(connection, rows, "dismissed", decided_by=actor)
    evidence.append(
        connection,
        actor,
        "quarantine.dismiss",
        f"table:{table.name}",
        {"rows": sorted(rows)[:100], "count": len(rows)},
    )
    return len(rows)


def _open_rows(connection: Connection, table: Table, ids: Sequence[int]) -> dict[int, Row[Any]]:
    if not ids or len(set(ids)) != len(ids):
        raise BAD_INPUT("请选择要处理的隔离行,每行一次", field="rows")
    if len(ids) > _MOST:
        raise BAD_INPUT(f"一次最多处理 {_MOST} 行", field="rows")
    rows = {row.id: row for row in queries.some(connection, table.name, ids)}
    lost = [one for one in ids if one not in rows]
    if lost:
        raise NOT_FOUND(f"表 {table.name} 没有第 {lost[0]} 号隔离行", field="rows")
    closed = [one for one, row in rows.items() if row.state != "open"]
    if closed:
        raise CONFLICT(f"第 {closed[0]} 号隔离行已处理过", field="rows")
    return rows


def _known(table: Table, values: Mapping[str, str | None]) -> Values:
    unknown = sorted(set(values) - set(table.spec.columns))
    if unknown:
        raise BAD_INPUT(f"表 {table.name} 没有列 {unknown[0]}", field=unknown[0])
    return dict(values)


def as_csv(table: Table, rows: Sequence[Quarantined]) -> str:
    """The rows as a file to be mended in a spreadsheet and sent back (UTF-8 with BOM)."""
    columns = list(table.spec.columns)
    text = io.StringIO()
    writer = csv.writer(text)
    writer.writerow([NUMBER, _REASON, *columns])
    for row in rows:
        values = row.mended or row.values or (row.guess.values if row.guess else {})
        # A leading apostrophe is how a spreadsheet is told that this is text, not a formula.
        note = f";{row.guess.note}" if row.guess else ""
        writer.writerow(
            [row.id, f"{row.message}{note}", *(_safe(values.get(name)) for name in columns)]
        )
    return "\ufeff" + text.getvalue()


def _safe(text: str | None) -> str:
    if text is None:
        return ""
    return "'" + text if text[:1] in ("=", "+", "-", "@", "\t", "\r") else text


def from_csv(table: Table, data: bytes) -> list[Mend]:
    """What `as_csv` gave, mended; an empty cell is NULL. Raises HainaError(bad_input)."""
    rows = csv.DictReader(io.StringIO(_decoded(data), newline=""))
    names = rows.fieldnames or []
    if NUMBER not in names:
        raise BAD_INPUT(f"文件里没有“{NUMBER}”一列", field="file", hint="请用本页下载的文件修改。")
    columns = [name for name in names if name in table.spec.columns]
    try:
        return [_mend(row, columns, line) for line, row in enumerate(rows, 2)]
    except csv.Error as broken:
        raise BAD_INPUT(f"文件不是完整的 CSV:{broken}", field="file") from None


def _mend(row: Mapping[str, str | None], columns: Sequence[str], line: int) -> Mend:
    number = (row.get(NUMBER) or "").strip()
    if not number.isdecimal():
        raise BAD_INPUT(f"第 {line} 行的{NUMBER}不是数字", field="file")
    return Mend(int(number), {name: _plain(row.get(name)) for name in columns})


def _plain(text: str | None) -> str | None:
    if not text:
        return None
    return text[1:] if len(text) > 1 and text[0] == "'" and text[1] in "=+-@\t\r" else text


def _decoded(data: bytes) -> str:
    for codec in ("utf-8-sig", "gb18030"):
        try:
            return data.decode(codec).removeprefix("\ufeff")
        except UnicodeDecodeError:
            continue
    raise BAD_INPUT("文件编码不是 UTF-8 或 GB18030", field="file")


@dataclass(frozen=True)
class Reconciliation:
    """对账 of a table since its last whole load: what the source said it has, and where each row
    is. `outstanding` rows are in quarantine, and nobody has decided about them."""

    source_rows: int
    in_lake: int
    mended: int
    dismissed: int
    outstanding: int


def reconciliation(connection: Connection, table: str) -> Reconciliation:
    """Of the loads since the last whole one, that one included."""
    rows = loads_since_whole(connection, table)
    own = [row for row in rows if row.mode != "mend"]
    states = queries.states_of_jobs(connection, [row.job for row in own])
    mended_here = sum(row.mended for row in own)
    return Reconciliation(
        source_rows=sum(row.source_rows for row in own),
        in_lake=sum(row.rows for row in own) - mended_here,
        mended=states.get("mended", 0),
        dismissed=states.get("dismissed", 0),
        outstanding=states.get("open", 0) + states.get("resent", 0),
    )
