"""What speaks of a pain point, the sentence that a manager reads, and battles that share a cause."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from tests.dbt.ranked import ASSESSMENT, BASE, PAIN, initiative, made, ranked

ASSESSED, DECIDED = "staging.stg_programme__assessments", "staging.stg_programme__decisions"
INITIATIVES, SCOPES = "staging.stg_programme__initiatives", "staging.stg_programme__initiative_scope"
WHO = (
    "30 customers complained of “Queues” at “Desk”: 5.0 % of the 600 heard in 90 days "
    "(95 % interval 3.5 % to 7.0 %)"
)
IMPACT = " Those who mention it give 20 % good answers, the others 70 % good answers (80 % sure)."
WORTH = " They are worth EUR 20,000 a year, without 10 whose worth is not known."
EFFORT = " 2 person months as assessed, EUR 20,000: EUR 1 a year at stake for each EUR spent."
CAUSE, NOBODY = " Cause, as assessed: “Rush” (structural).", " Nobody is at it."


def told(**cells: Any) -> dict[str, Any]:
    return {**ASSESSMENT, **cells}


@pytest.mark.parametrize(
    ("changed", "sentences"),
    [
        ({}, f"{WHO}, with no clear change.{IMPACT}{WORTH}{CAUSE}{EFFORT}{NOBODY}"),
        (
            {"trend": "rising", "confidence": 0.999, "unknown_value_count": 0},
            f"{WHO}, rising: 12 % of what is said there, 8.0 % before."
            f"{IMPACT.replace('80 %', 'over 99 %')} They are worth EUR 20,000 a year.{CAUSE}{EFFORT}{NOBODY}",
        ),
        (
            {"tables": initiative("in_progress")},
            f"{WHO}, with no clear change.{IMPACT}{WORTH}{CAUSE}{EFFORT}"
            " In hand: “More desks” (in progress, due 2026-06-30).",
        ),
        (
            {
                "tables": {
                    "intermediate.int_quick_fixes_taken": [
                        {"pain_point_id": "p", "team_id": "shop", "team_name": "Shop"}
                    ]
                }
            },
            f"{WHO}, with no clear change.{IMPACT}{WORTH}{CAUSE}{EFFORT}"
            " In hand: taken as a quick fix by Shop.",
        ),
        (
            {
                **{"theme_id": "none", "customer_count": 1, "trend": "cannot_tell", "value_at_risk": None},
                **{"root_cause_id": "roof", "root_cause_share": 0.75, "root_cause_named": 4},
                "tables": {
                    ASSESSED: [],
                    DECIDED: [{"touchpoint_id": "desk", "decision": "defer", "reason": "Next year"}],
                },
            },
            "1 customer answered badly at “Desk” and named no theme: 0.2 % of the 600 heard in 90 days "
            "(95 % interval 0.0 % to 0.9 %), too few to tell a trend. What they are worth is not known."
            " Owners name “The roof leaks” in 3 of 4 follow-ups (structural)."
            f" 6 person months assumed, as nobody has assessed it.{NOBODY} Decided to put it off: Next year.",
        ),
    ],
)  # fmt: skip
def test_the_reason_is_what_a_manager_reads(
    for_duckdb: dict[str, str], changed: dict[str, Any], sentences: str
) -> None:
    assert ranked(for_duckdb, **dict(changed))["reason"] == sentences


@pytest.mark.parametrize(
    ("rows", "cost"),
    [
        ([told(cost=1.0), told(cost=2.0, assessed_on=date(2026, 4, 2))], 2.0),  # the newest
        ([told(cost=1.0), told(cost=2.0, theme_id=None, assessed_on=date(2026, 4, 2))], 1.0),  # the exact one
        ([told(cost=1.0, touchpoint_id="*"), told(cost=2.0, theme_id="other")], 1.0),  # of another theme
        (
            [told(cost=1.0), told(cost=2.0, root_cause_id="roof", effort_person_months=3.0)],
            2.0,
        ),  # most effort
        (
            [told(cost=1.0, touchpoint_id=None, theme_id=None)],
            None,
        ),  # a cause anywhere, that nobody named here
        ([told(cost=1.0, touchpoint_id=None, theme_id=None, root_cause_id=None)], 1.0),
    ],
)
def test_which_assessment_speaks(
    for_duckdb: dict[str, str], rows: list[dict[str, Any]], cost: float | None
) -> None:
    assert ranked(for_duckdb, tables={ASSESSED: rows})["cost"] == cost


@pytest.mark.parametrize(
    ("statuses", "matched", "is_in_hand"),
    [
        ({"a": "proposed", "b": "approved"}, "b", True),
        ({"a": "verified", "b": "proposed"}, "b", False),
        ({"a": "verified"}, "a", False),
        ({"a": "dropped"}, None, False),
        ({"a": None}, "a", False),  # nothing said: proposed
        ({"a": "released", "b": "in_progress"}, "b", True),  # both in hand: b names touchpoint and theme
    ],
)
def test_which_initiative_covers_it(
    for_duckdb: dict[str, str], statuses: dict[str, str | None], matched: str | None, is_in_hand: bool
) -> None:
    tables = {
        INITIATIVES: [{"initiative_id": name, "status": status} for name, status in statuses.items()],
        SCOPES: [
            {"initiative_id": "a", "touchpoint_id": "desk"},
            {"initiative_id": "b", "touchpoint_id": "desk", "theme_id": "queue"},
            {"initiative_id": "b", "touchpoint_id": "gate"},
        ],
    }
    row = ranked(for_duckdb, tables=tables)
    assert (row["matched_initiative_id"], row["is_already_in_hand"]) == (matched, is_in_hand)


def test_battles_join_what_shares_a_cause(for_duckdb: dict[str, str]) -> None:
    """Three places have one cause, assessed twice; who suffers at two of them counts once, as does a cost."""
    places = {"desk": "roof", "gate": "roof", "lift": "roof", "door": "rush"}
    pains = [
        {
            **PAIN,
            "pain_point_id": place,
            "touchpoint_id": place,
            "root_cause_id": cause,
            "root_cause_share": 1.0,
        }
        for place, cause in places.items()
    ]
    behind = {"desk": ["ann", "bob"], "gate": ["bob", None], "lift": ["ann"], "door": ["cyd"]}
    tables = {
        "marts.pain_points": pains,
        ASSESSED: [
            told(touchpoint_id="desk", root_cause_id="roof", effort_person_months=3.0, cost=900.0),
            told(touchpoint_id="*", theme_id="*", root_cause_id="roof", effort_person_months=1.0, cost=100.0),
        ],
        **initiative("approved", "desk"),
        "intermediate.int_customers_followed": [
            {"customer_id": name, "annual_value": value} for name, value in (("ann", 700.0), ("bob", 300.0))
        ],
        "intermediate.int_pains_raised": [
            {
                **{"pain_point_id": place, "customer_id": customer, "time_window": "now", "is_pain": True},
                "respondent_key": customer or "somebody",
            }
            for place, customers in behind.items()
            for customer in customers
        ],
    }  # fmt: skip
    chain = made(for_duckdb, tables=tables)
    (battle,) = chain.rows("from warehouse.marts.key_battles")
    members = chain.rows("from warehouse.marts.key_battle_pain_points order by pain_point_id")
    scored = chain.rows("from warehouse.marts.priorities where touchpoint_id in ('desk', 'gate', 'lift')")

    assert [row["pain_point_id"] for row in members] == ["desk", "gate", "lift"]
    assert (battle["name"], battle["pain_point_count"], battle["in_hand_count"]) == ("The roof leaks", 3, 1)
    assert (battle["customer_count"], battle["value_at_risk"], battle["unknown_value_count"]) == (
        3,
        1000.0,
        1,
    )
    assert (battle["effort_person_months"], battle["cost"], battle["is_already_in_hand"]) == (
        4.0,
        1000.0,
        False,
    )
    gain = sum(
        row["strategic_score"] / 100 * row["problem_score"] * (0.25 if row["touchpoint_id"] == "desk" else 1)
        for row in scored
    )
    assert battle["battle_score"] == pytest.approx(gain * 1.0 / 4)  # 1000 at stake for 1000: it pays as 1
    assert battle["reason"] == (
        "3 customers behind 3 pain points with this cause. They are worth EUR 1,000 a year, without 1 whose "
        "worth is not known. 4 person months as assessed, EUR 1,000: EUR 1 a year at stake for each EUR "
        "spent. "
        "1 of these in hand."
    )


def test_names_are_those_of_the_companys_language(for_duckdb: dict[str, str]) -> None:
    settings = [{**BASE["computed.settings"][0], "language": "de"}]
    assert "“Eile”" in ranked(for_duckdb, tables={"computed.settings": settings})["reason"]


def test_a_cause_that_no_table_knows_is_called_by_its_id(for_duckdb: dict[str, str]) -> None:
    named = {"root_cause_id": "gone", "root_cause_share": 1.0, "root_cause_named": 1}
    reason = ranked(for_duckdb, tables={ASSESSED: []}, **named)["reason"]
    assert " Owners name “gone” in 1 of 1 follow-up (quick fix)." in reason


def test_an_address_in_a_reason_is_not_shown(for_duckdb: dict[str, str]) -> None:
    decision = {"touchpoint_id": "desk", "decision": "do", "reason": "Ask ann@acme.example"}
    row = ranked(for_duckdb, tables={DECIDED: [decision]})
    assert "@" not in row["reason"] + row["decision_reason"]
    assert row["reason"].endswith(" Decided to do it: the reason holds an e-mail address and is not shown.")
