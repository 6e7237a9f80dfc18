"""What SQL cannot say: how much each touchpoint explains of an outcome, and how sure that is (numpy)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

import numpy as np

from flows.estimates.drivers import Outcome, Row, weigh
from flows.estimates.selection import Limits
from flows.estimates.shares import Numbers
from flows.estimates.sums import KINDS, PairSums

__all__ = ["Limits", "drivers"]

# How the outcome itself is called among the touchpoints of a response: it was asked of the whole.
OUTCOME = "none"
_KEYS = ("journey_id", "outcome_metric", "survey_kind")


def drivers(columns: Mapping[str, Numbers], limits: Limits | None = None) -> list[Row]:
    """Weigh the touchpoints of every outcome: columns of int_driver_pairs_summed in, rows of drivers out.

    Raises ValueError where an outcome has no row that pairs it with itself.
    """
    rows: list[Row] = []
    for (journey_id, metric, survey_kind), part in _by_outcome(columns):
        sums, sample_count = _pair_sums(part)
        outcome = Outcome(journey_id, metric, survey_kind, sample_count)
        rows += weigh(outcome, sums, limits or Limits())
    return rows


def _by_outcome(columns: Mapping[str, Numbers]) -> Iterator[tuple[tuple[str, ...], dict[str, Numbers]]]:
    keys = list(zip(*(columns[name].tolist() for name in _KEYS), strict=True))
    distinct = sorted(set(keys))
    numbers = {key: number for number, key in enumerate(distinct)}
    owner = np.array([numbers[key] for key in keys], int)
    for key in distinct:
        here = owner == numbers[key]
        yield key, {name: values[here] for name, values in columns.items() if name not in _KEYS}


def _pair_sums(part: Mapping[str, Numbers]) -> tuple[PairSums, int]:
    """Put the rows of one outcome in an array; returns it and the number of responses with the outcome."""
    first, second = part["first_id"], part["second_id"]
    is_outcome = (first == OUTCOME) & (second == OUTCOME)
    if not is_outcome.any():
        raise ValueError("the pairs of an outcome do not hold the outcome itself")
    touchpoints = sorted({*first.tolist(), *second.tolist()} - {OUTCOME})
    names = (*touchpoints, OUTCOME)
    places = {name: place for place, name in enumerate(names)}
    codes = np.array([[places[name] for name in side.tolist()] for side in (first, second)], int)
    codes = codes[:, ~is_outcome]
    pairs, pair_no = np.unique(codes.T, axis=0, return_inverse=True)
    groups, group_no = np.unique(part["bucket"].astype(str), return_inverse=True)
    group_no = group_no[~is_outcome]
    sums = np.zeros((len(groups), len(KINDS), len(pairs)))
    counts = np.zeros(len(pairs))
    np.add.at(counts, pair_no.ravel(), part["response_count"][~is_outcome].astype(float))
    for place, kind in enumerate(KINDS):
        sums[group_no, place, pair_no.ravel()] = part[f"{kind}_sum"][~is_outcome].astype(float)
    return PairSums(names, pairs, counts, sums), int(part["response_count"][is_outcome].sum())
