"""Handing a follow-up over: the event, the facts as the new owner shall see them, and their letter."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any

from flows import ledger
from flows.ledger import Connection, EventRefused, Recorded, Said, UnknownAssignment
from flows.mail.cleaning import one_line
from flows.mail.letters import assignment_letter
from flows.mail.message import Sender
from flows.records import Letter

Row = Mapping[str, Any]


def hand_over(connection: Connection, said: Said, owner: Row, team: Row, sender: Sender) -> Recorded:
    """Write `reassigned` and queue the letter to the new owner, all within a transaction of the caller's.

    `owner` and `team` are the new one's rows. Raises EventRefused when it does not fit, or when nobody there
    can be written to.
    """
    assignment = ledger.assignment_within(connection, said.assignment_key)
    if assignment is None:
        raise UnknownAssignment(f"The ledger holds no follow-up '{one_line(said.assignment_key)}'.")
    told = handed_over(assignment["facts"], said.actor, said.note, said.to_owner or "", owner, team)
    done = ledger.write_event(connection, replace(said, to_team=told["team_id"], new_facts=told))
    if done.is_new:
        ledger.queue_letter(connection, _letter(told, sender, said.at, done.event_id), said.at)
    return done


def handed_over(
    facts: dict[str, Any], actor: str, note: str | None, to: str, owner: Row, team: Row
) -> dict[str, Any]:
    """Give the facts of a follow-up as its new owner shall see them: owner, team, and why it came to them."""
    zone = owner.get("timezone") or team.get("timezone") or facts.get("timezone")
    reason = f"handed over to you by {actor}" + (f": {one_line(note)}" if note else "")
    return {
        **ledger.after_handover(facts),
        "owner_id": to,
        "team_id": owner.get("team_id") or facts.get("team_id"),
        "timezone": zone,
        "reason": reason,
        "handed_over": {"by": actor, "note": one_line(note) if note else None},
        "owner": {
            "id": to,
            "name": owner.get("name"),
            "email": owner.get("email"),
            "language": owner.get("language") or team.get("language"),
            "timezone": zone,
        },
        "team": {
            name: team.get(f"team_{name}" if name == "id" else name) for name in ("id", "name", "email")
        },
    }


def _letter(facts: dict[str, Any], sender: Sender, now: datetime, event_id: int) -> Letter:
    try:
        return assignment_letter([facts], sender, now, f"event {event_id}")
    except ValueError as error:
        raise EventRefused(f"Nothing was handed over: {error}.") from None
