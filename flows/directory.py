"""What people can choose at the desk: the parts of the programme that it shows, as the ledger keeps them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from flows.records import ProgrammeTable

# Addresses only of those whom a follow-up can be handed to.
_SHOWN = {
    "owners": ("owner_id", "team_id", "name", "email", "language", "timezone", "calendar_id"),
    "teams": ("team_id", "name", "email", "language", "timezone", "calendar_id"),
    "root_causes": ("root_cause_id", "name", "language"),
    "journeys": ("journey_id", "name"),
    "touchpoints": ("touchpoint_id", "journey_id", "name"),
    "themes": ("theme_id", "name"),
    "initiatives": ("initiative_id", "name", "status"),
    "calendars": ("calendar_id", "weekday", "opens_at", "closes_at"),
    "holidays": ("calendar_id", "date"),
}


def directory_of(tables: Mapping[str, ProgrammeTable]) -> dict[str, list[dict[str, Any]]]:
    """Give the rows of each table with the columns that the desk shows."""
    return {
        name: [{column: row.get(column) for column in columns} for row in tables[name].rows]
        for name, columns in _SHOWN.items()
        if name in tables
    }
