"""Sending what waits over several connections; each letter is noted before its connection takes the next.

Only this thread touches the ledger; every door has a thread that does nothing but send. Half of the doors are
noted at a time, so that one commit serves several letters while the other half keeps the mail server at work.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from flows import ledger
from flows.ledger import Ledger, Noted, Waiting
from flows.mail.couriers import Couriers
from flows.mail.doors import Door, Outcome
from flows.mail.quiet import quiet_until

BATCH = 40
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
    doors: Sequence[Door],
    now: datetime,
    advance: Callable[[], object] = int,
    kinds: Collection[str] = (),
) -> Sent:
    """Send every letter (of some kinds, or all) that may go out now, oldest first, each door one at a time.

    A door that is down takes no more; when all are, what was not tried waits on. Letters refused for good are
    `failed`, those refused for now stay queued for the next run. `advance` is called after each letter.
    """
    counts, claims = Sent(), _Claims(book, now, kinds)
    free, reasons = list(reversed(doors)), list[str]()
    with Couriers(doors) as couriers:
        while True:
            while free and (letter := claims.next(counts)):
                couriers.hand(free.pop(), letter)
            if not couriers.away:
                break
            back = couriers.returned()
            noted = [_judged(outcome, letter, counts) for _, letter, outcome in back]
            ledger.note_letters(book, noted, now)
            claims.tried |= {one.message_id for one in noted if one.status == "queued"}
            free += [door for door, _, outcome in back if outcome.result != "down"]
            reasons += [outcome.reason for _, _, outcome in back if outcome.result == "down"]
            for _ in back:
                advance()
    claims.release()
    if len(reasons) == len(doors):
        counts.down = reasons[0]
    else:
        counts.postponed += [f"A letter waits for the next run; a connection ended: {why}" for why in reasons]
    return counts


class _Claims:
    """Give letter after letter, claimed some at a time; those to customers only where they may still go."""

    def __init__(self, book: Ledger, now: datetime, kinds: Collection[str]) -> None:
        self._book, self._now, self._kinds = book, now, kinds
        self._waiting: deque[Waiting] = deque()
        self.tried: set[str] = set()  # what waits for the next run

    def next(self, counts: Sent) -> Waiting | None:
        while True:
            if not self._waiting:
                claimed = ledger.claim_letters(self._book, self._now, BATCH, self.tried, self._kinds)
                self._waiting.extend(claimed)
            if not self._waiting:
                return None
            letter = self._waiting.popleft()
            why = ledger.why_untold(self._book, letter.message_id) if letter.kind == "customer" else ""
            if not why:
                return letter
            ledger.mark_failed(self._book, letter.message_id, f"withheld: {why}")
            counts.withheld += 1

    def release(self) -> None:
        ledger.release_letters(self._book, [letter.message_id for letter in self._waiting])
        self._waiting.clear()


def _judged(outcome: Outcome, letter: Waiting, counts: Sent) -> Noted:
    """Count an outcome, and say what the ledger is to note of it."""
    if outcome.result == "sent":
        counts.sent += 1
        return Noted(letter.message_id, "sent", tells=letter.kind == "customer")
    if outcome.result == "refused" or (outcome.result == "later" and letter.attempts >= MOST_ATTEMPTS):
        counts.refused.append(f"The letter {letter.message_id} was refused for good: {outcome.reason}.")
        return Noted(letter.message_id, "failed", outcome.reason)
    if outcome.result == "later":
        counts.postponed.append(f"The letter {letter.message_id} waits for the next run: {outcome.reason}.")
    return Noted(letter.message_id, "queued", outcome.reason)
