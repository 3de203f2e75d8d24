"""Frames between parent and sandbox: one byte of kind, eight of length, the payload.

Kind `J` carries a JSON object, kind `A` one encapsulated Arrow IPC message. No pickle: the parent
believes nothing that it cannot check.
"""

import json
import socket
import struct
from typing import Any

JSON = b"J"
ARROW = b"A"
_HEAD = struct.Struct(">cQ")


class WireError(Exception):
    """The other side is gone, or sent what no frame may be."""


def send(sock: socket.socket, kind: bytes, payload: bytes | memoryview) -> None:
    """Send one frame. Raises WireError when the other side is gone."""
    head = _HEAD.pack(kind, len(payload))
    try:
        if len(payload) < 65_536:
            sock.sendall(head + bytes(payload))
            return
        sock.sendall(head)
        sock.sendall(payload)
    except OSError as error:
        raise WireError(str(error)) from error


def send_json(sock: socket.socket, message: dict[str, Any]) -> None:
    send(sock, JSON, json.dumps(message, ensure_ascii=False, allow_nan=False).encode())


def receive(sock: socket.socket, at_most: int) -> tuple[bytes, bytearray]:
    """One frame: (kind, payload). Raises WireError at the end, or beyond `at_most` bytes."""
    kind, length = _HEAD.unpack(_exactly(sock, _HEAD.size))
    if kind not in (JSON, ARROW) or length > at_most:
        raise WireError(f"frame of {length} bytes")
    return kind, _exactly(sock, length)


def _exactly(sock: socket.socket, length: int) -> bytearray:
    whole = bytearray(length)
    rest = memoryview(whole)
    while rest:
        got = sock.recv_into(rest)
        if not got:
            raise WireError("closed")
        rest = rest[got:]
    return whole


def receive_json(sock: socket.socket, at_most: int) -> dict[str, Any]:
    """One JSON frame. Raises WireError for anything else."""
    kind, payload = receive(sock, at_most)
    return parse_json(kind, payload)


def parse_json(kind: bytes, payload: bytearray) -> dict[str, Any]:
    """The object in a frame. Raises WireError for anything else."""
    try:
        message = json.loads(payload) if kind == JSON else None
    except ValueError:
        message = None
    if not isinstance(message, dict):
        raise WireError("not a JSON object")
    return message
