"""How much of an outcome's variance each driver accounts for, out of correlations alone.

Every function takes a stack of matrices (first axis: replicates), so that a bootstrap costs one call.
The last variable of a matrix is the outcome, the others are its drivers.
"""

from __future__ import annotations

from math import comb
from typing import Any, TypeAlias

import numpy as np
import numpy.typing as npt

Numbers: TypeAlias = npt.NDArray[Any]

# With more drivers, all 2^k regressions are too many and Johnson's relative weights stand in for them.
MOST_FOR_LMG = 15
# A driver that keeps less than this of its variance beside others says nothing that they do not say.
_NOTHING = 1e-10
# Numbers held at a time by the regressions of a stack: 64 MB.
_AT_A_TIME = 1 << 23


def shares(correlations: Numbers) -> tuple[Numbers, str]:
    """Divide R² among the drivers of each matrix; returns the shares and the method's name."""
    if correlations.shape[-1] - 1 <= MOST_FOR_LMG:
        return lmg(correlations), "lmg"
    return johnson(correlations), "johnson"


def lmg(correlations: Numbers) -> Numbers:
    """Average what a driver adds to R² over all orders of entering (Lindeman, Merenda, Gold; Shapley)."""
    count = correlations.shape[-1] - 1
    parts = _parts(count)
    step = max(1, _AT_A_TIME // (6 << count))
    stacks = [correlations[start : start + step] for start in range(0, len(correlations), step)]
    return np.concatenate([_r_squared_of_subsets(stack) @ parts for stack in stacks])


def _parts(count: int) -> Numbers:
    """Give the weight of each subset's R² in each driver's share; bit j of a subset's number is driver j."""
    subsets = np.arange(1 << count)
    holds = (subsets[:, None] >> np.arange(count)) & 1 == 1
    sizes = holds.sum(axis=1)
    weights = np.array([1 / (count * comb(count - 1, size)) for size in range(count)])
    joined = weights[np.maximum(sizes - 1, 0)][:, None]
    apart = weights[np.minimum(sizes, count - 1)][:, None]
    return np.where(holds, joined, -apart)


def _r_squared_of_subsets(correlations: Numbers) -> Numbers:
    """Give R² of every subset: drivers are taken in or left one by one, what remains is what they leave.

    Halving the matrix at each step makes this 6 * 2^k additions, where 2^k regressions were k³ as many.
    """
    count = correlations.shape[-1] - 1
    left = correlations[:, None]
    for _ in range(count):
        pivot, row = left[..., 0, 0], left[..., 0, 1:]
        rest = left[..., 1:, 1:]
        scale = np.where(pivot > _NOTHING, 1 / np.maximum(pivot, _NOTHING), 0.0)
        taken = rest - scale[..., None, None] * row[..., :, None] * row[..., None, :]
        # The first driver becomes the lowest bit: subsets so far, then the same with this driver.
        left = np.concatenate((rest, taken), axis=1)
    return np.clip(1 - left[..., 0, 0], 0, 1)


def johnson(correlations: Numbers) -> Numbers:
    """Give Johnson's relative weights: R² divided by way of the nearest uncorrelated drivers."""
    drivers, outcome = correlations[:, :-1, :-1], correlations[:, :-1, -1]
    values, vectors = np.linalg.eigh(drivers)
    roots = np.sqrt(np.maximum(values, _NOTHING))[:, None, :]
    turned = vectors.swapaxes(1, 2)
    loadings = (vectors * roots) @ turned
    weights = (vectors / roots) @ (turned @ outcome[:, :, None])
    divided: Numbers = (loadings**2 @ weights**2)[..., 0]
    return divided


def slopes(correlations: Numbers) -> Numbers:
    """Give the standardised coefficients of the ordinary regression."""
    drivers, outcome = correlations[:, :-1, :-1], correlations[:, :-1, -1:]
    solved: Numbers = (np.linalg.pinv(drivers, rcond=1e-9, hermitian=True) @ outcome)[..., 0]
    return solved
