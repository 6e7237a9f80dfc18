"""Quiet hours: when a recipient is left in peace, in the recipient's own zone."""

from __future__ import annotations

from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo


def quiet_until(quiet_hours: str, zone: str, now: datetime) -> datetime | None:
    """Tell when the quiet hours that hold at `now` end (aware UTC), or None when none hold.

    `quiet_hours` is like `21:00-07:00` (it may pass midnight); empty or equal ends mean none.
    """
    if not quiet_hours:
        return None
    begins, ends = (time.fromisoformat(part) for part in quiet_hours.split("-"))
    local = now.astimezone(ZoneInfo(zone))
    clock = local.time().replace(tzinfo=None)
    is_quiet = begins <= clock < ends if begins <= ends else (clock >= begins or clock < ends)
    if not is_quiet:
        return None
    day = local.date() + timedelta(days=int(clock >= ends))
    return datetime.combine(day, ends, ZoneInfo(zone)).astimezone(UTC)
