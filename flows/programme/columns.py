"""Every programme table: its row model, which names its columns in order, and what no two rows may share.

The one place that lists them; dbt's staging and the published tables are tested against it.
"""

from __future__ import annotations

from dataclasses import dataclass

from flows.programme import outer_loop, people, places, rules, surveys, themes
from flows.programme.words import Row


@dataclass(frozen=True, slots=True)
class Shape:
    """Hold a table's row model and its unique columns (each group on its own)."""

    row: type[Row]
    unique: tuple[tuple[str, ...], ...]


TABLES: dict[str, Shape] = {
    "journeys": Shape(places.Journey, (("journey_id",),)),
    "touchpoints": Shape(places.Touchpoint, (("touchpoint_id",),)),
    "surveys": Shape(surveys.Survey, (("source_name", "survey_id"),)),
    "questions": Shape(surveys.Question, (("source_name", "survey_id", "question_ref"),)),
    "teams": Shape(people.Team, (("team_id",),)),
    "owners": Shape(people.Owner, (("owner_id",),)),
    "routing": Shape(rules.Rule, (("rule_id",), ("position",))),
    "calendars": Shape(people.Shift, ()),
    "holidays": Shape(people.Holiday, (("calendar_id", "date"),)),
    "themes": Shape(
        themes.Theme,
        (("theme_id", "language", "pattern", "theme_code", "source_name", "survey_id", "question_ref"),),
    ),
    "root_causes": Shape(themes.RootCause, (("root_cause_id", "language"),)),
    "assessments": Shape(
        outer_loop.Assessment, (("touchpoint_id", "theme_id", "root_cause_id", "assessed_by", "assessed_on"),)
    ),
    "decisions": Shape(outer_loop.Decision, (("touchpoint_id", "theme_id", "decided_on"),)),
    "initiatives": Shape(outer_loop.Initiative, (("initiative_id",),)),
    "initiative_scope": Shape(outer_loop.Scope, (("initiative_id", "touchpoint_id", "theme_id"),)),
    "goals": Shape(places.Goal, (("goal_id",),)),
    "playbooks": Shape(rules.Playbook, (("touchpoint_id", "theme_id", "follow_up_kind", "language"),)),
}

COLUMNS: dict[str, tuple[str, ...]] = {name: tuple(shape.row.model_fields) for name, shape in TABLES.items()}
