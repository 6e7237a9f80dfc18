"""How Python itself is run: how often threads take turns, and how often circles of objects are looked for."""

from __future__ import annotations

import gc
import sys
from collections.abc import Iterator
from contextlib import contextmanager

_TURN = 0.00005  # seconds
_OBJECTS = 8000


@contextmanager
def quick_turns() -> Iterator[None]:
    """Let threads take turns quickly: Python's five milliseconds are longer than most calls of DuckDB take.

    Whoever comes back from one had to wait that long for a thread that reads; so nothing was won by two.
    """
    usual = sys.getswitchinterval()
    sys.setswitchinterval(min(usual, _TURN))
    try:
        yield
    finally:
        sys.setswitchinterval(usual)


def sweep_rarely() -> None:
    """Look for circles of objects after eight thousand new ones, not after each seven hundred.

    A page of a survey tool is more than that, and what Prefect and dbt are made of is looked at over and over
    while it is being imported: a sixteenth of the time of a run that has nothing to do.
    """
    usual, *others = gc.get_threshold()
    if 0 < usual < _OBJECTS:  # 0 is never
        gc.set_threshold(_OBJECTS, *others)
