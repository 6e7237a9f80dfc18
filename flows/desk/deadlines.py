"""A deadline as it stands now: moved by the time spent waiting for the customer before the first contact.

The same sums as the mart's: where the promise counts working time only open seconds count, else all of them,
up to the next opening.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from flows import hours
from flows.mail.words import moment
from flows.records import Opening

Row = Mapping[str, Any]
_AHEAD = timedelta(days=400)


def deadline(
    assignment: Row, history: Sequence[Row], now: datetime, directory: Mapping[str, list[dict[str, Any]]]
) -> datetime | None:
    """Give the instant at which a first contact is due as of now; None where none was promised."""
    promised: datetime | None = assignment["due_at"]
    waits = [] if promised is None else list(_waits(history, now))
    if promised is None or not waits:
        return promised
    facts = assignment["facts"] or {}
    zone, calendar = str(facts.get("timezone") or "UTC"), facts.get("calendar_id")
    openings = _openings(directory, calendar, zone, min(waits[0][0], promised), now + _AHEAD)
    is_working = ((facts.get("rule") or {}).get("clock") or "elapsed") == "working" and openings is not None
    counted = openings if is_working else None
    waited = sum(hours.open_seconds(begins, ends, counted) for begins, ends in waits)
    if waited <= 0:
        return promised
    clock = "working" if is_working else "elapsed"
    return hours.due_at(promised, waited / 3600, clock, openings) or promised


def is_late(assignment: Row, history: Sequence[Row], due: datetime | None, now: datetime) -> bool:
    """Tell whether a deadline went by without a contact; while one waits for the customer it stands."""
    reached = any(row["event"] == "contacted" for row in history)
    return due is not None and due < now and not reached and assignment["status"] != "waiting"


def first_contact(history: Sequence[Row]) -> datetime | None:
    """Tell when the customer was first reached."""
    return next((moment(row["at"]) for row in history if row["event"] == "contacted"), None)


def _waits(history: Sequence[Row], now: datetime) -> Iterator[tuple[datetime, datetime]]:
    """Give each stretch of waiting before the first contact."""
    contact = first_contact(history)
    for place, row in enumerate(history):
        if row["event"] != "waiting" or row["at"] >= (contact or now):
            continue
        later = (one["at"] for one in history[place + 1 :] if _status(one) not in (None, "waiting"))
        yield row["at"], min(next(later, now), contact or now)


def _status(row: Row) -> str | None:
    return (row["details"] or {}).get("status")


def _openings(
    directory: Mapping[str, list[dict[str, Any]]],
    calendar: str | None,
    zone: str,
    begins: datetime,
    ends: datetime,
) -> list[Opening] | None:
    shifts = [row for row in directory.get("calendars", []) if row["calendar_id"] == calendar]
    if calendar is None or not shifts:
        return None
    holidays = [row for row in directory.get("holidays", []) if row["calendar_id"] == calendar]
    return hours.openings(shifts, holidays, {(calendar, zone)}, begins, ends)
