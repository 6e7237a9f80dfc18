"""What the owners of Hazel & Thrush answer between the days: most in the morning, one team late."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from demo.story import DAY_ONE
from flows import ledger

LATE_TEAM = "service"
CAUSES = {
    "transport": ("carrier", "carrier", "packaging", "carrier"),
    "web": ("stock_wrong", "one_off"),
    "shops": ("staffing", "staffing", "knowledge"),
    "friends": ("one_off",),
}
NOTES = {
    "transport": "Apologised; the carrier comes again on Friday, this time with two people.",
    "web": "Called back, found the right one in another shop and put it aside.",
    "shops": "Invited for a coffee and a quiet hour with the chairs.",
    "service": "Explained why it took so long; the refund is on its way.",
    "friends": "Wrote two lines by hand.",
}


@dataclass(frozen=True, slots=True)
class Reply:
    """Hold one thing that an owner does with one follow-up."""

    key: str
    event: str
    actor: str
    at: datetime
    note: str | None = None
    root_cause_id: str | None = None


def assigned(book: ledger.Ledger) -> list[dict[str, Any]]:
    """List what was promised to owners so far, the most urgent of each owner first."""
    found = []
    for event in ledger.events_after(book, 0):
        if event["event"] == "assigned":
            details = event["details"]
            facts = json.loads(details) if isinstance(details, str) else details
            found.append({**facts, "key": event["assignment_key"]})
    return sorted(found, key=lambda one: (str(one["owner_id"]), str(one["due_at"]), one["key"]))


def replies(follow_ups: list[dict[str, Any]]) -> Iterator[Reply]:
    """Let everybody work through their letters; the late team begins in the evening and does not get far."""
    turns: dict[str, int] = defaultdict(int)
    for one in follow_ups:
        owner, team, key = one["owner_id"], one["team_id"], one["key"]
        turn = turns[owner]
        turns[owner] += 1
        if team == LATE_TEAM:
            yield from _late(key, owner, turn)
        else:
            yield from _prompt(key, owner, team, turn, one["kind"])


def _prompt(key: str, owner: str, team: str, turn: int, kind: str) -> Iterator[Reply]:
    """Begin at half past eight; every fourth customer does not pick up the first time."""
    begins = DAY_ONE + timedelta(minutes=90 + 9 * turn)
    yield Reply(key, "acknowledged", owner, begins - timedelta(minutes=20))
    if turn % 4 == 3:
        yield Reply(key, "attempted", owner, begins)
        begins += timedelta(hours=3)
    yield Reply(key, "contacted", owner, begins + timedelta(minutes=4), NOTES[team])
    if kind == "thank":
        yield Reply(key, "told", owner, begins + timedelta(minutes=5))
    elif turn % 3 != 2:
        cause = CAUSES[team][turn % len(CAUSES[team])]
        yield Reply(key, "resolved", owner, begins + timedelta(hours=4), root_cause_id=cause)
        yield Reply(key, "told", owner, begins + timedelta(hours=4, minutes=2))


def _late(key: str, owner: str, turn: int) -> Iterator[Reply]:
    """Open the letter in the evening, call the first customer, leave the rest for another day."""
    evening = DAY_ONE + timedelta(hours=11, minutes=30 + 12 * turn)
    if turn < 3:
        yield Reply(key, "acknowledged", owner, evening)
    if turn == 0:
        yield Reply(key, "contacted", owner, evening + timedelta(minutes=8), NOTES[LATE_TEAM])


def answer(book: ledger.Ledger) -> int:
    """Write all replies into the ledger in the order of their times, and give their number."""
    said = sorted(replies(assigned(book)), key=lambda reply: reply.at)
    for reply in said:
        ledger.record_event(
            book, reply.key, reply.event, reply.actor, reply.at, reply.note, reply.root_cause_id
        )
    return len(said)
