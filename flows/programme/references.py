"""Which columns name rows of other tables; a reference to a missing id is a fault with the nearest known."""

from __future__ import annotations

from collections.abc import Iterator

from flows.programme.cells import nearest
from flows.records import Fault, ProgrammeTable

KEYS = {
    "journeys": "journey_id",
    "touchpoints": "touchpoint_id",
    "teams": "team_id",
    "owners": "owner_id",
    "calendars": "calendar_id",
    "themes": "theme_id",
    "root_causes": "root_cause_id",
    "initiatives": "initiative_id",
    "goals": "goal_id",
}

# Table, column, table it refers to, and the words that are no id but have a meaning there.
REFERENCES: tuple[tuple[str, str, str, tuple[str, ...]], ...] = (
    ("journeys", "owner_team_id", "teams", ()),
    ("touchpoints", "journey_id", "journeys", ()),
    ("touchpoints", "owner_team_id", "teams", ()),
    ("surveys", "goal_id", "goals", ()),
    ("surveys", "owner_team_id", "teams", ()),
    ("questions", "journey_id", "journeys", ("none",)),
    ("questions", "touchpoint_id", "touchpoints", ("none",)),
    ("teams", "calendar_id", "calendars", ()),
    ("owners", "team_id", "teams", ()),
    ("owners", "calendar_id", "calendars", ()),
    ("owners", "deputy_owner_id", "owners", ()),
    ("holidays", "calendar_id", "calendars", ()),
    ("routing", "journey_id", "journeys", ("*", "none")),
    ("routing", "touchpoint_id", "touchpoints", ("*", "none")),
    ("routing", "theme_id", "themes", ("*", "none")),
    ("routing", "team_id", "teams", ()),
    ("routing", "owner_id", "owners", ("account",)),
    ("root_causes", "team_id", "teams", ()),
    ("assessments", "touchpoint_id", "touchpoints", ("*", "none")),
    ("assessments", "theme_id", "themes", ("*", "none")),
    ("assessments", "root_cause_id", "root_causes", ()),
    ("decisions", "touchpoint_id", "touchpoints", ("*", "none")),
    ("decisions", "theme_id", "themes", ("*", "none")),
    ("initiatives", "owner_id", "owners", ()),
    ("initiatives", "team_id", "teams", ()),
    ("initiatives", "comparison_touchpoint_id", "touchpoints", ()),
    ("initiative_scope", "initiative_id", "initiatives", ()),
    ("initiative_scope", "touchpoint_id", "touchpoints", ("*", "none")),
    ("initiative_scope", "theme_id", "themes", ("*", "none")),
    ("goals", "journey_id", "journeys", ("*", "all", "none")),
    ("goals", "touchpoint_id", "touchpoints", ("*", "all", "none")),
    ("playbooks", "touchpoint_id", "touchpoints", ("*", "none")),
    ("playbooks", "theme_id", "themes", ("*", "none")),
)


def dangling(tables: dict[str, ProgrammeTable]) -> Iterator[Fault]:
    """Name every reference to an id that its table does not have; empty cells refer to nothing."""
    known = {table: {row[key] for row in tables[table].rows if row[key]} for table, key in KEYS.items()}
    for name, column, target, words in REFERENCES:
        table = tables[name]
        for row, line in zip(table.rows, table.lines, strict=True):
            value = row[column]
            if value and value not in known[target] and value not in words:
                message = f"there is no '{value}' in {tables[target].file}."
                ids = [found for found in known[target] if found]
                mend = nearest(value, ids) or f"Add it there, or change it here{_some(ids)}."
                yield Fault(table.file, message, line, column, mend)


def _some(ids: list[str]) -> str:
    shown = sorted(ids)[:5]
    return f" (known: {', '.join(shown)}{', …' if len(ids) > 5 else ''})" if shown else ""
