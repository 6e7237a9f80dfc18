"""The outbox: letters wait here from the transaction that promised them until a server has taken them.

queued -> sending -> sent | failed. A letter found in `sending` when nobody sends is one whose sender died: it
is queued again and goes out under the same Message-ID.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from sqlalchemy import Connection, bindparam, func, insert, or_, select, true, update

from flows.ledger.customers import tell_within
from flows.ledger.opening import Ledger
from flows.ledger.tables import assignments, letters
from flows.records import Letter


@dataclass(frozen=True, slots=True)
class Waiting:
    """Carry a letter about to be sent: `body` is the whole message, `attempts` counts this one too."""

    message_id: str
    kind: str
    recipient: str
    body: bytes
    attempts: int


@dataclass(frozen=True, slots=True)
class Noted:
    """Say what became of a letter: sent, failed (for good) or queued (again), why, if it tells a customer."""

    message_id: str
    status: Literal["sent", "failed", "queued"]
    error: str = ""
    tells: bool = False


# Made once: building them anew takes longer than the database does.
_MINE = update(letters).where(letters.c.message_id == bindparam("mine"))
_SENT = _MINE.values(status="sent", sent_at=bindparam("sent_at"), error=None)
_NOT_SENT = _MINE.values(status=bindparam("status"), error=bindparam("error"))


def queue_letter(connection: Connection, letter: Letter, at: datetime) -> None:
    """Put a letter into the outbox, within the transaction that made the promise it tells of."""
    row = {
        "message_id": letter.message_id,
        "kind": letter.kind,
        "assignment_keys": list(letter.assignment_keys),
        "recipient": letter.recipient,
        "subject": letter.subject,
        "body": letter.body,
        "not_before": letter.not_before,
        "status": "queued",
        "attempts": 0,
        "queued_at": at,
        "tells": letter.tells or None,
    }
    connection.execute(insert(letters), [row])


def requeue_abandoned(ledger: Ledger) -> int:
    """Queue again what a dead process left in `sending`; call it only while no other process sends."""
    with ledger.writing() as connection:
        statement = update(letters).where(letters.c.status == "sending").values(status="queued")
        return connection.execute(statement).rowcount


def claim_letters(
    ledger: Ledger,
    now: datetime,
    limit: int = 10,
    skip: Collection[str] = (),
    kinds: Collection[str] = (),
) -> list[Waiting]:
    """Take up to `limit` queued letters that may go out now, oldest first; they are `sending` from here on.

    `skip` names Message-IDs already tried in this run, `kinds` those wanted (empty: all). No two claims give
    the same letter.
    """
    with ledger.writing() as connection:
        query = (
            select(
                letters.c.message_id, letters.c.kind, letters.c.recipient, letters.c.body, letters.c.attempts
            )
            .where(
                letters.c.status == "queued", or_(letters.c.not_before.is_(None), letters.c.not_before <= now)
            )
            .where(letters.c.message_id.not_in(list(skip)))
            .where(letters.c.kind.in_(list(kinds)) if kinds else true())
            .order_by(letters.c.queued_at, letters.c.message_id)
            .limit(limit)
        )
        claimed = [
            Waiting(row[0], row[1], row[2], bytes(row[3]), row[4] + 1) for row in connection.execute(query)
        ]
        if claimed:
            ids = [one.message_id for one in claimed]
            change = {"status": "sending", "attempts": letters.c.attempts + 1}
            connection.execute(update(letters).where(letters.c.message_id.in_(ids)).values(change))
        return claimed


def note_letters(ledger: Ledger, noted: Sequence[Noted], at: datetime) -> None:
    """Note durably, in one transaction, what became of letters; what tells a customer has an event, too."""
    with ledger.writing() as connection:
        sent = [{"mine": one.message_id, "sent_at": at} for one in noted if one.status == "sent"]
        rest = [
            {"mine": one.message_id, "status": one.status, "error": one.error}
            for one in noted
            if one.status != "sent"
        ]
        for statement, rows in ((_SENT, sent), (_NOT_SENT, rest)):
            if rows:
                connection.execute(statement, rows)
        for one in noted:
            if one.status == "sent" and one.tells:
                tell_within(connection, one.message_id, at)


def mark_failed(ledger: Ledger, message_id: str, error: str) -> None:
    """Note that a letter will never be taken as it is, and why."""
    _mark(ledger, message_id, status="failed", error=error)


def release_letters(ledger: Ledger, message_ids: Collection[str]) -> None:
    """Give back claimed letters that were not tried at all."""
    change = {"status": "queued", "attempts": letters.c.attempts - 1}
    with ledger.writing() as connection:
        connection.execute(update(letters).where(letters.c.message_id.in_(list(message_ids))).values(change))


def letters_by_status(ledger: Ledger) -> dict[str, int]:
    """Count letters by their state."""
    with ledger.reading() as connection:
        rows = connection.execute(select(letters.c.status, func.count()).group_by(letters.c.status))
        return {row[0]: row[1] for row in rows}


def letters_waiting(ledger: Ledger, kinds: Collection[str] = ()) -> int:
    """Count the letters that are still to go out, of some kinds or of all."""
    waiting = letters.c.status.in_(["queued", "sending"])
    query = select(func.count()).select_from(letters).where(waiting)
    with ledger.reading() as connection:
        return (
            connection.execute(query.where(letters.c.kind.in_(list(kinds)) if kinds else true())).scalar()
            or 0
        )


def due_letters_with_zone(ledger: Ledger, now: datetime) -> list[tuple[str, str]]:
    """List (Message-ID, time zone of its owner) of the assignment letters that may go out now."""
    query = (
        select(letters.c.message_id, letters.c.assignment_keys)
        .where(letters.c.status == "queued", or_(letters.c.not_before.is_(None), letters.c.not_before <= now))
        .order_by(letters.c.queued_at)
    )
    with ledger.reading() as connection:
        waiting = [(message_id, keys[0]) for message_id, keys in connection.execute(query) if keys]
        first = {key for _, key in waiting}
        facts = select(assignments.c.assignment_key, assignments.c.facts)
        zones = {
            key: ((known or {}).get("owner") or {}).get("timezone") or (known or {}).get("timezone") or "UTC"
            for key, known in connection.execute(facts.where(assignments.c.assignment_key.in_(list(first))))
        }
    return [(message_id, zones.get(key, "UTC")) for message_id, key in waiting]


def hold_letter(ledger: Ledger, message_id: str, not_before: datetime) -> None:
    """Keep a queued letter back until an instant (the end of its recipient's quiet hours)."""
    _mark(ledger, message_id, not_before=not_before)


def _mark(ledger: Ledger, message_id: str, **values: object) -> None:
    with ledger.writing() as connection:
        connection.execute(update(letters).where(letters.c.message_id == message_id).values(values))
