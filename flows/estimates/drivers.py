"""The drivers of one outcome: what is left out, importance, intervals and the ranks that they allow."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, TypeAlias

import numpy as np

from flows.estimates.selection import Limits, left_out
from flows.estimates.shares import Numbers, shares, slopes
from flows.estimates.sums import PairSums, repaired

Row: TypeAlias = dict[str, Any]
REPLICATES = 500
# Above this share of spoilt replicates (an answer that never varies) no interval is told.
_MOST_SPOILT = 0.05
# Mending contradictions between pairs may move a correlation by this much, and no further.
_MOST_MENDED = 0.05
_AT_A_TIME = 50
_TAIL = 0.025


@dataclass(frozen=True, slots=True)
class Outcome:
    """Name an outcome and how many responses hold it beside a touchpoint."""

    journey_id: str
    metric: str
    survey_kind: str
    sample_count: int

    @property
    def seed(self) -> int:
        """Give the number that the draws begin with: made of facts, so that a rebuild draws the same."""
        return int(hashlib.sha256(f"{self.journey_id}|{self.metric}".encode()).hexdigest()[:12], 16)


def weigh(outcome: Outcome, sums: PairSums, limits: Limits) -> list[Row]:
    """Give one row per touchpoint; one that is left out, or all of too small a sample, say why instead."""
    reasons = left_out(sums, limits)
    kept = [number for number in range(len(sums.names)) if number not in reasons]
    counts = sums.count_matrix()[:, -1]
    facts = {"survey_kind": outcome.survey_kind, "sample_count": outcome.sample_count, "seed": outcome.seed}
    numbers, refusal = _numbers(outcome, sums.of(kept), limits)
    found = {name: {**facts, **told} for name, told in numbers.items()}
    rows = []
    for number, name in enumerate(sums.names[:-1]):
        why = reasons.get(number, refusal)
        row = {"journey_id": outcome.journey_id, "outcome_metric": outcome.metric, "touchpoint_id": name}
        rows.append({**row, "answer_count": int(counts[number]), "left_out": why, **found.get(name, facts)})
    return rows


def _numbers(outcome: Outcome, sums: PairSums, limits: Limits) -> tuple[Mapping[str, Row], str | None]:
    """Give importance and all that goes with it by touchpoint, or none and why."""
    count = len(sums.names) - 1
    needed = max(limits.least_sample, limits.least_per_driver * count)
    if outcome.sample_count < needed:
        return (
            {},
            f"cannot tell: {outcome.sample_count} responses, {needed} are needed for {count} touchpoints",
        )
    if not count:
        return {}, None
    told = sums.correlations()
    if np.isnan(told).any():
        return {}, "cannot tell: the answers to the outcome, or to all touchpoints, do not vary"
    matrix = repaired(told)
    if np.abs(matrix - told).max() > _MOST_MENDED:
        return {}, "cannot tell: pairs of answers by different people contradict one another"
    importance, method = shares(matrix)
    drawn, slopes_drawn = _drawn_again(sums, outcome.seed)
    low, high = _where_most_lie(drawn)
    ranks = _ranks(low, high)
    sign = _signs(slopes(matrix))[0]
    agreeing = (_signs(slopes_drawn) == sign).mean(axis=0) if len(drawn) else np.zeros(count)
    columns: Mapping[str, Any] = {
        "importance": importance[0],
        "importance_low": low,
        "importance_high": high,
        "rank_low": ranks[0],
        "rank_high": ranks[1],
        "sign": sign,
        "is_sign_certain": agreeing >= 1 - _TAIL,
        "correlation": told[0, :-1, -1],
    }
    common = {
        "r_squared": float(importance[0].sum()),
        "method": method,
        "is_repaired": bool((matrix != told).any()),
        "replicate_count": len(drawn),
    }
    return {
        name: {**common, **{column: _plain(values[place]) for column, values in columns.items()}}
        for place, name in enumerate(sums.names[:-1])
    }, None


def _plain(value: Any) -> Any:
    """Give what a store takes: Python's own number, None for NaN."""
    plain = value.item() if isinstance(value, np.generic) else value
    return None if isinstance(plain, float) and np.isnan(plain) else plain


def _signs(coefficients: Numbers) -> Numbers:
    return np.sign(np.round(coefficients, 6)).astype(int)


def _drawn_again(sums: PairSums, seed: int) -> tuple[Numbers, Numbers]:
    """Draw groups of respondents with replacement; returns importances and slopes of each sound replicate."""
    groups = len(sums.sums)
    chance = np.random.default_rng(seed)
    draws = chance.multinomial(groups, np.full(groups, 1 / groups), size=REPLICATES).astype(float)
    none = np.empty((0, len(sums.names) - 1))
    importances, coefficients = [none], [none]
    for start in range(0, REPLICATES, _AT_A_TIME):
        matrices = sums.correlations(draws[start : start + _AT_A_TIME])
        sound = matrices[~np.isnan(matrices).any(axis=(1, 2))]
        if len(sound):
            sound = repaired(sound)
            importances.append(shares(sound)[0])
            coefficients.append(slopes(sound))
    return np.concatenate(importances), np.concatenate(coefficients)


def _where_most_lie(drawn: Numbers) -> tuple[Numbers, Numbers]:
    """Give where 95 % of the replicates lie; NaN where too many of them were spoilt.

    Plain percentiles: in simulations they cover best where importances are small and cannot fall below 0.
    """
    if len(drawn) < REPLICATES * (1 - _MOST_SPOILT):
        untold = np.full(drawn.shape[1], np.nan)
        return untold, untold
    low, high = np.quantile(drawn, (_TAIL, 1 - _TAIL), axis=0)
    return low, high


def _ranks(low: Numbers, high: Numbers) -> tuple[Sequence[int | None], Sequence[int | None]]:
    """Give the first and last rank that each may have: intervals that meet put none above the other."""
    if np.isnan(low).any():
        return [None] * len(low), [None] * len(low)
    low, high = np.round(low, 9), np.round(high, 9)
    is_above = low[None, :] > high[:, None]
    return (1 + is_above.sum(axis=1)).tolist(), (len(low) - is_above.sum(axis=0)).tolist()
