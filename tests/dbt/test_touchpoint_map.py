"""The map of touchpoints against answers counted one by one with numpy."""

from __future__ import annotations

from collections import defaultdict
from typing import Any

import numpy as np
import pytest
from scipy import stats

from tests.dbt.at_random import Answer, AtRandom, effective, shared

Z = stats.norm.ppf(0.975)
Rows = dict[tuple[str, str, str], dict[str, Any]]


@pytest.fixture(scope="module")
def facts(tmp_path_factory: pytest.TempPathFactory) -> AtRandom:
    """Give the home at random."""
    return shared(tmp_path_factory.getbasetemp())


@pytest.fixture(scope="module")
def rows(facts: AtRandom) -> Rows:
    """Read the mart by its key."""
    found = facts.home.rows("select * from marts.touchpoint_map")
    keyed = {(row["touchpoint_id"], row["survey_kind"], row["metric"]): row for row in found}
    assert len(keyed) == len(found)
    return keyed


def test_a_row_per_touchpoint_kind_and_metric_with_answers(facts: AtRandom, rows: Rows) -> None:
    wanted = {
        (one.touchpoint, one.kind, one.metric)
        for one in facts.answers
        if one.asks_for == "perception" and one.touchpoint != "none"
    }
    assert rows.keys() == wanted
    assert {row["is_moment_of_truth"] for key, row in rows.items() if key[0] == "desk"} == {True}
    assert not any(row["is_moment_of_truth"] for key, row in rows.items() if key[0] != "desk")


def test_scores_are_those_of_the_cells(facts: AtRandom, rows: Rows) -> None:
    cells = facts.home.rows(
        "select * from marts.journey_metrics where period = 'all' and segment_type = 'all' "
        "and touchpoint_id not in ('all', 'none')"
    )
    assert len(cells) == len(rows)
    for cell in cells:
        row = rows[cell["touchpoint_id"], cell["survey_kind"], cell["metric"]]
        for column in ("journey_id", "answer_count", "score", "score_low", "score_high", "verdict"):
            assert row[column] == cell[column]
        assert row["performance"] == cell["score"]


def pairs(answers: list[Answer]) -> dict[tuple[str, str, str], list[tuple[float, float, Answer]]]:
    """Pair by response what was expected (mean code) with what was perceived."""
    by_response: dict[tuple[str, str, str, str], list[Answer]] = defaultdict(list)
    for one in answers:
        by_response[one.response, one.touchpoint, one.kind, one.metric].append(one)
    found = defaultdict(list)
    for (_, *place), told in by_response.items():
        hoped = [one.code for one in told if one.asks_for == "expectation"]
        met = [one.code for one in told if one.asks_for == "perception"]
        if hoped and met:
            found[tuple(place)].append((float(np.mean(met)), float(np.mean(hoped)), told[0]))
    return found  # type: ignore[return-value]


def test_gaps_that_were_asked(facts: AtRandom, rows: Rows) -> None:
    paired = pairs(facts.answers)
    assert {key[0] for key in paired} == {"desk", "gate", "phone"}
    for key, told in paired.items():
        weights = [one.weight for _, _, one in told]
        differences = [met - hoped for met, hoped, _ in told]
        mean = np.average(differences, weights=weights)
        deviation = np.sqrt(np.average((np.array(differences) - mean) ** 2, weights=weights))
        count = effective(differences, weights, [one.cluster for _, _, one in told])
        unit = 100 if key[2] == "nps" else 1
        row = rows[key]
        assert (row["expectation_source"], row["pair_count"]) == ("asked", len(told))
        hoped_score = unit * np.average([hoped for _, hoped, _ in told], weights=weights)
        assert row["expected_score"] == pytest.approx(hoped_score)
        reach = Z * deviation / np.sqrt(count)
        assert [row["gap"], row["gap_low"], row["gap_high"]] == pytest.approx(
            [unit * mean, unit * (mean - reach), unit * (mean + reach)]
        )
        limit = 40 if key[2] == "nps" else 0.2
        low, high = adjusted(mean, deviation, count, 2 if key[2] == "nps" else 1)
        assert [row["gap_adjusted_low"], row["gap_adjusted_high"]] == pytest.approx([unit * low, unit * high])
        wanted = "suppress" if count < 20 else "flag" if unit * (high - low) > limit else "publish"
        assert row["gap_verdict"] == wanted
        assert count < len(told), "clusters and weights cost something here"


