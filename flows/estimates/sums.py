"""Correlations out of sums over pairs of variables, kept by group of respondents."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, TypeAlias

import numpy as np
import numpy.typing as npt

Numbers: TypeAlias = npt.NDArray[Any]
# Per pair: weight, x, y, xx, yy, xy, each summed with the responses' weights.
KINDS = ("weight", "x", "y", "xx", "yy", "xy")
# Less variance than this (positions run from 0 to 1) is none.
_NO_VARIANCE = 1e-9
# The smallest eigenvalue that a matrix of correlations is left with.
_LEAST_EIGENVALUE = 1e-6


@dataclass(frozen=True, slots=True)
class PairSums:
    """Hold the sums of every pair of variables, by group of respondents; the last variable is the outcome.

    `counts` are responses that hold both of a pair, `sums` is shaped (groups, kinds, pairs), `pairs` names
    the two variables of each pair by number.
    """

    names: tuple[str, ...]
    pairs: Numbers
    counts: Numbers
    sums: Numbers

    def of(self, kept: list[int]) -> PairSums:
        """Give the sums of some of the variables, in this order; the outcome is among them, last."""
        places = np.full(len(self.names), -1)
        places[kept] = np.arange(len(kept))
        pairs = places[self.pairs]
        whole = (pairs >= 0).all(axis=1)
        names = tuple(self.names[number] for number in kept)
        return PairSums(names, pairs[whole], self.counts[whole], self.sums[:, :, whole])

    def count_matrix(self) -> Numbers:
        """Give how many responses hold both of two variables; 0 on the diagonal."""
        return _square(self.counts[None], self.pairs, len(self.names), 0)[0]

    def correlations(self, draws: Numbers | None = None) -> Numbers:
        """Give a matrix for every row of `draws`, which says how often each group counts (left out: once).

        NaN where a pair is missing or one of the two never varies.
        """
        drawn = np.ones((1, len(self.sums))) if draws is None else draws
        groups, kinds, pairs = self.sums.shape
        totals = (drawn @ self.sums.reshape(groups, kinds * pairs)).reshape(len(drawn), kinds, pairs)
        return _square(_pearson(totals), self.pairs, len(self.names), 1)


def _pearson(totals: Numbers) -> Numbers:
    weight, x, y, xx, yy, xy = np.moveaxis(totals, 1, 0)
    weight = np.where(weight > 0, weight, np.nan)
    x, y = x / weight, y / weight
    variances = xx / weight - x * x, yy / weight - y * y
    varies = (variances[0] > _NO_VARIANCE) & (variances[1] > _NO_VARIANCE)
    scale = np.sqrt(np.where(varies, variances[0] * variances[1], np.nan))
    # Sums are added in no certain order; what they differ by must not reach a rank or a sign.
    return np.round(np.clip((xy / weight - x * y) / scale, -1, 1), 12)


def _square(values: Numbers, pairs: Numbers, size: int, diagonal: float) -> Numbers:
    matrix = np.full((len(values), size, size), np.nan if diagonal else 0.0)
    matrix[:, pairs[:, 0], pairs[:, 1]] = values
    matrix[:, pairs[:, 1], pairs[:, 0]] = values
    matrix[:, np.arange(size), np.arange(size)] = diagonal
    return matrix


def repaired(correlations: Numbers) -> Numbers:
    """Make correlations of different people's answers fit together, as those of complete answers do.

    Eigenvalues below a millionth are raised to it and the diagonal is scaled back to 1 (Rebonato and Jäckel's
    spectral method); a matrix that has none below is left as it is.
    """
    values, vectors = np.linalg.eigh(correlations)
    mended = (vectors * np.maximum(values, _LEAST_EIGENVALUE)[:, None, :]) @ vectors.swapaxes(1, 2)
    scale = 1 / np.sqrt(np.einsum("nii->ni", mended))
    mended = mended * scale[:, :, None] * scale[:, None, :]
    return np.where((values[:, 0] < _LEAST_EIGENVALUE)[:, None, None], mended, correlations)
