"""Every kind of letter about the same made-up matters, all data in Greek, which no catalogue uses."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime, timedelta
from html.parser import HTMLParser
from typing import Any

from flows.mail.actions import Cause
from flows.mail.customers import customer_letter
from flows.mail.digests import Week, digest_letter
from flows.mail.letters import again_letter, assignment_letter, escalation_letter, reminder_letter
from flows.mail.links import Links
from flows.mail.message import Sender
from flows.records import Letter

Make = Callable[..., dict[str, Any]]
SCALE = {"scale_min": 0.0, "scale_max": 10.0, "value": 2.0, "question_text": "Πώς;"}
CLASSES = ("bottom", "middle", "top", "passive", "promoter", "detractor")
METRICS = ("csat", "ces", "rating", "nps", "nps", "nps")
ANSWERS = [{**SCALE, "metric": one, "score_class": two} for one, two in zip(METRICS, CLASSES, strict=True)]
PAST = {
    "submitted_at": "2026-02-03T10:00:00Z",
    "touchpoint_name": "Πύλη",
    "answers": ANSWERS[:1],
    "comments": [{"text": "Καλά", "language": "el"}],
}
KINDS = ("recover", "learn", "thank", "advocate", "answer", "other")


class Words(HTMLParser):
    """Collect what a reader of a page sees or hears, piece by piece."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.pieces: list[str] = []
        self._style = False
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self._style = tag == "style"
        self.pieces += [value for name, value in attrs if name in ("alt", "title", "aria-label") and value]

    def handle_endtag(self, tag: str) -> None:
        self._style = False

    def handle_data(self, data: str) -> None:
        if not self._style and data.strip():
            self.pieces.append(data.strip())


def every_letter(make: Make, language: str, now: datetime) -> list[Letter]:
    """Write one letter of each kind and occasion, with desk and with answers by mail."""
    desk = sender_in(language, Links(["key"], "https://x"))
    by_mail = sender_in(language, Links(["key"], mail_to="a@x"))
    manager = {"email": "m@x", "name": "Μάνα", "language": language, "team": "Ομάδα"}
    many, one = [facts(make, language, now, number) for number in range(7)], [facts(make, language, now, 1)]
    bare = {"customer": None, "customer_id": None, "answers": [], "comments": [], "team": {}}
    anonymous = {**one[0], **bare, "handed_over": None}
    letters = [assignment_letter(given, by_mail, now) for given in (many, one, [anonymous])]
    letters += [
        assignment_letter(many, desk, now),
        digest(language, desk, now),
        digest(language, by_mail, now),
    ]
    for given in (many, one):
        letters += [reminder_letter(given, desk, now + timedelta(days=days), "x") for days in (0, 9)]
        for trouble in ("late", "away", "undeliverable"):
            letters.append(escalation_letter(given, manager, trouble, desk, now, "x"))  # type: ignore[arg-type]
    return letters + to_customers(one[0], language, desk, now)


def to_customers(told: dict[str, Any], language: str, desk: Sender, now: datetime) -> list[Letter]:
    """Write each letter that a customer gets, and the one to the owner when it is not solved."""
    told = {**told, "language": language, "due_at": now + timedelta(hours=5)}
    own = {**told, "next_step": {"customer_text": "Καλά"}, "due_at": None}
    return [
        customer_letter("received", told, desk, now),
        customer_letter("received", own, desk, now),
        customer_letter("resolved", told, desk, now),
        customer_letter("resolved", own, desk, now),
        again_letter(told, "Όχι", desk, now, "x"),
    ]


def sender_in(language: str, links: Links) -> Sender:
    """Sign letters in a language, with buttons of one sort."""
    causes = (Cause("α", "Αιτία"),)
    return Sender("f@x", "a@x", "Ακμή", "β@x", language, "Asia/Jerusalem", links, causes, takes_answers=True)


def facts(make: Make, language: str, now: datetime, number: int) -> dict[str, Any]:
    """Give the facts of one follow-up; the number decides what is missing in it."""
    owner = {"id": "άννα", "name": "Άννα", "email": "a@x", "language": language, "timezone": "Asia/Jerusalem"}
    customer = {"id": f"γ{number}", "name": "Μαρία" if number % 2 else None, "email": "γ@x", "phone": "123"}
    return make(
        number,
        kind=KINDS[number % len(KINDS)],
        customer=customer,
        customer_id=f"γ{number}",
        owner=owner,
        team={"id": "ομ", "name": "Ομάδα" if number % 3 else None, "email": "t@x"},
        handed_over={"by": "Βίος", "note": "Δες"} if number % 4 == 0 else None,
        journey_name="Αγορά",
        touchpoint_name="Ταμείο",
        survey_name="Μετά",
        rule_id="ρω",
        answers=ANSWERS,
        comments=[{"text": "Ω" * 3000, "language": "el"}],
        before=[PAST],
        due_at=now + timedelta(hours=number - 3),
    )


def digest(language: str, sender: Sender, now: datetime) -> Letter:
    """Write a digest with something under every heading."""
    change = {
        "place": "Ταμείο",
        "score": 0.4,
        "previous_score": 0.6,
        "score_change": -0.2,
        "answer_count": 40,
    }
    figures = {"new_count": 7, "late_count": 1, "closed_count": 3, "kept_count": 3, "decided_count": 4}
    begins = date(2026, 3, 2)
    week = {
        "score_low": 0.05,
        "score_high": 0.9,
        "touchpoint_id": "τ",
        "metric": "csat",
        "survey_kind": "σ",
        "place": "Ταμείο",
    }
    told = {
        "figures": figures,
        "late": [{"customer_id": "γ1", "place": "Ταμείο", "due_at": now}],
        "comments": [{"text": "Καλά", "language": "el", "place": "Ταμείο"}],
        "changes": [
            {**change, "metric": "csat", "verdict": "publish"},
            {**change, "metric": "nps", "score_change": 3.0, "verdict": "flag"},
        ],
        "trends": [{**week, "period_start": begins + timedelta(weeks=n), "score": 0.1 * n} for n in range(8)],
        "news": [
            {**SCALE, "metric": "nps", "text": "Καλά", "language": "el", "place": "Ταμείο", "news_count": 7},
            {"metric": "comment", "value": None, "text": None, "language": None, "place": None},
        ],
        "quick_fixes": [{"pain_point_id": "p", "place": "Ταμείο", "theme": None, "customer_count": 5}],
    }  # fmt: skip
    person = {
        "id": "άννα",
        "name": "Άννα",
        "email": "a@x",
        "language": language,
        "timezone": "Asia/Jerusalem",
    }
    return digest_letter(Week("ο", "Ομάδα", date(2026, 4, 27), date(2026, 5, 3), told), person, sender, now)
