"""A process to be killed: promises, reminders, escalations and digests of many owners, and their letters.

It begins anywhere in its round and sends after every part, so that a kill may meet any of them; whatever an
earlier process did is taken up where it was left.
"""

from __future__ import annotations

import sys
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

from flows import ledger
from flows.ledger import Ledger
from flows.mail.customers import customer_letter
from flows.mail.digests import Week, digest_letter
from flows.mail.escalating import AT, Due, Office, Rules, escalate, remind_owner
from flows.mail.letters import assignment_letter
from flows.mail.links import Links
from flows.mail.message import Sender
from flows.mail.outbox import open_door
from flows.mail.sending import send_waiting
from flows.records import Letter, Promise

NOW = datetime(2026, 5, 4, 9, tzinfo=UTC)
LATER = NOW + timedelta(hours=3)
SENDER = Sender("feedback@acme.example", "", "Acme", links=Links(["a key of the tests"]))
FOLLOW_UPS = 3
QUIET = {"new_count": 0, "late_count": 0, "closed_count": 0, "kept_count": 0, "decided_count": 0}
TOLD: dict[str, Any] = {"figures": QUIET, "late": [], "comments": [], "changes": [], "trends": []}
WEEK = Week("team", "Team", date(2026, 4, 27), date(2026, 5, 3), {**TOLD, "quick_fixes": []})


def follow_up(owner: int, number: int) -> Promise:
    """Make one promise; the key says whose and which. The first of an owner tells its customer."""
    key, name = f"key-{owner}-{number}", f"owner-{owner}"
    facts = {
        "follow_up_key": key,
        "customer_id": key,
        "customer": {"id": key, "email": f"{key}@example.com"},
        "owner": {"id": name, "email": f"{name}@acme.example"},
        "comments": [{"text": "Nobody said sorry."}],
        "answers": [],
    }
    return Promise(key, "recover", key, name, "team", "rule", NOW, "build", facts)


def compose(new: list[Promise]) -> Letter:
    """Write the letter of one owner."""
    return assignment_letter([one.facts for one in new], SENDER, NOW)


def to_customers(new: list[Promise]) -> list[Letter]:
    """Write to the first customer of an owner."""
    return [customer_letter("received", new[0].facts, SENDER, NOW)]


def promise(book: Ledger, owners: int) -> None:
    """Promise what is not promised yet."""
    known = ledger.promised_keys(book)
    for owner in range(owners):
        if f"key-{owner}-0" not in known:
            mine = [follow_up(owner, number) for number in range(FOLLOW_UPS)]
            ledger.promise(book, mine, compose, NOW, to_customers)


def office() -> Office:
    """Let everybody be who they were, under one manager."""
    manager = {"email": "manager@acme.example", "name": "Mia", "team": "Team"}
    return Office(SENDER, Rules(), LATER, lambda facts: facts, lambda owner, team: manager)


def remind(book: Ledger, owners: int) -> None:
    """Remind each owner of what is due, once."""
    due: dict[str, list[Due]] = {}
    for row, history in ledger.not_reached(book):
        if not ledger.was_reminded(history, AT, row["owner_id"]):
            due.setdefault(row["owner_id"], []).append(Due(row["assignment_key"], row["owner_id"], NOW))
    for mine in due.values():
        remind_owner(book, mine, office(), {})


def tell_manager(book: Ledger, owners: int) -> None:
    """Tell the manager of all that is late, once."""
    late = {row["assignment_key"]: NOW for row, _ in ledger.not_reached(book)}
    escalate(book, late, "late", office())


def digests(book: Ledger, owners: int) -> None:
    """Write the week to one owner in ten."""
    for owner in range(0, owners, 10):
        person = {"id": f"owner-{owner}", "name": "Anna", "email": f"owner-{owner}@acme.example"}
        letter = digest_letter(WEEK, person, SENDER, LATER)
        with book.writing() as connection:
            if not ledger.letter_exists(connection, letter.message_id):
                ledger.queue_letter(connection, letter, LATER)


ROUND: list[Callable[[Ledger, int], None]] = [promise, remind, tell_manager, digests]


def main(url: str, smtp_url: str, folder: str, owners: int, first: int) -> None:
    """Go round once, beginning with one of the parts (-1: with sending)."""
    with ledger.open_ledger(url) as book:
        print("at work", flush=True)
        ledger.requeue_abandoned(book)
        doors = [open_door(smtp_url, SENDER.address, Path(folder)) for _ in range(4 if smtp_url else 1)]
        if first < 0:
            send_waiting(book, doors, LATER)
        for part in ROUND[max(first, 0) :] + ROUND[: max(first, 0)]:
            part(book, owners)
            send_waiting(book, doors, LATER)
        for door in doors:
            door.close()
    print("done", flush=True)


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2], sys.argv[3], int(sys.argv[4]), int(sys.argv[5]))
