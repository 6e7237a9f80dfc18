"""Which letter an answer belongs to, and what becomes of a letter that came back."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

from sqlalchemy import Connection, select, update

from flows.ledger.opening import Ledger
from flows.ledger.tables import assignments, letters


@dataclass(frozen=True, slots=True)
class Sent:
    """Name a letter that an answer belongs to: its kind, whom it went to, the follow-ups in it."""

    message_id: str
    kind: str
    recipient: str
    assignment_keys: tuple[str, ...]


def letters_answered(ledger: Ledger, message_ids: Collection[str]) -> list[Sent]:
    """Give our letters among these Message-IDs, in the order given (most are other people's)."""
    wanted = list(dict.fromkeys(message_ids))[:200]
    query = select(
        letters.c.message_id, letters.c.kind, letters.c.recipient, letters.c.assignment_keys
    ).where(letters.c.message_id.in_(wanted))
    with ledger.reading() as connection:
        found = {row[0]: Sent(row[0], row[1], row[2], tuple(row[3])) for row in connection.execute(query)}
    return [found[one] for one in wanted if one in found]


def letters_told(ledger: Ledger, message_ids: Collection[str]) -> dict[str, tuple[tuple[str, ...], str, str]]:
    """Give of letters the follow-ups in them, their owner (of the first; else empty), and the subject."""
    query = select(letters.c.message_id, letters.c.assignment_keys, letters.c.subject)
    owners = select(assignments.c.assignment_key, assignments.c.owner_id)
    wanted = set(message_ids)
    with ledger.reading() as connection:
        found = [row for row in connection.execute(query) if row[0] in wanted]
        owner = {row.assignment_key: row.owner_id for row in connection.execute(owners)}
    return {
        identity: (tuple(keys), owner.get(keys[0], "") if keys else "", subject)
        for identity, keys, subject in found
    }


def assignment_letters(ledger: Ledger, kind: str = "assignment") -> dict[str, str]:
    """Give for each follow-up the Message-ID of the newest letter of a kind that it stands in."""
    query = select(letters.c.message_id, letters.c.assignment_keys).where(letters.c.kind == kind)
    with ledger.reading() as connection:
        rows = connection.execute(query.order_by(letters.c.queued_at, letters.c.message_id))
        return {key: message_id for message_id, keys in rows for key in keys}


def mark_returned(connection: Connection, message_id: str, reason: str) -> bool:
    """Note that a letter came back; False when that was noted before."""
    statement = (
        update(letters)
        .where(letters.c.message_id == message_id, letters.c.status != "failed")
        .values(status="failed", error=f"came back: {reason or 'no reason given'}")
    )
    return connection.execute(statement).rowcount > 0
