"""The chain: each record's digest covers its content and the digest before it (SM3)."""

import hashlib
import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from sqlalchemy.engine import Connection, Row

from haina.kernel import clock
from haina.security.evidence import queries

_GENESIS = "0" * 64
_PAGE = 1000


@dataclass(frozen=True)
class Record:
    seq: int
    at: datetime
    actor: str
    act: str
    object: str
    details: dict[str, Any]
    previous: str
    digest: str


@dataclass(frozen=True)
class Verdict:
    """What a walk over the chain found; `broken_at` is the first record that does not fit."""

    records: int
    head: str
    broken_at: int | None

    @property
    def whole(self) -> bool:
        return self.broken_at is None


def append(
    connection: Connection,
    actor: str,
    act: str,
    subject: str,
    details: dict[str, Any] | None = None,
) -> int:
    """Add a record in the act's own transaction; its number. Details must be plain JSON."""
    head = queries.last(connection)
    seq, previous = (1, _GENESIS) if head is None else (head[0] + 1, head[1])
    values: dict[str, Any] = {
        "seq": seq,
        "at": clock.now(),
        "actor": actor,
        "act": act,
        "object": subject,
        "details": details or {},
        "previous": previous,
    }
    queries.insert(connection, values | {"digest": _digest(values)})
    return seq


def records(connection: Connection, *, after: int = 0, limit: int = 100) -> list[Record]:
    return [_record(row) for row in queries.page(connection, after=after, limit=limit)]


def verify(connection: Connection) -> Verdict:
    """Walk the whole chain and recompute every digest."""
    count, head = 0, _GENESIS
    for record in _walk(connection):
        values = {key: value for key, value in record.__dict__.items() if key != "digest"}
        fits = record.seq == count + 1 and record.previous == head
        if not fits or _digest(values) != record.digest:
            return Verdict(count, head, record.seq)
        count, head = record.seq, record.digest
    return Verdict(count, head, None)


def _walk(connection: Connection) -> Iterator[Record]:
    after = 0
    while page := records(connection, after=after, limit=_PAGE):
        yield from page
        after = page[-1].seq


def _record(row: Row[Any]) -> Record:
    return Record(**row._mapping)


def _digest(values: dict[str, Any]) -> str:
    moment = values["at"].astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")
    plain = json.dumps(
        values | {"at": moment}, ensure_ascii=False, sort_keys=True, separators=(",", ":")
    )
    return hashlib.new("sm3", plain.encode()).hexdigest()
