"""Stretches of time in which a zone's clocks keep one distance from UTC."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

# No zone changes its clocks twice within so short a time.
_STEP = timedelta(hours=12)


def stretches(
    zone: ZoneInfo, start: datetime, end: datetime
) -> Iterator[tuple[datetime, datetime, timedelta]]:
    """Give (start, end, offset) for each stretch of constant offset between two instants in UTC, in order."""
    begins = at = start
    offset = _offset(zone, start)
    while at < end:
        ahead = min(at + _STEP, end)
        if _offset(zone, ahead) != offset:
            change = _change(zone, at, ahead, offset)
            yield begins, change, offset
            begins, offset = change, _offset(zone, change)
        at = ahead
    if begins < end:
        yield begins, end, offset


def _offset(zone: ZoneInfo, instant: datetime) -> timedelta:
    return instant.astimezone(zone).utcoffset() or timedelta(0)


def _change(zone: ZoneInfo, before: datetime, after: datetime, offset: timedelta) -> datetime:
    """Find the first whole second with another offset, by halving."""
    low, high = int(before.timestamp()), int(after.timestamp())
    while high - low > 1:
        middle = (low + high) // 2
        if _offset(zone, datetime.fromtimestamp(middle, UTC)) == offset:
            low = middle
        else:
            high = middle
    return datetime.fromtimestamp(high, UTC)
