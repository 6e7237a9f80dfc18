"""Which touchpoints can be weighed together: enough people rated them, in pairs, and not all alike."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from flows.estimates.shares import Numbers
from flows.estimates.sums import PairSums


@dataclass(frozen=True, slots=True)
class Limits:
    """Say what is too little (responses with both of a pair, with the outcome, per driver) and too many.

    Of more than `most_drivers` touchpoints those that most people rated are weighed.
    """

    least_pair: int = 30
    least_sample: int = 100
    least_per_driver: int = 10
    most_drivers: int = 60


def left_out(sums: PairSums, limits: Limits) -> dict[int, str]:
    """Say of touchpoints, by number, why they are not weighed; the others can be."""
    counts = sums.count_matrix()
    outcome = len(sums.names) - 1
    told: dict[int, str] = {}
    for number in range(outcome):
        if counts[number, outcome] < limits.least_pair:
            told[number] = (
                f"too few answers: {counts[number, outcome]:.0f} responses rate it and the outcome, "
                f"{limits.least_pair} are needed"
            )
    by_answers = sorted((-counts[number, outcome], sums.names[number], number) for number in range(outcome))
    rated = [number for _, _, number in by_answers if number not in told]
    for number in rated[limits.most_drivers :]:
        told[number] = f"too many touchpoints: the {limits.most_drivers} rated most are weighed"
    matrix = sums.correlations()[0]
    # Without a driver's own variance its correlations are missing: those with the outcome tell.
    for number in rated[: limits.most_drivers]:
        if np.isnan(matrix[number, outcome]) and not _never_varies(matrix, outcome):
            told[number] = "no difference: its answers, or the outcome's beside them, do not vary"
    _part_strangers(sums, limits, told, np.isnan(matrix))
    return told


def _never_varies(matrix: Numbers, outcome: int) -> bool:
    return bool(np.isnan(matrix[outcome, :outcome]).all())


def _part_strangers(sums: PairSums, limits: Limits, told: dict[int, str], is_missing: Numbers) -> None:
    """Leave out, one by one, the touchpoint with the most others that too few rated together with it."""
    counts = sums.count_matrix()
    while True:
        kept = [number for number in range(len(sums.names) - 1) if number not in told]
        among = np.ix_(kept, kept)
        lonely = (counts[among] < limits.least_pair) | is_missing[among]
        np.fill_diagonal(lonely, False)
        if not lonely.any():
            return
        # Most strangers first, then fewest answers, then by name: the same whatever the order of rows.
        order = [
            (-lonely[place].sum(), counts[number, -1], sums.names[number], number)
            for place, number in enumerate(kept)
        ]
        _, _, _, worst = min(order)
        strangers = [sums.names[kept[place]] for place in np.flatnonzero(lonely[kept.index(worst)])]
        told[worst] = (
            f"too few answers in pairs: fewer than {limits.least_pair} responses that vary rate it together "
            f"with {', '.join(sorted(strangers))}"
        )
