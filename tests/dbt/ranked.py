"""One pain point with round numbers, and the models of priorities made of it and of a programme."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from tests.dbt.chain import Chain

TODAY = date(2026, 5, 4)
# What pain_points says: 30 customers of 600, 20 of them worth 1000 a year each, like everybody.
PAIN: dict[str, Any] = {
    "pain_point_id": "p",
    "journey_id": "visit",
    "touchpoint_id": "desk",
    "theme_id": "queue",
    "customer_count": 30,
    "answer_count": 33,
    "rate": 0.12,
    "rate_before": 0.08,
    "impact_metric": "csat",
    "score_with": 0.2,
    "score_without": 0.7,
    "value_at_risk": 20000.0,
    "unknown_value_count": 10,
    "currency": "EUR",
    "trend": "steady",
    "confidence": 0.8,
    "root_cause_id": None,
    "root_cause_share": None,
    "root_cause_named": 0,
}
TYPES = {
    **dict.fromkeys(("customer_count", "answer_count", "unknown_value_count", "root_cause_named"), "bigint"),
    **dict.fromkeys(("rate", "rate_before", "score_with", "score_without", "value_at_risk"), "double"),
    **dict.fromkeys(
        ("confidence", "root_cause_share", "strategic_weight", "cost", "effort_person_months"), "double"
    ),
    **dict.fromkeys(("assessed_on", "decided_on", "due_on", "local_date"), "date"),
    **dict.fromkeys(("is_structural", "is_pain"), "boolean"),
    "annual_value": "double",
    "line_no": "bigint",
    "submitted_at": "timestamp",
    "today": "date",
}
Row = Mapping[str, Any]
Given = Mapping[str, Sequence[Row]]
COLUMNS = {
    "computed.settings": "today language currency",
    "staging.stg_programme__themes": "theme_id name language",
    "staging.stg_programme__touchpoints": "touchpoint_id name",
    "staging.stg_programme__journeys": "journey_id name strategic_weight",
    "staging.stg_programme__root_causes": "root_cause_id name language is_structural",
    "staging.stg_programme__assessments": "touchpoint_id theme_id root_cause_id effort_person_months cost "
    "currency assessed_by assessed_on line_no",
    "staging.stg_programme__decisions": "touchpoint_id theme_id decision reason decided_on line_no",
    "staging.stg_programme__initiatives": "initiative_id name status due_on",
    "staging.stg_programme__initiative_scope": "initiative_id touchpoint_id theme_id",
    "marts.goal_progress": "goal_id journey_id touchpoint_id verdict reason",
    "marts.pain_points": " ".join(PAIN),
    "intermediate.int_customers_followed": "customer_id annual_value",
    "intermediate.int_scores_located": "respondent_key local_date",
    "intermediate.int_comments_classed": "respondent_key local_date",
    "intermediate.int_quick_fixes_taken": "pain_point_id team_id team_name",
    "intermediate.int_pains_raised": "pain_point_id respondent_key customer_id time_window is_pain",
}
MODELS = (
    *("int_causes_named", "int_pains_assessed", "int_pains_decided", "int_pains_matched", "int_pains_aimed"),
    *(
        "int_priorities_weighed",
        "int_priorities_scored",
        "priorities",
        "int_battles_joined",
        "int_battles_valued",
        "key_battles",
    ),
    "key_battle_pain_points",
)
ASSESSMENT: Row = {
    **{"touchpoint_id": "desk", "theme_id": "queue", "root_cause_id": "rush", "effort_person_months": 2.0},
    **{
        "cost": 20000.0,
        "currency": "EUR",
        "assessed_by": "Ada",
        "assessed_on": date(2026, 4, 1),
        "line_no": 2,
    },
}
GOAL: Row = {
    **{"goal_id": "swift", "journey_id": "visit", "touchpoint_id": "desk"},
    **{"verdict": "on_track", "reason": "within_reach"},
}
BASE: Given = {
    "computed.settings": [{"today": TODAY, "language": "en", "currency": "EUR"}],
    "staging.stg_programme__themes": [{"theme_id": "queue", "name": "Queues", "language": "*"}],
    "staging.stg_programme__touchpoints": [{"touchpoint_id": "desk", "name": "Desk"}],
    "staging.stg_programme__journeys": [{"journey_id": "visit", "name": "Visit", "strategic_weight": 0.6}],
    "staging.stg_programme__root_causes": [
        {"root_cause_id": "rush", "name": "Rush", "language": "en", "is_structural": False},
        {"root_cause_id": "rush", "name": "Eile", "language": "de", "is_structural": False},
        {"root_cause_id": "roof", "name": "The roof leaks", "language": "en", "is_structural": True},
    ],
    "staging.stg_programme__assessments": [ASSESSMENT],
    "marts.goal_progress": [GOAL],
    "marts.pain_points": [PAIN],
    "intermediate.int_customers_followed": [{"customer_id": "c", "annual_value": 1000.0}],
    "intermediate.int_scores_located": [
        {"respondent_key": f"c:{number}", "local_date": date(2026, 5, 3)} for number in range(600)
    ],
}


def initiative(status: str, touchpoint: str | None = "desk", theme: str | None = "queue") -> Given:
    """Let an initiative of some status cover the pain point."""
    scope = {"initiative_id": "more", "touchpoint_id": touchpoint, "theme_id": theme}
    return {
        "staging.stg_programme__initiatives": [
            {"initiative_id": "more", "name": "More desks", "status": status, "due_on": date(2026, 6, 30)}
        ],
        "staging.stg_programme__initiative_scope": [scope],
    }


def made(compiled: Mapping[str, str], **changed: Any) -> Chain:
    """Make priorities and key battles; `tables` replaces whole tables, other names change the pain point."""
    given = {**BASE, **changed.pop("tables", {})}
    given["marts.pain_points"] = [{**row, **changed} for row in given["marts.pain_points"]]
    chain = Chain(compiled)
    for table, names in COLUMNS.items():
        columns = names.split()
        types = ", ".join(f'"{name}" {TYPES.get(name, "varchar")}' for name in columns)
        chain.given(table, types, [[row.get(name) for name in columns] for row in given.get(table, [])])
    chain.make(*MODELS)
    return chain


def ranked(compiled: Mapping[str, str], **changed: Any) -> dict[str, Any]:
    """Give the priority of the one pain point."""
    (row,) = made(compiled, **changed).rows("from warehouse.marts.priorities")
    return row
