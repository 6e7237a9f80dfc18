"""Items of which only those members are read that somebody looks up; the others are stepped over.

An item keeps its bytes, so what is not looked up now can still be read by SQL later. Stepping over a member
costs a fifth of making Python objects of it.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import suppress
from operator import attrgetter
from typing import Any

import msgspec

from flows.surveys.listings import REFUSALS
from flows.surveys.told import fault_of


class Members:
    """Know which members are looked up, and read just these."""

    def __init__(self) -> None:
        """Begin with none."""
        self._names: dict[str, str] = {}
        self._decoder: msgspec.json.Decoder[Any] | None = None

    def look_up(self, name: str) -> Callable[[Any], Any]:
        """Give what finds a member in an item that was read (None where there is none); not after `read`."""
        return attrgetter(self._names.setdefault(name, f"member_{len(self._names)}"))

    def read(self, raws: Sequence[bytes]) -> tuple[list[Any], dict[int, str]]:
        """Read items; one that is none has no members, and at its place stands why."""
        if self._decoder is None:
            self._decoder = self._made()
        with suppress(*REFUSALS):
            return list(map(self._decoder.decode, raws)), {}
        items, faults = [], {}
        for place, raw in enumerate(raws):
            try:
                items.append(self._decoder.decode(raw))
            except REFUSALS:
                items.append(self._decoder.decode(b"{}"))
                faults[place] = fault_of(raw)
        return items, faults

    def _made(self) -> msgspec.json.Decoder[Any]:
        # What comes out of JSON holds no circles, so nobody need look for them.
        fields = [(field, Any, None) for field in self._names.values()]
        rename = {field: name for name, field in self._names.items()}
        return msgspec.json.Decoder(msgspec.defstruct("Item", fields, rename=rename, gc=False))
