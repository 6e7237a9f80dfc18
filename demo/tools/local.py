"""A survey tool as a local server: what all of them share, so that each one says only what its tool would.

It tells only what was there at `now`, so that a second day brings new answers.
A test may put a fault in its way.
"""

from __future__ import annotations

import json
import threading
import time
from collections import deque
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, Self
from urllib.parse import parse_qs, urlsplit

Item = dict[str, Any]
Faulty = Callable[[BaseHTTPRequestHandler], bool]


class Refusal(Exception):
    """Answer with this status, body and headers."""

    def __init__(self, status: int, body: Any, headers: Mapping[str, str] | None = None) -> None:
        super().__init__(f"HTTP {status}")
        self.status, self.body, self.headers = status, body, dict(headers or {})


@dataclass(frozen=True, slots=True)
class Request:
    """Carry what was asked: path without query, query (the last value of a name), headers, body."""

    method: str
    path: str
    query: Mapping[str, str]
    headers: Mapping[str, str]
    body: bytes
    target: str


@dataclass(frozen=True, slots=True)
class Answer:
    """Carry an answer that is no JSON, or has headers of its own."""

    body: bytes
    content_type: str = "application/json; charset=utf-8"
    status: int = 200
    headers: Mapping[str, str] = field(default_factory=dict)


class LocalTool:
    """Serve one tool on a free local port, in threads of its own, until `close`.

    `requests` keeps what was asked, as method-less targets in their order.
    """

    def __init__(
        self, *, now: datetime | None = None, requests_per_second: float = 0, fault: Faulty | None = None
    ) -> None:
        """Take the time it is there, and a limit of requests (0: none).

        `fault` sees every request first; when it gives True it has answered, or broken off, itself.
        """
        self.now, self.fault = now, fault
        self.requests: list[str] = []
        self._limit = requests_per_second
        self._recent: deque[float] = deque()
        self._lock = threading.Lock()
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), type("Handler", (_Handler,), {"tool": self}))
        self._server.daemon_threads = True
        self.url = f"http://127.0.0.1:{self._server.server_port}"
        self._thread = threading.Thread(
            target=self._server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True
        )
        self._thread.start()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Stop serving and free the port."""
        self._server.shutdown()
        self._server.server_close()
        self._thread.join(5)

    def answer(self, request: Request) -> Any:
        """Give what the tool answers, in JSON or as an Answer, or raise Refusal; each tool has its own."""
        raise Refusal(404, {"error": f"{type(self).__name__} answers nothing at {request.path}."})

    def too_many(self, wait: float) -> Refusal:
        """Say that a request came too soon, by so many seconds."""
        return Refusal(429, {"error": "Too many requests."}, {"Retry-After": str(int(wait) + 1)})

    def wait_seconds(self) -> float:
        """Note a request; give how long the caller must wait where it came too soon, else 0."""
        if not self._limit:
            return 0
        with self._lock:
            moment = time.monotonic()
            while self._recent and moment - self._recent[0] >= 1:
                self._recent.popleft()
            if len(self._recent) >= self._limit:
                return 1 - (moment - self._recent[0])
            self._recent.append(moment)
            return 0


class _Handler(BaseHTTPRequestHandler):
    """Read a request, ask the tool, write its answer; keep the connection."""

    tool: LocalTool
    protocol_version = "HTTP/1.1"
    wbufsize = -1
    disable_nagle_algorithm = True

    def log_message(self, *_: object) -> None:
        """Say nothing."""

    def do_GET(self) -> None:
        """Answer as the tool does."""
        self.tool.requests.append(self.path)
        if self.tool.fault is not None and self.tool.fault(self):
            return
        body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        try:
            if wait := self.tool.wait_seconds():
                raise self.tool.too_many(wait)
            parts = urlsplit(self.path)
            query = {
                name: values[-1] for name, values in parse_qs(parts.query, keep_blank_values=True).items()
            }
            asked = Request(self.command, parts.path, query, dict(self.headers), body, self.path)
            answer = self.tool.answer(asked)
        except Refusal as refusal:
            answer = Answer(_json(refusal.body), status=refusal.status, headers=refusal.headers)
        self._write(answer if isinstance(answer, Answer) else Answer(_json(answer)))

    do_POST = do_GET

    def _write(self, answer: Answer) -> None:
        self.send_response(answer.status)
        self.send_header("Content-Type", answer.content_type)
        self.send_header("Content-Length", str(len(answer.body)))
        for name, value in answer.headers.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(answer.body)
        self.wfile.flush()


def _json(body: Any) -> bytes:
    return json.dumps(body, ensure_ascii=False).encode()
