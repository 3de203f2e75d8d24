"""The parent's end of one sandbox. No engine is imported unless Arrow is asked for."""

import socket
import time
from collections.abc import Callable, Iterator
from types import TracebackType
from typing import TYPE_CHECKING, Any

from haina.compute.engines import wire
from haina.compute.engines.contracts import (
    QUERY_CANCELLED,
    QUERY_FAILED,
    QUERY_MEMORY,
    QUERY_TIMEOUT,
    QUERY_TOO_LARGE,
    SANDBOX_DOWN,
    Limits,
    Page,
)
from haina.kernel.errors import HainaError

if TYPE_CHECKING:
    import pyarrow as pa

_KINDS = {
    kind.code: kind
    for kind in (QUERY_FAILED, QUERY_MEMORY, QUERY_TIMEOUT, QUERY_TOO_LARGE, SANDBOX_DOWN)
}
_GRACE = 1.5  # the kernel kills the child one second after its time; then its end must be seen
_FRAME = 2**30
_PAGE_SLACK = 2**20


class Session:
    """One sandbox with its tables. Queries run one at a time, each under the same limits."""

    def __init__(
        self, sock: socket.socket, limits: Limits, kill: Callable[[], None], walls: dict[str, Any]
    ) -> None:
        self.limits = limits
        self.walls = walls
        self._sock = sock
        self._kill = kill
        self._cancelled = False
        self._deadline = 0.0
        self.peak_mb = 0.0
        """The most memory that the sandbox has held so far, MB."""

    def __enter__(self) -> "Session":
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    def close(self) -> None:
        """End the sandbox, whatever it is doing."""
        self._kill()
        self._sock.close()

    def cancel(self) -> None:
        """Kill the sandbox, from any thread; the running query ends as `query_cancelled`."""
        self._cancelled = True
        self._kill()

    def rows(self, sql: str) -> Page:
        """The result as a page, cut at the limits. Raises HainaError (kinds of contracts.py)."""
        self._ask("rows", sql)
        at_most = _FRAME if self.limits.bytes is None else 4 * self.limits.bytes + _PAGE_SLACK
        end = self._end(*self._receive(at_most))
        columns = [(str(name), str(kind)) for name, kind in end["columns"]]
        return Page(columns, end["rows"], bool(end["truncated"]))

    def keep(self, name: str, sql: str) -> None:
        """Keep a result in the sandbox under a name, for later queries of this session; what was
        kept under it before is forgotten."""
        self._ask("keep", sql, name=name)
        self._end(*self._receive(_PAGE_SLACK))

    def batches(self, sql: str) -> "Batches":
        """The result as Arrow record batches, streamed. Raises HainaError, also while iterating."""
        import pyarrow as pa

        self._ask("batches", sql)
        kind, payload = self._receive(_FRAME)
        if kind != wire.ARROW:
            self._end(kind, payload)
            raise SANDBOX_DOWN("计算沙箱没有给出结果的结构。")
        schema = pa.ipc.read_schema(pa.py_buffer(payload))
        return Batches(schema, self._batches(schema))

    def _batches(self, schema: "pa.Schema") -> Iterator["pa.RecordBatch"]:
        import pyarrow as pa

        finished = False
        try:
            while True:
                kind, payload = self._receive(_FRAME)
                if kind != wire.ARROW:
                    finished = True
                    self._end(kind, payload)
                    return
                yield pa.ipc.read_record_batch(pa.py_buffer(payload), schema)
        finally:
            if not finished:
                self._kill()  # the rest of a stream that nobody reads

    def _ask(self, do: str, sql: str, **more: str) -> None:
        self._deadline = time.monotonic() + self.limits.seconds
        try:
            wire.send_json(self._sock, {"do": do, "sql": sql, **more})
        except wire.WireError:
            raise self._lost() from None

    def _receive(self, at_most: int) -> tuple[bytes, bytearray]:
        """The next frame, or the reason why none will come."""
        left = self._deadline + _GRACE - time.monotonic()
        try:
            self._sock.settimeout(max(0.05, left))
            return wire.receive(self._sock, at_most)
        except TimeoutError:
            self._kill()
            raise self._lost() from None
        except (OSError, wire.WireError):
            self._kill()
            raise self._lost() from None

    def _end(self, kind: bytes, payload: bytearray) -> dict[str, Any]:
        """The last message of a query; raises the error that it carries."""
        try:
            end = wire.parse_json(kind, payload)
        except wire.WireError:
            self._kill()
            raise self._lost() from None
        self.peak_mb = max(self.peak_mb, float(end.get("peak_mb") or 0.0))
        if "error" not in end:
            return end
        known = _KINDS.get(str(end["error"]), QUERY_FAILED)
        raise known(str(end["message"]), **end.get("details", {}))

    def _lost(self) -> HainaError:
        """Why a sandbox fell silent: cancelled, out of time, or dead, which memory explains."""
        if self._cancelled:
            return QUERY_CANCELLED()
        if time.monotonic() >= self._deadline:
            return QUERY_TIMEOUT(f"查询超过 {self.limits.seconds:g} 秒,已停止。")
        return QUERY_MEMORY("计算进程意外终止,多半是所需内存超出限额。")


class Batches:
    """Record batches of one result: iterate once; `schema` is known before the first."""

    def __init__(self, schema: "pa.Schema", batches: Iterator["pa.RecordBatch"]) -> None:
        self.schema = schema
        self._batches = batches

    def __iter__(self) -> Iterator["pa.RecordBatch"]:
        return self._batches

    def __next__(self) -> "pa.RecordBatch":
        return next(self._batches)

    def reader(self) -> "pa.RecordBatchReader":
        """As a RecordBatchReader, for writers that want one."""
        import pyarrow as pa

        return pa.RecordBatchReader.from_batches(self.schema, self._batches)
