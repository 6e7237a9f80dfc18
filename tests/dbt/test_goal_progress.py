"""Goals: the rule by a table of all cases, and scores of 90 days counted one by one."""

from __future__ import annotations

import itertools
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import duckdb
import jinja2
import numpy as np
import pytest

from tests.dbt.at_random import AtRandom, shared

MACROS = Path(__file__).parents[2] / "dbt_project" / "macros" / "goals.sql"
RULES: Any = jinja2.Environment().from_string(MACROS.read_text(encoding="utf-8")).module
TODAY = date(2026, 5, 3)

# Where the interval lies by the target, before and after the day: verdict and reason.
BY_INTERVAL = {
    ("above", False): ("met", "surely_reached"),
    ("above", True): ("met", "surely_reached"),
    ("touches from above", False): ("met", "surely_reached"),
    ("touches from above", True): ("met", "surely_reached"),
    ("around", False): ("on_track", "within_reach"),
    ("around", True): ("cannot_tell", "too_close_to_tell"),
    ("touches from below", False): ("on_track", "within_reach"),
    ("touches from below", True): ("cannot_tell", "too_close_to_tell"),
    ("below", False): ("cannot_tell", "surely_below_yet"),
    ("below", True): ("missed", "surely_below"),
}
INTERVALS = {
    "above": (40.1, 60.0),
    "touches from above": (40.0, 60.0),
    "around": (30.0, 50.0),
    "touches from below": (20.0, 39.9999999),  # equal after rounding to six decimals
    "below": (20.0, 39.9),
}
CASES = list(
    itertools.product(
        [None, "suppress", "flag", "publish"], INTERVALS, [False, True], [None, 40.0], [False, True]
    )
)


@pytest.mark.parametrize(("score_verdict", "place", "is_over", "target", "has_interval"), CASES)
def test_every_case_has_its_verdict(
    score_verdict: str | None, place: str, is_over: bool, target: float | None, has_interval: bool
) -> None:
    low, high = INTERVALS[place] if has_interval and score_verdict else (None, None)
    columns = {"v": score_verdict, "l": low, "h": high, "t": target, "o": is_over}
    reason = RULES.goal_reason("v", "l", "h", "t", "o")
    given = "$v as v, cast($l as double) as l, cast($h as double) as h, cast($t as double) as t, $o as o"
    verdict = RULES.goal_verdict("reason")
    query = f"select reason, {verdict} from (select {reason} as reason from (select {given}))"
    told = duckdb.execute(query, columns).fetchone()
    if target is None:
        wanted = ("cannot_tell", "no_target")
    elif score_verdict is None:
        wanted = ("cannot_tell", "no_answers")
    elif score_verdict == "suppress" or not has_interval:
        wanted = ("cannot_tell", "too_few_answers")
    else:
        wanted = BY_INTERVAL[place, is_over]
    assert told == wanted[::-1]


@pytest.fixture(scope="module")
def facts(tmp_path_factory: pytest.TempPathFactory) -> AtRandom:
    """Give the home at random."""
    return shared(tmp_path_factory.getbasetemp())


@pytest.mark.parametrize(
    ("goal", "touchpoints", "kind", "metric", "target", "is_over"),
    [
        ("desk", {"desk"}, "transactional", "csat", 0.5, False),  # its day is today
        ("desk_low", {"desk"}, "transactional", "csat", 0.1, True),
        ("gate_past", {"gate"}, "transactional", "csat", 0.99, True),
        ("help", {"phone", "post"}, "transactional", "csat", 0.99, False),
        ("company", None, "relational", "nps", -20.0, False),
        ("whole", {"none"}, "relational", "nps", -20.0, True),
        ("lift", {"lift"}, "transactional", "nps", 10.0, True),
    ],
)
def test_scores_of_the_90_days(
    facts: AtRandom,
    goal: str,
    touchpoints: set[str] | None,
    kind: str,
    metric: str,
    target: float,
    is_over: bool,
) -> None:
    given = [
        one
        for one in facts.answers
        if (touchpoints is None or one.touchpoint in touchpoints)
        and (one.kind, one.metric, one.asks_for) == (kind, metric, "perception")
        and TODAY - timedelta(days=90) <= one.day < TODAY
    ]
    (row,) = facts.home.rows(f"select * from marts.goal_progress where goal_id = '{goal}'")
    assert row["answer_count"] == len(given)
    if not given:
        assert (row["score"], row["distance"], row["verdict"]) == (None, None, "cannot_tell")
        return
    unit = 100 if metric == "nps" else 1
    score = unit * np.average([one.code for one in given], weights=[one.weight for one in given])
    assert row["score"] == pytest.approx(score)
    assert row["distance"] == pytest.approx(score - target)
    low, high = row["score_low"], row["score_high"]
    place = "above" if low >= target else "around" if high >= target else "below"
    assert low < score < high
    assert (row["verdict"], row["reason"]) == BY_INTERVAL[place, is_over]
