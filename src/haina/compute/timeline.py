"""A timeline of jobs that stays readable: rows a kind, lanes of bars, and what is too short to be
told apart drawn as one block that says how many it stands for."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy.engine import Connection

from haina.kernel import clock, jobs
from haina.kernel.errors import BAD_INPUT
from haina.kernel.jobs import Bar, JobFilter

CELLS = 300
"""How many parts of the window the eye can tell apart."""

_MOST_LANES = 4
_MOST_BARS = 20_000
_PRESENT = timedelta(seconds=5)
"""A window that ends this late follows the present: what waits belongs to it."""

_SHORT = 2  # a bar of fewer cells cannot be pointed at
_WORST = ("failed", "running", "done", "cancelled", "queued")


@dataclass(frozen=True)
class Block:
    """One job (`job` names it), or `count` of them. `ended_at` None: still running. `seconds` is
    their work added up; `rows` what they wrote, as far as they say."""

    started_at: datetime
    ended_at: datetime | None
    state: str
    count: int
    failed: int
    rows: int | None
    seconds: float
    job: str | None
    title: str


@dataclass(frozen=True)
class Row:
    """The jobs of one kind: lanes of blocks that do not overlap, and how many wait since when."""

    kind: str
    count: int
    failed: int
    lanes: list[list[Block]]
    waiting: int
    waiting_since: datetime | None


@dataclass(frozen=True)
class Timeline:
    """`truncated`: only the newest jobs of the window are drawn."""

    started_at: datetime
    ended_at: datetime
    now: datetime
    rows: list[Row]
    truncated: bool


def timeline(connection: Connection, wanted: JobFilter, most: int = _MOST_BARS) -> Timeline:
    """The window of the filter (`since` and `until` are set). Raises HainaError(bad_input)."""
    since, until, now = wanted.since, wanted.until, clock.now()
    if since is None or until is None or since >= until:
        raise BAD_INPUT("时间段的开始须早于结束", field="since")
    bars = jobs.bars_of(connection, wanted, most)
    live = until > now - _PRESENT
    waits = {one.kind: one for one in jobs.waiting_by_kind(connection, wanted)} if live else {}
    cell = (until - since) / CELLS
    by_kind: dict[str, list[Bar]] = {kind: [] for kind in waits}
    for bar in bars:
        by_kind.setdefault(bar.kind, []).append(bar)
    rows = [_row(kind, found, waits.get(kind), cell, now) for kind, found in by_kind.items()]
    return Timeline(since, until, now, rows, len(bars) >= most)


def _row(
    kind: str, bars: Sequence[Bar], waits: jobs.Waiting | None, cell: timedelta, now: datetime
) -> Row:
    failed = sum(bar.state == "failed" for bar in bars)
    lanes = packed(blocks_of(bars, cell, now), now)
    count, since = (waits.count, waits.since) if waits else (0, None)
    return Row(kind, len(bars), failed, lanes, count, since)


def blocks_of(bars: Iterable[Bar], cell: timedelta, now: datetime) -> list[Block]:
    """Bars in the order of their start as blocks: short ones closer than a cell are one block."""
    found: list[Block] = []
    group: list[Bar] = []
    edge: datetime | None = None
    for bar in bars:
        end = bar.ended_at or now
        if end - bar.started_at >= _SHORT * cell:
            found.append(_block([bar]))
            continue
        if edge is not None and bar.started_at - edge >= cell:
            found.append(_block(group))
            group, edge = [], None
        group.append(bar)
        edge = max(edge or end, end)
    if group:
        found.append(_block(group))
    return sorted(found, key=lambda block: block.started_at)


def _block(group: Sequence[Bar]) -> Block:
    ends = [bar.ended_at for bar in group]
    rows = [bar.rows for bar in group if bar.rows is not None]
    states = {bar.state for bar in group}
    single = group[0] if len(group) == 1 else None
    return Block(
        group[0].started_at,
        None if None in ends else max(end for end in ends if end is not None),
        next(state for state in _WORST if state in states),
        len(group),
        sum(bar.state == "failed" for bar in group),
        sum(rows) if rows else None,
        sum((b.ended_at - b.started_at).total_seconds() for b in group if b.ended_at),
        single.id if single else None,
        single.title if single else "",
    )


def packed(blocks: Iterable[Block], now: datetime) -> list[list[Block]]:
    """Lanes in which no two blocks overlap, as few as that takes; beyond the last lane that is
    drawn blocks share it."""
    lanes: list[list[Block]] = []
    ends: list[datetime] = []
    for block in blocks:
        free = next((n for n, end in enumerate(ends) if end <= block.started_at), None)
        if free is None and len(lanes) < _MOST_LANES:
            lanes.append([])
            ends.append(block.started_at)
            free = len(lanes) - 1
        place = ends.index(min(ends)) if free is None else free
        lanes[place].append(block)
        ends[place] = max(ends[place], block.ended_at or now)
    return lanes
