"""Requests that no HTTP client would send, byte by byte."""

from __future__ import annotations

import socket
from collections.abc import Iterable
from http.client import HTTPResponse

from tests.workers import Reply, Service

HEAD = b"POST /recommend HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n"
CHUNKED = HEAD + b"Transfer-Encoding: chunked\r\n\r\n"


def connect(service: Service) -> socket.socket:
    """Open a connection of one's own."""
    return socket.create_connection(("127.0.0.1", service.port), timeout=10)


def send(service: Service, *parts: bytes, hang_up: bool = False) -> Reply:
    """Send bytes as they are, say that no more will come if `hang_up`, and read one response."""
    with connect(service) as connection:
        for part in parts:
            connection.sendall(part)
        if hang_up:
            connection.shutdown(socket.SHUT_WR)
        return receive(connection)


def receive(connection: socket.socket) -> Reply:
    """Read one response."""
    response = HTTPResponse(connection)
    response.begin()
    return Reply(response.status, {name.lower(): value for name, value in response.getheaders()}, response.read())


def chunks(parts: Iterable[bytes]) -> bytes:
    """Return the parts as chunks, ended as they should be."""
    return b"".join(b"%x\r\n%b\r\n" % (len(part), part) for part in parts) + b"0\r\n\r\n"
