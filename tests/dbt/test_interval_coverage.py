"""How often the 95 % intervals hold the truth: exact where all samples can be listed, else simulated."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import numpy as np
import pytest
from scipy.special import gammaln, xlogy

from tests.dbt.cells import Numbers, independent, scored, settings
from tests.dbt.chain import Chain
from tests.dbt.draws import EVEN, PAIRS, SHARES, UNEVEN, Shape, sums

GRID = [number / 20 for number in range(1, 20)]
GRID_PAIRS = [(p / 20, d / 20) for p in range(1, 20) for d in range(1, 21 - p)]
PAIR_TYPES = (
    "response_key varchar, journey_id varchar, touchpoint_id varchar, survey_kind varchar, metric varchar, "
    "expected_code double, perceived_code double, difference double, weight double, cluster_key varchar"
)


@pytest.fixture(scope="module")
def chain(for_duckdb: dict[str, str]) -> Chain:
    """Give the models without a row."""
    made = Chain(for_duckdb)
    settings(made)
    return made


def tables(n: int) -> tuple[Numbers, Numbers]:
    """List every count of good and bad among n answers."""
    good, bad = (each.ravel() for each in np.meshgrid(np.arange(n + 1), np.arange(n + 1)))
    return good[good + bad <= n], bad[good + bad <= n]


def chances(good: Numbers, bad: Numbers, n: int, p: float, d: float) -> Numbers:
    """Give the multinomial probability of each table."""
    rest = n - good - bad
    ways = gammaln(n + 1) - gammaln(good + 1) - gammaln(bad + 1) - gammaln(rest + 1)
    found: Numbers = np.exp(ways + xlogy(good, p) + xlogy(bad, d) + xlogy(rest, max(1 - p - d, 0)))
    assert abs(found.sum() - 1) < 1e-9
    return found


def holds(low: Numbers, high: Numbers, truth: float) -> Numbers:
    """Say which intervals hold the truth; a limit that is the truth but for rounding does."""
    return (low <= truth + 1e-12) & (high >= truth - 1e-12)


@pytest.mark.parametrize("n", [10, 30, 100])
def test_nps_over_every_pair_of_shares(chain: Chain, n: int) -> None:
    good, bad = tables(n)
    cells = scored(chain, independent(good, bad, np.full(len(good), n), points=True))
    low, high = cells["score_low"] / 100, cells["score_high"] / 100
    found = [chances(good, bad, n, p, d)[holds(low, high, p - d)].sum() for p, d in GRID_PAIRS]
    assert len(found) == 190
    assert 0.93 <= np.mean(found) <= 0.97
    assert min(found) >= 0.89


@pytest.mark.parametrize("n", [10, 30, 100])
@pytest.mark.parametrize("metric", ["csat", "ces", "rating"])
def test_shares_over_every_share(chain: Chain, n: int, metric: str) -> None:
    good = np.arange(n + 1)
    none = np.zeros(n + 1, dtype=int)
    cells = scored(chain, {**independent(good, none, none + n, points=False), "metric": metric})
    found = [
        chances(good, none, n, p, 0.0)[holds(cells["score_low"], cells["score_high"], p)].sum() for p in GRID
    ]
    assert 0.93 <= np.mean(found) <= 0.97
    assert min(found) >= 0.89


def gaps(chain: Chain, better: Numbers, worse: Numbers, same: Numbers) -> dict[str, Numbers]:
    """Let the models estimate a gap of each set of pairs, given how many differ to either side."""
    chain.given("intermediate.made_up", "pairs bigint, difference double, no bigint", [])
    connection = chain.connection
    for difference, counts in ((1.0, better), (-1.0, worse), (0.0, same)):
        connection.execute(
            "insert into warehouse.intermediate.made_up select unnest(?), ?, unnest(?)",
            [counts.tolist(), difference, list(range(len(counts)))],
        )
    connection.execute(
        f"create or replace table warehouse.intermediate.int_expectations_paired ({PAIR_TYPES})"
    )
    connection.execute(
        "insert into warehouse.intermediate.int_expectations_paired "
        "select no || '/' || difference || '/' || one, 'visit', no, 'relational', 'csat', 0, difference, "
        "difference, 1, no || '/' || difference || '/' || one "
        "from warehouse.intermediate.made_up, unnest(range(pairs)) as answers(one)"
    )
    chain.make("int_gaps_estimated")
    return connection.execute(
        "from warehouse.intermediate.int_gaps_estimated order by cast(touchpoint_id as bigint)"
    ).fetchnumpy()


@pytest.mark.parametrize("n", [10, 30, 100])
def test_gaps_over_every_pair_of_shares(chain: Chain, n: int) -> None:
    """The adjusted interval keeps its promise; z sd / sqrt(n) is plain Wald and does not, with few pairs."""
    better, worse = tables(n)
    cells = gaps(chain, better, worse, n - better - worse)
    found, plain = (
        [chances(better, worse, n, p, d)[holds(low, high, p - d)].sum() for p, d in GRID_PAIRS]
        for low, high in (
            (cells["gap_adjusted_low"], cells["gap_adjusted_high"]),
            (cells["gap_low"], cells["gap_high"]),
        )
    )
    assert 0.93 <= np.mean(found) <= 0.97
    assert min(found) >= 0.89
    assert np.mean(plain) == pytest.approx({10: 0.872, 30: 0.928, 100: 0.943}[n], abs=0.001)


def coverage(chain: Chain, shape: Shape, clusters: int, runs: int, *, points: bool) -> list[float]:
    """Simulate one shape of sample over a grid of shares; returns how often the intervals held the truth."""
    chance = np.random.default_rng(clusters)
    unit, metric = (100.0, "nps") if points else (1.0, "csat")
    found = []
    for p, d in PAIRS if points else SHARES:
        drawn = sums(chance, shape, clusters, (p, d), runs, points=points)
        cells = scored(chain, {**drawn, "metric": metric})
        truth = (p - d) * unit
        found.append(float(holds(cells["score_low"], cells["score_high"], truth).mean()))
    return found


def error(share: float, count: int) -> float:
    """Give three and a half standard errors of a share."""
    return float(3.5 * (share * (1 - share) / count) ** 0.5)


def judge(chain: Chain, shapes: Iterable[Shape], sizes: Sequence[int], runs: int, least: float) -> list[str]:
    """Simulate shapes of samples; returns a sentence per fault: mean outside 93 to 97 %, one below the least.

    Means are asked for from 100 clusters up. Chance alone may take away three and a half standard errors.
    """
    faults = []
    for shape in shapes:
        for clusters in sizes:
            for points in (True, False):
                found = coverage(chain, shape, clusters, runs, points=points)
                slack = error(0.95, runs * len(found))
                mean = float(np.mean(found))
                if clusters >= 100 and not 0.93 - slack <= mean <= 0.97 + slack:
                    faults.append(f"{shape.name}, {clusters}: mean {mean:.4f}")
                if min(found) < least - error(least, runs):
                    faults.append(f"{shape.name}, {clusters}: least {min(found):.4f}")
    return faults


def test_clusters_and_weights_pay_for_themselves(chain: Chain) -> None:
    assert judge(chain, EVEN[2:], [30, 100], 150, 0.90) == []


@pytest.mark.prove
def test_clusters_and_weights_pay_for_themselves_in_all_shapes(chain: Chain) -> None:
    assert judge(chain, EVEN, [30, 100, 300], 4000, 0.90) == []


@pytest.mark.prove
def test_uneven_clusters_pay_from_a_hundred_up(chain: Chain) -> None:
    assert judge(chain, UNEVEN, [100, 300], 4000, 0.90) == []
    assert judge(chain, UNEVEN, [30], 4000, 0.89) == []
