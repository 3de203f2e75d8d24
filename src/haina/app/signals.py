"""Whether somebody wants this process to stop."""

import signal
from types import FrameType


class Told:
    """A plain note of SIGTERM and SIGINT: to set an event out of a signal waits for ever when the
    signal comes while that event is waited for."""

    def __init__(self) -> None:
        self.stop = False
        for name in (signal.SIGTERM, signal.SIGINT):
            signal.signal(name, self._note)

    def _note(self, _number: int, _frame: FrameType | None) -> None:
        self.stop = True
