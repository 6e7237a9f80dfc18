"""How often the same row stood in a file before; eight bytes a row, whatever the file's length."""

from __future__ import annotations

from bisect import bisect_left

import numpy as np

# Rows that are kept in a dictionary before they go to the sorted array.
_RECENT = 200_000


class Occurrences:
    """Number rows that are equal to the byte: 1 for the first of them, 2 for the second."""

    def __init__(self) -> None:
        """Begin with a file of which nothing was read."""
        self._counts: dict[int, int] = {}
        self._once = np.empty(0, np.uint64).data
        self._several: dict[int, int] = {}

    def number(self, digest: bytes) -> int:
        """Count a row, told by its digest, and give the number of its occurrence."""
        key = int.from_bytes(digest[:8], "big")
        number = self._counts.get(key) or self._several.get(key) or self._stored(key)
        number += 1
        self._counts[key] = number
        if len(self._counts) >= _RECENT:
            self._store()
        return number

    def _stored(self, key: int) -> int:
        place = bisect_left(self._once, key)
        return int(place < len(self._once) and self._once[place] == key)

    def _store(self) -> None:
        """Move what was counted out of the dictionary."""
        self._several.update((key, count) for key, count in self._counts.items() if count > 1)
        once = np.fromiter((key for key, count in self._counts.items() if count == 1), np.uint64)
        self._once = np.sort(np.concatenate([self._once, once]), kind="stable").data
        self._counts.clear()
