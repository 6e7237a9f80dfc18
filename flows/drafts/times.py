"""Which way of writing times a column uses."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import UTC, datetime, timedelta

ISO = ""
_DATES = (
    "%d.%m.%Y", "%d/%m/%Y", "%m/%d/%Y", "%d-%m-%Y", "%m-%d-%Y", "%Y/%m/%d", "%Y.%m.%d", "%d %b %Y",
    "%d %B %Y", "%b %d, %Y", "%B %d, %Y", "%d.%m.%y", "%d/%m/%y", "%m/%d/%y",
)  # fmt: skip
_CLOCKS = ("", " %H:%M:%S", " %H:%M", " %I:%M:%S %p", " %I:%M %p", ", %H:%M:%S", ", %H:%M", " %H:%M:%S.%f")
FORMATS = (ISO, *(day + clock for day in _DATES for clock in _CLOCKS))
# Nobody asked so early; Excel writes times of day as those of a day in 1899.
_EARLIEST = datetime(1990, 1, 1, tzinfo=UTC)
CLOCK_FORMATS = ("%H:%M:%S", "%H:%M", "%I:%M:%S %p", "%I:%M %p")


def read_time(text: str, written: str) -> datetime | None:
    """Read a time in a format (`ISO` for ISO 8601), without an offset as UTC; None where it is none."""
    try:
        moment = datetime.strptime(text, written) if written else datetime.fromisoformat(text)
    except ValueError:
        return None
    return moment.astimezone(UTC) if moment.tzinfo else moment.replace(tzinfo=UTC)


def written_as(values: Sequence[str], now: datetime) -> tuple[str, datetime] | None:
    """Give the format that reads nearly all values, and the newest of them; None for what holds no times.

    Where day and month could be either (04/05/2026), fewer times after now decide, then day first.
    """
    if not values or not any(character.isdigit() for character in values[0]) or max(map(len, values)) > 40:
        return None
    if all(value.isdigit() for value in values[:20]):
        return None  # 20260504 may be a date and may be any number
    found = []
    for place, written in enumerate(FORMATS):
        if read_time(values[0], written) is None and read_time(values[-1], written) is None:
            continue
        moments = [moment for value in values if (moment := read_time(value, written))]
        if len(moments) >= 0.95 * len(values) and max(moments) > _EARLIEST:
            ahead = sum(moment > now + timedelta(hours=24) for moment in moments)
            found.append((-len(moments), ahead, place, written, max(moments)))
    if not found:
        return None
    *_, written, newest = min(found)
    return written, newest


def is_clock(values: Iterable[str]) -> str | None:
    """Give the format of times of day that all values are written in; None for anything else."""
    texts = list(values)
    fitting = (form for form in CLOCK_FORMATS if texts and all(read_time(text, form) for text in texts))
    return next(fitting, None)
