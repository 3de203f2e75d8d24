"""Read a whole table through the door, as the load does."""

from dataclasses import dataclass
from typing import Any

import pyarrow as pa

from haina.resources.collect import kinds


@dataclass(frozen=True)
class Whole:
    table: pa.Table
    rejects: list[kinds.Reject]
    control: kinds.Control
    source: kinds.SourceTable

    @property
    def rows(self) -> list[tuple[Any, ...]]:
        return [tuple(row.values()) for row in self.table.to_pylist()]

    def assert_accounted(self) -> None:
        """What lies here and what was set aside is what the source says it has."""
        assert self.control.rows == self.table.num_rows + len(self.rejects)
        here = kinds.key_hash_of(self.table, self.source.key)
        both = kinds.add_hashes(here, *(reject.key_hash for reject in self.rejects))
        assert both == self.control.key_hash


def found(
    name: str, block: dict[str, Any], context: kinds.ReadContext
) -> dict[str, kinds.SourceTable]:
    kind = kinds.get(name)
    connection = kind.connection.model_validate(block)
    return {table.name: table for table in kind.discover(connection, context)}


def whole(
    name: str,
    block: dict[str, Any],
    table: str | kinds.SourceTable,
    context: kinds.ReadContext,
    **how: Any,
) -> Whole:
    kind = kinds.get(name)
    source = found(name, block, context)[table] if isinstance(table, str) else table
    connection = kind.connection.model_validate(block)
    with kind.read(connection, source, context=context, **how) as reading:
        batches = list(reading.batches())
        control = reading.control()
        for batch in batches:
            assert 0 < batch.num_rows <= context.batch_rows
            batch.validate(full=True)
        return Whole(
            pa.Table.from_batches(batches, reading.schema), list(reading.rejects), control, source
        )
