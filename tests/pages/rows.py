"""Rows as `report_rows` gives them, each written by hand."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any

AT = datetime(2026, 3, 12, 6, tzinfo=UTC)
Rows = list[dict[str, Any]]


def score(
    metric: str, value: float | None, low: float | None = None, high: float | None = None
) -> dict[str, Any]:
    """Make a score of the journey `visit`; without a value it is suppressed."""
    return {
        "journey_id": "visit",
        "survey_kind": "transactional",
        "metric": metric,
        "verdict": "suppress" if value is None else "publish",
        "answer_count": None if value is None else 1204,
        "score": value,
        "score_low": low,
        "score_high": high,
        "score_change": None if value is None else -0.12,
        "change_q_value": None if value is None else 0.0004,
    }


def stop(touchpoint_id: str, **more: Any) -> dict[str, Any]:
    """Make a touchpoint of the map; without more nobody asks there."""
    return {
        "journey_id": "visit",
        "stage": "arrive",
        "touchpoint_id": touchpoint_id,
        "touchpoint_name": touchpoint_id.title(),
        "customer_expectation": "Nobody waits",
        "is_moment_of_truth": False,
        "is_asked": False,
        "survey_kind": None,
        "metric": None,
        "verdict": None,
        "expectation_source": None,
        "gap_verdict": None,
        "answer_count": None,
        "score": None,
        "score_low": None,
        "score_high": None,
        "expected_score": None,
        "quadrant": None,
        "gap": None,
        "gap_adjusted_low": None,
        "gap_adjusted_high": None,
        **more,
    }


def measured(touchpoint_id: str, value: float, gap: tuple[float, float, float]) -> dict[str, Any]:
    """Make a touchpoint whose satisfaction is `value` ± 0.05 and should be 0.8; gap, its low and high."""
    names = ("gap", "gap_adjusted_low", "gap_adjusted_high")
    return stop(
        touchpoint_id,
        is_asked=True,
        survey_kind="transactional",
        metric="csat",
        verdict="publish",
        expectation_source="set",
        gap_verdict="publish",
        answer_count=310,
        score=value,
        score_low=value - 0.05,
        score_high=value + 0.05,
        expected_score=0.8,
        quadrant="concentrate_here",
        **dict(zip(names, gap, strict=True)),
    )


def priority(**more: Any) -> dict[str, Any]:
    """Make a pain point with a rank."""
    return {
        "priority_rank": 1,
        "kind": "structural",
        "effort_person_months": 2.5,
        "effort_source": "default",
        "value_at_risk": 312400.0,
        "benefit_per_cost": 4.2,
        "matched_initiative_id": None,
        "is_already_in_hand": False,
        "decision": None,
        "reason": "213 customers wait, and more do every week.",
        "customer_count": 213,
        "trend": "rising",
        "strategic_score": 62.4,
        "problem_score": 3.14,
        "battle_score": 0.78,
        "unknown_value_count": 12,
        "currency": "EUR",
        "journey_name": "Visiting",
        "touchpoint_name": "Desk",
        "theme_name": "Waiting",
        "initiative_name": None,
        **more,
    }


def facts(**more: Rows) -> dict[str, Rows]:
    """Make the rows of a whole page, some of them replaced."""
    months = [score("csat", 0.5 + n / 100, 0.4 + n / 100, 0.6 + n / 100) for n in range(4)]
    return {
        "about": [
            {"published_at": AT, "data_until": AT, "build_id": "b1", "version": "0.1.0"},
        ],
        "sources": [
            {
                "source_name": "kiosk",
                "tool": "files",
                "last_fetched_at": AT,
                "last_submitted_at": AT,
                "response_count": 1204,
                "is_left_out": False,
            }
        ],
        "responses": [{"all_time": 5909, "of_90_days": 2911}],
        "journeys": [{"journey_id": "visit", "name": "Visiting"}],
        "scores": [score("csat", 0.61, 0.57, 0.65)],
        "trends": [
            {
                **row,
                "period_start": date(2025, 12 if n == 0 else n, 1).replace(year=2025 if n == 0 else 2026),
                "is_finished": n < 3,
            }
            for n, row in enumerate(months)
        ],
        "changes": [],
        "map": [measured("desk", 0.34, (-0.46, -0.51, -0.41)), stop("gate")],
        "goals": [],
        "priorities": [priority()],
        "battles": [],
        "loop": [],
        "withheld": [],
        "causes": [],
        "findings": [],
        "quarantine": [],
        "terms": [],
        **more,
    }
