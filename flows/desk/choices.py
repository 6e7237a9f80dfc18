"""What can be chosen at the desk, out of the directory that the ledger keeps."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from flows.mail.cleaning import one_line

Rows = list[dict[str, Any]]
Directory = Mapping[str, Rows]


@dataclass(frozen=True, slots=True)
class Choice:
    """Offer one thing: what the form sends, and what a person reads."""

    value: str
    words: str


def owner_row(directory: Directory, owner_id: str) -> dict[str, Any]:
    """Give an owner's row, empty where the directory holds none."""
    return next((row for row in directory.get("owners", []) if row["owner_id"] == owner_id), {})


def team_row(directory: Directory, team_id: str | None) -> dict[str, Any]:
    """Give a team's row, empty where the directory holds none."""
    return next((row for row in directory.get("teams", []) if row["team_id"] == team_id), {})


def name_of(directory: Directory, owner_id: str) -> str:
    """Name a person as colleagues do; the id where no name is known."""
    return one_line(owner_row(directory, owner_id).get("name") or owner_id)


def colleagues(directory: Directory, owner_id: str) -> list[Choice]:
    """Offer everybody else, own team first; who is away is no help."""
    team = owner_row(directory, owner_id).get("team_id")
    others = [row for row in directory.get("owners", []) if row["owner_id"] and row["owner_id"] != owner_id]
    others.sort(key=lambda row: (row.get("team_id") != team, str(row.get("name") or row["owner_id"]).lower()))
    return [Choice(row["owner_id"], _with_team(directory, row)) for row in others]


def root_causes(directory: Directory, language: str) -> list[Choice]:
    """Offer the root causes in a reader's language where they are written in several."""
    rows = [row for row in directory.get("root_causes", []) if row["root_cause_id"]]
    spoken = [row for row in rows if _speaks(row.get("language"), language)]
    offered = {row["root_cause_id"]: row for row in [*rows, *spoken]}
    return [Choice(key, one_line(row.get("name") or key)) for key, row in offered.items()]


def cause_name(directory: Directory, root_cause_id: str, language: str) -> str:
    """Name a root cause, by its id where no name is known."""
    named = {one.value: one.words for one in root_causes(directory, language)}
    return named.get(root_cause_id, one_line(root_cause_id))


def outer_loop(directory: Directory, facts: Mapping[str, Any]) -> list[Choice]:
    """Offer what a follow-up can be raised to: pain points of its own place, initiatives that go on."""
    place = (facts.get("journey_id"), facts.get("touchpoint_id"))
    names = {row["theme_id"]: row.get("name") for row in directory.get("themes", [])}
    pains = [
        Choice(row["pain_point_id"], one_line(names.get(row["theme_id"]) or row["theme_id"]))
        for row in directory.get("pain_points", [])
        if (row["journey_id"], row["touchpoint_id"]) == place
    ]
    going_on = [
        Choice(row["initiative_id"], one_line(row.get("name") or row["initiative_id"]))
        for row in directory.get("initiatives", [])
        if row["initiative_id"] and row.get("status") not in ("verified", "dropped")
    ]
    return [*pains, *going_on]


def places(directory: Directory) -> list[Choice]:
    """Offer the touchpoints, each with its journey."""
    journeys = {
        row["journey_id"]: row.get("name") or row["journey_id"] for row in directory.get("journeys", [])
    }
    return [
        Choice(
            row["touchpoint_id"],
            one_line(f"{row.get('name') or row['touchpoint_id']} · {journeys.get(row['journey_id'], '')}"),
        )
        for row in directory.get("touchpoints", [])
        if row["touchpoint_id"]
    ]


def _with_team(directory: Directory, row: Mapping[str, Any]) -> str:
    team = team_row(directory, row.get("team_id")).get("name") or row.get("team_id")
    name = one_line(row.get("name") or row["owner_id"])
    return f"{name} · {one_line(team)}" if team else name


def _speaks(written: str | None, language: str) -> bool:
    return not written or written == "*" or written.partition("-")[0] == language.partition("-")[0]
