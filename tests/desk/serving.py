"""A desk that really serves, on a free port of this machine, over a ledger with a few follow-ups."""

from __future__ import annotations

import re
import threading
import time
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from html.parser import HTMLParser
from typing import Any

import requests
import uvicorn

from flows import ledger
from flows.desk.app import application
from flows.desk.office import Office
from flows.ledger import Ledger
from flows.mail.letters import assignment_letter
from flows.mail.links import Links, Ticket
from flows.mail.message import Sender
from flows.records import Promise

MONDAY = datetime(2026, 5, 4, 9, tzinfo=UTC)
KEYS = ["a key of the tests, long enough to sign with"]
DIRECTORY: dict[str, list[dict[str, Any]]] = {
    "owners": [
        {"owner_id": "anna", "team_id": "shop", "name": "Anna Schmidt", "email": "anna@acme.example"},
        {
            "owner_id": "bert",
            "team_id": "shop",
            "name": "Bert",
            "email": "bert@acme.example",
            "language": "de",
        },
        {"owner_id": "mute", "team_id": "depot", "name": "Mute", "email": None},
    ],
    "teams": [
        {"team_id": "shop", "name": "Shop floor", "email": "shop@acme.example", "timezone": "Europe/Berlin"},
        {"team_id": "depot", "name": "Depot", "email": None},
    ],
    "root_causes": [
        {"root_cause_id": "staffing", "name": "Too few people", "language": None},
        {"root_cause_id": "carrier", "name": "The carrier", "language": None},
    ],
    "journeys": [{"journey_id": "buying", "name": "Buying in the shop"}],
    "touchpoints": [{"touchpoint_id": "checkout", "journey_id": "buying", "name": "Checkout"}],
    "initiatives": [{"initiative_id": "fast-lane", "name": "A fast lane", "status": "in_progress"}],
    "pain_points": [
        {"pain_point_id": "p1", "journey_id": "buying", "touchpoint_id": "checkout", "theme_id": "queue"}
    ],
    "themes": [{"theme_id": "queue", "name": "Long queue"}],
}


def facts(key: str, **changes: Any) -> dict[str, Any]:
    """Give the facts of a follow-up of Anna's."""
    given: dict[str, Any] = {
        "follow_up_key": key,
        "response_key": f"response of {key}",
        "customer_id": "C-1",
        "journey_id": "buying",
        "touchpoint_id": "checkout",
        "kind": "recover",
        "owner_id": "anna",
        "team_id": "shop",
        "submitted_at": (MONDAY - timedelta(hours=5)).isoformat(),
        "due_at": (MONDAY + timedelta(hours=43)).isoformat(),
        "tell_customer": "resolved",
        "reason": "NPS 2 of 10 at Checkout (rule unhappy)",
        "timezone": "Europe/Berlin",
        "customer": {"id": "C-1", "name": "Maria López", "email": "maria@example.com", "phone": "+49 30 123"},
        "answers": [
            {
                "question_text": "How likely are you to recommend us?",
                "metric": "nps",
                "value": 2.0,
                "scale_min": 0.0,
                "scale_max": 10.0,
                "score_class": "detractor",
            }
        ],
        "comments": [{"text": "I waited 40 minutes.\nNobody said sorry.", "language": "en"}],
        "journey_name": "Buying in the shop",
        "touchpoint_name": "Checkout",
        "survey_name": "After purchase",
        "rule": {"clock": "elapsed", "tell_customer": "resolved"},
        "next_step": {
            "text": "Call within the day and offer the fast lane.",
            "url": "https://acme.example/help",
        },
        "owner": {
            "id": "anna",
            "name": "Anna Schmidt",
            "email": "anna@acme.example",
            "language": "en",
            "timezone": "Europe/Berlin",
        },
        "team": {"id": "shop", "name": "Shop floor", "email": "shop@acme.example"},
    }
    return {**given, **changes}


