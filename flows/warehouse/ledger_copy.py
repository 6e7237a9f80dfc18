"""The copy of the ledger in `raw`: dbt reads what owners did and customers prefer as one more source."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from datetime import UTC
from itertools import islice
from pathlib import Path
from typing import Any

import pyarrow as pa

from flows.warehouse import raw
from flows.warehouse.connections import execute

_COLUMNS = pa.schema(
    [
        ("event_id", pa.int64()),
        ("assignment_key", pa.string()),
        ("event", pa.string()),
        ("at", pa.timestamp("us")),
        ("actor", pa.string()),
        ("note", pa.string()),
        ("root_cause_id", pa.string()),
        ("details", pa.string()),
    ]
)
_PREFERENCES = pa.schema(
    [
        ("customer_key", pa.string()),
        ("purpose", pa.string()),
        ("allowed", pa.bool_()),
        ("at", pa.timestamp("us")),
        ("source", pa.string()),
    ]
)
_COPY_EVENTS = """
insert into ledger_events by name
select * from batch where event_id not in (select event_id from ledger_events)
"""
_COPY_PREFERENCES = """
insert into ledger_preferences
select
    (select coalesce(max(copy_no), 0) from ledger_preferences)
    + row_number() over (order by new."at", new.customer_key, new.purpose),
    new.customer_key, new.purpose, new.allowed, new."at", new.source
from batch as new
anti join ledger_preferences as old
    on new.customer_key = old.customer_key and new.purpose = old.purpose and new.allowed = old.allowed
    and new."at" = old."at"
"""
_BATCH = 10_000


def last_event(home: Path) -> int:
    """Give the number of the newest event copied, 0 when there is none."""
    with raw.opened(home) as connection:  # a kill may have left a home without its tables
        row = connection.execute("select coalesce(max(event_id), 0) from ledger_events").fetchone()
    return int(row[0]) if row else 0


def append_events(home: Path, events: Iterable[dict[str, Any]]) -> int:
    """Copy events (as `flows.ledger.events_after` gives them) into `raw` in one transaction; return how many.

    An event already there is left as it is, so copying twice changes nothing.
    """
    copied = 0
    with raw.opened(home) as connection:
        connection.execute("begin")
        for batch in _batches(events):
            found = execute(connection, _COPY_EVENTS, batch)
            copied += int(found["Count"][0])
        connection.execute("commit")
    return copied


def append_preferences(home: Path, preferences: Iterable[dict[str, Any]]) -> int:
    """Copy preferences (as `flows.ledger.all_preferences` gives them) that raw lacks; return how many.

    An earlier word of the same customer stays below the newer one.
    """
    rows = [{**one, "at": one["at"].astimezone(UTC).replace(tzinfo=None)} for one in preferences]
    if not rows:
        return 0
    batch = pa.Table.from_pylist(rows, schema=_PREFERENCES)
    with raw.opened(home) as connection:
        connection.execute("begin")
        found = execute(connection, _COPY_PREFERENCES, batch)
        connection.execute("commit")
    return int(found["Count"][0])


def _batches(events: Iterable[dict[str, Any]]) -> Iterator[pa.Table]:
    remaining = iter(events)
    while rows := [_row(event) for event in islice(remaining, _BATCH)]:
        yield pa.Table.from_pylist(rows, schema=_COLUMNS)


def _row(event: dict[str, Any]) -> dict[str, Any]:
    at = event["at"].astimezone(UTC).replace(tzinfo=None)
    return {**event, "at": at, "details": json.dumps(event["details"], ensure_ascii=False, sort_keys=True)}
