"""The way to a server: the address that was checked and no other, and never longer than allowed.

Imported only when something is read: it stands on httpx. No `httpx.Client`, which would write
each address with its query to the log, follow what the environment says of proxies, and redirect.
"""

import logging
import socket
import ssl
import threading
import time
import typing
from collections.abc import Callable, Iterable, Iterator
from contextlib import suppress

import httpcore
import httpx

from haina.kernel.errors import HainaError
from haina.kernel.settings import Settings
from haina.resources.collect.networks import check_host

# It writes the heads of answers to its debug log, and a server may repeat a secret in one.
logging.getLogger("httpcore").setLevel(logging.WARNING)


class Clock:
    """The end of the answer and of the reading; both bound every single read of a socket."""

    def __init__(self, reading_seconds: float) -> None:
        self._reading_end = time.monotonic() + reading_seconds
        self._answer_end = self._reading_end

    def begin_answer(self, seconds: float) -> None:
        self._answer_end = min(self._reading_end, time.monotonic() + seconds)

    def left(self) -> float:
        """Seconds left for this answer; 0 or less when it is over."""
        return self._answer_end - time.monotonic()

    def reading_left(self) -> float:
        return self._reading_end - time.monotonic()

    def bound(self, timeout: float | None) -> float:
        """Raises httpcore.ReadTimeout when time is up."""
        left = self.left()
        if left <= 0:
            raise httpcore.ReadTimeout("the answer took too long")
        return left if timeout is None else min(timeout, left)


class TimedStream(httpcore.NetworkStream):
    """A stream whose every operation ends with the clock, however slowly bytes drip."""

    def __init__(self, inner: httpcore.NetworkStream, clock: Clock) -> None:
        self._inner = inner
        self._clock = clock

    def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
        return self._inner.read(max_bytes, self._clock.bound(timeout))

    def write(self, buffer: bytes, timeout: float | None = None) -> None:
        self._inner.write(buffer, self._clock.bound(timeout))

    def close(self) -> None:
        self._inner.close()

    def start_tls(
        self,
        ssl_context: ssl.SSLContext,
        server_hostname: str | None = None,
        timeout: float | None = None,
    ) -> httpcore.NetworkStream:
        bound = self._clock.bound(timeout)
        self._inner = self._inner.start_tls(ssl_context, server_hostname, bound)
        return self

    def get_extra_info(self, info: str) -> typing.Any:
        return self._inner.get_extra_info(info)


class PinnedBackend(httpcore.NetworkBackend):
    """Resolves each name once and checks what was found; connects to that for good.

    Above it nothing changes: the Host header, SNI and the name in the certificate are the name's.
    """

    def __init__(self, settings: Settings, clock: Clock) -> None:
        self._settings = settings
        self._clock = clock
        self._inner = httpcore.SyncBackend()
        self._found: dict[str, str] = {}
        self._open: list[TimedStream] = []
        self._stopped = threading.Event()

    def address(self, host: str, port: int) -> str:
        """Raises HainaError(host_refused, host_unknown)."""
        if host not in self._found:
            try:
                self._found[host] = check_host(host, port, self._settings)
            except HainaError as refused:
                raise refused.kind(refused.message, field="url") from None
        return self._found[host]

    def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: typing.Iterable[typing.Any] | None = None,
    ) -> httpcore.NetworkStream:
        address = self.address(host, port)
        bound = self._clock.bound(timeout)
        inner = self._inner.connect_tcp(address, port, bound, local_address, socket_options)
        stream = TimedStream(inner, self._clock)
        self._open = [*self._open[-8:], stream]
        if self._stopped.is_set():
            self.stop()
        return stream

    def stop(self) -> None:
        """Make a read in another thread return at once."""
        self._stopped.set()
        for stream in self._open:
            with suppress(OSError):
                stream.get_extra_info("socket").shutdown(socket.SHUT_RDWR)


class Body(httpx.SyncByteStream):
    """The stream of an answer, for httpx."""

    def __init__(self, inner: Iterable[bytes], close: Callable[[], None]) -> None:
        self._inner = inner
        self._close = close

    def __iter__(self) -> Iterator[bytes]:
        yield from self._inner

    def close(self) -> None:
        self._close()


class Wire:
    """Sends a request as it stands: no redirects, no cookies, no proxies, no retries."""

    def __init__(self, settings: Settings, clock: Clock, tls: ssl.SSLContext) -> None:
        self.backend = PinnedBackend(settings, clock)
        self._pool = httpcore.ConnectionPool(
            ssl_context=tls,
            max_connections=4,
            max_keepalive_connections=2,
            keepalive_expiry=30,
            network_backend=self.backend,
        )

    def send(self, request: httpx.Request) -> httpx.Response:
        """The answer with its body still to come; close it. Raises httpcore's errors."""
        url = request.url
        answer = self._pool.handle_request(
            httpcore.Request(
                method=request.method,
                url=httpcore.URL(
                    scheme=url.raw_scheme, host=url.raw_host, port=url.port, target=url.raw_path
                ),
                headers=request.headers.raw,
                content=request.content,
                extensions=request.extensions,
            )
        )
        assert isinstance(answer.stream, Iterable)
        return httpx.Response(
            answer.status, headers=answer.headers, stream=Body(answer.stream, answer.close)
        )

    def close(self) -> None:
        self._pool.close()
