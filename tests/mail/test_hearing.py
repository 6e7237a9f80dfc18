"""What answers change in the ledger: once each, by whom they may, and somebody hears of what went wrong."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from imap_tools import MailMessage

from flows import ledger
from flows.assign import promise_of
from flows.colleagues import Staff
from flows.ledger import Ledger
from flows.mail.actions import Cause
from flows.mail.customers import customer_letter
from flows.mail.escalating import Office, Rules
from flows.mail.hearing import Heard, hear
from flows.mail.letters import assignment_letter
from flows.mail.links import Links
from flows.mail.message import Sender
from flows.mail.replies import read_reply
from flows.records import Letter
from tests.mail.post_office import answer, bounce

OWNERS = {
    "anna": {
        "team_id": "shop-floor",
        "name": "Anna",
        "email": "anna@acme.example",
        "manager_email": "boss@acme.example",
    },
    "bob": {"team_id": "shop-floor", "name": "Bob", "email": "bob@acme.example"},
    "cleo": {"team_id": "web", "name": "Cleo", "email": "cleo@acme.example"},
}
TEAMS = {
    "shop-floor": {
        "name": "Shop floor",
        "email": "shop@acme.example",
        "manager_email": "lead@acme.example",
        "language": "de",
    },
    "web": {"name": "Web", "email": "web@acme.example"},
}
STAFF = Staff(OWNERS, TEAMS)  # type: ignore[arg-type]
Make = Callable[..., dict[str, Any]]


@pytest.fixture
def office(sender: Sender, monday: datetime) -> Office:
    """Work an hour after the letters went out."""
    return Office(sender, Rules(), monday + timedelta(hours=1), STAFF.up_to_date, STAFF.manager_of)


@pytest.fixture
def promised(book: Ledger, a_follow_up: Make, sender: Sender, monday: datetime) -> Callable[..., Letter]:
    """Give the maker of promises with their letter, sent."""

    def promise(*numbers: int, **changes: Any) -> Letter:
        facts = [a_follow_up(number, **{"tell_customer": "resolved", **changes}) for number in numbers]
        promises = [promise_of(one, "b") for one in facts]
        letter = ledger.promise(
            book, promises, lambda new: assignment_letter([one.facts for one in new], sender, monday), monday
        )
        assert letter is not None
        ledger.claim_letters(book, monday)
        ledger.note_letters(book, [ledger.Noted(letter.message_id, "sent")], monday)
        return letter

    return promise


def say(book: Ledger, office: Office, message: Any) -> Heard:
    raw = message if isinstance(message, bytes) else message.as_bytes()
    reply = read_reply(
        MailMessage.from_bytes(raw), (Cause("carrier", "The carrier"),), ("feedback@acme.example",)
    )
    return hear(book, reply, office, STAFF.may_speak_for)


def told(book: Ledger) -> list[tuple[str, str, str | None]]:
    """Give (event, actor, note) of all but the promises."""
    return [
        (one["event"], one["actor"], one["note"])
        for one in ledger.events_after(book, 0)
        if one["event"] != "assigned"
    ]


def status(book: Ledger, number: int = 1) -> str:
    found = ledger.find_assignment(book, f"{number:032x}")
    assert found is not None
    return str(found["status"])


def test_each_word_does_what_its_button_does(
    book: Ledger, office: Office, promised: Callable[..., Letter]
) -> None:
    letter = promised(1)
    for text, event, now in (
        ("taken", "acknowledged", "acknowledged"),
        ("waiting. For her photos", "waiting", "waiting"),
        ("reached", "contacted", "contacted"),
    ):
        say(book, office, answer(text, letter.message_id))
        assert status(book) == now
        assert told(book)[-1][:2] == (event, "anna")
    say(book, office, answer("done\n\nThe carrier", letter.message_id))
    assert status(book) == "resolved"
    assert [one[0] for one in told(book)] == ["acknowledged", "waiting", "contacted", "resolved"]


def test_done_at_once_reached_the_customer_too(
    book: Ledger, office: Office, promised: Callable[..., Letter]
) -> None:
    say(book, office, answer("done. She is happy.\ncarrier", promised(1).message_id))
    assert told(book) == [
        ("contacted", "anna", "She is happy.\ncarrier"),
        ("resolved", "anna", "She is happy.\ncarrier"),
    ]


def test_done_without_its_cause_stays_open(
    book: Ledger, office: Office, promised: Callable[..., Letter]
) -> None:
    letter = promised(1)
    say(book, office, answer("done", letter.message_id))
    assert (status(book), [one[0] for one in told(book)]) == ("contacted", ["contacted"])


def test_declined_and_notes_are_kept(book: Ledger, office: Office, promised: Callable[..., Letter]) -> None:
    letter = promised(1)
    say(book, office, answer("Whom do I ask about refunds?", letter.message_id))
    say(book, office, answer("declined. I am not in charge of this shop.", letter.message_id))
    assert told(book) == [
        ("question", "anna", "Whom do I ask about refunds?"),
        ("declined", "anna", "I am not in charge of this shop."),
    ]


def test_an_answer_read_twice_counts_once(
    book: Ledger, office: Office, promised: Callable[..., Letter]
) -> None:
    letter = promised(1)
    for message in (answer("reached", letter.message_id), answer("And a question?", letter.message_id)):
        assert say(book, office, message).events == 1
        later = replace(office, now=office.now + timedelta(hours=3))
        assert say(book, later, message).events == 0
    assert len(told(book)) == 2


def test_the_time_is_when_it_was_written_unless_that_cannot_be(
    book: Ledger, office: Office, promised: Callable[..., Letter]
) -> None:
    letter = promised(1)
    say(book, office, answer("taken", letter.message_id, Date="Mon, 04 May 2026 11:20:00 +0200"))
    say(book, office, answer("waiting", letter.message_id, Date="Mon, 04 May 2020 11:20:00 +0200"))
    say(book, office, answer("reached", letter.message_id, Date="Mon, 04 May 2036 11:20:00 +0200"))
    at = [one["at"] for one in ledger.events_after(book, 0)][1:]
    assert at == [office.now - timedelta(minutes=40), office.now, office.now]


def test_of_several_follow_ups_an_answer_names_its_own(
    book: Ledger, office: Office, promised: Callable[..., Letter]
) -> None:
    letter = promised(1, 2)
    heard = say(book, office, answer("reached", letter.message_id))
    assert "not to which" in heard.remarks[0]
    assert [one[0] for one in told(book)] == ["question", "question"]
    say(book, office, answer("reached", "", Subject=f"NPS 2 of 10 [{2:032x}]"))  # as the button writes it
    assert (status(book, 1), status(book, 2)) == ("assigned", "contacted")
    say(book, office, answer("reached. Now her too", letter.message_id))  # only one is left that can be meant
    say(book, office, answer("taken", letter.message_id))
    assert status(book, 1) in ("acknowledged", "contacted")


@pytest.mark.parametrize(
    "whose",
    ["cleo@acme.example", "eve@evil.example", "bob@acme.example", '"anna@acme.example" <eve@evil.example>'],
)
def test_nobody_answers_for_another(
    book: Ledger, office: Office, promised: Callable[..., Letter], whose: str
) -> None:
    letter = promised(1)
    heard = say(book, office, answer("reached", letter.message_id, whose))
    assert told(book) == []
    assert "evil" not in heard.remarks[0]


def test_where_letters_go_to_the_team_any_of_its_people_may_answer(
    book: Ledger, office: Office, promised: Callable[..., Letter]
) -> None:
    owner = {"id": "dora", "email": None, "language": "en", "timezone": "UTC"}
    letter = promised(1, owner_id="dora", owner=owner)
    assert letter.recipient == "shop@acme.example"
    say(book, office, answer("taken", letter.message_id, "cleo@acme.example"))
    assert told(book) == []
    say(book, office, answer("taken", letter.message_id, "bob@acme.example"))
    assert told(book) == [("acknowledged", "bob", None)]


def test_what_was_handed_over_is_no_longer_the_first_ones(
    book: Ledger, office: Office, promised: Callable[..., Letter]
) -> None:
    letter = promised(1)
    ledger.record_event(
        book, f"{1:032x}", "reassigned", "anna", office.now, to_owner="bob", to_team="shop-floor"
    )
    say(book, office, answer("reached", letter.message_id))
    assert [one[0] for one in told(book)] == ["reassigned"]
    say(book, office, answer("reached", "", "bob@acme.example", Subject=f"[{1:032x}]"))
    assert told(book)[-1][:2] == ("contacted", "bob")


def test_an_answer_to_nothing_of_ours_changes_nothing(
    book: Ledger, office: Office, promised: Callable[..., Letter]
) -> None:
    promised(1)
    for message in (
        answer("done", "<other@elsewhere>"),
        answer("done", ""),
        answer("done", "", Subject="[drop table]"),
    ):
        assert len(say(book, office, message).remarks) == 1
    assert told(book) == []


def test_a_letter_that_came_back_reaches_somebody_else_once(
    book: Ledger, office: Office, promised: Callable[..., Letter]
) -> None:
    letter = promised(1, 2)
    first, again = say(book, office, bounce(letter.message_id)), say(book, office, bounce(letter.message_id))
    assert "550 5.1.1 no such user" in first.faults[0]
    assert again.faults == []
    assert ledger.letters_by_status(book) == {"failed": 1, "queued": 1}
    assert [(one[0], one[2]) for one in told(book)] == [("escalated", "smtp; 550 5.1.1 no such user")] * 2
    assert say(book, office, bounce(letter.message_id, "delayed")).faults == []


def test_who_is_away_is_told_on_once_and_machines_of_teams_say_nothing(
    book: Ledger, office: Office, promised: Callable[..., Letter], monday: datetime
) -> None:
    letter = promised(1)
    away = {"Auto-Submitted": "auto-replied", "Subject": "Away until June"}
    for _ in range(2):
        say(book, office, answer("I am away.", letter.message_id, **away))
    assert told(book) == [("escalated", "heardback", "Away until June")]
    say(
        book, office, answer("We got your mail, ticket 7.", letter.message_id, "tickets@acme.example", **away)
    )
    assert len(told(book)) == 1
    waiting = ledger.claim_letters(book, monday + timedelta(days=1))
    assert [(one.kind, one.recipient) for one in waiting] == [("escalation", "boss@acme.example")]
    assert b"X-Heardback-Assignment" not in waiting[0].body


@pytest.fixture
def to_customer(
    book: Ledger, promised: Callable[..., Letter], a_follow_up: Make, sender: Sender, monday: datetime
) -> Letter:
    """Tell the customer of the first follow-up that it was received."""
    promised(1)
    links = Links(["a key of the tests"], "https://desk.example")
    signed = replace(sender, links=links, reply_to="answers@acme.example", takes_answers=True)
    letter = customer_letter("received", {**a_follow_up(1), "customer_key": "C-1"}, signed, monday)
    with book.writing() as connection:
        ledger.queue_letter(connection, letter, monday)
    return letter


def ended(book: Ledger) -> list[tuple[Any, ...]]:
    rows = ledger.all_preferences(book)
    return [(row["customer_key"], row["purpose"], row["allowed"], row["source"]) for row in rows]


@pytest.mark.parametrize("text", ["STOP", "Отпишите меня.", "abmelden\n\n-- \nMaria", "لغو اشتراک"])
def test_a_customer_who_wants_no_more_letters_says_so_by_reply(
    book: Ledger, office: Office, to_customer: Letter, text: str
) -> None:
    before = ledger.letters_by_status(book)
    for _ in range(2):
        say(book, office, answer(text, to_customer.message_id, "maria@example.com"))
    assert ended(book) == [("C-1", "follow_up", False, "unsubscribe")]
    assert told(book) == []
    assert ledger.letters_by_status(book) == before


def test_the_address_for_mail_in_the_letter_ends_letters_whoever_presses_it(
    book: Ledger, office: Office, to_customer: Letter, read_letter: Any
) -> None:
    office = replace(office, sender=replace(office.sender, links=Links(["a key of the tests"])))
    header = str(read_letter(to_customer.body)["List-Unsubscribe"])
    by_press, by_mail = (one.strip(" <>") for one in header.split(","))
    assert by_press.startswith("https://desk.example/u/")
    address = urlsplit(by_mail)
    assert (address.scheme, address.path) == ("mailto", "answers@acme.example")
    [subject] = parse_qs(address.query)["subject"]
    for wrong in (subject[:-2] + "A]", "unsubscribe [C-1]", subject.replace("[", "").replace("]", "")):
        say(book, office, answer("", "", "program@mail.example", Subject=wrong))
    assert ended(book) == []
    for _ in range(2):
        sent = answer("", "", "program@mail.example", Subject=subject, Auto_Submitted="auto-generated")
        say(book, office, sent)
    assert ended(book) == [("C-1", "follow_up", False, "unsubscribe")]


def test_whatever_else_a_customer_writes_reaches_the_owner_once(
    book: Ledger, office: Office, to_customer: Letter, read_letter: Any
) -> None:
    words = "Stop. It still leaks <b>everywhere</b>."
    for _ in range(2):
        say(book, office, answer(words, to_customer.message_id, "maria@example.com"))
    assert told(book) == [("joined", "customer", words)]
    assert ended(book) == []
    waiting = ledger.claim_letters(book, office.now)
    [letter] = [one for one in waiting if one.kind == "reminder"]
    assert letter.recipient == "anna@acme.example"
    message = read_letter(letter.body)
    assert message["Subject"].startswith("Der Kunde hat geschrieben: ")
    assert words in message.get_body(("plain",)).get_content()
    assert "<b>" not in message.get_body(("html",)).get_content()


def test_who_works_here_ends_no_customers_letters(
    book: Ledger, office: Office, to_customer: Letter, promised: Callable[..., Letter]
) -> None:
    say(book, office, answer("stop", to_customer.message_id))
    say(book, office, answer("stop", promised(2).message_id))
    assert ended(book) == []
    assert told(book) == [("question", "anna", "stop")] * 2
