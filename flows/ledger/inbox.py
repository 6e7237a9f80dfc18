"""The inbox: what came in from outside the road, as it came; `collect` moves it to raw and notes that."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, bindparam, func, insert, select, update

from flows.ledger.opening import Ledger
from flows.ledger.tables import inbox


def put_into_inbox(
    ledger: Ledger, source_name: str, body: bytes, headers: dict[str, Any], at: datetime, delivery_key: str
) -> bool:
    """Keep one delivery; False when one under this key came before (then nothing is written)."""
    with ledger.writing() as connection:
        return put_within(connection, source_name, body, headers, at, delivery_key)


def put_within(
    connection: Connection,
    source_name: str,
    body: bytes,
    headers: dict[str, Any],
    at: datetime,
    delivery_key: str,
) -> bool:
    """Do what `put_into_inbox` does within a transaction of the caller's."""
    known = select(inbox.c.event_id).where(inbox.c.delivery_key == delivery_key)
    if connection.execute(known).first() is not None:
        return False
    row = {"source_name": source_name, "received_at": at, "headers": headers, "body": body}
    connection.execute(insert(inbox), [{**row, "delivery_key": delivery_key}])
    return True


def inbox_waiting(
    ledger: Ledger, source_name: str, after: int = 0, most: int | None = None
) -> list[dict[str, Any]]:
    """List what a source told and `collect` has not taken yet, in the order it came; `body` is bytes.

    Only those behind the event number `after`, and at `most` so many.
    """
    query = select(inbox).where(
        inbox.c.source_name == source_name, inbox.c.taken_at.is_(None), inbox.c.event_id > after
    )
    with ledger.reading() as connection:
        rows = connection.execute(query.order_by(inbox.c.event_id).limit(most)).mappings()
        return [{**row, "body": bytes(row["body"])} for row in rows]


def inbox_count(ledger: Ledger) -> int:
    """Count what was not taken yet."""
    with ledger.reading() as connection:
        query = select(func.count()).select_from(inbox).where(inbox.c.taken_at.is_(None))
        return int(connection.execute(query).scalar() or 0)


def mark_taken(ledger: Ledger, event_ids: Collection[int], at: datetime) -> None:
    """Note that deliveries lie in raw."""
    if event_ids:
        with ledger.writing() as connection:
            taken = update(inbox).where(inbox.c.event_id == bindparam("number"))
            connection.execute(taken.values(taken_at=at), [{"number": number} for number in event_ids])
