"""What owners did: written once, together with the state it leads to.

Each event carries the state it led to in `details.status`, so nobody downstream needs the rules again.
"""

from __future__ import annotations

import difflib
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection, func, insert, select, update

from flows.ledger.opening import Ledger
from flows.ledger.states import (
    Said,
    UnknownAssignment,
    closes_now,
    next_status,
    require_complete,
    since_reopened,
    twin,
)
from flows.ledger.tables import assignments, events

HEARDBACK = "heardback"


@dataclass(frozen=True, slots=True)
class Recorded:
    """Say what became of an event: `is_new` is False when it stood there already (a double click)."""

    assignment_key: str
    event: str
    status: str
    is_new: bool
    at: datetime
    actor: str
    event_id: int


def record_event(
    ledger: Ledger,
    key: str,
    event: str,
    actor: str,
    at: datetime,
    note: str | None = None,
    root_cause_id: str | None = None,
    to_owner: str | None = None,
    to_team: str | None = None,
) -> Recorded:
    """Write one event and the state it leads to, in one transaction; a double click writes no second row.

    `resolved` needs a root cause, `reassigned` a `to_owner`. `resolved` also closes when the customer need
    not be told or was told; `told` closes what is resolved. Raises UnknownAssignment or EventRefused.
    """
    with ledger.writing() as connection:
        return write_event(connection, Said(key, event, actor, at, note, root_cause_id, to_owner, to_team))


def write_event(connection: Connection, said: Said) -> Recorded:
    """Do what `record_event` does within a transaction of the caller's (so that a letter can go with it)."""
    said = replace(said, note=_clean(said.note))
    assignment = _assignment(connection, said.assignment_key)
    require_complete(said)
    history = _history(connection, said.assignment_key)
    life = since_reopened(history)
    double = _told_before(history, said) or twin(assignment, life, said)
    if double is not None:
        key, status = said.assignment_key, assignment["status"]
        return Recorded(key, said.event, status, False, double["at"], double["actor"], double["event_id"])
    status = next_status(assignment, life, said.event)
    details, changes = _consequences(assignment, said, status)
    event_id = _append(connection, said, details)
    _change(connection, said.assignment_key, changes)
    because = closes_now(assignment, life, said.event, status)
    if because:
        status = "closed"
        _close(connection, said.assignment_key, said.at, because)
    return Recorded(said.assignment_key, said.event, status, True, said.at, said.actor, event_id)


def after_handover(facts: dict[str, Any]) -> dict[str, Any]:
    """Give facts that count one hand-over more: links made before it open nothing any more."""
    return {**facts, "handovers": int(facts.get("handovers") or 0) + 1}


def close_due(ledger: Ledger, now: datetime, days: int) -> list[str]:
    """Close what was resolved at least `days` days ago and is resolved still; returns the keys closed."""
    resolved_at = (
        select(events.c.assignment_key, func.max(events.c.at).label("resolved_at"))
        .where(events.c.event == "resolved")
        .group_by(events.c.assignment_key)
        .subquery()
    )
    query = (
        select(assignments.c.assignment_key)
        .join(resolved_at, resolved_at.c.assignment_key == assignments.c.assignment_key)
        .where(assignments.c.status == "resolved", resolved_at.c.resolved_at <= now - timedelta(days=days))
        .order_by(assignments.c.assignment_key)
    )
    with ledger.reading() as connection:  # most of the time there is nothing to close, and so nothing to lock
        if connection.execute(query.limit(1)).first() is None:
            return []
    with ledger.writing() as connection:
        keys = list(connection.execute(query).scalars())
        for key in keys:
            _close(connection, key, now, f"{days} days after resolved")
    return keys


def last_event_id(ledger: Ledger) -> int:
    """Give the number of the newest event, 0 when there is none."""
    with ledger.reading() as connection:
        return connection.execute(select(func.max(events.c.event_id))).scalar() or 0


def events_after(ledger: Ledger, event_id: int) -> Iterator[dict[str, Any]]:
    """Give every event with a greater number, in order: event_id .. details (a dict), `at` aware UTC."""
    query = select(events).where(events.c.event_id > event_id).order_by(events.c.event_id)
    with ledger.reading() as connection:
        for row in connection.execution_options(yield_per=1000).execute(query).mappings():
            yield dict(row)


def _assignment(connection: Connection, key: str) -> dict[str, Any]:
    query = select(assignments).where(assignments.c.assignment_key == key)
    row = connection.execute(query).mappings().first()
    if row is None:
        raise UnknownAssignment(f"The ledger holds no follow-up '{_clean(key)}'.{_nearest(connection, key)}")
    return dict(row)


def _nearest(connection: Connection, key: str) -> str:
    """Look among the newest 5,000 keys: more would take longer than the person wants to wait."""
    query = select(assignments.c.assignment_key).order_by(assignments.c.created_at.desc()).limit(5000)
    known = list(connection.execute(query).scalars())
    if not known:
        return " Nothing was assigned yet."
    beginning = [one for one in known if key and one.startswith(key)]
    near = beginning[:1] or difflib.get_close_matches(key, known, n=1, cutoff=0.6)
    return f" Did you mean '{near[0]}'?" if near else " Copy the key from the letter."


def _history(connection: Connection, key: str) -> list[dict[str, Any]]:
    query = select(events).where(events.c.assignment_key == key).order_by(events.c.event_id)
    return [dict(row) for row in connection.execute(query).mappings()]


def _told_before(history: list[dict[str, Any]], said: Said) -> dict[str, Any] | None:
    """Find the event that the same answer told when it was read before."""
    same = (row for row in history if row["event"] == said.event)
    return next((row for row in same if said.reply and row["details"].get("reply") == said.reply), None)


def _consequences(
    assignment: dict[str, Any], said: Said, status: str
) -> tuple[dict[str, Any], dict[str, Any]]:
    """Give what the event's details say and what changes in the assignment."""
    more = {**(said.more or {}), **({"reply": said.reply} if said.reply else {})}
    if said.event != "reassigned":
        raised = {"raised_to": said.raised_to} if said.raised_to else {}
        return {**more, **raised, "status": status}, {"status": status}
    taken = {"status": status, "owner_id": said.to_owner, "team_id": said.to_team or assignment["team_id"]}
    facts = said.new_facts or after_handover(assignment["facts"])
    return {**taken, "from_owner_id": assignment["owner_id"]}, {**taken, "facts": facts}


def _close(connection: Connection, key: str, at: datetime, because: str) -> None:
    _append(connection, Said(key, "closed", HEARDBACK, at), {"status": "closed", "because": because})
    _change(connection, key, {"status": "closed"})


def _change(connection: Connection, key: str, changes: dict[str, Any]) -> None:
    connection.execute(update(assignments).where(assignments.c.assignment_key == key).values(changes))


def _append(connection: Connection, said: Said, details: dict[str, Any]) -> int:
    row = {
        "assignment_key": said.assignment_key,
        "event": said.event,
        "at": said.at,
        "actor": said.actor,
        "note": said.note,
        "root_cause_id": said.root_cause_id,
        "details": details,
    }
    numbered = connection.execute(insert(events).values(row)).inserted_primary_key
    return int(numbered[0]) if numbered else 0


def _clean(text: str | None) -> str | None:
    """Drop what databases refuse: NUL and halves of surrogate pairs."""
    if text is None:
        return None
    return text.replace("\x00", "").encode("utf-8", "replace").decode("utf-8")
