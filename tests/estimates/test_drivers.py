"""The drivers of an outcome: pairs of incomplete answers, intervals that cover, and what is refused."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from flows.estimates import Limits, drivers
from flows.estimates.shares import lmg
from tests.estimates.surveyed import summed, surveyed

ANY = Limits(least_pair=2, least_sample=2, least_per_driver=1)


def by_name(rows: list[dict[str, Any]]) -> dict[str, dict[str, Any]]:
    """Key rows by touchpoint; there is one per touchpoint."""
    found = {row["touchpoint_id"]: row for row in rows}
    assert len(found) == len(rows)
    return found


def pairwise(answers: np.ndarray, weights: np.ndarray) -> np.ndarray:
    """Correlate each pair over the responses that hold both."""
    size = answers.shape[1]
    matrix = np.eye(size)
    for one in range(size):
        for other in range(one):
            both = ~np.isnan(answers[:, [one, other]]).any(axis=1)
            found = np.cov(answers[both][:, [one, other]].T, aweights=weights[both], ddof=0)
            matrix[one, other] = matrix[other, one] = found[0, 1] / np.sqrt(found[0, 0] * found[1, 1])
    return matrix


@settings(deadline=None, max_examples=15)
@given(st.integers(0, 10_000), st.sampled_from([0.0, 0.5]), st.booleans())
def test_importance_rests_on_weighted_pairs(seed: int, missing: float, is_weighted: bool) -> None:
    chance = np.random.default_rng(seed)
    answers = surveyed(chance, 300, [0.6, 0.3, 0.1], missing)
    weights = chance.uniform(0.2, 3, 300) if is_weighted else np.ones(300)
    found = by_name(drivers(summed(answers, weights=weights)))
    matrix = pairwise(answers, weights)
    wanted = lmg(matrix[None])[0]
    assert [found[name]["importance"] for name in "abc"] == pytest.approx(list(wanted), abs=1e-9)
    assert [found[name]["correlation"] for name in "abc"] == pytest.approx(list(matrix[-1, :-1]), abs=1e-9)
    assert found["a"]["r_squared"] == pytest.approx(wanted.sum())
    both = (~np.isnan(answers[:, :-1])).sum(axis=0)
    assert [found[name]["answer_count"] for name in "abc"] == both.tolist()


def test_the_same_answers_give_the_same_rows_in_any_order() -> None:
    columns = summed(surveyed(np.random.default_rng(1), 300, [0.5, 0.3], 0.3))
    turned = np.random.default_rng(2).permutation(len(columns["bucket"]))
    assert drivers(columns) == drivers({name: values[turned] for name, values in columns.items()})


def test_everyone_twice_changes_no_share() -> None:
    answers = surveyed(np.random.default_rng(4), 200, [0.5, 0.3, 0.1], 0.2)
    once, twice = by_name(drivers(summed(answers))), by_name(drivers(summed(np.repeat(answers, 2, axis=0))))
    for name, row in once.items():
        for column in ("importance", "sign", "correlation", "r_squared"):
            assert twice[name][column] == pytest.approx(row[column], abs=1e-9)


def test_drivers_that_lie_apart_are_ranked_and_others_share_ranks() -> None:
    found = by_name(drivers(summed(surveyed(np.random.default_rng(3), 3000, [1.2, 0.5, 0.5, 0.0]))))
    ranks = {name: (row["rank_low"], row["rank_high"]) for name, row in found.items()}
    assert ranks == {"a": (1, 1), "b": (2, 3), "c": (2, 3), "d": (4, 4)}
    for row in found.values():
        assert 0 <= row["importance_low"] < row["importance"] < row["importance_high"] < 1
    assert found["a"]["sign"] == 1 and found["a"]["is_sign_certain"]
    assert not found["d"]["is_sign_certain"]


def test_what_makes_things_worse_has_a_negative_sign() -> None:
    found = by_name(drivers(summed(surveyed(np.random.default_rng(8), 800, [0.8, -0.8]))))
    assert [found[name]["sign"] for name in "ab"] == [1, -1]
    assert found["b"]["is_sign_certain"]


def test_a_small_sample_is_told_not_weighed() -> None:
    answers = surveyed(np.random.default_rng(5), 99, [0.5, 0.3])
    rows = drivers(summed(answers))
    assert [row["left_out"] for row in rows] == [
        "cannot tell: 99 responses, 100 are needed for 2 touchpoints"
    ] * 2
    assert {row.get("importance") for row in rows} == {None}
    assert drivers(summed(np.vstack((answers, answers[:1]))))[0]["importance"] is not None
    eleven = summed(surveyed(np.random.default_rng(5), 109, [0.2] * 11))
    assert drivers(eleven)[0]["left_out"] == "cannot tell: 109 responses, 110 are needed for 11 touchpoints"


def test_touchpoints_left_out_say_why() -> None:
    answers = surveyed(np.random.default_rng(6), 400, [0.5, 0.4, 0.3, 0.2, 0.1])
    answers[29:, 0] = np.nan  # a: 29 ratings
    answers[:200, 1] = np.nan  # b and c were never rated together
    answers[190:, 2] = np.nan
    answers[:, 3] = 0.5  # d: all alike
    found = by_name(drivers(summed(answers)))
    assert found["a"]["left_out"].startswith("too few answers: 29 responses rate it and the outcome")
    assert found["c"]["left_out"].endswith("rate it together with b")
    assert found["d"]["left_out"].startswith("no difference")
    assert [found[name]["left_out"] for name in "be"] == [None, None]
    assert found["b"]["importance"] + found["e"]["importance"] == pytest.approx(found["b"]["r_squared"])


def test_every_touchpoint_that_is_missing_beside_another_is_named() -> None:
    answers = surveyed(np.random.default_rng(6), 600, [0.5, 0.4, 0.3, 0.2, 0.1, 0.1])
    answers[:300, 0] = np.nan  # a was asked of other people than all the others
    answers[300:, 1:-1] = np.nan
    found = by_name(drivers(summed(answers)))
    assert found["a"]["left_out"] == (
        "too few answers in pairs: fewer than 30 responses that vary rate it together with b, c, d, e, f"
    )
    assert [found[name]["left_out"] for name in "bcdef"] == [None] * 5


def test_only_so_many_touchpoints_are_weighed() -> None:
    answers = surveyed(np.random.default_rng(6), 200, [0.5, 0.4, 0.3])
    answers[:20, 1] = np.nan
    found = by_name(drivers(summed(answers), Limits(most_drivers=2)))
    assert found["b"]["left_out"] == "too many touchpoints: the 2 rated most are weighed"
    assert found["a"]["importance"] and found["c"]["importance"]


def test_an_outcome_that_never_varies_is_told() -> None:
    answers = surveyed(np.random.default_rng(6), 200, [0.5, 0.4])
    answers[:, -1] = 1.0
    assert {row["left_out"] for row in drivers(summed(answers))} == {
        "cannot tell: the answers to the outcome, or to all touchpoints, do not vary"
    }


def contradicting(strength: float) -> np.ndarray:
    """Let different people tell that a goes with b, a with the outcome, and b against the outcome."""
    chance = np.random.default_rng(9)
    third = 200
    answers = np.full((3 * third, 3), np.nan)
    for part, (one, other, sign) in enumerate([(0, 1, 1), (0, 2, 1), (1, 2, -1)]):
        rows = slice(part * third, (part + 1) * third)
        answers[rows, one] = chance.random(third)
        alike = sign * (answers[rows, one] - 0.5)
        answers[rows, other] = 0.5 + strength * alike + (1 - strength) * (chance.random(third) - 0.5)
    return answers


def test_pairs_that_contradict_one_another_are_refused_or_mended() -> None:
    columns = summed(contradicting(0.9))
    itself = {name: values[:1].copy() for name, values in columns.items()}
    itself["first_id"][0] = itself["second_id"][0] = "none"
    refused = drivers({name: np.concatenate((values, itself[name])) for name, values in columns.items()}, ANY)
    assert {row["left_out"] for row in refused} == {
        "cannot tell: pairs of answers by different people contradict one another"
    }
    mild = drivers(summed(contradicting(0.38)), ANY)
    assert {row["left_out"] for row in mild} == {None}
    assert mild[0]["is_repaired"]
    assert 0 <= mild[0]["r_squared"] <= 1


def covered(count: int, slopes: list[float], missing: float, cluster: int, times: int) -> np.ndarray:
    """Tell how often the interval of each driver holds the importance of a million answers."""
    chance = np.random.default_rng(12)
    whole = surveyed(chance, 1_000_000, slopes, cluster=cluster)
    true = lmg(np.corrcoef(whole.T)[None])[0]
    hits = np.zeros(len(slopes))
    for _ in range(times):
        answers = surveyed(chance, count, slopes, missing, cluster)
        groups = chance.integers(0, 256, -(-count // cluster)).repeat(cluster)[:count]
        found = by_name(drivers(summed(answers, groups)))
        rows = [found[chr(ord("a") + place)] for place in range(len(slopes))]
        hits += [
            row["importance_low"] <= x <= row["importance_high"] for row, x in zip(rows, true, strict=True)
        ]
    return hits / times


def test_intervals_cover() -> None:
    """Of 120 samples about 114 hold the truth; fewer than 103 would come once in ten thousand times."""
    assert covered(300, [0.5, 0.3, 0.0], 0.3, 1, 120).min() > 0.85


@pytest.mark.prove
@pytest.mark.timeout(3600)
@pytest.mark.parametrize(
    ("count", "slopes", "missing", "cluster"),
    [
        (200, [0.5, 0.3, 0.2, 0.0], 0.0, 1),
        (1000, [0.5, 0.3, 0.2, 0.1, 0.0, 0.0], 0.5, 1),
        (600, [0.5, 0.3, 0.2, 0.0], 0.3, 6),
        (150, [0.5, 0.3, 0.2, 0.0, 0.0, 0.0], 0.3, 1),
    ],
)
def test_intervals_cover_whatever_is_missing_and_clustered(
    count: int, slopes: list[float], missing: float, cluster: int
) -> None:
    found = covered(count, slopes, missing, cluster, 400)
    assert found.min() > 0.89 and found.mean() > 0.92, found
