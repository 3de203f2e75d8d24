"""Rows that people mended once are mended again by themselves, when they come in the same words."""

from collections.abc import Sequence
from typing import Any

from haina.kernel.platform import Platform
from haina.resources.collect import kinds, quarantine_queries
from haina.resources.collect.quarantine import digest_of, records
from haina.resources.specs import TableSpec

Rejects = Sequence[kinds.Reject]
BY_DECLARATION = "接入时的选择"


class Mender:
    """What people decided about bad rows of a table, laid over those of one load."""

    def __init__(self, platform: Platform, spec: TableSpec, taken: kinds.SourceTable) -> None:
        self._platform = platform
        self._table = spec.name
        self._leaves = spec.footers == "leave"
        self._taken = taken
        self._known: dict[str, dict[str, Any]] = {}

    def again(self, rejects: Rejects) -> kinds.Reading | None:
        """The rows that stand in the place of bad ones; None when there are none."""
        if not rejects:
            return None
        digests = [digest_of(one.raw) for one in rejects]
        with self._platform.database.read() as connection:
            self._known = quarantine_queries.known_mends(connection, self._table, set(digests))
        values = [self._known[digest] for digest in digests if digest in self._known]
        if not values:
            return None
        context = kinds.ReadContext(self._platform.settings)
        return kinds.text_rows([values], self._taken, context)

    def records(self, rejects: Rejects, job: str, at: Any) -> list[dict[str, Any]]:
        """Rows of the table of quarantine: mended, put away for good, or still to be looked at."""
        rows = records(self._table, job, at, rejects, "pending")
        digests = {row["raw_digest"] for row in rows}
        with self._platform.database.read() as connection:
            away = quarantine_queries.dismissed(connection, self._table, digests)
        for row in rows:
            digest = row["raw_digest"]
            if digest in self._known:
                row |= {"state": "mended", "mended": self._known[digest]}
            elif self._leaves and row["reason"] == "footer":
                row |= {"state": "dismissed", "decided_by": BY_DECLARATION}
            elif digest in away:
                row["state"] = "dismissed"
        return rows
