"""Priorities: every input changed alone, with the scores worked out by hand beside it."""

from __future__ import annotations

from typing import Any

import pytest
from scipy import stats

from tests.dbt.ranked import ASSESSMENT, BASE, GOAL, initiative, made, ranked

# strategic: 100 (0.6 + 0.5 + 1/2) / 3; problem: 100 x 30/600 x 0.5 x 0.8; battle: 0.5333 x 2 x 1 / 2 months.
STRATEGIC, PROBLEM, BATTLE = 160 / 3, 2.0, 0.8 * 2 / 3
JOURNEYS, GOALS = "staging.stg_programme__journeys", "marts.goal_progress"
ASSESSED, SCORES = "staging.stg_programme__assessments", "intermediate.int_scores_located"
CUSTOMERS, DECIDED = "intermediate.int_customers_followed", "staging.stg_programme__decisions"


def weight(value: float | None) -> dict[str, Any]:
    return {"tables": {JOURNEYS: [{"journey_id": "visit", "name": "Visit", "strategic_weight": value}]}}


def goal(reason: str, **more: str) -> dict[str, Any]:
    return {"tables": {GOALS: [{**GOAL, "reason": reason, **more}]}}


def assessed(**cells: Any) -> dict[str, Any]:
    return {"tables": {ASSESSED: [{**ASSESSMENT, **cells}]}}


def decided(decision: str) -> dict[str, Any]:
    return {"tables": {DECIDED: [{"touchpoint_id": "desk", "decision": decision, "reason": "So be it"}]}}


TAKEN = {
    "intermediate.int_quick_fixes_taken": [{"pain_point_id": "p", "team_id": "shop", "team_name": "Shop"}]
}


def in_hand(status: str) -> dict[str, Any]:
    return {"tables": initiative(status)}


