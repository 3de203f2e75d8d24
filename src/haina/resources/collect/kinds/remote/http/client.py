"""Asks a server and hears it out: logged in, at its pace, with patience that ends."""

import random
import re
import ssl
import threading
import time
import zlib
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass
from email.utils import parsedate_to_datetime
from typing import Any, NoReturn

import httpcore
import httpx

from haina.kernel import clock as wall
from haina.kernel.errors import ErrorKind, HainaError
from haina.resources.collect.kinds.contracts import ReadContext
from haina.resources.collect.kinds.errors import (
    ANSWER_BROKEN,
    ANSWER_TOO_LARGE,
    BAD_CONNECTION,
    BUSY,
    CERTIFICATE_REFUSED,
    HOST_REFUSED,
    LOGIN_REFUSED,
    NO_RIGHT,
    NO_TABLE,
    REDIRECT_REFUSED,
    SOURCE_FAILED,
    TIMED_OUT,
    UNREACHABLE,
)
from haina.resources.collect.kinds.files.paths import resolve
from haina.resources.collect.kinds.remote import limits
from haina.resources.collect.kinds.remote.http.answers import Answer, dug, json_of
from haina.resources.collect.kinds.remote.http.connection import HttpConnection
from haina.resources.collect.kinds.remote.http.network import Clock, Wire

_MOVED = (301, 302, 303, 307, 308)
_PASSING = (500, 502, 503, 504)
_BY_STATUS: dict[int, tuple[ErrorKind, str]] = {
    401: (LOGIN_REFUSED, "数据源拒绝登录"),
    403: (NO_RIGHT, "数据源账号没有权限"),
    404: (NO_TABLE, "数据源里没有这个接口"),
    407: (LOGIN_REFUSED, "中间的代理拒绝登录"),
    410: (NO_TABLE, "数据源里已没有这个接口"),
}


@dataclass(frozen=True)
class Ask:
    """One question. `what` names it in messages (`第 3 页`)."""

    method: str
    url: str
    params: tuple[tuple[str, str], ...]
    body: dict[str, Any] | None
    repeatable: bool
    what: str


class PassingError(Exception):
    """What may be better the next time. `after`: seconds that the server asked to wait."""

    def __init__(self, error: HainaError, after: float = 0) -> None:
        super().__init__(error.message)
        self.error = error
        self.after = after


