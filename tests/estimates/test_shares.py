"""Shares of R² against published values, and against regressions run one by one."""

from __future__ import annotations

from itertools import combinations
from math import comb

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from flows.estimates.shares import MOST_FOR_LMG, johnson, lmg, shares, slopes

# mpg, cyl, disp, hp, gear of 32 cars (R's mtcars).
CARS = np.array([
    21, 6, 160, 110, 4, 21, 6, 160, 110, 4, 22.8, 4, 108, 93, 4, 21.4, 6, 258, 110, 3,
    18.7, 8, 360, 175, 3, 18.1, 6, 225, 105, 3, 14.3, 8, 360, 245, 3, 24.4, 4, 146.7, 62, 4,
    22.8, 4, 140.8, 95, 4, 19.2, 6, 167.6, 123, 4, 17.8, 6, 167.6, 123, 4, 16.4, 8, 275.8, 180, 3,
    17.3, 8, 275.8, 180, 3, 15.2, 8, 275.8, 180, 3, 10.4, 8, 472, 205, 3, 10.4, 8, 460, 215, 3,
    14.7, 8, 440, 230, 3, 32.4, 4, 78.7, 66, 4, 30.4, 4, 75.7, 52, 4, 33.9, 4, 71.1, 65, 4,
    21.5, 4, 120.1, 97, 3, 15.5, 8, 318, 150, 3, 15.2, 8, 304, 150, 3, 13.3, 8, 350, 245, 3,
    19.2, 8, 400, 175, 3, 27.3, 4, 79, 66, 4, 26, 4, 120.3, 91, 5, 30.4, 4, 95.1, 113, 5,
    15.8, 8, 351, 264, 5, 19.7, 6, 145, 175, 5, 15, 8, 301, 335, 5, 21.4, 4, 121, 109, 4,
]).reshape(32, 5)[:, [1, 2, 3, 4, 0]]  # fmt: skip


def correlated(cases: np.ndarray) -> np.ndarray:
    """Give the correlations of complete cases, as a stack of one."""
    return np.corrcoef(cases.T)[None]


def r_squared(cases: np.ndarray, chosen: tuple[int, ...]) -> float:
    """Run one regression with an intercept."""
    outcome = cases[:, -1]
    design = np.column_stack((np.ones(len(cases)), cases[:, list(chosen)]))
    left = outcome - design @ np.linalg.lstsq(design, outcome, rcond=None)[0]
    return float(1 - left @ left / ((outcome - outcome.mean()) ** 2).sum())


def one_by_one(cases: np.ndarray) -> list[float]:
    """Average what each driver adds to R² over all subsets of the others, a regression for each."""
    count = cases.shape[1] - 1
    found = []
    for driver in range(count):
        others = [other for other in range(count) if other != driver]
        found.append(
            sum(
                (r_squared(cases, (*chosen, driver)) - r_squared(cases, chosen))
                / comb(count - 1, size)
                / count
                for size in range(count)
                for chosen in combinations(others, size)
            )
        )
    return found


def drawn(seed: int, count: int, width: int) -> np.ndarray:
    """Draw complete cases whose variables hang together."""
    chance = np.random.default_rng(seed)
    return chance.normal(size=(count, width)) @ chance.normal(size=(width, width))


def test_the_published_values() -> None:
    golden = [0.2470520, 0.2434996, 0.2109129, 0.0777251]
    assert lmg(correlated(CARS))[0] == pytest.approx(golden, abs=5e-8)
    golden = [0.2284797, 0.2221469, 0.2321744, 0.0963886]
    assert johnson(correlated(CARS))[0] == pytest.approx(golden, abs=5e-8)
    assert lmg(correlated(CARS)).sum() == pytest.approx(0.7791896, abs=5e-8)


data = st.tuples(st.integers(0, 10_000), st.integers(12, 60), st.integers(2, 6))


@settings(deadline=None, max_examples=25)
@given(data)
def test_what_regressions_one_by_one_give(chosen: tuple[int, int, int]) -> None:
    cases = drawn(*chosen)
    assert lmg(correlated(cases))[0] == pytest.approx(one_by_one(cases), abs=1e-7)


@settings(deadline=None)
@given(data)
def test_shares_sum_to_r_squared(chosen: tuple[int, int, int]) -> None:
    cases = drawn(*chosen)
    whole = r_squared(cases, tuple(range(cases.shape[1] - 1)))
    for method in (lmg, johnson):
        found = method(correlated(cases))[0]
        assert found.sum() == pytest.approx(whole, abs=1e-7)
        assert (found > -1e-9).all()


@settings(deadline=None)
@given(data, st.randoms())
def test_the_order_of_drivers_does_not_matter(chosen: tuple[int, int, int], chance: object) -> None:
    cases = drawn(*chosen)
    order = list(range(cases.shape[1] - 1))
    chance.shuffle(order)  # type: ignore[attr-defined]
    turned = cases[:, [*order, -1]]
    for method in (lmg, johnson):
        assert method(correlated(turned))[0] == pytest.approx(method(correlated(cases))[0][order], abs=1e-7)


def test_a_stack_is_each_of_its_matrices() -> None:
    stack = np.concatenate([correlated(drawn(seed, 40, 5)) for seed in range(7)])
    for method in (lmg, johnson, slopes):
        apart = np.concatenate([method(one[None]) for one in stack])
        assert method(stack) == pytest.approx(apart, abs=1e-12)


def test_slopes_are_those_of_the_regression() -> None:
    cases = drawn(3, 50, 5)
    scaled = (cases - cases.mean(axis=0)) / cases.std(axis=0)
    wanted = np.linalg.lstsq(scaled[:, :-1], scaled[:, -1], rcond=None)[0]
    assert slopes(correlated(cases))[0] == pytest.approx(wanted, abs=1e-9)


def test_twins_share_alike() -> None:
    cases = drawn(5, 60, 4)
    twins = np.column_stack((cases[:, 0], cases))
    found = lmg(correlated(twins))[0]
    assert found[0] == pytest.approx(found[1], abs=1e-6)
    assert found.sum() == pytest.approx(r_squared(cases, (0, 1, 2)), abs=1e-6)


@pytest.mark.parametrize(("drivers", "method"), [(MOST_FOR_LMG, "lmg"), (MOST_FOR_LMG + 1, "johnson")])
def test_many_drivers_are_weighed_by_johnson(drivers: int, method: str) -> None:
    cases = drawn(2, 200, drivers + 1)
    found, name = shares(correlated(cases))
    assert name == method
    assert found.sum() == pytest.approx(r_squared(cases, tuple(range(drivers))), abs=1e-7)
