"""How much a server may take of us. A server is never trusted to stop, to hurry or to be small."""

from dataclasses import dataclass

MIB = 1 << 20


@dataclass(frozen=True)
class Limits:
    """`idle`: seconds without a byte; `answer`: one answer; `reading`: a whole reading.

    `values` are separators in one JSON answer: what bounds memory, since `[[],[],…` grows
    thirty-fold when it is parsed. `waits` are seconds between attempts, before jitter. A file of
    an inbox that has not changed for `settle` seconds lies still.
    """

    connect_seconds: float = 10
    idle_seconds: float = 30
    answer_seconds: float = 180
    reading_seconds: float = 6 * 3600
    answer_bytes: int = 32 * MIB
    reading_bytes: int = 16 * 1024 * MIB
    values: int = 2_000_000
    depth: int = 64
    columns: int = 2_000
    pages: int = 100_000
    redirects: int = 3
    waits: tuple[float, ...] = (0.5, 2, 8)
    longest_wait: float = 120
    file_bytes: int = 8 * 1024 * MIB
    folder_files: int = 10_000
    settle_seconds: float = 3
    folder_bytes: int = 32 * 1024 * MIB


LIMITS = Limits()
