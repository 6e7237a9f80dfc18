"""Pain points counted by hand."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from tests.dbt.pains import TODAY, Facts, Pain, Place, Score, Sitting, made

DESK: Place = ("visit", "desk")


def rows_of(compiled: dict[str, str], facts: Facts) -> dict[Pain, dict[str, Any]]:
    """Make the mart, by place and theme."""
    found = made(compiled, facts).rows("from warehouse.marts.pain_points")
    return {(row["journey_id"], row["touchpoint_id"], row["theme_id"]): row for row in found}


def sitting(key: str, mood: str | None, *themes: str, age: int = 5, customer: str | None = None) -> Sitting:
    """Let somebody rate the desk, or not, and speak of themes, or not."""
    scores = (Score(DESK, "csat", mood),) if mood else ()
    return Sitting(
        key, TODAY - timedelta(days=age), customer, 1.0, scores, ((DESK, themes),) if themes else ()
    )


BY_HAND = Facts(
    [
        sitting("r1", "bad", "queue", customer="ann"),
        sitting("r2", "middle", "queue", customer="ann"),  # the same customer once more
        sitting("r3", None, "queue"),  # scored nothing there: counts, as a customer of its own
        sitting("r4", "good", "queue", customer="bob"),  # a promoter never does
        sitting("r5", "bad", "smile", customer="cyd"),  # praise: a bad answer without a theme
        sitting("r6", "bad", customer="dee"),
        sitting("r7", "middle", customer="eve"),  # not bad, no words
        sitting("r8", "bad", "queue", "noise", customer="dee"),
        sitting("r9", "bad", age=0, customer="fay"),  # today is not over
        sitting("r10", "bad", age=90, customer="fay"),  # the first day of the window
        sitting("r11", "bad", "noise", age=91, customer="gus"),  # the day before it
    ],
    values={"ann": 100.0, "dee": 250.0, "fay": None},
    causes={
        sitting("r1", None).follow_up("desk"): "rush",
        sitting("r2", None).follow_up("desk"): "rush",
        sitting("r8", None).follow_up("desk"): "luck",
    },
)


def test_pain_points_are_those_counted_by_hand(for_duckdb: dict[str, str]) -> None:
    rows = rows_of(for_duckdb, BY_HAND)

    assert set(rows) == {(*DESK, theme) for theme in ("queue", "noise", "none")}
    names = ("answer_count", "customer_count", "value_at_risk", "unknown_value_count", "root_cause_id")
    assert {
        theme: tuple(rows[*DESK, theme][name] for name in names) for theme in ("queue", "noise", "none")
    } == {
        "queue": (4, 3, 350.0, 1, "rush"),  # r1, r2, r3, r8 of ann, nobody, dee
        "noise": (1, 1, 250.0, 0, "luck"),
        "none": (3, 3, 250.0, 2, None),  # r5, r6, r10 of cyd (no customer we know), dee, fay (no value)
    }
    queue = rows[*DESK, "queue"]
    assert (queue["root_cause_share"], queue["root_cause_named"]) == (pytest.approx(2 / 3), 3)
    assert (queue["trend"], queue["trend_q_value"]) == ("cannot_tell", None)
    # 8 scores in the window, 1 of them good; that is one of the 4 that mention the queue.
    assert queue["score"] == pytest.approx(1 / 8)
    assert (queue["score_with"], queue["score_without"]) == (pytest.approx(1 / 4), pytest.approx(0))
    assert {row["currency"] for row in rows.values()} == {"EUR"}
    assert {(row["window_start"], row["window_end"]) for row in rows.values()} == {
        (TODAY - timedelta(days=90), TODAY - timedelta(days=1))
    }
    assert rows[*DESK, "noise"]["first_seen_at"].date() == TODAY - timedelta(days=91)


def test_who_said_something_well_makes_no_pain(for_duckdb: dict[str, str]) -> None:
    glad = [sitting(f"r{number}", "good", "queue", "smile") for number in range(40)]
    praised = [sitting(f"p{number}", "middle", "smile") for number in range(40)]
    assert rows_of(for_duckdb, Facts(glad + praised)) == {}


@pytest.mark.parametrize(
    ("now", "before", "trend"), [(60, 20, "rising"), (20, 60, "falling"), (40, 40, "steady")]
)
def test_a_trend_is_that_of_the_share(for_duckdb: dict[str, str], now: int, before: int, trend: str) -> None:
    sittings = [
        sitting(f"{age} {number}", "middle", "queue" if number < count else "hours", age=age)
        for age, count in ((10, now), (100, before))
        for number in range(100)
    ]
    assert rows_of(for_duckdb, Facts(sittings))[*DESK, "queue"]["trend"] == trend


def test_one_loud_customer_makes_no_trend(for_duckdb: dict[str, str]) -> None:
    """Thirty customers in each window; one of them comes back twelve times."""
    once = [
        sitting(f"{age} {n}", "bad" if n < 5 else "good", age=age, customer=f"c{n}")
        for age in (10, 100)
        for n in range(30)
    ]
    loud = [sitting(f"again {n}", "bad", customer="c0") for n in range(12)]
    row = rows_of(for_duckdb, Facts(once + loud))[*DESK, "none"]
    assert (row["customer_count"], row["answer_count"], row["customers_asked"]) == (5, 17, 30)
    assert row["effective_count_before"] == 30
    assert row["effective_count"] < 30 and row["trend"] == "cannot_tell"
