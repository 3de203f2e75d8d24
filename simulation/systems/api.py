"""区生态环境局's HTTP API: a token, pages, a total, and no more requests than it can bear."""

from __future__ import annotations

import hmac
import json
import threading
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qsl, urlsplit

from simulation.systems.books import Books
from simulation.systems.declare import TABLES, Table, tables_of
from simulation.systems.rows import Row

LARGEST_PAGE, SITES_A_PAGE, REQUESTS_A_SECOND = 200, 5, 40
SITES, HOURLY = "shengtai_air_site", "shengtai_air_hourly"
Query = Mapping[str, str]


class RefusedError(Exception):
    """An answer that is no data."""

    def __init__(self, status: HTTPStatus, message: str) -> None:
        super().__init__(message)
        self.status = status


@dataclass
class Shelf:
    """What the API answers from; given other rows while it runs."""

    token: str
    rows: dict[str, list[Row]] = field(default_factory=dict)
    _second: int = 0
    _asked: int = 0
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def put(self, books: Books) -> None:
        for table in tables_of("http"):
            # A platform that reads page by page needs an order that does not change.
            self.rows[table.name] = sorted(books.final(table.name), key=_order)

    def admit(self, authorization: str) -> None:
        """Raises RefusedError for strangers and for who asks too often."""
        if not hmac.compare_digest(authorization.encode(), f"Bearer {self.token}".encode()):
            raise RefusedError(HTTPStatus.UNAUTHORIZED, "令牌不对")
        with self._lock:
            second = int(time.monotonic())
            self._asked = self._asked + 1 if second == self._second else 1
            self._second = second
            if self._asked > REQUESTS_A_SECOND:
                raise RefusedError(HTTPStatus.TOO_MANY_REQUESTS, "请求过于频繁")

    def hourly(self, query: Query) -> str:
        """From a time of publication on, by page number, with the total of what was asked for."""
        since = query.get("startTime", "")
        found = [row for row in self.rows[HOURLY] if (row["publishTime"] or "") >= since]
        size = min(_number(query, "pageSize", LARGEST_PAGE), LARGEST_PAGE)
        start = (_number(query, "pageNo", 1) - 1) * size
        listed = ",".join(_json(TABLES[HOURLY], row) for row in found[start : start + size])
        return f'{{"code":0,"data":{{"total":{len(found)},"list":[{listed}]}}}}'

    def sites(self, query: Query) -> str:
        """Few at a time; the cursor of the next ones, null at the end."""
        start = _number(query, "cursor", 0)
        rows, end = self.rows[SITES], start + SITES_A_PAGE
        listed = ",".join(_json(TABLES[SITES], row) for row in rows[start:end])
        following = f'"{end}"' if end < len(rows) else "null"
        return f'{{"items":[{listed}],"next":{following}}}'


def _order(row: Row) -> tuple[str, str]:
    return row.get("publishTime") or "", row.get("site") or row.get("code") or ""


def _number(query: Query, name: str, other: int) -> int:
    text = query.get(name, "")
    if text and not (text.isascii() and text.isdigit() and len(text) < 10):
        raise RefusedError(HTTPStatus.BAD_REQUEST, f"参数 {name} 不是数")
    return int(text) if text else other


def _json(table: Table, row: Row) -> str:
    """Numbers with the digits that they have."""
    parts = []
    for column in table.columns:
        value = row[column.name]
        plain = column.numeric and value is not None
        shown = value if plain else json.dumps(value, ensure_ascii=False)
        parts.append(f"{json.dumps(column.name)}:{shown}")
    return "{" + ",".join(parts) + "}"


def _handler(shelf: Shelf) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"
        timeout = 30

        def do_GET(self) -> None:
            try:
                shelf.admit(self.headers.get("Authorization", ""))
                self._say(HTTPStatus.OK, self._found())
            except RefusedError as refused:
                told = json.dumps({"code": 1, "message": str(refused)}, ensure_ascii=False)
                self._say(refused.status, told)

        def _found(self) -> str:
            parts = urlsplit(self.path)
            answers = {"/v1/air/hourly": shelf.hourly, "/v1/air/sites": shelf.sites}
            if parts.path not in answers:
                raise RefusedError(HTTPStatus.NOT_FOUND, "没有这个接口")
            return answers[parts.path](dict(parse_qsl(parts.query)))

        def _say(self, status: HTTPStatus, text: str) -> None:
            body = text.encode()
            self.send_response(status)
            self.send_header("Content-Type", "application/json; charset=utf-8")
            self.send_header("Content-Length", str(len(body)))
            if status is HTTPStatus.TOO_MANY_REQUESTS:
                self.send_header("Retry-After", "1")
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: object) -> None:
            return

    return Handler


class Api:
    """The server, in threads of this process."""

    def __init__(self, port: int, shelf: Shelf) -> None:
        self._server = ThreadingHTTPServer(("127.0.0.1", port), _handler(shelf))
        self._server.daemon_threads = True
        self._thread = threading.Thread(target=self._server.serve_forever, daemon=True)

    def start(self) -> None:
        self._thread.start()

    def stop(self) -> None:
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()
