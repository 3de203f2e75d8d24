"""A reader thread in front of the consumer: the source is read while the lake is written."""

import queue
import threading
from collections.abc import Callable, Generator
from contextlib import suppress
from typing import TypeVar

T = TypeVar("T")
_END = object()
_DEPTH = 4
_POLL_SECONDS = 0.05


def prefetched(
    items: Generator[T, None, None],
    *,
    cancel: Callable[[], None] | None = None,
    depth: int = _DEPTH,
) -> Generator[T, None, None]:
    """Yield `items`, read ahead by up to `depth` in a thread; its exceptions are raised here.

    When the consumer stops early, `cancel` is called (it should make the source stop) and the
    thread is joined before this returns.
    """
    ahead: queue.Queue[object] = queue.Queue(depth)
    stop = threading.Event()
    thread = threading.Thread(
        target=_fill, args=(items, ahead, stop), name="source-reader", daemon=True
    )
    thread.start()
    ended = False
    try:
        while (item := ahead.get()) is not _END:
            if isinstance(item, _Failure):
                ended = True
                raise item.error
            yield item  # type: ignore[misc]
        ended = True
    finally:
        stop.set()
        if not ended and cancel is not None:
            cancel()
        thread.join()


class _Failure:
    def __init__(self, error: BaseException) -> None:
        self.error = error


def _fill(
    items: Generator[T, None, None], ahead: "queue.Queue[object]", stop: threading.Event
) -> None:
    try:
        for item in items:
            if not _put(ahead, item, stop):
                return
        _put(ahead, _END, stop)
    except BaseException as error:  # noqa: BLE001 - a broken reader must not look like the end
        _put(ahead, _Failure(error), stop)
    finally:
        with suppress(Exception):  # cancelled on purpose: what it says then is of no interest
            items.close()  # frees cursors in the thread that used them


def _put(ahead: "queue.Queue[object]", item: object, stop: threading.Event) -> bool:
    """Put, or give up when the consumer has gone."""
    while not stop.is_set():
        try:
            ahead.put(item, timeout=_POLL_SECONDS)
        except queue.Full:
            continue
        return True
    return False
