"""A process to be killed: promises follow-ups of many owners, then sends their letters."""

from __future__ import annotations

import sys
from datetime import UTC, datetime
from pathlib import Path

from flows import ledger
from flows.mail.letters import assignment_letter
from flows.mail.message import Sender
from flows.mail.outbox import open_door
from flows.mail.sending import send_waiting
from flows.records import Letter, Promise

NOW = datetime(2026, 5, 4, 9, tzinfo=UTC)
SENDER = Sender("feedback@acme.example", "", "Acme")


def follow_up(owner: int, number: int) -> Promise:
    """Make one promise; the key says whose and which."""
    key, name = f"key-{owner}-{number}", f"owner-{owner}"
    facts = {
        "follow_up_key": key,
        "owner": {"id": name, "email": f"{name}@acme.example"},
        "comments": [{"text": "Nobody said sorry."}],
        "answers": [],
    }
    return Promise(key, "recover", key, name, "team", "rule", NOW, "build", facts)


def compose(new: list[Promise]) -> Letter:
    """Write the letter of one owner."""
    return assignment_letter([one.facts for one in new], SENDER, NOW)


def main(url: str, smtp_url: str, folder: str, owners: int) -> None:
    """Do both steps; whatever an earlier process did is taken up where it was left."""
    with ledger.open_ledger(url) as book:
        print("at work", flush=True)
        for owner in range(owners):
            ledger.promise(book, [follow_up(owner, number) for number in range(3)], compose, NOW)
        ledger.requeue_abandoned(book)
        door = open_door(smtp_url, SENDER.address, Path(folder))
        send_waiting(book, door, NOW)
        door.close()
    print("done", flush=True)


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2], sys.argv[3], int(sys.argv[4]))
