"""What the desk looks at: a follow-up with its history, an owner's, a team's, a customer's follow-ups."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from typing import Any

from sqlalchemy import ColumnElement, Connection, func, select

from flows.ledger.opening import Ledger
from flows.ledger.states import OPEN
from flows.ledger.tables import assignments, events, letters

Row = dict[str, Any]


def history_of(ledger: Ledger, keys: Collection[str]) -> dict[str, list[Row]]:
    """Give the events of follow-ups by key, each in the order they happened."""
    query = select(events).where(events.c.assignment_key.in_(list(keys))).order_by(events.c.event_id)
    found: dict[str, list[Row]] = {key: [] for key in keys}
    if keys:
        with ledger.reading() as connection:
            for row in connection.execute(query).mappings():
                found[row["assignment_key"]].append(dict(row))
    return found


def last_event_of(connection: Connection, key: str) -> int:
    """Give the number of a follow-up's newest event, within a transaction of the caller's; 0 without any."""
    query = select(func.max(events.c.event_id)).where(events.c.assignment_key == key)
    return connection.execute(query).scalar() or 0


def assignment_within(connection: Connection, key: str) -> Row | None:
    """Look up one assignment within a transaction of the caller's, or None."""
    query = select(assignments).where(assignments.c.assignment_key == key)
    row = connection.execute(query).mappings().first()
    return dict(row) if row else None


def open_of_owner(ledger: Ledger, owner_id: str, limit: int) -> list[Row]:
    """List an owner's open follow-ups, due first first."""
    return _listed(ledger, [assignments.c.owner_id == owner_id, assignments.c.status.in_(OPEN)], limit)


def open_of_team(ledger: Ledger, team_id: str, limit: int) -> list[Row]:
    """List a team's open follow-ups, due first first."""
    return _listed(ledger, [assignments.c.team_id == team_id, assignments.c.status.in_(OPEN)], limit)


def others_of_customer(ledger: Ledger, customer_id: str, key: str, limit: int) -> list[Row]:
    """List the other follow-ups of a customer, newest first."""
    conditions = [assignments.c.customer_id == customer_id, assignments.c.assignment_key != key]
    query = select(assignments).where(*conditions).order_by(assignments.c.created_at.desc())
    return _rows(ledger, query.limit(limit))


def team_of(ledger: Ledger, owner_id: str) -> str | None:
    """Tell the team for which an owner was given a follow-up last."""
    query = select(assignments.c.team_id).where(assignments.c.owner_id == owner_id)
    with ledger.reading() as connection:
        return connection.execute(query.order_by(assignments.c.created_at.desc()).limit(1)).scalar()


def letter_exists(connection: Connection, message_id: str) -> bool:
    """Tell whether a letter of this Message-ID was ever queued, within a transaction of the caller's."""
    query = select(letters.c.message_id).where(letters.c.message_id == message_id)
    return connection.execute(query).first() is not None


def _listed(ledger: Ledger, conditions: Iterable[ColumnElement[bool]], limit: int) -> list[Row]:
    # Nulls sort first in one database and last in the other; what has no deadline comes last.
    order = (assignments.c.due_at.is_(None), assignments.c.due_at, assignments.c.assignment_key)
    return _rows(ledger, select(assignments).where(*conditions).order_by(*order).limit(limit))


def _rows(ledger: Ledger, query: Any) -> list[Row]:
    with ledger.reading() as connection:
        return [dict(row) for row in connection.execute(query).mappings()]