def adjusted(mean: float, deviation: float, count: float, reach: float) -> tuple[float, float]:
    """Work Bonett and Price's interval out anew: the same pairs and two that differ as far as they can."""
    weights = np.array([count, 1, 1])
    means = np.array([mean, reach, -reach])
    squares = np.array([deviation**2 + mean**2, reach**2, reach**2])
    centre = np.average(means, weights=weights)
    width = Z * np.sqrt((np.average(squares, weights=weights) - centre**2) / (count + 2))
    return max(-reach, centre - width), min(reach, centre + width)


def test_gaps_that_were_set(rows: Rows) -> None:
    unasked = {key: row for key, row in rows.items() if row["expectation_source"] != "asked"}
    assert {key for key, row in unasked.items() if row["gap"] is not None} == {
        ("phone", "transactional", "ces")
    }
    row = rows["phone", "transactional", "ces"]
    assert (row["expectation_source"], row["expected_score"], row["pair_count"]) == ("set", 0.4, 0)
    moved = [row["score"] - 0.4, row["score_low"] - 0.4, row["score_high"] - 0.4]
    assert [row["gap"], row["gap_low"], row["gap_high"]] == pytest.approx(moved)
    assert [row["gap_adjusted_low"], row["gap_adjusted_high"]] == [row["gap_low"], row["gap_high"]]
    assert row["gap_verdict"] == row["verdict"]


def test_importance_cuts_and_quadrants(facts: AtRandom, rows: Rows) -> None:
    stated = {}
    for touchpoint in ("desk", "gate"):
        told = [one for one in facts.answers if one.asks_for == "importance" and one.touchpoint == touchpoint]
        stated[touchpoint] = np.average([one.position for one in told], weights=[one.weight for one in told])
    derived = {row["touchpoint_id"]: row["derived_importance"] for row in rows.values()}
    alike: dict[tuple[Any, ...], list[tuple[str, str, str]]] = defaultdict(list)
    for key, row in rows.items():
        beside = {other[0] for other in rows if other[1:] == key[1:]} & stated.keys()
        is_stated = key[0] in stated and (len(beside) > 1 or derived[key[0]] is None)
        source = "stated" if is_stated else "derived" if derived[key[0]] is not None else None
        assert row["importance_source"] == source
        assert row["importance"] == pytest.approx(stated[key[0]] if is_stated else derived[key[0]])
        assert row["stated_importance"] == pytest.approx(stated.get(key[0]))
        alike[*key[1:], source, row["importance_journey_id"], row["importance_metric"]].append(key)
    for group in alike.values():
        importances = [rows[key]["importance"] for key in group]
        cut = np.mean(importances) if None not in importances and len(group) > 1 else None
        for key in group:
            row = rows[key]
            scores = [other["score"] for name, other in rows.items() if name[1:] == key[1:]]
            performance_cut = np.mean(scores) if len(scores) > 1 else None
            assert row["importance_cut"] == pytest.approx(cut)
            assert row["performance_cut"] == pytest.approx(performance_cut)
            assert row["quadrant"] == quadrant(row["importance"], cut, row["score"], performance_cut)
    assert {row["quadrant"] for row in rows.values()} >= {None, "keep_up"}


def quadrant(importance: float, cut: float | None, score: float, performance_cut: float | None) -> str | None:
    """Look a quadrant up."""
    if cut is None or performance_cut is None:
        return None
    names = {
        (True, True): "keep_up",
        (True, False): "concentrate_here",
        (False, True): "possible_overkill",
        (False, False): "low_priority",
    }
    return names[bool(importance >= cut), bool(score >= performance_cut)]
