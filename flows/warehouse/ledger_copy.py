"""The copy of the ledger's events in `raw`: dbt reads what owners did as one more source."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from datetime import UTC
from itertools import islice
from pathlib import Path
from typing import Any

import pyarrow as pa

from flows.warehouse import raw

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
            connection.register("batch", batch)
            row = connection.execute(
                "insert into ledger_events by name select * from batch "
                "where event_id not in (select event_id from ledger_events)"
            ).fetchone()
            copied += int(row[0]) if row else 0
            connection.unregister("batch")
        connection.execute("commit")
    return copied


def _batches(events: Iterable[dict[str, Any]]) -> Iterator[pa.Table]:
    remaining = iter(events)
    while rows := [_row(event) for event in islice(remaining, _BATCH)]:
        yield pa.Table.from_pylist(rows, schema=_COLUMNS)


def _row(event: dict[str, Any]) -> dict[str, Any]:
    at = event["at"].astimezone(UTC).replace(tzinfo=None)
    return {**event, "at": at, "details": json.dumps(event["details"], ensure_ascii=False, sort_keys=True)}
