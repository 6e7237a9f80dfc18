"""How Python is run: turns that are quick for a while, sweeps that are rare."""

from __future__ import annotations

import gc
import sys

import pytest

from flows.interpreter import quick_turns, sweep_rarely


def test_turns_are_quick_only_inside() -> None:
    usual = sys.getswitchinterval()
    with quick_turns():
        assert sys.getswitchinterval() < 0.001
    assert sys.getswitchinterval() == usual


@pytest.mark.parametrize(("usual", "then"), [(700, 8000), (50_000, 50_000), (0, 0)])
def test_sweeps_are_rare_and_never_more_often_than_somebody_chose(usual: int, then: int) -> None:
    before = gc.get_threshold()
    try:
        gc.set_threshold(usual, 10, 7)
        sweep_rarely()
        assert gc.get_threshold() == (then, 10, 7)
    finally:
        gc.set_threshold(*before)
