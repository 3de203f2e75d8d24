"""Web servers for tests: a polite one that answers by a function, and a raw one that may do anything."""

import datetime
import ipaddress
import json
import socket
import ssl
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit


@dataclass
class Asked:
    """One request as it came."""

    method: str
    path: str
    query: dict[str, str]
    headers: dict[str, str]
    body: bytes

    @property
    def json(self) -> Any:
        return json.loads(self.body)


@dataclass
class Said:
    """One answer: JSON of `content`, or bytes as they are."""

    content: Any = None
    status: int = 200
    headers: dict[str, str] = field(default_factory=dict)

    @property
    def data(self) -> bytes:
        if isinstance(self.content, bytes):
            return self.content
        return json.dumps(self.content, ensure_ascii=False).encode()


App = Callable[[Asked], Said]


@dataclass
class Web:
    """A running server; `asked` are the requests so far."""

    host: str
    port: int
    scheme: str = "http"
    asked: list[Asked] = field(default_factory=list)

    @property
    def url(self) -> str:
        return f"{self.scheme}://{self.host}:{self.port}"


@contextmanager
def web(
    app: App,
    *,
    host: str = "127.0.0.1",
    tls: ssl.SSLContext | None = None,
    name: str = "",
    port: int = 0,
) -> Iterator[Web]:
    """A threaded server that answers by `app`; `name` is the host that its URL says."""
    running = Web(name or host, 0, "https" if tls else "http")

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"
        disable_nagle_algorithm = True
        wbufsize = -1

        def handle_one_request(self) -> None:
            with suppress(OSError):
                super().handle_one_request()

        def _answer(self) -> None:
            length = int(self.headers.get("Content-Length") or 0)
            parts = urlsplit(self.path)
            asked = Asked(
                self.command,
                parts.path,
                {k: v[-1] for k, v in parse_qs(parts.query, keep_blank_values=True).items()},
                {k.lower(): v for k, v in self.headers.items()},
                self.rfile.read(length),
            )
            running.asked.append(asked)
            said = app(asked)
            data = said.data
            self.send_response(said.status)
            for key, value in {"Content-Type": "application/json", **said.headers}.items():
                self.send_header(key, value)
            self.send_header("Content-Length", str(len(data)))
            self.end_headers()
            self.wfile.write(data)

        do_GET = _answer  # noqa: N815
        do_POST = _answer  # noqa: N815

        def log_message(self, *args: Any) -> None:
            """Quiet."""

    class Server(ThreadingHTTPServer):
        daemon_threads = True

        def get_request(self) -> tuple[socket.socket, Any]:
            accepted, address = super().get_request()
            accepted.settimeout(20)
            return accepted, address

        def finish_request(self, request: Any, client_address: Any) -> None:
            if tls is None:
                super().finish_request(request, client_address)
                return
            with tls.wrap_socket(request, server_side=True) as wrapped:
                super().finish_request(wrapped, client_address)

        def handle_error(self, request: Any, client_address: Any) -> None:
            """A client that hangs up is none of ours."""

    server = Server((host, port), Handler)
    running.port = server.server_address[1]
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    try:
        yield running
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


Talk = Callable[[socket.socket], None]


@contextmanager
def raw(talk: Talk, *, host: str = "127.0.0.1", hear: bool = True) -> Iterator[Web]:
    """A server that hands each connection to `talk`, after a request was heard (`hear`)."""
    listening = socket.create_server((host, 0))
    running = Web(host, listening.getsockname()[1])
    stopped = threading.Event()
    threads: list[threading.Thread] = []

    def one(accepted: socket.socket) -> None:
        with accepted, suppress(OSError):
            accepted.settimeout(20)
            if hear:
                heard = b""
                while b"\r\n\r\n" not in heard:
                    more = accepted.recv(65536)
                    if not more:
                        return
                    heard += more
            talk(accepted)

    def accept() -> None:
        while not stopped.is_set():
            with suppress(OSError):
                accepted, _ = listening.accept()
                threads.append(threading.Thread(target=one, args=(accepted,), daemon=True))
                threads[-1].start()

    listening.settimeout(0.05)
    threads.append(threading.Thread(target=accept, daemon=True))
    threads[0].start()
    try:
        yield running
    finally:
        stopped.set()
        threads[0].join()
        listening.close()


def certificate(
    folder: Path, *names: str, days: tuple[int, int] = (-1, 30), ca_name: str = "ca.pem"
) -> tuple[ssl.SSLContext, Path]:
    """A server's TLS context for these names, and the file of the CA that vouches for it."""
    from cryptography import x509
    from cryptography.hazmat.primitives import hashes, serialization
    from cryptography.hazmat.primitives.asymmetric import ec
    from cryptography.x509.oid import NameOID

    now = datetime.datetime.now(datetime.UTC)

    def build(subject: str, issuer: str, public: Any) -> Any:
        naming = [
            x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, one)]) for one in (subject, issuer)
        ]
        return (
            x509.CertificateBuilder()
            .subject_name(naming[0])
            .issuer_name(naming[1])
            .public_key(public)
            .serial_number(x509.random_serial_number())
            .not_valid_before(now + datetime.timedelta(days=days[0]))
            .not_valid_after(now + datetime.timedelta(days=days[1]))
        )

    ca_key, key = ec.generate_private_key(ec.SECP256R1()), ec.generate_private_key(ec.SECP256R1())
    ca = (
        build("haina test ca", "haina test ca", ca_key.public_key())
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(ca_key, hashes.SHA256())
    )
    leaf = (
        build(names[0], "haina test ca", key.public_key())
        .add_extension(
            x509.SubjectAlternativeName([_san(x509, one) for one in names]), critical=False
        )
        .sign(ca_key, hashes.SHA256())
    )
    pem = serialization.Encoding.PEM
    ca_file, chain = folder / ca_name, folder / f"{ca_name}.chain"
    ca_file.write_bytes(ca.public_bytes(pem))
    private = key.private_bytes(
        pem, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    chain.write_bytes(private + leaf.public_bytes(pem))
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(chain)
    return context, ca_file


def _san(x509: Any, name: str) -> Any:
    try:
        return x509.IPAddress(ipaddress.ip_address(name))
    except ValueError:
        return x509.DNSName(name)
