"""The rows of a first programme: one journey, team, owner, calendar, and the rule that hears the unhappy."""

from __future__ import annotations

import csv
import io
from collections.abc import Mapping, Sequence

JOURNEY, TEAM, OWNER, CALENDAR = "experience", "care", "owner", "office"
_RULE = {
    "action": "assign",
    "team_id": TEAM,
    "follow_up_kind": "recover",
    "clock": "elapsed",
    "respond_within_hours": "48",
    "delivery": "now",
    "tell_customer": "none",
}
Rows = list[dict[str, str]]


def starting_rows() -> dict[str, Rows]:
    """Give the rows that every first programme has, by table."""
    return {
        "journeys": [
            {
                "journey_id": JOURNEY,
                "name": "Customer experience",
                "position": "1",
                "audience": "customer",
                "strategic_weight": "1",
                "owner_team_id": TEAM,
            }
        ],
        "teams": [
            {
                "team_id": TEAM,
                "name": "Customer care",
                "email": "team@example.com",
                "timezone": "UTC",
                "calendar_id": CALENDAR,
                "language": "en",
            }
        ],
        "owners": [
            {
                "owner_id": OWNER,
                "team_id": TEAM,
                "name": "First owner",
                "email": "owner@example.com",
                "role": "owner",
            }
        ],
        "calendars": [
            {"calendar_id": CALENDAR, "weekday": str(day), "opens_at": "09:00", "closes_at": "17:00"}
            for day in range(1, 6)
        ],
        "routing": [
            {"rule_id": "detractors", "position": "1", "score_class": "detractor", **_RULE},
            {"rule_id": "bottom_answers", "position": "2", "score_class": "bottom", **_RULE},
        ],
    }


def survey_rows(source_name: str, survey_id: str, questions: Sequence[Mapping[str, str]]) -> dict[str, Rows]:
    """Give the rows of one survey and its questions, all asked of the first journey."""
    place = {"source_name": source_name, "survey_id": survey_id}
    shared = {"owner_team_id": TEAM, "audience": "customer", "survey_kind": "relational"}
    return {
        "surveys": [{**place, "name": survey_id, **shared}],
        "questions": [{**place, **question, **_asked(question["metric"])} for question in questions],
    }


def _asked(metric: str) -> dict[str, str]:
    if metric == "none" or metric.startswith("contact_"):
        return {}
    return {"journey_id": JOURNEY, "survey_kind": "relational"}


def as_csv(columns: Sequence[str], rows: Sequence[Mapping[str, str]]) -> str:
    """Write a table with its header, whether it has rows or not."""
    text = io.StringIO()
    writer = csv.DictWriter(text, columns, restval="", lineterminator="\n")
    writer.writeheader()
    writer.writerows(rows)
    return text.getvalue()
