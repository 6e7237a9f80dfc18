"""Letters to customers: what there is to tell, whether it still holds, and the event of its sending.

`confirmed` says that the customer knows who answers by when, `told` that the customer knows what came of it.
"""

from __future__ import annotations

from contextlib import suppress
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, select

from flows.ledger.events import HEARDBACK, write_event
from flows.ledger.looks import assignment_within, history_of
from flows.ledger.opening import Ledger
from flows.ledger.preferences import refusing
from flows.ledger.reminders import NOT_REACHED
from flows.ledger.states import EventRefused, Said
from flows.ledger.tables import assignments, letters

PURPOSE = "follow_up"
Row = dict[str, Any]


def customer_key_of(assignment: Row) -> str:
    """Give the key that a customer's preferences are kept under; empty where nobody is known."""
    facts = assignment["facts"] or {}
    return str(facts.get("customer_key") or facts.get("customer_id") or "")


def resolved_untold(ledger: Ledger) -> list[tuple[Row, int]]:
    """List what is resolved and still to be told to the customer, each with how often it was reopened."""
    query = select(assignments).where(assignments.c.status == "resolved")
    with ledger.reading() as connection:
        rows = connection.execute(query.order_by(assignments.c.assignment_key)).mappings()
        found = [dict(row) for row in rows]
    wanted = [row for row in found if (row["facts"] or {}).get("tell_customer") in ("resolved", "both")]
    histories = history_of(ledger, [row["assignment_key"] for row in wanted])
    return [(row, lives(histories[row["assignment_key"]])) for row in wanted]


def lives(history: list[Row]) -> int:
    """Count how often a follow-up was reopened."""
    return sum(row["event"] == "reopened" for row in history)


def customer_letters_waiting(ledger: Ledger) -> list[tuple[str, Row]]:
    """List the letters to customers that wait, by Message-ID, each with its assignment."""
    query = select(letters.c.message_id, letters.c.assignment_keys).where(
        letters.c.kind == "customer", letters.c.status.in_(["queued", "sending"])
    )
    with ledger.reading() as connection:
        waiting = [(identity, keys[0]) for identity, keys in connection.execute(query) if keys]
        found = [(identity, assignment_within(connection, key)) for identity, key in waiting]
    return [(identity, row) for identity, row in found if row is not None]


def why_untold(ledger: Ledger, message_id: str) -> str:
    """Say why a letter to a customer must not go out any more; empty where it may."""
    query = select(letters.c.tells, letters.c.assignment_keys).where(letters.c.message_id == message_id)
    with ledger.reading() as connection:
        found = connection.execute(query).first()
        assignment = assignment_within(connection, found[1][0]) if found and found[1] else None
    if found is None or assignment is None:
        return "its follow-up is gone"
    fitting = ("resolved",) if found[0] == "told" else NOT_REACHED
    if assignment["status"] not in fitting:
        return f"the follow-up is {assignment['status']} by now"
    key = customer_key_of(assignment)
    return "the customer wants no such letters" if key and refusing(ledger, [key], PURPOSE) else ""


def tell_within(connection: Connection, message_id: str, at: datetime) -> None:
    """Write the event that the sending of a letter to a customer means, where there is one."""
    mine = letters.c.message_id == message_id
    tells, keys = connection.execute(select(letters.c.tells, letters.c.assignment_keys).where(mine)).one()
    for key in keys if tells else ():
        # The owner may have said meanwhile what leaves nothing to note.
        with suppress(EventRefused):
            write_event(connection, Said(key, tells, HEARDBACK, at, more={"letter": message_id}))