class Client:
    """One reading's conversation with a server."""

    def __init__(self, connection: HttpConnection, context: ReadContext) -> None:
        self._connection = connection
        self._clock = Clock(limits.LIMITS.reading_seconds)
        self._wire = Wire(context.settings, self._clock, _tls(connection, context))
        self._stopped = threading.Event()
        self._next_start = 0.0
        self._token = ""
        self._bytes = 0

    def close(self) -> None:
        self._wire.close()

    def stop(self) -> None:
        """Make a request in another thread end at once."""
        self._stopped.set()
        self._wire.backend.stop()

    def fetch(self, ask: Ask) -> Answer:
        """The answer, after as many attempts as it may take. Raises source_* kinds."""
        waits = limits.LIMITS.waits if ask.repeatable else ()
        for wait in (*waits, None):
            try:
                return self._followed(ask)
            except PassingError as passing:
                if wait is None:
                    raise passing.error from None
                self._rest(max(wait * random.uniform(0.5, 1.5), passing.after), passing.error)  # noqa: S311
        raise AssertionError

    def _rest(self, seconds: float, error: HainaError) -> None:
        if seconds > limits.LIMITS.longest_wait:
            raise BUSY(f"数据源要求等 {seconds:,.0f} 秒再来,已停止读取", field="url")
        if seconds > self._clock.reading_left():
            raise error
        self._pause(seconds)

    def _pause(self, seconds: float) -> None:
        if self._stopped.wait(seconds):
            raise SOURCE_FAILED("读取已被取消")

    def _followed(self, ask: Ask) -> Answer:
        """The answer behind redirects, with a new token when the old one has run out."""
        request, renewed, moves = self._request(ask), False, 0
        while True:
            status, answer = self._said(request, ask)
            if status in _MOVED:
                moves += 1
                request = self._moved(request, answer, moves)
            elif status == 401 and self._connection.auth.by == "token" and not renewed:
                self._token, renewed = "", True
                request = self._request(ask)
            else:
                return _accepted(status, answer)

    def _request(self, ask: Ask) -> httpx.Request:
        url = httpx.URL(ask.url)
        if ask.params:
            url = url.copy_merge_params(ask.params)
        headers = {"User-Agent": "haina", "Accept": "*/*", "Accept-Encoding": "gzip"}
        headers.update(self._connection.headers)
        secret = self._connection.secret.get_secret_value()
        match self._connection.auth.by:
            case "bearer":
                headers["Authorization"] = f"Bearer {secret}"
            case "header":
                headers[self._connection.auth.name] = secret
            case "query":
                url = url.copy_set_param(self._connection.auth.name, secret)
            case "basic":
                headers["Authorization"] = _basic(self._connection.auth.user, secret)
            case "token":
                headers["Authorization"] = f"Bearer {self._current_token()}"
        return httpx.Request(
            ask.method, url, headers=headers, json=ask.body, extensions=_timeouts()
        )

    def _current_token(self) -> str:
        if not self._token:
            self._token = self._new_token()
        return self._token

    def _new_token(self) -> str:
        auth = self._connection.auth
        given = {
            "grant_type": "client_credentials",
            "client_id": auth.user,
            "client_secret": self._connection.secret.get_secret_value(),
            **({"scope": auth.scope} if auth.scope else {}),
        }
        how: dict[str, Any] = {"json" if auth.style == "json" else "data": given}
        headers = {"User-Agent": "haina", "Accept": "application/json", "Accept-Encoding": "gzip"}
        request = httpx.Request(
            "POST", auth.token_url, headers=headers, extensions=_timeouts(), **how
        )
        ask = Ask("POST", auth.token_url, (), None, False, "换令牌的回答")
        status, answer = self._said(request, ask)
        if status != 200:
            raise LOGIN_REFUSED(f"换令牌被拒绝(状态码 {status})", field="auth.token_url")
        token = dug(json_of(answer), auth.token_path, answer, "auth.token_path")
        if not isinstance(token, str) or not re.fullmatch(r"[\x21-\x7e]{1,16384}", token):
            raise LOGIN_REFUSED("换来的令牌不成样子", field="auth.token_path")
        return token

    def _moved(self, old: httpx.Request, answer: Answer, moves: int) -> httpx.Request:
        if moves > limits.LIMITS.redirects:
            raise REDIRECT_REFUSED(f"转了 {limits.LIMITS.redirects} 次还在转", field="url")
        target = _target(old, answer.headers.get("location", ""))
        try:
            self._wire.backend.address(target.host, target.port or 443)
        except HainaError as refused:
            raise HOST_REFUSED(f"数据源要把请求转走:{refused.message}", field="url") from None
        headers = dict(old.headers)
        if target.host != old.url.host:
            headers = {k: v for k, v in headers.items() if k in ("user-agent", "accept-encoding")}
        headers.pop("host", None)
        return httpx.Request("GET", target, headers=headers, extensions=_timeouts())

    def _said(self, request: httpx.Request, ask: Ask) -> tuple[int, Answer]:
        """Status and whole body of one request. Raises PassingError and source_* kinds."""
        self._keep_pace()
        self._clock.begin_answer(limits.LIMITS.answer_seconds)
        try:
            with closing(self._wire.send(request)) as response:
                body = b"" if response.status_code in _MOVED else self._body(response, ask)
        except (httpcore.NetworkError, httpcore.TimeoutException, httpcore.ProtocolError) as broken:
            self._translate(broken, ask)
        headers = {name.lower(): value for name, value in response.headers.items()}
        link = response.links.get("next", {}).get("url") if "link" in headers else None
        return self._judged(response.status_code, Answer(body, headers, ask.what, link))

    def _judged(self, status: int, answer: Answer) -> tuple[int, Answer]:
        after = _seconds(answer.headers.get("retry-after", ""))
        if status == 429:
            error = BUSY(f"数据源说请求过于频繁(429),{answer.what}没有读到", field="url")
            raise PassingError(error, after)
        if status in _PASSING:
            message = f"数据源自己出错(状态码 {status}),{answer.what}没有读到"
            raise PassingError(SOURCE_FAILED(message, field="url"), after)
        return status, answer

    def _keep_pace(self) -> None:
        now = time.monotonic()
        if self._next_start > now:
            self._pause(self._next_start - now)
        if self._clock.reading_left() <= 0:
            raise TIMED_OUT("整次读取超过了时限", field="pages")
        self._next_start = max(now, self._next_start) + 60 / self._connection.requests_per_minute

    def _body(self, response: httpx.Response, ask: Ask) -> bytes:
        body = bytearray()
        assert isinstance(response.stream, httpx.SyncByteStream)
        for part in _unpacked(response, ask):
            body += part
            self._bytes += len(part)
            if len(body) > limits.LIMITS.answer_bytes:
                most = limits.LIMITS.answer_bytes // limits.MIB
                raise ANSWER_TOO_LARGE(f"{ask.what}超过 {most} MB,已停止读取", field="size")
            if self._bytes > limits.LIMITS.reading_bytes:
                raise ANSWER_TOO_LARGE("整次读取的字节数超过上限,已停止读取", field="pages")
        return bytes(body)

    def _translate(self, broken: Exception, ask: Ask) -> NoReturn:
        """Raise in our words; nothing of the request, which holds secrets, gets into them."""
        if self._stopped.is_set():
            raise SOURCE_FAILED("读取已被取消") from None
        certificate = _certificate_error(broken)
        if certificate is not None:
            raise CERTIFICATE_REFUSED(f"对方的证书通不过校验:{certificate}", field="url") from None
        if isinstance(broken, httpcore.TimeoutException):
            raise self._too_slow(broken, ask) from None
        if isinstance(broken, httpcore.LocalProtocolError):
            raise BAD_CONNECTION("请求写不成合法的 HTTP,请核对头与参数", field="headers") from None
        raise _cut(broken, ask) from None

    def _too_slow(self, broken: Exception, ask: Ask) -> Exception:
        if self._clock.left() <= 0:
            return TIMED_OUT(f"{ask.what}迟迟没有说完,已停止读取", field="url")
        if isinstance(broken, httpcore.ConnectTimeout):
            return PassingError(UNREACHABLE("连接数据源超时", field="url"))
        return PassingError(TIMED_OUT(f"数据源久不出声,{ask.what}没有读到", field="url"))