class Page(HTMLParser):
    """Read a page: its forms with their fields and buttons, its links, its text."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.html = html
        self.forms: list[dict[str, Any]] = []
        self.links: list[str] = []
        self.text = ""
        self.tags: list[str] = []
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        named = dict(attrs)
        self.tags.append(tag)
        if tag == "form":
            self.forms.append({"action": named.get("action"), "fields": {}, "buttons": []})
        elif tag in ("input", "select", "textarea") and self.forms:
            self.forms[-1]["fields"][named["name"]] = named.get("value") or ""
        elif tag == "button" and self.forms:
            self.forms[-1]["buttons"].append(named["value"])
        elif tag == "a":
            self.links.append(named.get("href") or "")

    def handle_data(self, data: str) -> None:
        self.text += data

    def actions(self) -> list[str]:
        """Name every button."""
        return [button for form in self.forms for button in form["buttons"]]

    def form(self, action: str) -> dict[str, str]:
        """Give the fields of the form with this button, pressed."""
        form = next(form for form in self.forms if action in form["buttons"])
        return {**form["fields"], "action": action}


class Hall:
    """Serve a desk and visit it over HTTP; `now` is the time it goes by."""

    def __init__(self, book: Ledger, base_url: str = "", hooks: Mapping[str, Any] | None = None) -> None:
        self.book, self.now = book, MONDAY
        ledger.keep_directory(book, DIRECTORY, MONDAY)
        self.links = Links(KEYS, base_url or "http://127.0.0.1:8484")
        sender = Sender("feedback@acme.example", "", "Acme", "help@acme.example", links=self.links)
        self.office = Office(book, self.links, sender, lambda: self.now, hooks or {})
        config = uvicorn.Config(application(self.office), port=0, log_level="error", access_log=False)
        self.server = uvicorn.Server(config)
        self.thread = threading.Thread(target=self.server.run, daemon=True)
        self.thread.start()
        deadline = time.monotonic() + 20
        while not self.server.started and time.monotonic() < deadline:
            time.sleep(0.01)
        self.url = f"http://127.0.0.1:{self.server.servers[0].sockets[0].getsockname()[1]}"

    def close(self) -> None:
        """Stop serving."""
        self.server.should_exit = True
        self.thread.join(10)

    def promise(self, key: str, **changes: Any) -> None:
        """Promise one follow-up to its owner, with its letter."""
        told = facts(key, **changes)
        due = datetime.fromisoformat(told["due_at"]) if told["due_at"] else None
        promised = Promise(
            key, told["kind"], told["response_key"], told["owner_id"], told["team_id"], "rule", due, "b", told
        )
        ledger.promise(
            self.book, [promised], lambda _: assignment_letter([told], self.office.sender, self.now), self.now
        )

    def path(self, key: str, owner: str = "anna", handovers: int = 0, issued_at: datetime = MONDAY) -> str:
        """Give the path of a link to a follow-up (to the lists with an empty key)."""
        ticket = Ticket(key, owner, handovers, issued_at)
        return f"/{'a' if key else 'l'}/{self.links.token(ticket)}"

    def get(self, path: str, **more: Any) -> requests.Response:
        """Open a page."""
        return requests.get(self.url + path, timeout=30, allow_redirects=False, **more)

    def page(self, path: str) -> Page:
        """Open a page that is there, and read it."""
        answer = self.get(path)
        assert answer.status_code == 200, answer.text
        return Page(answer.text)

    def post(self, path: str, form: Mapping[str, str], **more: Any) -> requests.Response:
        """Send a form."""
        return requests.post(self.url + path, data=dict(form), timeout=30, allow_redirects=False, **more)

    def press(self, path: str, button: str, **fields: str) -> requests.Response:
        """Open a page, fill in its form and press a button."""
        return self.post(path, {**self.page(path).form(button), **fields})

    def events(self, key: str) -> list[str]:
        """Name what happened to a follow-up."""
        return [row["event"] for row in ledger.history_of(self.book, [key])[key]]

    def letters(self) -> list[ledger.Waiting]:
        """Take the letters that wait."""
        return ledger.claim_letters(self.book, self.now, 100)


def link_in(body: bytes) -> str:
    """Give the path of the link in a letter."""
    text = body.decode("utf-8", "replace").replace("=\r\n", "").replace("=3D", "=")
    found = re.search(r"https?://[^/\s]+(/a/[A-Za-z0-9_.\-]+)", text)
    assert found, text
    return found.group(1)
