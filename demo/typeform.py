"""A local server that speaks Typeform's Responses API as its documentation tells it, refusals included.

It tells only what was there at `now`, so that a second day brings new answers.
A test may put a fault in its way.
"""

from __future__ import annotations

import json
import threading
import time
from collections import deque
from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs, urlsplit

from demo.paging import Item, Refused, responses_page, whole

Faulty = Callable[[BaseHTTPRequestHandler], bool]
LISTED = ("id", "type", "title", "created_at", "last_updated_at")


class FakeTypeform:
    """Serve forms and their responses on a free local port, in threads of its own, until `close`."""

    def __init__(
        self,
        definitions: Sequence[Item],
        responses: Mapping[str, Sequence[Item]],
        token: str = "tfp_local",  # noqa: S107 (opens nothing but this server)
        *,
        now: datetime | None = None,
        requests_per_second: float = 0,
        fault: Faulty | None = None,
    ) -> None:
        """Take forms, their items, the token to ask for, the time it is there, and a limit (0: none).

        `fault` sees every request first; when it gives True it has answered, or broken off, itself.
        """
        self.definitions = {form["id"]: form for form in definitions}
        self.responses = {form: list(responses.get(form, [])) for form in self.definitions}
        self.token, self.now, self.fault = token, now, fault
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

    def __enter__(self) -> FakeTypeform:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Stop serving and free the port."""
        self._server.shutdown()
        self._server.server_close()
        self._thread.join(5)

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

    def answer(self, path: str, query: Mapping[str, str]) -> Item:
        """Answer one request, or raise Refused."""
        match path.strip("/").split("/"):
            case ["me"]:
                return {"user_id": "local", "alias": "demo", "language": "en"}
            case ["forms"]:
                return self._forms(query)
            case ["forms", form]:
                return self._with_links(self._form(form))
            case ["forms", form, "responses"]:
                self._form(form)
                return responses_page(self._visible(form), query)
        raise Refused(404, "NOT_FOUND", "There is nothing at this address.")

    def _form(self, form: str) -> Item:
        if form not in self.definitions:
            raise Refused(404, "NOT_EXISTING_ID", f"There is no form '{form}'.")
        return self.definitions[form]

    def _with_links(self, form: Item) -> Item:
        links = {
            "display": f"{self.url}/to/{form['id']}",
            "responses": f"{self.url}/forms/{form['id']}/responses",
        }
        return {**form, "_links": links}

    def _forms(self, query: Mapping[str, str]) -> Item:
        page, size = whole(query, "page", 1, 1, 10**6), whole(query, "page_size", 10, 1, 200)
        forms = list(self.definitions.values())
        shown = forms[(page - 1) * size : page * size]
        items = [
            {key: form.get(key) for key in ("id", "type", "title", "created_at", "last_updated_at")}
            for form in shown
        ]
        return {"total_items": len(forms), "page_count": -(-len(forms) // size), "items": items}

    def _visible(self, form: str) -> list[Item]:
        if self.now is None:
            return self.responses[form]
        limit = f"{self.now.astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}"
        return [
            item for item in self.responses[form] if (item.get("staged_at") or item["submitted_at"]) <= limit
        ]


class _Handler(BaseHTTPRequestHandler):
    """Read a request, ask the tool, write JSON; keep the connection."""

    tool: FakeTypeform
    protocol_version = "HTTP/1.1"
    wbufsize = -1
    disable_nagle_algorithm = True

    def log_message(self, *_: object) -> None:
        """Say nothing."""

    def do_GET(self) -> None:
        """Answer as Typeform does."""
        self.tool.requests.append(self.path)
        if self.tool.fault is not None and self.tool.fault(self):
            return
        wait = self.tool.wait_seconds()
        try:
            if wait:
                raise Refused(429, "TOO_MANY_REQUESTS", "Two requests a second are allowed.")
            scheme, _, token = self.headers.get("Authorization", "").partition(" ")
            if scheme.lower() != "bearer" or token != self.tool.token:
                raise Refused(401, "AUTHENTICATION_ERROR", "The token is not valid.")
            parts = urlsplit(self.path)
            query = {name: values[-1] for name, values in parse_qs(parts.query).items()}
            self._write(200, self.tool.answer(parts.path, query))
        except Refused as refused:
            self._write(refused.status, refused.body, {"Retry-After": str(int(wait) + 1)} if wait else {})

    def _write(self, status: int, body: Item, headers: Mapping[str, str] | None = None) -> None:
        content = json.dumps(body, ensure_ascii=False).encode()
        self.send_response(status)
        self.send_header("Content-Type", "application/json; charset=utf-8")
        self.send_header("Content-Length", str(len(content)))
        for name, value in (headers or {}).items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(content)
        self.wfile.flush()