def _cut(broken: Exception, ask: Ask) -> Exception:
    if isinstance(broken, httpcore.ConnectError):
        return PassingError(UNREACHABLE("连不上数据源(端口没有服务或加密没有谈成)", field="url"))
    text = str(broken)
    cut = isinstance(broken, httpcore.NetworkError) or "disconnected" in text or "closed" in text
    if cut:
        return PassingError(SOURCE_FAILED(f"{ask.what}没有说完连接就断了", field="url"))
    return ANSWER_BROKEN(f"{ask.what}不合 HTTP 协议(头太长或不成样子)", field="url")


def _accepted(status: int, answer: Answer) -> Answer:
    if status in (200, 204):
        return answer
    kind, message = _BY_STATUS.get(status, (SOURCE_FAILED, "数据源不接受这个请求"))
    raise kind(f"{message}(状态码 {status},{answer.what})", field="path")


def _target(old: httpx.Request, location: str) -> httpx.URL:
    """Where a redirect leads, when it may be followed. Raises HainaError."""
    try:
        target = old.url.join(location)
    except (httpx.InvalidURL, ValueError):
        raise REDIRECT_REFUSED("数据源转向一个不成样子的地址", field="url") from None
    shown = f"{target.scheme}://{target.host}"[:200]
    if not location or target.scheme not in ("http", "https") or target.userinfo:
        raise REDIRECT_REFUSED(f"数据源要把请求转到 {shown}", field="url")
    if old.method != "GET":
        raise REDIRECT_REFUSED(f"数据源要把 {old.method} 请求转到 {shown}", field="url")
    if old.url.scheme == "https" and target.scheme == "http":
        raise REDIRECT_REFUSED("数据源要从 https 转到不加密的 http", field="url")
    upgraded = old.url.scheme != target.scheme and target.port is None
    if target.port != old.url.port and not upgraded:
        raise REDIRECT_REFUSED("数据源要把请求转到另一个端口", field="url")
    return target


