"""Assignments: promised once, under a key made of what they are about, with the letter that says so."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, func, insert, select

from flows.ledger.opening import Ledger
from flows.ledger.outbox import queue_letter
from flows.ledger.states import OPEN
from flows.ledger.tables import assignments, events
from flows.records import Letter, Promise

# What the event 'assigned' tells dbt, and nothing personal: names, addresses and comments stay in `facts`.
DETAILS = (
    "source_name",
    "survey_id",
    "response_id",
    "response_key",
    "customer_id",
    "journey_id",
    "touchpoint_id",
    "score_class",
    "received_at",
    "tell_customer",
    "calendar_id",
    "timezone",
)


def promise(
    ledger: Ledger,
    promises: list[Promise],
    compose: Callable[[list[Promise]], Letter],
    at: datetime,
    to_customers: Callable[[list[Promise]], Iterable[Letter]] = lambda new: (),
) -> Letter | None:
    """Promise what is not promised yet, with its 'assigned' events and one letter, all in one transaction.

    `compose` is handed the new promises of this one owner and gives their letter; `to_customers` gives those
    that tell customers of it. Returns the owner's letter, or None when every promise stood there already
    (then nothing was written). Times aware.
    """
    with ledger.writing() as connection:
        new = _not_yet_promised(connection, promises)
        if not new:
            return None
        letter = compose(new)
        connection.execute(insert(assignments), [_assignment(one, at) for one in new])
        connection.execute(insert(events), [_assigned(one, at) for one in new])
        queue_letter(connection, letter, at)
        for one in to_customers(new):
            queue_letter(connection, one, at)
        return letter


def promised_keys(ledger: Ledger) -> set[str]:
    """Give the keys of everything ever promised."""
    with ledger.reading() as connection:
        return set(connection.execute(select(assignments.c.assignment_key)).scalars())


def find_assignment(ledger: Ledger, key: str) -> dict[str, Any] | None:
    """Look up one assignment with its present state, or None."""
    with ledger.reading() as connection:
        row = (
            connection.execute(select(assignments).where(assignments.c.assignment_key == key))
            .mappings()
            .first()
        )
        return dict(row) if row else None


def follow_up_counts(ledger: Ledger, now: datetime) -> dict[str, int]:
    """Count follow-ups: `open`, `late` (open, due, not contacted) and deadlines `kept` of those `decided`."""
    contacted = (
        select(events.c.assignment_key, func.min(events.c.at).label("contacted_at"))
        .where(events.c.event == "contacted")
        .group_by(events.c.assignment_key)
        .subquery()
    )
    query = select(assignments.c.status, assignments.c.due_at, contacted.c.contacted_at).join(
        contacted, contacted.c.assignment_key == assignments.c.assignment_key, isouter=True
    )
    counts = {"open": 0, "late": 0, "kept": 0, "decided": 0}
    with ledger.reading() as connection:
        for status, due_at, contacted_at in connection.execute(
            query.where(assignments.c.status != "withdrawn", assignments.c.kind != "quick_fix")
        ):
            is_open, is_due = status in OPEN, due_at is not None and due_at < now
            counts["open"] += is_open
            counts["late"] += is_open and is_due and contacted_at is None
            counts["kept"] += bool(contacted_at and due_at and contacted_at <= due_at)
            counts["decided"] += bool(due_at and (contacted_at or is_due))
    return counts


def _not_yet_promised(connection: Connection, promises: list[Promise]) -> list[Promise]:
    unique = {one.assignment_key: one for one in promises}
    keys = list(unique)
    query = select(assignments.c.assignment_key).where(assignments.c.assignment_key.in_(keys))
    standing = set(connection.execute(query).scalars())
    return [one for key, one in unique.items() if key not in standing]


def _assignment(one: Promise, at: datetime) -> dict[str, Any]:
    return {
        "assignment_key": one.assignment_key,
        "kind": one.kind,
        "subject_key": one.subject_key,
        "owner_id": one.owner_id,
        "team_id": one.team_id,
        "rule_id": one.rule_id,
        "due_at": one.due_at,
        "status": "assigned",
        "created_at": at,
        "build_id": one.build_id,
        "facts": one.facts,
        "customer_id": one.facts.get("customer_id"),
    }


def _assigned(one: Promise, at: datetime) -> dict[str, Any]:
    details = {name: one.facts.get(name) for name in DETAILS}
    details |= {"kind": one.kind, "rule_id": one.rule_id, "team_id": one.team_id, "owner_id": one.owner_id}
    details |= {"due_at": one.due_at, "build_id": one.build_id, "status": "assigned"}
    return {
        "assignment_key": one.assignment_key,
        "event": "assigned",
        "at": at,
        "actor": "heardback",
        "details": details,
    }
