"""Questions that are being computed, so that who asked can call one back."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

from haina.compute.engines import QUERY_CANCELLED, Session
from haina.kernel.errors import CONFLICT


@dataclass
class _Question:
    session: Session | None = None
    cancelled: bool = False


@dataclass
class Questions:
    """By person and ticket (a word of the asker's own). Safe to use from many threads."""

    _running: dict[tuple[str, str], _Question] = field(default_factory=dict)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    @contextmanager
    def asked(self, person: str, ticket: str | None) -> Iterator["Asked"]:
        """While the block runs, the question can be cancelled by its ticket.

        Raises HainaError(conflict): a question of this ticket is being computed.
        """
        if ticket is None:
            yield Asked(_Question(), self._lock)
            return
        key, question = (person, ticket), _Question()
        with self._lock:
            if self._running.setdefault(key, question) is not question:
                raise CONFLICT("这个查询编号正在使用", field="ticket")
        try:
            yield Asked(question, self._lock)
        finally:
            with self._lock:
                del self._running[key]

    def cancel(self, person: str, ticket: str) -> bool:
        """Stop the computing; False when there is nothing of that ticket to stop."""
        with self._lock:
            question = self._running.get((person, ticket))
            if question is None:
                return False
            question.cancelled = True
            session = question.session
        if session is not None:
            session.cancel()
        return True


@dataclass(frozen=True)
class Asked:
    """A question on its way."""

    _question: _Question
    _lock: threading.Lock

    def computing(self, session: Session) -> None:
        """From here on it is this session that a cancel stops. Raises HainaError(query_cancelled)
        when it came before."""
        with self._lock:
            self._question.session = session
            gone = self._question.cancelled
        if gone:
            raise QUERY_CANCELLED()