MEAN_OF_ALL = {"tables": {CUSTOMERS: [{"customer_id": "c", "annual_value": 500.0}]}}
TWICE_HEARD = {
    "tables": {
        SCORES: [*BASE[SCORES], *({**row, "respondent_key": f"r:{n}"} for n, row in enumerate(BASE[SCORES]))]
    }
}
# Column that is changed, how, and the three scores that follow.
CASES: list[tuple[str, dict[str, Any], float, float, float]] = [
    ("strategic_weight", weight(0.9), 190 / 3, 2.0, 1.9 / 3),
    ("strategic_weight", weight(None), 50.0, 2.0, 0.5),  # not known: the middle
    ("goal_need", goal("surely_below"), 70.0, 2.0, 0.7),
    ("goal_need", goal("surely_below_yet"), 70.0, 2.0, 0.7),
    ("goal_need", goal("too_few_answers"), STRATEGIC, 2.0, BATTLE),
    ("goal_need", goal("surely_reached"), 110 / 3, 2.0, 1.1 / 3),
    ("goal_id", {"tables": {GOALS: []}}, 110 / 3, 2.0, 1.1 / 3),
    ("goal_id", goal("within_reach", touchpoint_id="gate"), 110 / 3, 2.0, 1.1 / 3),  # another's goal
    ("mean_annual_value", MEAN_OF_ALL, 100 * (1.1 + 2 / 3) / 3, 2.0, (1.1 + 2 / 3) / 3),
    (
        "value_at_risk",
        {"value_at_risk": 60000.0},
        100 * 1.85 / 3,
        2.0,
        1.85 / 3 * 1.5,
    ),  # three times, and it pays
    ("value_at_risk", {"value_at_risk": None, "unknown_value_count": 30}, STRATEGIC, 2.0, BATTLE),
    ("unknown_value_count", {"unknown_value_count": 20}, 100 * (1.1 + 2 / 3) / 3, 2.0, (1.1 + 2 / 3) / 3),
    (
        "customer_count",
        {"customer_count": 60, "value_at_risk": 50000.0},
        STRATEGIC,
        4.0,
        1.6 / 3 * 2 * 10 / 7,
    ),
    ("customers_heard", TWICE_HEARD, STRATEGIC, 1.0, BATTLE / 2),
    ("score_with", {"score_with": 0.0}, STRATEGIC, 2.8, BATTLE * 1.4),
    ("score_with", {"score_with": 0.8}, STRATEGIC, 0.0, 0.0),  # they score better
    ("score_with", {"score_with": None}, STRATEGIC, 2.0, BATTLE),  # not known: the middle, here the same
    ("score_without", {"score_without": 0.9}, STRATEGIC, 2.8, BATTLE * 1.4),
    (
        "impact_metric",
        {"impact_metric": "nps", "score_with": -30.0, "score_without": 30.0},
        STRATEGIC,
        1.2,
        BATTLE * 0.6,
    ),
    ("confidence", {"confidence": 1.0}, STRATEGIC, 2.5, BATTLE * 1.25),
    ("confidence", {"confidence": None}, STRATEGIC, 1.25, BATTLE * 0.625),
    ("trend", {"trend": "rising"}, STRATEGIC, 3.0, BATTLE * 1.5),
    ("trend", {"trend": "falling"}, STRATEGIC, 1.0, BATTLE * 0.5),
    ("trend", {"trend": "cannot_tell"}, STRATEGIC, 2.0, BATTLE),
    ("effort_person_months", assessed(effort_person_months=4.0), STRATEGIC, 2.0, BATTLE / 2),
    ("effort_person_months", assessed(effort_person_months=0.1), STRATEGIC, 2.0, BATTLE * 4),  # 0.5 counts
    ("effort_source", assessed(effort_person_months=None), STRATEGIC, 2.0, BATTLE * 2),  # a quick fix: 1
    ("kind", assessed(effort_person_months=None, root_cause_id="roof"), STRATEGIC, 2.0, BATTLE / 3),  # 6
    ("kind_source", {"tables": {ASSESSED: []}}, STRATEGIC, 2.0, BATTLE * 2 / 3),  # nothing known: 3
    ("cost", assessed(cost=60000.0), STRATEGIC, 2.0, BATTLE / 2),
    ("cost", assessed(cost=5000.0), STRATEGIC, 2.0, BATTLE * 1.6),
    ("cost", assessed(cost=None), STRATEGIC, 2.0, BATTLE),
    ("cost", assessed(cost=5000.0, currency="USD"), STRATEGIC, 2.0, BATTLE),  # another currency is not known
    ("is_already_in_hand", in_hand("approved"), STRATEGIC, 2.0, BATTLE / 4),
    ("is_already_in_hand", in_hand("in_progress"), STRATEGIC, 2.0, BATTLE / 4),
    ("is_already_in_hand", in_hand("released"), STRATEGIC, 2.0, BATTLE / 4),
    ("quick_fix_team_id", {"tables": TAKEN}, STRATEGIC, 2.0, BATTLE / 4),
    ("initiative_status", in_hand("proposed"), STRATEGIC, 2.0, BATTLE),
    ("initiative_status", in_hand("verified"), STRATEGIC, 2.0, BATTLE),
    ("matched_initiative_id", in_hand("dropped"), STRATEGIC, 2.0, BATTLE),
    ("decision", decided("do"), STRATEGIC, 2.0, BATTLE),
    ("decision", decided("not_worth_it"), STRATEGIC, 2.0, BATTLE),
]


def test_the_example_is_worked_out_by_hand(for_duckdb: dict[str, str]) -> None:
    row = ranked(for_duckdb)
    told = (row["strategic_score"], row["problem_score"], row["battle_score"])
    assert told == pytest.approx((STRATEGIC, PROBLEM, BATTLE))
    inputs = (
        "reach",
        "impact",
        "relative_value",
        "goal_need",
        "benefit_per_cost",
        "pay_factor",
        "in_hand_factor",
    )
    assert [row[name] for name in inputs] == pytest.approx([0.05, 0.5, 1.0, 0.5, 1.0, 1.0, 1.0])
    wilson = stats.binomtest(30, 600).proportion_ci(method="wilson")
    assert (row["reach_low"], row["reach_high"]) == pytest.approx((wilson.low, wilson.high))
    assert (row["kind"], row["kind_source"], row["effort_source"]) == ("structural", "assessed", "assessed")


