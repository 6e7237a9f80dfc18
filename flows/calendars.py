"""Which calendars people may work by, and in which zones: what `transform` lays openings out for."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import UTC, datetime, timedelta

from flows import hours
from flows.records import Opening, ProgrammeTable

Tables = Mapping[str, ProgrammeTable]
# Deadlines lie at most a year of open hours ahead; three years of calendar hold that many.
HORIZON = timedelta(days=3 * 366)


def openings(
    tables: Tables, company_zone: str, first_answer_at: datetime | None, now: datetime
) -> list[Opening]:
    """List the open times of every calendar that a team or an owner may work by, from the first answer on."""
    zones = set(_working_by(tables, company_zone))
    start = min(first_answer_at.replace(tzinfo=UTC), now) if first_answer_at else now
    return hours.openings(
        tables["calendars"].rows, tables["holidays"].rows, zones, start - timedelta(days=8), now + HORIZON
    )


def _working_by(tables: Tables, company_zone: str) -> Iterator[tuple[str, str]]:
    """Pair calendars and zones: an owner's own, else those of any team a rule may put the owner under."""
    teams = [(row["calendar_id"], row["timezone"] or company_zone) for row in tables["teams"].rows]
    people = [(row["calendar_id"], row["timezone"]) for row in tables["owners"].rows]
    for own_calendar, own_zone in [*people, (None, None)]:
        for calendar, zone in [*teams, (None, company_zone)]:
            chosen = own_calendar or calendar
            if chosen:
                yield chosen, own_zone or zone
