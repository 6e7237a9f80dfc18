"""Servers that break the rules below HTTP, and a clock that nobody has to wait for."""

from __future__ import annotations

import contextlib
import socket
import struct
import threading
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from flows.surveys.patience import Patience

Play = Callable[[socket.socket, int], None]
BEGAN = datetime(2026, 5, 4, 9, tzinfo=UTC)


class Clock:
    """Tell a time that only sleeping moves; `slept` is what was slept."""

    def __init__(self) -> None:
        self.passed = 0.0
        self.slept: list[float] = []

    def sleep(self, seconds: float) -> None:
        self.slept.append(seconds)
        self.passed += seconds

    def patience(self, **limits: Any) -> Patience:
        return Patience(
            sleep=self.sleep,
            clock=lambda: self.passed,
            now=lambda: BEGAN + timedelta(seconds=self.passed),
            random=lambda: 0.5,
            **limits,
        )


class RawServer:
    """Hand each request of each connection to `play(socket, number)`; it writes bytes, or does its worst."""

    def __init__(self) -> None:
        self.play: Play = lambda connection, number: None
        self.requests: list[str] = []
        self.connections = 0
        self._open = True
        self._socket = socket.create_server(("127.0.0.1", 0))
        self.port = self._socket.getsockname()[1]
        self.url = f"http://127.0.0.1:{self.port}"
        threading.Thread(target=self._accept, daemon=True).start()

    def close(self) -> None:
        self._open = False
        with contextlib.suppress(OSError):  # wakes who waits in accept, where the system does that
            self._socket.shutdown(socket.SHUT_RDWR)
        self._socket.close()

    def _accept(self) -> None:
        with contextlib.suppress(OSError):
            while self._open:
                connection, _ = self._socket.accept()
                self.connections += 1
                threading.Thread(target=self._serve, args=(connection,), daemon=True).start()

    def _serve(self, connection: socket.socket) -> None:
        with connection, contextlib.suppress(OSError):
            while self._open and (request := _request(connection)):
                self.requests.append(request)
                self.play(connection, len(self.requests))


def _request(connection: socket.socket) -> str:
    read = b""
    while not read.endswith(b"\r\n\r\n"):
        step = connection.recv(65536)
        if not step:
            return ""
        read += step
        if read[:1] == b"\x16":  # a TLS hello has no blank line
            return "hello"
    return read.decode("latin-1")


def http(body: bytes, status: str = "200 OK", **headers: str) -> bytes:
    """Write a whole answer."""
    given = {
        "Content-Length": str(len(body)),
        **{name.replace("_", "-"): text for name, text in headers.items()},
    }
    lines = "".join(f"{name}: {text}\r\n" for name, text in given.items() if text)
    return f"HTTP/1.1 {status}\r\n{lines}\r\n".encode() + body


def drip(connection: socket.socket, content: bytes, pause: float = 0.03) -> None:
    """Send a byte, and another: never silent, never done."""
    for byte in content:
        connection.sendall(bytes([byte]))
        time.sleep(pause)


def reset(connection: socket.socket) -> None:
    """Hang up so that the other side sees a reset."""
    connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    connection.close()


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def raw() -> Iterator[RawServer]:
    server = RawServer()
    yield server
    server.close()
