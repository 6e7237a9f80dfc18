"""The openings of calendars as instants in UTC, daylight saving included."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from flows.hours.offsets import stretches
from flows.records import Opening

Shifts = dict[int, list[tuple[timedelta, timedelta]]]
Cells = Mapping[str, str | None]


def openings(
    calendars: Iterable[Cells],
    holidays: Iterable[Cells],
    zones: Iterable[tuple[str, str]],
    start: datetime,
    end: datetime,
) -> list[Opening]:
    """List the open time of each (calendar_id, timezone) between two instants, in order and without overlap.

    `calendars` are rows calendar_id, weekday (1 Monday .. 7), opens_at, closes_at (HH:MM, 24:00 ends a day);
    `holidays` rows calendar_id, date (ISO). Instants are aware; those given back are in UTC. A shift across
    the hour that clocks repeat is an hour longer, across the one they skip an hour shorter.
    """
    shifts = _shifts(calendars)
    closed = {(row["calendar_id"], row["date"]) for row in holidays}
    found: list[Opening] = []
    for calendar_id, name in sorted(set(zones)):
        days_off = {date.fromisoformat(day) for calendar, day in closed if calendar == calendar_id and day}
        before = 0
        zone = ZoneInfo(name)
        week = shifts.get(calendar_id, {})
        for opens, closes in _merged(
            _stretched(week, days_off, zone, start.astimezone(UTC), end.astimezone(UTC))
        ):
            found.append(Opening(calendar_id, name, opens, closes, before))
            before += int((closes - opens).total_seconds())
    return found


def _shifts(calendars: Iterable[Cells]) -> dict[str, Shifts]:
    weeks: dict[str, Shifts] = defaultdict(lambda: defaultdict(list))
    for row in calendars:
        shift = (_since_midnight(row["opens_at"]), _since_midnight(row["closes_at"]))
        weeks[row["calendar_id"] or ""][int(row["weekday"] or 0)].append(shift)
    return weeks


def _since_midnight(text: str | None) -> timedelta:
    hour, minute = (text or "00:00").split(":")[:2]
    return timedelta(hours=int(hour), minutes=int(minute))


def _stretched(
    week: Shifts, days_off: set[date], zone: ZoneInfo, start: datetime, end: datetime
) -> Iterator[tuple[datetime, datetime]]:
    """Cut the shifts out of each stretch of constant offset: within one, wall clock and UTC run alike."""
    for begins, ends, offset in stretches(zone, start, end):
        wall_begins, wall_ends = (begins + offset).replace(tzinfo=None), (ends + offset).replace(tzinfo=None)
        day = wall_begins.date()
        while day <= wall_ends.date():
            midnight = datetime.combine(day, time())
            for opens, closes in () if day in days_off else sorted(week.get(day.isoweekday(), ())):
                low, high = max(midnight + opens, wall_begins), min(midnight + closes, wall_ends)
                if low < high:
                    yield (low - offset).replace(tzinfo=UTC), (high - offset).replace(tzinfo=UTC)
            day += timedelta(days=1)


def _merged(pieces: Iterable[tuple[datetime, datetime]]) -> Iterator[tuple[datetime, datetime]]:
    """Join pieces that touch, such as the two passes of a repeated hour."""
    present: tuple[datetime, datetime] | None = None
    for opens, closes in pieces:
        if present and opens <= present[1]:
            present = (present[0], max(closes, present[1]))
            continue
        if present:
            yield present
        present = (opens, closes)
    if present:
        yield present
