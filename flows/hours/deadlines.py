"""Deadlines and open time, as sums over the openings of one calendar in one zone.

`None` for openings means that there is no calendar: always open. An empty list means never open.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

from flows.records import Opening


def due_at(
    submitted_at: datetime, hours: float, clock: str, openings: Sequence[Opening] | None
) -> datetime | None:
    """Give the instant at which an answer is due; None where the openings end before it.

    `elapsed`: that many hours later, moved to the next opening if that minute is closed. `working`: the first
    instant at which that many open hours have passed, so that a promise ending at closing time is due then.
    """
    submitted_at = submitted_at.astimezone(UTC)
    elapsed = submitted_at + timedelta(hours=hours)
    if openings is None or (clock == "working" and hours <= 0):
        return elapsed
    return _worked(submitted_at, hours, openings) if clock == "working" else _next_open(elapsed, openings)


def open_seconds(begins: datetime, ends: datetime, openings: Sequence[Opening] | None) -> float:
    """Count the open seconds between two instants, negative when they are in reverse order."""
    if openings is None:
        return (ends - begins).total_seconds()
    return _passed(ends, openings) - _passed(begins, openings)


def _next_open(instant: datetime, openings: Sequence[Opening]) -> datetime | None:
    place = bisect_right(openings, instant, key=lambda opening: opening.closes_at)
    return max(instant, openings[place].opens_at) if place < len(openings) else None


def _worked(submitted_at: datetime, hours: float, openings: Sequence[Opening]) -> datetime | None:
    wanted = _passed(submitted_at, openings) + hours * 3600
    for opening in openings[bisect_right(openings, submitted_at, key=lambda opening: opening.closes_at) :]:
        inside = wanted - opening.open_seconds_before
        if inside <= (opening.closes_at - opening.opens_at).total_seconds():
            return opening.opens_at + timedelta(seconds=inside)
    return None


def _passed(instant: datetime, openings: Sequence[Opening]) -> float:
    """Count the open seconds of all openings before an instant."""
    place = bisect_right(openings, instant, key=lambda opening: opening.opens_at)
    if place == 0:
        return 0
    last = openings[place - 1]
    return last.open_seconds_before + (min(instant, last.closes_at) - last.opens_at).total_seconds()