def _unpacked(response: httpx.Response, ask: Ask) -> Iterator[bytes]:
    """The body without its compression, in small parts: a bomb is counted as it unfolds."""
    assert isinstance(response.stream, httpx.SyncByteStream)
    coding = response.headers.get("content-encoding", "identity").strip().lower()
    if coding in ("", "identity"):
        yield from response.stream
    elif coding in ("gzip", "x-gzip"):
        yield from _inflated(response.stream, ask)
    else:
        raise ANSWER_BROKEN(f"{ask.what}用了没有约定的压缩({coding[:20]})", field="url")


def _inflated(parts: httpx.SyncByteStream, ask: Ask) -> Iterator[bytes]:
    inflater, begun = zlib.decompressobj(31), False
    try:
        for part in parts:
            while part:
                begun = True
                if inflater.eof:  # gzip is a row of members
                    inflater = zlib.decompressobj(31)
                yield inflater.decompress(part, limits.MIB)
                part = inflater.unconsumed_tail or inflater.unused_data  # noqa: PLW2901
    except zlib.error:
        raise ANSWER_BROKEN(f"{ask.what}的压缩内容是坏的", field="url") from None
    if begun and not inflater.eof:
        yield from _rest_of(inflater)
        if not inflater.eof:
            raise PassingError(SOURCE_FAILED(f"{ask.what}的压缩内容不完整", field="url"))


def _rest_of(inflater: Any) -> Iterator[bytes]:
    while more := inflater.decompress(inflater.unconsumed_tail, limits.MIB):
        yield more


def _tls(connection: HttpConnection, context: ReadContext) -> ssl.SSLContext:
    """Verifies against the machine's store, and the file of the connection if it names one."""
    made = ssl.create_default_context()
    if connection.ca_file:
        file = resolve(connection.ca_file, context.settings)
        try:
            made.load_verify_locations(file)
        except (ssl.SSLError, OSError):
            raise BAD_CONNECTION("ca_file 不是 PEM 证书", field="ca_file") from None
    return made


def _timeouts() -> dict[str, Any]:
    now = limits.LIMITS
    return {
        "timeout": {
            "connect": now.connect_seconds,
            "read": now.idle_seconds,
            "write": now.idle_seconds,
            "pool": now.idle_seconds,
        }
    }


def _basic(user: str, password: str) -> str:
    from base64 import b64encode

    return "Basic " + b64encode(f"{user}:{password}".encode()).decode("ascii")


def _seconds(retry_after: str) -> float:
    """Retry-After in either of its forms; 0 when it is none."""
    if re.fullmatch(r"[0-9]{1,12}", retry_after.strip()):
        return float(retry_after)
    try:
        return max(0.0, (parsedate_to_datetime(retry_after) - wall.now()).total_seconds())
    except (ValueError, TypeError):
        return 0.0


def _certificate_error(broken: BaseException) -> str | None:
    """Why a certificate was refused, from the chain of causes."""
    seen: BaseException | None = broken
    while seen is not None:
        if isinstance(seen, ssl.SSLCertVerificationError):
            return str(seen.verify_message)[:200]
        seen = seen.__cause__ or seen.__context__
    return None
