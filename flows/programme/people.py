"""Who acts and when they are at work: teams, owners, calendars, holidays."""

from __future__ import annotations

from flows.programme.cells import (
    Address,
    Day,
    Email,
    Id,
    Language,
    Needed,
    NeededDay,
    NeededTime,
    NeededWeekday,
    Pairs,
    Text,
    Weekday,
    Zone,
)
from flows.programme.words import Role, Row


class Team(Row):
    """Describe one team and where its news goes."""

    team_id: Id = None
    name: Text = None
    email: Email = None
    manager_email: Email = None
    timezone: Zone = None
    calendar_id: Text = None
    language: Language = None
    digest_weekday: Weekday = None
    notify_url: Address = None


class Owner(Row):
    """Describe one person who is written to, at an address of their own or at the team's."""

    owner_id: Id = None
    team_id: Needed = None
    name: Text = None
    email: Email = None
    role: Role = None
    segments: Text = None
    properties: Pairs = None
    language: Language = None
    timezone: Zone = None
    calendar_id: Text = None
    manager_email: Email = None
    away_from: Day = None
    away_until: Day = None
    deputy_owner_id: Text = None


class Shift(Row):
    """Describe one stretch of open time of a weekday (1 Monday .. 7), in wall-clock time."""

    calendar_id: Id = None
    weekday: NeededWeekday = None
    opens_at: NeededTime = None
    closes_at: NeededTime = None


class Holiday(Row):
    """Name one local date on which a calendar stays closed."""

    calendar_id: Needed = None
    date: NeededDay = None
