"""Whom a reminder could be about, and what was reminded of already: the events tell both.

`reminded` (details: stage, owner_id) and `escalated` (details: trouble) are written with the letter that does
it, so each happens once in the life of a follow-up: until it is reopened, for reminders until handed over.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence
from typing import Any

from sqlalchemy import Connection, select

from flows.ledger.opening import Ledger
from flows.ledger.states import since_reopened
from flows.ledger.tables import assignments, events

Row = dict[str, Any]
NOT_REACHED = ("assigned", "acknowledged")  # and what waits for the customer has its clock stopped


def not_reached(ledger: Ledger) -> Iterator[tuple[Row, list[Row]]]:
    """Give each open assignment with a deadline whose customer nobody reached, however old, with events."""
    with ledger.reading() as connection:
        keys = select(assignments.c.assignment_key).where(
            assignments.c.status.in_(NOT_REACHED), assignments.c.due_at.is_not(None)
        )
        yield from _with_events(connection, list(connection.execute(keys).scalars()))


def standing(connection: Connection, keys: Collection[str]) -> list[tuple[Row, list[Row]]]:
    """Give assignments as they are within a transaction, each with all of its events, in order."""
    return list(_with_events(connection, list(keys)))


def was_reminded(history: Sequence[Mapping[str, Any]], stage: str, owner_id: str) -> bool:
    """Tell whether an owner was reminded at this stage in the present life of a follow-up."""
    return any(
        one["event"] == "reminded"
        and (one["details"] or {}).get("stage") == stage
        and (one["details"] or {}).get("owner_id") == owner_id
        for one in since_reopened(history)
    )


def was_escalated(history: Sequence[Mapping[str, Any]], trouble: str) -> bool:
    """Tell whether the manager was told of this trouble in the present life of a follow-up."""
    return any(
        one["event"] == "escalated" and (one["details"] or {}).get("trouble") == trouble
        for one in since_reopened(history)
    )


def _with_events(connection: Connection, keys: list[str]) -> Iterator[tuple[Row, list[Row]]]:
    for start in range(0, len(keys), 500):
        some = keys[start : start + 500]
        histories: dict[str, list[Row]] = defaultdict(list)
        query = select(events).where(events.c.assignment_key.in_(some)).order_by(events.c.event_id)
        for row in connection.execute(query).mappings():
            histories[row["assignment_key"]].append(dict(row))
        found = select(assignments).where(assignments.c.assignment_key.in_(some))
        for row in connection.execute(found.order_by(assignments.c.assignment_key)).mappings():
            yield dict(row), histories[row["assignment_key"]]