@pytest.mark.parametrize(("column", "changed", "strategic", "problem", "battle"), CASES)
def test_each_input_alone_moves_the_scores_as_documented(
    for_duckdb: dict[str, str],
    column: str,
    changed: dict[str, Any],
    strategic: float,
    problem: float,
    battle: float,
) -> None:
    row = ranked(for_duckdb, **dict(changed))
    told = (row["strategic_score"], row["problem_score"], row["battle_score"])
    assert told == pytest.approx((strategic, problem, battle)), column


def test_every_column_is_an_input_or_follows_from_them(for_duckdb: dict[str, str]) -> None:
    row = ranked(for_duckdb)
    names = {"pain_point_id", "journey_id", "touchpoint_id", "theme_id", "currency"}
    scores = {"strategic_score", "problem_score", "battle_score", "priority_rank", "reason"}
    followed = {"relative_value", "reach", "reach_low", "reach_high", "impact", "trend_factor"}
    followed |= {"benefit_per_cost", "pay_factor", "in_hand_factor", "goal_verdict", "goal_reason"}
    beside = {"answer_count", "rate", "rate_before", "decision_reason", "decided_on"}
    causes = {name for name in row if name.startswith("root_cause")}  # by way of `kind`: a test of its own
    assert {case[0] for case in CASES} == row.keys() - names - scores - followed - beside - causes


def test_ranks_follow_the_battle_score(for_duckdb: dict[str, str]) -> None:
    pains = [
        {
            **BASE["marts.pain_points"][0],
            "pain_point_id": f"p{number}",
            "theme_id": f"t{number}",
            "customer_count": count,
        }
        for number, count in enumerate((5, 50, 20))
    ]
    rows = made(for_duckdb, tables={"marts.pain_points": pains}).rows(
        "select pain_point_id, battle_score from warehouse.marts.priorities order by priority_rank"
    )
    assert [row["pain_point_id"] for row in rows] == ["p1", "p2", "p0"]
    assert [row["battle_score"] for row in rows] == sorted(
        (row["battle_score"] for row in rows), reverse=True
    )


# Cause as assessed, effort as assessed, cause owners name and its share: kind, what it rests on, effort.
KINDS = [
    ("rush", 1.0, None, None, "quick_fix", "assessed", 1.0),
    ("rush", 1.1, None, None, "structural", "assessed", 1.1),
    ("roof", 0.2, None, None, "structural", "assessed", 0.2),
    (None, 0.2, "roof", 1.0, "structural", "assessed", 0.2),
    (None, None, "roof", 0.51, "structural", "named", 6.0),
    (None, None, "roof", 0.5, "quick_fix", "default", 3.0),  # no majority
    (None, None, "rush", 0.8, "quick_fix", "named", 1.0),
    ("rush", None, "roof", 1.0, "quick_fix", "assessed", 1.0),  # who looked closely knows better
    (None, None, None, None, "quick_fix", "default", 3.0),
]


@pytest.mark.parametrize(("cause", "effort", "named", "share", "kind", "source", "counted"), KINDS)
def test_quick_fixes_are_told_from_structural_problems(
    for_duckdb: dict[str, str],
    cause: str | None,
    effort: float | None,
    named: str | None,
    share: float | None,
    kind: str,
    source: str,
    counted: float,
) -> None:
    changed = assessed(root_cause_id=cause, effort_person_months=effort)
    row = ranked(for_duckdb, root_cause_id=named, root_cause_share=share, root_cause_named=3, **changed)
    assert (row["kind"], row["kind_source"], row["effort_person_months"]) == (kind, source, counted)
