"""推送: a source that is never asked; its agency's program posts batches."""

from collections.abc import Sequence
from contextlib import AbstractContextManager
from typing import Any

from pydantic import BaseModel, ConfigDict

from haina.resources.collect.kinds.contracts import (
    KeyRange,
    ReadContext,
    Reading,
    SourceTable,
    Watermark,
)
from haina.resources.collect.kinds.errors import NOTHING_TO_ASK


class PushConnection(BaseModel):
    """Nothing: the agency connects to us."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class PushKind:
    """See `Kind`. Its batches are read by the kind of their files."""

    name = "push"
    title = "推送"
    connection = PushConnection

    def test(self, connection: PushConnection, context: ReadContext) -> None:
        return

    def discover(self, connection: PushConnection, context: ReadContext) -> list[SourceTable]:
        return []

    def read(
        self,
        connection: PushConnection,
        table: SourceTable,
        *,
        context: ReadContext,
        columns: Sequence[str] | None = None,
        since: Watermark | None = None,
        part: KeyRange | None = None,
    ) -> AbstractContextManager[Reading]:
        raise NOTHING_TO_ASK(f"表 {table.name} 由部门推送,平台不去取", field="table")

    def slices(
        self,
        connection: Any,
        table: SourceTable,
        column: str,
        *,
        context: ReadContext,
        rows: int,
    ) -> list[KeyRange]:
        return []

    def type_rows(self) -> list[tuple[str, str, str]]:
        return [("推送的 JSON、JSON 行或 CSV", "text", "同相应的文件类型;数值、日期按原文收下")]
