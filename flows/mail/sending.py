"""Sending what waits: each letter is noted durably as sent before the next one goes out."""

from __future__ import annotations

from collections.abc import Callable, Collection
from dataclasses import dataclass, field
from datetime import datetime

from flows import ledger
from flows.ledger import Ledger, Waiting
from flows.mail.doors import Door
from flows.mail.quiet import quiet_until

BATCH = 10
MOST_ATTEMPTS = 50  # an address that is "not now" for so many runs will not be one tomorrow


@dataclass(slots=True)
class Sent:
    """Count what became of the letters; `refused` and `postponed` hold a sentence each, `down` the reason.

    `withheld` counts letters to customers who may not, or need not, be written to any more.
    """

    sent: int = 0
    withheld: int = 0
    refused: list[str] = field(default_factory=list)
    postponed: list[str] = field(default_factory=list)
    down: str = ""


def hold_quiet(book: Ledger, quiet_hours: str, now: datetime) -> int:
    """Keep back the letters whose recipients have quiet hours now; returns how many."""
    held = 0
    for message_id, zone in ledger.due_letters_with_zone(book, now) if quiet_hours else []:
        ends = quiet_until(quiet_hours, zone, now)
        if ends is not None:
            ledger.hold_letter(book, message_id, ends)
            held += 1
    return held


def send_waiting(
    book: Ledger,
    door: Door,
    now: datetime,
    advance: Callable[[], object] = int,
    kinds: Collection[str] = (),
) -> Sent:
    """Send every letter (of some kinds, or all) that may go out now, oldest first, over one door.

    Stops when the door is down: what was not tried waits on. Letters refused for good are `failed`, those
    refused for now stay queued for the next run. `advance` is called after each letter.
    """
    counts, tried = Sent(), set[str]()
    while not counts.down:
        batch = ledger.claim_letters(book, now, BATCH, tried, kinds)
        if not batch:
            break
        tried |= {letter.message_id for letter in batch}
        for place, letter in enumerate(batch):
            _send(book, door, letter, now, counts)
            if counts.down:
                ledger.release_letters(book, [one.message_id for one in batch[place + 1 :]])
                break
            advance()
    return counts


def _send(book: Ledger, door: Door, letter: Waiting, now: datetime, counts: Sent) -> None:
    is_to_customer = letter.kind == "customer"
    if is_to_customer and (why := ledger.why_untold(book, letter.message_id)):
        ledger.mark_failed(book, letter.message_id, f"withheld: {why}")
        counts.withheld += 1
        return
    outcome = door.send(letter.message_id, letter.recipient, letter.body)
    if outcome.result == "sent":
        (ledger.mark_told if is_to_customer else ledger.mark_sent)(book, letter.message_id, now)
        counts.sent += 1
    elif outcome.result == "refused" or (outcome.result == "later" and letter.attempts >= MOST_ATTEMPTS):
        ledger.mark_failed(book, letter.message_id, outcome.reason)
        counts.refused.append(f"The letter {letter.message_id} was refused for good: {outcome.reason}.")
    else:
        ledger.mark_later(book, letter.message_id, outcome.reason)
        if outcome.result == "later":
            counts.postponed.append(
                f"The letter {letter.message_id} waits for the next run: {outcome.reason}."
            )
        else:
            counts.down = outcome.reason
