"""Customers are told: who answers by when, what became of it; only whom we may write to, each once."""

from __future__ import annotations

import csv
from collections import Counter
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from email.message import EmailMessage
from pathlib import Path

import pytest

from flows import ledger, settings
from flows.assign import keep_choices, promise_all, promise_of
from flows.digest import write_digests
from flows.ledger import Ledger
from flows.letterhead import letterhead
from flows.mail.outbox import open_door
from flows.mail.sending import Sent, send_waiting
from flows.orchestration import Work
from flows.rehearsal import rehearse
from flows.remind import write_reminders
from flows.report import Report
from flows.telling import tell_resolved, withdraw_barred
from flows.warehouse.due import due_follow_ups
from tests.homes import Home
from tests.mail.conftest import parse

NOW = datetime(2026, 5, 4, 9, tzinfo=UTC)
ASKED = {"source_name": "kiosk", "survey_id": "visit"}
RULE = {"rule_id": "unhappy", "position": "1", "action": "assign", "score_class": "detractor"}
TEAM = {
    "team_id": "shop",
    "name": "Shop",
    "email": "shop@acme.example",
    "manager_email": "boss@acme.example",
    "digest_weekday": "3",
}
PLAYBOOK = {"touchpoint_id": "*", "theme_id": "*", "follow_up_kind": "recover"}
# c2 will end letters, c3 refuses contact in the end, c4 never says yes or no, c5 has no address.
CUSTOMERS = ("c1", "c2", "c3", "c4", "c5")


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Home:
    """Build one home whose rule tells customers at both stages."""
    made = Home(tmp_path_factory.mktemp("telling") / "home", NOW, company={"timezone": "Europe/Berlin"})
    made.programme(
        journeys=[{"journey_id": "buying", "name": "Buying", "owner_team_id": "shop"}],
        questions=[
            {**ASKED, "question_ref": "nps", "metric": "nps", "journey_id": "buying"},
            {**ASKED, "question_ref": "why", "metric": "comment", "journey_id": "buying"},
            {**ASKED, "question_ref": "call", "metric": "contact_consent"},
        ],
        teams=[TEAM],
        owners=[{"owner_id": "ann", "team_id": "shop", "name": "Ann Lee", "email": "ann@acme.example"}],
        routing=[
            {**RULE, "follow_up_kind": "recover", "respond_within_hours": "48", "tell_customer": "both"}
        ],
        playbooks=[{**PLAYBOOK, "language": "de", "customer_text": "Ein neuer Tisch ist unterwegs."}],
    )  # fmt: skip
    made.load()
    said: dict[str, str | None] = {"nps": "2", "why": "Der Tisch wackelt."}
    for who in CUSTOMERS:
        mail = None if who == "c5" else f"{who}@example.com"
        made.customer(who, name=who.upper(), email=mail)
        consent: dict[str, str | None] = {"call": "perhaps"} if who == "c4" else {"call": "Yes"}
        made.answers(f"of {who}", {**said, **consent}, customer_id=who, language="de")
    made.answers("nameless", said, contacts={"email": "Nameless@Example.org"}, language="pt")
    made.build()
    return made


def _write(path: Path, rows: list[dict[str, str | None]]) -> None:
    path.parent.mkdir(exist_ok=True)
    with path.open("w", encoding="utf-8", newline="") as file:
        table = csv.DictWriter(file, list(rows[0]))
        table.writeheader()
        table.writerows(rows)


