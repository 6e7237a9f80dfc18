"""The sockets under a session, kept at hand so that they can be cut from outside.

A timeout counts from one byte to the next: who sends a byte a second, be it in the headers or while the
encryption is agreed on, is never late. What helps is a second handle on the same socket.
"""

from __future__ import annotations

import contextlib
import socket
import threading
from collections.abc import Callable, Iterator
from typing import Any

from urllib3.connection import HTTPConnection, HTTPSConnection
from urllib3.connectionpool import HTTPConnectionPool, HTTPSConnectionPool

from flows.surveys.watchdog import Watchdog


class Wire:
    """Know the sockets of one session; `pools` are urllib3's, making connections that report here."""

    def __init__(self) -> None:
        self._handles: dict[Any, socket.socket] = {}
        self._watchdog = Watchdog()
        wire = self

        class Reported:
            def _new_conn(self) -> socket.socket:
                made: socket.socket = super()._new_conn()  # type: ignore[misc]
                wire._handles[self] = made.dup()
                return made

        plain = type("Plain", (Reported, HTTPConnection), {})
        secure = type("Secure", (Reported, HTTPSConnection), {})
        self.pools = {
            "http": type("PlainPool", (HTTPConnectionPool,), {"ConnectionCls": plain}),
            "https": type("SecurePool", (HTTPSConnectionPool,), {"ConnectionCls": secure}),
        }

    @contextlib.contextmanager
    def watched(self, seconds: float) -> Iterator[Callable[[], bool]]:
        """Cut every socket when what is done inside takes longer; give the question whether that was so."""
        is_cut = threading.Event()

        def cut() -> None:
            is_cut.set()
            self._cut()

        try:
            with self._watchdog.watching(seconds, cut):
                yield is_cut.is_set
        finally:
            self.tidy()

    def _cut(self) -> None:
        for handle in list(self._handles.values()):
            with contextlib.suppress(OSError):  # it may be shut already
                handle.shutdown(socket.SHUT_RDWR)

    def close(self) -> None:
        """Let go of everything."""
        self._watchdog.end()
        self.tidy(everything=True)

    def tidy(self, *, everything: bool = False) -> None:
        """Let go of sockets whose connections are closed, or of all."""
        for connection, handle in list(self._handles.items()):
            if everything or connection.sock is None:
                handle.close()
                del self._handles[connection]
