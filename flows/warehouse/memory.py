"""The newest content of each key in sixteen bytes: two hashes, in sorted runs that are merged as they grow.

A run is merged into the one before it when that is not twice as long, so adding costs n log n in all.
A key's hash met by chance (one in 10¹⁸ pairs) costs a needless version; content is never taken for another's.
"""

from __future__ import annotations

from typing import Any, TypeAlias

import numpy as np
import numpy.typing as npt

Numbers: TypeAlias = npt.NDArray[Any]
_Run: TypeAlias = tuple[Numbers, Numbers]


class Memory:
    """Hold pairs of hashes (64 bits each): a key's and its newest content's."""

    def __init__(self) -> None:
        """Begin with nothing."""
        self._runs: list[_Run] = []

    def add(self, keys: Numbers, contents: Numbers) -> None:
        """Take pairs, later ones in place of earlier ones with their key."""
        if not len(keys):
            return
        self._runs.append(_sorted(keys, contents))
        while len(self._runs) > 1 and len(self._runs[-2][0]) < 2 * len(self._runs[-1][0]):
            newer, older = self._runs.pop(), self._runs.pop()
            self._runs.append(_merged(older, newer))

    def newest(self, keys: Numbers) -> tuple[Numbers, Numbers]:
        """Tell which keys are known, and the newest content of these (0 for the others)."""
        order = np.argsort(keys)  # what is looked for in order is found in a quarter of the time
        keys = keys[order]
        is_known, contents = np.zeros(len(keys), bool), np.zeros(len(keys), np.uint64)
        for run_keys, run_contents in self._runs:  # oldest first: a newer run overrules
            places = np.minimum(np.searchsorted(run_keys, keys), len(run_keys) - 1)
            here = run_keys[places] == keys
            is_known[order[here]] = True
            contents[order[here]] = run_contents[places[here]]
        return is_known, contents


def has_twins(keys: Numbers) -> bool:
    """Tell whether any key is there twice."""
    keys = np.sort(keys)
    return bool((keys[1:] == keys[:-1]).any())


def _sorted(keys: Numbers, contents: Numbers) -> _Run:
    # Sorting that keeps later ones behind earlier ones takes five times as long.
    order = np.argsort(keys, kind="stable" if has_twins(keys) else "quicksort")
    keys, contents = keys[order], contents[order]
    is_last = np.append(keys[1:] != keys[:-1], True)
    return keys[is_last], contents[is_last]


def _merged(older: _Run, newer: _Run) -> _Run:
    """Put a newer run into an older one, in little more memory than both take."""
    (keys, contents), (more, said) = older, newer
    places = np.searchsorted(keys, more)
    near = np.minimum(places, len(keys) - 1)
    is_known = keys[near] == more
    contents[near[is_known]] = said[is_known]
    places, more, said = places[~is_known], more[~is_known], said[~is_known]
    places += np.arange(len(places))
    is_old = np.ones(len(keys) + len(more), bool)
    is_old[places] = False
    return _woven(keys, more, is_old, places), _woven(contents, said, is_old, places)


def _woven(older: Numbers, newer: Numbers, is_old: Numbers, places: Numbers) -> Numbers:
    woven = np.empty(len(is_old), older.dtype)
    woven[is_old] = older
    woven[places] = newer
    return woven
