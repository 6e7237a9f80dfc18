"""Reminders: before the deadline, at it, to the manager after; each once, whoever is killed in between."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from email.message import EmailMessage
from typing import Any

import pytest

from flows import ledger
from flows.assign import promise_of
from flows.colleagues import Staff
from flows.ledger import Ledger
from flows.mail.escalating import Due, Office, Rules, Told, escalate, is_late, remind_owner, stage
from flows.mail.letters import assignment_letter
from flows.mail.message import Sender
from flows.remind import open_deadlines, write_to

Make = Callable[..., dict[str, Any]]
OWNERS = {
    "anna": {"team_id": "shop-floor", "name": "Anna", "email": "anna@acme.example", "language": "de"},
    "bob": {"team_id": "shop-floor", "name": "Bob", "email": "bob@acme.example"},
}
TEAMS = {"shop-floor": {"name": "Shop floor", "manager_email": "lead@acme.example", "timezone": "UTC"}}
DUE = datetime(2026, 5, 6, 4, tzinfo=UTC)  # the deadline of the facts: Monday 9:00 and 43 hours
HOUR = timedelta(hours=1)


def office(sender: Sender, now: datetime, staff: Staff | None = None, **rules: Any) -> Office:
    people = staff or Staff(OWNERS, TEAMS)  # type: ignore[arg-type]
    return Office(sender, Rules(**rules), now, people.up_to_date, people.manager_of)


def promise(book: Ledger, make: Make, sender: Sender, at: datetime, *numbers: int, **changes: Any) -> str:
    """Promise follow-ups to anna, with their letter; returns its Message-ID."""
    facts = [make(number, **changes) for number in numbers]
    promises = [promise_of(one, "b") for one in facts]
    letter = ledger.promise(
        book, promises, lambda new: assignment_letter([one.facts for one in new], sender, at), at
    )
    assert letter is not None
    ledger.claim_letters(book, at)
    return letter.message_id


def remind(book: Ledger, work: Office) -> Told:
    """Do what the step does."""
    due = list(open_deadlines(book, work.now))
    by_owner: dict[str, list[Due]] = {}
    for one in due:
        if stage(one.due_at, work.now, work.rules):
            by_owner.setdefault(one.owner_id, []).append(one)
    late = {one.key: one.due_at for one in due if is_late(one.due_at, work.now, work.rules)}
    return write_to(book, by_owner, late, work)


def kinds(told: Told) -> list[tuple[str, str]]:
    return [(letter.kind, letter.recipient) for letter in told.letters]


OWNER, MANAGER = ("reminder", "anna@acme.example"), ("escalation", "lead@acme.example")


def test_before_at_and_after_the_deadline_each_once(
    book: Ledger, a_follow_up: Make, sender: Sender, monday: datetime
) -> None:
    promise(book, a_follow_up, sender, monday, 1)
    steps = [
        (monday + 2 * HOUR, []),
        (DUE - 4 * HOUR - timedelta(minutes=1), []),
        (DUE - 4 * HOUR, [OWNER]),
        (DUE - HOUR, []),
        (DUE, [OWNER]),
        (DUE + timedelta(minutes=1), [MANAGER]),
        (DUE + timedelta(days=30), []),
    ]
    for now, expected in steps:
        assert kinds(remind(book, office(sender, now))) == expected, now
        assert kinds(remind(book, office(sender, now))) == [], now
    events = [one["event"] for one in ledger.events_after(book, 0)]
    assert events == ["assigned", "reminded", "reminded", "escalated"]
    assert {one["details"]["status"] for one in ledger.events_after(book, 0)} == {"assigned"}


def test_a_run_that_comes_late_says_it_once_to_each(
    book: Ledger, a_follow_up: Make, sender: Sender, monday: datetime
) -> None:
    promise(book, a_follow_up, sender, monday, 1, 2, 3)
    told = remind(book, office(sender, DUE + timedelta(days=400)))
    assert kinds(told) == [OWNER, MANAGER]
    assert [len(letter.assignment_keys) for letter in told.letters] == [3, 3]


def test_the_rules_hours_count(book: Ledger, a_follow_up: Make, sender: Sender, monday: datetime) -> None:
    promise(book, a_follow_up, sender, monday, 1)
    rules = {"remind_before_hours": 0.5, "escalate_after_hours": 2}
    assert kinds(remind(book, office(sender, DUE - HOUR, **rules))) == []
    assert kinds(remind(book, office(sender, DUE - HOUR / 2, **rules))) == [OWNER]
    assert kinds(remind(book, office(sender, DUE + HOUR, **rules))) == [OWNER]
    assert kinds(remind(book, office(sender, DUE + 2 * HOUR, **rules))) == [MANAGER]


@pytest.mark.parametrize("event", ["contacted", "waiting", "declined", "resolved"])
def test_nobody_is_reminded_of_what_is_done_or_waits(
    book: Ledger, a_follow_up: Make, sender: Sender, monday: datetime, event: str
) -> None:
    promise(book, a_follow_up, sender, monday, 1)
    ledger.record_event(book, f"{1:032x}", event, "anna", monday + HOUR, root_cause_id="late")
    assert kinds(remind(book, office(sender, DUE + HOUR))) == []


def test_the_clock_stands_still_while_one_waits_for_the_customer(
    book: Ledger, a_follow_up: Make, sender: Sender, monday: datetime
) -> None:
    promise(book, a_follow_up, sender, monday, 1)
    key = f"{1:032x}"
    ledger.record_event(book, key, "waiting", "anna", monday + HOUR)
    ledger.record_event(book, key, "resumed", "anna", monday + 11 * HOUR)
    assert kinds(remind(book, office(sender, DUE + 5 * HOUR))) == []
    assert kinds(remind(book, office(sender, DUE + 6 * HOUR))) == [
        OWNER
    ]  # four hours before the moved deadline
    told = remind(book, office(sender, DUE + 10 * HOUR))
    assert kinds(told) == [OWNER]


def test_a_new_owner_and_a_new_life_begin_anew(
    book: Ledger, a_follow_up: Make, sender: Sender, monday: datetime
) -> None:
    promise(book, a_follow_up, sender, monday, 1)
    key, late = f"{1:032x}", DUE + HOUR
    assert kinds(remind(book, office(sender, late))) == [OWNER, MANAGER]
    ledger.record_event(book, key, "reassigned", "anna", late, to_owner="bob", to_team="shop-floor")
    assert (
        kinds(remind(book, office(sender, late))) == []
    )  # the letter that handed it over is an hour old at most
    assert kinds(remind(book, office(sender, late + 2 * HOUR))) == [("reminder", "bob@acme.example")]
    ledger.record_event(book, key, "resolved", "bob", late + 3 * HOUR, root_cause_id="late")
    ledger.record_event(book, key, "reopened", "bob", late + 4 * HOUR)
    told = remind(book, office(sender, late + 6 * HOUR))
    assert kinds(told) == [("reminder", "bob@acme.example"), MANAGER]


def test_a_reminder_stands_in_the_thread_of_its_letter_and_in_the_readers_language(
    book: Ledger,
    a_follow_up: Make,
    sender: Sender,
    monday: datetime,
    read_letter: Callable[[bytes], EmailMessage],
) -> None:
    first = promise(book, a_follow_up, sender, monday, 1)
    message = read_letter(remind(book, office(sender, DUE)).letters[0].body)
    assert message["References"] == message["In-Reply-To"] == first
    assert message["X-Heardback-Kind"] == "reminder"
    assert message["Subject"] == "Jetzt fällig: NPS 2 von 10: Maria López, Checkout"
    assert message.get_all("X-Heardback-Assignment") is None


def test_a_manager_sees_whose_it_is_and_nothing_to_press(
    book: Ledger,
    a_follow_up: Make,
    sender: Sender,
    monday: datetime,
    read_letter: Callable[[bytes], EmailMessage],
) -> None:
    promise(book, a_follow_up, sender, monday, 1)
    message = read_letter(remind(book, office(sender, DUE + HOUR)).letters[1].body)
    part = message.get_body(("plain",))
    assert part is not None
    text = str(part.get_content())
    assert "Owner: Anna" in text
    assert "heardback event" not in text
    assert "Why you" not in text
    assert "I waited 40 minutes." in text


def test_quiet_hours_hold_reminders_too(
    book: Ledger, a_follow_up: Make, sender: Sender, monday: datetime
) -> None:
    promise(book, a_follow_up, sender, monday, 1)
    told = remind(book, office(sender, DUE, quiet_hours="21:00-07:00"))  # 04:00 by the team's clock
    assert told.letters[0].not_before == DUE + 3 * HOUR


def test_where_nobody_leads_it_is_said(
    book: Ledger, a_follow_up: Make, sender: Sender, monday: datetime
) -> None:
    promise(book, a_follow_up, sender, monday, 1)
    told = remind(book, office(sender, DUE + HOUR, Staff(OWNERS, {"shop-floor": {}})))  # type: ignore[arg-type]
    assert kinds(told) == [OWNER]
    assert "manager_email" in told.faults[0]


def test_killed_between_letter_and_event_neither_stands(
    book: Ledger, a_follow_up: Make, sender: Sender, monday: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The event and its letter are one transaction: what breaks before its end leaves nothing behind."""
    promise(book, a_follow_up, sender, monday, 1)
    work = office(sender, DUE + HOUR)
    due = list(open_deadlines(book, work.now))

    def die(*_: Any) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patched:
        patched.setattr("flows.ledger.queue_letter", die)
        with pytest.raises(KeyboardInterrupt):
            remind_owner(book, due, work, {})
        with pytest.raises(KeyboardInterrupt):
            escalate(book, {due[0].key: due[0].due_at}, "late", work)
    assert [one["event"] for one in ledger.events_after(book, 0)] == ["assigned"]
    assert kinds(remind(book, work)) == [OWNER, MANAGER]
