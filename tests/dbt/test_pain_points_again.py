"""Pain points counted and tested a second way, over random answers."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator
from typing import Any

import numpy as np
import pytest
from scipy import stats

from tests.dbt.at_random import effective
from tests.dbt.pains import THEMES, Facts, Pain, Place, Score, Sitting, at_random, made

Behind = dict[Pain, list[tuple[Sitting, str]]]


def classes(facts: Facts) -> dict[tuple[str, Place], str]:
    """Tell how each response scored each place: by its worst answer."""
    moods: dict[tuple[str, Place], set[str]] = defaultdict(set)
    for one in facts.sittings:
        for score in one.scores:
            moods[one.key, score.place].add(score.kind)
    return {
        key: "bad" if "bad" in kinds else "good" if kinds == {"good"} else "middle"
        for key, kinds in moods.items()
    }


def raised(facts: Facts) -> Iterator[tuple[Pain, Sitting, str, bool]]:
    """Yield what raises each theme, whose class it is, and whether it counts."""
    mood = classes(facts)
    for one in facts.sittings:
        complained = set()
        for place, themes in one.comments:
            for theme in themes:
                if THEMES[theme] != "praise":
                    complained.add(place)
                    counts = mood.get((one.key, place)) != "good"
                    yield (*place, theme), one, f"{one.key} says {place[1]}", counts
        for score in one.scores:
            if score.kind == "bad" and score.place not in complained:
                yield (*score.place, "none"), one, f"{one.key} {score.place[1]} {score.metric}", True


@pytest.fixture(scope="module", params=[1, 2])
def drawn(request: pytest.FixtureRequest, for_duckdb: dict[str, str]) -> tuple[Facts, Any]:
    """Draw facts, make the marts of them."""
    facts = at_random(request.param)
    return facts, made(for_duckdb, facts)


@pytest.fixture(scope="module")
def keyed(drawn: tuple[Facts, Any]) -> dict[Pain, dict[str, Any]]:
    """Give the mart by place and theme."""
    found = drawn[1].rows("from warehouse.marts.pain_points")
    return {(row["journey_id"], row["touchpoint_id"], row["theme_id"]): row for row in found}


def behind(facts: Facts) -> Behind:
    """Gather the answers behind each pain point."""
    found: Behind = defaultdict(list)
    for pain, one, answer, counts in raised(facts):
        if counts and one.window == "now":
            found[pain].append((one, answer))
    return found


def test_counts_values_and_causes(drawn: tuple[Facts, Any], keyed: dict[Pain, dict[str, Any]]) -> None:
    facts, _ = drawn
    expected = behind(facts)
    assert keyed.keys() == expected.keys() and len(keyed) > 12
    for pain, answers in expected.items():
        row = keyed[pain]
        people = {one.who: one.customer for one, _ in answers}
        values = [facts.values.get(customer or "") for customer in people.values()]
        known = [value for value in values if value is not None]
        assert (row["answer_count"], row["customer_count"]) == (len(answers), len(people)), pain
        assert row["value_at_risk"] == (pytest.approx(sum(known)) if known else None), pain
        assert row["unknown_value_count"] == len(values) - len(known), pain
        keys = {one.follow_up(pain[1]) for one, _ in answers}
        named = Counter(cause for key in keys if (cause := facts.causes.get(key)))
        most = min(named, key=lambda cause: (-named[cause], cause), default=None)
        assert row["root_cause_id"] == most, pain
        assert row["root_cause_named"] == named.total(), pain
        assert row["root_cause_share"] == (pytest.approx(named[most] / named.total()) if most else None), pain


def test_the_answers_behind_are_those_and_no_others(drawn: tuple[Facts, Any]) -> None:
    facts, chain = drawn
    told = chain.rows(
        "select journey_id, touchpoint_id, theme_id, behind.* "
        "from warehouse.marts.pain_point_answers as behind "
        "inner join warehouse.marts.pain_points using (pain_point_id)"
    )
    mood = classes(facts)
    found: dict[Pain, set[tuple[str, str, str | None, str | None]]] = defaultdict(set)
    for row in told:
        pain = (row["journey_id"], row["touchpoint_id"], row["theme_id"])
        found[pain].add((row["response_key"], row["answer_key"], row["customer_id"], row["score_class"]))
    assert len(told) == sum(map(len, found.values()))
    assert found == {
        pain: {(one.key, answer, one.customer, mood.get((one.key, pain[:2]))) for one, answer in answers}
        for pain, answers in behind(facts).items()
    }
    keys = {(row["response_key"], row["touchpoint_id"]): row["follow_up_key"] for row in told}
    scored = {(one.key, score.place[1]): one for one in facts.sittings for score in one.scores}
    held = {one.key: one for one in facts.sittings}
    for (response, touchpoint), key in keys.items():
        own = held[response].follow_up(touchpoint)
        assert key == (own if (response, touchpoint) in scored or own in facts.causes else None)


def test_trends_by_the_share_of_what_is_said(
    drawn: tuple[Facts, Any], keyed: dict[Pain, dict[str, Any]]
) -> None:
    facts, _ = drawn
    said: dict[tuple[Place, bool, str | None], list[str]] = defaultdict(list)
    for one in facts.sittings:
        for score in one.scores:
            said[score.place, True, one.window].append(one.who)
        for place, _ in one.comments:
            said[place, False, one.window].append(one.who)
    counts = Counter((pain, one.window) for pain, one, _, counts in raised(facts) if counts)
    p_values = {}
    for pain in keyed:
        spoken = [said[pain[:2], pain[2] == "none", window] for window in ("now", "before")]
        shares = [
            counts[pain, window] / len(each) if each else 0.0
            for window, each in zip(("now", "before"), spoken, strict=True)
        ]
        sizes = [
            worth(
                each,
                Counter(
                    one.who
                    for other, one, _, bad in raised(facts)
                    if bad and other == pain and one.window == window
                ),
            )
            for window, each in zip(("now", "before"), spoken, strict=True)
        ]
        if min(sizes) >= facts.suppress_below and sum(shares) > 0:
            table = [[n * s, n * (1 - s)] for n, s in zip(sizes, shares, strict=True)]
            p_values[pain] = stats.chi2_contingency(table, correction=False).pvalue
        assert keyed[pain]["rate"] == pytest.approx(shares[0])
    compare(keyed, p_values, "trend_p_value", "trend_q_value")
    assert {row["trend"] for pain, row in keyed.items() if pain not in p_values} <= {"cannot_tell"}


def worth(spoken: list[str], bad: Counter[str]) -> float:
    """Count what was said as independent answers, customers being the clusters."""
    codes = [float(number < bad[who]) for who, each in Counter(spoken).items() for number in range(each)]
    clusters = [who for who, each in Counter(spoken).items() for _ in range(each)]
    return effective(codes, [1.0] * len(codes), clusters) if codes else 0.0


def test_impacts_without_those_who_mention_it(
    drawn: tuple[Facts, Any], keyed: dict[Pain, dict[str, Any]]
) -> None:
    facts, _ = drawn
    mentions: dict[Pain, set[str]] = defaultdict(set)
    for pain, one, _, _ in raised(facts):
        if one.window == "now":
            mentions[pain].add(one.key)
    p_values = {}
    for pain, row in keyed.items():
        scores = [
            (one, score)
            for one in facts.sittings
            if one.window == "now"
            for score in one.scores
            if score.place == pain[:2]
        ]
        sizes = Counter(score.metric for _, score in scores)
        metric = min(sizes, key=lambda name: (-sizes[name], name))
        chosen = [(one, score) for one, score in scores if score.metric == metric]
        with_it = [one.key in mentions[pain] for one, _ in chosen]
        shrink = len({one.who for one, _ in chosen}) / len(chosen)
        mean, weight = means(chosen, metric), np.array([one.weight for one, _ in chosen])
        inside, outside = np.array(with_it), ~np.array(with_it)
        assert row["impact_metric"] == metric
        for name, mask in (("score", inside | outside), ("score_with", inside), ("score_without", outside)):
            wanted = np.average(mean[mask], weights=weight[mask]) * (100 if metric == "nps" else 1)
            assert row[name] == pytest.approx(wanted), (pain, name)
        p_values[pain] = p_of(mean, weight, inside, shrink, is_points=metric == "nps")
        assert row["score_impact"] == pytest.approx(row["score"] - row["score_without"])
    compare(keyed, p_values, "impact_p_value", "impact_q_value")
    for row in keyed.values():
        assert row["confidence"] == pytest.approx(1 - row["impact_q_value"])


def means(chosen: list[tuple[Sitting, Score]], metric: str) -> Any:
    """Code the answers: 1, 0, -1 for points, 1 and 0 for shares."""
    code = {"good": 1.0, "middle": 0.0, "bad": -1.0 if metric == "nps" else 0.0}
    return np.array([code[score.kind] for _, score in chosen])


def p_of(codes: Any, weights: Any, inside: Any, shrink: float, *, is_points: bool) -> float:
    """Test those inside against those outside, every answer worth `shrink`."""
    groups = []
    for mask in (inside, ~inside):
        n = mask.sum() * shrink
        good = np.average(codes[mask] == 1, weights=weights[mask])
        bad = np.average(codes[mask] == -1, weights=weights[mask])
        groups.append((n, good, bad))
    if not is_points:
        table = [[n * good, n * (1 - good)] for n, good, _ in groups]
        return float(stats.chi2_contingency(table, correction=False).pvalue)
    # Agresti and Min: three answers added to each group, spread over the classes.
    added = [((g * n + 0.75) / (n + 3), (b * n + 0.75) / (n + 3), n + 3) for n, g, b in groups]
    centres = [g - b for g, b, _ in added]
    spread = sum((g + b - (g - b) ** 2) / n for g, b, n in added)
    return float(2 * stats.norm.sf(abs(centres[0] - centres[1]) / np.sqrt(spread)))


def compare(keyed: dict[Pain, dict[str, Any]], p_values: dict[Pain, float], p_name: str, q_name: str) -> None:
    """Compare p and their corrected q with those of a second method."""
    q_values = dict(zip(p_values, stats.false_discovery_control(list(p_values.values())), strict=True))
    assert len(p_values) > 5
    for pain, row in keyed.items():
        if pain not in p_values:
            assert (row[p_name], row[q_name]) == (None, None), pain
            continue
        wanted = (p_values[pain], q_values[pain])
        assert (row[p_name], row[q_name]) == pytest.approx(wanted, rel=1e-9, abs=1e-12), pain
