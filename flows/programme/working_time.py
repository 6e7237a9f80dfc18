"""What must hold for calendars and for the deadlines that rest on them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator

from flows.records import Fault, ProgrammeTable

# A deadline further away than this is one that nobody works towards; no calendar is computed so far ahead.
LONGEST_HOURS = 24 * 365
_WEEKS = 52
Tables = dict[str, ProgrammeTable]


def impossible_hours(tables: Tables) -> Iterator[Fault]:
    """Name shifts that end before they begin, overlap, and windows whose deadline is never reached."""
    yield from _shifts(tables["calendars"])
    yield from _windows(tables)


def minutes(text: str | None) -> int | None:
    """Give a canonical time of day in minutes after midnight; None where it is none."""
    if not text or len(text) != 5 or not text.replace(":", "").isdigit():
        return None
    return int(text[:2]) * 60 + int(text[3:])


def _shifts(calendars: ProgrammeTable) -> Iterator[Fault]:
    days: dict[tuple[str | None, str | None], list[tuple[int, int, int]]] = defaultdict(list)
    for row, line in zip(calendars.rows, calendars.lines, strict=True):
        opens, closes = minutes(row["opens_at"]), minutes(row["closes_at"])
        if opens is None or closes is None:
            continue
        if opens >= closes:
            message = f"the shift closes at {row['closes_at']}, not after it opens at {row['opens_at']}."
            mend = "No shift passes midnight: end it at 24:00 and go on the next weekday from 00:00."
            yield Fault(calendars.file, message, line, "closes_at", mend)
            continue
        for other_opens, other_closes, other_line in days[row["calendar_id"], row["weekday"]]:
            if opens < other_closes and other_opens < closes:
                message = f"the shift overlaps that of line {other_line} on the same weekday."
                yield Fault(calendars.file, message, line, "opens_at", "Let one end before the other begins.")
        days[row["calendar_id"], row["weekday"]].append((opens, closes, line))


def _windows(tables: Tables) -> Iterator[Fault]:
    """Find rules whose deadline lies more than a year away in the time they count."""
    table = tables["routing"]
    week = _open_minutes(tables["calendars"])
    for row, line in zip(table.rows, table.lines, strict=True):
        try:
            hours = float(row["respond_within_hours"] or 0)
        except ValueError:
            continue
        longest = LONGEST_HOURS
        if row["clock"] == "working":
            open_weeks = [week[calendar] for calendar in _calendars(tables, row) if calendar in week]
            longest = min([minutes * _WEEKS // 60 for minutes in open_weeks], default=LONGEST_HOURS)
        if hours > longest:
            message = f"a deadline after {hours:g} hours is not reached within a year."
            mend = f"Write at most {longest:g}, or open the calendar for longer."
            yield Fault(table.file, message, line, "respond_within_hours", mend)


def _open_minutes(calendars: ProgrammeTable) -> dict[str | None, int]:
    total: dict[str | None, int] = defaultdict(int)
    for row in calendars.rows:
        total[row["calendar_id"]] += max(
            0, (minutes(row["closes_at"]) or 0) - (minutes(row["opens_at"]) or 0)
        )
    return total


def _calendars(tables: Tables, rule: dict[str, str | None]) -> set[str | None]:
    """Give the calendars that may count for a rule: its owner's, or its team's owners', else the team's."""
    team_of = {row["team_id"]: row["calendar_id"] for row in tables["teams"].rows}
    owners = tables["owners"].rows
    if rule["owner_id"] and rule["owner_id"] != "account":
        owners = [row for row in owners if row["owner_id"] == rule["owner_id"]]
    else:
        owners = [row for row in owners if row["team_id"] == rule["team_id"]]
    return {row["calendar_id"] or team_of.get(row["team_id"]) for row in owners}
