"""A Typeform of prepared pages: `python -m benchmarks.tool COUNT [HIDDEN]` prints its address and serves.

The newest HIDDEN responses are not there before `/reveal` is asked; `/edit` lets every twentieth change.
"""

from __future__ import annotations

import json
import sys
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from random import Random
from threading import Thread
from urllib.parse import parse_qs, urlsplit

from demo import forms
from demo.people import make_people
from demo.sittings import FORMS

NEWEST = datetime(2026, 5, 4, tzinfo=UTC)
EDITED = 20  # every so many
AFTERTHOUGHT = {
    "type": "text",
    "text": "And thank you for asking.",
    "field": {"id": "after", "type": "short_text", "ref": "afterthought"},
}
TOKEN = "tfp_bench"


def prepared(count: int) -> tuple[list[str], list[str], list[bytes]]:
    """Make tokens, times and items of one form, newest first, one a minute: realistic, all different."""
    random = Random(1)
    people = make_people(random, 2000)
    tokens, times, items = [], [], []
    for number in range(count):
        at = NEWEST - timedelta(minutes=number)
        item = FORMS[forms.WEB](random, random.choice(people), at)
        tokens.append(item["token"])
        times.append(item["submitted_at"])
        items.append(json.dumps(item, ensure_ascii=False).encode())
    return tokens, times, items


class Handler(BaseHTTPRequestHandler):
    """Answer from memory: nothing is sorted or encoded while a client waits."""

    protocol_version = "HTTP/1.1"
    wbufsize = -1
    disable_nagle_algorithm = True
    tokens: list[str]
    times: list[str]
    items: list[bytes]
    places: dict[str, int]
    hidden: int = 0

    def log_message(self, *_: object) -> None:
        """Say nothing."""

    def do_GET(self) -> None:
        """Answer forms, the form, and pages of its responses."""
        parts = urlsplit(self.path)
        query = {name: values[-1] for name, values in parse_qs(parts.query).items()}
        if parts.path.endswith("/responses"):
            body = self._page(query)
        elif parts.path in CHANGES:
            CHANGES[parts.path]()
            body = b"{}"
        elif parts.path.strip("/") == "forms":
            listed = [{"id": forms.WEB, "type": "quiz", "title": "After the order"}]
            body = json.dumps({"total_items": 1, "page_count": 1, "items": listed}).encode()
        else:
            body = json.dumps(forms.definition(forms.WEB, NEWEST)).encode()
        self.send_response(200)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)
        self.wfile.flush()

    def _page(self, query: dict[str, str]) -> bytes:
        if query.get("response_type") == "partial":
            return b'{"total_items": 0, "page_count": 0, "items": []}'
        size = int(query.get("page_size", 25))
        begin = self.places[query["before"]] + 1 if "before" in query else self.hidden
        end = len(self.items)
        if since := query.get("since"):
            moment = (
                datetime.fromisoformat(since)
                if not since.isdigit()
                else datetime.fromtimestamp(int(since), UTC)
            )
            oldest = f"{moment:%Y-%m-%dT%H:%M:%SZ}"
            end = sum(at >= oldest for at in self.times)
        page = b",".join(self.items[begin : min(begin + size, end)])
        return b'{"total_items": %d, "page_count": %d, "items": [%s]}' % (
            end - begin,
            -(-(end - begin) // size),
            page,
        )


def reveal() -> None:
    """Let what was hidden be there."""
    Handler.hidden = 0


def edit() -> None:
    """Add an afterthought to every twentieth response."""
    for place in range(0, len(Handler.items), EDITED):
        item = json.loads(Handler.items[place])
        item["answers"].append(AFTERTHOUGHT)
        Handler.items[place] = json.dumps(item, ensure_ascii=False).encode()


CHANGES = {"/reveal": reveal, "/edit": edit}


def main(count: int, hidden: int = 0) -> None:
    """Serve until the standard input is closed."""
    Handler.tokens, Handler.times, Handler.items = prepared(count)
    Handler.places = {token: place for place, token in enumerate(Handler.tokens)}
    Handler.hidden = hidden
    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True).start()
    print(f"http://127.0.0.1:{server.server_port}", flush=True)
    sys.stdin.read()


if __name__ == "__main__":
    main(*map(int, sys.argv[1:]))
