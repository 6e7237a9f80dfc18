"""Which changes are called out when nothing changed, and when something did: thousands of runs at once."""

from __future__ import annotations

import numpy as np
import pytest

from tests.dbt.cells import Numbers, compared, independent, settings
from tests.dbt.chain import Chain

# The do-nothing simulation: true NPS of 40 segments normal around 30, SD 8; 30 % passives; 50 answers a wave.
SEGMENTS, MEAN, SPREAD, PASSIVE, WAVE = 40, 0.30, 0.08, 0.30, 50
MONTHS = np.array(["2026-04-01", "2026-05-01"], dtype="datetime64[D]")


@pytest.fixture(scope="module")
def chain(for_duckdb: dict[str, str]) -> Chain:
    """Give the models without a row."""
    made = Chain(for_duckdb)
    settings(made)
    return made


def drawn(chance: np.random.Generator, nps: Numbers, answers: int) -> tuple[Numbers, Numbers]:
    """Draw promoters and detractors at a true NPS (-1 to 1) and the share of passives of the simulation."""
    promoters = (1 - PASSIVE + nps) / 2
    good = chance.binomial(answers, promoters)
    bad = chance.binomial(answers - good, (1 - PASSIVE - promoters) / (1 - promoters))
    return good, bad


def months(chain: Chain, waves: list[tuple[Numbers, Numbers]], answers: int, as_segments: bool) -> Numbers:
    """Put two months of counts (runs by places) through the marts; returns q by run and place.

    A run is a survey kind of its own, and with it a family of its own.
    """
    runs, places = waves[0][0].shape
    good, bad = (np.stack([wave[kind] for wave in waves]) for kind in (0, 1))
    run, place = (each.ravel() for each in np.meshgrid(np.arange(runs), np.arange(places), indexing="ij"))
    column, other = ("segment", "touchpoint_id") if as_segments else ("touchpoint_id", "segment")
    told = compared(
        chain,
        {
            **independent(good.ravel(), bad.ravel(), np.full(good.size, answers), points=True),
            "period_start": np.repeat(MONTHS, runs * places),
            "survey_kind": np.tile(run, 2).astype(str),
            "segment_type": "store" if as_segments else "all",
            column: np.tile(place, 2).astype(str),
            other: "desk" if as_segments else "all",
        },
    )
    found = np.full((runs, places), np.nan)
    found[told["survey_kind"].astype(int), told[column].astype(int)] = told["change_q_value"]
    assert not np.isnan(found).any()
    return found


def false_alarms(chain: Chain, runs: int) -> float:
    """Do nothing and ask again; returns the share of runs in which some change is called out."""
    chance = np.random.default_rng(40)
    truth = chance.normal(MEAN, SPREAD, (runs, SEGMENTS))
    waves = [drawn(chance, truth, WAVE) for _ in MONTHS]
    return float((months(chain, waves, WAVE, True) < 0.05).any(axis=1).mean())


def drops_seen(chain: Chain, runs: int) -> float:
    """Let one of five touchpoints fall by 30 points, at 200 answers a month; returns how often q tells."""
    chance = np.random.default_rng(5)
    truth = chance.normal(MEAN, SPREAD, (runs, 5))
    before, after = (drawn(chance, truth - fall, 200) for fall in (0, np.array([0.3, 0, 0, 0, 0])))
    return float((months(chain, [before, after], 200, False)[:, 0] < 0.05).mean())


def test_nothing_changed_and_little_is_called_out(chain: Chain) -> None:
    assert false_alarms(chain, 500) <= 0.07


def test_a_drop_of_30_points_is_called_out(chain: Chain) -> None:
    assert drops_seen(chain, 500) >= 0.80


@pytest.mark.prove
def test_nothing_changed_in_thousands_of_runs(chain: Chain) -> None:
    assert false_alarms(chain, 4000) <= 0.07


@pytest.mark.prove
def test_a_drop_of_30_points_in_thousands_of_runs(chain: Chain) -> None:
    assert drops_seen(chain, 4000) >= 0.80
