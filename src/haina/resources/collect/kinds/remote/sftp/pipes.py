"""Bytes to and from a child process, with an end to every wait."""

import os
import selectors
import subprocess
import time

from haina.resources.collect.kinds.errors import TIMED_OUT
from haina.resources.collect.kinds.remote import limits

_STDERR_KEPT = 64 * 1024
_BLOCK = 256 * 1024


class Ended(Exception):  # noqa: N818 - it is how a conversation ends, not what is wrong with it
    """The child has closed its end."""


class Pipes:
    """The three pipes of a child. What it says on stderr is drained, and its head and tail kept."""

    def __init__(self, child: "subprocess.Popen[bytes]") -> None:
        assert child.stdin is not None
        assert child.stdout is not None
        assert child.stderr is not None
        self._in, self._out, self._err = child.stdin, child.stdout, child.stderr
        for pipe in (self._in, self._out, self._err):
            os.set_blocking(pipe.fileno(), False)
        self._waiting = selectors.DefaultSelector()
        self._waiting.register(self._out, selectors.EVENT_READ)
        self._waiting.register(self._err, selectors.EVENT_READ)
        self._got = bytearray()
        self._head, self._tail = b"", b""
        self._end = time.monotonic() + limits.LIMITS.reading_seconds
        self._part_end = self._end

    def close(self) -> None:
        self._waiting.close()

    def allow(self, seconds: float) -> None:
        """How long what follows may take."""
        self._part_end = min(self._end, time.monotonic() + seconds)

    @property
    def said(self) -> str:
        """What it said on stderr."""
        return (self._head + self._tail).decode("utf-8", "replace")

    def drain(self) -> None:
        """Hear the last words of a child that has closed its stdout."""
        end = time.monotonic() + 2
        os.set_blocking(self._err.fileno(), False)
        while time.monotonic() < end:
            try:
                more = os.read(self._err.fileno(), _BLOCK)
            except BlockingIOError:
                time.sleep(0.01)
                continue
            if not more:
                return
            self._note(more)

    def take(self, count: int) -> bytes:
        """Exactly `count` bytes. Raises Ended, HainaError(source_timed_out)."""
        while len(self._got) < count:
            self._wait()
        taken = bytes(memoryview(self._got)[:count])
        del self._got[:count]
        return taken

    def give(self, data: bytes) -> None:
        """Write all of it. Raises Ended, HainaError(source_timed_out)."""
        view = memoryview(data)
        while view:
            try:
                view = view[os.write(self._in.fileno(), view) :]
            except BlockingIOError:
                self._wait(0.05)
            except OSError:
                raise Ended from None

    def _wait(self, at_most: float | None = None) -> None:
        """Read what there is; wait for it, if need be."""
        left = self._part_end - time.monotonic()
        if left <= 0:
            raise TIMED_OUT("SFTP 服务器太慢,已停止读取", field="host")
        idle = limits.LIMITS.idle_seconds if at_most is None else at_most
        ready = self._waiting.select(min(left, idle))
        if not ready and at_most is None:
            raise TIMED_OUT("SFTP 服务器久不出声,已停止读取", field="host")
        for key, _ in ready:
            more = os.read(key.fd, _BLOCK)
            if key.fileobj is self._err:
                self._hear(more)
            elif more:
                self._got += more
            else:
                raise Ended

    def _hear(self, more: bytes) -> None:
        if more:
            self._note(more)
        else:
            self._waiting.unregister(self._err)

    def _note(self, more: bytes) -> None:
        room = _STDERR_KEPT - len(self._head)
        self._head += more[:room] if room > 0 else b""
        self._tail = (self._tail + more[max(room, 0) :])[-_STDERR_KEPT:]