@pytest.fixture
def work(home: Home, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Work:
    """Make the work of a step over that home, with a ledger of its own."""
    (tmp_path / "heardback.yml").write_text("sources: []\ncompany: {name: Acme, timezone: Europe/Berlin}\n")
    monkeypatch.setenv("HEARDBACK_CONFIG", str(tmp_path / "heardback.yml"))
    for name in ("teams", "owners"):  # whom reminders and digests ask for; Wednesday is the day of digests
        rows = [{**row} for row in home.tables[name].rows]
        _write(tmp_path / "programme" / f"{name}.csv", rows)
    monkeypatch.setenv("HEARDBACK_HOME", str(home.folder))
    monkeypatch.setenv("HEARDBACK_LEDGER_URL", f"sqlite:///{tmp_path / 'ledger.sqlite'}")
    monkeypatch.delenv("HEARDBACK_SMTP_URL", raising=False)
    monkeypatch.chdir(tmp_path)
    return Work(settings.load(), NOW, home.folder, "run", "assign", Report())


@pytest.fixture
def book(work: Work) -> Iterator[Ledger]:
    """Open its ledger with all promised."""
    with ledger.open_ledger(work.settings.ledger_address) as opened:
        due = due_follow_ups(work.home)
        assert promise_all(opened, work, [promise_of(facts, "build") for facts in due]) == 6
        yield opened


def send(book: Ledger, folder: Path) -> tuple[Sent, dict[str, EmailMessage]]:
    """Send what waits into a folder; give the letters to customers in it by address."""
    sent = send_waiting(book, [open_door("", "f@acme.example", folder)], NOW)
    read = [parse(path.read_bytes()) for path in folder.glob("new/*")]
    return sent, {
        str(one["To"].addresses[0].addr_spec): one for one in read if one["X-Heardback-Kind"] == "customer"
    }


def key_of(book: Ledger, response: str) -> str:
    """Find a follow-up by the id of its response."""
    for row in ledger.events_after(book, 0):
        if row["event"] == "assigned" and row["details"]["response_id"] == response:
            return str(row["assignment_key"])
    raise AssertionError(response)


def resolve(book: Ledger, *responses: str, minutes: int = 0) -> None:
    for response in responses:
        at = NOW + timedelta(minutes=minutes)
        ledger.record_event(book, key_of(book, response), "resolved", "ann", at, root_cause_id="one_off")


def happened(book: Ledger, response: str) -> list[str]:
    key = key_of(book, response)
    return [row["event"] for row in ledger.history_of(book, [key])[key]]


def test_they_hear_who_answers_by_when(book: Ledger, work: Work, tmp_path: Path) -> None:
    ledger.prefer(
        book, "c2", "follow_up", allowed=False, at=NOW, source="unsubscribe"
    )  # after it was written
    sent, letters = send(book, tmp_path / "letters")
    assert set(letters) == {"c1@example.com", "c3@example.com", "Nameless@example.org"}
    assert (sent.sent, sent.withheld) == (4, 1)
    assert happened(book, "of c1") == happened(book, "nameless") == ["assigned", "confirmed"]
    assert happened(book, "of c2") == happened(book, "of c4") == happened(book, "of c5") == ["assigned"]
    letter = letters["c1@example.com"]
    assert str(letter["Subject"]) == "Wir haben Ihre Rückmeldung erhalten: Buying"
    assert str(letter["Reply-To"]) == "Ann Lee <ann@acme.example>"
    words = str(letter.get_body(("plain",)).get_content())  # type: ignore[union-attr]
    assert "Ann Lee wird Ihnen antworten, und zwar bis Mittwoch, 6. Mai 2026, 11:00 (Berlin)." in words
    assert "Der Tisch wackelt." in words
    assert "unknown" not in words.lower() and "detractor" not in str(letter).lower()
    # Nobody's address is in the ledger's events, nor in another customer's letter.
    assert not any("@example" in str(row["details"]) for row in ledger.events_after(book, 0))
    assert send(book, tmp_path / "letters")[0].sent == 0


def test_they_hear_once_what_became_of_it(book: Ledger, work: Work, tmp_path: Path) -> None:
    send(book, tmp_path / "first")
    sender = letterhead(work.settings)
    resolve(book, "of c1", "of c4", "of c5", "nameless")
    assert tell_resolved(book, work, sender) == 2
    assert tell_resolved(book, work, sender) == 0
    sent, letters = send(book, tmp_path / "second")
    assert (sent.sent, set(letters)) == (2, {"c1@example.com", "Nameless@example.org"})
    assert happened(book, "of c1") == ["assigned", "confirmed", "resolved", "told", "closed"]
    assert happened(book, "of c4") == ["assigned", "resolved"]
    told = str(letters["c1@example.com"].get_body(("plain",)).get_content())  # type: ignore[union-attr]
    assert "Ein neuer Tisch ist unterwegs." in told
    assert "Ist es gelöst?" in told and "/c/" in told
    other = str(letters["Nameless@example.org"].get_body(("html",)).get_content())  # type: ignore[union-attr]
    assert "We looked into it" in other  # the playbook says nothing in Portuguese

    ledger.record_event(book, key_of(book, "of c1"), "reopened", "customer", NOW + timedelta(minutes=5))
    assert tell_resolved(book, work, sender) == 0
    resolve(book, "of c1", minutes=9)
    assert tell_resolved(book, work, sender) == 1  # another life, another letter
    ledger.record_event(book, key_of(book, "of c1"), "reopened", "customer", NOW + timedelta(minutes=20))
    assert send(book, tmp_path / "third")[0].withheld == 1  # it was reopened before the letter went out


def test_without_a_desk_that_customers_reach_nobody_is_written_to(
    book: Ledger, work: Work, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HEARDBACK_SMTP_URL", "smtp://127.0.0.1:1")
    work.settings = settings.load()
    resolve(book, "of c1")
    assert tell_resolved(book, work, letterhead(work.settings)) == 0
    assert "Set HEARDBACK_BASE_URL" in work.report.warnings[-1]


def test_a_rehearsal_lists_exactly_the_letters_that_are_then_sent(
    book: Ledger, work: Work, home: Home, tmp_path: Path
) -> None:
    """Everything at once: to owners, customers, managers, teams; also what was queued and is withheld."""
    ledger.prefer(book, "c2", "follow_up", allowed=False, at=NOW, source="unsubscribe")
    resolve(book, "of c1", "of c5", "nameless")
    later = Work(work.settings, NOW + timedelta(hours=50), home.folder, "run", "run", Report())
    before = (tmp_path / "ledger.sqlite").read_bytes()
    rehearsed = rehearse(work.settings, later.now)
    assert (tmp_path / "ledger.sqlite").read_bytes() == before

    keep_choices.fn(book, later)
    promise_all(book, later, [promise_of(facts, "build") for facts in due_follow_ups(home.folder)])
    tell_resolved(book, later, letterhead(later.settings))
    withdraw_barred(book, later)
    write_reminders.fn(book, later)
    write_digests.fn(book, later)
    send_waiting(book, [open_door("", "f@acme.example", tmp_path / "letters")], later.now)
    sent = [parse(path.read_bytes()) for path in (tmp_path / "letters").glob("new/*")]
    known = sorted((one.message_id, one.kind, one.recipient, one.subject) for one in rehearsed.letters)
    assert known == sorted(
        (
            str(one["Message-ID"]),
            str(one["X-Heardback-Kind"]),
            str(one["To"].addresses[0].addr_spec),
            str(one["Subject"]),
        )
        for one in sent
    )
    kinds = Counter(one.kind for one in rehearsed.letters)
    assert kinds == {"assignment": 1, "customer": 3, "reminder": 1, "escalation": 1, "digest": 1}
    again = rehearse(work.settings, later.now)
    assert again.letters == []


def test_who_is_barred_by_now_gets_nothing_more(book: Ledger, work: Work, home: Home, tmp_path: Path) -> None:
    resolve(book, "of c1", "of c2", "of c3")
    ledger.prefer(book, "c2", "all", allowed=False, at=NOW, source="unsubscribe")
    home.load()
    home.customer("c3", name="C3", email="c3@example.com", may_contact="no")
    home.build()
    assert withdraw_barred(book, work) == 2  # what waited since the promise
    assert tell_resolved(book, work, letterhead(work.settings)) == 1
    assert set(send(book, tmp_path / "letters")[1]) == {"c1@example.com", "Nameless@example.org"}
